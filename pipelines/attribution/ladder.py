"""The nested ladder: from the baseline to everything that boosting can add, one controlled change a rung.

Within each shared fold, every rung is fitted on that fold's training rows alone. An inner split of those rows
decides whether a rung is kept: it must lower the inner validation loss by more than noise, or the rung is the one
below it, and its gain exactly zero. Boosted rungs start from the margin of the rung below, so that
they cannot win by fitting a linear signal better or lose by fitting it worse: a ladder of models fitted from
scratch reports interactions in purely linear data.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from pipelines.attribution import pairs
from pipelines.attribution.boosting_rungs import (
    Boosted,
    Rows,
    added,
    best_rounds,
    boost,
    row_losses,
    starting,
)
from pipelines.attribution.linear_rungs import Plan, fit_plan, many_levelled, margin, partly_missing
from pipelines.estimators.encode import tree_matrix, tree_schema
from pipelines.table import Table

RUNGS = ("baseline", "encoding", "missingness", "scale", "shape", "interaction")
NOISE = 1.5  # standard errors by which a rung must lower the inner validation loss
SMALL = 20_000  # rows of a fold up to which every other fold serves as inner validation
FEW_CHECKS = 2  # inner validation folds above that
PAIRS = 8  # that the first booster of the interaction rung may use
SHAPE_LEAVES = 6
PAIR_LEAVES = 8
FREE_LEAVES = 15


@dataclass(frozen=True)
class Decision:
    """Whether a change was kept, and by how much it lowered the inner validation loss."""

    rung: str
    change: str
    kept: bool
    improvement: float
    se: float
    rounds: int = 0


@dataclass(frozen=True)
class Climb:
    """One fold's ladder."""

    fold: int
    held_out: dict[str, np.ndarray]  # margin of each rung for the held-out rows; no entry: same as the one below
    test: dict[str, np.ndarray]
    decisions: tuple[Decision, ...]


@dataclass
class Chain:
    """The ladder fitted without the held-out fold and one inner fold; the inner fold's rows judge it."""

    fit_x: pd.DataFrame
    fit_y: np.ndarray
    check_x: pd.DataFrame
    check_y: np.ndarray
    at_fit: np.ndarray  # margin of the last kept rung
    at_check: np.ndarray

    @cached_property
    def schema(self):
        return tree_schema(self.fit_x)

    @cached_property
    def fit_matrix(self):
        return tree_matrix(self.fit_x, self.schema)

    @cached_property
    def check_matrix(self):
        return tree_matrix(self.check_x, self.schema)


def climb(table: Table, fold: int, seed: int) -> Climb:
    return _Climber(table, fold, seed).climb()


