"""Rows of one thing: found where columns repeat together, and silent where they only go together."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from pipelines.core.table import FOLDS, Table
from pipelines.duplicates import identical_features
from pipelines.experiments.belonging import one_thing
from pipelines.experiments.refitted import Question
from pipelines.exploration.entities import Entities, find_entities
from pipelines.metrics import METRICS
from pipelines.targets import Event

SEEDS = range(4)
Rng = np.random.Generator
PRICES = [
    4.99,
    5.99,
    7.49,
    9.99,
    12.5,
    14.99,
    19.99,
    24.99,
    29.99,
    39.99,
    49.99,
    59.99,
    79,
    99,
    129,
    149,
    199,
    249,
    399,
]


def found_in(x: pd.DataFrame) -> Entities | None:
    """Return the things that are found among the rows."""
    x = x.astype(np.float64).reset_index(drop=True)
    return find_entities(x, identical_features({str(name): x[name] for name in x.columns}, len(x)), 7)


def kept(rng: Rng, thing: np.ndarray, **columns: np.ndarray) -> pd.DataFrame:
    """Return a column of each kind, whose values stay with a thing, and two that change from row to row."""
    slow = {name: values[thing] for name, values in columns.items()}
    return pd.DataFrame(slow | {"pulse": rng.normal(70, 9, len(thing)).round(), "load": rng.random(len(thing))})


def patients(rng: Rng, count: int = 300, rows: int = 8) -> pd.DataFrame:
    """Return so many rows each of patients with an age, a height and a marker."""
    thing = rng.permutation(np.repeat(np.arange(count), rows))
    people = {"age": rng.integers(18, 88, count), "height": rng.normal(170, 9, count).round(1)}
    return kept(rng, thing, **people, marker=rng.gamma(4, 1, count).round(2))


def people(rng: Rng, rows: int = 3_000) -> pd.DataFrame:
    """Return people, one a row, whose measures are rounded."""
    height = rng.normal(170, 9, rows).round()
    return pd.DataFrame({
        "age": rng.integers(18, 88, rows), "height": height, "bp": rng.normal(120, 15, rows).round(),
        "weight": (height * 0.9 - 80 + rng.normal(0, 4, rows)).round(),
    })  # fmt: skip


THINGS: dict[str, tuple[Callable[[Rng], pd.DataFrame], set[str], int]] = {
    "patients": (patients, {"age", "height", "marker"}, 300),
    "few rows each": (lambda rng: patients(rng, 700, 3), {"age", "height", "marker"}, 700),
    "machines": (
        lambda rng: kept(
            rng, rng.integers(0, 60, 3_000), built=rng.integers(1980, 2020, 60), size=rng.integers(50, 400, 60)
        ),
        {"built", "size"}, 60,
    ),
    "shops of many sizes": (
        lambda rng: kept(
            rng, np.repeat(np.arange(600), rng.geometric(0.2, 600)), area=rng.normal(400, 120, 600).round(),
            far=rng.gamma(2, 3, 600).round(1), staff=rng.integers(3, 40, 600),
        ),
        {"area", "far", "staff"}, 400,
    ),
    "unrounded": (
        lambda rng: kept(rng, rng.integers(0, 300, 3_000), u=rng.normal(size=300), v=rng.normal(size=300)),
        {"u", "v"}, 300,
    ),
    "with gaps": (lambda rng: patients(rng).where(rng.random((2_400, 5)) < 0.9), {"age", "height", "marker"}, 300),
    "ages that go up": (
        lambda rng: patients(rng).assign(age=lambda frame: frame["age"] + rng.integers(0, 2, 2_400)),
        {"age", "height", "marker"}, 300,
    ),
}  # fmt: skip
CLEAN: dict[str, Callable[[Rng], pd.DataFrame]] = {
    "rounded measures": people,
    "a few hundred": lambda rng: people(rng, 400),
    "unrounded measures": lambda rng: pd.DataFrame(rng.normal(size=(2_000, 4)), columns=list("abcd")),
    "correlated": lambda rng: people(rng).assign(
        shoe=lambda frame: (frame["height"] / 4 + rng.normal(0, 0.7, 3_000)).round(1)
    ),
    "derived": lambda rng: pd.DataFrame({"c": rng.integers(0, 60, 3_000)}).assign(
        f=lambda frame: frame["c"] * 1.8 + 32, square=lambda frame: (frame["c"] - 30) ** 2
    ),
    "prices": lambda rng: pd.DataFrame({
        "price": rng.choice(PRICES, 3_000), "pieces": rng.integers(1, 60, 3_000), "off": rng.integers(0, 30, 3_000),
    }).assign(total=lambda frame: frame["price"] * frame["pieces"]),
    "a survey": lambda rng: pd.DataFrame(rng.integers(1, 8, (3_000, 6)), columns=list("abcdef")),
    "mostly zero": lambda rng: pd.DataFrame(
        np.where(rng.random((3_000, 4)) < 0.7, 0, rng.gamma(2, 50, (3_000, 4)).round(1)), columns=list("abcd")
    ),
    "copied rows": lambda rng: pd.concat([people(rng, 1_500)] * 2),
    "places": lambda rng: pd.DataFrame({"north": rng.normal(47.5, 0.1, 3_000).round(3)}).assign(
        east=lambda frame: (rng.normal(-122, 0.1, 3_000) + frame["north"] - 47.5).round(3),
        year=lambda frame: (1900 + (frame["north"] - 47.2) * 200 + rng.normal(0, 12, 3_000)).round(),
    ),
    "days and hours": lambda rng: pd.DataFrame({
        "day": np.repeat(np.arange(125), 24), "hour": np.tile(np.arange(24), 125),
        "load": rng.normal(50, 9, 3_000).round(),
    }),
}  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", THINGS)
def test_things_are_found_with_the_columns_that_name_them(name: str, seed: int) -> None:
    """Columns that stay with a thing are named, those that change are not, and most things are counted."""
    make, columns, fewest = THINGS[name]
    found = found_in(make(np.random.default_rng(seed)))
    assert found is not None
    assert columns >= set(found.columns)
    assert len(found.columns) >= 2
    assert 0.8 * fewest <= found.things <= 1.7 * fewest


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", CLEAN)
def test_no_things_are_found_where_there_are_none(name: str, seed: int) -> None:
    """Rounded, correlated, derived or coarse columns do not repeat together more than they would anyway."""
    assert found_in(CLEAN[name](np.random.default_rng(seed))) is None


def test_rows_of_a_thing_are_put_together() -> None:
    """Of 300 patients without gaps, every pair of rows is together as in truth."""
    rng = np.random.default_rng(1)
    thing = rng.permutation(np.repeat(np.arange(300), 8))
    frame = kept(rng, thing, age=rng.integers(18, 88, 300), marker=rng.normal(size=300))
    found = found_in(frame)
    assert found is not None
    assert pd.crosstab(found.group, thing).astype(bool).sum().eq(1).all()
    assert found.share == 1.0


def _table(known: float, *, whole: bool = False) -> Table:
    """Return the rows of 250 patients; so much of the outcome stays with the patient, the rest with the pulse."""
    rng = np.random.default_rng(4)
    frame = patients(rng, 250)
    thing = pd.factorize(frame["marker"] * 1_000 + frame["age"])[0]
    effect = 3 * known * rng.standard_normal(thing.max() + 1)[thing]
    odds = effect + (frame["pulse"] - 70) / 9
    rows = len(frame)
    fold = np.where(rng.random(rows) < 0.2, -1, rng.integers(0, FOLDS, rows))
    if whole:
        fold = thing % (FOLDS + 1) - 1
    keys = {"row_id": np.arange(rows), "split": np.where(fold < 0, "test", "train"), "fold": fold}
    y = (rng.random(rows) < 1 / (1 + np.exp(-odds))).astype(np.float64)
    return Table(frame.assign(**keys, y_true=y), Event())


ASKED = Question(METRICS["roc_auc"], 0.005, 1)


def test_what_the_score_owes_to_knowing_the_thing() -> None:
    """Where the outcome stays with the patient, much of the score goes; where it does not, none that shows."""
    one = one_thing(_table(1.0), ASKED)
    assert one is not None
    assert one["leak"]
    assert one["gain"] is not None
    assert one["gain"] > 0.1
    assert one["features"] == ["age", "height", "marker"]
    other = one_thing(_table(0.0), ASKED)
    assert other is not None
    assert not other["leak"]


def test_nothing_is_refitted_where_things_are_whole_already() -> None:
    """A split that keeps each patient in one fold has nothing to lose."""
    assert one_thing(_table(1.0, whole=True), ASKED) is None
