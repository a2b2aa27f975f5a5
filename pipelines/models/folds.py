"""Fit any number of models on the shared folds, and predict every row with models that never saw it.

A training row is predicted by the model fitted without its fold (out-of-fold); a test row by the mean of all
fold models, for every model alike, so that none is favoured by averaging.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from pipelines.core.submit import Pending, Result, Submit
from pipelines.core.table import Table
from pipelines.models.model import FoldData, FoldModel, Grower, Grown, Learner

MAX_REASON = 300  # characters of an exception that the facts keep


@dataclass(frozen=True)
class FoldFit:
    """What one fold's fit leaves behind."""

    fold: int
    held_out: np.ndarray  # predictions of the held-out rows, in the table's order
    test: np.ndarray  # predictions of the test rows, in the table's order
    model: FoldModel


@dataclass(frozen=True)
class CrossFit:
    """One model on all folds."""

    name: str
    prediction: np.ndarray  # every row of the table: out-of-fold, and fold-averaged for test rows
    folds: tuple[FoldFit, ...]


@dataclass(frozen=True)
class Failure:
    """A model that could not be fitted, and why."""

    name: str
    why: str


def fold_numbers(table: Table) -> list[int]:
    """Return the folds that the training rows are dealt into, in order."""
    return [int(fold) for fold in np.unique(table.fold[table.fold >= 0])]


def fold_data(table: Table, fold: int, seed: int) -> FoldData:
    """Return the training rows of `table` seen from `fold`, with a seed of the fold's own."""
    fit, held = (table.fold >= 0) & (table.fold != fold), table.fold == fold
    own_seed = int(np.random.SeedSequence([seed, fold]).generate_state(1)[0] >> 1)  # below 2**31 for LightGBM
    return FoldData(table.x[fit], table.y[fit], table.x[held], table.y[held], own_seed)


def fit_fold(learner: Learner, table: Table, fold: int, seed: int) -> FoldFit:
    """Fit `learner` without `fold`, and predict that fold's rows and the test rows.

    Raises what the fit raises, and ValueError where the target has one class or a prediction is not a finite number.
    """
    return predict_fold(learner.fit(_checked(table, fold, seed)), table, fold)


def grow_fold(learner: Grower, table: Table, fold: int, seed: int) -> Grown:
    """Grow `learner` without `fold`; raises as `fit_fold` does."""
    return learner.grow(_checked(table, fold, seed))


def stop_fold(grown: Grown, trees: int, table: Table, fold: int) -> FoldFit:
    """Predict that fold's rows and the test rows with the first `trees` trees; raises as `fit_fold` does."""
    return predict_fold(grown.stopped_at(trees), table, fold)


def predict_fold(model: FoldModel, table: Table, fold: int) -> FoldFit:
    """Return a fold's model with its predictions of that fold's rows and the test rows.

    Raises ValueError where a prediction is not a finite number.
    """
    held_out, test = model.predict(table.x[table.fold == fold]), model.predict(table.x[table.fold < 0])
    if not (np.isfinite(held_out).all() and np.isfinite(test).all()):
        message = f"the model predicts values that are not finite numbers (fold {fold})"
        raise ValueError(message)
    return FoldFit(fold, held_out, test, model)


def best_trees(curves: Sequence[Sequence[float]]) -> int:
    """Return the number of trees with the lowest loss over all curves together, at least 1.

    A model that has stopped growing had only got worse, so its last loss stands for the trees that it did not grow.
    """
    length = max(len(curve) for curve in curves)
    padded = [np.pad(np.asarray(curve), (0, length - len(curve)), mode="edge") for curve in curves]
    return int(np.argmin(np.sum(padded, axis=0))) + 1


def cross_fit(
    learners: Sequence[Learner], table: Table, seed: int, submit: Submit
) -> tuple[list[CrossFit], list[Failure]]:
    """Fit every learner on every fold, and return those that worked and those that did not, each in given order.

    All fits are handed out at once, in the given order, so put the slowest learner first. Boosting keeps, in each fold,
    as many trees as are best on the other folds' rows together, so no row helps to choose the model that predicts it.
    A learner that raises on any fold is a Failure with its reason; the others go on.
    """
    failed: dict[str, Failure] = {}
    growing: dict[str, list[Pending[Grown]]] = {}
    pending: dict[str, list[Pending[FoldFit]]] = {}
    for learner in learners:
        # A submit that runs at once raises here, others when asked for the result.
        with _noting_failure(learner.name, failed):
            if isinstance(learner, Grower):
                growing[learner.name] = _hand_out(grow_fold, learner, table, seed, submit)
            else:
                pending[learner.name] = _hand_out(fit_fold, learner, table, seed, submit)
    for name, parts in growing.items():
        with _noting_failure(name, failed):
            pending[name] = _stop(name, [part.result() for part in parts], table, submit)
    done: dict[str, CrossFit] = {}
    for name, fits in pending.items():
        with _noting_failure(name, failed):
            done[name] = assemble(name, table, [fit.result() for fit in fits])
    names = [learner.name for learner in learners]
    return [done[name] for name in names if name in done], [failed[name] for name in names if name in failed]


def assemble(name: str, table: Table, folds: list[FoldFit]) -> CrossFit:
    """Return the folds' models as one model, their predictions in the table's order."""
    shape = (len(table.frame), *folds[0].held_out.shape[1:])
    prediction = np.full(shape, np.nan)
    for part in folds:
        prediction[table.fold == part.fold] = part.held_out
    prediction[table.fold < 0] = np.mean([part.test for part in folds], axis=0)
    return CrossFit(name, prediction, tuple(folds))


def _hand_out(
    function: Callable[..., Result], learner: Learner | Grower, table: Table, seed: int, submit: Submit
) -> list[Pending[Result]]:
    return [
        submit(function, learner, table, fold, seed, name=f"{learner.name} fold {fold}") for fold in fold_numbers(table)
    ]


def _stop(name: str, grown: Sequence[Grown], table: Table, submit: Submit) -> list[Pending[FoldFit]]:
    """Stop each fold's model where the other folds' rows say."""
    curves = [one.curve for one in grown]
    return [
        submit(
            stop_fold, one, best_trees(curves[:place] + curves[place + 1 :]), table, fold,
            name=f"{name} fold {fold} stopped",
        )
        for place, (fold, one) in enumerate(zip(fold_numbers(table), grown, strict=True))
    ]  # fmt: skip


def _checked(table: Table, fold: int, seed: int) -> FoldData:
    data = fold_data(table, fold, seed)
    if not table.target.learnable(data.y):
        message = f"the training rows without fold {fold} hold one class only"
        raise ValueError(message)
    return data


@contextmanager
def _noting_failure(name: str, failed: dict[str, Failure]) -> Iterator[None]:
    """Put whatever a model raises into `failed`, as its reason, and go on."""
    try:
        yield
    except MemoryError:
        raise  # no fault of the model: with more memory the step leaves other files
    except Exception as error:  # noqa: BLE001 - the libraries raise what they like, and the other models go on
        failed[name] = Failure(name, f"{type(error).__name__}: {error}"[:MAX_REASON])
