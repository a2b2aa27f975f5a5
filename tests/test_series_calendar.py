"""Steps by the calendar: their numbers, moments and names, places in a season, and what is learned of the year."""

import math
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from pipelines.core.table import WARM_UP
from pipelines.series.calendar import WAVES, Season, has_years, own_profile, year_waves
from pipelines.series.frequency import Frequency
from pipelines.series.origins import lay_origins

# A frequency, pandas' own name of it, a first time, and how a reader writes the second.
STEPS = [
    ("1h", "1h", "2024-02-28T22:00", "2024-02-28 23:00"),
    ("6h", "6h", "2024-02-28T03:30", "2024-02-28 09:30"),
    ("1d", "1D", "2024-02-27", "2024-02-28"),
    ("1w", "7D", "2024-02-21", "2024-02-28"),
    ("1mo", "MS", "2023-12-01", "2024-01"),
    ("3mo", "3MS", "2023-11-01", "2024-02"),
]


@pytest.mark.parametrize(("text", "alias", "first", "second"), STEPS, ids=[text for text, *_ in STEPS])
def test_numbers_times_and_labels_fit_each_other(text: str, alias: str, first: str, second: str) -> None:
    """The moments of so many steps are pandas' own, their numbers count up, in whatever order they come."""
    frequency = Frequency.of(text)
    expected = pd.date_range(first, periods=40, freq=alias).to_numpy("datetime64[s]")
    order = np.random.default_rng(1).permutation(40)

    times = frequency.times(np.datetime64(first, "s"), 40)
    number, begins = frequency.numbers(times[order])

    assert times.tolist() == expected.tolist()
    assert number.tolist() == order.tolist()
    assert begins.all()
    assert frequency.label(times[1]) == second
    assert str(frequency) == text


@pytest.mark.parametrize(
    ("text", "times", "begins"),
    [
        ("1h", ["2024-01-01T00:00", "2024-01-01T01:30", "2024-01-01T02:00"], [True, False, True]),
        ("1d", ["2024-01-01T06:00", "2024-01-02T06:00", "2024-01-03"], [False, False, True]),
        ("1w", ["2024-01-03", "2024-01-10", "2024-01-18"], [True, True, False]),
        ("1mo", ["2024-01-31", "2024-02-28", "2024-03-31"], [True, False, True]),
        ("3mo", ["2024-01-01", "2024-03-01", "2024-04-01"], [True, False, True]),
    ],
)  # fmt: skip
def test_a_time_between_two_steps_begins_none(text: str, times: list[str], begins: list[bool]) -> None:
    """Which times lie whole steps after the first."""
    moments = np.array(times, "datetime64[s]")
    if text == "1d":
        moments = np.append(moments, np.datetime64("2023-12-31T00:00", "s"))
        begins = [*begins, True]

    assert Frequency.of(text).numbers(moments)[1].tolist() == begins


@pytest.mark.parametrize(
    ("text", "week", "year", "name", "spelt"),
    [
        ("1h", 168, 8766, "hour", "1 hour"),
        ("5h", None, 1753.2, "5 hours", "5 hours"),
        ("1d", 7, 365.25, "day", "1 day"),
        ("2d", None, 182.625, "2 days", "2 days"),
        ("1w", 1, 52.17857142857143, "week", "1 week"),
        ("2w", None, 26.089285714285715, "2 weeks", "2 weeks"),
        ("1mo", None, 12, "month", "1 month"),
        ("3mo", None, 4, "3 months", "3 months"),
    ],
)  # fmt: skip
def test_weeks_and_years_in_steps(text: str, week: int | None, year: float, name: str, spelt: str) -> None:
    """Steps of a week, where it is a whole number of them; steps of a year on average; and their words."""
    frequency = Frequency.of(text)

    assert frequency.per_week == week
    assert frequency.per_year == pytest.approx(year)
    assert (frequency.name, frequency.spell(1), frequency.spell(0)[0]) == (name, spelt, "0")


@pytest.mark.parametrize("text", ["", "h", "0d", "1m", "1 d", "-1h", "1.5h", "1000h", "1hh", "1H"])
def test_other_texts_are_no_frequency(text: str) -> None:
    """Each is refused."""
    with pytest.raises(ValueError, match="is no frequency"):
        Frequency.of(text)


