"""The smooth losses by which settings, numbers of trees and weights are chosen, whatever the project's metric.

A metric such as average precision on 30 events jumps at random from one candidate to the next; these do not.
"""

import numpy as np

from pipelines.core.project import Task

SURE = 1e-6  # probabilities stay this far from 0 and 1: one row that was sure and wrong should not decide alone


def row_losses(y: np.ndarray, prediction: np.ndarray, task: Task) -> np.ndarray:
    """Return each row's log loss (probabilities of the event) or squared error.

    `y` is (rows,), `prediction` (rows,) or (rows, several); the result has the shape of `prediction`.
    """
    truth = y if prediction.ndim == 1 else y[:, None]
    if task == "regression":
        return np.asarray((truth - prediction) ** 2)
    p = np.clip(prediction, SURE, 1 - SURE)
    return np.asarray(-(truth * np.log(p) + (1 - truth) * np.log1p(-p)))
