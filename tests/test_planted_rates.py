"""How `make planted` counts: every answer that the truth decides, none that it leaves open."""

from pathlib import Path
from typing import Any

import pytest
from cases import ROWS, Case, World, cases
from outcomes import (
    BETTER,
    CLAIMED,
    FLAGGED,
    NAMED,
    NO_SIGNAL,
    NOISE,
    OTHERS_FLAGGED,
    PAIR,
    REACHED,
    SHUFFLED,
    SIGNAL,
    THE_GAIN,
    WIDTH,
    outcomes,
)
from rates import write_page

from pipelines.causes import CAUSES

NAMES = [cause.name for cause in CAUSES]
GAINS = dict.fromkeys(NAMES, 0.0) | {"missingness": 0.001, "scale": 0.005, "shape": 0.02, "interaction": 0.03}


def _found(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - facts
    causes = {
        cause: {"matters": GAINS[cause] >= 0.01, "undecided": False, "gain": GAINS[cause], "p_adjusted": 0.5}
        for cause in NAMES
    }
    plain = {
        "factors": causes, "pair": ["b", "a"], "true_pair": ["a", "b"], "verdict": "better", "suspects": [],
        "metric": "roc_auc", "leak": None, "features": 4, "reachable": [0.8, 0.84],
        "controls": {"shuffled": False, "noise": False},
        "signal": True, "the_gain": False,
    }  # fmt: skip
    return plain | changes


def _answers(found: dict[str, Any], gains: dict[str, float] = GAINS, oracle: float = 0.82) -> dict[str, list[bool]]:
    told: dict[str, list[bool]] = {}
    for one in outcomes(found, {"gains": gains, "oracle": oracle}):
        told.setdefault(one.question, []).append(one.yes)
    return told


def test_a_right_case_has_no_miss() -> None:
    """Two causes are planted and named, the absent ones not claimed; one between 0.002 and 0.01 is not counted."""
    told = _answers(_found())
    assert told[NAMED] == [True, True]
    assert told[CLAIMED] == [False] * sum(gain <= 0.002 for gain in GAINS.values())
    assert told[PAIR] == [True]
    assert told[OTHERS_FLAGGED] == [False] * 4
    assert (told[REACHED], told[WIDTH]) == ([True], [True])
    assert (told[SHUFFLED], told[NOISE]) == ([False], [False])
    assert BETTER not in told
    assert FLAGGED not in told
    assert not any(one.wrong for one in outcomes(_found(), {"gains": GAINS, "oracle": 0.82}))


@pytest.mark.parametrize(
    ("changes", "gains", "oracle", "question"),
    [
        ({"pair": ["a", "c"]}, GAINS, 0.82, PAIR),
        ({"pair": None}, GAINS, 0.82, PAIR),
        ({"suspects": ["x"]}, GAINS, 0.82, OTHERS_FLAGGED),
        ({"leak": "y", "suspects": ["x"]}, GAINS, 0.82, FLAGGED),
        ({"reachable": [0.78, 0.84]}, GAINS, 0.82, WIDTH),
        ({}, GAINS, 0.85, REACHED),
        ({"controls": {"shuffled": True, "noise": False}}, GAINS, 0.82, SHUFFLED),
        ({"controls": {"shuffled": False, "noise": True}}, GAINS, 0.82, NOISE),
        ({"signal": False}, GAINS, 0.82, SIGNAL),
        ({}, GAINS, 0.501, NO_SIGNAL),
        ({"leak": "y", "suspects": ["y"]}, GAINS, 0.82, THE_GAIN),
        ({}, dict.fromkeys(NAMES, 0.002), 0.82, BETTER),
        ({}, GAINS | {"shape": 0.0}, 0.82, CLAIMED),
        ({}, GAINS | {"scale": 0.01}, 0.82, NAMED),
    ],
)
def test_each_miss_is_counted(changes: dict[str, Any], gains: dict[str, float], oracle: float, question: str) -> None:
    """One thing is wrong, and its question says so."""
    wrong = {one.question for one in outcomes(_found(**changes), {"gains": gains, "oracle": oracle}) if one.wrong}
    assert question in wrong


def test_the_page_names_every_miss(tmp_path: Path) -> None:
    """Rates with intervals, the misses by case, and the truths."""
    case = Case(World("u_shape"), 1)
    page = tmp_path / "planted.md"
    found = _found(verdict="tie", pair=["a", "c"])
    write_page({case: found}, {case.world: {"gains": GAINS, "oracle": 0.82}}, page)
    text = page.read_text(encoding="utf-8")
    assert "| interacting pair named first | at least 95 % | 0.0 % | 1 | 0.0 to 97.5 % |" in text
    assert f"- {case.name}: interacting pair named first: named ['a', 'c']" in text
    gains = " | ".join(f"{gain:.4f}" for gain in GAINS.values())
    assert f"| u_shape-binary-0.3 | {gains} | 0.8200 |" in text


def test_sections_of_other_benchmarks_stay(tmp_path: Path) -> None:
    """Written twice, all three stand at the end of the page, in their order."""
    case, page = Case(World("u_shape"), 1), tmp_path / "planted.md"
    later = "## Groups without a label\n\nA.\n\n## Texts\n\nB.\n\n### Controls\n\nC.\n\n## Forecasts\n\nD.\n"
    page.write_text(f"# Old\n\n## The truths\n\nbefore that\n\n{later}", encoding="utf-8")

    for _ in range(2):
        write_page({case: _found()}, {case.world: {"gains": GAINS, "oracle": 0.82}}, page)

    text = page.read_text(encoding="utf-8")
    assert text.endswith(f" |\n\n{later}")
    assert text.count("## The truths") == text.count("## Texts") == 1
    assert "before that" not in text


def test_there_are_enough_cases() -> None:
    """At least 200, each once, most of them of 8,000 rows; from 500 to 50,000 rows, 5 to 200 columns, 2 to 50 %."""
    made = cases()
    assert len(made) >= 200
    assert len({case.name for case in made}) == len(made)
    assert sum(case.rows == ROWS for case in made) >= 150
    assert {case.rows for case in made} >= {500, 50_000}
    assert {case.columns for case in made} >= {5, 200}
    assert {case.world.base_rate for case in made} >= {0.02, 0.5}
