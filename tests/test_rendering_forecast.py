"""The pages of a forecast: what only forecasts have is there, what they have not is not, and each answer is short."""

import re
import xml.etree.ElementTree as ET

import pytest
import sample_facts
from conftest import Facts

from pipelines.answer.answer import answered
from pipelines.report.pages.interview import QUESTIONS
from pipelines.report.pages.report import BESIDE, render_beside, render_report
from pipelines.report.pictures import draw_pictures
from pipelines.report.spoken.speech import NUMBERS, numbers, words

PARTS = ("### How far ahead", "### Every measure of the forecasts", "### Looks ahead", "### Bands", "### The series\n",
         "### How series became rows", "### The series that are forecast worst")  # fmt: skip
NOT_THERE = ("### Leaks", "### The split", "How much better could it get?", "Predict the mean")
PICTURES = {"6-ahead", "7-errors-by-step", "7-gains-by-step", "6-bands", "3-series"}


@pytest.fixture(scope="module")
def facts() -> Facts:
    """Return the sample's facts with the answer."""
    return answered(sample_facts.forecast())


def test_the_report_has_what_only_forecasts_have(facts: Facts) -> None:
    """And nothing that has no meaning for series."""
    page = render_report(facts).markdown

    assert [part for part in PARTS if part not in page] == []
    assert [part for part in NOT_THERE if part in page] == []
    assert "the value one season before" in page


def test_its_pictures_are_drawn_and_shown(facts: Facts) -> None:
    """Each is well-formed SVG, and on the page."""
    drawn = draw_pictures(facts)

    assert {name.removesuffix(".svg") for name in drawn} >= PICTURES
    assert set(render_report(facts).pictures) >= PICTURES
    assert all(ET.fromstring(picture).get("width") == "525.6pt" for picture in drawn.values())


def test_each_answer_is_short_and_has_its_evidence(facts: Facts) -> None:
    """As of other projects: under sixty words, two numbers at most, one to four sentences of evidence."""
    questions = [question for question in QUESTIONS if question.applies(facts)]
    for question in questions:
        say, asked = question.say(facts), question.asked(facts)
        assert words(say) < 60, say["text"]
        assert numbers(say) <= NUMBERS, say["text"]
        assert 1 <= len(asked) <= 4, question.title(facts)
    titles = [question.title(facts) for question in questions]
    assert "How do you know that you did not look ahead?" in titles
    assert "How do you know that it is not a leak?" not in titles


@pytest.mark.parametrize("page", BESIDE)
def test_pages_beside_it_are_made(facts: Facts, page: str) -> None:
    """Interview and post speak of forecasts without a word for classes."""
    text = render_beside(page, facts)

    assert len(text) > 500
    assert not re.search(r"positives|flag", text)


def test_the_planted_causes_are_named(facts: Facts) -> None:
    """The shops' hours, known ahead, and their mood, which lasts for days; the other shops say nothing."""
    matters = {one["factor"]: one["matters"] for one in facts["reflect"]["attribution"]}

    assert matters["known ahead"]
    assert matters["history"]
    assert not matters["neighbours"]
    assert facts["reflect"]["controls"]["passed"]
