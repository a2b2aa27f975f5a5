"""Ratio: differences and ratios of the amounts that tell most, which no sum of single features makes.

An amount is a number that is never below zero. For each pair of them the linear model gets a / b and b / a, held
between their first and last hundredth, since a small divisor makes any tail, and the normal scores of the ranks of
a / b and of a - b. A zero divisor counts as half the smallest positive one seen; where a or b is missing, a column is
its median.
"""

from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING, Any, Self

from pipelines.causes.cause import Cause, Detail, Quick
from pipelines.causes.guess import Guess, idle, tried
from pipelines.causes.plan import Block, Features, Plan, Training
from pipelines.facts.claims import Place
from pipelines.facts.eda import EdaLook

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from pipelines.causes.design import Design, Half, Sides
    from pipelines.targets.target import Target

LOOKED_AT = 12  # numbers, those that tell most over all training rows; each fold chooses its own among them
CHOSEN = (2, 3)  # of them, that a plan makes pairs of
SPREAD = 10  # values, from which on a number has spread
TAIL = 0.01  # of the ratios, at either end, that stands where the next ones stand
CONSTANT = 1e-12  # the least standard deviation that a column is divided by
FEW = "fewer than two numeric features are amounts: varied, and never below zero"


@dataclass(frozen=True)
class Ratios:
    """Columns more for the pairs of the `most` numbers, among `features`, that tell most in each fold."""

    features: tuple[str, ...]
    most: int
    target: "Target"

    def describe(self) -> str:
        """Return the change in words."""
        return f"differences and ratios of the {self.most} numbers that tell most"

    def blocks(self, features: Features) -> list[Block]:
        """Return the pairs' columns, of the numbers that vary in these rows."""
        amounts = [name for name in _amounts(features) if name in self.features]
        return [Block("ratio", Pairs(self.most, self.target), amounts)] if len(amounts) > 1 else []


class Pairs:
    """Chooses pairs and makes their columns; follows scikit-learn's transformer protocol."""

    def __init__(self, most: int, target: "Target | None" = None) -> None:
        self.most, self.target = most, target

    def get_params(self, deep: bool = True) -> dict[str, Any]:  # noqa: ARG002 - the protocol's signature
        """Return the settings."""
        return {"most": self.most, "target": self.target}

    def fit(self, x: "pd.DataFrame", y: "np.ndarray") -> Self:
        """Choose the numbers whose ranks follow `y` best, (rows,) or as the target makes it numbers; learn scales."""
        from pipelines.causes.ranks import RankScaler

        goals = y if self.target is None else self.target.one_hot(y)
        self.pairs_ = list(combinations(_most_telling(x, goals)[: self.most], 2))
        self.floor_ = {name: float(x[name][x[name] > 0].min() / 2) for pair in self.pairs_ for name in pair}
        ends = self._ratios(x).quantile([TAIL, 1 - TAIL])
        self.ends_ = {str(name): (float(ends[name].iloc[0]), float(ends[name].iloc[1])) for name in ends}
        held = self._held(x)
        self.middle_, self.mean_, self.spread_ = held.median(), held.mean(), held.std().clip(lower=CONSTANT)
        self.scaler_ = RankScaler().fit(self._ranked(x))
        return self

    def transform(self, x: "pd.DataFrame") -> "np.ndarray":
        """Return the columns, (rows, four a pair)."""
        import numpy as np

        held = (self._held(x).fillna(self.middle_) - self.mean_) / self.spread_
        return np.column_stack([held.to_numpy(), self.scaler_.transform(self._ranked(x))])

    def fit_transform(self, x: "pd.DataFrame", y: "np.ndarray") -> "np.ndarray":
        """Fit, then transform the same rows."""
        return self.fit(x, y).transform(x)

    def _ratios(self, x: "pd.DataFrame") -> "pd.DataFrame":
        import pandas as pd

        both = [pair for a, b in self.pairs_ for pair in ((a, b), (b, a))]
        return pd.DataFrame({f"{a} / {b}": x[a] / x[b].clip(lower=self.floor_[b]) for a, b in both}, index=x.index)

    def _held(self, x: "pd.DataFrame") -> "pd.DataFrame":
        ratios = self._ratios(x)
        return ratios.assign(**{name: ratios[name].clip(*ends) for name, ends in self.ends_.items()})

    def _ranked(self, x: "pd.DataFrame") -> "pd.DataFrame":
        ratios = self._ratios(x).iloc[:, ::2]
        return ratios.assign(**{f"{a} - {b}": x[a] - x[b] for a, b in self.pairs_})


