"""Tables with a leak that no single score shows, each with its honest twin.

A case takes a generator and returns the features, the target and the columns that leak. Its twin has the same columns,
which go with the target as causes do: often, and with noise.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from pipelines.core.project import Task


@dataclass(frozen=True)
class Leaking:
    """A table: features by name (rows,), the target, and what leaks in it."""

    features: Mapping[str, np.ndarray]
    y: np.ndarray
    leaking: set[str]
    task: Task = "binary"
    logarithm: bool = field(default=False, kw_only=True)


class Case(Protocol):
    """What makes a table, and its honest twin."""

    def __call__(self, rng: np.random.Generator, *, leaks: bool) -> Leaking:
        """Return the table."""


def _beside(rng: np.random.Generator, rows: int) -> dict[str, np.ndarray]:
    """Return columns of no interest, the first of which tells a little."""
    return {
        "income": rng.normal(40, 12, rows).round(1),
        "distance": rng.exponential(20, rows).round(2),
        "visits": rng.integers(0, 9, rows),
        "region": rng.choice(list("NSEW"), rows),
    }


def _event(score: np.ndarray, share: float, rng: np.random.Generator) -> np.ndarray:
    """Return an event with log-odds that grow with the score, in that share of the rows."""
    noisy = score + rng.logistic(size=len(score))
    return (noisy > np.quantile(noisy, 1 - share)) * 1.0


def default(
    name: str, rows: int, share: float, told: float, away: Callable[[np.random.Generator, int], np.ndarray],
    value: float | str,
) -> Case:  # fmt: skip
    """Return the case of a column that is `value` but for the share `told` of the events."""

    def make(rng: np.random.Generator, *, leaks: bool) -> Leaking:
        features = _beside(rng, rows)
        y = _event(-0.04 * features["income"], share, rng)
        often = np.where(y == 1, told, 0.0 if leaks else told * share / 2)
        features[name] = np.where(rng.random(rows) < often, away(rng, rows), value)
        return Leaking(features, y, {name})

    return make


def bands(
    name: str, rows: int, levels: list[str] | int, curve: Callable[[np.ndarray], np.ndarray], shuffled: bool
) -> Case:
    """Return the case of a column that cuts an amount into equal parts; its twin cuts another amount, much like it."""

    def make(rng: np.random.Generator, *, leaks: bool) -> Leaking:
        features = _beside(rng, rows)
        amount = features["income"] + features["distance"] + rng.normal(0, 15, rows)
        cut = amount if leaks else amount + rng.normal(0, 20, rows)
        count = levels if isinstance(levels, int) else len(levels)
        part = np.searchsorted(np.quantile(cut, np.arange(1, count) / count), cut)
        order = rng.permutation(count) if shuffled else np.arange(count)
        features[name] = order[part] if isinstance(levels, int) else np.array(levels)[order[part]]
        return Leaking(features, curve(amount), {name}, "regression")

    return make


def compared(
    names: tuple[str, ...], draw: Callable[[np.random.Generator, int], list[np.ndarray]],
    score: Callable[..., np.ndarray], rows: int, above: float = 0.0, noise: float = 1.0,
) -> Case:  # fmt: skip
    """Return the case of an event that is a formula's value above a bound; its twin only depends on that value."""

    def make(rng: np.random.Generator, *, leaks: bool) -> Leaking:
        columns = draw(rng, rows)
        value = np.asarray(score(*columns), np.float64)
        y = (value > above) * 1.0
        if not leaks:
            y = _event(value / (noise * value.std()), y.mean(), rng)
        return Leaking(_beside(rng, rows) | dict(zip(names, columns, strict=True)), y, set(names))

    return make


def amount(
    names: tuple[str, ...], draw: Callable[[np.random.Generator, int], list[np.ndarray]],
    score: Callable[..., np.ndarray], rows: int, *, logarithm: bool = False, missing: float = 0.0, digits: int = 2,
) -> Case:  # fmt: skip
    """Return the case of an amount that a formula gives; its twin adds two fifths of its spread as noise."""

    def make(rng: np.random.Generator, *, leaks: bool) -> Leaking:
        columns = draw(rng, rows)
        y = np.asarray(score(*columns), np.float64).round(digits)
        if logarithm:
            y = np.log(y)
        if not leaks:
            y += rng.normal(0, 0.4 * y.std(), rows)
        shown = [np.where(rng.random(rows) < missing, np.nan, column) for column in columns]
        features = _beside(rng, rows) | dict(zip(names, shown, strict=True))
        return Leaking(features, y, set(names), "regression", logarithm=logarithm)

    return make


def _whole(low: int, high: int, rng: np.random.Generator, rows: int) -> np.ndarray:
    return rng.integers(low, high, rows).astype(np.float64)


def _promised(rng: np.random.Generator, rows: int) -> list[np.ndarray]:
    promised = _whole(2, 12, rng, rows)
    return [promised, np.maximum(promised + _whole(-5, 4, rng, rows), 0)]


def _sales(rng: np.random.Generator, rows: int) -> list[np.ndarray]:
    return [rng.gamma(2, 20, rows).round(2) + 1, _whole(1, 20, rng, rows), rng.gamma(3, 60, rows).round(1) + 1]


