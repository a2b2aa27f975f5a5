"""The nested ladder: from the baseline to everything that boosting adds to it, one controlled change a rung.

A *cause* is what the gain may be due to, a *change* is one way in which the linear model or the trees are given it, and
a *rung* is the model that stands once a cause has been tried; the lowest, the baseline, belongs to none.

Every rung starts from the raw prediction of the rung below, so that it cannot win by fitting a linear signal better or
lose by fitting it worse: a ladder of models fitted from scratch reports interactions in purely linear data. A
change is kept only if it lowers the loss, on rows that none of the models involved saw, by more than noise;
otherwise the rung predicts what the one below it predicts and its gain is exactly zero.

Rows are predicted like those of every other model here: training rows out-of-fold, test rows by the mean of the
fold models. The linear rungs are fitted once a fold. The boosted ones grow on *chains*: ladders of their
own, fitted without two folds each (without one, in tables above PAIRED_ROWS), which check on the rows left out;
a row's boosted raw prediction is the mean over the chains that left it out, on top of its fold's linear one. Where
folds go forward in time, a chain is fitted to what came before its fold, and one more, which checks nothing and grows
as far as the others do together, is fitted to all training rows and predicts the test rows.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import combinations, pairwise
from typing import NamedTuple

import numpy as np

from pipelines.causes.cause import Cause, Columns, Joint, Trees
from pipelines.causes.joint import ANY_OF_PAIR
from pipelines.causes.plan import Plan, Training
from pipelines.core.submit import Result
from pipelines.core.table import TEST, Table
from pipelines.inputs.worded import embedding_of
from pipelines.ladder import fitting
from pipelines.ladder.additive import Additive
from pipelines.ladder.fitting import Growth, Part, inside
from pipelines.ladder.joint import PENALTIES, Names, Raws, acting_together, joint_fits
from pipelines.ladder.kept import Kept, KeptPair, KeptTrees
from pipelines.ladder.linear import FittedPlan
from pipelines.ladder.losses import improved, losses
from pipelines.ladder.route import BASELINE, Route, route_of
from pipelines.ladder.study import Study
from pipelines.models.folds import fitted_folds, fold_numbers
from pipelines.models.on_top import best_rounds

LADDER = "ladder"  # what its top is called among the models
NOISE = 2.0  # standard errors by which a change must lower the loss
MEDIAN_LINE, MEAN_LINE = "a line through the forecasts, by least absolute errors", "the same by least squares"
PAIRED_ROWS = 40_000  # training rows up to which chains leave two folds out: steadier, at 2.3 times the cost


@dataclass(frozen=True)
class Decision:
    """Whether a change was kept, and by how much it lowered the mean loss of the checking rows."""

    rung: str
    change: str
    kept: bool
    improvement: float
    se: float
    rounds: int = 0
    rows: int = 0  # the most that one of the models was fitted to
    explained_by: str | None = None  # another change that lowers it as much


@dataclass(frozen=True)
class Standing:
    """A rung: its models, and the raw predictions that they give to every row of the table."""

    plan: Plan
    linear: dict[Part, FittedPlan]  # of each fold
    added: dict[Part, np.ndarray] = field(default_factory=dict)  # by each chain's boosters
    kept: tuple[Kept, ...] = ()  # the models that added it, in the order in which they did; of forecasts none


class Needed(NamedTuple):
    """By how much the top is worse without a change, in the loss of rows left out; and whether that is beyond noise."""

    worse: float
    se: float

    @property
    def sure(self) -> bool:
        """Whether the change is needed."""
        return self.worse > NOISE * self.se


class _Grown(NamedTuple):
    """Boosters that were grown on every chain."""

    by_part: dict[Part, Growth]
    kept: KeptTrees
    rows: int  # the most that one of them was fitted to


class _Joined(NamedTuple):
    """The better of the fits of a pair's columns."""

    decision: Decision
    added: Raws
    kept: KeptPair


