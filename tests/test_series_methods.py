"""Forecasts by rules against plain loops for one series and one setting, and that none knows what comes later."""

from itertools import product

import numpy as np
import pytest

from pipelines.core.table import WARM_UP
from pipelines.series.guard import guard
from pipelines.series.methods import (
    DRIFT,
    LAST,
    LOGARITHMS,
    MEAN,
    METHODS,
    NAIVE,
    SETTINGS,
    SMOOTHED,
    THETA_LEVELS,
    THETA_SEASONS,
    THETAS,
    TRENDED,
    TRENDS,
    VALUES,
    Scale,
    drift,
    forecasts,
    smooth,
    smooth_trends,
)
from pipelines.series.origins import Origins, lay_origins
from pipelines.series.panel import Panel

STEPS, HORIZON, PERIOD = 420, 9, 7
ORIGINS = lay_origins(STEPS, HORIZON, 2 * PERIOD, None, "the file")
BEGINS = (0, 40)  # steps at which the series begin; the second begins in the middle of a season


def panel() -> Panel:
    """Return two series with a season and a level that moves; the first lacks three values, the second begins late."""
    rng = np.random.default_rng(8)
    season = 20 * np.sin(2 * np.pi * np.arange(STEPS) / PERIOD)
    values = 100 + season + rng.normal(0, 3, (2, STEPS)).cumsum(axis=1) * 0.3 + rng.normal(0, 4, (2, STEPS))
    values[1, : BEGINS[1]] = np.nan
    values[0, [3, 200, 201]] = np.nan
    return Panel(np.abs(values))


def smoothed(y: np.ndarray, begin: int, rates: tuple[float, float], origin: int) -> list[float]:
    """Return the forecasts of one series by one setting: level and season start from its first two seasons."""
    first = [(at, y[at]) for at in range(begin, begin + 2 * PERIOD) if np.isfinite(y[at])]
    level = sum(value for _, value in first) / len(first)
    season = [0.0] * PERIOD
    for place in range(PERIOD):
        apart = [value - level for at, value in first if at % PERIOD == place]
        season[place] = sum(apart) / len(apart) if apart else 0.0
    for at in range(begin, origin + 1):
        if np.isnan(y[at]):
            continue
        error = y[at] - (level + season[at % PERIOD])
        level += rates[0] * error
        season[at % PERIOD] += rates[1] * error
    return [level + season[(origin + ahead) % PERIOD] for ahead in range(1, HORIZON + 1)]


@pytest.mark.parametrize("setting", range(len(SETTINGS)), ids=SMOOTHED)
@pytest.mark.parametrize("series", [0, 1])
def test_smoothing_is_the_error_form(series: int, setting: int) -> None:
    """Level and season rise by their share of each error, one value after another; a gap changes neither."""
    given = panel()

    found = smooth(given.target, ORIGINS, PERIOD).ahead[setting, series]

    compared = 0
    for block, origin in enumerate(ORIGINS.origin):
        if np.isfinite(given.target[series, origin]) and origin >= BEGINS[series] + 2 * PERIOD:
            expected = smoothed(given.target[series], BEGINS[series], SETTINGS[setting], int(origin))
            assert found[block] == pytest.approx(expected, rel=1e-12)
            compared += 1
    assert compared > 30


def trended(y: np.ndarray, begin: int, rates: tuple[float, float, float, float], origin: int) -> list[float]:
    """Return the forecasts of one series by one setting: level, damped trend and season, one value after another."""
    a, g, t, kept = rates
    first = [(at, y[at]) for at in range(begin, begin + 2 * PERIOD) if np.isfinite(y[at])]
    early, late = ([value for at, value in first if (at - begin < PERIOD) is half] for half in (True, False))
    slope = (sum(late) / len(late) - sum(early) / len(early)) / PERIOD
    centre = sum(at for at, _ in first) / len(first)
    line = {
        at: sum(value for _, value in first) / len(first) + slope * (at - centre) for at in range(begin, begin + 14)
    }
    season = []
    for place in range(PERIOD):
        apart = [value - line[at] for at, value in first if at % PERIOD == place]
        season.append(sum(apart) / len(apart) if apart else 0.0)
    level, trend = line[begin] - slope, slope
    for at in range(begin, origin + 1):
        if np.isnan(y[at]):
            continue
        error = y[at] - (level + kept * trend + season[at % PERIOD])
        level += kept * trend + a * error
        trend = kept * trend + t * error
        season[at % PERIOD] += g * error
    found = []
    for ahead in range(1, HORIZON + 1):
        trend *= kept
        level += trend
        found.append(level + season[(origin + ahead) % PERIOD])
    return found


