"""The settings of the tree models, by documented rules of the table's size, never of its name.

What decides is the *evidence*: a regression learns from every row, a classification mostly from the rows outside
its commonest class (200,000 payments with 400 frauds teach less than 2,000 houses). Rules:

- Little evidence, small trees: 7, 15 or 31 leaves below 500, below 10,000, and from 10,000 on.
- Shrinkage in place of caution by rows. With one event in 600 rows a leaf's log-odds step is -G / (H + lambda);
  H is near zero in pure leaves, so the step explodes: LightGBM's defaults then stop after the first tree in every
  fold. lambda = 10 bounds the step, and a hessian of at least 0.05 a leaf keeps out leaves that hold no
  information. Probabilities do not suffer: in trials with 20 to 400 events, log loss differed by at
  most 2 % and the sum of probabilities by at most 7 % between lambda 1 and 20.
- Half of the features for each tree: better out of fold on the loan and house data, within noise on the fraud
  data, and cheaper.
- Learning rate 0.05; 0.1 where one round is expensive (over a million cells, or a tree for each of several classes):
  half the time, at a cost in score below noise.
- Forest: leaves of 10 rows (probabilities) or 3 (regression), fewer where events are rare; a tree sees at most
  30,000 rows (10,000 at `quick`), since its cost grows faster than rows and more rows gain less than more trees.
"""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from pipelines.core.project import Task

Level = Literal["quick", "standard", "thorough"]

MAX_TREES = 3_000  # boosting rounds; early stopping ends all sane runs long before
PATIENCE: dict[Level, int] = {"quick": 25, "standard": 50, "thorough": 50}  # rounds without a better validation loss
FOREST_TREES: dict[Level, int] = {"quick": 30, "standard": 60, "thorough": 200}
FOREST_ROWS: dict[Level, int] = {"quick": 10_000, "standard": 30_000, "thorough": 30_000}  # of one tree, at most
LEARNING_RATE_FACTOR: dict[Level, float] = {"quick": 2.0, "standard": 1.0, "thorough": 0.5}
EXPENSIVE_CELLS = 1_000_000  # training rows times features
LITTLE_EVIDENCE, MUCH_EVIDENCE = 500, 10_000
SMALL_TABLE = 1_000  # rows below which leaves and category groups may be smaller

LIGHTGBM_GOALS: dict[Task, dict[str, Any]] = {
    "binary": {"objective": "binary", "metric": "binary_logloss"},
    "multiclass": {"objective": "multiclass", "metric": "multi_logloss"},
    "regression": {"objective": "regression", "metric": "l2"},
}
XGBOOST_GOALS: dict[Task, dict[str, Any]] = {
    "binary": {"objective": "binary:logistic", "eval_metric": "logloss"},
    "multiclass": {"objective": "multi:softprob", "eval_metric": "mlogloss"},
    "regression": {"objective": "reg:squarederror", "eval_metric": "rmse"},
}


@dataclass(frozen=True)
class Size:
    """What the rules look at."""

    task: Task
    rows: int  # training rows
    features: int
    evidence: int  # rows outside the commonest class, or all rows of a regression
    level: Level
    outputs: int = 1  # numbers that a prediction has: 1, or one for each of several classes


def measure_size(y: np.ndarray, features: int, task: Task, level: Level) -> Size:
    """Return the size of a training table with the target `y` (rows,)."""
    outputs = int(y.max()) + 1 if task == "multiclass" else 1
    return Size(task, len(y), features, count_evidence(y, task), level, outputs)


def count_evidence(y: np.ndarray, task: Task) -> int:
    """Return how many rows teach something: all of a regression, of classes those outside the commonest one."""
    return len(y) if task == "regression" else len(y) - int(np.unique(y, return_counts=True)[1].max())


def lightgbm_settings(size: Size) -> dict[str, Any]:
    """Return LightGBM's parameters (https://lightgbm.readthedocs.io/en/stable/Parameters.html)."""
    small = size.rows < SMALL_TABLE
    return {
        **LIGHTGBM_GOALS[size.task],
        **({"num_class": size.outputs} if size.task == "multiclass" else {}),
        "learning_rate": _learning_rate(size),
        "num_leaves": _leaves(size),
        "min_data_in_leaf": 5 if small else 20,
        "min_sum_hessian_in_leaf": 0.05,
        "lambda_l2": 10.0,
        "feature_fraction": 0.5,
        "min_data_per_group": 5 if small else 20,  # rows that a category level needs
    }


def lightgbm_portfolio(size: Size) -> dict[str, dict[str, Any]]:
    """Return LightGBM's settings by model name: the rule's own, and ones that differ from it in what matters most.

    Small trees add up to smoother functions, large ones find rare combinations, random cuts (extra_trees) smooth too;
    which of them a table wants is not to be seen from its size. A regression learns from every row, so the leaves of
    large trees may be small: on hourly counts of bicycles that took a hundredth off the weighted mean's error out of
    fold; on four other regressions it changed less, to either side.
    """
    own = lightgbm_settings(size)
    leaves = own["num_leaves"]
    fine = {"min_data_in_leaf": 5, "feature_fraction": 0.9} if size.task == "regression" else {"feature_fraction": 0.7}
    return {
        "lightgbm": own,
        "lightgbm_small": own | {"num_leaves": 7 if leaves > 7 else 4, "feature_fraction": 0.7},  # noqa: PLR2004 - leaves
        "lightgbm_large": own | {"num_leaves": 4 * leaves, "lambda_l2": 1.0} | fine,
        "lightgbm_extra": own | {"num_leaves": 2 * leaves, "extra_trees": True, "feature_fraction": 0.9},
    }


def xgboost_settings(size: Size) -> dict[str, Any]:
    """Return xgboost's parameters (https://xgboost.readthedocs.io/en/stable/parameter.html)."""
    regression = size.task == "regression"
    return {
        **XGBOOST_GOALS[size.task],
        **({"num_class": size.outputs} if size.task == "multiclass" else {}),
        "tree_method": "hist",
        "learning_rate": _learning_rate(size),
        "max_depth": {7: 3, 15: 4, 31: 5}[_leaves(size)],
        # A sum of hessians: rows in a regression, rows times p(1-p) in a classification.
        "min_child_weight": (5.0 if size.rows < SMALL_TABLE else 20.0) if regression else 0.05,
        "reg_lambda": 10.0,
        "colsample_bynode": 0.5,
    }


def forest_settings(size: Size) -> dict[str, Any]:
    """Return the arguments of scikit-learn's RandomForestClassifier or RandomForestRegressor.

    Features a split: a third for regression, the root of their number for classification (Hastie, Tibshirani
    and Friedman, The Elements of Statistical Learning, section 15.3).
    """
    regression = size.task == "regression"
    probability_leaf = 2 if size.evidence < LITTLE_EVIDENCE else 10
    return {
        "n_estimators": FOREST_TREES[size.level],
        "min_samples_leaf": 3 if regression else probability_leaf,
        "max_features": 1 / 3 if regression else "sqrt",
        "max_rows": FOREST_ROWS[size.level],
    }


def _leaves(size: Size) -> int:
    if size.evidence < LITTLE_EVIDENCE:
        return 7
    return 15 if size.evidence < MUCH_EVIDENCE else 31


def _learning_rate(size: Size) -> float:
    expensive = size.outputs > 1 or size.rows * size.features > EXPENSIVE_CELLS
    return (0.1 if expensive else 0.05) * LEARNING_RATE_FACTOR[size.level]
