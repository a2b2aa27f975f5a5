"""Fit any number of models on the shared folds, and predict every row with models that never saw it.

A training row is predicted by the model fitted without its fold (out-of-fold); a test row by the mean of all
fold models, for every model alike, so that none is favoured by averaging. Where folds go forward in time, a fold is
predicted by the model fitted to what came before it, and the test rows by one fitted to all training rows: the mean of
models that know less and less of what came last would be worse than each of them (see `Table.fits`). Groups are
of all training rows too: in use a row is in one group, and the mean over five groupings is of none.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np

from pipelines.core.steady import steady
from pipelines.core.submit import Pending, Submit
from pipelines.core.table import FOLDS, TEST, Table
from pipelines.models.model import Chooser, FoldData, FoldModel, Grower, Grown, Learner, predicted
from pipelines.targets.arrays import Booleans

MAX_REASON = 300  # characters of an exception that the facts keep
# From each model's predictions of the first fold's rows: on how many folds it is fitted in all.
Race = Callable[[Mapping[str, np.ndarray]], Mapping[str, int]]


@dataclass(frozen=True)
class FoldFit:
    """What one fold's fit leaves behind."""

    fold: (
        int  # TEST: the one model that is fitted to all training rows, of a table that is predicted so (`Table.whole`)
    )
    held_out: np.ndarray  # predictions of the held-out rows, in the table's order
    test: np.ndarray  # predictions of the test rows, in the table's order; none where another fold's model makes them
    model: FoldModel


@dataclass(frozen=True)
class CrossFit:
    """One model on all folds."""

    name: str
    prediction: np.ndarray  # every row of the table: out-of-fold, NaN without a model, and fold-averaged for test rows
    folds: tuple[FoldFit, ...]


@dataclass(frozen=True)
class Failure:
    """A model that could not be fitted, and why."""

    name: str
    why: str


def fold_numbers(table: Table) -> list[int]:
    """Return the folds that the training rows are dealt into, in order."""
    return [int(fold) for fold in np.unique(table.fold[table.scored])]


def fitted_folds(table: Table) -> list[int]:
    """Return the folds that a model is fitted for, in order; with TEST as the last, where `Table.whole`."""
    return [*fold_numbers(table), TEST] if table.whole else fold_numbers(table)


def fold_data(table: Table, fold: int, seed: int) -> FoldData:
    """Return the training rows of `table` seen from `fold`, with a seed of the fold's own; TEST holds none out."""
    fit, held = table.fits(fold), (table.fold == fold) & table.trained
    number = FOLDS if fold == TEST else fold
    own_seed = int(np.random.SeedSequence([seed, number]).generate_state(1)[0] >> 1)  # below 2**31 for LightGBM
    x, seen = table.in_trees, table.seen if table.target.methods or table.texts else None
    some, others = (None, None) if seen is None else (seen[fit], seen[held])
    return FoldData(x[fit], table.y[fit], x[held], table.y[held], own_seed, some, others, table, fit, held)


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


def grow_whole(learner: Grower, trees: int, table: Table, seed: int) -> FoldFit:
    """Fit `learner` with so many trees to all training rows, and predict the test rows; raises as `fit_fold` does."""
    grown = learner.grow(replace(_checked(table, TEST, seed), trees=trees))
    return predict_fold(grown.stopped_at(trees), table, TEST)


def best_of_fold(grown: Grown, table: Table, fold: int) -> np.ndarray:
    """Return the predictions of the fold's rows by as many trees as are best there; raises as `predict_fold` does."""
    return _finite(grown.stopped_at(best_trees([grown.curve])).predict(table.seen[table.fold == fold]), fold)


def predict_fold(model: FoldModel, table: Table, fold: int) -> FoldFit:
    """Return a fold's model with its predictions of that fold's rows and the test rows.

    Raises ValueError where a prediction is not a finite number.
    """
    held_out = _finite(_predicted(model, table, table.fold == fold), fold)
    if table.whole:
        return FoldFit(fold, held_out, held_out if fold == TEST else held_out[:0], model)
    return FoldFit(fold, held_out, _finite(_predicted(model, table, table.tested), fold), model)


