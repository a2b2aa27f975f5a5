"""Looks that share 5 % of false alarms, and intervals that stay in the metric's range."""

import numpy as np
import pytest

from pipelines.inference.bootstrap import replicates
from pipelines.inference.links import bent, error_of
from pipelines.inference.spending import ALPHA, Look, Schedule
from pipelines.inference.truth import Truth
from pipelines.metrics import METRICS


def looks_by_hand(schedule: Schedule, rows: int) -> list[Look]:
    """Return the looks that so many rows allow, window by window."""
    found = []
    for start in range(0, rows, schedule.window):
        for doubled in range(schedule.doublings + 1):
            end = start + schedule.first * 2**doubled
            if end <= rows:
                found.append(Look(start // schedule.window, doubled, start, end))
    return found


def test_looks_come_at_doublings_and_begin_again_with_each_window() -> None:
    """Of windows of 400 rows, looks are at 100, 200, 400, then 500, 600, 800; `last` finds each by arithmetic alone."""
    schedule = Schedule.of(100, 301)

    ends = [one.end for one in looks_by_hand(schedule, 1_000)]

    assert schedule == Schedule(100, 2)
    assert ends == [100, 200, 400, 500, 600, 800, 900, 1_000]
    for rows in range(1_300):
        known = looks_by_hand(schedule, rows)
        assert schedule.last(rows) == (known[-1] if known else None)


def test_each_look_follows_the_one_before() -> None:
    """`following` steps through the same looks."""
    schedule = Schedule(100, 2)
    look, found = None, []
    for _ in range(8):
        look = schedule.following(look)
        found.append(look)

    assert found == looks_by_hand(schedule, 1_000)


def test_all_looks_together_spend_alpha_and_no_more() -> None:
    """The looks of 1,000 windows spend alpha less 1/1,001 of it; the whole window spends half of what its looks do."""
    schedule = Schedule(100, 3)

    spent = sum(schedule.spent(schedule.look(window, doubled)) for window in range(1_000) for doubled in range(4))
    first = [schedule.spent(schedule.look(0, doubled)) for doubled in range(4)]

    assert spent == pytest.approx(ALPHA * (1 - 1 / 1_001))
    assert first[3] / sum(first) == pytest.approx(8 / 15)


def test_a_mean_that_is_looked_at_again_and_again_raises_few_false_alarms() -> None:
    """Of 2,000 paths of 6,400 normal numbers with mean 0, at most 5 % ever leave the interval; at 1.96 far more do."""
    schedule = Schedule(100, 5)
    sums = np.random.default_rng(0).normal(size=(2_000, 64, 100)).sum(axis=2) / 10  # of 100 rows each, in errors
    looks = looks_by_hand(schedule, 6_400)

    def alarms(reach: dict[Look, float]) -> float:
        left = [
            np.abs(sums[:, one.start // 100 : one.end // 100].sum(axis=1)) > reach[one] * np.sqrt(one.rows / 100)
            for one in looks
        ]
        return float(np.mean(np.any(left, axis=0)))

    paid = alarms({one: schedule.reach(one) for one in looks})
    unpaid = alarms(dict.fromkeys(looks, 1.96))

    assert 0.015 < paid < 0.05
    assert unpaid > 0.2


@pytest.mark.parametrize(("metric", "scale"), [("roc_auc", "share"), ("log_loss", "error"), ("mcc", "explained")])
def test_intervals_are_those_of_the_bootstrap_and_back(metric: str, scale: str) -> None:
    """An interval bent to the metric's range is that of step 6, and its standard error is found again in it."""
    random = np.random.default_rng(1)
    y = (random.random(400) < 0.4).astype(float)
    prediction = np.clip(0.3 * y + 0.7 * random.random(400), 0.01, 0.99)

    found = replicates(Truth(METRICS[metric], y, 0), {"a": prediction}, count=200, pairs=[]).score("a")

    assert METRICS[metric].scale == scale
    assert bent(found.value, found.se, 1.959964, METRICS[metric].scale) == pytest.approx(found.ci, rel=1e-5)
    assert error_of(found.value, found.ci, 1.959964, METRICS[metric].scale) == pytest.approx(found.se, rel=1e-5)


@pytest.mark.parametrize(("value", "scale"), [(1.0, "share"), (0.0, "error"), (1.0, "explained")])
def test_at_the_end_of_the_range_an_interval_is_a_plain_one(value: float, scale: str) -> None:
    """A perfect score has no place on a scale without bounds."""
    assert bent(value, 0.1, 2.0, scale) == pytest.approx((value - 0.2, value + 0.2))  # type: ignore[arg-type]
    assert error_of(value, (value - 0.2, value + 0.2), 2.0, scale) == pytest.approx(0.1)  # type: ignore[arg-type]
