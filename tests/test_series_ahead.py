"""The next forecast of a saved model: what the build wrote for an origin, made again from the history up to it."""

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
import pytest
from toy_forecast import DAYS, ITEMS, TEXT, daily, defined

from pipelines.comparison.forecasts import forecast_scores
from pipelines.core.errors import InputError
from pipelines.core.keys import SCALE, SERIES, STEP, TIME
from pipelines.core.project import Project, parse_project
from pipelines.core.submit import run_now
from pipelines.define import Defined
from pipelines.facts.compare.forecasts import Bands
from pipelines.facts.define import ForecastFacts
from pipelines.models.saving import archive
from pipelines.series.ahead import forecast_ahead
from pipelines.series.methods import LOGARITHMS
from pipelines.strong import strong

HORIZON = 7
TEXTS = {
    "mae": TEXT,
    "mase": TEXT.replace('primary = "mae"', 'primary = "mase"'),
    "wape": TEXT.replace('primary = "mae"', 'primary = "wape"').replace(
        'frequency = "1d"', 'frequency = "1d"\neffects = "relative"'
    ),
    "mae, with an oracle": TEXT.replace('past = ["price"]', 'oracle = ["price"]'),
    "rmse": TEXT.replace('primary = "mae"', 'primary = "rmse"'),
}


@dataclass(frozen=True)
class Built:
    """A project with what its steps left behind."""

    project: Project
    defined: Defined
    predictions: pd.DataFrame
    model: archive.SavedModel

    @property
    def facts(self) -> ForecastFacts:
        """What step 1 says of the series."""
        found = self.defined.facts["forecast"]
        assert found is not None
        return found

    @property
    def bands(self) -> Bands:
        """What step 6 says of the bands."""
        known = {name: self.predictions["strong"].to_numpy() for name in ("dummy", "baseline", "strong")}
        return forecast_scores(self.defined.table, known, self.facts)["bands"]


@cache
def built(metric: str) -> Built:
    """Return the small forecast by a metric, fitted."""
    project = parse_project(TEXTS[metric], "shop", "projects/shop.toml")
    made = defined(daily(), TEXTS[metric])
    fit = strong(made.table, project, run_now)
    return Built(project, made, fit.predictions, archive.load(fit.model))


def written(one: Built, found: pd.DataFrame) -> np.ndarray:
    """Return what the build wrote for the series, times and steps of a forecast, in the target's unit."""
    frame = one.defined.table.frame
    of_build = pd.DataFrame({
        "series": frame[SERIES].astype("str"), "time": frame[TIME], "step": frame[STEP],
        "then": one.predictions["strong"].to_numpy() * frame[SCALE].to_numpy(),
    })[frame["split"] == "test"]  # fmt: skip
    joined = found.merge(of_build, on=["series", "time", "step"], how="left", validate="1:1")
    return joined["then"].to_numpy()


def history(days: int, ahead: int = HORIZON) -> pd.DataFrame:
    """Return the first days as a user has them: of the days to come only whether the shop will be open."""
    frame = daily().astype(str)
    day = pd.to_datetime(frame["day"])
    first = day.min()
    later = day >= first + pd.Timedelta(days=days)
    frame.loc[later, ["units", "price"]] = None
    return frame[day < first + pd.Timedelta(days=days + ahead)].reset_index(drop=True)


@pytest.mark.parametrize("metric", sorted(TEXTS))
@pytest.mark.parametrize("back", [1, 2, 5, 12])
def test_an_origin_of_the_build_is_forecast_as_it_was(metric: str, back: int) -> None:
    """To the bit, from the rows up to it alone: the last, and others up to the first of the test time."""
    one = built(metric)

    found = forecast_ahead(history(DAYS - back * HORIZON), one.project, one.model, one.facts)

    assert len(found) == len(ITEMS) * HORIZON
    assert found["step"].tolist() == [*range(1, HORIZON + 1)] * len(ITEMS)
    assert np.array_equal(found["forecast"].to_numpy(), written(one, found))


@pytest.mark.parametrize("metric", sorted(TEXTS))
def test_bands_are_those_after_the_last_forecast(metric: str) -> None:
    """Their reach by step, by the square root of one more than the forecast, or on logarithms; never below 0."""
    one = built(metric)
    reach = np.array(one.bands["ahead"])
    rows = pd.concat([daily().astype(str), _next_week(daily())], ignore_index=True)

    found = forecast_ahead(rows, one.project, one.model, one.facts, one.bands)

    assert found["time"].min() == pd.Timestamp("2023-01-04") + pd.Timedelta(days=DAYS)
    scale = np.ones(len(found))
    if metric == "mase":
        table = one.defined.table.frame
        scale = found["series"].map(dict(zip(table[SERIES].astype("str"), table[SCALE], strict=True))).to_numpy()
    forecast = found["forecast"].to_numpy() / scale
    far = np.tile(reach, len(ITEMS))
    if metric == "wape":
        low, high = (1 + forecast) * np.exp(-far) - 1, (1 + forecast) * np.exp(far) - 1
    else:
        low, high = forecast - far * np.sqrt(forecast + 1), forecast + far * np.sqrt(forecast + 1)
    assert (reach > 0).all()
    assert len(reach) == HORIZON
    assert found["low"].to_numpy() == pytest.approx(np.maximum(low, 0) * scale, rel=1e-9)
    assert found["high"].to_numpy() == pytest.approx(high * scale, rel=1e-9)


