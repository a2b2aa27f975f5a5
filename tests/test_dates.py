"""Dates: formats beyond strptime, the clock of a cell, which number is the day, which hundred years two digits mean."""

import numpy as np
import pandas as pd
import pytest

from pipelines.core.project import Column
from pipelines.inputs import INPUTS
from pipelines.inputs.date_century import PRESENT, century_of
from pipelines.inputs.date_clock import changes_of_clock
from pipelines.inputs.date_formats import names_date, read_dates, wrong_format
from pipelines.inputs.date_numbers import moments_among
from pipelines.inputs.date_odd import dates_for_none, odd_dates
from pipelines.inputs.date_order import Beside, order_of
from pipelines.inputs.date_texts import FORMATS, text_format

LATER = ["2014-05-23 13:05:07", "2015-09-23 13:05:07", "2016-01-23 13:05:07", "2017-12-30 13:05:07"]


def texts(*cells: str | None) -> pd.Series:
    """Return a column of text."""
    return pd.Series(cells, dtype="str")


@pytest.mark.parametrize(
    ("form", "cell", "moment"),
    [
        ("unix seconds", "1709354100", "2024-03-02 04:35:00"),
        ("unix seconds", "1709354100.25", "2024-03-02 04:35:00.25"),
        ("unix milliseconds", "1709354100250", "2024-03-02 04:35:00.25"),
        ("unix microseconds", "1709354100250000", "2024-03-02 04:35:00.25"),
        ("unix nanoseconds", "1709354100250000999", "2024-03-02 04:35:00.25"),
        ("excel days", "45292.5", "2024-01-01 12:00"),
        ("%Y-Q%Q", "2024-Q3", "2024-07-01"),
        ("Q%Q %y", "q1 24", "2024-01-01"),
        ("%G-W%V", "2024-W05", "2024-01-29"),
        ("%G-W%V", "2020-W53", "2020-12-28"),
        ("%Y%m", "202405", "2024-05-01"),
        ("%Y%m", "202405.0", "2024-05-01"),
        ("%Y%m%d", "20240531", "2024-05-31"),
    ],
)
def test_formats_beyond_strptime(form: str, cell: str, moment: str) -> None:
    """A quarter or week is its first day, counted moments are of UTC, and what is no such cell is missing."""
    read = read_dates(texts(cell, None, "soon"), form)

    assert read.tolist()[0] == pd.Timestamp(moment)
    assert read.isna().tolist() == [False, True, True]
    assert wrong_format(form) is None


@pytest.mark.parametrize("form", ["%Q", "%Y-Q%Q-%m", "%Q%Q %Y", "unix hours", "%k"])
def test_a_format_that_nothing_reads_is_refused(form: str) -> None:
    """The message lists what there is beside strptime's formats."""
    message = wrong_format(form)

    assert message is not None
    assert '"unix seconds"' in message


@pytest.mark.parametrize(
    ("latest", "years"), [(None, [2045, 2004, 1970]), (2004, [1945, 2004, 1970]), (1999, [1945, 1904, 1970])]
)
def test_two_digits_are_of_the_hundred_years_up_to_the_latest(latest: int | None, years: list[int]) -> None:
    """45, 04 and 70 up to 2004 are 1945, 2004 and 1970; strptime alone says 2045."""
    read = read_dates(texts("14/03/45", "01/01/04", "31/12/70"), "%d/%m/%y", latest)

    assert read.dt.year.tolist() == years


def test_a_day_that_its_year_does_not_have_is_missing() -> None:
    """29 February 2000 was a day, 29 February 1900 was none."""
    assert read_dates(texts("29/02/00"), "%d/%m/%y", 1999).isna().all()


def test_an_offset_keeps_the_clock_and_the_days_are_of_utc() -> None:
    """Half past eleven on a Friday in New York is a Saturday in UTC; without an offset UTC is the clock."""
    column = Column.model_validate({"type": "date", "hour": True, "missing": 0.5})
    kind = INPUTS["date"]
    parsed = kind.parse(texts("2024-03-01T23:30:00-05:00", "2024-03-02T04:30:00Z", None, "2024-03-02"), column)

    made = kind.features("d", column, parsed.typed, parsed.clock)

    assert made["d (weekday)"].tolist()[:2] == [4, 5]
    assert made["d (hour)"].tolist()[:2] == [23.5, 4.5]
    assert made["d (hour)"].tolist()[3] == 0
    assert made["d (days)"][0] == made["d (days)"][1] == 19_784 + 4.5 / 24
    assert made["d (hour)"].isna().tolist() == [False, False, True, False]


@pytest.mark.parametrize("form", [None, "%d/%m/%y", "%Y-Q%Q", "%G-W%V", "%Y%m", "unix seconds", "excel days", "%H:%M"])
@pytest.mark.parametrize("dtype", ["str", "float64"])
def test_a_column_without_a_cell_is_read_as_one(form: str | None, dtype: str) -> None:
    """The reader gives numbers where no cell holds anything; all moments are missing, none unreadable."""
    column = Column.model_validate({"type": "date", "missing": 1.0, "format": form})

    parsed = INPUTS["date"].parse(pd.Series([None, None], dtype=dtype), column)

    assert parsed.typed.isna().all()
    assert not parsed.unreadable.any()


