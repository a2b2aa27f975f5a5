"""Questions that an interviewer asks, each with an answer to say aloud and the evidence to add if asked."""

from pipelines.facts.steps import Facts
from pipelines.report.section import Part, Section, View
from pipelines.report.spoken.doubts import BELIEVE, IDLE, LEAKS, MORE, WORSE
from pipelines.report.spoken.forecasts import FAR, IN_TIME, KNOWLEDGE, ONE_BY_ONE
from pipelines.report.spoken.groups import ARE_REAL, NOT_CLASSIFIED, WHEN, WHY_SO_MANY
from pipelines.report.spoken.making import BASELINE, DATA, METRIC, PURPOSE, TEST_SET
from pipelines.report.spoken.people import PEOPLE
from pipelines.report.spoken.question import TOP, Question
from pipelines.report.spoken.ship import SHIP
from pipelines.report.spoken.sure import SURE
from pipelines.report.spoken.texts import LABELS, MEMORY, ORDER, TERMS
from pipelines.report.spoken.use import USE
from pipelines.report.spoken.why import WHY
from pipelines.report.spoken.wrong import MIND, WRONG
from pipelines.report.text import anchor
from pipelines.report.words import title

QUESTIONS: tuple[Question, ...] = (
    WHY, SURE, WRONG, SHIP,
    WHY_SO_MANY, ARE_REAL, NOT_CLASSIFIED, WHEN,
    PURPOSE, DATA, TEST_SET, METRIC, BASELINE, IDLE, LEAKS, IN_TIME, FAR, MEMORY, ORDER, TERMS, WORSE,
    BELIEVE, ONE_BY_ONE, PEOPLE, MORE, LABELS, KNOWLEDGE, USE, MIND,
)  # fmt: skip
"""The four that are really asked, then the others."""


def _view(facts: Facts) -> View:
    return {"questions": [_asked(question, facts) for question in QUESTIONS if question.applies(facts)]}


def _asked(question: Question, facts: Facts) -> View:
    """Return a question with its answers, and where the report has the evidence."""
    opening = question.part == TOP
    return {
        "title": question.title(facts),
        "say": question.say(facts),
        "asked": question.asked(facts),
        "part": "The answer" if opening else question.part,
        "anchor": anchor(title(facts["define"]["project"]) if opening else question.part),
    }


INTERVIEW = Section("interview", "reflect", _view, ("answer#",))
PARTS: tuple[Part, ...] = (Part(None, (INTERVIEW,)),)
