"""The errors of a regression, from the lowest to the highest predictions."""

from dataclasses import dataclass

import numpy as np

from pipelines.statistics.prepared import Floats

BINS = 10
QUANTILES = (5, 25, 50, 75, 95)  # per cent
HISTOGRAM_BINS = 40
TAILS = (0.5, 99.5)  # per cent; errors beyond are counted in the outer bins, so that one outlier does not rule


@dataclass(frozen=True)
class Decile:
    """A tenth of the rows, in order of prediction."""

    predicted: float  # mean prediction
    rows: int
    mean: float  # of the errors
    quantiles: dict[str, float]


@dataclass(frozen=True)
class Residuals:
    """Errors, true value minus prediction, on the modelling scale."""

    deciles: list[Decile]
    edges: list[float]
    counts: list[int]


def residuals(y: Floats, prediction: Floats) -> Residuals:
    """Return the errors of `prediction` (n,) for `y` (n,) by tenth of the predictions, and their histogram."""
    error = y - prediction
    parts = [part for part in np.array_split(np.argsort(prediction, kind="stable"), BINS) if part.size]
    low, high = np.percentile(error, TAILS)
    edges = np.linspace(low, high, HISTOGRAM_BINS + 1) if high > low else np.array([low - 0.5, low + 0.5])
    counts = np.histogram(np.clip(error, edges[0], edges[-1]), edges)[0]
    return Residuals(
        deciles=[_describe(prediction[part], error[part]) for part in parts],
        edges=[float(edge) for edge in edges],
        counts=[int(count) for count in counts],
    )


def _describe(prediction: Floats, error: Floats) -> Decile:
    at = np.percentile(error, QUANTILES)
    quantiles = {str(q): float(value) for q, value in zip(QUANTILES, at, strict=True)}
    return Decile(float(prediction.mean()), int(error.size), float(error.mean()), quantiles)
