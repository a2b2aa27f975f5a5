"""Which lines of a file stay: each reason counts the lines that no earlier one left out."""

import numpy as np
import pandas as pd
import pytest

from pipelines.core.errors import InputError
from pipelines.inputs.conditions import Condition, Kept

WHERE = "the file"


def condition(text: str) -> Condition:
    """Return a condition of a key that is named in messages."""
    return Condition.read(text, "panel.where")


def test_a_line_counts_for_the_first_reason_alone() -> None:
    """By a loop over lines: copies first, then a mask, then a condition that missing cells do not meet."""
    frame = pd.DataFrame({"units": [1.0, 1.0, -2.0, None, 5.0, -2.0], "land": list("aabcda")})
    reasons = {"all cells are those of an earlier line": 0, "no land": 0, "not units > 0": 0}
    seen: set[tuple[str, str]] = set()
    stay = []
    for units, land in zip(frame["units"], frame["land"], strict=True):
        wrong = [(str(units), land) in seen, land == "b", not units > 0]
        seen.add((str(units), land))
        reason = next((why for why, holds in zip(reasons, wrong, strict=True) if holds), None)
        stay.append(reason is None)
        if reason is not None:
            reasons[reason] += 1

    kept = Kept(len(frame), WHERE)
    kept.leave_copies(frame)
    kept.leave("no land", (frame["land"] == "b").to_numpy(bool))
    kept.leave_unless(condition("units > 0"), frame["units"])

    assert kept.stay.tolist() == stay == [True, False, False, False, True, False]
    assert kept.left == [{"why": why, "lines": lines} for why, lines in reasons.items()]
    assert [one["lines"] for one in kept.left] == [1, 1, 2]
    kept.check_some("line", "lines", "")


def test_no_line_that_stays_is_an_error_with_every_reason() -> None:
    """In their order, with counts, also those that left nothing out; numbers of lines are grouped by thousands."""
    kept = Kept(1_200, WHERE)
    kept.leave("no land", np.arange(1_200) < 1_100)
    kept.leave_unless(condition("units > 0"), pd.Series(np.zeros(1_200)))
    kept.leave("late", np.ones(1_200, bool))

    with pytest.raises(InputError) as raised:
        kept.check_some("line of events", "lines that keep to panel.where", "correct panel.where")

    said = str(raised.value)
    assert "no line of events is left of 1,200 (no land: 1,100; not units > 0: 100; late: 0)" in said
    assert WHERE in said
    assert said.index("lines that keep to panel.where") < said.index("correct panel.where")


def test_a_file_without_lines_says_so() -> None:
    """There is no reason to name."""
    with pytest.raises(InputError, match=r"no line is left of 0 \(the file holds none\)"):
        Kept(0, WHERE).check_some("line", "lines", "add some")


def test_a_condition_that_cannot_be_asked_is_an_error_of_its_file() -> None:
    """Texts have no size; nothing is counted then."""
    kept = Kept(2, WHERE)

    with pytest.raises(InputError, match=WHERE):
        kept.leave_unless(condition("land > a"), pd.Series(["a", "b"]))

    assert kept.left == []
