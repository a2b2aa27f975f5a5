"""One forecaster on one panel, in a process of its own: `python forecaster.py TOOL FOLDER PREDICTIONS`.

It runs in an environment of its own and imports nothing of the product. `FOLDER` holds what every tool is given:
`history.parquet` (series, time, y, and what is known of the steps, filled as the project file says) and `asked.json`.
Every tool is fitted once, to the steps before the test time, and forecasts each block of the test time from the history
up to its origin, like the product.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

CORES = 2
SEED = 7
RECENT = 1_500  # steps of each series that the classical methods learn from: their time grows faster than the history
LONG = 150  # steps from which on R's auto.arima approximates the likelihood while it chooses orders
LONGEST = 24  # season that they can have
TRIALS = 10  # settings that mlforecast tries
LOOKS = 2  # blocks that it tries each of them on
MOST_ROWS = 1_000_000  # that AutoGluon is given at once
WITHOUT = ("Chronos2", "Toto2")  # models of AutoGluon whose weights its packages do not hold
NAMES = {"series": "unique_id", "time": "ds"}  # as Nixtla's libraries call them


@dataclass(frozen=True)
class Asked:
    """What is to be forecast."""

    horizon: int
    season: list[int]  # steps, shortest first
    frequency: str  # as pandas calls it
    known: list[str]  # columns that are known ahead
    origins: list[str]  # the last known time of each block of the test time

    @property
    def classical(self) -> int:
        """The season of the classical methods: the longest that they can have."""
        return max(one for one in self.season if one <= LONGEST)


def seasonal_naive(frame: pd.DataFrame, asked: Asked) -> pd.DataFrame:
    """Return the value of the longest season before."""
    from statsforecast.models import SeasonalNaive

    return _by_statsforecast(SeasonalNaive(asked.season[-1]), frame, asked)


def auto_ets(frame: pd.DataFrame, asked: Asked) -> pd.DataFrame:
    """Return what statsforecast's exponential smoothing forecasts, its form chosen by series."""
    from statsforecast.models import AutoETS

    return _by_statsforecast(AutoETS(asked.classical), frame, asked)


def auto_arima(frame: pd.DataFrame, asked: Asked) -> pd.DataFrame:
    """Return what statsforecast's ARIMA forecasts; orders are chosen by series, of long ones as R approximates them."""
    from statsforecast.models import AutoARIMA

    steps = frame.groupby("series", dropna=False).size().max()
    return _by_statsforecast(AutoARIMA(season_length=asked.classical, approximation=steps > LONG), frame, asked)


def auto_theta(frame: pd.DataFrame, asked: Asked) -> pd.DataFrame:
    """Return what statsforecast's Theta forecasts, its form chosen by series; with zeros its season adds up."""
    from statsforecast.models import AutoTheta

    kind = "multiplicative" if frame["y"].min() > 0 else "additive"
    return _by_statsforecast(AutoTheta(asked.classical, decomposition_type=kind), frame, asked)


def mlforecast(frame: pd.DataFrame, asked: Asked) -> pd.DataFrame:
    """Return what LightGBM forecasts with the lags, transformations and settings that mlforecast's search chooses."""
    import optuna
    from mlforecast.auto import AutoLightGBM, AutoMLForecast

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    given = frame[["series", "time", "y", *asked.known]].rename(columns=NAMES)
    before = given[given["ds"] <= pd.Timestamp(asked.origins[0])]
    auto = AutoMLForecast(
        models={"found": AutoLightGBM()},
        freq=asked.frequency,
        season_length=asked.classical,
        fit_config=lambda _: {"static_features": []},
        num_threads=CORES,
    )
    sampler = optuna.samplers.TPESampler(seed=SEED)
    auto.fit(
        before, n_windows=LOOKS, h=asked.horizon, num_samples=TRIALS, loss=_scaled_error(asked.season[-1]),
        study_kwargs={"sampler": sampler},
    )  # fmt: skip
    found = auto.models_["found"].cross_validation(
        given, n_windows=len(asked.origins), h=asked.horizon, step_size=asked.horizon, refit=False, static_features=[]
    )
    return _renamed(found, "found")


