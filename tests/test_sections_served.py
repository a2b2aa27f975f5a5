"""Tests of what the report and the interview say of the model in use."""

import pytest
from grouped_facts import grouped
from sample_facts import SAMPLES, with_serving

from pipelines.answer.answer import answered
from pipelines.facts.steps import Facts
from pipelines.report.pages.report import render_beside, render_report
from pipelines.report.sections.served import SERVED, parity
from pipelines.report.spoken.use import USE


def facts_of(kind: str) -> Facts:
    """Return recorded facts with those of serving."""
    return answered(with_serving(SAMPLES[kind]()))


@pytest.mark.parametrize("kind", SAMPLES)
def test_both_pages_say_how_it_is_used(kind: str) -> None:
    """With every number bound; without the facts, neither says anything."""
    facts = facts_of(kind)
    report, interview = render_report(facts).markdown, render_beside("interview", facts)
    assert "## In use" in report
    assert "every answer was the prediction that the build made" in report
    assert "How would you deploy it?" in interview
    without = answered(SAMPLES[kind]())
    assert "## In use" not in render_report(without).markdown
    assert "How would you deploy it?" not in render_beside("interview", without)


def test_answers_that_are_not_the_builds_are_said_first() -> None:
    """Of the model and the way of asking in which they came back otherwise."""
    facts = facts_of("binary")
    facts["serving"]["models"][1]["single"]["equal"] -= 3
    sent = facts["serving"]["models"][1]["single"]["sent"]
    assert f"{sent:,} raw test rows were sent to it, and {sent - 3:,} answers" in parity(facts)["text"]
    assert USE.say(facts)["text"].startswith("Not yet")
    assert SERVED.look(facts) is not None


def test_a_part_of_the_test_rows_is_not_called_all_of_them() -> None:
    """Where fewer were sent than there are."""
    facts = facts_of("binary")
    assert parity(facts)["text"].startswith("All ")
    for one in facts["serving"]["models"]:
        one["single"] = {"sent": 10, "equal": 10}
    assert not parity(facts)["text"].startswith("All ")


@pytest.mark.parametrize("scored", [True, False])
def test_of_groups_the_score_of_those_in_use_stands_there(scored: bool) -> None:
    """It is that of the comparison; without an outcome nothing is promised."""
    facts = with_serving(grouped("a gradient", scored=scored))
    facts["serving"]["groups"] = [
        {"name": name, "groups": 5, "score": score, "ci": [score - 0.05, score + 0.05]}
        for name, score in (("strong", 0.1925), ("baseline", 0.1844))
    ]
    report = render_report(answered(facts)).markdown
    used = report.partition("## In use")[2].partition("\n## ")[0]
    assert "the group and the answer that the build's groups give the row" in used
    assert "| strong | 5 | 0.193" in used
    assert ("holds its promise" in used) == scored
    assert ("promises no score" in used) != scored
    assert "the prediction that the build made" not in used