@dataclass(frozen=True)
class Ladder:
    """The whole ladder."""

    route: Route
    predictions: dict[str, np.ndarray]  # of each rung, in the table's order: out-of-fold, and fold means
    standings: dict[str, Standing]
    decisions: tuple[Decision, ...]
    applicable: dict[str, str | None]  # why a rung could not be tried, None where it was
    additive: dict[Part, Additive]  # the shape rung of each chain as a sum of one function a feature
    strengths: np.ndarray  # of every pair of features, mean of the chains' screens
    pairs: dict[str, Names]  # whose columns were kept, by rung
    needed: dict[str, Needed] = field(default_factory=dict)  # of changes that were kept at first, by rung

    @property
    def linear_top(self) -> Standing:
        """The last rung that is a linear model."""
        return self.standings[self.route.linear_top]

    @property
    def top(self) -> np.ndarray:
        """The last rung's predictions, in the table's order."""
        return self.predictions[self.route.top]


def ladder(study: Study, baseline: np.ndarray) -> Ladder:
    """Return the ladder over the study's table; its first rung is exactly `baseline` (rows,), the stored predictions.

    Where the study has some of a larger table's rows, the first rung is the baseline fitted to these, as every other
    rung is: the stored one, which learned from more, would take from the first change that is kept.

    Where the route asks for it, a change of the matrix is taken out, with all that its features say, if the top is no
    worse without them, the least needed one first, and the ladder is climbed again. Deterministic in the study's seed.
    Raises what the linear models raise.
    """
    climber = _Ladder(study, baseline)
    climbed = climber.climb()
    out: dict[str, Needed] = {}
    asked: dict[str, Needed] = {}
    while climber.route.needed:
        others = {rung: _Ladder(study, baseline, (*out, rung)) for rung in climber.kept_of_matrix()}
        without = {rung: other.climb() for rung, other in others.items()}
        asked = {rung: climber.needs(other) for rung, other in others.items()}
        superfluous = [rung for rung in asked if not asked[rung].sure]
        if not superfluous:
            break
        least = min(superfluous, key=lambda rung: asked[rung].worse)
        out[least] = asked.pop(least)
        climber, climbed = others[least], without[least]
    return replace(climbed, needed=out | asked)