def autogluon(frame: pd.DataFrame, asked: Asked) -> pd.DataFrame:
    """Return what AutoGluon's medium_quality forecasts, without a limit of time."""
    from autogluon.timeseries import TimeSeriesDataFrame, TimeSeriesPredictor

    def as_series(rows: pd.DataFrame) -> TimeSeriesDataFrame:
        return TimeSeriesDataFrame.from_data_frame(rows, id_column="series", timestamp_column="time")

    frame = frame.rename(columns={"y": "target"})
    predictor = TimeSeriesPredictor(
        prediction_length=asked.horizon,
        known_covariates_names=asked.known or None,
        freq=asked.frequency,
        eval_metric="MASE",
        eval_metric_seasonal_period=asked.season[-1],
        path=tempfile.mkdtemp(),
        verbosity=0,
    )
    origins = [pd.Timestamp(one) for one in asked.origins]
    predictor.fit(
        as_series(frame[frame["time"] <= origins[0]]), presets="medium_quality", excluded_model_types=list(WITHOUT),
        random_seed=SEED,
    )  # fmt: skip
    # Each origin's history is a series of its own, so that many origins are forecast at once.
    parts, at_once = [], max(1, MOST_ROWS // len(frame))
    for first in range(0, len(origins), at_once):
        some = origins[first : first + at_once]
        history = pd.concat([_at(frame[frame["time"] <= origin], place) for place, origin in enumerate(some)])
        known = None
        if asked.known:
            blocks = [_at(_block(frame, origin, asked), place) for place, origin in enumerate(some)]
            known = as_series(pd.concat(blocks)[["series", "time", *asked.known]])
        parts.append(predictor.predict(as_series(history), known_covariates=known).reset_index())
    found = pd.concat(parts, ignore_index=True)
    series = found["item_id"].astype(str).str.split(" ", n=1).str[1]
    return pd.DataFrame({"series": series, "time": found["timestamp"], "forecast": found["mean"]})


def _at(rows: pd.DataFrame, place: int) -> pd.DataFrame:
    """Return rows with series that are named after the place of an origin, too."""
    return rows.assign(series=f"{place} " + rows["series"].astype(str))


def _block(frame: pd.DataFrame, origin: pd.Timestamp, asked: Asked) -> pd.DataFrame:
    """Return the rows of the block that begins after an origin."""
    times = pd.date_range(origin, periods=asked.horizon + 1, freq=asked.frequency)[1:]
    return frame[frame["time"].isin(times)]


def _by_statsforecast(model: object, frame: pd.DataFrame, asked: Asked) -> pd.DataFrame:
    """Return the forecasts of a model of statsforecast, fitted once for each series and then carried forward."""
    from statsforecast import StatsForecast

    found = StatsForecast(models=[model], freq=asked.frequency, n_jobs=CORES).cross_validation(
        df=frame[["series", "time", "y"]].rename(columns=NAMES),
        h=asked.horizon,
        n_windows=len(asked.origins),
        step_size=asked.horizon,
        input_size=RECENT,
        refit=False,
    )
    return _renamed(found, str(model))


def _renamed(found: pd.DataFrame, model: str) -> pd.DataFrame:
    return found.rename(columns={"unique_id": "series", "ds": "time", model: "forecast"})


def _scaled_error(season: int) -> Callable[..., float]:
    """Return the loss of a search: MASE, as everything is scored."""

    def loss(found: pd.DataFrame, train_df: pd.DataFrame) -> float:
        apart = train_df.groupby("unique_id")["y"].diff(season).abs().groupby(train_df["unique_id"]).mean()
        column = next(one for one in found if one not in ("unique_id", "ds", "cutoff", "y"))
        error = (found["y"] - found[column]).abs().groupby(found["unique_id"]).mean()
        return float((error / apart).replace(np.inf, np.nan).mean())

    return loss


TOOLS = {
    "seasonal_naive": seasonal_naive,
    "auto_ets": auto_ets,
    "auto_arima": auto_arima,
    "auto_theta": auto_theta,
    "mlforecast": mlforecast,
    "autogluon": autogluon,
}


def main(tool: str, folder: str, predictions: str) -> None:
    """Fit, forecast the test time, write series, time and forecast; tell the seconds of both."""
    frame = pd.read_parquet(Path(folder, "history.parquet"))
    asked = Asked(**json.loads(Path(folder, "asked.json").read_text("utf-8")))
    start = time.perf_counter()
    found = TOOLS[tool](frame, asked)
    print(f"fit and predict: {time.perf_counter() - start:.2f} s")
    found = found[found["time"] > pd.Timestamp(asked.origins[0])]
    found[["series", "time", "forecast"]].to_parquet(Path(predictions), index=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
