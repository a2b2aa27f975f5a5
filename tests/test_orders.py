"""Orders in which neighbours are alike: found in slow series, however shuffled; silent where rows are independent."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest

from pipelines.core.table import FOLDS, Table
from pipelines.experiments.neighbours import in_order
from pipelines.experiments.refitted import Question
from pipelines.exploration.orders import find_orders
from pipelines.metrics import METRICS
from pipelines.targets import Event, Number

ROWS = 2_000
SEEDS = range(4)
Rng = np.random.Generator


class Made(NamedTuple):
    """Features and target, in the file's order."""

    x: pd.DataFrame
    y: np.ndarray


def walk(rng: Rng, step: float = 1.0) -> np.ndarray:
    """Return a random walk."""
    return np.cumsum(rng.normal(0, step, ROWS))


def noise(rng: Rng) -> dict[str, np.ndarray]:
    """Return three columns of independent values."""
    return {name: rng.normal(size=ROWS) for name in ("p", "q", "r")}


def shuffled(rng: Rng, made: Made) -> Made:
    """Return the rows in another order."""
    order = rng.permutation(ROWS)
    return Made(made.x.iloc[order].reset_index(drop=True), made.y[order])


def _clock(rng: Rng, step: int, first: int = 1_700_000_000) -> np.ndarray:
    return first + step * np.sort(rng.permutation(3 * ROWS)[:ROWS])


def _ordered(name: str | None, order: Callable[[Rng], np.ndarray], *, series: bool = False) -> Callable[[Rng], Made]:
    """Return what makes a slow target whose order a column gives, or the file, beside noise and maybe a series."""

    def make(rng: Rng) -> Made:
        columns = {} if name is None else {name: order(rng)}
        columns |= {"wind": walk(rng), "load": walk(rng, 0.1)} if series else {}
        made = Made(pd.DataFrame(columns | noise(rng)), walk(rng))
        return made if name is None else shuffled(rng, made)

    return make


