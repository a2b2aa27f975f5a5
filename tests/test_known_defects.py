"""Defects that a reader of earlier pages met: each stays away."""

import re

import pytest
from conftest import ROOT
from sample_facts import SAMPLES
from situations import SITUATIONS, situation, with_repair

from pipelines.answer.answer import answered
from pipelines.comparison.curve_reading import limit_of
from pipelines.report import words
from pipelines.report.formats import Formats
from pipelines.report.pages.overview import render_overview, summary
from pipelines.report.pages.report import render_beside, render_report

CAVEAT = re.compile(r"\*\*Main caveat\.\*\* (.+)")


@pytest.mark.parametrize("kind", SAMPLES)
@pytest.mark.parametrize("name", SITUATIONS)
def test_overview_and_report_have_one_main_caveat(kind: str, name: str) -> None:
    """The overview reads a small part of the facts, and comes to the same caveat and the same advice."""
    facts = situation(kind, "better", name)
    report, overview = render_report(facts).markdown, render_overview([summary(facts)]).markdown

    assert CAVEAT.findall(overview) == CAVEAT.findall(report)
    assert answered(facts)["answer"]["advice"][0]["text"].split(":")[0].split("(")[0].strip() in overview.replace(
        "\\", ""
    )


def test_the_advice_knows_of_leaks_and_of_codes() -> None:
    """Where the split leaks no model is advised, and where codes stand among numbers they are repaired."""
    leaking, coded = situation("regression", "better", "the split leaks"), with_repair(situation("binary", "better"))

    advice = [answered(facts)["answer"]["advice"][0]["text"] for facts in (leaking, coded)]

    assert advice[0].startswith("Split by sold (days)")
    assert "9600 and 9800 read as missing" in advice[1]


def test_a_gain_on_the_logarithm_is_called_one() -> None:
    """What a split leak gains in the error of a logarithm is no gain in the target's unit."""
    markdown = render_report(situation("regression", "better", "the split leaks")).markdown

    assert "0.020 [0.010, 0.030] in RMSE of the logarithm comes from training on rows that are later" in markdown
    assert not re.search(r"\bRMSE(?! of the logarithm)", CAVEAT.findall(markdown)[0])


@pytest.mark.parametrize("kind", SAMPLES)
def test_evidence_is_not_glued_to_the_answer(kind: str) -> None:
    """Each answer of the interview is two paragraphs: what to say, and the evidence with its link."""
    pages = [render_beside("interview", situation(kind, "better", name)) for name in ("the split leaks", "close")]

    for page in pages:
        answers = page.split("\n## ")[1:]
        assert len(answers) >= 15
        for one in answers:
            _, *paragraphs = one.strip().split("\n\n")
            assert [paragraph.split(" ")[0] for paragraph in paragraphs] == ["**Say.**", "**If"], one
            assert re.search(r"\*More: \[[^\]]+\]\(README\.md#[a-z-]+\)\.\*$", paragraphs[1]), one


@pytest.mark.parametrize(("count", "said"), [(1, " rows breaks a rule"), (3, " rows break a rule")])
def test_one_row_is_no_plural(count: int, said: str) -> None:
    """Verbs and pronouns agree with the number of rows that broke a rule."""
    facts = situation("binary", "better")
    facts["define"]["quarantined"]["count"] = count

    answer = render_beside("interview", facts)
    assert said in answer
    assert f"I set {'it' if count == 1 else 'them'} aside" in answer


def test_bias_needs_an_interval_that_shows_it() -> None:
    """0.0029 [-0.0438, 0.0496] at a margin of 0.005 shows neither bias nor variance."""
    over = {"value": 0.2, "ci": [0.18, 0.22]}

    assert limit_of({"value": 0.0029, "ci": [-0.0438, 0.0496]}, over, 0.005) == "unclear"  # type: ignore[arg-type]
    assert limit_of({"value": 0.0029, "ci": [0.001, 0.0048]}, over, 0.005) == "bias"  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", SAMPLES)
def test_an_interval_is_not_what_chance_does(kind: str) -> None:
    """The post explains a 95 % interval as the range that the test rows are compatible with."""
    post = render_beside("post", situation(kind, "better"))

    assert "compatible with" in post
    assert "chance alone" not in post


def test_dead_words_stay_dead() -> None:
    """No table of metric labels beside the metrics' own, and no name of a library that is not used."""
    modules = [path.read_text(encoding="utf-8") for path in (ROOT / "pipelines").rglob("*.py")]

    assert not hasattr(words, "METRICS")
    assert not hasattr(words, "metric")
    with pytest.raises(ValueError, match="Invalid format specifier"):
        Formats(0.005).show("rmse", "metric")
    assert len(modules) > 300
    assert not any("catboost" in text.lower() for text in modules)


def test_the_readme_is_one_screen_and_a_map() -> None:
    """It has at most 90 lines, and names every page of docs/."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    assert len(readme.splitlines()) <= 90
    assert [path.name for path in (ROOT / "docs").glob("*.md") if f"docs/{path.name}" not in readme] == []