def _predicted(model: FoldModel, table: Table, rows: Booleans) -> np.ndarray:
    return predicted(model, table.seen[rows], np.flatnonzero(rows), table)


def test_prediction(folds: Sequence[FoldFit]) -> np.ndarray:
    """Return what the folds' models together predict of the test rows."""
    return np.asarray(np.mean([one.test for one in folds if len(one.test)] or [folds[0].test], axis=0))


def best_trees(curves: Sequence[Sequence[float]]) -> int:
    """Return the number of trees with the lowest loss over all curves together, at least 1.

    A model that has stopped growing had only got worse, so its last loss stands for the trees that it did not grow.
    """
    length = max(len(curve) for curve in curves)
    padded = [np.pad(np.asarray(curve), (0, length - len(curve)), mode="edge") for curve in curves]
    return int(np.argmin(steady(np.sum(padded, axis=0)))) + 1


def cross_fit(
    learners: Sequence[Learner | Grower], table: Table, seed: int, submit: Submit, race: Race | None = None
) -> tuple[list[CrossFit], list[Failure]]:
    """Fit every learner on every fold, and return those that worked and those that did not, each in given order.

    All fits are handed out at once, in the given order, so put the slowest learner first. Boosting keeps, in each fold,
    as many trees as are best on the other folds' rows together, so no row helps to choose the model that predicts it.
    A learner that raises on any fold is a Failure with its reason; the others go on.

    With a `race`, the first fold is fitted first, and what it says decides on how many folds each learner is fitted;
    a booster that stays on the first keeps as many trees as are best there. Where `Table.whole`, each learner is
    fitted to all training rows as well.
    """
    numbers, whole = fold_numbers(table), [TEST] if table.whole else []
    fits = _Fits(table, seed, submit)
    for learner in learners:
        fits.begin(learner, [*numbers, *whole] if race is None else numbers[:1])
    if race is not None:
        wanted = race(fits.held_out())
        for learner in learners:
            fits.begin(fits.settled(learner), [*numbers[1 : wanted.get(learner.name, 0)], *whole])
    done = fits.finish()
    names = [learner.name for learner in learners]
    return [done[name] for name in names if name in done], [fits.failed[name] for name in names if name in fits.failed]