def _next_week(frame: pd.DataFrame) -> pd.DataFrame:
    """Return rows of the seven days after the last, on which the shop is open."""
    last = pd.Timestamp(frame["day"].max())
    days = [(last + pd.Timedelta(days=one)).strftime("%Y-%m-%d") for one in range(1, HORIZON + 1)]
    return pd.DataFrame(
        [{"day": day, "item": item, "units": None, "open": "1", "price": None} for day in days for item in ITEMS]
    )


def test_what_is_known_ahead_counts() -> None:
    """A closed day is forecast lower, and on that day alone."""
    one = built("mae")
    rows = history(DAYS - HORIZON)
    third = sorted(rows["day"].unique())[-HORIZON + 2]
    opened = rows.assign(open=rows["open"].where(rows["units"].notna(), "1"))
    shut = opened.assign(open=opened["open"].where(opened["day"] != third, "0"))

    plain, closed = (forecast_ahead(some, one.project, one.model, one.facts) for some in (opened, shut))

    other = plain["time"] != pd.Timestamp(third)
    assert np.array_equal(plain["forecast"][other], closed["forecast"][other])
    assert (closed["forecast"][~other] < plain["forecast"][~other]).all()


def without(frame: pd.DataFrame, **cell: str) -> pd.DataFrame:
    """Return the rows that do not hold these cells."""
    return frame[~np.logical_and.reduce([frame[name] == value for name, value in cell.items()])]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (history(DAYS - HORIZON, ahead=6), "'open' is known ahead, and is missing at"),
        (history(DAYS - HORIZON, ahead=0), "'open' is known ahead, and is missing at"),
        (without(history(DAYS - HORIZON), item="hat"), "series 'hat' is not in the history"),
        (history(DAYS - HORIZON).replace({"item": {"hat": "cap"}}), "series 'cap' is unknown"),
        (history(DAYS - HORIZON - 3), "between two origins"),
        (history(DAYS - HORIZON).iloc[3:], "the history begins at 2023-01-05"),
        (history(70), "before the build's warm-up does"),
        (without(history(DAYS - HORIZON), item="hat", day="2023-06-01"), "no row of 2023-06-01"),
        (history(0), "no row has a target"),
        (history(DAYS - HORIZON).drop(columns="price"), "price"),
    ],
    ids=["a day too few", "none ahead", "a series gone", "a series renamed", "another weekday", "a later begin",
         "no warm-up", "a gap", "no past", "no column"],
)  # fmt: skip
def test_histories_that_are_refused(rows: pd.DataFrame, words: str) -> None:
    """What the model cannot be given is said, with what to do."""
    one = built("mae")

    with pytest.raises(InputError, match=words):
        forecast_ahead(rows.reset_index(drop=True), one.project, one.model, one.facts)


EVENTS = (
    TEXTS["wape"]
    .replace('units = { type = "integer" }\nopen = { type = "integer" }\n', 'number = { type = "integer" }\n')
    .replace('past = ["price"]', 'past = ["price"]\nfill = "zero"')
    .replace("[forecast]", '[panel]\nsum = { units = "number" }\nmean = { price = "price" }\nany = "open"\n'
             'where = ["number > 0"]\nleast = 30\n\n[forecast]', 1)
)  # fmt: skip
SOME = 3  # lines of a day


