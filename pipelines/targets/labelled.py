"""What the kinds of target with classes share."""

import numpy as np

from pipelines.targets.target import Floats

SURE = 1e-6  # probabilities stay this far from 0 and 1: one row that was sure and wrong should not decide alone
FAR = 12.0  # log-odds beyond this carry no information that a tree could use


def evidence_outside_commonest(y: Floats) -> int:
    """Return the number of rows outside the commonest class: 200,000 payments with 400 frauds teach little."""
    return len(y) - int(np.unique(y, return_counts=True)[1].max())


def chance_of_truth(y: Floats, prediction: Floats) -> Floats:
    """Return the probability that each row's prediction gave to the row's own class, (n,)."""
    chances: Floats = prediction[np.arange(y.size), y.astype(np.int64)]
    return chances


def indicators(y: Floats, classes: int) -> Floats:
    """Return 1.0 in the column of each row's own class and 0.0 in the others, (n, classes)."""
    return (y[:, None] == np.arange(classes)).astype(np.float64)