def _alike(rng: np.random.Generator, rows: int) -> list[np.ndarray]:
    levels = np.array(["AT", "BE", "CH", "DE", "ES"])
    one, other = rng.choice(levels, rows), rng.choice(levels, rows)
    return [one, np.where(rng.random(rows) < 0.7, one, other)]


def _three_ways(rng: np.random.Generator, *, leaks: bool) -> Leaking:
    """Early, on the day, late: three classes by the sign of a difference."""
    due, done = _promised(rng, 2400)
    y = np.sign(done - due) + 1
    if not leaks:
        y = np.where(rng.random(2400) < 0.3, rng.integers(0, 3, 2400), y)
    return Leaking(_beside(rng, 2400) | {"due": due, "done": done}, y, {"due", "done"}, "multiclass")


CASES: dict[str, Case] = {
    "recovered": default("recovered", 3000, 0.15, 0.45, lambda rng, n: rng.exponential(300, n).round(2) + 1, 0.0),
    "rare event": default("chargeback", 6000, 0.03, 0.8, lambda rng, n: _whole(1, 4, rng, n), 0.0),
    "no reason": default("reason", 2400, 0.3, 0.3, lambda rng, n: rng.choice(["moved", "price", "died"], n), "none"),
    "a dash": default("closed", 2400, 0.2, 0.6, lambda rng, n: rng.choice(["Mon", "Tue", "Wed", "Thu"], n), "-"),
    "minus one": default("days_since", 3000, 0.4, 0.15, lambda rng, n: _whole(0, 90, rng, n), -1.0),
    "quarters": bands("segment", 2000, list("ABCD"), lambda x: x, shuffled=True),
    "tiers of a long tail": bands("tier", 2500, ["low", "mid", "high"], lambda x: np.exp(x / 25), shuffled=False),
    "tenths": bands("class_no", 3000, 10, lambda x: x, shuffled=False),
    "halves": bands("premium", 1200, ["no", "yes"], lambda x: x, shuffled=False),
    "later than promised": compared(("promised", "taken"), _promised, lambda a, b: b - a, 2500),
    "two days of grace": compared(("promised", "taken"), _promised, lambda a, b: b - a - 1, 3000),
    "total above a bound": compared(
        ("used", "reserved"),
        lambda r, n: [r.gamma(2, 90, n).round(1), r.gamma(2, 90, n).round(1)],
        lambda a, b: a + b,
        2500,
        above=520.0,
    ),
    "over the limit": compared(
        ("used", "reserved", "limit"),
        lambda r, n: [r.gamma(3, 90, n).round(1), r.gamma(3, 90, n).round(1), r.gamma(9, 70, n).round()],
        lambda a, b, c: a + b - c,
        2500,
    ),
    "share above a bound": compared(
        ("debt", "income_year"), lambda r, n: _sales(r, n)[::2], np.divide, 3000, above=0.5
    ),
    "countries differ": compared(("card", "shop"), _alike, lambda a, b: (a != b) - 0.5, 2000, noise=0.5),
    "exactly one": compared(
        ("left", "right"), lambda r, n: [_whole(0, 2, r, n), _whole(0, 2, r, n)], lambda a, b: (a != b) - 0.5, 1200
    ),
    "early, on the day, late": _three_ways,
    "price times pieces": amount(("price", "pieces"), lambda r, n: _sales(r, n)[:2], np.multiply, 2000),
    "its logarithm": amount(("price", "pieces"), lambda r, n: _sales(r, n)[:2], np.multiply, 1500, logarithm=True),
    "with gaps": amount(("price", "pieces"), lambda r, n: _sales(r, n)[:2], np.multiply, 2500, missing=0.08),
    "sum of two": amount(("rent", "heating"), lambda r, n: [r.gamma(4, 50, n), r.gamma(4, 40, n)], np.add, 1200),
    "difference": amount(("gross", "costs"), lambda r, n: [r.gamma(4, 50, n), r.gamma(4, 40, n)], np.subtract, 1600),
    "ratio": amount(("distance_km", "litres"), lambda r, n: _sales(r, n)[:2], np.divide, 2000, digits=4),
    "the larger": amount(("bid", "reserve"), lambda r, n: [r.gamma(4, 50, n), r.gamma(4, 50, n)], np.maximum, 1500),
    "the smaller": amount(("stock", "orders"), lambda r, n: [r.gamma(4, 50, n), r.gamma(4, 50, n)], np.minimum, 1500),
    "sum of three": amount(("a", "b", "c"), lambda r, n: list(r.gamma(3, 50, (3, n))), lambda a, b, c: a + b + c, 1500),
    "net of a discount": amount(("price", "pieces", "discount"), _sales, lambda a, b, c: a * b - c, 2500),
    "volume": amount(("x", "y", "z"), lambda r, n: list(r.gamma(5, 2, (3, n))), lambda a, b, c: a * b * c, 2000),
    "per square": amount(
        ("weight", "height"),
        lambda r, n: [r.normal(75, 12, n).round(1), r.normal(1.7, 0.1, n).round(2)],
        lambda a, b: a / b**2,
        1500,
    ),
    "two shifts by the hour": amount(
        ("first", "second", "hours"),
        lambda r, n: [*r.gamma(4, 50, (2, n)), r.gamma(6, 3, n) + 1],
        lambda a, b, c: (a + b) / c,
        2000,
    ),
}