def events() -> pd.DataFrame:
    """Return lines of sales: several for each item and day, none on every seventh day, the last of a block.

    Some are of an item that is sold too seldom, some of returns.
    """
    rng = np.random.default_rng(5)
    days = daily().assign(place=lambda frame: frame.groupby("item").cumcount())
    sold = days[(days["open"] == 1) & (days["place"] % HORIZON != HORIZON - 1)]
    lines = sold.loc[sold.index.repeat(SOME), ["day", "item", "units", "price"]].reset_index(drop=True)
    number = (lines.pop("units") // SOME + rng.integers(0, 3, len(lines))).where(rng.random(len(lines)) > 0.05, -1)
    rare = pd.DataFrame({"day": lines["day"].unique()[::40], "item": "rare", "price": 1.0})
    whole = pd.concat([lines.assign(number=number), rare.assign(number=1)])
    return whole.sample(frac=1.0, random_state=2).reset_index(drop=True)


@cache
def built_of_events() -> Built:
    """Return a small forecast of lines that are added up, fitted."""
    project = parse_project(EVENTS, "shop", "projects/shop.toml")
    end = pd.DataFrame([{"day": last_day(DAYS), "item": "cup", "price": 1.0, "number": 1}])
    made = defined(pd.concat([events(), end], ignore_index=True), EVENTS)
    fit = strong(made.table, project, run_now)
    return Built(project, made, fit.predictions, archive.load(fit.model))


def last_day(days: int) -> str:
    """Return the last of the first so many days."""
    return str(np.datetime64("2023-01-04") + days - 1)


def lines_until(days: int) -> pd.DataFrame:
    """Return the lines of the first days, as a user has them."""
    lines = events().astype(str)
    return lines[lines["day"] <= last_day(days)].reset_index(drop=True)


def opening(days: int, ahead: int = HORIZON) -> pd.DataFrame:
    """Return whether the shop was open on the days that follow the first."""
    moments = np.datetime64("2023-01-04") + days + np.arange(ahead)
    opened = set(events()["day"])
    return pd.DataFrame({"day": moments.astype(str), "open": [int(str(one) in opened) for one in moments]})


@pytest.mark.parametrize("back", [1, 4, 12])
@pytest.mark.parametrize("by_series", [False, True], ids=["all series at once", "each series"])
def test_events_are_forecast_as_they_were(back: int, *, by_series: bool) -> None:
    """To the bit, from the lines up to the origin: those of series too seldom sold and of returns left out again."""
    one, days = built_of_events(), DAYS - back * HORIZON
    ahead = opening(days)
    if by_series:
        ahead = pd.concat([ahead.assign(item=item) for item in (*ITEMS, "rare")])
    if back == 1:
        ahead.loc[ahead["day"] == last_day(DAYS), "open"] = 1  # the line that ends the file

    found = forecast_ahead(
        lines_until(days), one.project, one.model, one.facts, ahead=ahead, until=np.datetime64(last_day(days))
    )

    assert len(found) == len(ITEMS) * HORIZON
    assert np.array_equal(found["forecast"].to_numpy(), written(one, found))


@pytest.mark.parametrize(
    ("lines", "more", "words"),
    [
        (lines_until(DAYS - 7), {"ahead": opening(DAYS - 7)}, "between two origins"),
        (lines_until(DAYS - 7), {"ahead": opening(DAYS - 7), "until": last_day(DAYS - 9)}, "after the step 2024-02-0"),
        (lines_until(DAYS - 7), {"until": last_day(DAYS - 7)}, "'open' is known ahead, and is missing"),
        (lines_until(DAYS - 7), {"ahead": opening(DAYS - 7, 6), "until": last_day(DAYS - 7)}, "is missing at 2024-02"),
        (lines_until(DAYS - 7), {"ahead": opening(0)[["day"]], "until": last_day(DAYS - 7)}, "'open' is not there"),
        (without(lines_until(DAYS - 7), item="hat"), {"until": last_day(DAYS - 7)}, "series 'hat' is not in"),
    ],
    ids=["the closed day is not known to be over", "events after the end", "nothing told", "a day too few",
         "no column", "a series gone"],
)  # fmt: skip
def test_lines_that_are_refused(lines: pd.DataFrame, more: dict[str, object], words: str) -> None:
    """What cannot be added up to a history of the build is said."""
    one = built_of_events()
    if "until" in more:
        more = more | {"until": np.datetime64(str(more["until"]))}

    with pytest.raises(InputError, match=words):
        forecast_ahead(lines.reset_index(drop=True), one.project, one.model, one.facts, **more)  # type: ignore[arg-type]


def test_rows_of_steps_have_no_end_of_their_own() -> None:
    """Where rows are steps, the rows say what is known and where the history ends."""
    one = built("mae")

    with pytest.raises(InputError, match="adds up no events"):
        forecast_ahead(history(DAYS - 7), one.project, one.model, one.facts, until=np.datetime64(last_day(DAYS - 7)))


def test_logarithms_are_those_of_every_processor() -> None:
    """Vectors and single numbers are computed by routines that differ in the last digit, so that is left out."""
    counts = np.arange(4000.0)
    logarithms = np.array([math.log1p(one) for one in counts])

    there, back = LOGARITHMS.there(counts), LOGARITHMS.back(logarithms)

    assert there == pytest.approx(logarithms, rel=1e-11)
    assert back == pytest.approx(counts, rel=1e-11)
    assert (there != logarithms).any()
    assert not (np.concatenate([there, back]).view(np.int64) & 0xFFF).any()
    assert np.isnan(LOGARITHMS.there(np.array([np.nan]))).all()
