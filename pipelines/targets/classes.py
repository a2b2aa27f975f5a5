"""One of several classes: log loss, and one raw prediction a class, whose softmax is the probabilities."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd

from pipelines.core.errors import InputError, quote
from pipelines.core.steady import steady
from pipelines.facts.metric import TargetLook
from pipelines.inputs import Boolean, Category, Integer
from pipelines.targets.arrays import Estimator, Floats, Matrix
from pipelines.targets.declared import Declared
from pipelines.targets.labelled import Labelled, chance_of_truth, indicators
from pipelines.targets.target import FEW_NUMBERS, Ability, Rates
from pipelines.targets.words import TargetWords

MOST_CLASSES = 100  # each costs trees of its own, and a score over so many says little of any


@dataclass(frozen=True)
class Classes(Labelled):
    """Three classes or more: `y` is a class's number, 0 to `outputs` - 1."""

    name: ClassVar[str] = "multiclass"
    can: ClassVar[frozenset[Ability]] = frozenset({"probabilities", "confusion"})
    column_types: ClassVar[tuple[str, ...]] = (Integer.name, Category.name)
    words: ClassVar[TargetWords] = TargetWords(
        encoded="a class's number",
        average="base rate",
        constant="the share of each class among the training rows",
        knows="shares of the classes",
        each_class="each class",
        linear_model="logistic regression",
        loss="log loss",
        raw_unit="log-odds",
        unit="probability",
        mean="share of class {class}",
        evidence="training rows outside the commonest class",
        predictions="probabilities",
    )
    engines: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "lightgbm": {"objective": "multiclass", "metric": "multi_logloss"},
        "lightgbm_large": {"feature_fraction": 0.7},
        "xgboost": {"objective": "multi:softprob", "eval_metric": "mlogloss"},
        "sklearn": {"suffix": "Classifier"},
        "forest": {"max_features": "sqrt", "min_samples_leaf": (2, 10), "arguments": {}},
        "histogram": {},
        "target_encoder": {"target_type": "multiclass"},
        "linear": {"model": "logistic regression", "C": 1.0},
        "classic": {"without": ()},
    }
    outputs: int

    @classmethod
    def of(cls, y: Floats) -> Self:
        """Return the target with an output a class."""
        return cls(int(y.max()) + 1)

    @classmethod
    def in_order(cls, labels: list[str], values: pd.Series, declared: Declared, where: str) -> list[str]:  # noqa: ARG003 - by value alone
        """Return the classes in order of value; raise InputError where they are two, or too many."""
        if len(labels) == 2:  # noqa: PLR2004 - then one number a row says all
            raise InputError(
                f"the target holds two classes: {quote(labels[0])} and {quote(labels[1])}",
                where=where,
                allowed=f"for task {cls.name!r}: three or more",
                todo='take task = "binary" and name one as `positive`',
            )
        if len(labels) > MOST_CLASSES:
            raise InputError(
                f"the target holds {len(labels)} classes",
                where=where,
                allowed=f"for task {cls.name!r}: up to {MOST_CLASSES}",
                todo='group classes, or take task = "regression" if the target is a quantity',
            )
        return labels

    @classmethod
    def valid(cls, y: pd.Series) -> pd.Series:
        """Return which values are whole numbers from 0."""
        return (y >= 0) & (y % 1 == 0)

    @classmethod
    def guess(cls, values: pd.Series, column_type: str | None) -> str | None:
        """Return how many values there are, of a category or of a few whole numbers."""
        different = values.nunique()
        if column_type == Category.name and different <= MOST_CLASSES:
            return f"a guess: {different:,} values"
        if column_type == Integer.name and different <= FEW_NUMBERS:
            return f"a guess: {different:,} values; --task count or regression if they are amounts"
        return None

    @classmethod
    def declared_type(cls, column_type: str | None, *, amounts: bool) -> str | None:
        """Return a type of classes for what may be true or false."""
        return (Integer.name if amounts else Category.name) if column_type == Boolean.name else column_type

    def judged(self, y: Floats, prediction: Floats) -> Floats:
        """Return the probability given to the row's own class."""
        return chance_of_truth(y, prediction)

    def raw_loss(self, y: Floats, raw: Floats) -> Floats:
        """Return the log losses of the softmax."""
        from scipy.special import logsumexp

        return np.asarray(logsumexp(raw, axis=1) - raw[np.arange(len(y)), y.astype(np.int64)])

    def inverse(self, raw: Floats) -> Floats:
        """Return the probabilities of the classes."""
        from scipy.special import softmax

        return np.asarray(softmax(raw, axis=1))

    def gradient_hessian(self, y: Floats, raw: Floats) -> tuple[Floats, Floats]:
        """Return the derivatives of the log loss, of the second ones those of each class by itself."""
        expected = self.inverse(raw)
        return expected - self.one_hot(y), expected * (1 - expected)

    def simulate(self, raw: Floats, rng: np.random.Generator) -> Floats:
        """Return classes drawn with the probabilities of the softmax: the largest raw prediction plus Gumbel noise."""
        return (raw + rng.gumbel(size=raw.shape)).argmax(axis=1).astype(np.float64)

    def constant(self, y: Floats, rows: int) -> Floats:
        """Return the shares of the classes, (rows, classes)."""
        share = np.bincount(y.astype(np.int64), minlength=self.outputs) / len(y)
        return np.broadcast_to(share, (rows, self.outputs))

    def trivial(self, y: Floats, seed: int) -> dict[str, Floats]:
        """Return the commonest class, the classes' shares, and random shares."""
        share = np.bincount(y.astype(np.int64)) / y.size
        return {
            "always the commonest class": np.tile((np.arange(share.size) == share.argmax()) * 1.0, (y.size, 1)),
            "always the classes' shares": np.tile(share, (y.size, 1)),
            "random scores": np.random.default_rng(seed).dirichlet(np.ones(share.size), y.size),
        }

    def rates(self, y: Floats, test_y: Floats) -> Rates:  # noqa: ARG002 - the test rows alone
        """Return the test rows of the rarest class."""
        return Rates(test_rarest=int(np.bincount(test_y.astype(int)).min()))

    def traits(self, y: Floats, declared: Declared) -> TargetLook:  # noqa: ARG002 - the classes say all
        """Return the number of classes, and the shares of the commonest and the rarest."""
        share = np.bincount(y.astype(np.int64)) / y.size
        return {"classes": share.size, "commonest": float(share.max()), "rarest": float(share.min())}

    def one_hot(self, y: Floats) -> Floats:
        """Return 0 and 1 by class, (rows, classes)."""
        return indicators(y, self.outputs)

    @classmethod
    def predicted(cls, estimator: Estimator, x: Matrix) -> Floats:
        """Return the probabilities of the classes."""
        return steady(estimator.predict_proba(x))
