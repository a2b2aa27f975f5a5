"""Which rows the slow looks use: capped, and drawn from the project's seed alone."""

import numpy as np

from pipelines.project import Task


def choose_rows(y: np.ndarray, task: Task, cap: int, seed: int) -> np.ndarray:
    """Return the positions of at most `cap` rows, ascending.

    Regression: at random. Binary: as many of the rarer class as there are, at most half of the cap, and the rest of
    the other class; this does not change ROC AUC, and rare events are worth more than the thousandth common one.
    """
    if len(y) <= cap:
        return np.arange(len(y))
    rng = np.random.default_rng(seed)
    if task == "regression":
        return np.sort(rng.choice(len(y), cap, replace=False))
    rare = np.flatnonzero(y > 0) if 2 * np.sum(y > 0) <= len(y) else np.flatnonzero(y <= 0)
    common = np.setdiff1d(np.arange(len(y)), rare, assume_unique=True)
    kept = rare if 2 * len(rare) <= cap else rng.choice(rare, cap // 2, replace=False)
    rest = rng.choice(common, cap - len(kept), replace=False)
    return np.sort(np.concatenate([kept, rest]))


def blocks(names: list[str], size: int) -> list[list[str]]:
    """Return the names in order, in blocks of at most `size`."""
    return [names[i : i + size] for i in range(0, len(names), size)]
