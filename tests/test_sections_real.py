"""Is it real: what each section says of the difference, its stability, the controls, and the strong model's size."""

import pytest
import sample_facts
from conftest import Facts
from printed import printed, unfolded
from sample_facts import unstable, with_times, with_verdict
from situations import situation

from pipelines.report.sections.controls import CONTROLS
from pipelines.report.sections.decisions import DECISIONS
from pipelines.report.sections.difference import DIFFERENCE, folds_won
from pipelines.report.sections.stability import STABILITY
from pipelines.report.sections.worth import WORTH
from pipelines.report.tables import check_tables, find_tables


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        ("better", "**The interval of the difference excludes zero, and 0.272 exceeds the margin of 0.005**"),
        ("worse", "**The strong model is worse: a difference of 0.272, beyond the margin of 0.005**"),
        ("tie", "**The whole interval of the difference, 0.272, lies within the margin of 0.005**"),
        ("underpowered", "**The difference of 0.272 may be zero, and may exceed the margin of 0.005**"),
    ],
)
def test_the_picture_s_title_is_the_verdict(verdict: str, said: str) -> None:
    """One finding for each verdict, and another one where the verdict is about a constant."""
    facts = with_verdict(sample_facts.binary(), verdict)
    assert said in printed(DIFFERENCE, facts)

    facts["compare"]["difference"]["against"] = "constant"
    text = printed(DIFFERENCE, facts)
    assert "**From the baseline, which loses to a constant, the strong model differs by 0.272**" in text


def test_p_stands_only_where_it_decides() -> None:
    """Where every p-value is tiny one sentence says so; else each method has its own."""
    facts = sample_facts.binary()
    difference = facts["compare"]["difference"]
    assert "| Method | Difference | p |" in printed(DIFFERENCE, facts)

    for one in (difference, difference["delong"], difference["nadeau_bengio"]):
        one["p_value"] = 0.0002
    text = printed(DIFFERENCE, facts)
    assert "| Method | Difference |\n" in text
    assert "By each method, p < 0.001." in text
    assert len(find_tables(text)[0]) == 2 + 3


def test_what_was_not_measured_has_no_row() -> None:
    """DeLong is for the ROC AUC of two classes, and the folds need two scores."""
    facts = sample_facts.binary()
    facts["compare"]["difference"] |= {"delong": None, "nadeau_bengio": None}

    assert len(find_tables(printed(DIFFERENCE, facts))[0]) == 2 + 1


@pytest.mark.parametrize(
    ("strong", "greater", "won"),
    [
        ([0.8, 0.8, 0.8], True, "each"),
        ([0.8, 0.6, 0.8], True, "two"),
        ([0.6, 0.6, 0.6], True, "none"),
        ([0.6, 0.6, 0.6], False, "each"),
        ([0.8, None, 0.8], True, None),
    ],
)
def test_folds_that_the_strong_model_wins(strong: list[float | None], greater: bool, won: str | None) -> None:
    """Counted by the metric's direction; where a fold has no score, nothing is counted."""
    facts = sample_facts.binary()
    facts["metric"]["greater_is_better"] = greater
    for step, role, scores in (("baseline", "baseline", [0.7, 0.7, 0.7]), ("strong", "strong", strong)):
        next(one for one in facts[step]["models"] if one["role"] == role)["fold_scores"] = scores

    assert folds_won(facts) == won


def test_an_unstable_model_is_called_so() -> None:
    """A fold far below the interval of the mean is reported with how far; a stable model is stable; else nothing."""
    facts = sample_facts.binary()
    assert "Stable: the worst fold scores 0.885, 0.025 below the interval of the mean" in unfolded(STABILITY, facts)
    assert "ot stable" not in printed(STABILITY, facts)

    text = printed(STABILITY, unstable(facts))
    assert "Not stable: the worst fold scores 0.782, 0.079 below the interval of the mean" in text
    assert "its worst fold 0.782: **not stable**, 0.079 below that interval" in text
    assert printed(STABILITY, sample_facts.regression()) == ""


