"""Dates of another order, century or unit than a careless reader takes them for, and amounts that look like dates."""

from collections.abc import Mapping

import pandas as pd

from messy.case import Case, Judge, Outcome
from messy.date_columns import (
    ROWS,
    Column,
    afternoons,
    as_texts,
    births_and_visits,
    days_near,
    draw_days,
    draw_times,
    ends_and_purchases,
    first_days,
    hours_of_year,
    in_order,
    low_days,
    odd_among,
    periods,
    seconds_of,
    span_of,
    whole_numbers,
    with_gaps,
    written_alike,
)

HALF_YEAR, LATELY = ("2024-01-01", "2024-06-30"), ("2021-01-01", "2024-06-30")
TWO_YEARS, FIVE_YEARS = ("2019-01-01", "2020-12-31"), ("2019-01-01", "2023-12-31")
EARLIER, FOUR_YEARS = ("2014-01-01", "2015-12-31"), ("2018-01-01", "2021-12-31")
MONTHS, QUARTERS = ("MS", "2016-01-01", 50), ("QS", "2012-01-01", 30)
ORDER = {
    "month starts": (
        Column("month_start", lambda rng: list(first_days(rng, *MONTHS).strftime("%m/%d/%Y")), format="%m/%d/%Y"),
        Column("month_start", lambda rng: list(first_days(rng, *MONTHS).strftime("%d/%m/%Y")), format="%d/%m/%Y"),
    ),
    "quarter starts": (
        Column("quarter", lambda rng: list(first_days(rng, *QUARTERS).strftime("%m-%d-%Y")), format="%m-%d-%Y"),
        Column("quarter", lambda rng: list(first_days(rng, *QUARTERS).strftime("%d-%m-%Y")), format="%d-%m-%Y"),
    ),
    "twelve months of a year": (
        Column("period", lambda rng: list(first_days(rng, "MS", "2021-01-01", 12).strftime("%m/%d/%Y")),
               format="%m/%d/%Y"),
        Column("period", lambda rng: list(first_days(rng, "MS", "2021-01-01", 12).strftime("%d/%m/%Y")),
               format="%d/%m/%Y"),
    ),
    "the fifth of each month": (
        Column("paid", lambda rng: list((first_days(rng, *MONTHS) + pd.Timedelta(days=4)).strftime("%m/%d/%Y")),
               format="%m/%d/%Y"),
        Column("paid", lambda rng: list((first_days(rng, *MONTHS) + pd.Timedelta(days=4)).strftime("%d/%m/%Y")),
               format="%d/%m/%Y"),
    ),
    "any day": (
        span_of("seen", "%m/%d/%Y", *TWO_YEARS), span_of("seen", "%d/%m/%Y", *TWO_YEARS),
    ),
    "the file in order": (
        Column("read_on", lambda rng: in_order("%m/%d/%Y", rng), format="%m/%d/%Y"),
        Column("read_on", lambda rng: in_order("%d/%m/%Y", rng), format="%d/%m/%Y"),
    ),
    "near other dates": (
        Column("shipped", lambda rng: days_near("%m/%d/%Y", rng), format="%m/%d/%Y"),
        Column("shipped", lambda rng: days_near("%d/%m/%Y", rng), format="%d/%m/%Y"),
    ),
    "written as other dates": (
        Column("joined", lambda rng: written_alike("%m/%d/%Y", rng), format="%m/%d/%Y"),
        Column("joined", lambda rng: written_alike("%d/%m/%Y", rng), format="%d/%m/%Y"),
    ),
    "several ways": (
        Column("seen", lambda rng: [day.strftime(("%d/%m/%Y", "%Y-%m-%d", "%b %d, %Y")[place % 3]) for place, day
                                    in enumerate(draw_days(rng, *TWO_YEARS))], type=None, doubted=True),
        Column("release", lambda rng: [".".join(map(str, parts)) for parts in rng.integers(0, 40, (ROWS, 3))],
               type=None),
    ),
    "both orders": (
        Column("seen", lambda rng: [day.strftime(("%d/%m/%Y", "%m/%d/%Y")[place % 2]) for place, day
                                    in enumerate(draw_days(rng, *TWO_YEARS))], type=None, doubted=True),
        Column("size", lambda rng: [f"{a}/{b}/{c}" for a, b, c in rng.integers(150, 300, (ROWS, 3))], type=None),
    ),
    "nothing decides": (
        Column("seen", lambda rng: list(low_days(rng).strftime("%m/%d/%Y")), format="%d/%m/%Y", doubted=True),
        span_of("seen", "%d.%m.%Y", "2019-01-01", "2019-03-31"),
    ),
}  # fmt: skip
CENTURY = {
    "births": (
        span_of("born", "%d/%m/%y", "1935-01-01", "2004-12-31", years=(1935, 2004)),
        span_of("ordered", "%d/%m/%y", "2016-01-01", "2023-12-31", years=(2016, 2023)),
    ),
    "births of eighty years": (
        span_of("birth_date", "%m/%d/%y", "1941-01-01", "2021-12-31", years=(1941, 2021)),
        span_of("birth_date", "%m/%d/%Y", "1941-01-01", "2021-12-31", years=(1941, 2021)),
    ),
    "births of the old century": (
        span_of("geboren", "%d.%m.%y", "1928-01-01", "1999-12-31", years=(1928, 1999)),
        span_of("geboren", "%d.%m.%y", "1970-01-01", "1999-12-31", years=(1970, 1999)),
    ),
    "births beside visits": (
        Column("dob", lambda rng: births_and_visits("1921-01-01", "2018-12-31", 2019, rng), format="%m/%d/%y",
               years=(1921, 2019)),
        Column("dob", lambda rng: births_and_visits("1980-01-01", "2005-12-31", 2019, rng), format="%m/%d/%y",
               years=(1980, 2005)),
    ),
    "births and visits of two digits": (
        Column("dob", lambda rng: births_and_visits("1920-01-01", "2019-12-31", 2019, rng, "%m/%d/%y"),
               format="%m/%d/%y", years=(1920, 2019)),
        Column("dob", lambda rng: births_and_visits("1960-01-01", "1999-12-31", 2019, rng, "%m/%d/%y"),
               format="%m/%d/%y", years=(1960, 1999)),
    ),
    "days to come": (
        Column("expiry_date", lambda rng: ends_and_purchases("2024-01-01", "2036-12-31", rng), format="%m/%d/%y",
               years=(2024, 2036), doubted=True),
        Column("expiry_date", lambda rng: ends_and_purchases("2015-01-01", "2022-12-31", rng), format="%m/%d/%y",
               years=(2015, 2022)),
    ),
    "months by name": (
        span_of("born", "%d-%b-%y", "1930-01-01", "2005-12-31", years=(1930, 2005)),
        span_of("admitted", "%d-%b-%y", "1998-01-01", "2003-12-31", years=(1998, 2003)),
    ),
    "the year first": (
        span_of("day", "%y-%m-%d", "2018-01-01", "2023-12-31", years=(2018, 2023)),
        span_of("day", "%d-%m-%y", "2018-01-01", "2023-12-31", years=(2018, 2023)),
    ),
}  # fmt: skip
HOUR = {
    "to the minute": (
        Column("called_at", lambda rng: list(draw_times(rng, *HALF_YEAR, 60).strftime("%Y-%m-%d %H:%M")),
               hour=True),
        Column("called_at", lambda rng: list(draw_days(rng, *HALF_YEAR).strftime("%Y-%m-%d 00:00"))),
    ),
    "twelve hours": (
        Column("when", lambda rng: list(draw_times(rng, *HALF_YEAR, 60).strftime("%m/%d/%Y %I:%M %p")),
               format="%m/%d/%Y %I:%M %p", hour=True),
        Column("when", lambda rng: list(draw_days(rng, *HALF_YEAR).strftime("%m/%d/%Y 12:00 AM")),
               format="%m/%d/%Y %I:%M %p"),
    ),
    "a time without a date": (
        Column("started", lambda rng: list(draw_times(rng, *HALF_YEAR, 60).strftime("%H:%M")),
               format="%H:%M"),
        Column("result", lambda rng: [f"{home}:{away}" for home, away in rng.integers(0, 6, (ROWS, 2))], type=None),
    ),
    "with an offset": (
        Column("ts", lambda rng: list(draw_times(rng, *HALF_YEAR).strftime("%Y-%m-%dT%H:%M:%S-05:00")),
               hour=True),
        Column("ts", lambda rng: list(draw_days(rng, *HALF_YEAR).strftime("%Y-%m-%dT00:00:00-05:00"))),
    ),
    "daylight saving": (
        Column("at", lambda rng: hours_of_year("Europe/Berlin", rng), hour=True, doubted=True),
        Column("at", lambda rng: hours_of_year(None, rng), hour=True),
    ),
    "daylight saving, America": (
        Column("reading", lambda rng: hours_of_year("America/New_York", rng), hour=True, doubted=True),
        Column("reading", lambda rng: hours_of_year("Asia/Tokyo", rng), hour=True),
    ),
}  # fmt: skip
NUMBERS = {
    "seconds by name": (
        Column("created_at", lambda rng: as_texts(seconds_of(draw_times(rng, *LATELY))),
               format="unix seconds", hour=True),
        whole_numbers("market_cap", lambda rng: rng.lognormal(21, 0.4, ROWS)),
    ),
    "seconds of the hour": (
        Column("t", lambda rng: as_texts(seconds_of(draw_times(rng, *LATELY, 3600))),
               format="unix seconds", hour=True),
        whole_numbers("capacity", lambda rng: rng.integers(12_000, 35_000, ROWS) * 60_000),
    ),
    "seconds that prefer an hour": (
        Column("x7", lambda rng: as_texts(afternoons(rng)), format="unix seconds", hour=True),
        whole_numbers("throughput", lambda rng: rng.normal(1.6e9, 2e7, ROWS)),
    ),
    "seconds with gaps": (
        Column("last_seen_ts", lambda rng: with_gaps(as_texts(seconds_of(draw_times(rng, *LATELY))), rng),
               format="unix seconds", hour=True),
        whole_numbers("serial", lambda rng: 1_700_000_000 + rng.integers(0, 10**7, ROWS)),
    ),
    "seconds of days": (
        Column("date", lambda rng: as_texts(seconds_of(draw_days(rng, *LATELY))), format="unix seconds"),
        whole_numbers("volume", lambda rng: rng.integers(700, 2_100, ROWS) * 10**6),
    ),
    "milliseconds": (
        Column("eventTime", lambda rng: as_texts(seconds_of(draw_times(rng, *LATELY)) * 1000
                                               + rng.integers(0, 1000, ROWS)), format="unix milliseconds", hour=True),
        whole_numbers("bytes_sent", lambda rng: rng.normal(1.6e12, 2e10, ROWS)),
    ),
    "months": (
        Column("month", lambda rng: list(draw_days(rng, *FIVE_YEARS).strftime("%Y%m")), format="%Y%m"),
        whole_numbers("loan", lambda rng: rng.integers(190_000, 210_000, ROWS)),
    ),
    "months without a name": (
        Column("a1", lambda rng: list(draw_days(rng, *FIVE_YEARS).strftime("%Y%m")), format="%Y%m"),
        whole_numbers("price", lambda rng: rng.integers(1_900, 2_100, ROWS) * 100),
    ),
    "months with gaps": (
        Column("period", lambda rng: with_gaps([f"{one}.0" for one in draw_days(rng, *FIVE_YEARS)
                                                 .strftime("%Y%m")], rng), format="%Y%m"),
        whole_numbers("outlet", lambda rng: 200_100 + rng.integers(1, 13, ROWS)),
    ),
    "days": (
        Column("date", lambda rng: list(draw_days(rng, *EARLIER).strftime("%Y%m%d")), format="%Y%m%d"),
        whole_numbers("area", lambda rng: rng.integers(19_000_000, 21_000_000, ROWS)),
    ),
    "days without a name": (
        Column("v9", lambda rng: list(draw_days(rng, *EARLIER).strftime("%Y%m%d")), format="%Y%m%d"),
        whole_numbers("income", lambda rng: rng.normal(20_150_600, 90_000, ROWS)),
    ),
    "days of Excel": (
        Column("order_date", lambda rng: as_texts((draw_days(rng, *FOUR_YEARS) - pd.Timestamp("1899-12-30"))
                                                .days), format="excel days"),
        whole_numbers("spend_to_date", lambda rng: rng.integers(33_000, 50_000, ROWS)),
    ),
}  # fmt: skip
PERIODS = {
    "weeks": (
        span_of("week", "%G-W%V", "2020-01-01", "2023-12-31"),
        Column("lot", lambda rng: [f"2024-W{place:02d}" for place in rng.integers(1, 99, ROWS)], type=None),
    ),
    "quarters": (
        Column("quarter", lambda rng: periods("{year}Q{quarter}", rng), format="%YQ%Q"),
        Column("answer", lambda rng: [f"Q{place}" for place in rng.integers(1, 5, ROWS)], type=None),
    ),
    "quarters first": (
        Column("fiscal", lambda rng: periods("Q{quarter} {year}", rng), format="Q%Q %Y"),
        Column("version", lambda rng: [f"2024-W{week:02d}{'abc'[week % 3]}" for week in rng.integers(1, 53, ROWS)],
               type=None),
    ),
    "months by name": (
        span_of("issue_d", "%b-%Y", "2007-06-01", "2018-12-31"),
        Column("pressure", lambda rng: [f"{high}/{low}" for high, low in zip(
            rng.integers(100, 180, ROWS), rng.integers(60, 99, ROWS), strict=True)], type=None),
    ),
}  # fmt: skip
NONE = {
    "zeros": odd_among("paid_on", "%Y-%m-%d", ["0000-00-00"]),
    "a day that never was": odd_among("due", "%d/%m/%Y", ["31/02/2020"], 0),
    "the end of time": odd_among("valid_to", "%Y-%m-%d", ["9999-12-31"], 0.3),
    "the beginning of time": odd_among("joined", "%d.%m.%Y", ["01.01.1900"]),
    "zero among digits": odd_among("last_date", "%Y%m%d", ["0"]),
    "words": odd_among("closed", "%Y/%m/%d", ["never", "open"]),
}  # fmt: skip
KINDS: Mapping[str, Mapping[str, tuple[Column, Column]]] = {
    "order of day and month": ORDER, "two-digit years": CENTURY, "time of day": HOUR,
    "numbers that are moments": NUMBERS, "months, quarters, weeks": PERIODS, "no date": NONE,
}  # fmt: skip


def _case(kind: str, name: str, faulty: Column, twin: Column) -> Case:
    def clean(outcome: Outcome) -> bool:
        return twin.judge(outcome) and not any(one["column"] == twin.name for one in outcome.doubts)

    judge: Judge = faulty.judge
    return Case(kind, name, faulty.table, judge, twin.table, clean, flags={"target": "sold"})


CASES = [_case(kind, name, *columns) for kind, cases in KINDS.items() for name, columns in cases.items()]
