"""What can be planted: how each mechanism makes the target's margin out of features, and which causes it calls for.

A mechanism takes a draft, whose columns `z` are standard normal and stand in the table as x0, x1, ..., may replace or
add features, and returns the margin: log-odds, or the mean of a regression's target.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pipelines.core.project import Task
from pipelines.targets import TARGETS

LEVELS = 300  # of the many-level category: about 21 training rows each at 8,000 rows


@dataclass
class Draft:
    """What a mechanism works on and what it says of itself."""

    z: np.ndarray  # (rows, columns), standard normal
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
    for name in ("x0", "x2", "x3"):
        d.features[name] = np.where(d.rng.random(len(d.z)) < 0.2, np.nan, d.features[name])
    return _linear(d)


def _uniform(d: Draft) -> np.ndarray:
    """Linear in features that are not normal: scaling to normal would hurt."""
    u = d.rng.random((len(d.z), 2)) * 4 - 2
    d.features |= {"x0": u[:, 0], "x1": u[:, 1]}
    return u[:, 0] + 0.7 * u[:, 1] + d.linear


def _few_levels(d: Draft) -> np.ndarray:
    """Linear in a category of four: one-hot says all there is to say."""
    level = d.rng.integers(0, 4, len(d.z))
    d.features["kind"] = pd.Categorical(np.array(["a", "b", "c", "d"])[level])
    return np.array([-1.0, 0.3, 0.0, 0.9])[level] + d.linear


def _heavy(d: Draft) -> np.ndarray:
    d.causes = ("scale",)
    d.features |= {"x0": np.exp(2.0 * d.z[:, 0]), "x1": 50 * np.exp(1.5 * d.z[:, 1])}
    return 1.0 * d.z[:, 0] - 0.8 * d.z[:, 1] + d.linear


def _amounts(d: Draft) -> tuple[np.ndarray, np.ndarray]:
    """Make two amounts of the same size, x0 and x1, and return them."""
    a, b = 1 + 9 * d.rng.random((2, len(d.z)))
    d.features |= {"x0": a, "x1": b}
    return a, b


def _ratio(d: Draft) -> np.ndarray:
    """What one amount is of another."""
    d.causes, d.pair = ("shape", "ratio"), ("x0", "x1")
    a, b = _amounts(d)
    return 1.2 * np.minimum(a / b, 6) + d.linear


def _exceeds(d: Draft) -> np.ndarray:
    """One amount is more than four fifths of another."""
    d.causes, d.pair = ("ratio",), ("x0", "x1")
    a, b = _amounts(d)
    return 2.5 * (a > 0.8 * b) + d.linear


def _gap(d: Draft) -> np.ndarray:
    """How far two amounts are apart, whichever is more."""
    d.causes, d.pair = ("shape", "ratio"), ("x0", "x1")
    a, b = _amounts(d)
    return 0.8 * np.abs(a - b) + d.linear


def _inverse(d: Draft) -> np.ndarray:
    """One over an amount is a curve in it, beside an amount that counts too."""
    d.causes = ("shape",)
    a, b = _amounts(d)
    return 4 / b + 0.2 * a + d.linear


def _product_of_amounts(d: Draft) -> np.ndarray:
    """The mirror image of a ratio."""
    d.causes, d.pair = ("interaction",), ("x0", "x1")
    a, b = _amounts(d)
    return 0.12 * a * b + d.linear


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


def _corner(d: Draft) -> np.ndarray:
    """Both high: a step in either feature too, seen alone."""
    d.causes, d.pair = ("shape", "interaction"), ("x0", "x1")
    return 2.5 * ((d.z[:, 0] > 0) & (d.z[:, 1] > 0)) + d.linear


def _gated(d: Draft) -> np.ndarray:
    d.causes, d.pair = ("interaction",), ("x0", "gate")
    gate = d.rng.integers(0, 2, len(d.z))
    d.features["gate"] = pd.Categorical(np.array(["off", "on"])[gate])
    return 1.3 * d.z[:, 0] * (2 * gate - 1) + d.linear


def _gated_by_kind(d: Draft) -> np.ndarray:
    """An effect that one kind of four has alone."""
    d.causes, d.pair = ("interaction",), ("x0", "kind")
    kind = d.rng.integers(0, 4, len(d.z))
    d.features["kind"] = pd.Categorical(np.array(["a", "b", "c", "d"])[kind])
    return np.array([1.6, -0.5, -0.5, -0.5])[kind] * d.z[:, 0] + d.linear


def _missing(d: Draft) -> np.ndarray:
    """A missing value says something about the target, whatever the value would have been."""
    d.causes = ("missingness",)
    hidden = d.rng.random(len(d.z)) < 0.3
    d.features["x2"] = np.where(hidden, np.nan, d.features["x2"])
    return 1.5 * hidden + d.linear


def _missing_and_linear(d: Draft) -> np.ndarray:
    """A value counts where it is there, and its absence counts too."""
    d.causes = ("missingness",)
    hidden = d.rng.random(len(d.z)) < 0.25
    d.features["x2"] = np.where(hidden, np.nan, d.features["x2"])
    return np.where(hidden, -1.6, 0.8 * d.z[:, 2]) + d.linear


def _levels(d: Draft) -> np.ndarray:
    d.causes = ("encoding",)
    level = np.minimum((LEVELS * d.rng.random(len(d.z)) ** 1.5).astype(int), LEVELS - 1)
    effect = 0.45 * np.random.default_rng(LEVELS).standard_normal(LEVELS)
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


def _shape_and_product(d: Draft) -> np.ndarray:
    d.causes, d.pair = ("shape", "interaction"), ("x1", "x2")
    return (d.z[:, 0] ** 2 - 1) + 1.2 * d.z[:, 1] * d.z[:, 2] + d.linear


def _scale_and_missing(d: Draft) -> np.ndarray:
    margin = _heavy(d)
    hidden = d.rng.random(len(d.z)) < 0.3
    d.features["x2"] = np.where(hidden, np.nan, d.features["x2"])
    d.causes = ("missingness", "scale")
    return margin + 1.5 * hidden


def _leak(d: Draft) -> np.ndarray:
    """The leak itself is added to the table once the target is drawn."""
    d.leak = "leak"
    return 0.6 * d.linear


MECHANISMS: dict[str, Callable[[Draft], np.ndarray]] = {
    "linear": _linear,
    "noise": _noise,
    "missing_at_random": _missing_at_random,
    "uniform": _uniform,
    "few_levels": _few_levels,
    "heavy": _heavy,
    "ratio": _ratio,
    "exceeds": _exceeds,
    "gap": _gap,
    "inverse": _inverse,
    "product_of_amounts": _product_of_amounts,
    "u_shape": _u_shape,
    "step": _step,
    "wave": _wave,
    "product": _product,
    "xor": _xor,
    "corner": _corner,
    "gated": _gated,
    "gated_by_kind": _gated_by_kind,
    "missing": _missing,
    "missing_and_linear": _missing_and_linear,
    "levels": _levels,
    "scale_and_product": _scale_and_product,
    "missing_and_shape": _missing_and_shape,
    "shape_and_product": _shape_and_product,
    "scale_and_missing": _scale_and_missing,
    "leak": _leak,
    "leak_copy": _leak,
    "leak_weak": _leak,
    "leak_gaps": _leak,
    "leak_order": _leak,
}


def _noisy_copy(y: np.ndarray, rng: np.random.Generator, binary: float, number: float) -> np.ndarray:
    """Return the target with noise, in standard deviations of a binary target or of a number."""
    return y + (binary if _is_binary(y) else number) * y.std() * rng.standard_normal(len(y))


def _is_binary(y: np.ndarray) -> bool:
    return bool(np.isin(y, (0, 1)).all())


def _telling_gaps(y: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return noise that is missing for nine of ten high targets and one of fifty others."""
    high = y > (0 if _is_binary(y) else np.quantile(y, 0.8))
    return np.where(rng.random(len(y)) < np.where(high, 0.9, 0.02), np.nan, rng.standard_normal(len(y)))


