"""Step 6 in the report: how much a count varies, and whether the test rows' own mean would do better."""

import pytest
import sample_facts
from conftest import Facts

from pipelines.report.pages.report import render_report


def section(facts: Facts) -> str:
    """Return the report's part about step 6."""
    return render_report(facts).markdown.split("## 6 ")[1].split("## 7 ")[0]


@pytest.mark.parametrize(
    ("dummy", "baseline", "strong", "told"),
    [
        (-1.44, -1.18, -1.26, "The mean of the training rows has -1.44: the target's level has changed."),
        (-0.01, -0.2, -0.1, "R² is -0.20 for the baseline and -0.10 for the strong model, below zero."),
        (-1.44, -1.18, 0.1, None), (-1.44, 0.0, -0.1, None),
    ],
)  # fmt: skip
def test_what_the_test_rows_own_mean_does_better_is_a_caveat(
    dummy: float, baseline: float, strong: float, told: str | None
) -> None:
    """Where both models explain less than nothing, no page advises to use either; elsewhere the caveat is not told."""
    facts = sample_facts.regression()
    row = next(row for row in facts["compare"]["other_metrics"] if row["metric"] == "r2")
    row |= {"dummy": dummy, "baseline": baseline, "strong": strong}

    markdown = render_report(facts).markdown

    assert told is None or told in markdown.split("## What could be wrong")[1]
    assert ("On the test rows both models do worse" in markdown) == (told is not None)
    assert ("Use neither model as it is" in markdown) == (told is not None)
    assert ("Keep the baseline" in markdown) == (told is None)
    facts = sample_facts.without_signal(facts)
    assert "On the test rows both models do worse" not in render_report(facts).markdown
