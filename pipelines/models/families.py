"""The kinds of fitted models: which class reads each back, and which libraries it was fitted with."""

from typing import Any

from pipelines.models.boosting import LightGBMModel, XGBoostModel
from pipelines.models.classic import ClassicModel
from pipelines.models.dummy import DummyModel
from pipelines.models.ensemble import EnsembleModel
from pipelines.models.folds import FoldModel
from pipelines.models.forest import RandomForestModel
from pipelines.models.linear import LinearModel

SCIKIT = ("sklearn", "skops")
FAMILIES: dict[str, tuple[Any, tuple[str, ...]]] = {
    "dummy": (DummyModel, ()),
    "linear": (LinearModel, SCIKIT),
    "classic": (ClassicModel, SCIKIT),
    "random_forest": (RandomForestModel, SCIKIT),
    "lightgbm": (LightGBMModel, ("lightgbm",)),
    "xgboost": (XGBoostModel, ("xgboost",)),
    "ensemble": (EnsembleModel, ()),  # its parts have theirs
}


def model_class(family: str) -> Any:  # noqa: ANN401 - one of the FoldModel classes
    """Return the class that reads a family's files; raise KeyError for a family that is not known."""
    return FAMILIES[family][0]


def libraries(model: FoldModel) -> list[str]:
    """Return the libraries, sorted, without which a model cannot be read."""
    parts: tuple[FoldModel, ...] = getattr(model, "parts", ())
    return sorted({*FAMILIES[model.family][1], *(name for part in parts for name in libraries(part))})
