"""The linear model of all that is known: the baseline's calendar, with history, covariates and neighbours beside it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pipelines.models.family import Family, Variant
from pipelines.models.linear import FAMILY as LINEAR
from pipelines.models.linear import LinearModel, fit_coefficients
from pipelines.models.model import FoldData, Settings
from pipelines.models.preparation import linear_preparation
from pipelines.series.decays import decayed
from pipelines.targets import Target
from pipelines.targets.forecast import CALENDAR, LEVEL_NAME, STEP, Forecast

FADING = ("history", "past covariates", "neighbours")  # roles whose features say less the further ahead one looks


@dataclass(frozen=True)
class KnownLearner:
    """Fits the ridge regression of everything known."""

    target: Target
    name: str = "ridge_known"

    @property
    def settings(self) -> Settings:
        """What the facts say about how it is fitted."""
        return {**self.target.engines["linear"], "the past": "as it is, and fading over the steps ahead"}

    def fit(self, data: FoldData) -> LinearModel:
        """Return the model fitted to the fold. The held-out rows are not looked at."""
        from sklearn.pipeline import Pipeline

        prepare = preparation(data.x, self.target)
        matrix, base = prepare.fit_transform(data.x), data.x[LEVEL_NAME].to_numpy(np.float64)
        estimator = fit_coefficients(matrix, self.target.label(data.y) - base, self.target)
        pipeline = Pipeline([("prepare", prepare), ("estimator", estimator)])
        return LinearModel(type(self.target), pipeline, {"rows_used": len(data.y)})


def preparation(x: pd.DataFrame, target: Target) -> Any:  # noqa: ANN401 - scikit-learn has no types
    """Return the unfitted ColumnTransformer of all features of series like `x`."""
    from sklearn.compose import ColumnTransformer

    if not isinstance(target, Forecast):
        message = "only forecasts have features with roles"
        raise TypeError(message)
    plain = [name for name in target.with_role(CALENDAR, "known ahead") if x[name].notna().any()]
    parts: list[tuple[str, Any, list[str]]] = [("plain", linear_preparation(x[plain]), plain)] if plain else []
    past, step = target.with_role(*FADING), target.with_role(STEP)
    if past and step:
        parts.append(("past", decayed(int(x[step[0]].max())), [*past, *step]))
    elif past:
        parts.append(("past", linear_preparation(x[past]), past))
    return ColumnTransformer(parts, sparse_threshold=0.0)


FAMILY = Family(
    name="linear_known",
    title="linear",
    load=LINEAR.load,
    libraries=LINEAR.libraries,
    imports=LINEAR.imports,
    variants=(
        Variant(
            "ridge_known", "ridge on all that is known", "candidate",
            "the baseline with history, covariates and neighbours beside the calendar",
            lambda size, _: KnownLearner(size.target), order=30, shown=40, preferred=5, rows="series",
        ),
    ),
)  # fmt: skip
