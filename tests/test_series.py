"""What forecasts see of the past, against loops that are written out, and the guard that finds every look ahead."""

from collections.abc import Callable
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from pipelines.core.table import WARM_UP
from pipelines.series.guard import guard
from pipelines.series.history import Seen, history, known_ahead, last, level, past, same_place, seasonal, window
from pipelines.series.origins import Origins, lay_origins
from pipelines.series.panel import Panel

STEPS, HORIZON = 600, 10
ORIGINS = lay_origins(STEPS, HORIZON, 56, 7, "the file")
RNG = np.random.default_rng(3)


def panel() -> Panel:
    """Return three series, of which the second begins late, with a covariate of either kind."""
    values = RNG.gamma(2.0, 10.0, (3, STEPS))
    values[1, :120] = np.nan
    return Panel(values, {"open": RNG.integers(0, 2, (3, STEPS)).astype(float)}, {"price": RNG.normal(size=(3, STEPS))})


def each_target() -> list[tuple[int, int, int, int, int]]:
    """Return series, block, step, origin and target of every value that is forecast."""
    blocks = range(len(ORIGINS.origin))
    return [
        (series, block, step, int(ORIGINS.origin[block]), int(ORIGINS.origin[block]) + step + 1)
        for series, block, step in product(range(3), blocks, range(HORIZON))
    ]


def slowly(make: Callable[[np.ndarray, int, int], float], values: np.ndarray) -> np.ndarray:
    """Return a feature by one call for each target, with the series up to its end, the origin and the target."""
    found = np.empty((3, len(ORIGINS.origin), HORIZON))
    for series, block, step, origin, target in each_target():
        found[series, block, step] = make(values[series], origin, target)
    return found


def back(values: np.ndarray, origin: int, target: int, period: int, turn: int) -> float:
    """Return the value so many whole seasons before the target, the first that the origin knows and `turn` more."""
    at = target - period
    while at > origin:
        at -= period
    at -= turn * period
    return float(values[at]) if at >= 0 else float("nan")


def mean(values: list[float]) -> float:
    """Return the mean of what is there."""
    there = [one for one in values if np.isfinite(one)]
    return float(np.mean(there)) if there else float("nan")


@pytest.mark.parametrize(("period", "turn"), [(7, 0), (7, 1), (12, 0), (3, 2)])
def test_seasonal_values_are_the_nearest_that_are_known(period: int, turn: int) -> None:
    """Whole seasons before the target, however many steps ahead; horizon and season may have any lengths."""
    values = panel().target

    found = seasonal(values, ORIGINS, period, turn)

    assert np.array_equal(found.values, slowly(lambda y, o, t: back(y, o, t, period, turn), values), equal_nan=True)
    assert found.reach is not None
    assert found.reach.max() <= 0


def test_means_are_of_what_is_there() -> None:
    """Of the last values, and of the same place in earlier seasons; NaN where a series has not begun."""
    values = panel().target
    average, spread = window(values, ORIGINS, 28)

    def recent(y: np.ndarray, origin: int, _: int) -> list[float]:
        return [y[at] for at in range(max(origin - 27, 0), origin + 1)]

    def deviation(y: np.ndarray, origin: int, target: int) -> float:
        return float(np.sqrt(mean([(one - mean(recent(y, origin, target))) ** 2 for one in recent(y, origin, target)])))

    assert average.values == pytest.approx(slowly(lambda *at: mean(recent(*at)), values), nan_ok=True)
    assert spread.values == pytest.approx(slowly(deviation, values), nan_ok=True)
    four = slowly(lambda y, o, t: mean([back(y, o, t, 7, turn) for turn in range(4)]), values)
    assert same_place(values, ORIGINS, 7).values == pytest.approx(four, nan_ok=True)


def test_covariates_are_of_their_own_moment() -> None:
    """Known ahead: of the target's step; known once it is over: of the origin."""
    given = panel()

    ahead, over = known_ahead(given, ORIGINS)["open"], past(given, ORIGINS)["price, last known"]

    for series, block, step, origin, target in each_target():
        assert ahead.values[series, block, step] == given.known["open"][series, target]
        assert over.values[series, block, step] == given.past["price"][series, origin]
    assert ahead.reach is None


def honest(given: Panel, origins: Origins) -> dict[str, Seen]:
    """Return all that is honest."""
    base = level(given.target, origins, 56)
    return history(given, origins, (7, 28), base) | past(given, origins) | known_ahead(given, origins)


def test_honest_features_pass_the_guard_which_says_how_much_it_compared() -> None:
    """Eight origins, three series, ten steps, and each feature: the last value to the known covariate."""
    given = panel()

    found = guard(honest, given, ORIGINS, 8, seed=1)

    assert found.clean
    assert found.compared == 8 * 3 * HORIZON * len(honest(given, ORIGINS))
    assert guard(honest, given, ORIGINS, 10_000, seed=1).origins == (ORIGINS.fold != WARM_UP).sum()


def moved(origins: Origins, steps: int) -> Origins:
    """Return the same blocks looked at from so many steps later, as a wrong index does."""
    return replace(origins, origin=np.minimum(origins.origin + steps, STEPS - 1))


def centred(given: Panel, origins: Origins) -> Seen:
    """Return a mean over the days around the target."""
    at = np.clip(origins.targets[..., None] + np.arange(-3, 4), 0, STEPS - 1)
    return Seen(given.target[:, at].mean(axis=3), np.arange(1, HORIZON + 1) - 4)


def last_step(given: Panel, origins: Origins) -> Seen:
    """Return the value one step before the target, which most origins do not know."""
    return Seen(given.target[:, origins.targets - 1], np.zeros(HORIZON, np.int64))


CHEATS: dict[str, Callable[[Panel, Origins], Seen]] = {
    "ends a step too late": lambda given, origins: window(given.target, moved(origins, 1), 28)[0],
    "ends a season too late": lambda given, origins: last(given.target, moved(origins, 7)),
    "centred": centred,
    "the last step": last_step,
    "scaled by the whole series": lambda given, origins: Seen(
        last(given.target, origins).values / np.nanmean(given.target, axis=1)[:, None, None], np.zeros(HORIZON, int)
    ),
    "tomorrow's price": lambda given, origins: last(given.past["price"], moved(origins, 1)),
}


@pytest.mark.parametrize("cheat", CHEATS)
def test_a_cheat_is_found_and_nothing_else(cheat: str) -> None:
    """Though each declares that it does not look ahead; no honest feature beside it is accused."""

    def make(given: Panel, origins: Origins) -> dict[str, Seen]:
        return honest(given, origins) | {cheat: CHEATS[cheat](given, origins)}

    found = guard(make, panel(), ORIGINS, 8, 1)

    assert found.changed == [cheat]
    assert not found.clean


def test_a_declared_look_ahead_is_found_before_it_is_tried() -> None:
    """The reach alone says it: a feature that uses the target's own step."""

    def make(given: Panel, origins: Origins) -> dict[str, Seen]:
        return {"itself": Seen(given.target[:, origins.targets], np.arange(1, HORIZON + 1))}

    assert guard(make, panel(), ORIGINS, 1, 1).declared == ["itself"]


def test_nothing_compared_is_not_clean() -> None:
    """A guard that looked at no feature says so."""
    assert not guard(lambda _, __: {}, panel(), ORIGINS, 8, 1).clean
