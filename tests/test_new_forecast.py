"""Drafts of forecasts: what `sevenfold new --horizon` guesses of times, seasons, effects, gaps and columns, and why."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipelines.core.errors import InputError
from pipelines.core.project import Project, parse_project
from pipelines.core.submit import run_now
from pipelines.define import Defined, define
from pipelines.profiling.asked import Asked
from pipelines.profiling.draft import draft

HOURS = 24 * 7 * 60
DAYS = 500


def drafted(frame: pd.DataFrame, **said: Any) -> tuple[str, Project]:  # noqa: ANN401 - flags of several types
    """Return the text of a draft, and the project that it parses to."""
    asked = Asked(name="toy", file="data/raw/toy.csv", **{"target": "sold", "time": "day", **said})
    text = draft(frame, asked)
    return text, parse_project(text, "toy", "toy.toml")


def defined(frame: pd.DataFrame, project: Project) -> Defined:
    """Return what step 1 makes of a table."""
    return define(frame, project, "0" * 64, run_now)


def line(text: str, key: str) -> str:
    """Return the line of a draft that gives a key, with its reason."""
    return next(one for one in text.splitlines() if one.split(" = ")[0].strip() == key)


def hourly() -> pd.DataFrame:
    """Return a series of hours whose values grow, and whose spread grows with them."""
    rng = np.random.default_rng(0)
    at = np.arange(HOURS)
    level = np.exp(at / HOURS * 2)
    sold = np.rint(50 * level * (1.5 + np.sin(2 * np.pi * at / 24)) * rng.uniform(0.8, 1.2, HOURS))
    times = pd.date_range("2021-03-01", periods=HOURS, freq="h").strftime("%Y-%m-%d %H:%M:%S")
    return pd.DataFrame({"day": times, "sold": sold.astype(int), "wind": rng.standard_normal(HOURS)})


def panel() -> pd.DataFrame:
    """Return the daily sales of two shops with three items each: counts, a price, a note and labels."""
    rng = np.random.default_rng(1)
    times = pd.date_range("2022-01-03", periods=DAYS, freq="D")
    names = [(shop, item) for shop in ("east", "west") for item in ("pear", "plum", "fig")]
    open_ = (times.day_of_week < 6).astype(int)
    parts = [
        pd.DataFrame({
            "day": times.strftime("%Y-%m-%d"), "shop": shop, "item": item,
            "sold": rng.poisson(20, DAYS), "price": rng.choice([1.5, 2.0, 2.25], DAYS),
            "open": open_, "promotion": rng.choice(["none at all", "half price", "two for one"], DAYS),
        })
        for shop, item in names
    ]  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def spaced(step: str, count: int) -> pd.DataFrame:
    """Return a series with steps of months or quarters."""
    rng = np.random.default_rng(2)
    times = pd.date_range("1950-01-01", periods=count, freq=step).strftime("%Y-%m-%d")
    return pd.DataFrame({"day": times, "sold": 100 + rng.standard_normal(count)})


def test_hours_of_one_series() -> None:
    """Steps of an hour, seasons of a day and a week, effects that multiply, and step 1 takes the table."""
    frame = hourly()

    text, project = drafted(frame, horizon=24)

    asked = project.asked_forecast
    assert (asked.frequency, asked.season, asked.horizon) == ("1h", (24, 168), 24)
    assert (asked.effects, asked.fill, asked.series) == ("relative", "refuse", ())
    assert (asked.known, asked.past) == ((), ("wind",))
    assert (project.metric.primary, project.problem.task) == ("mae", "forecast")
    assert "a guess: 100 % of the times are 1 hour after the one before" in line(text, "frequency")
    assert "a guess: a day and a week" in line(text, "season")
    assert "to the power" in line(text, "effects")
    facts = defined(frame, project).facts["forecast"]
    assert facts is not None
    assert (facts["series"], facts["steps"]) == (1, HOURS)


def test_days_of_a_panel() -> None:
    """Two columns name six series; counts are judged by WAPE; labels are dropped with what could be done with them."""
    frame = panel()

    text, project = drafted(frame, horizon=7, series=("shop", "item"))

    asked = project.asked_forecast
    assert (asked.frequency, asked.season, asked.series) == ("1d", (7,), ("shop", "item"))
    assert asked.past == ("price", "open")
    assert asked.effects == "absolute"
    assert project.columns.drop == ("promotion",)
    assert (project.metric.primary, project.metric.margin) == ("wape", 0.005)
    assert "there are 6" in line(text, "series")
    assert "same for all series" in next(one for one in text.splitlines() if one.strip().startswith('"open"'))
    assert "same for all series" not in next(one for one in text.splitlines() if one.strip().startswith('"price"'))
    assert "name it in forecast.known" in text
    facts = defined(frame, project).facts["forecast"]
    assert facts is not None
    assert facts["series"] == 6


@pytest.mark.parametrize(("larger", "metric"), [(3.0, "mae"), (1000.0, "mase")])
def test_series_of_many_sizes_count_alike(larger: float, metric: str) -> None:
    """Where one series is far larger than another, a mean of errors in the unit would be the large one's alone."""
    rng = np.random.default_rng(3)
    one = spaced("MS", 120).assign(place="a")
    other = one.assign(place="b", sold=larger * (100 + rng.standard_normal(120)))

    text, project = drafted(pd.concat([one, other], ignore_index=True), horizon=1, series=("place",))

    assert project.metric.primary == metric
    if metric == "mase":
        assert "medians of series from 100 to 99,9" in line(text, "primary")
        assert project.metric.margin == 0.01


