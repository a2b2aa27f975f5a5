"""Do two features act together? A quick search for pairs on some folds, tested on the others."""

import numpy as np
import pandas as pd

from pipelines.exploration.intervals import QuickTruth, one_sided_p
from pipelines.exploration.screens import NOT_APPLICABLE, fit_linear_predictor, judge
from pipelines.facts.eda.screens import PairSeen, Screen
from pipelines.inference.multiple import holm
from pipelines.inputs import Binning, bin_numbers, is_category, kind_of, level_codes, level_names
from pipelines.inputs.bins import level_places

MAX_COLUMNS = 60  # 1,770 pairs; the sums of all their cells are two matrix products
CELLS = Binning(4, levels=6, ties="finer")  # enough for a product, a sign flip, a corner
TESTED = 5  # pairs that go on to the test
CELL_PENALTY = 30.0
SURE = 0.05  # adjusted p-value below which a pair is named
MOST_CLASSES = 5  # of several, that are looked at; each costs a search of its own
FEWEST = 200  # rows: below, sixteen cells hold too few to say anything


def screen_pairs(x: pd.DataFrame, truth: QuickTruth, predictor: np.ndarray, material: float) -> Screen:
    """Return the facts of the interaction screen.

    `predictor` (rows,) is the out-of-fold linear predictor of the best additive fit. What it leaves unexplained is
    summed over the cells of every pair of binned features, on three folds of five; the pairs that stand out most there
    are tested on the other two: one by one (score tests, Holm-adjusted), and together (the gain in score of their cells
    over an additive fit of the same bins).
    """
    names = list(x.columns)
    search = searched(truth)
    if len(names) < 2 or search.sum() < FEWEST or (~search).sum() < FEWEST:  # noqa: PLR2004 - a pair
        return {**NOT_APPLICABLE, "pairs": [], "tried": 0}
    codes = np.column_stack([bin_codes(x[name]) for name in names])
    residual, weight = _residual(truth, predictor)
    found = _search(codes[search], residual[search], weight[search])[:TESTED]
    p_values = [_test(codes, residual, weight, search, pair) for pair in found]
    judged = _judge_pairs(codes, truth, predictor, search, found, material)
    adjusted = holm(p_values)
    pairs: list[PairSeen] = [
        {"features": [names[a], names[b]], "p_value": p, "p_adjusted": q, "seen": q < SURE}
        for (a, b), p, q in zip(found, p_values, adjusted, strict=True)
    ]
    tried = len(names) * (len(names) - 1) // 2
    kept = judged["kept"] and any(pair["seen"] for pair in pairs)
    return {**judged, "kept": kept, "tried": tried, "pairs": sorted(pairs, key=lambda pair: pair["p_value"])}