class _Fits:
    """Fits that were handed out, by learner and fold; a learner that has failed is not asked again."""

    def __init__(self, table: Table, seed: int, submit: Submit) -> None:
        self.failed: dict[str, Failure] = {}
        self._table, self._seed, self._submit = table, seed, submit
        self._growing: dict[str, dict[int, Pending[Grown]]] = {}
        self._whole: dict[str, Grower] = {}  # to be grown to all training rows once the folds say how far
        self._fitting: dict[str, dict[int, Pending[FoldFit]]] = {}

    def begin(self, learner: Learner | Grower, folds: Sequence[int]) -> None:
        """Hand out a learner's fits of these folds."""
        if learner.name in self.failed:
            return
        # A submit that runs at once raises here, others when asked for the result.
        with self._noting_failure(learner.name):
            for fold in folds:
                given = (self._table, fold, self._seed)
                name = f"{learner.name} fold {fold}"
                if isinstance(learner, Grower) and fold == TEST:
                    self._whole[learner.name] = learner
                elif isinstance(learner, Grower):
                    grown = self._submit(grow_fold, learner, *given, name=name)
                    self._growing.setdefault(learner.name, {})[fold] = grown
                else:
                    fitted = self._submit(fit_fold, learner, *given, name=name)
                    self._fitting.setdefault(learner.name, {})[fold] = fitted

    def held_out(self) -> dict[str, np.ndarray]:
        """Return each model's predictions of the held-out rows of the first fold handed out, boosters' at their best.

        Learners that failed are not in it.
        """
        found: dict[str, np.ndarray] = {}
        pending: dict[str, Pending[np.ndarray]] = {}
        for name, parts in self._growing.items():
            with self._noting_failure(name):
                fold, grown = next((fold, part.result()) for fold, part in parts.items())
                pending[name] = self._submit(best_of_fold, grown, self._table, fold, name=f"{name} fold {fold} seen")
        for name, of_name in pending.items():
            with self._noting_failure(name):
                found[name] = of_name.result()
        for name, fits in self._fitting.items():
            with self._noting_failure(name):
                found[name] = next(iter(fits.values())).result().held_out
        return found

    def settled(self, learner: Learner | Grower) -> Learner | Grower:
        """Return the learner with the settings that its first fit chose, if it is one that chooses."""
        if not isinstance(learner, Chooser) or learner.name in self.failed:
            return learner
        return learner.settled(next(iter(self._fitting[learner.name].values())).result().model.notes)

    def finish(self) -> dict[str, CrossFit]:
        """Return the models whose fits all worked."""
        for name, parts in self._growing.items():
            if name not in self.failed:
                with self._noting_failure(name):
                    self._fitting[name] = self._stop(name, {fold: part.result() for fold, part in parts.items()})
        done: dict[str, CrossFit] = {}
        for name, fits in self._fitting.items():
            with self._noting_failure(name):
                done[name] = assemble(name, self._table, [fit.result() for fit in fits.values()])
        return {name: fitted for name, fitted in done.items() if name not in self.failed}

    def _stop(self, name: str, grown: Mapping[int, Grown]) -> dict[int, Pending[FoldFit]]:
        """Stop each fold's model where the other folds' rows say, a single fold's where its own do."""
        curves = {fold: one.curve for fold, one in grown.items()}
        whole: dict[int, Pending[FoldFit]] = {}
        if name in self._whole:
            trees = best_trees(list(curves.values()))
            asked = self._whole[name], trees, self._table, self._seed
            whole[TEST] = self._submit(grow_whole, *asked, name=f"{name} all rows")
        stopped = {
            fold: self._submit(
                stop_fold,
                one,
                best_trees([curve for other, curve in curves.items() if other != fold] or [one.curve]),
                self._table,
                fold,
                name=f"{name} fold {fold} stopped",
            )
            for fold, one in grown.items()
        }
        return stopped | whole

    @contextmanager
    def _noting_failure(self, name: str) -> Iterator[None]:
        """Put whatever a model raises into `failed`, as its reason, and go on."""
        try:
            yield
        except MemoryError:
            raise  # no fault of the model: with more memory the step leaves other files
        except Exception as error:  # noqa: BLE001 - the libraries raise what they like, and the other models go on
            self.failed[name] = Failure(name, f"{type(error).__name__}: {error}"[:MAX_REASON])


def is_whole(fitted: CrossFit, table: Table) -> bool:
    """Return whether a model was fitted on all folds, so that it predicts every row."""
    return len(fitted.folds) == len(fitted_folds(table))


def assemble(name: str, table: Table, folds: list[FoldFit]) -> CrossFit:
    """Return the folds' models as one model, their predictions in the table's order, NaN in folds without a model."""
    shape = (len(table.frame), *folds[0].held_out.shape[1:])
    prediction = np.full(shape, np.nan)
    for part in folds:
        prediction[table.fold == part.fold] = part.held_out
    prediction[table.tested] = test_prediction(folds)
    return CrossFit(name, prediction, tuple(folds))


def _finite(prediction: np.ndarray, fold: int) -> np.ndarray:
    if not np.isfinite(prediction).all():
        message = f"the model predicts values that are not finite numbers (fold {fold})"
        raise ValueError(message)
    return prediction


def _checked(table: Table, fold: int, seed: int) -> FoldData:
    data = fold_data(table, fold, seed)
    if not table.target.learnable(data.y):
        message = f"the training rows {f'without fold {fold} ' if fold >= 0 else ''}hold one class only"
        raise ValueError(message)
    return data
