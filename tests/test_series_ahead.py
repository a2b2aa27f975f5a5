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
    frame = one.defined.table.frame

    found = forecast_ahead(history(DAYS - back * HORIZON), one.project, one.model, one.facts)

    written = frame.assign(forecast=one.predictions["strong"].to_numpy() * frame[SCALE].to_numpy())
    written = written[written["split"] == "test"]
    wanted = pd.DataFrame({"series": found["series"], "time": found["time"], "step": found["step"]}).merge(
        written.assign(series=written[SERIES].astype("str")),
        left_on=["series", "time", "step"], right_on=["series", TIME, STEP], how="left",
    )  # fmt: skip
    assert len(found) == len(ITEMS) * HORIZON
    assert found["step"].tolist() == [*range(1, HORIZON + 1)] * len(ITEMS)
    assert np.array_equal(found["forecast"].to_numpy(), wanted["forecast"].to_numpy())


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
