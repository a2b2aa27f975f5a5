"""Step 6 in the report: learning curves, stability, prediction intervals, and what the complexity costs."""

import pytest
import sample_facts
from conftest import Facts

from pipelines.rendering.report import render_report
from pipelines.rendering.tables import check_tables


def section(facts: Facts) -> str:
    """Return the report's part about step 6."""
    return render_report(facts).markdown.split("## 6 ")[1].split("## 7 ")[0]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("help", "More rows helped to the last: +0.0165"),
        ("hurt", "More rows made it worse"),
        ("do not help", "Rows alone will not close that gap"),
        ("unclear", "Whether more rows help cannot be told"),
    ],
)
def test_what_more_rows_bring_is_said(more: str, said: str) -> None:
    """One sentence for each reading of the curve's last step."""
    facts = sample_facts.binary()
    facts["compare"]["learning_curves"][1]["reading"] |= {"more_rows": more, "limit": "variance"}
    assert said in section(facts)


@pytest.mark.parametrize(
    ("limit", "said", "never"),
    [
        ("nothing", "not better than the dummy", "*high variance*"),
        ("variance", "*high variance*", "not better than"),
        ("bias", "*high bias*", "*high variance*"),
        ("unclear", "differ too much to call that", "*high variance*"),
    ],
)
def test_what_limits_a_model_is_said(limit: str, said: str, never: str) -> None:
    """Variance, bias, neither, or nothing learned at all."""
    facts = sample_facts.binary()
    facts["compare"]["learning_curves"][1]["reading"]["limit"] = limit
    text = section(facts)
    assert said in text
    assert never not in text


def test_a_curve_of_one_size_reads() -> None:
    """Where all parts were too small there is no step, and the page says so."""
    facts = sample_facts.binary()
    reading = facts["compare"]["learning_curves"][0]["reading"]
    reading |= {"last_step": None, "more_rows": "unclear"}
    assert "no second size to compare with" in section(facts)


def test_an_unstable_model_is_flagged_and_a_caveat() -> None:
    """A fold far below the interval of the mean is said in step 6 and among the caveats; a stable model in neither."""
    facts = sample_facts.binary()
    assert "**not stable**" not in render_report(facts).markdown
    markdown = render_report(sample_facts.unstable(facts)).markdown
    assert "its worst fold 0.782: **not stable**, 0.079 below that interval" in markdown
    assert "is not stable" in markdown.split("What was not tested")[1]


@pytest.mark.parametrize(
    ("worth", "said"),
    [
        ("saves", "**Worth it:** for 6.6 times the bytes, its decisions save 31,687 [25,432, 37,941] USD per 1,000"),
        ("gains", "**Worth it where the margin counts:** for 6.6 times the bytes, it gains +0.2734 [+0.1904, +0.3565]"),
        ("no saving", "which may be nothing."),
        ("costs more", "its decisions cost more"),
        ("no gain", "lies within the margin."),
        ("worse", "it takes 6.6 times the bytes, and is worse."),
        ("not shown", "is known too vaguely."),
    ],
)
def test_whether_it_is_worth_it_is_one_sentence(worth: str, said: str) -> None:
    """Each judgement has its sentence, with sizes and money from the facts."""
    facts = sample_facts.binary()
    facts["compare"]["complexity"] |= {"worth": worth, "gain_in_margins": 31.64}
    line = section(facts).split("### What does the complexity cost?")[1].strip().splitlines()[0]
    assert said in line


def test_a_mean_that_gains_too_little_is_told() -> None:
    """Where one part of the weighted mean would do, the page says which."""
    said = "gains +0.0006 over the best single model, less than the margin, so that xgboost alone"
    assert said in section(sample_facts.multiclass())


def test_times_of_models_are_told_where_they_were_measured() -> None:
    """Without timings three rows say so, with them they hold the times; those of other models are marked."""
    facts = sample_facts.binary()
    assert section(facts).count("not measured | not measured |") == 3
    text = section(sample_facts.with_times(facts))
    check_tables(text)
    assert "| Microseconds for a row alone | 2,100 | 4,300 |" in text
    assert "4,300 in place of 2,100 microseconds for a single prediction" in text
    assert "not measured" not in text
    assert "earlier models" not in text
    facts["timings"]["models"]["strong"]["bytes"] += 1
    assert "The times were measured on earlier models than these." in section(facts)


def test_intervals_are_read_out() -> None:
    """On average they hold, for the lowest fifth they do not; a split in time promises nothing."""
    facts = sample_facts.regression()
    shown = next(one for one in facts["compare"]["intervals"]["models"][1]["levels"] if one["level"] == 0.9)
    shown["fifths"][0]["promise"] = "broken"
    shown["broken"] = ["lowest"]
    text = section(facts)
    assert "hold their promise on average" in text
    assert "but not for the lowest fifth of the predictions" in text
    assert "nothing is promised for them" in text
