"""Tables with planted causes: what step 7 should find in them is known because we put it there.

`planted(case, ...)` draws features, builds a margin (log-odds, or the mean of a regression target) from the
named mechanism, draws the target from it, and returns the table with the causes by construction. A cause here
is the factor of step 7 that the mechanism calls for; whether its gain is large enough to be found is a property
of the population, which `oracle` (the true margin of every row) lets a test compute.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pipelines.core.project import Task
from pipelines.core.table import FOLDS, Table

LEVELS = 300  # of the many-level category: about 21 training rows each at 8,000 rows


@dataclass(frozen=True)
class Planted:
    """A table and what was planted in it."""

    case: str
    table: Table
    causes: frozenset[str]  # factors of step 7
    pair: frozenset[str]  # the two interacting features, empty without one
    leak: str | None  # the feature that gives the target away
    oracle: np.ndarray  # the true margin of each row, float64 of shape (rows,)


@dataclass
class Draft:
    """What a mechanism works on: `z` are standard normal columns, and it may replace or add features."""

    z: np.ndarray
    rng: np.random.Generator
    features: dict[str, Any]  # columns of the table
    causes: tuple[str, ...] = ()
    pair: tuple[str, ...] = ()
    leak: str | None = None

    @property
    def linear(self) -> np.ndarray:
        """A plain linear signal on two features."""
        return 0.7 * self.z[:, 3] - 0.5 * self.z[:, 4]


def _linear(d: Draft) -> np.ndarray:
    return 0.8 * d.z[:, 0] + 0.6 * d.z[:, 1] + d.linear


def _noise(d: Draft) -> np.ndarray:
    return np.zeros(len(d.z))


def _missing_at_random(d: Draft) -> np.ndarray:
    for name in ("x0", "x3", "x5"):
        d.features[name] = np.where(d.rng.random(len(d.z)) < 0.2, np.nan, d.features[name])
    return _linear(d)


def _uniform(d: Draft) -> np.ndarray:
    """Linear in features that are not normal: scaling to normal would hurt."""
    u = d.rng.random((len(d.z), 2)) * 4 - 2
    d.features |= {"x0": u[:, 0], "x1": u[:, 1]}
    return u[:, 0] + 0.7 * u[:, 1] + d.linear


def _heavy(d: Draft) -> np.ndarray:
    d.causes = ("scale",)
    d.features |= {"x0": np.exp(2.0 * d.z[:, 0]), "x1": 50 * np.exp(1.5 * d.z[:, 1])}
    return 1.0 * d.z[:, 0] - 0.8 * d.z[:, 1] + d.linear


def _u_shape(d: Draft) -> np.ndarray:
    d.causes = ("shape",)
    return 1.0 * (d.z[:, 0] ** 2 - 1) + d.linear


def _step(d: Draft) -> np.ndarray:
    d.causes = ("shape",)
    return 2.0 * (np.abs(d.z[:, 0]) < 0.7) + d.linear


def _wave(d: Draft) -> np.ndarray:
    d.causes = ("shape",)
    return 1.2 * np.sin(3 * d.z[:, 0]) + d.linear


def _product(d: Draft) -> np.ndarray:
    d.causes, d.pair = ("interaction",), ("x0", "x1")
    return 1.0 * d.z[:, 0] * d.z[:, 1] + d.linear


def _xor(d: Draft) -> np.ndarray:
    d.causes, d.pair = ("interaction",), ("x0", "x1")
    return 0.9 * np.sign(d.z[:, 0]) * np.sign(d.z[:, 1]) + d.linear


def _gated(d: Draft) -> np.ndarray:
    d.causes, d.pair = ("interaction",), ("x0", "gate")
    gate = d.rng.integers(0, 2, len(d.z))
    d.features["gate"] = pd.Categorical(np.array(["off", "on"])[gate])
    return 1.3 * d.z[:, 0] * (2 * gate - 1) + d.linear


def _missing(d: Draft) -> np.ndarray:
    """A missing value says something about the target, whatever the value would have been."""
    d.causes = ("missingness",)
    hidden = d.rng.random(len(d.z)) < 0.3
    d.features["x5"] = np.where(hidden, np.nan, d.features["x5"])
    return 1.5 * hidden + d.linear


def _levels(d: Draft) -> np.ndarray:
    d.causes = ("encoding",)
    level = np.minimum((LEVELS * d.rng.random(len(d.z)) ** 1.5).astype(int), LEVELS - 1)
    effect = 0.45 * d.rng.standard_normal(LEVELS)
    d.features["city"] = pd.Categorical([f"c{i:03d}" for i in level])
    return effect[level] + 0.5 * d.linear


def _scale_and_product(d: Draft) -> np.ndarray:
    margin = _heavy(d)
    d.causes, d.pair = ("scale", "interaction"), ("x5", "x6")
    return margin + 1.2 * d.z[:, 5] * d.z[:, 6]


def _missing_and_shape(d: Draft) -> np.ndarray:
    margin = _missing(d)
    d.causes = ("missingness", "shape")
    return margin + (d.z[:, 0] ** 2 - 1)


def _leak(d: Draft) -> np.ndarray:
    """The leak itself is added to the table once the target is drawn."""
    d.leak = "leak"
    return 0.6 * d.linear


MECHANISMS: dict[str, Callable[[Draft], np.ndarray]] = {
    "linear": _linear,
    "noise": _noise,
    "missing_at_random": _missing_at_random,
    "uniform": _uniform,
    "heavy": _heavy,
    "u_shape": _u_shape,
    "step": _step,
    "wave": _wave,
    "product": _product,
    "xor": _xor,
    "gated": _gated,
    "missing": _missing,
    "levels": _levels,
    "scale_and_product": _scale_and_product,
    "missing_and_shape": _missing_and_shape,
    "leak": _leak,
}


def planted(
    case: str, rows: int, seed: int, *, columns: int = 8, base_rate: float = 0.3, task: Task = "binary",
    correlation: float = 0.0,
) -> Planted:  # fmt: skip
    """Return `rows` rows (a fifth of them test rows) with the named case's cause planted.

    `columns` normal features named x0, x1, ... (at least 7), all correlated by `correlation`. Regression: the
    target is the margin plus standard normal noise. Several classes: three, with log-odds
    of 0, the margin and minus it.
    """
    rng = np.random.default_rng(seed)
    common = rng.standard_normal((rows, 1))
    z = np.sqrt(correlation) * common + np.sqrt(1 - correlation) * rng.standard_normal((rows, columns))
    draft = Draft(z, rng, {f"x{i}": z[:, i].copy() for i in range(columns)})
    margin = MECHANISMS[case](draft)
    if task == "regression":
        y = margin + rng.standard_normal(rows)
    elif task == "multiclass":
        odds = np.column_stack([np.zeros(rows), margin, -margin])
        y = (odds + rng.gumbel(size=odds.shape)).argmax(axis=1).astype(float)
    else:
        margin = margin + _intercept(margin, base_rate)
        y = (rng.random(rows) < 1 / (1 + np.exp(-margin))).astype(float)
    if draft.leak:
        draft.features[draft.leak] = y + 0.1 * rng.standard_normal(rows)
    frame = pd.DataFrame(_keys(rows, rng) | {"y_true": y} | draft.features)
    return Planted(case, Table(frame, task), frozenset(draft.causes), frozenset(draft.pair), draft.leak, margin)


def _intercept(margin: np.ndarray, base_rate: float) -> float:
    """Return the shift that makes the mean probability the base rate, by bisection."""
    low, high = -20.0, 20.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if np.mean(1 / (1 + np.exp(-margin - middle))) < base_rate else (low, middle)
    return low


def _keys(rows: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Return row_id, split and fold: a fifth test rows, the rest dealt into the folds."""
    test = rng.permutation(rows) < rows // 5
    fold = np.where(test, -1, rng.permutation(rows) % FOLDS)
    return {"row_id": np.arange(rows), "split": np.where(test, "test", "train"), "fold": fold.astype(np.int64)}