def _most_telling(x: "pd.DataFrame", goals: "np.ndarray") -> list[str]:
    """Return the columns whose ranks follow the goals, (rows,) or (rows, several), the best first."""
    from pipelines.causes.ranks import follows

    told = {str(name): follows(x[name].to_numpy(float), goals) for name in x.columns}
    return sorted(told, key=lambda name: (-told[name], name))


def _amounts(features: Features) -> list[str]:
    """Return the numbers with spread that are never below zero."""
    x = features.x
    return [name for name in features.numeric if x[name].nunique() >= SPREAD and x[name].min() >= 0]


def _applies(rows: Training) -> str | None:
    return None if len(_amounts(rows)) > 1 else FEW


def _looked_at(rows: Training) -> tuple[str, ...]:
    return tuple(_most_telling(rows.x[_amounts(rows)], rows.target.one_hot(rows.y))[:LOOKED_AT])


def _tries(rows: Training, plan: Plan) -> list[Plan]:
    names = _looked_at(rows)
    return [plan.and_then(Ratios(names, most, rows.target)) for most in CHOSEN if most <= len(names)]


def _parts(rows: Training, plan: Plan) -> dict[tuple[str, ...], Plan]:
    """Return the baseline with the columns of one pair, for the pairs of the numbers that tell most."""
    if not any(isinstance(change, Ratios) for change in plan.changes):
        return {}
    pairs = combinations(_looked_at(rows)[: max(CHOSEN)], 2)
    return {pair: Plan((Ratios(pair, 2, rows.target),)) for pair in pairs}


def _quick(design: "Design") -> "Design":
    return replace(design, together=(*design.together, _joint))


def _joint(half: "Half") -> "list[Sides]":
    names = _amounts(half.fit)
    if len(names) < 2:  # noqa: PLR2004 - a pair
        return []
    pairs = Pairs(max(CHOSEN)).fit(half.fit.x[names], half.y)
    fit, other = pairs.transform(half.fit.x), pairs.transform(half.other)
    return list(zip(fit.T, other.T, strict=True))


def _guess(facts: EdaLook) -> Guess:
    """Pairs of amounts: whether their differences and ratios help a straight line."""
    if not facts["screens"]["factors"]["ratio"]["applicable"]:
        return idle(facts, "Fewer than two features are amounts, so ratio cannot matter.")
    amounts = [
        i for i, column in enumerate(facts["columns"])
        if column["straight"] and column["distinct"] >= SPREAD and (column["quantiles"] or {}).get("0", -1) >= 0
    ]  # fmt: skip
    best = sorted(amounts, key=lambda i: (-facts["columns"][i]["score_alone"], i))[:2]
    start = "Adding differences and ratios of the amounts that say most alone"
    about: dict[str, Place] = {}
    if len(best) > 1:
        start = "{first} and {second} are amounts that say much alone; adding differences and ratios of such"
        about = {name: (f"columns/{i}/name", "") for name, i in zip(("first", "second"), best, strict=True)}
    return tried(facts, "ratio", best, start, about)


RATIO = Cause(
    name="ratio",
    title="differences and ratios of pairs of amounts, the model stays linear",
    step="differences and ratios of numbers",
    wording="differences and ratios of numbers, which a linear model can use as well",
    remedy="differences and ratios of its most telling numbers",
    grows="matrix",
    applies=_applies,
    tries=_tries,
    guess=_guess,
    quick=Quick(_quick, lambda features: len(_amounts(features)) > 1),
    detail=Detail(
        where="reflect#/details/ratio",
        claim="which_feature",
        sentence="Giving the baseline only the difference and the ratio of {first} and {second} gains {gain} {ci} over "
        "the folds.",
        parts=_parts,
    ),
)
