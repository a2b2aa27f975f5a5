"""The coefficients of a fitted linear model, read out of its pipeline."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipelines.inputs import LEVELLED

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline


class Coefficient(NamedTuple):
    """One coefficient of a linear model: of a number per standard deviation, of a level for having it."""

    feature: str
    level: str | None  # None for a number
    of_class: int | None  # the class whose log-odds it moves, where there are several
    value: float  # in log-odds (classes) or the target's modelling unit (regression)


def linear_coefficients(model: "Pipeline") -> list[Coefficient]:
    """Return the coefficients by class, then by matrix column."""
    prepare = model.named_steps["prepare"]
    columns: list[tuple[str, str | None]] = [(str(name), None) for name in prepare.transformers_[0][2]]
    categorical = prepare.transformers_[1][2]
    if len(categorical):
        encoder = prepare.named_transformers_[LEVELLED.name].named_steps["encode"]
        for name, levels in zip(categorical, encoder.categories_, strict=True):
            columns += [(str(name), str(level)) for level in levels]
    values = np.atleast_2d(model.named_steps["estimator"].coef_)
    return [
        Coefficient(name, level, of_class if len(values) > 1 else None, float(value))
        for of_class, row in enumerate(values)
        for (name, level), value in zip(columns, row, strict=True)
    ]
