"""An event that happens or not: log loss, and log-odds as the raw prediction."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from pipelines.core.cells import as_text, value_label
from pipelines.core.errors import InputError, quote
from pipelines.core.steady import steady
from pipelines.facts.metric import TargetLook
from pipelines.inputs import Boolean, Category, Integer, Number, holds_numbers
from pipelines.targets.arrays import Booleans, Estimator, Floats, Integers, Matrix
from pipelines.targets.declared import Declared
from pipelines.targets.labelled import Labelled
from pipelines.targets.sampled import evenly
from pipelines.targets.target import Ability, Rates
from pipelines.targets.words import TargetWords

MOST_SHOWN = 12  # values in a message
MIDDLE = 0.5  # the share of events below which the event is the rarer class
FALSE_ALARMS, FOUND = 0.01, 0.9  # looks excellent on any ROC curve: 1 % of the negatives, 90 % of the positives
RARE = 0.5  # of the rows kept that a class fills at most to be kept whole


@dataclass(frozen=True)
class Event(Labelled):
    """Two classes, of which the one that `positive` names is the event: 1, and the other 0."""

    name: ClassVar[str] = "binary"
    can: ClassVar[frozenset[Ability]] = frozenset({"probabilities", "event", "costs", "curves"})
    column_types: ClassVar[tuple[str, ...]] = (Integer.name, Number.name, Boolean.name, Category.name)
    words: ClassVar[TargetWords] = TargetWords(
        encoded="0 or 1",
        average="base rate",
        constant="the mean of the target over the training rows",
        knows="average",
        each_class="yeses",
        linear_model="logistic regression",
        loss="log loss",
        raw_unit="log-odds",
        unit="probability",
        mean="share of yes",
        evidence="training rows of the rarer class",
        predictions="probabilities",
    )
    engines: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "lightgbm": {"objective": "binary", "metric": "binary_logloss"},
        "lightgbm_large": {"feature_fraction": 0.7},
        "xgboost": {"objective": "binary:logistic", "eval_metric": "logloss"},
        "sklearn": {"suffix": "Classifier"},
        "forest": {"max_features": "sqrt", "min_samples_leaf": (2, 10), "arguments": {}},
        "histogram": {},
        "target_encoder": {"target_type": "binary"},
        "linear": {"model": "logistic regression", "C": 1.0},
        "classic": {"without": ()},
    }
    outputs: int = 1

    @classmethod
    def in_order(cls, labels: list[str], values: pd.Series, declared: Declared, where: str) -> list[str]:
        """Return the event last; raise InputError unless there are the event and one other value."""
        event = cls.event_label(values, declared)
        others = [label for label in labels if label != event]
        if event not in labels or len(others) != 1:
            more = ", …" if len(labels) > MOST_SHOWN else ""
            raise InputError(
                f"the target holds {', '.join(quote(label) for label in labels[:MOST_SHOWN])}{more}",
                where=where,
                allowed=f"for task {cls.name!r}: problem.positive, {quote(event)}, and one other value",
                todo="correct `positive`, or set aside other values with `allowed`",
            )
        return [*others, event]

    @staticmethod
    def event_label(values: pd.Series, declared: Declared) -> str:
        """Return the label of the event, as `labels` writes it."""
        if holds_numbers(values) and isinstance(declared.positive, bool | int | float):
            return value_label(float(declared.positive))
        return as_text(declared.positive)

    @classmethod
    def valid(cls, y: pd.Series) -> pd.Series:
        """Return which values are 0 or 1."""
        return y.isin([0.0, 1.0])

    @classmethod
    def guess(cls, values: pd.Series, column_type: str | None) -> str | None:
        """Return that there are two values."""
        return "a guess: two values" if values.nunique() == 2 or column_type == Boolean.name else None  # noqa: PLR2004

    def judged(self, y: Floats, prediction: Floats) -> Floats:
        """Return the probability given to what happened."""
        return np.where(y == 1, prediction, 1 - prediction)

    def raw_loss(self, y: Floats, raw: Floats) -> Floats:
        """Return the log losses of log-odds."""
        return np.asarray(np.logaddexp(0, raw) - y * raw)

    def inverse(self, raw: Floats) -> Floats:
        """Return the probability of the event."""
        from scipy.special import expit

        return np.asarray(expit(raw))

    def gradient_hessian(self, y: Floats, raw: Floats) -> tuple[Floats, Floats]:
        """Return the derivatives of the log loss by the log-odds."""
        expected = self.inverse(raw)
        return expected - y, expected * (1 - expected)

    def simulate(self, raw: Floats, rng: np.random.Generator) -> Floats:
        """Return 1 where the event happens, with the probability of those log-odds."""
        return (rng.random(len(raw)) < self.inverse(raw)).astype(np.float64)

    def constant(self, y: Floats, rows: int) -> Floats:
        """Return the share of events."""
        return np.full(rows, y.mean())

    def trivial(self, y: Floats, seed: int) -> dict[str, Floats]:
        """Return always no, always yes, the share of events, and random probabilities."""
        return {
            "always no": np.zeros(y.size),
            "always yes": np.ones(y.size),
            "always the base rate": np.full(y.size, y.mean()),
            "random scores": np.random.default_rng(seed).random(y.size),
        }

    def rates(self, y: Floats, test_y: Floats) -> Rates:
        """Return the share of events, and their number among the test rows."""
        return Rates(float(y.mean()), int(test_y.sum()))

    def traits(self, y: Floats, declared: Declared) -> TargetLook:  # noqa: ARG002 - the share says all
        """Return what a point that looks excellent on an ROC curve would mean here."""
        base = float(y.mean())
        flagged = FOUND * base + FALSE_ALARMS * (1 - base)
        return {
            "excellent_point": {
                "false_positive_rate": FALSE_ALARMS,
                "true_positive_rate": FOUND,
                "precision": FOUND * base / flagged,
                "false_alarms_per_hit": FALSE_ALARMS * (1 - base) / (FOUND * base),
            }
        }

    def one_hot(self, y: Floats) -> Floats:
        """Return `y` itself: 0 and 1."""
        return y

    def sample(self, y: Floats, most: int, seed: int) -> Integers:
        """Return at most `most` places: the rarer class, at most half of them, and the rest of the other class."""
        if len(y) <= most:
            return np.arange(len(y))
        rng = np.random.default_rng(seed)
        positive = y > 0
        rare = positive if 2 * positive.sum() <= len(y) else ~positive
        kept = min(int(rare.sum()), most // 2)
        wanted = ((rare, kept), (~rare, most - kept))
        return np.sort(np.concatenate([rng.choice(np.flatnonzero(side), size, replace=False) for side, size in wanted]))

    def weights(self, y: Floats, rows: Integers) -> Floats:
        """Return how many rows of its class each of `rows` stands for."""
        positive, chosen = y > 0, y[rows] > 0
        sides = ((positive, chosen), (~positive, ~chosen))
        up, down = (float(every.sum() / max(own.sum(), 1)) for every, own in sides)
        return np.where(chosen, up, down)

    def thin(self, y: Floats, most: int) -> tuple[Integers, Floats | None]:
        """Return evenly spaced rows; the rarer class whole where it fills less than RARE of them, and weights then."""
        rare = self.rarer(y)
        if len(y) <= most or not 0 < rare.sum() < RARE * most:
            return super().thin(y, most)
        others = np.flatnonzero(~rare)
        kept = evenly(others, most - int(rare.sum()))
        take = np.sort(np.concatenate([np.flatnonzero(rare), kept]))
        return take, np.where(rare[take], 1.0, len(others) / len(kept))

    def rarer(self, y: Floats) -> Booleans:
        """Return which rows are of the rarer class: the event, or the other."""
        return np.asarray(y == (y.mean() < MIDDLE))

    @classmethod
    def predicted(cls, estimator: Estimator, x: Matrix) -> Floats:
        """Return the probability of the event."""
        return steady(estimator.predict_proba(x)[:, 1])
