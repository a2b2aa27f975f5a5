"""The additive effects inside a booster whose trees use one feature each."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from pipelines.models.on_top import Boosted

BEYOND = 1.0  # past the last cut; any larger value gives the same leaf


@dataclass(frozen=True)
class Steps:
    """One feature's effect on the raw prediction: constant between the cuts (a cut belongs to the values below it)."""

    cuts: np.ndarray
    values: np.ndarray  # one more than cuts, each a number or one a class

    def at(self, column: np.ndarray) -> np.ndarray:
        """Return the effect of each value of a matrix column, (rows,) or (rows, classes); none where it is missing."""
        effect = self.values[np.searchsorted(self.cuts, column, side="left").clip(max=len(self.cuts))]
        effect[np.isnan(column)] = 0.0
        return effect


@dataclass(frozen=True)
class Additive:
    """The booster as a sum of one function a feature."""

    intercept: np.ndarray  # a number, or one a class; missing values are in it
    steps: dict[int, Steps]  # by matrix column; a column without an effect is left out

    def total(self, x: np.ndarray) -> np.ndarray:
        """Return the sum over the columns of matrix `x`, (rows,) or (rows, classes)."""
        total = np.broadcast_to(self.intercept, (len(x), *self.intercept.shape)).copy()
        for i, steps in self.steps.items():
            total += steps.at(x[:, i])
        return total


def additive(boosted: Boosted, rounds: int) -> Additive:
    """Return the first `rounds` trees of a booster with one feature a tree as a sum of step functions.

    Exact: each function is read off at the trees' own cuts, with every other feature held missing.
    """
    cuts = _cuts(boosted.booster.dump_model(num_iteration=rounds)["tree_info"])
    columns = sorted(cuts)
    points = {i: np.array([*cuts[i], cuts[i][-1] + BEYOND + abs(cuts[i][-1])]) for i in columns}
    grid = np.full((1 + sum(len(values) for values in points.values()), len(boosted.columns)), np.nan)
    row = 1
    for i in columns:
        grid[row : row + len(points[i]), i] = points[i]
        row += len(points[i])
    predicted = boosted.booster.predict(grid, raw_score=True, num_iteration=rounds, num_threads=1)
    if not columns:  # no tree splits: a constant
        return Additive(np.asarray(predicted[0]), {})
    effects = np.split(predicted[1:] - predicted[0], np.cumsum([len(points[i]) for i in columns])[:-1])
    steps = {i: Steps(points[i][:-1], effect) for i, effect in zip(columns, effects, strict=True)}
    return Additive(np.asarray(predicted[0]), {boosted.columns[i]: one for i, one in steps.items()})


def most_moved(effect: np.ndarray) -> int:
    """Return the class whose effect (..., classes) varies most, of effects that have mean zero over the classes."""
    return int(np.argmax(effect.reshape(-1, effect.shape[-1]).var(axis=0)))


def _cuts(trees: list[dict[str, Any]]) -> dict[int, list[float]]:
    """Return each used column's cuts, ascending; of a category, one between any two codes up to the largest named."""
    found: dict[int, set[float]] = {}
    nodes = [tree["tree_structure"] for tree in trees]
    while nodes:
        node = nodes.pop()
        if "split_feature" not in node:
            continue
        nodes += [node["left_child"], node["right_child"]]
        cuts = found.setdefault(node["split_feature"], set())
        if node["decision_type"] == "==":
            largest = max(int(code) for code in node["threshold"].split("||"))
            cuts |= {float(code) for code in range(largest + 1)}
        else:
            cuts.add(node["threshold"])
    return {column: sorted(cuts) for column, cuts in found.items()}