def by_clock(text: str, moment: datetime, first: datetime) -> str:
    """Return the name of a moment's place, as Python's own calendar has it."""
    if text == "month":
        return moment.strftime("%b")
    if text == "weekday":
        return moment.strftime("%a")
    if text == "number":
        return str((moment - first).days // 7 % 52 + 1)
    return moment.strftime("%a %H:%M" if text == "hour of the week" else "%H:%M")


CLOCKS = [
    ("1d", 7, "2024-02-27", "weekday", "weekday"),
    ("1h", 24, "2024-02-27T05:00", "hour of the day", "hour of the day"),
    ("1h", 168, "2024-02-27T05:00", "hour of the week", "hour of the week"),
    ("2h", 12, "2024-02-27T05:00", "hour of the day", "hour of the day"),  # steps that begin at odd hours
    ("6h", 28, "2024-02-27T03:30", "hour of the week", "hour of the week"),
    ("7h", 24, "2024-02-27T03:00", "hour of the week", "hour of the week"),  # no whole number of a day
    ("1mo", 12, "2023-11-01", "month", "month"),
    ("1w", 52, "2024-02-27", "number", "place in a season of 52"),
]


@pytest.mark.parametrize(
    ("text", "period", "first", "how", "title"), CLOCKS, ids=[f"{one[0]} {one[1]}" for one in CLOCKS]
)
def test_places_have_the_names_of_the_clock(text: str, period: int, first: str, how: str, title: str) -> None:
    """Each moment of three seasons has the place that the clock or the calendar names, and each place is met."""
    frequency = Frequency.of(text)
    times = frequency.times(np.datetime64(first, "s"), 3 * period)

    season = Season(period, frequency, times)

    names = [season.names[place] for place in season.place]
    moments = times.tolist()
    assert names == [by_clock(how, moment, moments[0]) for moment in moments]
    assert len(set(season.names)) == period
    assert season.title == title


def test_quarters_are_named_by_their_first_month() -> None:
    """Of a year that begins in February."""
    season = Season(4, Frequency.of("3mo"), Frequency.of("3mo").times(np.datetime64("2020-02-01", "s"), 9))

    assert [season.names[place] for place in season.place[:5]] == [
        "from Feb", "from May", "from Aug", "from Nov", "from Feb"
    ]  # fmt: skip
    assert season.title == "part of the year"


DAYS = 900
ORIGINS = lay_origins(DAYS, 7, 14, 7, "the file")


def test_own_profiles_are_learned_in_the_warm_up_alone() -> None:
    """Each series' mean distance from its mean by place, by a loop; what comes later changes nothing."""
    rng = np.random.default_rng(4)
    values = rng.gamma(2.0, 10.0, (3, DAYS)) + np.arange(DAYS) % 7
    values[1, :60] = np.nan
    values[2, np.arange(DAYS) % 7 == 3] = np.nan
    place = np.arange(DAYS) % 7
    last = int(ORIGINS.targets[ORIGINS.fold == WARM_UP].max())

    found = own_profile(values, place, ORIGINS)

    for series in range(3):
        warm = values[series, : last + 1]
        whole = np.nanmean(warm)
        profile = [0.0 if series == 2 and one == 3 else np.nanmean(warm[place[: last + 1] == one]) - whole
                   for one in range(7)]  # fmt: skip
        assert found[series] == pytest.approx(np.array(profile)[place[ORIGINS.targets]])
    later = values.copy()
    later[:, last + 1 :] = 1e6
    assert np.array_equal(found, own_profile(later, place, ORIGINS))
    earlier = values.copy()
    earlier[:, last] += 1e6
    assert not np.array_equal(found, own_profile(earlier, place, ORIGINS))


def test_waves_follow_the_year_of_each_target() -> None:
    """One to four times a year, from one New Year to the next, leap years too."""
    times = Frequency.of("1d").times(np.datetime64("2019-08-01", "s"), DAYS)

    found = year_waves(times, ORIGINS)

    assert list(found) == [f"year {name} {turns}" for turns in range(1, WAVES + 1) for name in ("sine", "cosine")]
    for block, step in ((0, 0), (20, 3), (len(ORIGINS.origin) - 1, 6)):
        day = datetime(2019, 8, 1) + timedelta(days=int(ORIGINS.targets[block, step]))  # noqa: DTZ001 - no zone
        share = (day.timetuple().tm_yday - 1) / (366 if day.year == 2020 else 365)
        for turns in range(1, WAVES + 1):
            angle = 2 * math.pi * turns * share
            waves = [found[f"year {name} {turns}"] for name in ("sine", "cosine")]
            of_target = [float(one.values[0, block, step]) for one in waves]  # noqa: PD011 - not a frame
            assert of_target == pytest.approx([math.sin(angle), math.cos(angle)], abs=1e-9)
    assert all(one.reach is None for one in found.values())


@pytest.mark.parametrize("steps", [DAYS, 1500, 2200, 2600])
def test_the_year_is_learned_where_the_first_fold_has_seen_two(steps: int) -> None:
    """At least 731 days lie before the first fold; two years are 730 and a half."""
    origins = lay_origins(steps, 7, 14, 7, "the file")

    assert has_years(origins, Frequency.of("1d")) == (int(origins.targets[origins.fold == 0].min()) >= 731)


def test_both_kinds_of_files_are_met() -> None:
    """The test above has files of either kind."""
    found = {has_years(lay_origins(steps, 7, 14, 7, ""), Frequency.of("1d")) for steps in (DAYS, 2600)}

    assert found == {False, True}


def test_two_years_to_the_day() -> None:
    """731 days before the first fold are enough, 730 are not: forecasts of a day, as many as it takes."""
    of_length = {int(one.targets[one.fold == 0].min()): one for one in
                 (lay_origins(steps, 1, 14, 7, "the file") for steps in range(1500, 2300))}  # fmt: skip

    assert has_years(of_length[731], Frequency.of("1d"))
    assert not has_years(of_length[730], Frequency.of("1d"))