class _Ladder:
    """The ladder being climbed: the standing rung, and what is known so far."""

    def __init__(self, study: Study, baseline: np.ndarray, without: tuple[str, ...] = ()) -> None:
        self.without = without
        self.seed, self.submit = study.seed, study.submit
        # What is left out is left out of the trees as well: they would say with it what a line says without them.
        hiding = study.table.target.hiding(*without)
        self.table = replace(study.table, target=hiding) if without else study.table
        self.route = route_of(self.table.rows_are)
        self.training = self.table.scored
        self.folds = fold_numbers(self.table)
        self.singles: list[Part] = [(fold,) for fold in fitted_folds(self.table)]
        self.unchecked: list[Part] = [(TEST,)] if self.table.whole else []
        # Of texts a row's raw prediction comes from models without the row's fold, and there is none without two.
        few = self.training.sum() <= PAIRED_ROWS and not self.table.forward and not self.table.texts
        few = few and any(cause.grows != "matrix" for cause in self.route.causes)  # else nothing grows on chains
        paired = len(self.folds) > 2 and few  # noqa: PLR2004 - a third must be left
        self.chains: list[Part] = list(combinations(self.folds, 2)) if paired else [(fold,) for fold in self.folds]
        self.at: dict[Part, np.ndarray] = {}  # the chains' raw predictions so far
        self.decisions: list[Decision] = []
        self.additive: dict[Part, Additive] = {}
        self.pairs: dict[str, Names] = {}
        self.screened: np.ndarray | None = None
        (linear,) = self._linear(self.singles, [Plan()], BASELINE)
        self.standing = Standing(Plan(), linear)
        self.standings = {BASELINE: self.standing}
        self.predictions = {BASELINE: baseline if study.of is None else predict(self.standing, self.table)}

    @property
    def parts(self) -> list[Part]:
        """All chains, those that check nothing among them."""
        return [*self.chains, *self.unchecked]

    def climb(self) -> Ladder:
        """Climb all rungs."""
        rows = training_rows(self.table)
        why = {cause.name: cause.applies(rows) for cause in self.route.causes}
        for cause in self._growing("matrix"):
            untried = why[cause.name] is not None or cause.name in self.without
            self._linear_rung(cause.name, [] if untried else cause.tries(rows, self.standing.plan))
        self._start_chains()
        for cause in self._growing("aim"):
            if why[cause.name] is None:
                self._aimed_rung(cause.name)
            self._record(cause.name)
        for cause in self._growing("trees", "pair"):
            if any(trees.together == "strongest pairs" for trees in cause.trees):
                self._strengths()
            for trees in () if why[cause.name] else cause.trees:
                self._boosted_rung(cause.name, trees, last=trees is self.route.last)
            if cause.joint is not None and why[cause.name] is None:
                self._joint_rung(cause.name, cause.joint, rows)
            self._record(cause.name)
        return Ladder(
            self.route,
            self.predictions,
            self.standings,
            tuple(self.decisions),
            why,
            self.additive,
            self._strengths() if self._growing("trees", "pair") else np.empty((0, 0)),
            self.pairs,
        )

    def kept_of_matrix(self) -> list[str]:
        """Return the rungs of the linear model whose change was kept."""
        rungs = self.route.linear_rungs
        return [rung for below, rung in pairwise(rungs) if self.standings[rung] is not self.standings[below]]

    def needs(self, other: "_Ladder") -> Needed:
        """Return by how much the other ladder's top is worse."""
        decision = self._judge("", "", other.at, self.at)
        return Needed(decision.improvement, decision.se)

    def _growing(self, *what: str) -> list[Cause]:
        return [cause for cause in self.route.causes if cause.grows in what]

    def _strengths(self) -> np.ndarray:
        """Return how strongly each pair of features acts together, beyond the rung that stood when first asked."""
        if self.screened is None:
            screened = self._each(self.chains, fitting.strengths, self.at, name="screen pairs")
            self.screened = np.asarray(np.mean([screened[part] for part in self.chains], axis=0))
        return self.screened

    def _each(
        self, parts: Sequence[Part], function: Callable[..., dict[Part, Result]], *args: object, name: str,
        table: Table | None = None,
    ) -> dict[Part, Result]:  # fmt: skip
        """Run `function(table, parts, *args)` with the parts dealt out, one hand a fold; return its dicts merged."""
        hands = [list(parts[i :: len(self.folds)]) for i in range(len(self.folds))]
        pending = [
            self.submit(function, table or self.table, hand, *args, name=f"{name} {i}")
            for i, hand in enumerate(hands)
            if hand
        ]
        return {part: value for one in pending for part, value in one.result().items()}

    def _linear(self, parts: Sequence[Part], plans: list[Plan], rung: str) -> list[dict[Part, FittedPlan]]:
        """Return, for each plan, every part's linear model."""
        fitted = self._each(parts, fitting.linear_fits, plans, name=f"{rung}: fit")
        return [{part: fitted[part][i] for part in parts} for i in range(len(plans))]

    def _start_chains(self) -> None:
        """Give every chain a linear model of its own, by the plan that the linear rungs arrived at."""
        linear = self.standing.linear
        if not set(self.chains) <= set(self.singles):
            (linear,) = self._linear(self.chains, [self.standing.plan], "chains")
        self.at = self._starting(linear)

    def _starting(self, linear: dict[Part, FittedPlan]) -> dict[Part, np.ndarray]:
        y = self.table.y[self.training]
        return {part: self.table.target.start(y, one.raw) for part, one in linear.items()}

    def _linear_rung(self, rung: str, plans: list[Plan]) -> None:
        """Try the plans, and stand on the best if it is better than the rung below."""
        tried = []
        before = self._starting(self.standing.linear)
        for plan, linear in zip(plans, self._linear(self.singles, plans, rung) if plans else [], strict=True):
            decision = self._judge(rung, plan.describe(), before, self._starting(linear))
            rows = max(int(inside(self.table, part).sum()) for part in self.singles)
            tried.append((replace(decision, rows=rows), Standing(plan, linear)))
        if tried:
            best, standing = max(tried, key=lambda one: one[0].improvement)
            self.decisions += [replace(one, kept=one is best and best.kept) for one, _ in tried]
            self.standing = standing if best.kept else self.standing
        self._record(rung)

    def _aimed_rung(self, rung: str) -> None:
        """Try the line through the forecasts that the metric asks for, on every chain.

        A line can also lower the loss because the forecasts vary too much: so one by least squares does, which aims at
        the mean. It is the median that matters only where that line does not do as well.
        """
        lines = self._each(self.parts, fitting.aimed, self.at, name=f"{rung}: fit the line")
        added, straight = ({part: lines[part][i] for part in self.parts} for i in range(2))
        rows = max(int(inside(self.table, part).sum()) for part in self.parts)
        decision = self._judge(rung, MEDIAN_LINE, self.at, self._with(added))
        if decision.kept and not self._judge(rung, MEDIAN_LINE, self._with(straight), self._with(added)).kept:
            decision = replace(decision, kept=False, explained_by=MEAN_LINE)
        self.decisions.append(replace(decision, rows=rows))
        if decision.kept:
            self._add(added)

    def _boosted_rung(self, rung: str, trees: Trees, *, last: bool) -> None:
        """Grow boosters on every chain, and keep them if they are better than the rung below."""
        grown = self._grow(self.table, rung, trees, last=last)
        if grown is None:
            self.decisions.append(Decision(rung, trees.change, kept=False, improvement=0.0, se=0.0))
            return
        added = {part: grown.by_part[part].added for part in self.parts}
        decision = self._judge(rung, trees.change, self.at, self._with(added))
        decision = replace(decision, rounds=grown.kept.rounds, rows=grown.rows)
        self.decisions.append(decision)
        if decision.kept:
            self._add(added, grown.kept)
            self.additive |= grown.kept.curves

    def _grow(self, table: Table, rung: str, trees: Trees, *, last: bool) -> _Grown | None:
        """Return boosters on every chain, by the features of `table`, and what they add; None where no round helps.

        Where they are the `last`, on which nothing grows, only the rows that a chain left out and the test rows count.
        """
        grow, read = f"{rung}: grow {trees.change}", f"{rung}: read {trees.change}"
        boosted = self._each(self.chains, fitting.boosters, self.at, trees, self.seed, name=grow, table=table)
        rounds = best_rounds([boosted[part].losses for part in self.chains if part in boosted])
        if rounds == 0:
            return None
        whole = fitting.boosters, self.at, trees, self.seed, rounds
        boosted |= self._each(self.unchecked, *whole, name=f"{grow} of all rows", table=table)
        grown = self._each(self.parts, fitting.growths, boosted, rounds, trees, last, name=read, table=table)
        curves = {part: one.additive for part, one in grown.items() if one.additive}
        kept = KeptTrees(rung, rounds, {part: one for part, one in boosted.items() if part not in curves}, curves)
        return _Grown(grown, kept, max(one.rows for one in boosted.values()))

    def _with(self, added: Raws) -> Raws:
        """Return the chains' raw predictions with something added."""
        return {part: self.at[part] + added[part] for part in self.parts}

    def _add(self, added: Raws, *kept: Kept) -> None:
        """Let the rung stand on its raw predictions with something added, by the models that are kept."""
        earlier, self.at = self.standing.added, self._with(added)
        whole = {part: earlier.get(part, 0.0) + added[part] for part in added}
        self.standing = replace(self.standing, added=whole, kept=(*self.standing.kept, *kept))

    def _joint_rung(self, rung: str, joint: Joint, rows: Training) -> None:
        """Try the forms of the pair that acts together most; keep the best, if nothing else explains it."""
        features = joint.features(rows)
        pair = acting_together(self.table, self._strengths(), features) if len(features) > 1 else None
        if pair is None:
            return
        tried = [self._joined(rung, pair, form) for form in joint.forms]
        best, added, kept = max(tried, key=lambda one: (one.decision.kept, one.decision.improvement))
        decided = self._explained(best, joint, pair, self._with(added)) if best.kept else best
        self.decisions += [decided if one is best else replace(one, kept=False) for one, *_ in tried]
        if decided.kept:
            self._add(added, kept)
            self.pairs[rung] = pair
            self.screened = None

    def _joined(self, rung: str, pair: Names, columns: Columns) -> _Joined:
        """Return the better of the fits of a pair's columns."""
        fitted = self._each(self.parts, joint_fits, self.at, pair, columns, name=f"{rung}: fit {columns.change}")
        rows = max(int(inside(self.table, part).sum()) for part in self.parts)
        fits = []
        for i in range(len(PENALTIES)):
            added = {part: fitted[part][i].added for part in self.parts}
            decision = replace(self._judge(rung, columns.change, self.at, self._with(added)), rows=rows)
            found = {part: fitted[part][i].coefficients for part in self.parts}
            fits.append(_Joined(decision, added, KeptPair(rung, pair, columns, found)))
        return max(fits, key=lambda one: one.decision.improvement)

    def _explained(self, best: Decision, joint: Joint, pair: Names, after: Raws) -> Decision:
        """Return the decision on a pair's columns once all that could look like them has been tried."""
        for rival in joint.rivals:
            _, added, _ = self._joined(best.rung, pair, rival)
            if not self._judge(best.rung, rival.change, self._with(added), after).kept:
                return replace(best, kept=False, explained_by=rival.change)
        both = Table(self.table.frame[["fold", "y_true", *pair]], self.table.target)
        grown = self._grow(both, best.rung, ANY_OF_PAIR, last=True)
        other = self._with({part: one.added for part, one in grown.by_part.items()}) if grown else self.at
        if self._judge(best.rung, ANY_OF_PAIR.change, after, other).kept:
            return replace(best, kept=False, explained_by=ANY_OF_PAIR.change)
        return best

    def _judge(self, rung: str, change: str, before: Raws, after: Raws) -> Decision:
        """Compare the losses of the rows that each part left out."""
        improvement, se = improved(self.table, before, after)
        return Decision(rung, change, improvement > max(NOISE * se, self._least), improvement, se)

    @cached_property
    def _least(self) -> float:
        """The smallest improvement that is kept."""
        if not self.route.least:
            return 0.0
        starting = self._starting(self.standings[BASELINE].linear)
        return self.route.least * float(losses(self.table, starting).mean())

    def _record(self, rung: str) -> None:
        """Write down the rung's standing and predictions; those of the rung below where nothing was kept."""
        previous = self.route.below(rung)
        self.standings[rung] = self.standing
        unchanged = self.standing is self.standings[previous]
        self.predictions[rung] = self.predictions[previous] if unchanged else predict(self.standing, self.table)


