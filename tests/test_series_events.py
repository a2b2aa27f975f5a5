"""A file of events becomes a panel: every line is counted, and what is made is what a loop over the lines makes."""

from collections import defaultdict
from typing import Any

import numpy as np
import pandas as pd
import pytest
from toy_forecast import TEXT, daily, defined

from pipelines.core.errors import InputError
from pipelines.core.project.sections import Forecast, Panel
from pipelines.series.events import Lines, gather

DAYS = 400  # 14 to look back, 55 units of a week: the first 13 begin, the last 12 test
FIRST = np.datetime64("2023-01-04T00:00", "s")
ASKED = Forecast(time="at", series=("item",), frequency="1d", horizon=7, season=(7,), fill="zero")


def lines(seed: int = 3) -> pd.DataFrame:
    """Return invoice lines of 400 days, in no order: two items all the time, one of few days, one that begins late.

    Some lines stand twice, some have no quantity or price above 0. No item is sold on every seventh day, and on the
    first day only the item of few days.
    """
    rng = np.random.default_rng(seed)
    found: list[dict[str, Any]] = [{"at": FIRST + 3600, "item": "few", "units": 3, "price": 2.0, "land": "CH"}]
    for day in range(1, DAYS):
        for item in ("cup", "hat", "late", "few"):
            shut = day % 7 == 3
            absent = (item == "late" and day < 380) or (item == "few" and day % 50)
            if shut or absent or (item == "hat" and day % 5 == 0):
                continue
            found += [
                {
                    "at": FIRST + day * 86400 + int(rng.integers(0, 86400)), "item": item,
                    "units": int(rng.integers(-2, 9)), "price": float(rng.integers(0, 5)),
                    "land": str(rng.choice(["CH", "AT"])),
                }
                for _ in range(rng.integers(1, 4))
            ]  # fmt: skip
    frame = pd.DataFrame(found)
    twice = frame.iloc[rng.choice(len(frame), 40, replace=False)]
    mixed = pd.concat([frame, twice]).sample(frac=1.0, random_state=1).reset_index(drop=True)
    return mixed.assign(item=mixed["item"].astype("category"), land=mixed["land"].astype("category"))


def made(panel: Panel, asked: Forecast = ASKED, frame: pd.DataFrame | None = None) -> Lines:
    """Return what is made of the lines."""
    given = lines() if frame is None else frame
    return gather({str(name): given[name] for name in given}, given, panel, asked, "the file")


def panel(**keys: Any) -> Panel:  # noqa: ANN401 - whatever a key may hold
    """Return a panel that adds up units, with further keys."""
    return Panel(**({"sum": {"sold": "units"}} | keys))


