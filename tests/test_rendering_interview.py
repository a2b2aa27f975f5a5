"""The interview in every case: what is said aloud is short, agrees with the answer, and has its evidence beside it."""

import re

import pytest
import sample_facts
from spoken_cases import CASES, facts_of

from pipelines.answer.answer import answered
from pipelines.facts.steps import Facts
from pipelines.report.pages.interview import QUESTIONS
from pipelines.report.pages.report import render_beside
from pipelines.report.spoken.question import TOP
from pipelines.report.spoken.ship import SPOKEN
from pipelines.report.spoken.speech import NUMBERS, first_short, numbers, plain, words
from pipelines.report.text import anchor

FIRST = ("Is it better, and why?", "How do you know?", "How could it be wrong?", "Would you ship it?")
PARTS = (
    "Why", "Is it real?", "What could be wrong", "How much better could it get?", "Data", "Metric", "Exploration",
    "Baseline", "Candidates", "The comparison in full", "In use", "How this was made",
)  # fmt: skip
STOPS = ("read the table", "use neither", "find the leak", "ask about columns", "split otherwise", "check the controls")


def said(facts: Facts, title: str) -> str:
    """Return what is said aloud under a heading of the page."""
    page = render_beside("interview", facts)
    return page.split(f"## {title}\n\n**Say.** ")[1].split("\n\n")[0]


@pytest.mark.parametrize("case", CASES)
def test_each_answer_is_short_and_has_its_evidence(case: str) -> None:
    """Under sixty words, two numbers at most; then one to four sentences, each of which its facts back."""
    facts = answered(facts_of(case))
    questions = [question for question in QUESTIONS if question.applies(facts)]
    for question in questions:
        say, asked = question.say(facts), question.asked(facts)
        assert words(say) < 60, say["text"]
        assert numbers(say) <= NUMBERS, say["text"]
        assert 1 <= len(asked) <= 4, question.title(facts)
        assert say["text"] not in [claim["text"] for claim in asked]
    assert render_beside("interview", facts).count("**If asked.**") == len(questions)


@pytest.mark.parametrize("case", CASES)
def test_shipping_is_what_the_answer_advises(case: str) -> None:
    """Yes is said only of a model that the answer says to use, and never where something must be settled first."""
    facts = answered(facts_of(case))
    action, ship = facts["answer"]["action"], said(facts, "Would you ship it?")
    uses = action in ("use the strong", "use the repaired", "keep the repaired")
    assert ship.startswith("Yes") == uses
    assert ("Yes, the strong model" in ship) == (action == "use the strong")
    if action in STOPS:
        assert ship.startswith(("No", "Not yet"))


@pytest.mark.parametrize("case", CASES)
def test_reason_and_proof_are_no_surer_than_the_answer(case: str) -> None:
    """Where something must be settled first, neither the reason nor the proof is given without saying so."""
    facts = answered(facts_of(case))
    action, verdict = facts["answer"]["action"], facts["compare"]["difference"]["verdict"]
    if action not in STOPS:
        return
    explained = action != "check the controls" or verdict == "better"  # controls are about reasons, not about a verdict
    for question in QUESTIONS[0 if explained else 1 : 2]:
        text = question.say(facts)["text"]
        assert re.search(r"may|nothing|But|do not know|not explain|not shown|too good|doubt|leak", text), text


def test_the_four_that_are_really_asked_come_first() -> None:
    """Why, how do you know, how could it be wrong, would you ship it."""
    facts = answered(sample_facts.regression())
    assert tuple(question.title(facts) for question in QUESTIONS[:4]) == FIRST


def test_each_answer_leads_to_a_part_of_the_report() -> None:
    """The links are the anchors that GitHub gives the report's headings."""
    page = render_beside("interview", sample_facts.binary())
    anchors = {anchor(part) for part in (*PARTS, "Loan sample")}
    assert set(re.findall(r"\(README\.md#([^)]*)\)", page)) <= anchors
    assert {question.part for question in QUESTIONS} <= {TOP, *PARTS}
    assert anchor("How much better could it get?") == "how-much-better-could-it-get"


def test_what_is_too_long_to_be_said_is_shortened() -> None:
    """A question of the project file that takes a minute to read is left to the evidence."""
    facts = sample_facts.binary()
    facts["define"]["question"] = " ".join(["Which of them will be late"] * 20) + "?"
    page = render_beside("interview", facts)
    assert said(facts, "What is it for?") == "It predicts one column from the others, so that a person can decide."
    assert facts["define"]["question"] in page


def test_the_first_short_sentence_is_taken() -> None:
    """Of several wordings the first one that fits, and the last where none does."""
    facts = sample_facts.binary()
    long, short = plain("one two three", facts), plain("one two", facts)
    assert first_short([long, short], 2) == short
    assert first_short([long, short], 3) == long
    assert first_short([long, short], 1) == short


def test_every_action_can_be_said() -> None:
    """The cases reach all actions but the rarest, and each has a speaker."""
    reached = {answered(facts_of(case))["answer"]["action"] for case in CASES}
    assert reached == set(SPOKEN)