def training_rows(table: Table) -> Training:
    """Return what causes may look at: the training rows."""
    rows = table.trained
    meant = [name for name in table.texts if embedding_of(table.frame, name)]
    known = table.x[rows], table.numeric, table.categorical, table.y[rows]
    return Training(*known, table.target, table.texts, meant)


def fold_raw(standing: Standing) -> dict[int, np.ndarray]:
    """Return the raw prediction that each fold's models together give every row of the table."""
    raw_of = {}
    for (fold,), linear in standing.linear.items():
        boosters = [added for part, added in standing.added.items() if fold in part]
        raw_of[fold] = linear.raw + np.mean(boosters, axis=0) if boosters else linear.raw
    return raw_of


def predict(standing: Standing, table: Table) -> np.ndarray:
    """Return each row's probability, probabilities or value: out-of-fold, and the mean over folds for test rows.

    Where one model predicts the test rows (`Table.whole`) they are predicted by what was fitted to all training rows.
    """
    return predict_crosswise(table, {(fold,): raw for fold, raw in fold_raw(standing).items()})


def predict_crosswise(table: Table, raw_of: Mapping[Part, np.ndarray]) -> np.ndarray:
    """Return the predictions of raw ones by fold, each of every row: a row's own fold's, of test rows as `predict`."""
    output = {fold: table.target.inverse(raw) for (fold,), raw in raw_of.items()}
    if table.whole:
        prediction = output[TEST].copy()
    else:
        prediction = np.asarray(np.mean([output[fold] for fold in sorted(output)], axis=0))
    for fold, values in output.items():
        prediction[table.fold == fold] = values[table.fold == fold]
    return prediction
