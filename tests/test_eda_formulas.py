"""Tests of targets that columns give by arithmetic, of bands of the target, and of columns that leave their default."""

import numpy as np
import pandas as pd
import pytest
from conftest import Facts
from leaking import CASES, Leaking
from small_exploration import table_of

from pipelines.core.submit import run_now
from pipelines.eda import look_at_columns
from pipelines.exploration.bands import find_bands
from pipelines.exploration.defaults import default_alone
from pipelines.exploration.formulas import Goal, find_formulas
from pipelines.exploration.leaks import find_suspects
from pipelines.exploration.plain import plain
from pipelines.exploration.separation import explained, told, told_at_most
from pipelines.facts.claims import check_claims
from pipelines.targets import Event, Number

ALONE = {"far better than the rest", "near-perfect alone"}  # judge a column by its score alone: other tests are of them


def suspects_of(case: Leaking) -> list[Facts]:
    """Return the suspects among a case's columns; every sentence is checked."""
    features = {
        name: pd.Series(values).astype("category") if isinstance(values[0], str) else np.asarray(values, np.float64)
        for name, values in case.features.items()
    }
    table = table_of(features, case.y, case.task)
    classes = [{"value": str(number)} for number in range(int(table.y.max()) + 1)] if case.task != "regression" else []
    given: Facts = {"target_summary": {"classes": classes}, "features": []}
    look: Facts = plain(look_at_columns(table.rows("train"), given, 1, run_now, logarithm=case.logarithm))
    found: list[Facts] = find_suspects(look)
    check_claims([{"id": one["kind"], "text": one["why"], "evidence": one["evidence"]} for one in found], {"eda": look})
    return found


@pytest.mark.parametrize("seed", [1])
@pytest.mark.parametrize("name", CASES)
def test_a_planted_leak_is_found(name: str, seed: int) -> None:
    """Whatever its form, each of its columns is suspected, and no other."""
    case = CASES[name](np.random.default_rng(seed), leaks=True)
    assert {one["feature"] for one in suspects_of(case)} == case.leaking


@pytest.mark.parametrize("seed", [1])
@pytest.mark.parametrize("name", CASES)
def test_its_honest_twin_is_not(name: str, seed: int) -> None:
    """The same columns go with the target as strongly as causes do, with exceptions and noise."""
    case = CASES[name](np.random.default_rng(seed), leaks=False)
    assert [one for one in suspects_of(case) if one["kind"] not in ALONE] == []


def test_the_sentence_names_the_comparison() -> None:
    """More days than promised: both columns are suspected for that, and it is exact."""
    case = CASES["later than promised"](np.random.default_rng(1), leaks=True)
    found = suspects_of(case)
    assert [one["kind"] for one in found] == ["with others", "with others"]
    assert all("taken > promised gives the class of 100.00% of the rows" in one["why"] for one in found)


def test_explained_variance_is_that_of_a_line() -> None:
    """Against numpy's correlation, with and without missing values; nothing where half is missing or constant."""
    rng = np.random.default_rng(0)
    y = rng.normal(size=200)
    values = np.column_stack([y + rng.normal(size=200), rng.normal(size=200) * 1e200, np.full(200, 3.1), y, y])
    values[:30, 3], values[:150, 4] = np.nan, np.nan

    found = explained(values, y)

    for column in (0, 1, 3):
        known = np.isfinite(values[:, column])
        scaled = values[known, column] / np.abs(values[known, column]).max()
        assert found[column] == pytest.approx(np.corrcoef(scaled, y[known])[0, 1] ** 2)
    assert list(found[[2, 4]]) == [0, 0]


def test_told_by_hand() -> None:
    """Of four rows of one class and two of another, one of each lies on the wrong side: three in four, one in two."""
    x = np.array([1.0, 2, 3, 6, 4, 7])
    y = np.array([0, 0, 0, 0, 1, 1])
    assert told(x, y, 2) == pytest.approx((3 / 4 + 1 / 2) / 2)
    assert told(-x, y, 2) == told(x, y, 2)
    assert told_at_most(x[:, None], y, 2)[0] == told(x, y, 2)