def test_labels_that_are_kept_are_known_ahead() -> None:
    """A column of labels has one place, and a user's word puts it there."""
    text, project = drafted(panel(), horizon=7, series=("shop", "item"), keep=("promotion",))

    assert project.asked_forecast.known == ("promotion",)
    assert "--keep says so" in text


@pytest.mark.parametrize(("step", "count", "frequency", "season"), [("MS", 120, "1mo", 12), ("QS", 80, "3mo", 4)])
def test_months_and_quarters(step: str, count: int, frequency: str, season: int) -> None:
    """Months have no fixed length, and are counted; the season is a year."""
    frame = spaced(step, count)

    text, project = drafted(frame, horizon=1)

    asked = project.asked_forecast
    assert (asked.frequency, asked.season) == (frequency, (season,))
    assert "a guess: a year" in line(text, "season")
    facts = defined(frame, project).facts["forecast"]
    assert facts is not None
    assert facts["steps"] == count


@pytest.mark.parametrize(
    ("step", "count", "frequency", "season", "why"),
    [
        ("W-MON", 300, "1w", [52], "a year"),
        ("W-MON", 207, "1w", [2], "no usual season is short enough"),  # 4 x 52 = 208
        ("2D", 300, "2d", [2], "steps of 2 days have no usual season"),
        ("6h", 112, "6h", [4, 28], "a day and a week"),
        ("6h", 111, "6h", [4], "a day; not a week, of which the history does not hold 4"),
        ("YS", 60, "12mo", [2], "steps of 12 months have no usual season"),
    ],
)
def test_seasons_are_as_long_as_the_history_allows(
    step: str, count: int, frequency: str, season: list[int], why: str
) -> None:
    """A season of which the history does not hold four is left out, and that is said."""
    frame = spaced(step, count)
    frame["day"] = pd.date_range("1990-01-01", periods=count, freq=step).strftime("%Y-%m-%d %H:%M:%S")

    text, project = drafted(frame, horizon=1)

    assert (project.asked_forecast.frequency, list(project.asked_forecast.season)) == (frequency, season)
    assert why in line(text, "season")


def test_the_commonest_difference_counts_within_a_series() -> None:
    """Series that lie between each other's times, and a few gaps, do not change the step."""
    days = pd.date_range("2022-01-03", periods=300, freq="D")
    one = pd.DataFrame({"day": days, "who": "a", "sold": 1.0})
    two = pd.DataFrame({"day": days + pd.Timedelta(hours=6), "who": "b", "sold": 2.0})
    frame = pd.concat([one.drop(index=[5, 90]), two], ignore_index=True).sample(frac=1, random_state=0)
    frame = frame.assign(day=frame["day"].dt.strftime("%Y-%m-%d %H:%M:%S"), sold=np.arange(598) % 7 + 0.5)

    text, project = drafted(frame.reset_index(drop=True), horizon=7, series=("who",))

    assert project.asked_forecast.frequency == "1d"
    assert "99.7 % of the times" in line(text, "frequency")  # 594 of 596: two gaps of two days


@pytest.mark.parametrize(
    ("gaps", "whole", "fill"), [(6, True, "zero"), (4, True, "zero"), (3, True, "refuse"), (6, False, "refuse")]
)
def test_zeros_are_a_question_where_most_series_of_counts_have_gaps(gaps: int, whole: bool, fill: str) -> None:
    """Four of six series that lack a row are most of them, three are not; amounts with fractions are never filled."""
    frame = panel()
    out = [number * DAYS + 100 for number in range(gaps)]
    frame = frame.drop(index=out).reset_index(drop=True)
    frame = frame if whole else frame.assign(sold=frame["sold"] + 0.25)

    text, project = drafted(frame, horizon=7, series=("shop", "item"))

    assert project.asked_forecast.fill == fill
    if fill == "zero":
        assert f"a question: {gaps} of 6 series lack rows" in line(text, "fill")
        facts = defined(frame, project).facts["forecast"]
        assert facts is not None
        assert facts["filled_steps"] == gaps
    else:
        with pytest.raises(InputError, match=r"step\(s\) of . series have no row"):
            defined(frame, project)


def test_a_flag_fills_and_leaves_out() -> None:
    """What the user says is no guess."""
    frame = panel().drop(index=[100]).reset_index(drop=True)

    text, project = drafted(frame, horizon=7, series=("shop", "item"), fill="zero", leave_out=("west / fig",))

    assert (project.asked_forecast.fill, project.asked_forecast.leave_out) == ("zero", ("west / fig",))
    assert line(text, "fill").endswith("# --fill says so")
    facts = defined(frame, project).facts["forecast"]
    assert facts is not None
    assert (facts["series"], facts["filled_steps"]) == (5, 1)


