"""What boosted trees have in common: grown until the loss on the rows held out falls no more, then cut back.

Where to stop is a choice of its own: on noise, the number of trees that is best on some rows predicts those rows better
than chance. So `cross_fit` stops each fold where the other folds' rows say. The stopping loss is log loss or squared
error, not the project's metric: they are smooth in every tree, where average precision on 30 events jumps at random.

Rules for settings, whatever the library:

- Little evidence, small trees: 7, 15 or 31 leaves below 500, below 10,000, and from 10,000 on.
- Shrinkage in place of caution by rows. With one event in 600 rows a leaf's log-odds step is -G / (H + lambda);
  H is near zero in pure leaves, so the step explodes: LightGBM's defaults then stop after the first tree in every
  fold. lambda = 10 bounds the step, and a hessian of at least 0.05 a leaf keeps out leaves that hold no
  information. Probabilities do not suffer: in trials with 20 to 400 events, log loss differed by at
  most 2 % and the sum of probabilities by at most 7 % between lambda 1 and 20.
- Half of the features for each tree: better out of fold on the loan and house data, within noise on the fraud
  data, and faster.
- Learning rate 0.05; 0.1 where one round is expensive (over a million cells, or a tree for each of several classes):
  half the time, at a cost in score below noise.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np

from pipelines.models.folds import best_trees
from pipelines.models.model import FoldData, FoldModel, Grown, Notes, Settings
from pipelines.models.size import LITTLE_EVIDENCE, MUCH_EVIDENCE, Level, Size

MAX_TREES = 3_000  # boosting rounds; early stopping ends most runs long before
MAX_LEAVES = 100_000  # of all trees of one class together: large trees at random cuts else go on without end
PATIENCE: dict[Level, int] = {"quick": 25, "standard": 50, "thorough": 50}  # rounds without a better validation loss
LEARNING_RATE_FACTOR: dict[Level, float] = {"quick": 2.0, "standard": 1.0, "thorough": 0.5}
EXPENSIVE_CELLS = 1_000_000  # training rows times features
SHRINKAGE = 10.0  # lambda
MIN_HESSIAN = 0.05  # of a leaf


@dataclass(frozen=True)
class BoostingLearner(ABC):
    """Fits one boosted model."""

    settings: Settings
    name: str
    patience: int = PATIENCE["standard"]

    def fit(self, data: FoldData) -> FoldModel:
        """Return the model with `data.trees` trees, or with as many as are best on its own held-out rows."""
        grown = self.grow(data)
        return grown.stopped_at(data.trees or best_trees([grown.curve]))

    @abstractmethod
    def grow(self, data: FoldData) -> Grown:
        """Return the model with more trees than its held-out rows ask for, or with `data.trees`."""


def leaves(size: Size) -> int:
    """Return the number of leaves of a tree."""
    if size.evidence < LITTLE_EVIDENCE:
        return 7
    return 15 if size.evidence < MUCH_EVIDENCE else 31


def learning_rate(size: Size) -> float:
    """Return the share of each tree's step that is taken."""
    expensive = size.target.outputs > 1 or size.rows * size.features > EXPENSIVE_CELLS
    return (0.1 if expensive else 0.05) * LEARNING_RATE_FACTOR[size.level]


def most_trees(leaves: int) -> int:
    """Return how many trees of at most so many leaves a booster may grow."""
    return min(MAX_TREES, MAX_LEAVES // leaves)


def boosting_notes(rows: int, trees: int, gain: np.ndarray, curve: list[float], most: int = MAX_TREES) -> Notes:
    """Return what a boosted model says about its fit.

    `gain` (features,) is that of each feature's splits, `most` the number of trees at which it would have ended.
    """
    total = float(gain.sum())
    share = gain / total if total > 0 else np.zeros(len(gain))
    return {
        "rows_used": rows,
        "trees": trees,
        "stopped_early": len(curve) < most,
        "importance": [float(value) for value in share],
        "curve": curve,
    }


def contributions_of(found: np.ndarray, features: int) -> np.ndarray:
    """Return a booster's SHAP values without the constants that each class ends with, (rows, features, outputs)."""
    return found.reshape(len(found), -1, features + 1)[:, :, :-1].transpose(0, 2, 1)
