"""Columns on a scale on which densities can be compared: repeated values spread, skewness taken away, variance one.

A value that many rows share would be a group of its own, with a density that has no bound. So where the commonest value
of a column has at least COMMONEST of the rows, each repeated value is spread evenly between the middles to its
neighbours (dequantised; Theis, van den Oord and Bethge 2016, "A note on the evaluation of generative models", section
3.1), which keeps the order of the rows. Then a Yeo-Johnson transformation by likelihood takes skewness away (Yeo and
Johnson 2000, Biometrika 87, 954-959). Ranks would do that too, but close the gaps that are looked for.

The transformation depends on where a column has its zero and its unit, so some of both are tried, and the likelihood
chooses: what is found does not depend on whether a column is in euros or in cents.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pipelines.core.steady import steady

COMMONEST = 0.01  # share of rows with the commonest value from which repeated values are spread
POWERS = (-3.0, 5.0)  # 1 changes nothing, 0 the logarithm; beyond these a single row decides
UNITS = (1.0, 0.1, 0.01)  # in standard deviations: the smaller, the more a power bends near zero
# Share of rows with one value from which only the first unit is tried: a logarithm that begins beside a spike at zero
# makes a hump of what merely falls off from there.
SPIKE = 0.1

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Column:
    """How one column is transformed."""

    repeated: Floats  # (values,) that are spread, ascending; none where no value is common
    low: Floats  # (values,) where each is spread from
    high: Floats  # (values,) and to
    origin: float  # the power is of (value - origin) / unit
    unit: float
    power: float  # Yeo and Johnson's lambda
    centre: float  # mean and standard deviation after the power
    spread: float
    deviation: float  # standard deviation of the values themselves, once spread

    @classmethod
    def fit(cls, values: Floats, uniform: Floats, bent: bool) -> "Column":
        """Return the transformation of values (n,), each spread by its number between 0 and 1 in `uniform` (n,)."""
        cells = _cells(steady(values))
        even = _spread(steady(values), uniform, *cells)
        origin, unit, power = _bend(even, _units(steady(values))) if bent else (0.0, 1.0, 1.0)
        scaled = yeo_johnson((even - origin) / unit, power)
        return cls(*cells, origin, unit, power, float(scaled.mean()), float(scaled.std()), float(even.std()))

    def apply(self, values: Floats, uniform: Floats | None) -> tuple[Floats, Floats]:
        """Return the transformed values (n,) and the logarithm of the derivative at each (n,)."""
        even = steady(values)
        if uniform is not None:
            even = _spread(even, uniform, self.repeated, self.low, self.high)
        scaled = (even - self.origin) / self.unit
        slope = (self.power - 1) * np.sign(scaled) * np.log1p(np.abs(scaled))
        constant = np.log(self.deviation) - np.log(self.unit) - np.log(self.spread)
        return (yeo_johnson(scaled, self.power) - self.centre) / self.spread, slope + constant


@dataclass(frozen=True)
class Scaling:
    """The transformation of several columns, fitted on some rows and applied to others."""

    columns: tuple[Column, ...]

    @classmethod
    def fit(cls, values: ArrayLike, rng: np.random.Generator, *, bent: bool = True) -> "Scaling":
        """Return the scaling of values (n, columns) without missing ones; `rng` spreads repeated values.

        With `bent=False` values are spread and standardised only: what "on raw values" means.

        Raises ValueError for a column with one value only.
        """
        table = np.asarray(values, np.float64)
        constant = np.flatnonzero(table.min(axis=0) == table.max(axis=0))
        if len(constant):
            raise ValueError(f"column {constant[0]} has the same value in all {len(table)} rows")
        uniform = rng.random(table.shape)
        return cls(tuple(Column.fit(table[:, i], uniform[:, i], bent) for i in range(table.shape[1])))

    def apply(self, values: ArrayLike, rng: np.random.Generator | None) -> tuple[Floats, Floats]:
        """Return the transformed values (n, columns), and the logarithm of the Jacobian of each row (n,).

        The Jacobian is with regard to values in units of their own standard deviations (of the rows that were fitted),
        so log densities of different scalings of a table are comparable: log density of the transformed row + log
        Jacobian = log density of the row in those units. Generators with the same seed spread values alike, whatever
        the scaling; without one (a single new row) repeated values stay where they are.
        """
        table = np.asarray(values, np.float64)
        uniform = None if rng is None else rng.random(table.shape)
        done = [
            column.apply(table[:, i], None if uniform is None else uniform[:, i])
            for i, column in enumerate(self.columns)
        ]
        return np.column_stack([one for one, _ in done]), np.sum([slope for _, slope in done], axis=0)


def yeo_johnson(values: Floats, power: float) -> Floats:
    """Return the Yeo-Johnson transformation of values (n,): a power of 1 + value, mirrored below zero."""
    above = values >= 0
    powers = np.where(above, power, 2 - power)
    logs = np.log1p(np.abs(values))
    with np.errstate(divide="ignore", invalid="ignore"):
        bent = np.where(powers == 0, logs, np.expm1(powers * logs) / powers)
    return np.where(above, bent, -bent)


def _cells(values: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the repeated values, and from where to where each is spread; none where no value is common."""
    distinct, counts = np.unique(values, return_counts=True)
    if counts.max() < max(COMMONEST * len(values), 2):
        return np.empty(0), np.empty(0), np.empty(0)
    middles = (distinct[1:] + distinct[:-1]) / 2
    first, last = 2 * distinct[0] - middles[0], 2 * distinct[-1] - middles[-1]  # as far outside as inside
    edges, repeated = np.concatenate([[first], middles, [last]]), counts > 1
    return distinct[repeated], edges[:-1][repeated], edges[1:][repeated]


def _spread(values: Floats, uniform: Floats, repeated: Floats, low: Floats, high: Floats) -> Floats:
    """Return the values (n,), those that are repeated ones each somewhere between its low and high end."""
    if not len(repeated):
        return values
    at = np.minimum(np.searchsorted(repeated, values), len(repeated) - 1)
    return np.where(repeated[at] == values, low[at] + (high[at] - low[at]) * uniform, values)


def _units(values: Floats) -> tuple[float, ...]:
    """Return the units that are tried, in standard deviations."""
    _, counts = np.unique(values, return_counts=True)
    return UNITS[:1] if counts.max() >= SPIKE * len(values) else UNITS


def _bend(values: Floats, units: tuple[float, ...]) -> tuple[float, float, float]:
    """Return origin, unit and power of the greatest likelihood."""
    from scipy.optimize import minimize_scalar

    deviation, middle = float(values.std()), float(np.median(values))
    tried = []
    for origin, unit in [(middle, deviation), *((0.0, unit * deviation) for unit in units)]:
        scaled = (values - origin) / unit
        slopes = float((np.sign(scaled) * np.log1p(np.abs(scaled))).mean())
        best = minimize_scalar(
            lambda power, of=scaled, slopes=slopes: np.log(yeo_johnson(of, power).std()) - (power - 1) * slopes,
            bounds=POWERS, method="bounded", options={"xatol": 1e-3},
        )  # fmt: skip
        likelihood = float(-best.fun) - float(np.log(unit))
        tried.append((float(steady(likelihood)), origin, unit, float(steady(best.x))))
    _, origin, unit, power = max(tried, key=lambda one: one[0])
    return origin, unit, power
