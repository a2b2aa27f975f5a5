"""Which models step 5 fits: the classics, to compare with, and the candidates, of which one or several are taken."""

from dataclasses import dataclass
from typing import Any

from pipelines.models.boosting import LightGBM, XGBoost
from pipelines.models.classic import Classic
from pipelines.models.folds import Learner
from pipelines.models.forest import RandomForest
from pipelines.models.settings import PATIENCE, Size, forest_settings, lightgbm_portfolio, xgboost_settings

# How they are shown: in teaching order, after the baseline of step 4, which is logistic or ridge regression.
TEACHING = (
    "lasso", "linear_ranks", "k_nearest", "decision_tree", "random_forest", "extra_trees", "hist_boosting", "xgboost",
    "lightgbm", "lightgbm_small", "lightgbm_large", "lightgbm_extra", "lightgbm_tuned", "svm",
)  # fmt: skip
# Tied candidates are taken in this order: cheap to run and to explain first.
PREFERENCE = (
    "linear_ranks", "lasso", "lightgbm", "lightgbm_tuned", "lightgbm_small", "lightgbm_extra", "lightgbm_large",
    "xgboost", "extra_trees", "random_forest",
)  # fmt: skip
QUICK = ("lightgbm", "xgboost", "random_forest")


@dataclass(frozen=True)
class Portfolio:
    """The recipes, slowest first so that the last fits to end are short ones."""

    candidates: tuple[Learner, ...]
    classics: tuple[Learner, ...]  # never taken
    left_out: tuple[tuple[str, str], ...]  # name and why


def portfolio(size: Size, tuned: dict[str, Any] | None) -> Portfolio:
    """Return what is fitted to a table of this size at its level of effort; `tuned` are LightGBM's settings, if any."""
    forest = forest_settings(size)
    boosters = lightgbm_portfolio(size) | ({} if tuned is None else {"lightgbm_tuned": tuned})
    patience = PATIENCE[size.level]
    candidates: list[Learner] = [
        RandomForest(size.task, forest),
        RandomForest(size.task, forest, "extra_trees"),
        XGBoost(xgboost_settings(size), patience=patience),
        *(LightGBM(settings, name, patience) for name, settings in boosters.items()),
        # Ranks repair heavy tails, plain values keep straight lines straight: which of them a table wants differs.
        *(Classic(name, size.task) for name in ("linear_ranks", "lasso")),
    ]
    classics: list[Learner] = [
        Classic(name, size.task) for name in ("svm", "hist_boosting", "k_nearest", "decision_tree")
    ]
    if size.level != "quick":
        return Portfolio(tuple(candidates), tuple(classics), ())
    few = tuple(learner for learner in candidates if learner.name in QUICK)
    why = 'effort.level = "quick" fits fewer models'
    rest = ["lightgbm_tuned", *(learner.name for learner in (*candidates, *classics) if learner not in few)]
    return Portfolio(few, (), tuple((name, why) for name in rest))
