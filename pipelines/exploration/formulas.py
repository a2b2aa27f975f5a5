"""Targets that two or three columns give by plain arithmetic: price times pieces, or more days taken than promised.

None of the columns need be suspicious alone. Sums, differences, products, ratios, minima and maxima of the numbers that
are best alone are tried on few rows, all at once; what stands out is judged on all the rows that the looks use.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Self

import numpy as np
import pandas as pd

from pipelines.exploration.separation import explained, told, told_at_most
from pipelines.facts.eda.expected import Formula
from pipelines.inputs import by_kind, is_category, level_codes, level_names
from pipelines.metrics.ranks import mid_ranks
from pipelines.targets import Target
from pipelines.targets.sampled import at_random

PAIRED, TRIPLED = 60, 16  # columns, the best alone first, that are tried in twos and in threes
ROWS_PAIRED, ROWS_TRIPLED = 400, 250  # that all are tried on
FEWEST = 100  # rows; of a class CLASS_ROWS
CLASS_ROWS = 20
CLASSES = 5  # more are no ranges of a formula
KNOWN = 0.5  # share of the rows for which a formula must have a value
TRIED = 40  # of what stands out, judged on all rows
PROMISING = 0.9  # on the few rows
# What is judged: an amount's variance, or the rows of each class that are found. Honest pairs reach 0.97 of classes
# that lie far apart by nature. Where comparing two columns gives the class, the cut is not chosen, so errors in the
# records may blur it more.
AMOUNT, CUT, COMPARISON = 0.99, 0.99, 0.97
IN_ORDER = 0.95  # squared rank correlation of an amount with its formula, so that one huge row is not enough
EXACT = 0.9999  # from here on the formula is the target except for rounding, and the simplest is stated
LEFT = 1 / 3  # of the error of the best of the columns alone: the formula leaves no more
MOST = 3  # formulas stated

Binary = Callable[[np.ndarray, np.ndarray], np.ndarray]


def _ratio(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.divide(a, b, out=np.full(np.broadcast(a, b).shape, np.nan), where=b != 0)


# By how they are written; the plainest first.
OPERATIONS: dict[str, Binary] = {
    "{a} - {b}": np.subtract,
    "{a} + {b}": np.add,
    "{a} * {b}": np.multiply,
    "{a} / {b}": _ratio,
    "{b} / {a}": lambda a, b: _ratio(b, a),
    "the larger of {a} and {b}": np.maximum,
    "the smaller of {a} and {b}": np.minimum,
    "the distance of {a} and {b}": lambda a, b: np.abs(a - b),
}
INNER = tuple(OPERATIONS)[:7]  # of two columns, before a third
OUTER_AMOUNTS = ("{a} - {b}", "{a} + {b}", "{a} * {b}", "{a} / {b}", "{b} / {a}")
OUTER_CLASSES = ("{a} - {b}", "{a} + {b}")


@dataclass(frozen=True)
class Candidate:
    """One formula: which columns, and how they are put together."""

    columns: tuple[int, ...]
    operations: tuple[str, ...]

    def values(self, numbers: np.ndarray) -> np.ndarray:
        """Return the formula's value of each row of `numbers` (rows, columns), NaN where it has none."""
        with np.errstate(over="ignore", invalid="ignore"):
            value = numbers[:, self.columns[0]]
            for operation, column in zip(self.operations, self.columns[1:], strict=True):
                value = OPERATIONS[operation](value, numbers[:, column])
        return value

    def written(self, names: Sequence[str]) -> str:
        """Return the formula with the columns' names."""
        text = names[self.columns[0]]
        for place, (operation, column) in enumerate(zip(self.operations, self.columns[1:], strict=True)):
            text = operation.format(a=f"({text})" if place else text, b=names[column])
        return text

    @property
    def features(self) -> list[int]:
        """The columns, each once."""
        return list(dict.fromkeys(self.columns))