def by_day(frame: pd.DataFrame) -> dict[tuple[str, int], list[dict[Any, Any]]]:
    """Return the lines of each item and day."""
    found = defaultdict(list)
    for line in frame.to_dict("records"):
        day = int((np.datetime64(line["at"], "s") - FIRST) // np.timedelta64(1, "D"))
        found[str(line["item"]), day].append(line)
    return found


def as_loop(result: Lines, name: str) -> dict[tuple[str, int], float]:
    """Return a column that was made, by item and day."""
    at = (result.columns["at"].to_numpy("datetime64[s]") - FIRST) // np.timedelta64(1, "D")
    keys = zip(result.columns["item"].astype(str), at.tolist(), strict=True)
    return dict(zip(keys, result.columns[name].astype(float).tolist(), strict=True))


def test_sum_mean_and_count_are_those_of_each_item_and_day() -> None:
    """By a loop over all lines; days without a line of an item hold 0 from its first on, and no mean."""
    result = made(panel(mean={"paid": "price"}, count="sales"))
    each = by_day(lines())

    first = {item: min(day for name, day in each if name == item) for item in ("cup", "hat")}
    wanted = {(item, day): each.get((item, day), []) for item in first for day in range(first[item], DAYS)}
    some = {key: those for key, those in wanted.items() if those}
    sold, paid, sales = (as_loop(result, name) for name in ("sold", "paid", "sales"))
    assert set(sold) <= {(item, day) for item in ("cup", "hat", "few") for day in range(DAYS)}
    assert {key: sold[key] for key in wanted} == {key: sum(one["units"] for one in of) for key, of in wanted.items()}
    assert {key: sales[key] for key in wanted} == {key: len(of) for key, of in wanted.items()}
    means = {key: sum(one["price"] for one in of) / len(of) for key, of in some.items()}
    assert {key: paid[key] for key in some} == pytest.approx(means)
    assert len(some) < len(wanted)
    assert all(np.isnan(paid[key]) for key in wanted if key not in some)


def test_conditions_hold_of_each_line_and_once_of_all_its_cells() -> None:
    """In the order of the section: first what stands twice, then each condition of what is left; none is forgotten."""
    whole = lines()
    conditions = ("units > 0", "price >= 1", "land != AT", "item = cup")

    result = made(panel(once=True, where=conditions))

    seen: set[tuple[Any, ...]] = set()
    left, kept = [0] * 5, []
    for line in whole.to_dict("records"):
        cells = tuple(line.values())
        broken = [
            cells in seen, not line["units"] > 0, not line["price"] >= 1, line["land"] == "AT", line["item"] != "cup"
        ]  # fmt: skip
        seen.add(cells)
        if any(broken):
            left[broken.index(True)] += 1
        else:
            kept.append(line)
    facts = result.facts
    assert [one["lines"] for one in facts["left_out"]] == left
    assert [one["why"] for one in facts["left_out"]] == [
        "all cells are those of an earlier line", *(f"not {one}" for one in conditions)
    ]  # fmt: skip
    assert facts["kept"] == len(kept)
    assert facts["lines"] == len(whole) == facts["kept"] + sum(left)
    assert min(left) > 0
    each = by_day(pd.DataFrame(kept))
    sold = as_loop(result, "sold")
    assert {key: value for key, value in sold.items() if value} == {
        key: sum(one["units"] for one in of) for key, of in each.items()
    }


@pytest.mark.parametrize(
    ("condition", "keeps"),
    [
        ("units > 3", lambda one: one["units"] > 3),
        ("units >= 3", lambda one: one["units"] >= 3),
        ("units < 3", lambda one: one["units"] < 3),
        ("units <= 3", lambda one: one["units"] <= 3),
        ("units = 3", lambda one: one["units"] == 3),
        ("units != 3", lambda one: one["units"] != 3),
        ("land = CH", lambda one: one["land"] == "CH"),
        ("land != CH", lambda one: one["land"] != "CH"),
    ],
)  # fmt: skip
def test_each_comparison_is_what_it_says(condition: str, keeps: Any) -> None:  # noqa: ANN401 - a comparison
    """Of numbers all six, of text two."""
    kept = made(panel(where=(condition,))).facts["kept"]

    assert kept == sum(map(keeps, lines().to_dict("records")))
    assert 0 < kept < len(lines())


def test_a_missing_cell_fulfils_no_condition() -> None:
    """Neither a comparison nor its opposite."""
    whole = lines().astype({"units": float})
    whole.loc[:99, "units"] = np.nan

    both = [made(panel(sum={"sold": "price"}, where=(one,)), frame=whole).facts for one in ("units > 3", "units <= 3")]

    assert sum(facts["kept"] for facts in both) == len(whole) - 100


def test_any_says_whether_anything_was_sold_that_day() -> None:
    """By any item, one that is left out too; each step of each item has a row, from its first to the file's last."""
    result = made(panel(any="open", least=200))
    each = by_day(lines())

    first = {item: min(day for name, day in each if name == item) for item in ("cup", "hat")}
    opened = {day for _, day in each}
    sold, shop = as_loop(result, "sold"), as_loop(result, "open")
    assert shop == {(item, day): float(day in opened) for item in first for day in range(first[item], DAYS)}
    assert sold == {
        (item, day): sum(one["units"] for one in each.get((item, day), []))
        for item in first for day in range(first[item], DAYS)
    }  # fmt: skip
    assert result.facts["steps_without_events"] == DAYS - len(opened) == 57


def test_items_of_few_days_or_a_late_beginning_are_counted_and_left_out() -> None:
    """Days with events before the test time count, not lines; an item that begins in the test has none."""
    each = by_day(lines())
    before = DAYS - 12 * 7
    days = {item: len({day for name, day in each if name == item and day < before}) for item in ("cup", "hat", "few")}

    enough, more, most = (made(panel(least=least)).facts for least in (days["hat"], days["hat"] + 1, days["few"]))

    assert (enough["series"], enough["few"], enough["late"]) == (2, 2, 0)
    assert (more["series"], more["few"], more["late"]) == (1, 3, 0)
    assert (most["series"], most["few"], most["late"]) == (3, 1, 0)
    assert set(made(panel(least=days["hat"])).columns["item"].astype(str)) == {"cup", "hat"}


def test_an_item_that_begins_too_late_to_learn_from_is_late() -> None:
    """It has days enough before the test time, and none in the first weeks."""
    frame = lines()
    day = (frame["at"].to_numpy("datetime64[s]") - FIRST) // np.timedelta64(1, "D")
    frame = frame[(frame["item"] != "hat") | (day > 200)].reset_index(drop=True)

    facts = made(panel(least=20), frame=frame).facts

    assert (facts["series"], facts["few"], facts["late"]) == (1, 2, 1)


def test_no_item_with_events_enough_is_refused() -> None:
    """With the key to change."""
    with pytest.raises(InputError, match="no series has events in 5,000 steps") as refused:
        made(panel(least=5_000))
    assert refused.value.todo == "make panel.least smaller"


def test_no_line_left_is_refused() -> None:
    """Where a condition holds for none, the message says which conditions left how many out."""
    with pytest.raises(InputError, match="no line of events is left") as refused:
        made(panel(where=("units > 900",)))
    assert refused.value.found.endswith(f"of {len(lines()):,} (not units > 900: {len(lines()):,})")


@pytest.mark.parametrize("column", ["at", "item"])
def test_a_line_without_a_time_or_an_item_is_refused(column: str) -> None:
    """It would be added up to nothing; a line that a condition leaves out may lack either."""
    frame = lines()
    frame.loc[5, column] = None
    frame.loc[5, "units"] = 5

    with pytest.raises(InputError, match="is empty in 1 row") as refused:
        made(panel(), frame=frame)

    assert refused.value.where.startswith("the file, row 5 (")
    assert made(panel(where=("units != 5",)), frame=frame).facts["kept"] == (frame["units"] != 5).sum()


MONTHS = Forecast(time="at", series=("item",), frequency="1mo", horizon=1, season=(2,), fill="zero")


def monthly(last: str) -> pd.DataFrame:
    """Return a line a day of one item from January 2015 to a day."""
    at = np.arange(np.datetime64("2015-01-01"), np.datetime64(last) + 1).astype("datetime64[s]")
    return pd.DataFrame({"at": at, "item": pd.Categorical(["cup"] * len(at)), "units": 2})


@pytest.mark.parametrize(("last", "cut"), [("2020-12-31", False), ("2020-12-28", False), ("2020-12-09", True)])
def test_a_last_month_that_is_cut_is_refused(last: str, cut: bool) -> None:
    """Less than four fifths of it are over; whoever knows better says so."""
    if cut:
        with pytest.raises(InputError, match="the last month, from 2020-12, is cut: its last event is of 2020-12-09"):
            made(panel(), MONTHS, monthly(last))
    result = made(panel(cut_ends=cut), MONTHS, monthly(last))

    sold = result.columns["sold"].tolist()
    assert sold[:3] == [62, 56, 62]
    assert len(sold) == 72
    assert sold[-1] == 2 * int(last[-2:])


def test_a_cut_month_is_left_out_by_its_date() -> None:
    """As the message advises; with the hour, if need be."""
    before = made(panel(where=("at < 2020-12-01",)), MONTHS, monthly("2020-12-09"))
    until = made(panel(where=("at <= 2020-11-30 00:00",)), MONTHS, monthly("2020-12-09"))

    assert before.columns["sold"].tolist() == until.columns["sold"].tolist()
    assert len(before.columns["sold"]) == 71
    assert before.facts["left_out"] == [{"why": "not at < 2020-12-01", "lines": 9}]


def test_a_last_day_is_never_cut() -> None:
    """A day's last event may be at any hour."""
    frame = lines()
    at = frame["at"].to_numpy("datetime64[s]")
    early = frame[at < FIRST + (DAYS - 1) * 86400 + 3600].reset_index(drop=True)

    assert made(panel(), frame=early).facts["lines"] == len(early)


def test_weeks_begin_on_mondays() -> None:
    """Whatever day the first event is of."""
    frame = pd.DataFrame({"at": FIRST + np.arange(1200) * 86400, "item": pd.Categorical(["cup"] * 1200), "units": 1})
    asked = Forecast(time="at", series=("item",), frequency="1w", horizon=1, season=(2,), fill="zero")

    result = made(panel(cut_ends=True), asked, frame)

    at = pd.DatetimeIndex(result.columns["at"])
    assert set(at.day_name()) == {"Monday"}
    assert result.columns["sold"].tolist()[:2] == [5, 7]  # from Wednesday on
    assert sum(result.columns["sold"]) == 1200


def test_covariates_of_labels_are_places_among_their_levels() -> None:
    """Known ahead: the feature is a category, of the target's own day; a missing one stays missing."""
    frame = daily()
    shown = frame.assign(open=np.where(frame["open"] == 1, "open", np.where(frame.index % 2, "shut", "")))
    text = TEXT.replace('open = { type = "integer" }', 'open = { type = "category", missing = 0.5 }')
    shown.loc[shown.index > 900, "open"] = "open"  # the test needs a value for each target

    found = defined(shown, text).table.frame

    by_key = {(line["item"], line["day"]): line["open"] or None for line in shown.to_dict("records")}
    at = found["forecast_time"].dt.strftime("%Y-%m-%d")
    wanted = [by_key[key] for key in zip(found["forecast_series"].astype(str), at, strict=True)]
    assert [None if pd.isna(one) else one for one in found["open"].astype(object)] == wanted
    assert {None, "open", "shut"} == set(wanted)


def test_events_are_of_the_day_that_the_clock_shows() -> None:
    """Not of the day in Greenwich: midnight two hours east of it is the day before there."""
    frame = daily()
    text = TEXT.replace('target = "units"', 'target = "sold"').replace(
        "[forecast]", '[panel]\nsum = { sold = "units" }\n\n[forecast]'
    )
    text = text.replace('known = ["open"]\npast = ["price"]', 'fill = "zero"')

    found, moved = (
        defined(frame.assign(day=frame["day"] + zone), text).table.frame for zone in ("T01:00:00", "T01:00:00+02:00")
    )

    assert found["forecast_time"].tolist() == moved["forecast_time"].tolist()
    assert found["y_true"].tolist() == moved["y_true"].tolist()