def test_ties_tell_nothing() -> None:
    """A constant puts every row of the larger class where the smaller should be, as far as it reaches."""
    y = np.array([0, 0, 0, 1, 1, 1])
    assert told(np.zeros(6), y, 2) == 0


def test_three_classes_in_any_order() -> None:
    """The class in the middle may have any number."""
    x = np.arange(9.0)
    y = np.array([2, 2, 2, 0, 0, 0, 1, 1, 1])
    assert told(x, y, 3) == 1
    assert told_at_most(np.column_stack([x, -x]), y, 3).tolist() == [1, 1]


def test_noise_gives_no_formula() -> None:
    """Forty columns of noise, thousands of formulas, few rows: no class and no amount comes out."""
    rng = np.random.default_rng(3)
    x = pd.DataFrame(rng.normal(size=(120, 40))).rename(columns=str)
    for classes in (2, 3):
        assert find_formulas(x, Goal(np.arange(120) % classes * 1.0, classes, logarithm=False), 1) == []
    assert find_formulas(x, Goal(rng.normal(size=120), 0, logarithm=False), 1) == []


def test_the_plainest_formula_is_stated() -> None:
    """Where a product is the target, no triple that holds it is stated beside it."""
    rng = np.random.default_rng(4)
    x = pd.DataFrame({"price": rng.gamma(2, 10, 500), "pieces": rng.integers(1, 9, 500) * 1.0, "z": rng.random(500)})
    found = find_formulas(x, Goal((x["price"] * x["pieces"]).to_numpy(), 0, logarithm=False), 1)
    assert [one["form"] for one in found] == ["price * pieces"]


def test_default_by_hand() -> None:
    """Seven of ten rows are at 0 and one is missing; of the two others one is an event."""
    values = pd.Series([0.0] * 7 + [np.nan, 3, 5])
    y = np.array([0, 0, 0, 0, 0, 0, 1, 1, 1, 0], np.float64)
    found = default_alone(values, y, Event())
    assert found is not None
    assert (found["value"], found["rows"], found["others"]) == (0.0, 8, 0.25)
    assert (found["away"], found["target_mean"]) == (2, 0.5)


def test_a_column_without_a_commonest_value_has_no_default() -> None:
    """All different, or the commonest value in fewer than half of the rows."""
    for values in (np.arange(10.0), np.array([0, 0, 0, 0, 1, 1, 1, 2, 2, 2.0])):
        assert default_alone(pd.Series(values), np.arange(10) % 2 * 1.0, Event()) is None


def test_bands_by_hand() -> None:
    """Two halves of 0 to 99 touch and do not overlap; moved apart, the gap is what lies between their ends."""
    y = np.arange(100.0)
    half = pd.Series(np.repeat([1.0, 0.0], 50))
    touching = find_bands(half, y, Number())
    assert touching is not None
    assert touching["in_band"] == 1
    ends = np.quantile(np.arange(50.0), [0.05, 0.25, 0.75, 0.95])
    assert touching["gap"] == pytest.approx((50 + ends[0] - ends[3]) / (ends[2] - ends[1]))
    apart = find_bands(half, np.where(y < 50, y, y + 1000), Number())
    assert apart is not None
    assert apart["gap"] == pytest.approx(touching["gap"] + 1000 / (ends[2] - ends[1]))


def test_a_rare_level_does_not_make_bands() -> None:
    """One row in a hundred has it, and is dearer: most rows lie in the common level's range, few of the others."""
    rng = np.random.default_rng(5)
    rare = (rng.random(4000) < 0.01) * 1.0
    found = find_bands(pd.Series(rare), rng.normal(size=4000) + 2 * rare, Number())
    assert found is not None
    assert found["in_band"] < 0.8
