"""Step 6 in the report: learning curves, stability, prediction intervals, and what the complexity costs."""

import pytest
import sample_facts
from conftest import Facts

from pipelines.report.pages.report import render_report
from pipelines.report.tables import check_tables


def section(facts: Facts) -> str:
    """Return the report's part about step 6."""
    return render_report(facts).markdown.split("## 6 ")[1].split("## 7 ")[0]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("help", "More rows helped to the last: 0.017"),
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
        ("gains", "**Worth it where the margin counts:** for 6.6 times the bytes, it gains 0.273 [0.190, 0.356]"),
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
    said = "gains 0.001 over the best single model, less than the margin, so that xgboost alone"
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


@pytest.mark.parametrize(
    ("baseline", "strong", "said"),
    [
        (4.4, 4.6, "That is *overdispersion*: events come in bursts"), (3.6, 1.4, "is what the strong model explains"),
        (1.1, 0.9, "no more than chance makes of it"),
    ],
)  # fmt: skip
def test_overdispersion_is_named_where_it_is(baseline: float, strong: float, said: str) -> None:
    """Both vary far more than the distribution says, the baseline alone, or neither."""
    facts = sample_facts.regression()
    values = (("baseline", baseline), ("strong", strong))
    facts["compare"]["dispersion"] = [{"model": model, "value": value} for model, value in values]
    assert said in section(facts)
    assert ("*overdispersion*" in section(facts)) == (baseline > 1.5)


@pytest.mark.parametrize(
    ("dummy", "baseline", "strong", "told"),
    [
        (-1.44, -1.18, -1.26, "the target's level is not what it was"),
        (-0.01, -0.2, -0.1, "those rows' own mean: R² -0.20 (baseline) and -0.10 (strong model), both below zero."),
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

    assert told is None or told in markdown.split("What was not tested")[1]
    assert ("On the test rows both models do worse" in markdown) == (told is not None)
    assert ("Use neither model as it is" in markdown) == (told is not None)
    assert ("Keep the baseline" in markdown) == (told is None)
    facts = sample_facts.without_signal(facts)
    assert "On the test rows both models do worse" not in render_report(facts).markdown


@pytest.mark.parametrize(
    ("times", "said"), [(0.58, "only 0.58 times the bytes, but is worse"), (71.0, "71 times the bytes, and is worse")]
)
def test_a_cheaper_model_is_not_said_to_cost_more(times: float, said: str) -> None:
    """A strong model that is smaller, and worse."""
    facts = sample_facts.with_verdict(sample_facts.binary(), "worse")
    facts["compare"]["complexity"] |= {"times_bytes": times, "worth": "worse"}
    assert f"**Not worth it:** it takes {said}" in section(facts)