class _Climber:
    def __init__(self, table: Table, fold: int, seed: int) -> None:
        self.task, self.seed = table.task, seed
        fit = (table.fold >= 0) & (table.fold != fold)
        self.fold = fold
        self.x, self.y = table.x[fit], table.y[fit]
        self.inner = table.fold[fit]
        self.held_x, self.test_x = table.x[table.fold == fold], table.x[table.fold < 0]
        others = [int(f) for f in np.unique(self.inner)]
        start = next((i for i, f in enumerate(others) if f > fold), 0)
        others = others[start:] + others[:start]
        checks = others if len(self.y) <= SMALL else others[:FEW_CHECKS]
        self.chains = [self._chain(check) for check in checks]
        self.plan = Plan()
        model = fit_plan(self.plan, self.x, self.y, self.task, self.seed)
        self.held, self.test = margin(model, self.held_x), margin(model, self.test_x)
        self.out_held, self.out_test = {}, {}
        self.decisions: list[Decision] = []

    def _chain(self, check: int) -> Chain:
        is_check = self.inner == check
        x, y = self.x[~is_check], self.y[~is_check]
        model = fit_plan(Plan(), x, y, self.task, self.seed)
        cx = self.x[is_check]
        return Chain(x, y, cx, self.y[is_check], margin(model, x), margin(model, cx))

    def climb(self) -> Climb:
        self.linear("encoding", self._encodings())
        self.linear("missingness", self._indicators())
        self.linear("scale", self._scales())
        p = len(self.x.columns)
        self.boosted("shape", "single features", SHAPE_LEAVES, lambda _: [[i] for i in range(p)])
        if p > 1:
            self.boosted("interaction", "pairs", PAIR_LEAVES, self.top_pairs)
            self.boosted("interaction", "all features", FREE_LEAVES, lambda _: None)
        return Climb(self.fold, self.out_held, self.out_test, tuple(self.decisions))

    def _encodings(self):
        if not many_levelled(self.x):
            return []
        return [replace(self.plan, encoding=e) for e in ("target", "target and frequent levels")]

    def _indicators(self):
        return [replace(self.plan, indicators=True)] if partly_missing(self.x) else []

    def _scales(self):
        numeric = [c for c in self.x.columns if not isinstance(self.x[c].dtype, pd.CategoricalDtype) and self.x[c].notna().any()]
        if not numeric:
            return []
        some = tuple(c for c in numeric if self.straighter(self.x[c].to_numpy(float)))
        options = {tuple(numeric), some} - {()}
        return [replace(self.plan, ranked=o) for o in sorted(options)]

    def straighter(self, column):
        """Whether ranks follow the target better than values do."""
        from pipelines.attribution.linear_rungs import RankScaler
        ok = ~np.isnan(column)
        v, y = column[ok], self.y[ok]
        if len(v) < 20 or v.std() == 0 or y.std() == 0:
            return False
        s = RankScaler().fit_transform(pd.DataFrame({"v": v}))[:, 0]
        a = np.corrcoef(v, y)[0, 1] ** 2
        b = np.corrcoef(s, y)[0, 1] ** 2
        return b > a

    def linear(self, rung, plans):
        best = None
        for plan in plans:
            models = [fit_plan(plan, c.fit_x, c.fit_y, self.task, self.seed) for c in self.chains]
            at = [margin(m, c.check_x) for m, c in zip(models, self.chains, strict=True)]
            d = self.decide(rung, str(plan), at)
            if best is None or d.improvement > best[0].improvement:
                best = (d, plan, models, at)
        if best is None:
            return
        d, plan, models, at = best
        self.decisions.append(d)
        if d.kept:
            self.plan = plan
            for c, m, a in zip(self.chains, models, at, strict=True):
                c.at_fit, c.at_check = margin(m, c.fit_x), a
            model = fit_plan(plan, self.x, self.y, self.task, self.seed)
            self.held, self.test = margin(model, self.held_x), margin(model, self.test_x)
            self.out_held[rung], self.out_test[rung] = self.held, self.test

    def decide(self, rung, change, at, rounds=0):
        better = np.concatenate([
            row_losses(c.check_y, starting(c.at_check, self.task), self.task) - row_losses(c.check_y, starting(a, self.task), self.task)
            for c, a in zip(self.chains, at, strict=True)
        ])
        imp, se = better.mean(), better.std(ddof=1) / np.sqrt(len(better))
        return Decision(rung, change, bool(imp > NOISE * se), float(imp), float(se), rounds)

    def top_pairs(self, c: Chain):
        if self.task == "binary":
            p = 1 / (1 + np.exp(-starting(c.at_fit, self.task)))
            g, h = c.fit_y - p, p * (1 - p)
        else:
            g = c.fit_y - c.at_fit
            h = np.ones_like(g)
        return pairs.strongest(pairs.screen(c.fit_matrix, g, h, c.schema.categorical_positions), PAIRS)

    def boosted(self, rung, change, leaves, allowed):
        bs = []
        for i, c in enumerate(self.chains):
            bs.append(boost(
                Rows(c.fit_matrix, c.fit_y, c.at_fit), Rows(c.check_matrix, c.check_y, c.at_check),
                self.task, self.seed + i, c.schema.categorical_positions, leaves, allowed(c)))
        rounds = best_rounds(bs)
        if rounds == 0:
            self.decisions.append(Decision(rung, change, False, 0.0, 0.0, 0))
            return
        at = [starting(c.at_check, self.task) + added(b, c.check_matrix, rounds) for b, c in zip(bs, self.chains, strict=True)]
        d = self.decide(rung, change, at, rounds)
        self.decisions.append(d)
        if d.kept:
            for b, c, a in zip(bs, self.chains, at, strict=True):
                c.at_fit = starting(c.at_fit, self.task) + added(b, c.fit_matrix, rounds)
                c.at_check = a
            self.held = self.held + np.mean([added(b, tree_matrix(self.held_x, c.schema), rounds) for b, c in zip(bs, self.chains)], axis=0)
            self.test = self.test + np.mean([added(b, tree_matrix(self.test_x, c.schema), rounds) for b, c in zip(bs, self.chains)], axis=0)
            self.out_held[rung], self.out_test[rung] = self.held, self.test