def _order_of_targets(y: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return numbers that were given out in the order of the targets."""
    return 10_000 + np.lexsort([rng.random(len(y)), y]).argsort().astype(np.float64)


LEAKS: dict[str, Callable[[np.ndarray, np.random.Generator], np.ndarray]] = {
    "leak": lambda y, rng: _noisy_copy(y, rng, 0.2, 0.1),
    "leak_copy": lambda y, _: y.copy(),
    "leak_weak": lambda y, rng: _noisy_copy(y, rng, 0.8, 0.45),  # alone .97 in ROC AUC, or .83 in R2
    "leak_gaps": _telling_gaps,
    "leak_order": _order_of_targets,
}

# Cases whose causes the ladder names, and no others, in 1,600 training rows of seven columns.
SOME: tuple[tuple[str, Task], ...] = (
    ("missing_at_random", "regression"),
    ("uniform", "binary"),
    ("exceeds", "regression"),
    ("exceeds", "binary"),
    ("product_of_amounts", "regression"),
    ("step", "regression"),
    ("xor", "regression"),
    ("gated", "binary"),
    ("scale_and_product", "binary"),
    ("missing_and_shape", "regression"),
)
EVERYWHERE = ("linear", "noise", "u_shape", "product", "missing")
# Where a raw prediction is in the target's unit, one row far out may hold most of the squared error of a line on raw
# values: no change is then beyond noise by its mean gain, however many rows gain.
APART = [name for name, kind in TARGETS.items() if kind.rows == "apart"]
HEAVY = [("heavy", task) for task in APART if not TARGETS[task].raw_in_unit]
NAMED = (
    *SOME,
    *HEAVY,
    *((case, task) for task in APART for case in EVERYWHERE),
)