@pytest.mark.parametrize("setting", range(len(TRENDS)), ids=TRENDED)
@pytest.mark.parametrize("series", [0, 1])
def test_a_damped_trend_is_the_error_form(series: int, setting: int) -> None:
    """Level, trend and season rise by their share of each error; a gap changes none of them."""
    given = panel()

    found = smooth_trends(given.target, ORIGINS, PERIOD)[setting, series]

    compared = 0
    for block, origin in enumerate(ORIGINS.origin):
        if np.isfinite(given.target[series, origin]) and origin >= BEGINS[series] + 2 * PERIOD:
            expected = trended(given.target[series], BEGINS[series], TRENDS[setting], int(origin))
            assert found[block] == pytest.approx(expected, rel=1e-10)
            compared += 1
    assert compared > 30


def test_a_line_with_a_season_is_continued() -> None:
    """Nothing is left to smooth where a trend does not shrink: a damped one falls behind by what it loses."""
    at = np.arange(STEPS)
    values = (5.0 + 0.5 * at + np.tile([3.0, -1.0, 0.0, -2.0, 1.0, 1.0, -2.0], STEPS // PERIOD))[None]

    slow, quick = (smooth_trends(values, ORIGINS, PERIOD)[place, 0] for place in (0, 5))

    later = ORIGINS.origin >= 8 * PERIOD
    expected = values[0, ORIGINS.targets][later]
    assert (np.abs(quick[later][:, 0] - expected[:, 0]) < 0.05).all()
    assert np.abs(quick[later] - expected).mean() < np.abs(slow[later] - expected).mean()


def theta(y: np.ndarray, begin: int, origin: int, rates: tuple[float, float], rate: float) -> list[float]:
    """Return Theta's forecasts: simple smoothing of what the season leaves, and half the slope of its line."""
    first = y[begin : begin + 2 * PERIOD]
    level = slow = float(np.mean(first))
    season = [float(np.mean(first[[at % PERIOD == place for at in range(begin, begin + 2 * PERIOD)]] - level))
              for place in range(PERIOD)]  # fmt: skip
    plain = []
    for at in range(begin, origin + 1):
        error = y[at] - (level + season[at % PERIOD])
        level += rates[0] * error
        season[at % PERIOD] += rates[1] * error
        plain.append(y[at] - season[at % PERIOD])
        slow += rate * (plain[-1] - slow)
    slope = np.polyfit(np.arange(len(plain)), plain, 1)[0]
    grown = (1 - (1 - rate) ** len(plain)) / rate
    return [
        slow + slope * (ahead - 1 + grown) / 2 + season[(origin + ahead) % PERIOD] for ahead in range(1, HORIZON + 1)
    ]


@pytest.mark.parametrize(
    ("name", "setting", "rate"),
    [(name, *one) for name, one in zip(THETAS, product(THETA_SEASONS, THETA_LEVELS), strict=True)],
    ids=THETAS,
)
def test_theta_is_smoothing_and_half_the_slope(name: str, setting: int, rate: float) -> None:
    """By the formula of Hyndman and Billah, with the line of numpy's own least squares, for a series without a gap."""
    given = panel()

    found = smooth(given.target, ORIGINS, PERIOD).theta[THETAS.index(name), 1]

    later = [block for block, origin in enumerate(ORIGINS.origin) if origin >= BEGINS[1] + 2 * PERIOD]
    expected = [
        theta(given.target[1], BEGINS[1], int(ORIGINS.origin[block]), SETTINGS[setting], rate) for block in later
    ]
    assert name == f"theta {rate:g} after {SMOOTHED[setting]}"
    assert len(later) > 30
    assert found[later] == pytest.approx(np.array(expected), rel=1e-9)


def test_a_series_that_repeats_its_season_is_continued() -> None:
    """Nothing is left to smooth: every setting, Theta and the seasonal rules say the values that come."""
    values = np.tile([3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0], STEPS // PERIOD)[None]

    found = forecasts(values, ORIGINS, (PERIOD,))

    later = ORIGINS.origin >= 4 * PERIOD
    expected = values[:, ORIGINS.targets][:, later]
    for name in (NAIVE, MEAN, *SMOOTHED, *TRENDED, *THETAS):
        assert found[name].values[:, later] == pytest.approx(expected, abs=1e-9)


def test_drift_continues_the_line_through_the_first_and_the_last_value() -> None:
    """From the first value that a series has; with one value alone there is no line, and no forecast."""
    values = panel().target
    found = drift(values, ORIGINS).values

    for series, begin in enumerate(BEGINS):
        for block, origin in enumerate(ORIGINS.origin):
            y = values[series]
            if origin <= begin:
                assert np.isnan(found[series, block]).all()
                continue
            slope = (y[origin] - y[begin]) / (origin - begin)
            expected = [y[origin] + slope * ahead for ahead in range(1, HORIZON + 1)]
            assert found[series, block] == pytest.approx(expected, nan_ok=True)


def test_the_trivial_rules_by_hand() -> None:
    """Steps 0, 1, 2 and so on, a season of 7, an origin at 300: what a reader can add up."""
    values = np.arange(STEPS, dtype=float)[None]
    block = int(np.argmin(np.abs(ORIGINS.origin - 300)))
    origin = int(ORIGINS.origin[block])

    found = {name: one.values[0, block] for name, one in forecasts(values, ORIGINS, (PERIOD,)).items()}

    week = [origin + ahead - 7 for ahead in range(1, 8)]
    assert found[NAIVE].tolist() == [*week, *week[:2]]
    assert found[MEAN].tolist() == [one - 10.5 for one in [*week, *week[:2]]]
    assert found[LAST].tolist() == [origin] * HORIZON
    assert found[DRIFT].tolist() == [origin + ahead for ahead in range(1, HORIZON + 1)]


@pytest.mark.parametrize("scale", [VALUES, LOGARITHMS], ids=["values", "logarithms"])
def test_smoothing_takes_place_where_effects_add_up(scale: Scale) -> None:
    """Smoothing and Theta of relative effects are those of the logarithms of one more; the trivial rules are not."""
    values = panel().target
    apart = smooth(np.log1p(values), ORIGINS, PERIOD)

    found = forecasts(values, ORIGINS, (PERIOD,), scale)

    relative = np.expm1(apart.ahead[4]), np.expm1(apart.theta[5])
    same = [np.allclose(found[name].values, of, equal_nan=True)
            for name, of in zip((SMOOTHED[4], THETAS[5]), relative, strict=True)]  # fmt: skip
    assert same == [scale is LOGARITHMS] * 2
    assert np.array_equal(found[DRIFT].values, drift(values, ORIGINS).values, equal_nan=True)


def test_no_rule_knows_what_comes_after_the_origin() -> None:
    """Noise in place of the future changes no forecast, at any origin that is scored, on either scale."""
    for scale in (VALUES, LOGARITHMS):

        def make(given: Panel, origins: Origins, scale: Scale = scale) -> dict[str, object]:
            return dict(forecasts(given.target, origins, (3, PERIOD), scale))

        found = guard(make, panel(), ORIGINS, 10_000, seed=2)  # type: ignore[arg-type]

        assert found.clean
        assert found.origins == (ORIGINS.fold != WARM_UP).sum()
        assert found.compared == found.origins * len(METHODS) * 2 * HORIZON


def test_no_rule_makes_up_a_value_before_a_series_begins() -> None:
    """All forecasts of the late series are missing at origins before its first value, and none of them later on."""
    found = forecasts(panel().target, ORIGINS, (PERIOD,))
    before = ORIGINS.origin < BEGINS[1]
    later = ORIGINS.origin >= BEGINS[1] + 4 * PERIOD

    assert before.any()
    for one in found.values():
        assert np.isnan(one.values[1, before]).all()
        assert np.isfinite(one.values[1, later]).all()