def shuffled(facts: Facts, *effects: tuple[str, float, float | None], passed: bool = True) -> Facts:
    """Return the facts with these effects on the shuffled target."""
    facts["reflect"]["controls"] |= {
        "passed": passed,
        "shuffled": {
            "attribution": [
                {"factor": name, "gain": gain, "p_adjusted": p, "matters": not passed} for name, gain, p in effects
            ],
            "effect": not passed and bool(effects),
        },
    }
    return facts


@pytest.mark.parametrize(
    ("effects", "passed", "said"),
    [
        ([("scale", 0.0, 1.0)], True, "It kept no change on the shuffled target, and found nothing in the noise."),
        (
            [("shape", 0.0021, 0.4)],
            True,
            "Nothing reached the margin of 0.005; the largest effect was shape with 0.002.",
        ),
        ([("scale", 0.001, 0.2), ("shape", 0.0021, 0.029)], True, "the largest effect was shape with 0.002, p 0.029."),
        (
            [("shape", 0.0321, 0.001)],
            False,
            "It found an effect on the shuffled target, shape with 0.032: do not trust",
        ),
        ([], False, "It found an effect of the noise: do not trust the causes above."),
    ],
)
def test_what_the_controls_found(effects: list[tuple[str, float, float | None]], passed: bool, said: str) -> None:
    """Nothing, something too small, or an effect: in the noise or on the shuffled target."""
    text = printed(CONTROLS, shuffled(sample_facts.binary(), *effects, passed=passed))

    assert said in text
    assert ("do not trust" in text) == (not passed)


def test_controls_on_a_sample_are_said_to_be() -> None:
    """Fewer rows than there are training rows are a sample of these."""
    facts = sample_facts.binary()
    assert "(a sample of 2,000 of the 3,007 training rows, 4 features)" in printed(CONTROLS, facts)

    facts["define"]["split"]["train"] = 2000
    assert "(2,000 training rows, 4 features)" in printed(CONTROLS, facts)


def test_a_mean_that_gains_too_little_is_reported() -> None:
    """Where one part of the weighted mean would do, the page says which; a single model is no mean."""
    said = "gains 0.001 over the best single model, less than the margin: xgboost alone would do nearly as well."

    assert said in unfolded(WORTH, sample_facts.multiclass())
    nothing = "gains nothing over the best single model (-0.001): LightGBM alone would do as well."
    assert nothing in unfolded(WORTH, sample_facts.binary())
    single = sample_facts.binary()
    single["compare"]["complexity"]["mean_pays"] = None
    assert "weighted mean" not in printed(WORTH, single)


@pytest.mark.parametrize(("name", "said"), [("a doubt", True), ("the split leaks", True), ("drift", False)])
def test_a_worth_that_is_open_is_said_here(name: str, said: bool) -> None:
    """Where something must be settled first, the opening says nothing of the strong model's worth; this part does."""
    text = printed(WORTH, situation("binary", "better", name))

    assert ("is open until that is settled" in text) == said


def test_times_stand_where_they_were_measured() -> None:
    """Without timings there are no such rows; those of other models are marked."""
    facts = sample_facts.binary()
    assert "icroseconds" not in printed(WORTH, facts)

    text = printed(WORTH, with_times(facts))
    check_tables(text)
    assert "| Microseconds for a row alone | 2,100 | 4,300 |" in text
    assert "and 4,300 microseconds for a single prediction in place of 2,100." in text
    assert "earlier models" not in text
    facts["timings"]["models"]["strong"]["bytes"] += 1
    assert "The times were measured on earlier models than these." in printed(WORTH, facts)


def test_decisions_are_folded_and_say_what_they_save() -> None:
    """A saving that may be zero is said to be; a threshold above one flags no row; without costs there is nothing."""
    facts = sample_facts.binary()
    text = printed(DECISIONS, facts)
    assert text.startswith("<details>")
    assert "may be nothing" not in text
    assert "flag none" not in text

    facts["compare"]["threshold"]["saving_per_thousand"]["ci"] = [-3.0, 9.0]
    facts["compare"]["threshold"]["strong"]["threshold"] = 1.01
    text = printed(DECISIONS, facts)
    assert "which may be nothing." in text
    assert "| Strong model | flag none |" in text
    assert printed(DECISIONS, sample_facts.multiclass()) == ""
