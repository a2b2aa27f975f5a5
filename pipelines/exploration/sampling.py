"""Which rows the slow looks use: capped, and drawn from the project's seed alone."""

import numpy as np

from pipelines.core.project import Task

FEWEST = 1_000  # rows kept however many columns there are


def choose_rows(y: np.ndarray, task: Task, cap: int, seed: int) -> np.ndarray:
    """Return the positions of at most `cap` rows, ascending.

    Regression and several classes: at random. Binary: as many of the rarer class as there are, at most half of the
    cap, and the rest of the other class; this does not change ROC AUC, and rare events are worth more than the
    thousandth common one.
    """
    if len(y) <= cap:
        return np.arange(len(y))
    rng = np.random.default_rng(seed)
    if task != "binary":
        return np.sort(rng.choice(len(y), cap, replace=False))
    positive = y > 0
    rare = positive if 2 * positive.sum() <= len(y) else ~positive
    kept = min(int(rare.sum()), cap // 2)
    wanted = ((rare, kept), (~rare, cap - kept))
    return np.sort(np.concatenate([rng.choice(np.flatnonzero(side), size, replace=False) for side, size in wanted]))


def class_weights(y: np.ndarray, rows: np.ndarray, task: Task) -> np.ndarray | None:
    """Return how many rows of its class each of `rows` stands for; None where they are drawn without regard to it."""
    if task != "binary":
        return None
    positive, chosen = y > 0, y[rows] > 0
    up, down = (float(all_.sum() / max(own.sum(), 1)) for all_, own in ((positive, chosen), (~positive, ~chosen)))
    return np.where(chosen, up, down)


def rows_within(cells: int, columns: int, cap: int) -> int:
    """Return how many rows each of `columns` columns may use to stay within a budget of cells, at most `cap`."""
    return int(np.clip(cells // max(columns, 1), FEWEST, cap))
