"""Rows that form groups: lines become entities, nothing looks beyond the cut, unfit columns are refused."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest
from toy_grouped import OF_EVENTS, ROWS, changed, crowd, defined, events

from pipelines.core.errors import InputError
from pipelines.core.keys import DESCRIBES, HALVINGS
from pipelines.core.project import Entities, Made, Problem
from pipelines.core.table import Table
from pipelines.rows.entities import Gathered, Lines, gather, make_columns
from pipelines.rows.grouped import deal_halves
from pipelines.rows.grouped_checks import EXACT, check_columns, explained_by_others
from pipelines.targets import Groups

CUT = np.datetime64("2020-07-01")
BOUGHT = ("units > 0",)
TAKES = {
    "lines": Made(take="lines"), "bought": Made(take="lines", where=BOUGHT), "units": Made(take="sum", of="units"),
    "paid": Made(take="sum", of="amount", where=BOUGHT), "mean": Made(take="mean", of="price"),
    "median": Made(take="median", of="price"), "low": Made(take="min", of="price"),
    "high": Made(take="max", of="units", where=BOUGHT), "lands": Made(take="different", of="land"),
    "days": Made(take="days"), "recency": Made(take="recency"), "tenure": Made(take="tenure", where=BOUGHT),
    "span": Made(take="span"), "home": Made(take="commonest", of="land"),
    "later": Made(take="sum", of="amount", after=True), "visits": Made(take="days", after=True, where=BOUGHT),
}  # fmt: skip


def asked(**keys: Any) -> Entities:  # noqa: ANN401 - whatever a key may hold
    """Return what is made of lines, with further keys."""
    given: dict[str, Any] = {
        "by": "customer",
        "time": "day",
        "cut": "2020-07-01",
        "product": {"amount": ("units", "price")},
    }
    return Entities(**({"columns": TAKES} | given | keys))


def typed(lines: pd.DataFrame) -> pd.DataFrame:
    """Return the lines as step 1 has them."""
    return lines.assign(day=pd.to_datetime(lines["day"]), customer=lines["customer"].astype("category"))


def gathered(entities: Entities, lines: pd.DataFrame | None = None, make: Any = None) -> Gathered:  # noqa: ANN401
    """Return what is made of the lines."""
    given = typed(events() if lines is None else lines)
    return gather({str(name): given[name] for name in given}, given, entities, "the file", make)


def by_hand(lines: pd.DataFrame, until: np.datetime64 | None = None) -> dict[str, dict[str, Any]]:
    """Return by customer what a loop over the lines makes of each, where there is one before the cut."""
    found = {}
    for name, each in typed(lines).groupby("customer", observed=True):
        before = [one for one in each.to_dict("records") if one["day"] < CUT]
        after = [one for one in each.to_dict("records") if one["day"] >= CUT and (until is None or one["day"] < until)]
        bought = [one for one in before if one["units"] > 0]
        if not before:
            continue
        prices, days = [one["price"] for one in before], [one["day"] for one in before]
        lands = [one["land"] for one in before]
        found[str(name)] = {
            "lines": len(before), "bought": len(bought), "units": sum(one["units"] for one in before),
            "paid": sum(one["units"] * one["price"] for one in bought), "mean": np.mean(prices),
            "median": np.median(prices), "low": min(prices),
            "high": max((one["units"] for one in bought), default=np.nan), "lands": len(set(lands)),
            "days": len(set(days)), "recency": (CUT - max(days)).days,
            "tenure": (CUT - min(one["day"] for one in bought)).days if bought else np.nan,
            "span": (max(days) - min(days)).days, "home": min(set(lands), key=lambda one: (-lands.count(one), one)),
            "later": sum(one["units"] * one["price"] for one in after),
            "visits": len({one["day"] for one in after if one["units"] > 0}),
        }  # fmt: skip
    return found


@pytest.mark.parametrize("days", [None, 40])
def test_what_is_made_of_lines_is_what_a_loop_makes(days: int | None) -> None:
    """Each column of each customer, before the cut, and after it for all or some of the time; no other row is there."""
    lines = events()
    until = None if days is None else CUT + np.timedelta64(days, "D")

    made = gathered(asked(days=days), lines)

    wanted = by_hand(lines[lines["customer"].notna()], until)
    names = sorted(lines["customer"].dropna().unique())
    assert [names[place] for place in made.row_id] == sorted(wanted)
    for name in TAKES:
        expected = [wanted[customer][name] for customer in sorted(wanted)]
        if name == "home":
            assert made.columns[name].tolist() == expected
        else:
            assert np.allclose(made.columns[name], np.array(expected, float), rtol=1e-9, equal_nan=True)


def test_lines_are_counted_by_why_they_are_left_out() -> None:
    """Doubled lines, lines without a customer and those that miss a condition, each in the first place that holds."""
    lines = pd.concat([events(), events().head(7)], ignore_index=True)

    facts = gathered(asked(once=True, where=("price > 0",)), lines).facts

    twice = int(lines.duplicated().sum())
    once = lines[~lines.duplicated()]
    named = once[once["customer"].notna()]
    assert [one["lines"] for one in facts["left_out"]] == [
        twice, int(once["customer"].isna().sum()), 0, int((named["price"] <= 0).sum())
    ]  # fmt: skip
    assert facts["kept"] == int((named["price"] > 0).sum()) == facts["before"] + facts["after"]
    assert twice >= 7
    assert facts["left_out"][3]["why"] == "not price > 0"


def test_entities_without_what_they_need_are_counted_and_left_out() -> None:
    """Who has fewer such lines before the cut than asked for, and who comes after it only."""
    lines = events()

    facts = gathered(asked(needs=BOUGHT, least=3), lines).facts

    named = lines[lines["customer"].notna()]
    before = named[named["day"] < str(CUT)]
    bought = before[before["units"] > 0].groupby("customer").size()
    assert facts["rows"] == int((bought >= 3).sum())
    assert facts["found"] == named["customer"].nunique()
    assert facts["only_after"] == named["customer"].nunique() - before["customer"].nunique() >= 10
    assert facts["few"] == before["customer"].nunique() - facts["rows"] > 0


Make = Callable[[Lines, Entities], Mapping[str, pd.Series]]


def leaking(name: str, values: Callable[[Lines], np.ndarray]) -> Make:
    """Return what makes the columns honestly but for one."""
    return lambda lines, entities: {**make_columns(lines, entities), name: pd.Series(values(lines))}


def of_all(lines: Lines) -> np.ndarray:
    """Return the number of lines of each entity on both sides of the cut."""
    return np.bincount(lines.entity, minlength=lines.entities).astype(float)


def until_a_day_later(lines: Lines) -> np.ndarray:
    """Return the number of lines up to the cut's own day: one day too many."""
    return of_all(lines.only(lines.moment <= CUT))


