"""The metrics of counts: the Poisson deviance, and the share of it that is explained."""

from math import inf

import numpy as np

from pipelines.metrics.constants import group_means
from pipelines.metrics.metric import Metric, Proposal
from pipelines.metrics.prepared import Floats, Prepared, divide, prepare_ratio
from pipelines.targets.count import LEAST, Count


def deviances(y: Floats, mean: Floats) -> Floats:
    """Return each row's Poisson deviance from a predicted mean, kept above LEAST, (n,)."""
    from scipy.special import xlogy

    mean = np.maximum(mean, LEAST)
    return np.asarray(2 * (xlogy(y, y / mean) - y + mean))


def _deviance(y: Floats, prediction: Floats) -> Prepared:
    return prepare_ratio(deviances(y, prediction))


def _explained_deviance(y: Floats, prediction: Floats) -> Prepared:
    from scipy.special import xlog1py

    own, middle = deviances(y, prediction), max(float(y.mean()), LEAST)
    alone = deviances(y, np.full(y.size, middle))
    sums = np.stack([own, alone, y, np.full(y.size, middle)])

    def score(weights: Floats) -> Floats:
        left, whole, total, expected = sums @ weights
        # The weighted mean is the best constant: it takes away what the rows' own mean leaves too much.
        apart = divide(total, expected, 1.0) - 1
        moved = 2 * (xlog1py(total, apart) - expected * apart)
        return 1 - divide(left, whole - moved, np.nan)

    def influence() -> Floats:
        whole = alone.sum()
        return (own.sum() / whole * alone - own) / whole if whole > 0 else np.zeros(y.size)

    return Prepared(score, influence)


ROWS = (
    Metric(
        name="poisson_deviance",
        label="Poisson deviance",
        why="It weighs an error by how much such counts vary: the same miss weighs less where many are expected.",
        targets=(Count.name,),
        greater_is_better=False,
        range=(0, inf),
        scale="tailed",
        prepare_single=_deviance,
        best_constant=group_means,
        leads=(Count.name,),
        proposals=(Proposal(Count.name, "counts vary more where more are expected"),),
        draft_margin=0.01,
        shows_signal=(Count.name,),
    ),
    Metric(
        name="d2_poisson",
        label="explained deviance",
        why="It tells the share of the target's Poisson deviance that the model explains.",
        targets=(Count.name,),
        greater_is_better=True,
        range=(-inf, 1),
        scale="explained",
        prepare_single=_explained_deviance,
        needs_spread=True,
        best_constant=group_means,
        leads=(Count.name,),
        draft_margin=0.01,
        shows_signal=(Count.name,),
    ),
)