@dataclass(frozen=True)
class Goal:
    """The target as formulas are held against it."""

    y: np.ndarray  # (rows,): an amount, or the number of a class
    classes: int  # how many; 0: an amount
    logarithm: bool  # the amount is the logarithm of what the file holds

    @classmethod
    def of(cls, target: Target, y: np.ndarray, *, logarithm: bool) -> Self:
        """Return the goal for a kind of target and its values."""
        return cls(y, max(target.outputs, 2) if "probabilities" in target.can else 0, logarithm)

    def scores(self, values: np.ndarray) -> np.ndarray:
        """Return how well each column of `values` (rows, columns) does, (columns,), without care for ties."""
        if self.classes:
            return told_at_most(values, self.y.astype(np.int64), self.classes)
        return explained(self.scaled(values), self.y)

    def judged(self, value: np.ndarray) -> float:
        """Return how well a formula does where it has a value; 0 where these are too few."""
        known = np.isfinite(self.scaled(value))
        if known.mean() < KNOWN or known.sum() < FEWEST:
            return 0.0
        x, y = self.scaled(value)[known], self.y[known]
        if self.classes:
            return told(x, y.astype(np.int64), self.classes)
        in_order = float(explained(mid_ranks(x)[:, None], mid_ranks(y))[0])
        return float(explained(x[:, None], y)[0]) if in_order >= IN_ORDER else 0.0

    def scaled(self, values: np.ndarray) -> np.ndarray:
        """Return values on the target's scale: their logarithm where the target is one."""
        if not self.logarithm:
            return values
        return np.log(values, out=np.full(values.shape, np.nan), where=values > 0)


def find_formulas(x: pd.DataFrame, goal: Goal, seed: int) -> list[Formula]:
    """Return the formulas of two or three columns of `x` that give the target, the plainest first, at most MOST.

    `x` (rows, columns) holds features as models see them, the best alone first, without those that are suspicious
    enough alone.
    """
    y, classes = goal.y, goal.classes
    if len(y) < FEWEST or classes > CLASSES or (classes and np.bincount(y.astype(np.int64)).min() < CLASS_ROWS):
        return []
    names = by_kind(x)[0]
    values = x[names].to_numpy(np.float64)
    alone = [goal.judged(values[:, i]) if i < PAIRED else 0.0 for i in range(len(names))]
    stated: list[Formula] = []
    for tried in (_pairs, _triples):
        for candidate in tried(values, goal, seed):
            best = max(alone[i] for i in candidate.features)
            one = _state(candidate, values, goal, names, best)
            stated += [] if one is None else [one]
        if any(one["score"] >= EXACT for one in stated):
            break
    stated.sort(key=lambda one: (one["score"] < EXACT, len(one["features"]), -round(one["score"], 3)))
    return _apart([*_equal_levels(x, y, classes), *stated])


def _apart(stated: list[Formula]) -> list[Formula]:
    """Return the first formulas, at most MOST, none of a column that one before it is of."""
    chosen: list[Formula] = []
    for one in stated:
        if len(chosen) < MOST and not any(set(one["features"]) & set(other["features"]) for other in chosen):
            chosen.append(one)
    return chosen


def _state(candidate: Candidate, values: np.ndarray, goal: Goal, names: Sequence[str], alone: float) -> Formula | None:
    """Return the formula as it is stated; None where it does not give the target, or one column nearly does."""
    value = candidate.values(values)
    rows = int(np.isfinite(goal.scaled(value)).sum())
    features = [names[i] for i in candidate.features]
    if goal.classes and (compared := _compared(candidate, value, goal, names)) is not None:
        form, score = compared
        if score >= COMPARISON and 1 - score <= LEFT * (1 - alone):
            return {
                "features": features, "form": form, "kind": "comparison", "score": score, "alone": alone, "rows": rows,
            }  # fmt: skip
    score = goal.judged(value)
    if score < (CUT if goal.classes else AMOUNT) or 1 - score > LEFT * (1 - alone):
        return None
    return {
        "features": features, "form": candidate.written(names), "kind": "cut" if goal.classes else "amount",
        "score": score, "alone": alone, "rows": rows,
    }  # fmt: skip


def _compared(candidate: Candidate, value: np.ndarray, goal: Goal, names: Sequence[str]) -> tuple[str, float] | None:
    """Return the comparison of a difference's two sides that gives two classes best, and how well it does.

    None where the formula is no difference, or there are not two classes.
    """
    if candidate.operations[-1] not in DIFFERENCES or goal.classes != 2:  # noqa: PLR2004 - an event
        return None
    left = Candidate(candidate.columns[:-1], candidate.operations[:-1]).written(names)
    known = np.isfinite(value)
    value, event = value[known], goal.y[known] > 0
    if len(value) < FEWEST or event.all() or not event.any():
        return None
    shares = {sign: _share_told(holds(value, 0.0), event) for sign, holds in COMPARISONS.items()}
    best = max(shares, key=lambda sign: shares[sign])
    return f"{left} {best} {names[candidate.columns[-1]]}", shares[best]