def in_order_of_last(lines: Lines) -> np.ndarray:
    """Return the place of each entity by the file's mean price: nothing of its own, but of what comes later."""
    return np.full(lines.entities, lines.frame["price"].mean())


CHEATS = {
    "lines of all time": leaking("lines", of_all),
    "a day too long": leaking("days", until_a_day_later),
    "a mean over all time": leaking("mean", in_order_of_last),
    "an outcome with a past": leaking("later", of_all),
    "an outcome on the scale of all time": leaking("visits", in_order_of_last),
}


@pytest.mark.parametrize("name", CHEATS)
def test_a_planted_cheat_is_caught_by_name(name: str) -> None:
    """A column that uses a line on the other side of the cut is refused, however little it changes."""
    planted = {"a day too long": "days", "lines of all time": "lines", "a mean over all time": "mean",
               "an outcome with a past": "later", "an outcome on the scale of all time": "visits"}[name]  # fmt: skip

    with pytest.raises(InputError, match=f"know the other side of the cut: '{planted}'\nwhere"):
        gathered(asked(), make=CHEATS[name])


def test_the_guard_is_silent_on_what_is_honest() -> None:
    """All takes pass, and it says how many values it compared and how many lines it took away."""
    facts = gathered(asked()).facts

    assert facts["guard"]["columns"] == len(TAKES)
    assert facts["guard"]["compared"] == len(TAKES) * facts["found"]
    assert facts["guard"]["removed_before"] == facts["before"] > 0
    assert facts["guard"]["removed_after"] == facts["after"] > 0


def test_the_table_of_events() -> None:
    """A row a customer; the outcome is no feature, and what describes is hidden."""
    made = defined(events(), OF_EVENTS)

    table, facts = made.table, made.facts["clusters"]
    assert table.features == ["recency", "money", "dearest"]
    assert table.rows_are == "grouped"
    assert list(table.describing) == ["home"]
    assert f"{DESCRIBES}home" in table.frame
    assert facts["entities"]["rows"] == len(table.frame) == made.facts["split"]["train"] + made.facts["split"]["test"]
    assert made.facts["features"][1]["unit"] == "CHF"
    assert made.facts["target"] == facts["outcome"] == "later"


def test_the_outcome_is_on_its_scale() -> None:
    """Logarithms of one more, and the summary in the outcome's own unit."""
    made, rows = defined(crowd()), crowd()

    assert np.allclose(made.table.y, np.log1p(rows["spent"]), rtol=1e-9)
    quantiles = made.facts["target_summary"]["quantiles"]
    assert quantiles["100"] == pytest.approx(rows["spent"].max())
    assert quantiles["0"] == pytest.approx(0.0)
    assert sum(made.facts["target_summary"]["histogram"]["train"]) == made.facts["split"]["train"]
    assert made.facts["target_scale"] == "log1p"


def test_without_an_outcome_a_metric_of_outcomes_is_refused() -> None:
    """What scores an outcome has nothing to score; and nothing is said of how zeros are spread."""
    text = changed(('outcome = "spent"\noutcome_scale = "log1p"\n', ""), ('["land"]', '["land", "spent"]'))

    with pytest.raises(InputError, match="metric.primary is 'r2', which scores an outcome, and problem.outcome names"):
        defined(crowd(), text)
    declared = Problem(question="?", decision="?", task="clustering")
    assert Groups.summary(np.zeros(9), np.zeros(9, bool), None, declared) == {}


