"""The smooth losses by which settings, numbers of trees and weights are chosen, whatever the project's metric.

A metric such as average precision on 30 events jumps at random from one candidate to the next; these do not.
"""

import numpy as np

from pipelines.core.project import Task
from pipelines.targets.labelled import chance_of_truth

SURE = 1e-6  # probabilities stay this far from 0 and 1: one row that was sure and wrong should not decide alone


def row_losses(y: np.ndarray, prediction: np.ndarray, task: Task) -> np.ndarray:
    """Return each row's log loss or squared error, (rows,).

    `y` is (rows,); `prediction` the probability of the event or the value, (rows,), or those of the classes,
    (rows, classes).
    """
    return judged_losses(y, judged(y, prediction, task), task)


def judged(y: np.ndarray, prediction: np.ndarray, task: Task) -> np.ndarray:
    """Return what a prediction is judged by, (rows,): the probability given to what happened, or the value.

    A weighted mean of models is judged by the weighted mean of theirs.
    """
    if task == "regression":
        return prediction
    if task == "multiclass":
        return chance_of_truth(y, prediction)
    return np.where(y == 1, prediction, 1 - prediction)


def judged_losses(y: np.ndarray, judgement: np.ndarray, task: Task) -> np.ndarray:
    """Return the losses of `judged` predictions, (rows,) or (rows, several), in their shape."""
    if task == "regression":
        truth = y if judgement.ndim == 1 else y[:, None]
        return np.asarray((truth - judgement) ** 2)
    return np.asarray(-np.log(np.clip(judgement, SURE, 1 - SURE)))