def test_months_have_no_weekday_and_days_no_hour_unless_asked() -> None:
    """What a cell does not name is no feature."""
    kind = INPUTS["date"]

    assert kind.feature_names("d", Column(type="date", format="%H:%M")) == ["d (hour)"]
    assert kind.feature_names("d", Column(type="date", format="%Y%m")) == ["d (days)", "d (month)"]
    assert kind.feature_names("d", Column(type="date")) == ["d (days)", "d (month)", "d (weekday)"]


@pytest.mark.parametrize(
    ("own", "told"),
    [
        ({"latest_year": 2000}, "`latest_year` is for formats with years of two digits"),
        ({"latest_year": 2000, "format": "%d/%m/%Y"}, "`latest_year` is for formats"),
        ({"hour": True, "format": "%d/%m/%Y"}, "names none"),
        ({"hour": True, "format": "%Y-Q%Q"}, "names none"),
    ],
)
def test_keys_that_the_format_does_not_bear_out_are_refused(own: dict[str, object], told: str) -> None:
    """A year of two digits and a time of day must be there to be read."""
    with pytest.raises(ValueError, match=told):
        Column.model_validate({"type": "date", **own})


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_that_is_tried_reads_what_it_writes(form: str) -> None:
    """Written in a format, four moments are read by the one that is found as they were written."""
    moments = pd.DatetimeIndex(LATER, tz="UTC")
    moments = moments if names_date(form) else pd.date_range(moments[0], periods=20, freq="47min")
    cells = texts(*(moment.strftime(form.replace("%Q", str(moment.quarter))) for moment in moments))

    found = text_format(cells)

    assert found is not None
    if "%y" not in form or form.startswith("%d"):  # 14-05-23 alone is one of several days
        assert read_dates(cells, found).tolist() == read_dates(cells, form).tolist()


@pytest.mark.parametrize(
    ("days", "form", "why"),
    [
        (pd.date_range("2019-01-01", periods=24, freq="MS"), "%m/%d/%Y", "the first of a month"),
        (pd.date_range("2019-01-01", periods=24, freq="MS") + pd.Timedelta(days=4), "%m/%d/%Y", "day 5 of a month"),
        (pd.DatetimeIndex(["2019-01-02", "2019-03-01", "2019-05-06", "2019-08-02", "2020-02-03", "2020-04-02",
                           "2020-07-01", "2020-09-08"]), "%m/%d/%Y", "in order of time"),
        (pd.DatetimeIndex(["2019-02-03", "2019-11-04"] * 5), "%d/%m/%Y", None),
    ],
)  # fmt: skip
def test_the_order_that_a_column_shows(days: pd.DatetimeIndex, form: str, why: str | None) -> None:
    """Monthly figures and a file in order speak; a few days up to 12 say nothing, and the day comes first."""
    order = order_of(texts(*days.strftime(form)), "%d/%m/%Y")

    assert order.form == form
    assert order.other is not None
    assert order.why is None if why is None else why in str(order.why)


def test_dates_beside_decide_by_nearness_then_by_their_own_order() -> None:
    """Days that lie within a week of others one way, and months away the other, are read the first way."""
    rng = np.random.default_rng(0)
    days = pd.DatetimeIndex([pd.Timestamp(2020, month, day) for month, day in rng.integers(1, 13, (60, 2))])
    cells = texts(*days.strftime("%m/%d/%Y"))
    near = Beside("ordered", None, pd.Series(days - pd.Timedelta(days=3)))
    alike = Beside("born", "%m/%d/%Y", pd.Series(pd.date_range("1950-01-01", periods=60, freq="200D")))

    assert order_of(cells, "%d/%m/%Y", [near]).why == "that way the dates lie near those of ordered, and not the other"
    assert "born is written so" in str(order_of(cells, "%d/%m/%Y", [alike]).why)
    assert order_of(cells, "%d/%m/%Y").why is None


@pytest.mark.parametrize(
    ("first", "last", "name", "latest", "sure"),
    [
        (1935, 2004, "born", None, True),
        (1941, 2021, "born", None, True),
        (1928, 1999, "born", None, True),
        (1921, 2018, "born", 2019, True),
        (2016, 2023, "ordered", None, True),
        (1998, 2003, "admitted", 2003, True),
        (2024, 2036, "expiry date", 2024, False),
        (1955, 1960, "founded", None, True),
    ],
)  # fmt: skip
def test_two_digits_are_of_no_year_to_come(first: int, last: int, name: str, latest: int | None, sure: bool) -> None:
    """All years of a span are read right by the hundred years that their last two digits show."""
    years = np.arange(first, last + 1)

    found = century_of(years % 100, name, latest)

    assert (found.latest_year - (found.latest_year - years % 100) % 100).tolist() == years.tolist()
    assert found.sure is sure