def test_rows_with_gaps_are_left_out_if_asked() -> None:
    """They are counted, and the numbers of the other rows stay those of the file."""
    gaps = np.arange(ROWS) % 10 == 3
    text = changed(('weight = { type = "number" }', 'weight = { type = "number", missing = 0.2 }'),
                   ("groups = 4", 'groups = 4\nmissing = "leave_out"'))  # fmt: skip

    made = defined(crowd().assign(weight=crowd()["weight"].mask(gaps)), text)

    assert made.facts["clusters"]["missing"] == gaps.sum() == 30
    assert made.table.frame["row_id"].tolist() == np.flatnonzero(~gaps).tolist()


def test_halves_are_halves_of_each_side_and_frozen() -> None:
    """Each halving halves training and test rows, differs from the others, and comes out alike again."""
    first, again = defined(crowd()).table, defined(crowd()).table

    assert len(first.halvings) == len(HALVINGS) == 3
    for side in (first.tested, first.trained):
        for half in first.halvings:
            assert abs(int(half[side].sum()) * 2 - int(side.sum())) <= 1
    agreed = [abs(float((one == other).mean()) - 0.5) for one in first.halvings for other in first.halvings]
    assert sorted(agreed)[-len(HALVINGS) - 1] < 0.15
    assert all(np.array_equal(one, other) for one, other in zip(first.halvings, again.halvings, strict=True))


def test_copies_stay_in_one_half() -> None:
    """Rows of one unit are never on both sides of a halving: they would confirm each other."""
    units = np.repeat(np.arange(50), 4)

    dealt = deal_halves(units, np.arange(200) < 40, seed=3)

    for half in dealt.values():
        assert all(len(set(half[units == unit])) == 1 for unit in range(50))
        assert half[:40].mean() == 0.5


def test_what_describes_is_no_feature_of_any_view() -> None:
    """Neither models nor step 3 see it."""
    table = defined(crowd()).table
    hidden = Table(table.frame, table.target)

    assert "land" not in hidden.x.columns
    assert list(hidden.kinds) == ["size", "weight", "visits"]
    assert hidden.describing["land"].tolist() == crowd()["land"].tolist()


def test_r2_by_the_others_is_that_of_least_squares() -> None:
    """Of normal columns with a correlation of .8 it is .64; a sum is told exactly, and so are its parts."""
    rng = np.random.default_rng(0)
    one, noise, other = rng.standard_normal((3, 20_000))
    together = 0.8 * one + 0.6 * noise

    assert explained_by_others(np.column_stack([one, together, other])) == pytest.approx([0.64, 0.64, 0.0], abs=0.015)
    parts = np.exp(np.column_stack([one, other]))
    assert explained_by_others(np.column_stack([parts, parts.sum(axis=1)])).tolist() == [1.0, 1.0, 1.0]
    assert EXACT < 1


def test_a_unit_of_another_size_is_told() -> None:
    """Grams tell kilograms, skewed as they are."""
    rng = np.random.default_rng(1)
    kilos = np.exp(rng.standard_normal(500) * 2)

    shares = explained_by_others(np.column_stack([kilos, kilos * 1000, rng.standard_normal(500)]))

    assert shares[:2].tolist() == [1.0, 1.0]


def test_columns_with_few_values_are_not_taken_for_each_other() -> None:
    """Two independent columns of 0 and 1 are equal in half of the rows, by chance; mostly zeros even in most."""
    rng = np.random.default_rng(2)
    columns = {
        "coin": rng.integers(0, 2, 2000).astype(float), "other coin": rng.integers(0, 2, 2000).astype(float),
        "rare": (rng.random(2000) < 0.2).astype(float), "seldom": (rng.random(2000) < 0.2).astype(float),
    }  # fmt: skip

    looked = check_columns(columns, "the file")

    assert max(one["equal"] for one in looked) < 0.05
    assert [one["commonest"] for one in looked][2:] == [0.0, 0.0]


def test_equal_beyond_chance_is_what_a_loop_counts() -> None:
    """Share of equal rows, less the products of the shares of each value."""
    rng = np.random.default_rng(3)
    one, two = rng.poisson(2.0, (2, 400)).astype(float)
    two[:60] = one[:60]

    looked = check_columns({"one": one, "two": two, "far": rng.standard_normal(400) + 50}, "the file")

    chance = sum((one == value).mean() * (two == value).mean() for value in set(one) | set(two))
    assert looked[0]["nearest"] == "two"
    assert looked[0]["equal"] == pytest.approx((one == two).mean() - chance)


def test_values_of_all_rows_that_differ_are_fine() -> None:
    """Fractions in the order of the file, and whole numbers in none and with gaps, say what rows are like."""
    rng = np.random.default_rng(4)
    amount = np.asarray(rng.permutation(300) * 3 + rng.integers(0, 3, 300), np.float64)
    columns = {"sorted": np.sort(rng.random(300)), "amount": amount}

    assert [one["name"] for one in check_columns(columns, "the file")] == ["sorted", "amount"]
