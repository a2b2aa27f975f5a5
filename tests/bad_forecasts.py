"""Project files and tables of forecasts that are wrong."""

from collections.abc import Sequence
from functools import cache

import numpy as np
import pandas as pd
from bad_repository import RAW, SHOP, Case, Content, declare, put
from toy_forecast import TEXT, daily

Change = tuple[str, str]
PANEL = """[panel]
once = true
where = ["units > 0"]
sum = { sold = "units" }
any = "shop"
least = 2

[forecast]"""
EVENTS: tuple[Change, ...] = (
    ('target = "units"', 'target = "sold"'), ("[forecast]", PANEL), ('known = ["open"]', 'known = ["shop"]'),
    ('past = ["price"]', 'fill = "zero"'),
)  # fmt: skip
ALONE: tuple[Change, ...] = (('series = ["item"]\n', ""), ('item = { type = "category" }\n', ""))
ONE: tuple[Change, ...] = (*ALONE, ("[columns]", '[columns]\ndrop = ["item"]'))
HOURLY: tuple[Change, ...] = (*ALONE, ('"1d"', '"1h"'), ("horizon = 7", "horizon = 24"), ("[7]", "[24]"))
LABELS, LABELS_OR_NONE = '{ type = "category" }', '{ type = "category", missing = 0.5 }'
UNITS, OPEN = 'units = { type = "integer"', 'open = { type = "integer"'
FILLED = ("past =", 'fill = "zero"\npast =')
CLASSES = (
    ('"forecast"', '"binary"'), ('target = "units"', 'target = "units"\npositive = 1'), ('"mae"', '"roc_auc"')
)  # fmt: skip
TEXTS = (
    ('price = { type = "number" }', 'price = { type = "text" }'), ('["open"]', '["open", "price"]'),
    ('past = ["price"]', ""),
)  # fmt: skip
SECTION = TEXT[TEXT.index("[forecast]") : TEXT.index("[metric]")]
APART = (('"forecast"', '"regression"'), (SECTION, '[split]\nkind = "random"\n[panel]\nsum = { sold = "units" }\n'))
MONTHLY: tuple[Change, ...] = (('"1d"', '"1mo"'), ("horizon = 7", "horizon = 1"), ("[7]", "[12]"))


def asked(name: str, changes: Change | Sequence[Change], *told: str) -> Case:
    """Return a case of `check`: the project file of a forecast with pieces replaced, whose rows are fine."""
    several: Sequence[Change] = [changes] if isinstance(changes[0], str) else changes  # type: ignore[list-item, assignment]
    return Case(f"forecast, {name}", ("check", "shop"), (SHOP, *told), (declare(*several, text=TEXT), put(rows(), RAW)))


def given(name: str, content: Content, *told: str, changes: Sequence[Change] = ()) -> Case:
    """Return a case of `check`: rows that make no forecast, under a project file with pieces replaced."""
    return Case(f"forecast, {name}", ("check", "shop"), (RAW, *told), (declare(*changes, text=TEXT), put(content, RAW)))


@cache
def rows() -> pd.DataFrame:
    """Return the rows of the small forecast."""
    return daily()


def cell(row: int, column: str, value: object) -> pd.DataFrame:
    """Return the rows with one cell replaced."""
    frame = rows().astype(object)
    frame.loc[row, column] = value
    return frame


def without(item: str, first: int, last: int) -> pd.DataFrame:
    """Return the rows without those of an item from one day, counted from 0, to another."""
    day = np.arange(len(rows())) // 3
    return rows()[(rows()["item"] != item) | (day < first) | (day > last)]


def of_target(shift: int) -> pd.DataFrame:
    """Return the rows where `open` is the item's units so many days before, or after where `shift` is below 0."""
    moved = rows().groupby("item", sort=False)["units"].shift(shift)
    return rows().assign(open=moved.fillna(0).astype(int))


def hourly(*, skip: str = "", again: str = "") -> pd.DataFrame:
    """Return a row an hour of one series from 2 January 2023 on, one of them left out or written twice."""
    hour = (np.datetime64("2023-01-02T00") + np.arange(24 * 420)).astype("datetime64[s]").astype(str)
    rng = np.random.default_rng(2)
    frame = pd.DataFrame(
        {"day": hour, "units": rng.poisson(9, len(hour)), "open": rng.integers(0, 2, len(hour)), "price": 1.5}
    )
    once = frame[frame["day"] != skip] if skip else frame
    return pd.concat([once, frame[frame["day"] == again]]) if again else once


def zoned() -> pd.DataFrame:
    """Return the rows with the offset of Zurich: an hour more in summer."""
    day = pd.to_datetime(rows()["day"])
    offset = np.where((day > pd.Timestamp("2023-03-26")) & (day < pd.Timestamp("2023-10-29")), "+02:00", "+01:00")
    return rows().assign(day=rows()["day"] + "T00:00:00" + offset)