def searched(truth: QuickTruth) -> np.ndarray:
    """Return which rows pairs are looked for in, bool (rows,): three folds of five."""
    folds = np.unique(truth.fold)
    return np.isin(truth.fold, folds[: (len(folds) * 3 + 4) // 5])


def bin_codes(column: pd.Series) -> np.ndarray:
    """Return each row's bin, from 0: quantiles of a number, the commonest levels of a category, missing the last."""
    if not is_category(column):
        return bin_numbers(kind_of(column).bins(column, CELLS))
    place = level_places(level_codes(column), len(level_names(column)), CELLS.levels)
    return np.where(place >= 0, place, CELLS.levels)


def _residual(truth: QuickTruth, predictor: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return what the additive fit leaves, and the variance that each row's share of it should have.

    Both are (rows, 1), or (rows, MOST_CLASSES at most) for those of several classes of which most is left.
    """
    if truth.binary:
        probability = 1 / (1 + np.exp(-np.clip(predictor[:, None], -30, 30)))
        return (truth.y[:, None] > 0) - probability, probability * (1 - probability)
    residual = (truth.y - predictor).reshape(len(truth.y), -1)
    left = residual.var(axis=0)
    most = np.sort(np.argsort(-left, kind="stable")[:MOST_CLASSES])
    return residual[:, most], np.broadcast_to(np.maximum(left[most], 1e-300), (len(residual), len(most)))


def _search(codes: np.ndarray, residual: np.ndarray, weight: np.ndarray) -> list[tuple[int, int]]:
    """Return all pairs of columns, those first whose cells stray most from the sum of their margins.

    `residual` and `weight` are (rows, classes compared); what the classes show is added up.
    """
    widths = codes.max(axis=0) + 1
    starts = np.concatenate([[0], np.cumsum(widths)])
    marks = np.zeros((len(codes), starts[-1]))
    for i, start in enumerate(starts[:-1]):
        marks[np.arange(len(codes)), start + codes[:, i]] = 1
    found = [
        (marks.T @ (marks * left[:, None]), marks.T @ (marks * own[:, None]))
        for left, own in zip(residual.T, weight.T, strict=True)
    ]
    scores = []
    for a in range(len(widths)):
        for b in range(a + 1, len(widths)):
            cells = (slice(starts[a], starts[a + 1]), slice(starts[b], starts[b + 1]))
            stray = sum(
                float(np.sum(np.square(_centre(sums[cells], weights[cells])) * weights[cells]))
                for sums, weights in found
            )
            freedom = max((widths[a] - 1) * (widths[b] - 1), 1) * len(found)
            scores.append(((freedom - stray) / np.sqrt(2 * freedom), a, b))
    return [(a, b) for _, a, b in sorted(scores)]


def _centre(sums: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return each cell's effect without its row's and column's: weighted additive fit, by alternating means."""
    safe = np.maximum(weights, 1e-12)
    effect = np.where(weights > 0, sums / safe, 0.0)
    for _ in range(10):  # converges by a factor a round; exact balance is not needed
        for axis in (0, 1):
            total = np.maximum(weights.sum(axis=axis, keepdims=True), 1e-12)
            effect = effect - (effect * weights).sum(axis=axis, keepdims=True) / total
    return np.where(weights > 0, effect, 0.0)


def _test(
    codes: np.ndarray, residual: np.ndarray, weight: np.ndarray, search: np.ndarray, pair: tuple[int, int]
) -> float:
    """Return the one-sided p-value, on the rows not searched, that the effect found for `pair` is there again."""
    a, b = codes[:, pair[0]], codes[:, pair[1]]
    shape = (int(a.max()) + 1, int(b.max()) + 1)
    cell = a * shape[1] + b
    size = shape[0] * shape[1]
    again = np.zeros(int((~search).sum()))  # each row's evidence for the effect found elsewhere
    for left, own in zip(residual.T, weight.T, strict=True):
        sums, weights = (
            np.bincount(cell[search], weights=part[search], minlength=size).reshape(shape) for part in (left, own)
        )
        again += _centre(sums, weights).ravel()[cell[~search]] * (left[~search] - left[~search].mean())
    spread = float(np.sqrt(np.sum(np.square(again))))
    return one_sided_p(float(again.sum()) / spread) if spread > 0 else 1.0


def _judge_pairs(
    codes: np.ndarray, truth: QuickTruth, predictor: np.ndarray, search: np.ndarray, pairs: list[tuple[int, int]],
    material: float,
) -> Screen:  # fmt: skip
    """Return what the pairs' cells add to the predictor and its bins, on the rows not searched: see `judge`."""
    columns = sorted({column for pair in pairs for column in pair})
    additive = np.column_stack([predictor, *(_marks(codes[:, column]) for column in columns)])
    joint = np.column_stack(
        [additive, *(_marks(codes[:, a] * (codes[:, b].max() + 1) + codes[:, b]) for a, b in pairs)]
    )
    held = truth.take(~search)
    before, after = (
        fit_linear_predictor(truth.binary, matrix[search], truth.y[search], matrix[~search], CELL_PENALTY)
        for matrix in (additive, joint)
    )
    return judge(held, before, after, material)


def _marks(codes: np.ndarray) -> np.ndarray:
    """Return one 0/1 column a code that occurs."""
    return (codes[:, None] == np.unique(codes)).astype(np.float64)
