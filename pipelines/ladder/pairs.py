"""Which features act together: a fast screen of all pairs on what the additive rungs leave over."""

from collections.abc import Sequence

import numpy as np

from pipelines.inputs import Binning
from pipelines.inputs.bins import level_places, number_places

CELLS = Binning(4, levels=8)  # per feature; the cut of a number at its median finds an exclusive or
SCREEN_ROWS = 20_000
MOST_COLUMNS = 200  # of which pairs are looked at: cost and memory grow with their square
MOST_CLASSES = 5  # of several: each costs a screen of its own
SWEEPS = 3  # of taking row and column means out of a table of cells
STANDS_OUT = 0.05  # chance that any pair of a table without interactions stands out


def screen(
    x: np.ndarray, y: np.ndarray, gradient: np.ndarray, weight: np.ndarray, categorical: Sequence[int]
) -> np.ndarray:
    """Return how far every pair of columns interacts beyond chance, in standard errors, (columns, columns).

    Zero where i >= j. `gradient` and `weight` are what the loss falls by with the raw prediction, and its second
    derivative, (rows,) or (rows, classes). Of several classes the MOST_CLASSES with most curvature are looked at, and
    that one counts in which a pair stands out most, its chance taken as often as there are such classes (Bonferroni).

    Of more than MOST_COLUMNS, the pairs among those are looked at that say most about the target `y`, (rows,) or
    (rows, classes), alone: features that act together mostly have effects of their own (weak heredity, Chipman 1996,
    "Bayesian variable selection with related predictors"). All others are minus infinity.

    Each pair's rows fall into a grid of cells; the loss reduction of one Newton step a cell, after the best additive
    step is taken out, is chi-squared without an interaction, and Wilson and Hilferty's cube root turns it into a normal
    deviate. The idea is FAST's (Lou et al. 2013, "Accurate Intelligible Models with Pairwise Interactions") on a
    coarser grid and with all cells at once.
    """
    rows = min(len(x), SCREEN_ROWS)
    take = np.linspace(0, len(x) - 1, rows).astype(np.int64)
    gradients, weights = gradient[take].reshape(rows, -1), weight[take].reshape(rows, -1)
    every = [_cells(x[take, i], i in categorical) for i in range(x.shape[1])]
    chosen = _most_telling(every, y[take].reshape(rows, -1))
    cells = [every[i] for i in chosen]
    width = max(int(cell.max()) + 1 for cell in cells)
    member = np.zeros((rows, len(cells), width))
    for i, cell in enumerate(cells):
        member[np.arange(rows), i, cell] = 1.0
    most = np.sort(np.argsort(-weights.sum(axis=0), kind="stable")[:MOST_CLASSES])
    found = [_deviates(member, gradients[:, k], weights[:, k]) for k in most]
    strength = np.full((len(every), len(every)), -np.inf)
    strength[np.ix_(chosen, chosen)] = _of_the_best(np.array(found))
    return np.triu(strength, 1)


def _most_telling(cells: list[np.ndarray], y: np.ndarray) -> np.ndarray:
    """Return the numbers of the at most MOST_COLUMNS columns whose cells differ most in `y`, (rows, any); ascending."""
    if len(cells) <= MOST_COLUMNS:
        return np.arange(len(cells))
    deviates = []
    scaled = (y - y.mean(axis=0)) / np.maximum(y.std(axis=0), 1e-300)
    for cell in cells:
        counts = np.bincount(cell)
        sums = np.array([np.bincount(cell, weights=column) for column in scaled.T])
        between = (sums[:, counts > 0] ** 2 / counts[counts > 0]).sum()
        deviates.append(_deviate(between, ((counts > 0).sum() - 1) * scaled.shape[1]))
    return np.sort(np.argsort(-np.array(deviates), kind="stable")[:MOST_COLUMNS])


def _of_the_best(deviates: np.ndarray) -> np.ndarray:
    """Return the largest of several normal deviates, (several, ...), as the deviate of so many times its chance."""
    from scipy.special import log_ndtr, ndtri_exp

    best = deviates.max(axis=0)
    if len(deviates) == 1:
        return np.asarray(best)
    chance = np.minimum(np.log(len(deviates)) + log_ndtr(-best), -1e-9)
    return np.where(np.isfinite(best), -ndtri_exp(chance), best)


def _deviates(member: np.ndarray, gradient: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return the deviates of all pairs from the derivatives (rows,); `member` marks each row's cells."""
    total, curvature = (_cross(member, values) for values in (gradient, weight))
    filled = (curvature > 0).sum((2, 3))
    per_column = (member.sum(0) > 0).sum(1)
    freedom = filled - per_column[:, None] - per_column[None, :] + 1
    for _ in range(SWEEPS):
        for axis in (2, 3):
            total = total - curvature * total.sum(axis, keepdims=True) / (curvature.sum(axis, keepdims=True) + 1e-12)
    reduction = np.divide(total**2, curvature, out=np.zeros_like(total), where=curvature > 0).sum((2, 3))
    noise = float((gradient**2).sum() / weight.sum())  # 1 for a calibrated probability, the error variance else
    return _deviate(reduction / max(noise, 1e-300), freedom)


def standing_out(strength: np.ndarray, most: int) -> list[tuple[int, int]]:
    """Return the pairs that interact beyond chance, given how many were looked at, strongest first, at most `most`."""
    from scipy.special import ndtri

    pairs = int(np.isfinite(strength[np.triu_indices(len(strength), 1)]).sum())
    limit = float(ndtri(1 - STANDS_OUT / max(pairs, 1)))
    return [pair for pair in strongest(strength, most) if strength[pair] > limit]


def strongest(strength: np.ndarray, count: int) -> list[tuple[int, int]]:
    """Return the `count` strongest pairs of columns, best first, ties by position."""
    first, second = np.triu_indices(len(strength), 1)
    order = np.argsort(-strength[first, second], kind="stable")[:count]
    return [(int(first[i]), int(second[i])) for i in order]


def _cross(member: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return the sum of `values` in each cell of each pair of columns: (columns, columns, cells, cells)."""
    rows, columns, width = member.shape
    flat = member.reshape(rows, -1)
    summed = flat.T @ (flat * values[:, None])
    return np.ascontiguousarray(summed.reshape(columns, width, columns, width).transpose(0, 2, 1, 3))


def _deviate(chi_squared: np.ndarray, freedom: np.ndarray) -> np.ndarray:
    """Return the normal deviate of a chi-squared value (Wilson and Hilferty 1931), -inf without freedom."""
    some = np.maximum(freedom, 1)
    deviate = (np.cbrt(chi_squared / some) - (1 - 2 / (9 * some))) / np.sqrt(2 / (9 * some))
    return np.where(freedom > 0, deviate, -np.inf)


def _cells(column: np.ndarray, is_category: bool) -> np.ndarray:
    """Return each row's cell: quartile, or one of the most frequent codes; missing has a cell of its own."""
    if not is_category:
        return 1 + number_places(column, CELLS)
    codes = np.nan_to_num(column, nan=-1).astype(np.int64)
    place = level_places(codes, int(codes.max(initial=0)) + 1, CELLS.levels)
    others_first = np.where(place == CELLS.levels - 1, 1, place + 2)
    return np.where(place < 0, 0, others_first)