def cut_month() -> pd.DataFrame:
    """Return a row a month and item from January 2003 to December 2022, the last month's of its ninth day."""
    month = np.repeat((np.datetime64("2003-01") + np.arange(240)).astype(str), 3)
    day = np.where(month == "2022-12", "-09", "-01")
    return rows().iloc[: len(month)].assign(day=np.char.add(month, day))


def still(before: int, value: int) -> pd.DataFrame:
    """Return the rows where an item has one value, in rows before a number."""
    same = (rows()["item"] == "hat") & (rows().index < before)
    return rows().assign(units=rows()["units"].mask(same, value))


FORECASTS = [
    # What [forecast] asks for.
    asked("section forgotten", (SECTION, ""), ""),
    asked("section of another name", ("[forecast]", "[forecasts]"), ""),
    asked("of classes", CLASSES, ""),
    asked("time mistyped", ('time = "day"', 'time = "dya"'), ""),
    asked("time of labels", ('time = "day"', 'time = "item"\n'), ""),
    asked("time dropped", ('day = { type = "date" }', 'drop = ["day"]'), ""),
    asked("series mistyped", ('series = ["item"]', 'series = ["itm"]'), ""),
    asked("series of amounts", ('series = ["item"]', 'series = ["price"]'), ""),
    asked("series without a list", ('series = ["item"]', 'series = "item"'), ""),
    asked("frequency of a minute", ('"1d"', '"1m"'), ""),
    asked("frequency in words", ('"1d"', '"daily"'), ""),
    asked("frequency forgotten", ('frequency = "1d"\n', ""), ""),
    asked("horizon of nothing", ("horizon = 7", "horizon = 0"), ""),
    asked("horizon in quotes", ("horizon = 7", 'horizon = "7"'), ""),
    asked("season without a list", ("season = [7]", "season = 7"), ""),
    asked("season of nothing", ("season = [7]", "season = []"), ""),
    asked("season of a step", ("season = [7]", "season = [1]"), ""),
    asked("longest season first", ("season = [7]", "season = [28, 7]"), ""),
    asked("four seasons", ("season = [7]", "season = [7, 14, 21, 28]"), ""),
    asked("column in two lists", ('past = ["price"]', 'past = ["price", "open"]'), ""),
    asked("column in no list", ('past = ["price"]', ""), ""),
    asked("target known ahead", ('known = ["open"]', 'known = ["open", "units"]'), ""),
    asked("target as the time", ('time = "day"', 'time = "units"'), ""),
    asked("dates known ahead", TEXTS, ""),
    asked("labels of the past", ('price = { type = "number" }', 'price = { type = "category" }'), ""),
    asked("fill of a mean", ('past = ["price"]', 'past = ["price"]\nfill = "mean"'), ""),
    asked("effects unknown", ('past = ["price"]', 'past = ["price"]\neffects = "multiplicative"'), ""),
    asked("key mistyped", ("horizon =", "horizn ="), ""),
    asked("test as a share", ('past = ["price"]', 'past = ["price"]\ntest = 0.2'), ""),
    asked("share of test rows", ("[metric]", "[split]\ntest = 0.2\n[metric]"), ""),
    asked("split at random", ("[metric]", '[split]\nkind = "random"\n[metric]'), ""),
    asked("left out of one series", (*ONE, ('past = ["price"]', 'past = ["price"]\nleave_out = ["cup"]')), ""),
    asked("target of labels", ('units = { type = "integer" }', 'units = { type = "category" }'), ""),
    asked("logarithm of the target", ('target = "units"', 'target = "units"\ntarget_scale = "log"'), ""),
    asked("event of a forecast", ('target = "units"', 'target = "units"\npositive = 1'), ""),
    asked("relative errors", ('"mae"', '"mape"'), ""),
    asked("shares of classes", ('"mae"', '"roc_auc"'), ""),
    asked("metric mistyped", ('"mae"', '"wpae"'), ""),
    asked("column as the recipe's own", (("open = {", "fold = {"), ('"open"', '"fold"')), ""),
    # What [panel] adds up.
    asked("panel of no forecast", APART, ""),
    asked("sum of no column", (*EVENTS, ('"units" }\nany', '"unit" }\nany')), ""),
    asked("sum of labels", (*EVENTS, ('"units" }\nany', '"item" }\nany')), ""),
    asked("made twice", (*EVENTS, ('any = "shop"', 'any = "shop"\ncount = "shop"')), ""),
    asked("target not made", (*EVENTS[1:], ('any = "shop"', 'any = "shop"')), ""),
    asked("made as the time", (*EVENTS, ('any = "shop"', 'any = "day"')), ""),
    asked("made and in no list", (*EVENTS, ('any = "shop"', 'any = "shop"\ncount = "lines"')), ""),
    asked("of events, known as it is", (*EVENTS, ('["shop"]', '["shop", "open"]')), ""),
    asked("of events, no fill", (*EVENTS, ('fill = "zero"', "")), ""),
    asked("condition without spaces", (*EVENTS, ("units > 0", "units>0")), ""),
    asked("no event enough", (*EVENTS, ("least = 2", "least = 0")), ""),
    asked("key of a panel mistyped", (*EVENTS, ("least = 2", "leest = 2")), ""),
    given("condition on no column", rows(), "", changes=(*EVENTS, ("units > 0", "unit > 0"))),
    given("condition on text by size", rows(), "", changes=(*EVENTS, ("units > 0", "item > cup"))),
    given("condition on numbers with text", rows(), "", changes=(*EVENTS, ("units > 0", "units > few"))),
    given("condition on days with words", rows(), "", changes=(*EVENTS, ("units > 0", "day > May"))),
    given("condition that nothing fulfils", rows(), "", changes=(*EVENTS, ("units > 0", "units > 9999"))),
    given("events of too few days", rows(), "", changes=(*EVENTS, ("least = 2", "least = 500"))),
    given("events without an item", cell(7, "item", ""), "", changes=(*EVENTS, (LABELS, LABELS_OR_NONE))),
    given("events of half a month", cut_month(), "", changes=(*EVENTS, *MONTHLY, ("[12]", "[2]"))),
    # What the file holds.
    given("time that is none", cell(30, "day", "yesterday"), ""),
    given("time empty", cell(30, "day", ""), ""),
    given("time empty, as declared", cell(30, "day", ""), "", changes=[('"date" }', '"date", missing = 0.5 }')]),
    given("item empty, as declared", cell(31, "item", ""), "", changes=[(LABELS, LABELS_OR_NONE)]),
    given("times of two zones", zoned(), ""),
    given("rows twice", pd.concat([rows(), rows().iloc[[100]]]), ""),
    given("several items as one series", rows(), "", changes=ONE),
    given("hour of autumn twice", hourly(again="2023-10-29T02:00:00"), "", changes=HOURLY),
    given("hour of spring missing", hourly(skip="2023-03-26T02:00:00"), "", changes=HOURLY),
    given("time between two steps", cell(90, "day", "2023-02-03T12:00:00"), ""),
    given("day missing", without("hat", 200, 200), ""),
    given("item that ends early", without("pen", 380, 999), ""),
    given("item that begins late", without("pen", 0, 300), ""),
    given("item that begins late, filled", without("pen", 0, 300), "", changes=[FILLED]),
    given("time of another century", cell(len(rows()) - 1, "day", "9024-02-13"), "", changes=[('"1d"', '"1h"'), FILLED]),
    given("too few days", rows().iloc[: 3 * 300], ""),
    given("one row", rows().iloc[:1], ""),
    given("no row", rows().iloc[:0], ""),
    given("too few weeks to test", rows(), "", changes=[("past =", "test = 7\npast =")]),
    given("more weeks to test than there are", rows(), "", changes=[("past =", "test = 50\npast =")]),
    given("season longer than a quarter", rows(), "", changes=[("[7]", "[7, 112]")]),
    given("season longer than the file", rows(), "", changes=[("[7]", "[7, 5000]")]),
    given("horizon longer than a third", rows(), "", changes=[("horizon = 7", "horizon = 200")]),
    given("item of one value", still(9999, 4), ""),
    given("item that is 0 before the folds", still(600, 0), ""),
    given("all of one value", rows().assign(units=4), ""),
    given("target missing inside", cell(700, "units", ""), ""),
    given("target missing inside, as declared", cell(700, "units", ""), "", changes=[(UNITS, f"{UNITS}, missing = 0.1")]),
    given("target of words", cell(700, "units", "many"), ""),
    given("target without end", cell(700, "units", "inf"), "", changes=[(UNITS, UNITS.replace("integer", "number"))]),
    given("target below 0 where effects multiply", cell(700, "units", "-3"), "", changes=[("past =", 'effects = "relative"\npast =')]),
    given("known ahead and missing in the test", cell(1200, "open", ""), "", changes=[(OPEN, f"{OPEN}, missing = 0.1")]),
    given("known ahead and missing", cell(1200, "open", ""), ""),
    given("known ahead and the target", of_target(0), ""),
    given("known ahead and the target tomorrow", of_target(-1), ""),
    given("known ahead and the target yesterday", of_target(1), ""),
    given("known ahead and the target a week later", of_target(-7), ""),
    given("left out by another name", rows(), "", changes=[("past =", 'leave_out = ["cap"]\npast =')]),
    given("all left out", rows(), "", changes=[("past =", 'leave_out = ["cup", "hat", "pen"]\npast =')]),
    given("column that is no column", rows().drop(columns="price"), ""),
    *(given(f"column named {name}", rows().rename(columns={"open": name}), "", changes=[("open = {", f'"{name}" = {{'), ('"open"', f'"{name}"')])
      for name in ("level", "step", "series", "weekday", "last value", "seasonal naive", "price, last known")),
    given("days as months", rows(), "", changes=MONTHLY),
]  # fmt: skip
