"""How many decimals a score, a difference and an interval have."""

import pytest

from pipelines.core.rounding import gain_form, score_form
from pipelines.report.formats import Formats


@pytest.mark.parametrize(
    ("margin", "shown"),
    [
        (500, "1,235"), (1, "1,235"), (0.5, "1,234.568"), (0.02, "1,234.568"), (0.005, "1,234.568"),
        (0.001, "1,234.568"), (0.0005, "1,234.5679"), (None, "1,234.568"),
    ],
)  # fmt: skip
def test_scores_and_gains_have_the_decimals_of_the_margin(margin: float | None, shown: str) -> None:
    """The margin's leading digit is the last one shown; where it is a fraction, three decimals at least."""
    value = 1234.56789

    assert format(value, score_form(margin)) == shown
    assert format(value, gain_form(value, margin)) == shown


@pytest.mark.parametrize(
    ("margin", "value", "shown"),
    [
        (0.005, 0.14789, "0.148"), (0.005, -0.14789, "-0.148"),  # no plus, a minus
        (0.005, 0.0, "0.000"), (0.005, -0.0, "0.000"),  # zero is zero
        (0.005, 0.00034, "0.0003"), (0.005, -0.00034, "-0.0003"), (0.005, 0.00004, "0.000"),
        (0.005, 0.0005, "0.001"), (0.005, 0.00051, "0.001"),  # rounded up, it does not read as zero
        (0.005, 1e-17, "0.000"), (0.005, -4e-7, "0.000"),  # a sum's error
        (500, 0.3, "0.3"), (500, 0.02, "0"), (500, 12.4, "12"),
        (0.005, [0.1341, 0.1616], "[0.134, 0.162]"), (0.005, [0.0, 0.0], "[0.000, 0.000]"),
        (0.005, [0.00034, 0.0121], "[0.0003, 0.0121]"), (0.005, [-0.0121, -0.00034], "[-0.0121, -0.0003]"),
        (0.005, [-0.00034, 0.0121], "[0.000, 0.012]"), (0.005, [-1e-6, 0.0004], "[0.000, 0.000]"),
        (0.005, [0.00004, 0.0003], "[0.00004, 0.00030]"), (0.005, [1e-17, 0.0002], "[0.0000, 0.0002]"),
        (500, [0.4, 812.3], "[0.4, 812.3]"),
    ],
)  # fmt: skip
def test_what_excludes_zero_does_not_read_as_zero(margin: float, value: float | list[float], shown: str) -> None:
    """An interval that excludes zero has the digits that show it, both ends alike; a difference one more at most."""
    assert Formats(margin).show(value, "gain") == shown


def test_scores_keep_to_the_margin() -> None:
    """A score establishes nothing by being above zero: it has no digits more, and no sign where nothing is left."""
    assert format(-0.0002, score_form(0.005)) == "0.000"
    assert format(0.0002, score_form(0.005)) == "0.000"
