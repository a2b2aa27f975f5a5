"""The errors of a regression, from the lowest to the highest predictions, and against a normal distribution."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from pipelines.inference.bootstrap import CONFIDENCE
from pipelines.metrics.prepared import Floats

BINS = 10
QUANTILES = (5, 25, 50, 75, 95)  # per cent
HISTOGRAM_BINS = 40
NORMAL_POINTS = np.arange(-12, 13) / 4  # standard deviations: a row in 740 lies beyond either end
TAILS = (0.5, 99.5)  # per cent; errors beyond are counted in the outer bins, so that one outlier does not rule


@dataclass(frozen=True)
class Decile:
    """A tenth of the rows, in order of prediction."""

    predicted: float  # mean prediction
    rows: int
    mean: float  # of the errors: the bias there
    ci: tuple[float, float]  # of the mean, normal, for independent rows
    quantiles: dict[str, float]


@dataclass(frozen=True)
class Residuals:
    """Errors, true value minus prediction, on the modelling scale."""

    deciles: list[Decile]
    edges: list[float]
    counts: list[int]
    normal: list[tuple[float, float]]  # (normal quantile, the error's) in standard deviations from the mean


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
        normal=_against_normal(error),
    )


def _against_normal(error: Floats) -> list[tuple[float, float]]:
    """Return points of the normal quantile-quantile plot at NORMAL_POINTS, none where all errors are equal."""
    spread = float(error.std())
    if spread == 0:
        return []
    found = (np.quantile(error, ndtr(NORMAL_POINTS)) - error.mean()) / spread
    return [(float(at), float(value)) for at, value in zip(NORMAL_POINTS, found, strict=True)]


def _describe(prediction: Floats, error: Floats) -> Decile:
    at = np.percentile(error, QUANTILES)
    quantiles = {str(q): float(value) for q, value in zip(QUANTILES, at, strict=True)}
    mean = float(error.mean())
    reach = float(ndtri((1 + CONFIDENCE) / 2) * error.std(ddof=1) / np.sqrt(error.size)) if error.size > 1 else 0.0
    return Decile(float(prediction.mean()), int(error.size), mean, (mean - reach, mean + reach), quantiles)