def _five_each(rng: Rng) -> Made:
    number, wind, price = (np.repeat(values[::5], 5) for values in (np.arange(ROWS), walk(rng), walk(rng)))
    x = pd.DataFrame({"no": number // 5, "wind": wind, **noise(rng)})
    return shuffled(rng, Made(x, price + rng.normal(0, 0.5, ROWS)))


def _outcome(rng: Rng) -> Made:
    wave = np.sin(np.arange(ROWS) / 12) + rng.normal(0, 0.4, ROWS)
    return Made(
        pd.DataFrame({"wind": walk(rng), "load": walk(rng), "gas": walk(rng)}), np.asarray(wave > 0, np.float64)
    )


SLOW: dict[str, tuple[Callable[[Rng], Made], str | None]] = {
    "an epoch": (_ordered("at", lambda rng: _clock(rng, 3_600)), "at"),
    "in thousandths": (_ordered("ms", lambda rng: _clock(rng, 60_000, 1_600_000_000_000)), "ms"),
    "irregular moments": (_ordered("at", lambda rng: 1.5e9 + np.sort(rng.integers(0, 10**7, ROWS))), "at"),
    "a running number": (_ordered("no", lambda _: np.arange(ROWS), series=True), "no"),
    "every third number": (_ordered("no", lambda _: np.arange(0, 3 * ROWS, 3), series=True), "no"),
    "the file": (_ordered(None, lambda _: np.arange(ROWS), series=True), None),
    "five series": (_five_each, "no"),
    "an outcome": (_outcome, None),
}


def _of(column: Callable[[Rng], np.ndarray], target: Callable[[np.ndarray, Rng], np.ndarray]) -> Callable[[Rng], Made]:
    """Return what makes a column, noise, and a target that depends on the column."""

    def make(rng: Rng) -> Made:
        values = column(rng)
        return Made(pd.DataFrame({"u": values, **noise(rng)}), np.asarray(target(values, rng), np.float64))

    return make


def _permuted(rng: Rng) -> np.ndarray:
    return rng.permutation(ROWS)


def _thousand(rng: Rng) -> np.ndarray:
    return rng.integers(0, 1_000, ROWS)


CLEAN: dict[str, Callable[[Rng], Made]] = {
    "independent rows": _of(lambda rng: rng.normal(size=ROWS), lambda _, rng: rng.normal(size=ROWS)),
    "a number of its own": _of(_permuted, lambda _, rng: rng.normal(size=ROWS)),
    "a rank that tells": _of(_permuted, lambda u, rng: rng.random(ROWS) < 1 / (1 + np.exp((1_000 - u) / 200))),
    "a threshold": _of(_thousand, lambda u, _: u > 400),
    "a noisy threshold": _of(_thousand, lambda u, rng: (u > 400) + rng.normal(0, 0.3, ROWS)),
    "a curve": _of(_thousand, lambda u, rng: ((u - 500) / 100) ** 2 + rng.normal(0, 0.3, ROWS)),
    "an epoch with a trend": _of(
        lambda rng: _clock(rng, 3_600), lambda u, rng: (u - u.mean()) / 1e7 + rng.normal(size=ROWS)
    ),
    "a file in order of a feature": _of(
        lambda rng: np.sort(rng.normal(size=ROWS)), lambda u, rng: u + rng.normal(size=ROWS)
    ),
    "a file in order of the target": lambda rng: Made(pd.DataFrame(noise(rng)), np.sort(rng.normal(size=ROWS))),
    "a slow target that no feature follows": lambda rng: Made(pd.DataFrame(noise(rng)), walk(rng)),
    "slow features, and a target that is not": lambda rng: Made(
        pd.DataFrame({"wind": walk(rng), "load": walk(rng)}), rng.normal(size=ROWS)
    ),
}  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", SLOW)
def test_the_order_is_found(name: str, seed: int) -> None:
    """Slow series are known by the column that orders them, or by the file."""
    make, feature = SLOW[name]
    made = make(np.random.default_rng(seed))
    orders = find_orders(made.x.astype(np.float64), np.arange(ROWS), made.y, [])
    assert [order.feature for order in orders] == [feature]
    along = made.x[feature].to_numpy() if feature else np.arange(ROWS)
    assert (np.diff(along[orders[0].places]) >= 0).all()


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", CLEAN)
def test_no_order_where_neighbours_are_not_alike(name: str, seed: int) -> None:
    """What merely depends on a column, or is slow where no model can see it, is no order."""
    made = CLEAN[name](np.random.default_rng(seed))
    assert find_orders(made.x.astype(np.float64), np.arange(ROWS), made.y, []) == []


def _table(made: Made, rng: Rng) -> Table:
    fold = np.where(rng.random(ROWS) < 0.2, -1, rng.integers(0, FOLDS, ROWS))
    keys = {"row_id": np.arange(ROWS), "split": np.where(fold < 0, "test", "train"), "fold": fold, "y_true": made.y}
    outcome = len(np.unique(made.y)) == 2
    return Table(made.x.astype(np.float64).assign(**keys), Event() if outcome else Number())


@pytest.mark.parametrize(
    ("name", "metric", "margin"),
    [("an epoch", "rmse", 0.1), ("the file", "rmse", 0.1), ("an outcome", "roc_auc", 0.005)],
)
def test_what_the_score_owes_to_neighbours(name: str, metric: str, margin: float) -> None:
    """Series that have nothing to do with each other: what a model seems to know goes with the neighbours."""
    rng = np.random.default_rng(2)
    (one,) = in_order(_table(SLOW[name][0](rng), rng), [], Question(METRICS[metric], margin, 1))
    assert one["leak"]
    assert one["feature"] == SLOW[name][1]
    assert one["gain"] is not None
    assert one["gain"] > 10 * margin


def test_nothing_is_refitted_where_rows_are_independent() -> None:
    """No order, no entry."""
    rng = np.random.default_rng(2)
    assert in_order(_table(CLEAN["a threshold"](rng), rng), [], Question(METRICS["roc_auc"], 0.005, 1)) == []
