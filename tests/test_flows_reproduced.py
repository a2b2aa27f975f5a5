"""Comparing a rebuild on another machine with the tracked facts."""

from pathlib import Path
from typing import Any

import pytest

from flows.repository.files import write_json
from flows.reproduced import compare, main

FACTS: dict[str, Any] = {
    "rows": 150000,
    "difference": {"value": 0.0631, "verdict": "better", "p_value": 0.004},
    "attribution": [{"factor": "scale", "gain": 0.05, "matters": True, "why": "gains 0.05 [0.04, 0.06]"}],
}


@pytest.mark.parametrize(
    ("change", "differs"),
    [
        ({}, None),
        ({"rows": 150001}, None),
        ({"difference": {"value": 0.0635, "verdict": "better", "p_value": 0.006}}, None),
        ({"difference": {"value": 0.0531, "verdict": "better", "p_value": 0.004}}, "compare#/difference/value"),
        ({"difference": {"value": 0.0631, "verdict": "tie", "p_value": 0.004}}, "compare#/difference/verdict"),
        ({"difference": {"value": None, "verdict": "better", "p_value": 0.004}}, "compare#/difference/value"),
        ({"attribution": FACTS["attribution"] * 2}, "compare#/attribution has 2 items, expected 1"),
        ({"attribution": [FACTS["attribution"][0] | {"matters": False}]}, "compare#/attribution/0/matters"),
        ({"attribution": [FACTS["attribution"][0] | {"why": "gains 0.051 [0.04, 0.06]"}]}, None),
        ({"attribution": [FACTS["attribution"][0] | {"why": "loses 0.05 [0.04, 0.06]"}]}, "compare#/attribution/0/why"),
        ({"more": 1}, "compare#/more is unexpected"),
    ],
)
def test_numbers_may_move_a_little_and_verdicts_not_at_all(
    change: dict[str, Any], differs: str | None, tmp_path: Path
) -> None:
    """A learned number may differ by 5 % or 0.003; words, truth values, lengths and keys may not differ."""
    write_json(tmp_path / "a" / "compare.json", FACTS)
    write_json(tmp_path / "b" / "compare.json", FACTS | change)
    told = compare(tmp_path / "a", tmp_path / "b")
    assert [text[: len(differs)] for text in told] == [differs] if differs else not told
    assert main([str(tmp_path / "a"), str(tmp_path / "b")]) == bool(differs)


def test_what_is_counted_may_not_differ(tmp_path: Path) -> None:
    """The rows of `define` are the same on every machine."""
    write_json(tmp_path / "a" / "define.json", {"rows": 150000})
    write_json(tmp_path / "b" / "define.json", {"rows": 150001})
    assert compare(tmp_path / "a", tmp_path / "b") == ["define#/rows is 150001, expected 150000"]


def test_a_missing_step_is_told_and_timings_are_not_compared(tmp_path: Path) -> None:
    """A step without facts is a difference; measured seconds are none; no facts at all is one."""
    for step in ("define", "timings"):
        write_json(tmp_path / "a" / f"{step}.json", {"x": 1})
    (tmp_path / "b").mkdir()
    assert compare(tmp_path / "a", tmp_path / "b") == ["define# is missing"]
    assert compare(tmp_path / "b", tmp_path / "a") == [f"no facts in {tmp_path / 'b'}"]