def test_what_is_tested_does_not_decide_how_effects_combine() -> None:
    """Wild values in the last fifth of the history leave the guess as it is; before it they change it."""
    frame = hourly().drop(columns="wind")
    rng = np.random.default_rng(3)
    late, early = frame.copy(), frame.copy()
    late.loc[int(0.8 * HOURS) :, "sold"] = rng.integers(0, 10**6, HOURS - int(0.8 * HOURS))
    early.loc[: int(0.8 * HOURS), "sold"] = rng.integers(0, 1000, int(0.8 * HOURS) + 1)

    assert drafted(late, horizon=24)[1].asked_forecast.effects == "relative"
    assert drafted(early, horizon=24)[1].asked_forecast.effects == "absolute"
    assert drafted(frame.assign(sold=frame["sold"] - 10**4), horizon=24)[1].asked_forecast.effects == "absolute"


def test_a_project_file_is_told_why_mape_measures_no_forecast() -> None:
    """The refusal of a metric that looks fitting has its reason."""
    text, _ = drafted(hourly(), horizon=24)

    with pytest.raises(InputError, match="'mape'; it is undefined where the target is 0, and least for .*: for"):
        parse_project(text.replace('primary = "mae"', 'primary = "mape"'), "toy", "toy.toml")


SHOP = ("shop", "item")
REFUSED: list[tuple[dict[str, Any], tuple[str, ...]]] = [
    ({"horizon": 7, "group": "shop"}, ("--group and --horizon are given", "leave --group out")),
    ({"horizon": 7, "split_column": "shop"}, ("--split-column and --horizon are given",)),
    ({"horizon": 7, "id": "item"}, ("--id and --horizon are given",)),
    ({"horizon": 7, "test": 0.3}, ("--test and --horizon are given",)),
    ({"horizon": 7, "positive": "3"}, ("--positive and --horizon are given",)),
    ({"horizon": 7, "task": "count"}, ("--task and --horizon are given",)),
    ({"horizon": 7, "time": None}, ("--horizon is given without --time",)),
    ({"horizon": 0}, ("--horizon is 0", "from 1 to 10,000")),
    ({"horizon": 7, "series": ("day",)}, ("'day' is the column of time",)),
    ({"horizon": 7, "series": ("item", "item")}, ("'item' is named twice",)),
    ({"horizon": 7, "series": ("itm",)}, ("there is no column 'itm'", "--series", "did you mean 'item'?")),
    ({"horizon": 7, "series": ("sold",)}, ("'sold' is the target",)),
    ({"horizon": 7, "series": SHOP, "drop": ("shop",)}, ("'shop' is dropped", "--drop and --series")),
    ({"horizon": 7, "time": "price"}, ("the cells of 'price' are no dates", "--time")),
    (
        {"horizon": 7, "series": SHOP, "metric": "mape"},
        ("no metric 'mape'; it is undefined where the target is 0", "wape", "mase"),
    ),
    ({"horizon": 7, "leave_out": ("fig",)}, ("--leave-out is given without --series",)),
    ({"horizon": 7, "target": "item", "series": ("shop",)}, ("'item' holds",)),
    ({"series": SHOP}, ("--series is given without --horizon",)),
    ({"fill": "zero", "leave_out": ("fig",)}, ("--fill and --leave-out are given without --horizon",)),
    ({"task": "forecast"}, ("--task forecast is given without --horizon",)),
]


@pytest.mark.parametrize(("said", "words"), REFUSED, ids=[" ".join(words) for _, words in REFUSED])
def test_flags_that_do_not_fit(said: dict[str, Any], words: tuple[str, ...]) -> None:
    """Each message says what was found and what to do."""
    with pytest.raises(InputError) as caught:
        drafted(panel(), **said)

    assert [word for word in words if word not in str(caught.value)] == []
    assert "do: " in str(caught.value)


@pytest.mark.parametrize(
    ("times", "words"),
    [
        (pd.date_range("2020-01-31", periods=120, freq="ME").strftime("%Y-%m-%d"), "the last days of months"),
        (pd.date_range("2020-01-01", periods=900, freq="15min").strftime("%Y-%m-%d %H:%M"), "15 minutes apart"),
        (["2020-01-01", "2020-01-02"] * 100, "no series has two different times"),
    ],
    ids=["ends of months", "quarters of an hour", "one time a series"],
)
def test_times_without_a_step(times: list[str], words: str) -> None:
    """What no frequency can say is refused, with what to do."""
    rng = np.random.default_rng(4)
    frame = pd.DataFrame({"day": times, "who": [f"w{n % 150}" for n in range(len(times))],
                          "sold": rng.standard_normal(len(times))})  # fmt: skip
    by = ("who",) if "two different" in words else ()
    frame = frame.drop(columns=[] if by else "who")
    frame = frame.drop_duplicates("who") if by else frame

    with pytest.raises(InputError, match=words):
        drafted(frame.reset_index(drop=True), horizon=1, series=by)
