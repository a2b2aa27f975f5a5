"""What a question of an interview is: its words, what to say, what to add if asked, and where the report has it."""

from collections.abc import Callable
from dataclasses import dataclass

from pipelines.facts.pointer import has
from pipelines.facts.shared import Claim
from pipelines.facts.steps import Facts

TOP = ""  # the report's opening, which has no heading of its own


@dataclass(frozen=True)
class Question:
    """One question. Another one is a row like this in one of the modules beside, and a line in the page's list."""

    title: Callable[[Facts], str]  # in the words that fit the verdict
    say: Callable[[Facts], Claim]  # plain speech: see `speech.WORDS` and `speech.NUMBERS`
    asked: Callable[[Facts], list[Claim]]  # the evidence, in one to four sentences
    part: str  # heading of the report's part that holds it, or TOP
    applies: Callable[[Facts], bool] = lambda _: True


def of_forecasts(facts: Facts) -> bool:
    """Return whether the project is a forecast."""
    return "forecast" in facts["define"]


def of_rows(facts: Facts) -> bool:
    """Return whether its rows stand by themselves."""
    return not of_forecasts(facts)


def of_texts(facts: Facts) -> bool:
    """Return whether the experiments on texts were made."""
    return has(facts, "reflect#/texts")


def of_groups(facts: Facts) -> bool:
    """Return whether the project makes groups, and the experiments on them were made."""
    return has(facts, "reflect#/groups")


def with_room(facts: Facts) -> bool:
    """Return whether step 7 says how much better a model could be."""
    return of_rows(facts) and has(facts, "reflect#/headroom/more_rows")


def always(words: str) -> Callable[[Facts], str]:
    """Return a question in the same words for each verdict."""
    return lambda _: words
