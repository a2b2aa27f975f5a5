"""Causes planted in panels are named, and no others; and intervals of whole weeks cover what they promise."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from forecasts.coverage import Covered, Design, coverage, errors
from forecasts.panels import KINDS, Kind, Planted, plant
from forecasts.plant import counts, found_in, section, table_of, table_of_panel, write_section
from planting import missed_bars

from pipelines.experiments.forecasts import mean_by_unit

KIND = {kind.name: kind for kind in KINDS}
SERIES, STEPS = 5, 800  # fewer than the benchmark's
NAMED = ["AR(1)", "driver", "size of a driver", "driver by weekday", "lopsided noise"]
CONTROLS = ["white noise", "calendar", "idle driver"]


def small(name: str, seed: int) -> Planted:
    """Return a small panel of a kind."""
    kind: Kind = replace(KIND[name], series=SERIES, steps=STEPS)
    return plant(kind, seed)


@pytest.mark.parametrize("name", NAMED)
def test_what_was_planted_is_named(name: str) -> None:
    """Last values, what is known ahead, curves, joint effects, and the median: each where it is the only cause."""
    found = found_in(small(name, 500))

    assert found["true"]
    assert found["missed"] == []
    assert found["false"] == []


@pytest.mark.parametrize("name", CONTROLS)
def test_nothing_is_named_where_nothing_was_planted(name: str) -> None:
    """Noise, weekdays, and a covariate that moves nothing have no cause, though several are tried."""
    found = found_in(small(name, 500))

    assert found["absent"] >= 5
    assert found["named"] == []


def test_a_driver_s_past_is_in_the_level_and_belongs_to_the_driver() -> None:
    """The level is a mean of values that the driver moved, so the driver comes with its own mean over that window."""
    planted = plant(replace(KIND["driver, one day ahead"], series=3, steps=1_200), 500)
    table = table_of_panel(planted)
    driver = planted.drawn.known["driver"]
    at = table.frame["row_id"].to_numpy()
    series, origin = at // 1_200, at % 1_200 - 1

    thirteen_weeks = [driver[one, last - 90 : last + 1].mean() for one, last in zip(series, origin, strict=True)]

    assert np.allclose(table.frame["driver, mean of the level's window"], thirteen_weeks)
    assert "history" not in found_in(planted)["named"]


def test_the_truth_depends_on_what_the_metric_asks_for() -> None:
    """Absolute errors are least at the median, squared ones at the mean: only the former make aim a cause."""
    assert small("lopsided noise", 2).true == {"aim"}
    assert small("lopsided noise", 3).true == set()


def test_panels_differ_by_kind_and_seed_and_are_drawn_again_alike() -> None:
    """No two panels share random numbers."""
    names = ["white noise", "calendar"]
    drawn = [small(name, seed).drawn.y for name in names for seed in (0, 1)]

    assert all(not np.array_equal(drawn[i], drawn[j]) for i in range(4) for j in range(i))
    assert np.array_equal(drawn[0], small("white noise", 0).drawn.y)


def test_counts_by_kind() -> None:
    """Missed and false causes are added up by hand."""
    found = [
        {"kind": "AR(1)", "true": ["history"], "missed": [], "false": ["shape"], "absent": 4},
        {"kind": "AR(1)", "true": ["history"], "missed": ["history"], "false": [], "absent": 4},
        {"kind": "calendar", "true": [], "missed": [], "false": [], "absent": 5},
    ]

    assert table_of(found).splitlines()[2:] == [
        "| calendar | 1 | 0 | 0 | 0 | 0 | 5 |",
        "| AR(1) | 2 | 2 | 1 | 1 | 1 | 8 |",
        "| **all** | 3 | 2 | 1 | 1 | 1 | 13 |",
    ]


def _found(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - what is kept of a panel
    gain = {"gain": 0.056, "why": "kept"}
    plain = {
        "kind": "AR(1)", "seed": 100, "metric": "mae", "true": ["history"], "named": ["history"], "missed": [],
        "false": [], "absent": 4, "gains": {"history": gain, "shape": gain},
    }  # fmt: skip
    return plain | changes


def test_bars_that_are_missed_are_named() -> None:
    """One of two planted causes missed, one of eight absent ones named: both, with every miss by name."""
    wrong = [_found(), _found(named=[], missed=["history"], false=["shape"])]

    assert missed_bars(counts([_found()])) == []
    assert missed_bars(counts(wrong)) == ["planted causes named", "absent causes named"]
    told = section(wrong)
    assert "| planted causes named | at least 95 % | 50.0 % | 2 |" in told
    assert "| absent causes named | at most 3 % | 12.5 % | 8 |" in told
    assert "- AR(1), seed 100 (mae): missed history (gain 5.6 %); false shape (gain 5.6 %)" in told


def test_the_page_keeps_its_other_sections(tmp_path: Path) -> None:
    """Written twice, it holds one section on forecasts, after that on texts."""
    page = tmp_path / "planted.md"
    page.write_text("# Planted\n\n## Texts\n\nMore.\n", encoding="utf-8")

    for _ in range(2):
        write_section([_found()], page)

    text = page.read_text(encoding="utf-8")
    assert text.startswith("# Planted\n\n## Texts\n\nMore.\n\n## Forecasts\n\n[panels.py]")
    assert text.count("## Forecasts") == text.count("| AR(1) | 1 | 1 | 1 |") == 1


@pytest.mark.parametrize("design", [Design(12, 1, 0.3), Design(12, 20, 0.6)])
def test_intervals_of_whole_weeks_cover(design: Design) -> None:
    """Nominal 95 % of the verdict, of a score and of a gain, with biases that last and shocks that all series share."""
    found: Covered = coverage(design, 200, 7)

    assert all(0.91 <= share <= 0.99 for share in found[:4]), found


def test_intervals_of_rows_do_not_cover() -> None:
    """The same draws by rows as units: far from 95 %, so the test above can fail."""
    design, rng = Design(12, 20, 0.6), np.random.default_rng(7)
    held = 0
    for _ in range(200):
        first, second, _ = errors(design, rng)
        low, high = mean_by_unit(np.abs(first) - np.abs(second), np.arange(len(first)))["ci"]
        held += low <= 0 <= high

    assert held < 0.7 * 200
