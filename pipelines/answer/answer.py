"""The answer: what the facts of seven steps come to."""

from collections.abc import Mapping

from pipelines.answer.advice import advise
from pipelines.answer.caveats import caveats
from pipelines.answer.finding import say_finding
from pipelines.answer.not_tested import not_tested
from pipelines.answer.options import options
from pipelines.answer.sentences import say_advice
from pipelines.answer.standing import standing
from pipelines.answer.verdict import say_verdict
from pipelines.answer.worth import say_worth
from pipelines.facts.answer import AnswerFacts
from pipelines.facts.claims import check_claims
from pipelines.facts.steps import Facts


def answered(facts: Facts, titles: Mapping[str, str] | None = None) -> Facts:
    """Return the facts of all seven steps with the answer to them, worked out where it is not there yet."""
    return facts if "answer" in facts else {**facts, "answer": answer(facts, titles or {})}


def answer(facts: Facts, titles: Mapping[str, str]) -> AnswerFacts:
    """Return the answer from the facts of all seven steps; `titles` are the readers' names of columns.

    Raises BindingError where a sentence says other than the facts.
    """
    at = standing(facts)
    action = advise(at)
    found: AnswerFacts = {
        "verdict": say_verdict(at, facts),
        "finding": say_finding(at, facts),
        "options": options(facts),
        "action": action,
        "advice": say_advice(at, action, facts),
        "worth": say_worth(at, action, facts),
        "caveats": caveats(facts),
        "not_tested": not_tested(facts),
        "titles": dict(titles),
    }
    check_claims([found["verdict"], found["finding"], found["worth"], *found["advice"]], facts)
    check_claims([*found["caveats"], *found["not_tested"]], facts)
    return found