def test_years_of_a_whole_century_end_at_the_present() -> None:
    """Where all hundred pairs of digits occur, no gap says where they end."""
    assert century_of(np.arange(100), "born").latest_year == PRESENT
    assert century_of(np.arange(100), "born", 2012).latest_year == 2012


@pytest.mark.parametrize(
    ("name", "numbers", "form"),
    [
        ("at", np.arange(1_700_000_000, 1_700_900_000, 777), "unix seconds"),
        ("amount", np.arange(1_700_000_000, 1_700_900_000, 777), None),
        ("x", np.arange(1_700_000_000, 1_700_900_000, 777), None),
        ("x", np.arange(1_700_002_800, 1_700_900_000, 3600), "unix seconds"),
        ("x", np.arange(1_700_000_000, 1_800_000_000, 3_600_000), None),
        ("month", np.array([202311, 202312, 202401]), "%Y%m"),
        ("x", np.array([202311, 202312, 202401]), None),
        ("month", np.array([202311, 202312, 202313]), None),
        ("week", np.array([202401, 202405, 202452]), "%G%V"),
        ("week", np.array([202401, 202405, 202460]), None),
        ("stamp", 20240101000000 + np.arange(24) * 10_000, "%Y%m%d%H%M%S"),
        ("stamp", 20240101000000 + np.arange(25) * 10_000, None),
        ("date", np.array([20240101, 20240228, 20240331]), "%Y%m%d"),
        ("date", np.array([20240101, 20240230, 20240331]), None),
        ("order date", np.arange(45_000, 45_100), "excel days"),
        ("orders", np.arange(45_000, 45_100), None),
    ],
)
def test_numbers_are_moments_where_there_is_evidence(name: str, numbers: np.ndarray, form: str | None) -> None:
    """A name, regular steps or digits speak; amounts of the same size are left alone."""
    found = moments_among(pd.Series(numbers), name)

    assert (None if found is None else found.form) == form


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York"])
def test_a_clock_that_is_put_forward_and_back_is_seen(zone: str) -> None:
    """Hours of a year by such a clock lack one in spring and have one twice in autumn; those of UTC do not."""
    hours = pd.date_range("2023-01-01", periods=24 * 365, freq="h", tz="UTC")
    local = hours.tz_convert(zone).tz_localize(None)

    found = changes_of_clock(pd.Series(local))

    counts = local.value_counts()
    assert found is not None
    assert found.doubled == counts.index[counts == 2][0]
    assert found.skipped is not None
    assert found.skipped not in counts.index
    assert found.skipped - pd.Timedelta(hours=1) in counts.index
    assert changes_of_clock(pd.Series(hours.tz_localize(None))) is None


@pytest.mark.parametrize(
    ("cells", "form"),
    [
        ([f"01/{month:02d}/{year}" for year in range(10, 30) for month in range(1, 13)], "%d/%m/%y"),
        ([f"{month:02d}/01/{year}" for year in range(10, 30) for month in range(1, 13)], "%d/%m/%y"),
        ([f"19/{month:02d}/{day:02d}" for month in range(1, 13) for day in range(1, 29)], "%y/%m/%d"),
        ([f"{day:02d}/{month:02d}/19" for month in range(1, 13) for day in range(1, 29)], "%d/%m/%y"),
        (["2008-09", "2009-10", "2010-11", "2011-12"], None),
        (["2008-09", "2009-10", "2010-11", "2011-11"], "%Y-%m"),
        (["2024-04-07 03:03:00 UTC", "2024-04-08 04:03:00 UTC"], ""),
        (["07/Apr/2024:03:03:00 +0000", "08/Apr/2024:03:03:00 +0200"], "%d/%b/%Y:%H:%M:%S %z"),
    ],
)
def test_the_format_that_texts_are_read_by(cells: list[str], form: str | None) -> None:
    """The year stands first only where the last number is a day all over the month; order comes later."""
    assert text_format(texts(*cells)) == form


def test_odd_cells_among_dates() -> None:
    """31 February among many days is no date, and labels with a date among them are no dates."""
    days = pd.date_range("2020-01-01", periods=60)

    assert odd_dates(texts(*days.strftime("%d/%m/%Y"), "31/02/2020")) == ["31/02/2020"]
    assert odd_dates(texts(*(f"v{number}" for number in range(60)), "2020-01-01")) == []


@pytest.mark.parametrize(
    ("cell", "rows", "found"),
    [("9999-12-31", 9, ["9999-12-31"]), ("9999-12-31", 1, []), ("2020-03-01", 9, []), ("2020-12-31", 9, [])],
)
def test_a_repeated_day_far_from_all_others_stands_for_none(cell: str, rows: int, found: list[str]) -> None:
    """The end of time, more than once, is no day; a busy day among others is one."""
    days = texts(*pd.date_range("2020-01-01", periods=60).strftime("%Y-%m-%d"), *[cell] * rows)

    assert dates_for_none(days.value_counts(), "") == found
