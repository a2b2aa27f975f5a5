"""Linear models: the matrix that a fitted pipeline makes of rows, times coefficients, as scikit-learn does it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from pipelines.core.rowwise import row_products
from pipelines.models.family import Files, Loading
from pipelines.models.line import Line as ApartLine
from pipelines.models.predicting.columns import of_rows
from pipelines.models.predicting.groups import Coefficients, in_groups
from pipelines.models.predicting.rows import Fast, Reading, Rows
from pipelines.models.saving.plain import Saved, UnknownPart, read_plain
from pipelines.targets.arrays import Floats, Matrix
from pipelines.targets.forecast import LEVEL_NAME


def fast_linear(files: Files, given: Loading, reading: Reading) -> Fast:
    """Return a saved linear model or classic; raise UnknownPart where it does not multiply."""
    *steps, (_, last) = read_plain(files["model.skops"])["steps"]
    if len(steps) not in (1, 2):
        raise UnknownPart("steps")
    prepared = [of_rows(step, reading) for _, step in steps]
    estimator = _estimator(last)
    of_series = given.target.rows == "series"
    level = reading.names.index(LEVEL_NAME) if of_series else 0

    def predict(rows: Rows) -> Floats:
        whole = in_groups(rows.matrix)
        matrix: Matrix = whole
        for prepare in prepared:
            matrix = prepare(matrix)
        x = OnLevel(matrix, whole[:, level]) if of_series else matrix
        return given.target.predicted(estimator, x)[: len(rows)]

    return predict


def fast_sums(content: bytes, line: ApartLine, reading: Reading) -> Callable[[Rows], Floats]:
    """Return what gives the sums of a `line` of rows (see `Line.sums`), to the same bits; `content` is its pipeline.

    Raises UnknownPart where a step of it is of a kind that is not computed quickly.
    """
    *steps, _ = read_plain(content)["steps"]
    if len(steps) != 1:
        raise UnknownPart("steps")
    prepare = of_rows(steps[0][1], reading)
    return lambda rows: row_products(prepare(rows.matrix), line.coefficients).reshape(len(rows), -1)


@dataclass(frozen=True)
class OnLevel:
    """The matrix of a forecast's features beside the level, which forecasts are added to and ask for by name."""

    matrix: Matrix
    level: Floats

    def __getitem__(self, _: str) -> pd.Series:
        """Return the level."""
        return pd.Series(self.level)


class Multiplied:
    """A fitted linear model of scikit-learn, as `Target.predicted` asks it: `predict_proba` or `predict`."""

    def __init__(self, predict: Callable[[Matrix], Floats], **kept: float) -> None:
        """Take what predicts; what else targets keep on an estimator are its attributes."""
        self.predict_proba = predict
        self.predict = lambda x: predict(x.matrix if isinstance(x, OnLevel) else x)
        self.__dict__.update(kept)


class Line(NamedTuple):
    """The coefficients of a linear model, and what is added."""

    coefficients: Coefficients
    intercept: Any

    @classmethod
    def of(cls, saved: Saved) -> "Line":
        """Return the coefficients of an estimator."""
        return cls(Coefficients(np.asarray(saved["coef_"], np.float64)), saved["intercept_"])

    def at(self, matrix: Matrix) -> Floats:
        """Return the raw predictions, (rows,) or (rows, classes)."""
        found = self.coefficients.times(matrix) + self.intercept
        return found.ravel() if found.ndim > 1 and found.shape[1] == 1 else found


def _estimator(saved: Saved) -> Multiplied:
    name = saved.kind.rpartition(".")[2]
    if name == "LogisticRegression":
        return Multiplied(_logistic(saved))
    if name == "OneVsRestClassifier":
        return Multiplied(_one_against_rest(saved))
    if name == "PoissonRegressor":
        line = Line.of(saved)
        largest = {key: saved[key] for key in ("largest_count_",) if saved.get(key) is not None}
        return Multiplied(lambda matrix: np.exp(line.at(matrix)), **largest)
    if name == "TransformedTargetRegressor":
        return Multiplied(_in_units(saved))
    relative = {key: saved[key] for key in ("relative_",) if saved.get(key) is not None}
    return Multiplied(_line(saved).at, **relative)


def _line(saved: Saved) -> Line:
    if saved.kind.rpartition(".")[2] not in ("Ridge", "Lasso"):
        raise UnknownPart(saved.kind)
    return Line.of(saved)


def _logistic(saved: Saved) -> Callable[[Matrix], Floats]:
    """Return the probabilities of the classes, (rows, classes): the logistic function of two, the softmax of more."""
    from scipy.special import expit

    line, classes = Line.of(saved), len(saved["classes_"])

    def predict(matrix: Matrix) -> Floats:
        raw = line.at(matrix)
        if classes == 2:  # noqa: PLR2004 - one number a row says all
            chance = expit(raw)
            return np.stack([1 - chance, chance], axis=1)
        raw -= raw.max(axis=1).reshape(-1, 1)
        np.exp(raw, out=raw)
        raw /= raw.sum(axis=1).reshape(-1, 1)
        return raw

    return predict


def _one_against_rest(saved: Saved) -> Callable[[Matrix], Floats]:
    machines = [_logistic(one) for one in saved["estimators_"]]
    if len(machines) < 3:  # noqa: PLR2004 - of two classes there is one machine, which scikit-learn turns into two
        raise UnknownPart(saved.kind)

    def predict(matrix: Matrix) -> Floats:
        chances = np.array([machine(matrix)[:, 1] for machine in machines]).T
        sums = np.sum(chances, axis=1)[:, np.newaxis]
        np.divide(chances, sums, out=chances, where=sums != 0)
        return chances

    return predict


def _in_units(saved: Saved) -> Callable[[Matrix], Floats]:
    """Return a line on a target in standard deviations, in the target's own unit."""
    line, scaler = _line(saved["regressor_"]), saved["transformer_"]
    if not scaler.kind.endswith(".StandardScaler"):
        raise UnknownPart(scaler.kind)
    scale, mean = scaler["scale_"], scaler["mean_"]

    def predict(matrix: Matrix) -> Floats:
        found = line.at(matrix)
        found *= scale
        found += mean
        return found

    return predict
