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


def cell(row: int, column: str, value: str) -> pd.DataFrame:
    """Return the rows with one cell replaced."""
    frame = rows().astype(object)
    frame.loc[row, column] = value
    return frame


def two_parts() -> pd.DataFrame:
    """Return the rows of series of two parts, of which two would have one name."""
    parts = {"cup": ("a / b", "c"), "hat": ("a", "b / c"), "pen": ("pen", "c")}
    item = rows()["item"]
    return rows().assign(item=item.map(lambda name: parts[name][0]), shop=item.map(lambda name: parts[name][1]))


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
    asked("section forgotten", (SECTION, ""), "[forecast] is needed; problem.task is 'forecast'"),
    asked("section of another name", ("[forecast]", "[forecasts]"),
          "unknown key 'forecasts'",
          "problem, source, columns, split, forecast, panel, text, clusters, entities, metric,"),
    asked("of classes", CLASSES, "[forecast] is for forecasts alone; problem.task is 'binary'"),
    asked("time mistyped", ('time = "day"', 'time = "dya"'),
          "forecast.time names 'dya', which is not declared in [columns]; did you mean 'day'?"),
    asked("time of amounts", (('time = "day"', 'time = "price"'), ('past = ["price"]', "")),
          "forecast.time 'price' is of type 'number'; it may be 'date'"),
    asked("time dropped", ('day = { type = "date" }', 'drop = ["day"]'),
          "forecast.time names 'day', which is not declared in [columns]; add it there"),
    asked("series mistyped", ('series = ["item"]', 'series = ["itm"]'),
          "forecast.series names 'itm', which is not declared in [columns]; did you mean 'item'?"),
    asked("series of amounts", (('series = ["item"]', 'series = ["price"]'), ('past = ["price"]', "")),
          "forecast.series 'price' is of type 'number'; it may be 'category', 'text' or 'integer'"),
    asked("series without a list", ('series = ["item"]', 'series = "item"'),
          "`forecast.series` is 'item'", 'a list, such as ["one", "two"]'),
    asked("frequency of a minute", ('"1d"', '"1m"'),
          "`forecast.frequency` is '1m'", "a number of hours, days, weeks or months: 1h, 1d, 1w, 1mo,"),
    asked("frequency in words", ('"1d"', '"daily"'),
          "`forecast.frequency` is 'daily'", "a number of hours, days, weeks or months: 1h, 1d, 1w, 1mo,"),
    asked("frequency forgotten", ('frequency = "1d"\n', ""), "`forecast.frequency` is missing", "add `frequency`"),
    asked("horizon of nothing", ("horizon = 7", "horizon = 0"),
          "`forecast.horizon` is 0", "greater than or equal to 1"),
    asked("horizon in quotes", ("horizon = 7", 'horizon = "7"'), "`forecast.horizon` is '7'", "a valid integer"),
    asked("season without a list", ("season = [7]", "season = 7"),
          "`forecast.season` is 7", "a list of one to three lengths in steps, the shortest"),
    asked("season of nothing", ("season = [7]", "season = []"),
          "`forecast.season` is []", "a list of one to three lengths in steps, the shortest"),
    asked("season of a step", ("season = [7]", "season = [1]"),
          "`forecast.season` is 1", "greater than or equal to 2; or a list of one to three"),
    asked("longest season first", ("season = [7]", "season = [28, 7]"),
          "`season` is [28, 7]; it may be lengths in steps, each once, the shortest first", "[forecast]"),
    asked("four seasons", ("season = [7]", "season = [7, 14, 21, 28]"),
          "`forecast.season` is [7, 14, 21, 28]", "a list of one to three lengths in steps, the shortest"),
    asked("column in two lists", ('past = ["price"]', 'past = ["price", "open"]'),
          "column 'open' is named twice; it may be in one of time, series, known, past and oracle", "[forecast]"),
    asked("column in no list", ('past = ["price"]', ""),
          "column 'price' is in none of forecast.known, .past and .oracle; say when it is known, or drop it"),
    asked("target known ahead", ('known = ["open"]', 'known = ["open", "units"]'),
          "forecast.known names the target 'units'; its past is used as it is, leave it out"),
    asked("target as the time", ('time = "day"', 'time = "units"'),
          "forecast.time names the target 'units'; its past is used as it is, leave it out"),
    asked("dates known ahead", TEXTS,
          "forecast.known 'price' is of type 'text'; it may be 'integer', 'number', 'boolean' or 'category'"),
    asked("labels of the past", ('price = { type = "number" }', 'price = { type = "category" }'),
          "forecast.past 'price' is of type 'category'; it may be 'integer', 'number' or 'boolean'"),
    asked("fill of a mean", ('past = ["price"]', 'past = ["price"]\nfill = "mean"'),
          "`forecast.fill` is 'mean'", "'zero' or 'refuse'"),
    asked("effects unknown", ('past = ["price"]', 'past = ["price"]\neffects = "multiplicative"'),
          "`forecast.effects` is 'multiplicative'", "'absolute' or 'relative'"),
    asked("key mistyped", ("horizon =", "horizn ="),
          "unknown key 'forecast.horizn' (and 1 more)", "time, series, frequency, horizon, season, known, past,"),
    asked("test as a share", ('past = ["price"]', 'past = ["price"]\ntest = 0.2'),
          "`forecast.test` is 0.2", "a valid integer"),
    asked("share of test rows", ("[metric]", "[split]\ntest = 0.2\n[metric]"),
          "split.test is a share of rows; a forecast is tested on the last forecast.test units: leave it"),
    asked("split at random", ("[metric]", '[split]\nkind = "random"\n[metric]'),
          "split.kind is 'random'; a forecast is split at its origins: leave `kind` out"),
    asked("left out of one series", (*ONE, ('past = ["price"]', 'past = ["price"]\nleave_out = ["cup"]')),
          "forecast.leave_out names series, and forecast.series is empty: there is one, without a name"),
    asked("target of labels", ('units = { type = "integer" }', 'units = { type = "category" }'),
          "the target 'units' is of type 'category'; for task 'forecast' it may be 'integer' or 'number'"),
    asked("logarithm of the target", ('target = "units"', 'target = "units"\ntarget_scale = "log"'),
          "`target_scale = \"log\"` is for task 'regression'", "[problem]"),
    asked("event of a forecast", ('target = "units"', 'target = "units"\npositive = 1'),
          "`positive` (the target's value that is the event) is needed for task 'binary', and only there", "[problem]"),
    asked("relative errors", ('"mae"', '"mape"'),
          "metric.primary is 'mape'; it is undefined where the target is 0",
          "least for forecasts that are too low: for task 'forecast' take rmse, mae, wape, mase"),
    asked("shares of classes", ('"mae"', '"roc_auc"'),
          "metric.primary is 'roc_auc'; for task 'forecast' it may be rmse, mae, wape, mase, pinball"),
    asked("metric mistyped", ('"mae"', '"wpae"'),
          "metric.primary is 'wpae'; for task 'forecast' it may be rmse, mae, wape, mase, pinball; did you"),
    asked("column as the recipe's own", (("open = {", "fold = {"), ('"open"', '"fold"')),
          "column 'fold' has a name that tables have already; rename it"),
    # What [panel] adds up.
    asked("panel of no forecast", APART, "[panel] is for forecasts alone; problem.task is not 'forecast'"),
    asked("sum of no column", (*EVENTS, ('"units" }\nany', '"unit" }\nany')),
          "panel.sum names 'unit', which is not declared in [columns]; did you mean 'units'?"),
    asked("sum of labels", (*EVENTS, ('"units" }\nany', '"item" }\nany')),
          "panel.sum 'item' is of type 'category'; it may be 'integer' or 'number'"),
    asked("made twice", (*EVENTS, ('any = "shop"', 'any = "shop"\ncount = "shop"')),
          "panel makes column 'shop' twice; give each a name of its own"),
    asked("target not made", (*EVENTS[1:], ('any = "shop"', 'any = "shop"')),
          "the target 'units' is not among the columns that [panel] makes"),
    asked("made as the time", (*EVENTS, ('any = "shop"', 'any = "day"')),
          "forecast.time names 'day', which [panel] makes; give what it makes another name"),
    asked("made and in no list", (*EVENTS, ('any = "shop"', 'any = "shop"\ncount = "lines"')),
          "column 'lines', which [panel] makes, is in none of forecast.known, .past and .oracle; say when"),
    asked("of events, known as it is", (*EVENTS, ('["shop"]', '["shop", "open"]')),
          "forecast.known names 'open', which is no column that [panel] makes; it makes 'sold', 'shop'"),
    asked("of events, no fill", (*EVENTS, ('fill = "zero"', "")),
          'forecast.fill is "refuse"; a step without events is a step in which nothing happened: "zero"'),
    asked("condition without spaces", (*EVENTS, ("units > 0", "units>0")),
          "`panel.where` is 'units>0'", "conditions with spaces around the comparison, as Quantity >"),
    asked("no event enough", (*EVENTS, ("least = 2", "least = 0")), "`panel.least` is 0", "greater than or equal to 1"),
    asked("key of a panel mistyped", (*EVENTS, ("least = 2", "leest = 2")),
          "unknown key 'panel.leest'", "once, where, sum, mean, count, any, least, cut_ends"),
    given("condition on no column", rows(),
          "panel.where names 'unit', which is not declared in [columns]", "'day', 'item', 'units', 'open', 'price'",
          changes=(*EVENTS, ("units > 0", "unit > 0"))),
    given("condition on text by size", rows(),
          "panel.where 'item > cup' compares a column of text by size", "= and != for text",
          changes=(*EVENTS, ("units > 0", "item > cup"))),
    given("condition on numbers with text", rows(),
          "panel.where 'units > few' compares a column of numbers with 'few'", "a number",
          changes=(*EVENTS, ("units > 0", "units > few"))),
    given("condition on days with words", rows(),
          "panel.where 'day > May' compares a column of dates with 'May'", "a date as 2014-05-02, or 2014-05-02 13:00",
          changes=(*EVENTS, ("units > 0", "day > May"))),
    given("condition that nothing fulfils", rows(),
          "no line of events is left of 1,218 (all cells are those of an earlier line: 0; not units >",
          "lines that keep to panel.where", changes=(*EVENTS, ("units > 0", "units > 9999"))),
    given("events of too few days", rows(),
          "no series has events in 500 steps before the test time", "a panel.least that some series reach",
          changes=(*EVENTS, ("least = 2", "least = 500"))),
    given("events without an item", cell(7, "item", ""),
          "column 'item' (forecast.series) is empty in 1 row(s)", "row 7 (day '2023-01-06')",
          "a time and a series in every row", changes=(*EVENTS, (LABELS, LABELS_OR_NONE))),
    given("events of another century", cell(len(rows()) - 1, "day", "9024-02-13"),
          "1,218 row(s) are spread over 2,557,103 days of 3 series, from 2023-01-04 to 9024-02-13",
          "rows 0 and 1217", "at most 50 steps a row", changes=EVENTS),
    given("events of half a month", cut_month(),
          "the last month, from 2022-12, is cut: its last event is of 2022-12-09",
          "whole steps: one that is cut looks like a fall", changes=(*EVENTS, *MONTHLY, ("[12]", "[2]"))),
    # What the file holds.
    given("time that is none", cell(30, "day", "yesterday"),
          "1 value(s) of column 'day' (0.0821018 %): not a date", "row 30: 'yesterday'",
          "date, written as 2014-05-02 (ISO 8601), never missing"),
    given("time empty", cell(30, "day", ""),
          "column 'day' is missing in 1 row(s) (0.0821018 %), more than declared", "row 30",
          "missing in at most 0 % of the rows"),
    given("time empty, as declared", cell(30, "day", ""),
          "column 'day' (forecast.time) is empty in 1 row(s)", "row 30 (item 'cup')",
          "a time and a series in every row", changes=[('"date" }', '"date", missing = 0.5 }')]),
    given("item empty, as declared", cell(31, "item", ""),
          "column 'item' (forecast.series) is empty in 1 row(s)", "row 31 (day '2023-01-14')",
          "a time and a series in every row", changes=[(LABELS, LABELS_OR_NONE)]),
    given("times of two zones", zoned(),
          "column 'day' (forecast.time) has times of several offsets: +1 h and +2 h", "row 246: 2023-03-27",
          "one offset, or none"),
    given("rows twice", pd.concat([rows(), rows().iloc[[100]]]),
          "2023-02-06 has two rows of series 'hat'", "rows 100 and 1218", "one row for each series and time"),
    given("several items as one series", rows(),
          "2023-01-04 has two rows (and 811 more time(s))", "rows 0 and 1", "one row for each series and time",
          "name the columns that distinguish series in forecast.series", changes=ONE),
    given("hour of autumn twice", hourly(again="2023-10-29T02:00:00"),
          "2023-10-29 02:00:00 has two rows (the night in autumn in which clocks are changed)", "rows 7202 and 10080",
          "one row for each series and time", changes=HOURLY),
    given("hour of spring missing", hourly(skip="2023-03-26T02:00:00"),
          "1 step(s) of 1 series have no row; the series has no row of 2023-03-26 02:00:00 (the night in",
          "the night in spring in which clocks are changed", "column 'day'",
          "a row for each step of a series, from its first to the last", changes=HOURLY),
    given("time between two steps", cell(90, "day", "2023-02-03T12:00:00"),
          "1 time(s) lie no whole number of steps of 1 day after the first, 2023-01-04", "row 90: 2023-02-03 12:00:00",
          "times that lie whole steps of forecast.frequency = '1d'"),
    given("day missing", without("hat", 200, 200),
          "1 step(s) of 1 series have no row; the series of 'hat' has no row of 2023-07-23", "column 'day'",
          "a row for each step of a series, from its first to the last"),
    given("item that ends early", without("pen", 380, 999),
          "26 step(s) of 1 series have no row; the series of 'pen' ends before 2024-01-19, and others go on",
          "column 'day'", "a row for each step of a series, from its first to the last"),
    given("item that begins late", without("pen", 0, 300),
          "series 'pen' begins at 2023-11-01, too late", "series that begin by 2023-02-21, so that a model can learn"),
    given("item that begins late, filled", without("pen", 0, 300),
          "series 'pen' begins at 2023-11-01, too late", "series that begin by 2023-02-21, so that a model can learn",
          changes=[FILLED]),
    given("time of another century", cell(len(rows()) - 1, "day", "9024-02-13"),
          "1,218 row(s) are spread over 61,370,449 hours of 3 series, from 2023-01-04 to 9024-02-13",
          "rows 0 and 1217", "at most 50 steps a row", changes=[('"1d"', '"1h"'), FILLED]),
    given("too few days", rows().iloc[: 3 * 300],
          "300 steps are too few: beyond the 14 that a forecast looks back they hold 40 unit(s) of 7 steps",
          "2023-01-04 to 2023-10-30", "at least 45 units: 13 to begin with, 20 for folds, 12 to"),
    given("one row", rows().iloc[:1],
          "1 steps are too few: beyond the 14 that a forecast looks back they hold 0 unit(s) of 7 steps",
          "2023-01-04 to 2023-01-04", "at least 45 units: 13 to begin with, 20 for folds, 12 to"),
    given("no row", rows().iloc[:0], "the file has a header but no rows", "a header and rows"),
    given("too few weeks to test", rows(),
          "forecast.test is 7 unit(s) of 7 steps, too few for a verdict", "2023-01-04 to 2024-02-13",
          "at least 8; 12 or more are better", changes=[("past =", "test = 7\npast =")]),
    given("more weeks to test than there are", rows(),
          "406 steps are too few: beyond the 14 that a forecast looks back they hold 56 unit(s) of 7 steps",
          "2023-01-04 to 2024-02-13", "at least 83 units: 13 to begin with, 20 for folds, 50 to",
          changes=[("past =", "test = 50\npast =")]),
    given("season longer than a quarter", rows(),
          "forecast.season is 112 steps, and the history has 406", "2023-01-04 to 2024-02-13",
          "at most a quarter of the history, 101 steps", changes=[("[7]", "[7, 112]")]),
    given("season longer than the file", rows(),
          "forecast.season is 5000 steps, and the history has 406", "2023-01-04 to 2024-02-13",
          "at most a quarter of the history, 101 steps", changes=[("[7]", "[7, 5000]")]),
    given("horizon longer than a third", rows(),
          "forecast.horizon is 200 steps, and the history has 406", "2023-01-04 to 2024-02-13",
          "at most a third of the history, 135 steps", changes=[("horizon = 7", "horizon = 200")]),
    given("item of one value", still(9999, 4),
          "series 'hat' is the same season after season before the first fold, from 2023-01-04 to",
          "series that change there: errors are measured by it"),
    given("item that is 0 before the folds", still(600, 0),
          "series 'hat' is the same season after season before the first fold, from 2023-01-04 to",
          "series that change there: errors are measured by it"),
    given("all of one value", rows().assign(units=4),
          "series 'cup' is the same season after season before the first fold, from 2023-01-04 to",
          "series that change there: errors are measured by it"),
    given("target missing inside", cell(700, "units", ""),
          "column 'units' is missing in 1 row(s) (0.0821018 %), more than declared", "row 700",
          "missing in at most 0 % of the rows"),
    given("target missing inside, as declared", cell(700, "units", ""),
          "1 row(s) break the declaration, and a forecast sets none aside: that would leave holes",
          "row 700 (column 'units': no target; day '2023-08-25', item 'hat')",
          "rows that keep to [columns], each with a target", changes=[(UNITS, f"{UNITS}, missing = 0.1")]),
    given("target of words", cell(700, "units", "many"),
          "1 value(s) of column 'units' (0.0821018 %): not a whole number", "row 700: 'many'",
          "integer, never missing"),
    given("target without end", cell(700, "units", "inf"),
          "1 value(s) of column 'units' (0.0821018 %): not a number", "row 700: 'inf'", "number, never missing",
          changes=[(UNITS, UNITS.replace("integer", "number"))]),
    given("target below 0 where effects multiply", cell(700, "units", "-3"),
          "1 value(s) of the target are below 0, the first of series 'hat' at 2023-08-25",
          'values from 0 where forecast.effects = "relative"', changes=[("past =", 'effects = "relative"\npast =')]),
    given("known ahead and missing in the test", cell(1200, "open", ""),
          "column 'open' is in forecast.known, and is missing for 1 of the targets that test the forecast,",
          "a value for every target: it is known when the forecast is", changes=[(OPEN, f"{OPEN}, missing = 0.1")]),
    given("known ahead and missing", cell(1200, "open", ""),
          "column 'open' is missing in 1 row(s) (0.0821018 %), more than declared", "row 1200",
          "missing in at most 0 % of the rows"),
    given("known ahead and the target", of_target(0),
          "column 'open' is in forecast.known, and equals the target itself",
          "what is known of a moment long before it comes"),
    given("known ahead and the target tomorrow", of_target(-1),
          "column 'open' is in forecast.known, and equals the target 1 step(s) later",
          "what is known of a moment long before it comes"),
    given("known ahead and the target yesterday", of_target(1),
          "column 'open' is in forecast.known, and equals the target 1 step(s) earlier",
          "what is known of a moment long before it comes"),
    given("known ahead and the target a week later", of_target(-7),
          "column 'open' is in forecast.known, and equals the target 7 step(s) later",
          "what is known of a moment long before it comes"),
    given("left out by another name", rows(),
          "forecast.leave_out names 'cap', and no series has that name", "'cup', 'hat', 'pen'",
          changes=[("past =", 'leave_out = ["cap"]\npast =')]),
    given("all left out", rows(),
          "forecast.leave_out names every series", "keep at least one",
          changes=[("past =", 'leave_out = ["cup", "hat", "pen"]\npast =')]),
    given("column that is no column", rows().drop(columns="price"),
          "the column 'price' is not in the file", "the file's columns: 'day', 'item', 'units', 'open'"),
    *(given(f"column named {name}", rows().rename(columns={"open": name}),
            f"column '{name}' has the name of something that every forecast has", "other names than 'weekday', ",
            changes=[("open = {", f'"{name}" = {{'), ('"open"', f'"{name}"')])
      for name in ("level", "step", "series", "weekday", "last value", "seasonal naive", "price, last known")),
    given("two series of one name", two_parts(),
          "3 series have 2 names: more than one would be called 'a / b / c'", "columns 'item', 'shop'",
          "values that stay distinct when they are joined by ' / '", "rename one of them",
          changes=[('series = ["item"]', 'series = ["item", "shop"]'),
                   ("[columns]", f"[columns]\nshop = {LABELS}")]),
    given("mean of no event", without("hat", 100, 101),
          "the target 'sold' is a mean of events (panel.mean), and 2 step(s) have none", "2023-04-14, item 'hat'",
          "events in every step of a series", "take a sum or a count",
          changes=[*EVENTS, ("sum = { sold", "mean = { sold")]),
    given("days as months", rows(),
          "1,176 time(s) lie no whole number of steps of 1 month after the first, 2023-01-04", "row 3: 2023-01-05",
          "times that lie whole steps of forecast.frequency = '1mo'", changes=MONTHLY),
]  # fmt: skip
