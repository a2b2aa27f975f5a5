"""Do predicted probabilities come true? Reliability bins, calibration error, and what the Brier score is made of."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.special import ndtri

from pipelines.inference.bootstrap import CONFIDENCE, REPLICATES, interval, resample
from pipelines.inference.truth import Draw
from pipelines.metrics.prepared import Floats, Integers, Prepared, divide

BINS = 10
# Below this base rate, tenths of the rows would put nearly every positive into one bin: tenths of the predicted
# positives are taken instead.
RARE = 0.05


@dataclass(frozen=True)
class Bin:
    """Rows of similar prediction."""

    predicted: float  # their mean prediction
    observed: float  # the share of positives among them
    rows: int
    lo: float  # Wilson interval of the observed share, for independent rows
    hi: float


@dataclass(frozen=True)
class Calibration:
    """How honest a model's probabilities are."""

    bins: list[Bin]
    by: str  # what the bins hold equal amounts of
    ece: float  # mean absolute distance of predicted and observed share, weighted by rows
    ece_ci: tuple[float, float]
    ece_by_chance: float  # what it would be about, were every probability right
    brier: float  # = reliability - resolution + uncertainty + within_bins
    reliability: float
    resolution: float
    uncertainty: float
    within_bins: float


def calibrate(
    y: Floats, prediction: Floats, *, seed: int, group: Integers | None = None, count: int = REPLICATES
) -> Calibration:
    """Return the calibration of the probabilities `prediction` (n,) of the truth `y` (n,), 0/1.

    Sources: expected calibration error, Naeini, Cooper and Hauskrecht 2015 (AAAI), over bins of equal size; the Brier
    score's parts, Murphy 1973, Journal of Applied Meteorology 12, 595-600, with the rest that bins hide (Stephenson,
    Coelho and Jolliffe 2008, Weather and Forecasting 23, 752-757) as one number. The calibration error of a sample is
    too large, since chance adds to it, by nothing where bins are far off and by up to `ece_by_chance` where they are
    right. Its interval is the normal bootstrap one, the lower end reduced by that much: it covers both cases.
    """
    rare = bool(y.mean() < RARE)
    place = _bins(prediction, prediction if rare else np.ones(y.size))
    rows = np.bincount(place)
    predicted, observed = (np.bincount(place, weights=values) / rows for values in (prediction, y))
    base, share = float(y.mean()), rows / y.size
    brier = float(np.square(prediction - y).mean())
    reliability = float((share * np.square(predicted - observed)).sum())
    resolution = float((share * np.square(observed - base)).sum())
    uncertainty = base * (1 - base)
    ece = float((share * np.abs(predicted - observed)).sum())
    chance = _error_by_chance(place, y - prediction, group)
    low, high = _error_interval(place, y - prediction, seed, group, count)
    return Calibration(
        bins=_describe(predicted, observed, rows),
        by="a tenth of the predicted positives in each" if rare else "a tenth of the rows in each",
        ece=ece,
        ece_ci=(max(0.0, low - chance), high),
        ece_by_chance=chance,
        brier=brier,
        reliability=reliability,
        resolution=resolution,
        uncertainty=uncertainty,
        within_bins=brier - (reliability - resolution + uncertainty),
    )


def wilson(hits: Floats, rows: Floats, confidence: float = CONFIDENCE) -> tuple[Floats, Floats]:
    """Return the interval of a share from `hits` of `rows`.

    Source: Wilson 1927, Journal of the American Statistical Association 22, 209-212.
    """
    z = float(ndtri((1 + confidence) / 2))
    share = hits / rows
    middle = (share + z * z / (2 * rows)) / (1 + z * z / rows)
    reach = z / (1 + z * z / rows) * np.sqrt(share * (1 - share) / rows + z * z / (4 * rows * rows))
    # Exactly 0 and 1 where no or every row is a hit; the formula gives that except for rounding.
    return np.where(hits == 0, 0.0, middle - reach), np.where(hits == rows, 1.0, middle + reach)


def _bins(prediction: Floats, amount: Floats) -> Integers:
    """Return each row's bin, 0 upwards without gaps: equal amounts in order of prediction, ties together."""
    _, level = np.unique(prediction, return_inverse=True)
    held = np.bincount(level, weights=amount)
    middle = (np.cumsum(held) - held / 2) / max(held.sum(), np.finfo(np.float64).tiny)
    bins = np.minimum((middle * BINS).astype(np.int64), BINS - 1)
    return np.unique(bins[level], return_inverse=True)[1].astype(np.int64)


def _describe(predicted: Floats, observed: Floats, rows: Integers) -> list[Bin]:
    low, high = wilson(observed * rows, rows.astype(np.float64))
    columns = zip(predicted, observed, rows, low, high, strict=True)
    return [Bin(float(p), float(o), int(n), float(lo), float(hi)) for p, o, n, lo, hi in columns]


def _error_by_chance(place: Integers, error: Floats, group: Integers | None) -> float:
    """Return the calibration error that the rows' own spread makes: the mean of an absolute normal value a bin."""
    bins = int(place.max()) + 1
    unit = np.arange(error.size) if group is None else np.unique(group, return_inverse=True)[1]
    centred = error - (np.bincount(place, weights=error) / np.bincount(place))[place]
    cell, cell_of_row = np.unique(unit * bins + place, return_inverse=True)
    square = np.square(np.bincount(cell_of_row, weights=centred))
    spread = np.sqrt(np.bincount(cell % bins, weights=square, minlength=bins)) / error.size
    return float(spread.sum() * np.sqrt(2 / np.pi))


def _error_interval(
    place: Integers, error: Floats, seed: int, group: Integers | None, count: int
) -> tuple[float, float]:
    sums = csr_array((error, (place, np.arange(error.size))), shape=(int(place.max()) + 1, error.size))

    def score(weights: Floats) -> Floats:
        return divide(np.abs(sums @ weights).sum(axis=0), weights.sum(axis=0), np.nan)

    drawn = resample({"ece": Prepared(score, None)}, error.size, Draw(seed, group, count), pairs=[])
    return interval(drawn.point["ece"], drawn.scores["ece"])
