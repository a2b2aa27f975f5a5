"""The table that `make performance` prints: each bar held or missed."""

import pytest
from rebuild import Row, readable


@pytest.mark.parametrize(
    ("row", "line"),
    [
        (Row("all", 479.6, 480), "| all | 480 s | 480 s | held |"),
        (Row("all", 480.4, 480), "| all | 480 s | 480 s | missed |"),
        (Row("nothing changed", 1.24, 1.5), "| nothing changed | 1.2 s | 1.5 s | held |"),
        (Row("memory", 1.52, 1.5, "GiB"), "| memory | 1.5 GiB | 1.5 GiB | missed |"),
    ],
)
def test_each_bar_is_held_or_missed(row: Row, line: str) -> None:
    """The measured value itself is compared, not what it is rounded to."""
    assert str(row) == line


def test_the_first_report_is_found_in_what_a_rebuild_says() -> None:
    """The time is the one that the line of loan_default's report has; without that line nothing is measured."""
    line = "reports/{}/README.md can be read, {} s after the start\n"
    assert readable("about 6 min left\n" + line.format("fraud", 7) + line.format("loan_default", 93)) == 93
    with pytest.raises(SystemExit):
        readable(line.format("fraud", 7))
