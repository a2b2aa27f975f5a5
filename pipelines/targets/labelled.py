"""What the kinds of target with classes share: log loss, strata, and a logistic regression."""

from abc import abstractmethod
from typing import ClassVar

import numpy as np
import pandas as pd

from pipelines.core.cells import value_label
from pipelines.core.errors import InputError, quote
from pipelines.core.steady import steady
from pipelines.facts.define import ClassShare, TargetSummary
from pipelines.targets.arrays import Booleans, Estimator, Floats, Integers, Matrix
from pipelines.targets.declared import Declared
from pipelines.targets.target import MAX_ITERATIONS, START_DIGITS, TOLERANCE, Target, linear_solver

SURE = 1e-6  # probabilities stay this far from 0 and 1: one row that was sure and wrong should not decide alone
MANY = 5_000  # coefficients, as of the words of texts, from which truncated Newton steps need a fifth of lbfgs's time
FAR = 12.0  # log-odds beyond this carry no information that a tree could use


class Labelled(Target):
    """A target that is one of a few classes: `y` is a class's number."""

    hessian_counts_rows: ClassVar[bool] = False
    sparse_levels: ClassVar[bool] = True
    fastest_learning: ClassVar[float] = 1.0

    @classmethod
    def labels(cls, values: pd.Series, declared: Declared, where: str) -> list[str]:
        """Return the classes as text; raise InputError where the target holds only one."""
        labels = [value_label(value) for value in sorted(values.dropna().unique().tolist())]
        where = f"{where}, column {quote(declared.target)}"
        if len(labels) < 2:  # noqa: PLR2004 - one class has nothing to be compared with
            found = f"the target holds only one class: {quote(labels[0])}" if labels else "no row with a target is left"
            raise InputError(found, where=where, allowed="two classes or more", todo="take a file with both outcomes")
        return cls.in_order(labels, values, declared, where)

    @classmethod
    @abstractmethod
    def in_order(cls, labels: list[str], values: pd.Series, declared: Declared, where: str) -> list[str]:
        """Return the classes, which come in order of value, in the order of their numbers."""

    @classmethod
    def encode(cls, values: pd.Series, labels: list[str] | None, declared: Declared, where: str) -> Floats:  # noqa: ARG003 - `labels` has checked
        """Return the number of each row's class."""
        codes, present = pd.factorize(values)
        numbers: Floats = np.array([(labels or []).index(value_label(value)) for value in present], np.float64)
        return numbers[codes]

    @classmethod
    def summary(cls, y: Floats, test: Booleans, labels: list[str] | None, declared: Declared) -> TargetSummary:  # noqa: ARG003 - classes have no unit
        """Return rows and shares by class."""
        hits = [(label, y == place) for place, label in enumerate(labels or [])]
        classes: list[ClassShare] = [
            {
                "value": label, "rows": int(hit.sum()), "share": float(hit.mean()),
                "train_share": float(hit[~test].mean()), "test_share": float(hit[test].mean()),
            }
            for label, hit in hits
        ]  # fmt: skip
        return {"classes": classes}

    def loss(self, y: Floats, prediction: Floats) -> Floats:
        """Return the log losses."""
        return self.judged_loss(y, self.judged(y, prediction))

    def judged_loss(self, y: Floats, judgement: Floats) -> Floats:  # noqa: ARG002 - already in the judgement
        """Return the log losses, of probabilities kept SURE away from 0 and 1."""
        return np.asarray(-np.log(np.clip(judgement, SURE, 1 - SURE)))

    def start(self, y: Floats, raw: Floats) -> Floats:  # noqa: ARG002 - log-odds have their own scale
        """Return centred log-odds within FAR of zero, with START_DIGITS digits."""
        return np.asarray(np.round(np.clip(self.centred(raw), -FAR, FAR), START_DIGITS))

    def strata(self, y: Floats) -> Integers:
        """Return each row's class."""
        return y.astype(np.int64)

    def evidence(self, y: Floats) -> int:
        """Return the number of rows outside the commonest class: 200,000 payments with 400 frauds teach little."""
        return len(y) - int(np.unique(y, return_counts=True)[1].max())

    def learnable(self, y: Floats) -> bool:
        """Return whether there are two classes."""
        return len(np.unique(y)) > 1

    def complete(self, y: Floats, whole: Floats) -> bool:
        """Return whether `y` has as many classes as the `whole` target."""
        return len(np.unique(y)) == len(np.unique(whole))

    def some_of_each(self, y: Floats, few: int) -> Integers:
        """Return the places of the first `few` rows of each class: a rare one may be missing among some rows."""
        return np.concatenate([np.flatnonzero(y == label)[:few] for label in np.unique(y)])

    def rare_first(self, y: Floats, most: int) -> Integers:
        """Return the rarer classes' rows first, at most an equal share of each, and then the others in order."""
        labels, counts = np.unique(y, return_counts=True)
        rare = [np.flatnonzero(y == label)[: most // len(labels)] for label in labels[counts < counts.max()]]
        kept = np.concatenate(rare) if rare else np.empty(0, np.int64)
        others = np.setdiff1d(np.arange(len(y)), kept, assume_unique=True)
        return np.concatenate([kept, others[: most - len(kept)]])[:most]

    def as_fitted(self, y: Floats) -> Integers:
        """Return the classes' numbers as integers."""
        return y.astype(np.int64)

    def linear_estimator(
        self,
        matrix: Matrix,
        penalty: float = 1.0,
        *,
        exact: bool = True,
        seed: int | None = None,  # noqa: ARG002 - it draws nothing
    ) -> Estimator:
        """Return the logistic regression, of several classes the multinomial one."""
        from sklearn.linear_model import LogisticRegression

        coefficients = matrix.shape[1] * self.outputs
        solver = linear_solver(matrix, coefficients) if coefficients < MANY else "newton-cg"
        settings = {"tol": TOLERANCE} if exact else {}
        return LogisticRegression(C=1 / penalty, solver=solver, max_iter=MAX_ITERATIONS, **settings)

    @classmethod
    @abstractmethod
    def predicted(cls, estimator: Estimator, x: Matrix) -> Floats:
        """Return the probabilities."""

    def raw_predicted(self, estimator: Estimator, x: Matrix) -> Floats:
        """Return the log-odds."""
        return steady(estimator.decision_function(x))


def chance_of_truth(y: Floats, prediction: Floats) -> Floats:
    """Return the probability that each row's prediction gave to the row's own class, (n,)."""
    chances: Floats = prediction[np.arange(y.size), y.astype(np.int64)]
    return chances


def indicators(y: Floats, classes: int) -> Floats:
    """Return 1.0 in the column of each row's own class and 0.0 in the others, (n, classes)."""
    return (y[:, None] == np.arange(classes)).astype(np.float64)
