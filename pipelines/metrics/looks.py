"""How a metric serves quick looks at the data: its score and each row's influence, in a form that costs one sorting.

Influences are the linear part of a score's sampling error; the sum of their squares estimates its variance.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf

import numpy as np

from pipelines.metrics.prepared import Floats
from pipelines.metrics.ranks import placements

# Which rows are positive, their predictions and weights, all (rows,), to the score and its influences (rows,).
Ranking = Callable[[np.ndarray, Floats, Floats], tuple[float, Floats]]


@dataclass(frozen=True)
class Look:
    """A metric as quick looks use it: on one column alone, or on a few quick fits."""

    label: str
    rows: int  # that quick fits are scored on at most
    ranks: Ranking | None  # of positives among other rows, by fold; None: it is the variance explained
    trivial: float | None  # what a constant scores; None: the share of positives
    targets: tuple[str, ...] = ()  # kinds of target at whose columns one looks by this metric
    # A column alone as good as `leak` is hardly ever honest (the best single ones of real projects stay below .96 in
    # ROC AUC and .85 of the variance), and one as good as `suspicious` is only if others come near it.
    leak: float = inf
    suspicious: float = inf


def rank_auc(positive: np.ndarray, prediction: Floats, _: Floats) -> tuple[float, Floats]:
    """Return the AUC and influences: the placements of DeLong, DeLong and Clarke-Pearson (1988, Biometrics 44).

    The classes' weights do not change it.
    """
    influence = np.empty(len(positive))
    influence[positive], influence[~positive] = placements(positive, prediction)
    value = float(influence[positive].mean())
    influence -= value
    for own in (positive, ~positive):
        influence[own] /= np.sqrt(max(own.sum() - 1, 1) * own.sum())  # the usual n - 1
    return value, influence


def rank_precision(positive: np.ndarray, prediction: Floats, weight: Floats) -> tuple[float, Floats]:
    """Return the weighted average precision and its derivative by each row's weight (infinitesimal jackknife).

    Efron 1982, The Jackknife, the Bootstrap and Other Resampling Plans, chapter 6. Equal predictions share a threshold,
    as in scikit-learn.
    """
    place = np.unique(-prediction, return_inverse=True)[1]  # thresholds from the highest prediction down
    found = np.bincount(place, weights=weight * positive)
    hits, alarms = np.cumsum(found), np.cumsum(np.bincount(place, weights=weight * ~positive))
    flagged, total = hits + alarms, float(hits[-1])
    value = float(np.sum(found * hits / flagged) / total)
    # A row counts at its own threshold and at every lower one.
    helps = np.cumsum((found * alarms / flagged**2)[::-1])[::-1][place] / total
    harms = np.cumsum((found * hits / flagged**2)[::-1])[::-1][place] / total
    own = (hits / flagged)[place] / total - value / total
    return value, weight * np.where(positive, own + helps, -harms)