DIFFERENCES = ("{a} - {b}", "the distance of {a} and {b}")
COMPARISONS: dict[str, Callable[[np.ndarray, float], np.ndarray]] = {
    ">": np.greater, "<": np.less, ">=": np.greater_equal, "<=": np.less_equal, "=": np.equal, "!=": np.not_equal,
}  # fmt: skip


def _share_told(holds: np.ndarray, event: np.ndarray) -> float:
    """Return the mean of the shares of events where it holds and of other rows where it does not."""
    return float((holds[event].mean() + (~holds)[~event].mean()) / 2)


def _equal_levels(x: pd.DataFrame, y: np.ndarray, classes: int) -> list[Formula]:
    """Return that two categories with levels in common are alike, or are not, where that is the class."""
    named = [str(name) for name in x.columns if is_category(x[name])][:PAIRED]
    if classes != 2 or len(named) < 2:  # noqa: PLR2004 - an event, a pair
        return []
    event, found = y > 0, list[Formula]()
    texts = {name: np.array([*level_names(x[name]), ""], object)[level_codes(x[name])] for name in named}
    for one, other in combinations(named, 2):
        known = (texts[one] != "") & (texts[other] != "")
        if known.sum() < max(FEWEST, KNOWN * len(y)) or event[known].all() or not event[known].any():
            continue
        alike = texts[one][known] == texts[other][known]
        for sign, holds in (("=", alike), ("!=", ~alike)):
            if (score := _share_told(holds, event[known])) >= COMPARISON:
                found.append({
                    "features": [one, other], "form": f"{one} {sign} {other}", "kind": "comparison", "score": score,
                    "alone": 0.5, "rows": int(known.sum()),
                })  # fmt: skip
    return found[:1]


def _pairs(values: np.ndarray, goal: Goal, seed: int) -> list[Candidate]:
    """Return the formulas of two columns that stand out on few rows, the best first."""
    rows = _some(goal, ROWS_PAIRED, seed)
    few, few_goal = values[rows][:, :PAIRED], _take(goal, rows)
    return _best(_tried_pairs(few, few_goal))


def _triples(values: np.ndarray, goal: Goal, seed: int) -> list[Candidate]:
    """Return the formulas of three columns (one may come twice) that stand out on few rows, the best first."""
    rows = _some(goal, ROWS_TRIPLED, seed)
    few, few_goal = values[rows][:, :TRIPLED], _take(goal, rows)
    return _best(_tried_triples(few, few_goal))


def _tried_pairs(values: np.ndarray, goal: Goal) -> Iterator[tuple[float, Candidate]]:
    for i in range(values.shape[1] - 1):
        rest = np.arange(i + 1, values.shape[1])
        for name, operation in OPERATIONS.items():
            with np.errstate(over="ignore", invalid="ignore"):
                scores = goal.scores(operation(values[:, [i]], values[:, rest]))
            yield from ((float(scores[k]), Candidate((i, int(rest[k])), (name,))) for k in _standing_out(scores))


def _tried_triples(values: np.ndarray, goal: Goal) -> Iterator[tuple[float, Candidate]]:
    columns = values.shape[1]
    outer = OUTER_CLASSES if goal.classes else OUTER_AMOUNTS
    for i in range(columns - 1):
        for j in range(i + 1, columns):
            for inner in INNER:
                with np.errstate(over="ignore", invalid="ignore"):
                    two = OPERATIONS[inner](values[:, [i]], values[:, [j]])
                    tried = np.hstack([OPERATIONS[name](two, values) for name in outer])
                scores = goal.scores(tried)
                for k in _standing_out(scores):
                    name, third = outer[k // columns], k % columns
                    yield float(scores[k]), Candidate((i, j, third), (inner, name))


def _standing_out(scores: np.ndarray) -> list[int]:
    return [int(k) for k in np.flatnonzero(scores >= PROMISING)]


def _best(tried: Iterator[tuple[float, Candidate]]) -> list[Candidate]:
    """Return what did best, at most TRIED; of equals those tried first, which are the plainer."""
    ranked = sorted(tried, key=lambda one: -round(one[0], 3))
    return [candidate for _, candidate in ranked[:TRIED]]


def _some(goal: Goal, most: int, seed: int) -> np.ndarray:
    """Return few rows, equally many of each class where there are classes."""
    if not goal.classes:
        return at_random(len(goal.y), most, seed)
    each = [np.flatnonzero(goal.y == number) for number in range(goal.classes)]
    return np.concatenate([rows[at_random(len(rows), most // goal.classes, seed)] for rows in each])


def _take(goal: Goal, rows: np.ndarray) -> Goal:
    return Goal(goal.y[rows], goal.classes, goal.logarithm)
