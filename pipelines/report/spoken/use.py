"""How the model is put to use, said aloud."""

from pipelines.answer.places import say
from pipelines.facts.claims import Place
from pipelines.facts.shared import Claim
from pipelines.facts.steps import Facts
from pipelines.report.sections.served import needs, parity, same
from pipelines.report.spoken.question import Question, always
from pipelines.report.spoken.speech import plain


def _served(facts: Facts) -> bool:
    return "serving" in facts


def _say(facts: Facts) -> Claim:
    """Return how it would be deployed, in plain speech."""
    if not same(facts):
        return plain(
            "Not yet: some answers of the served model are not those of the build. First I would ask why.", facts
        )
    return plain(
        "As one archive behind a small web service: raw rows go in, and an answer or a reason comes out for each. It "
        "starts only if raw test rows still get the answers of the build, and it watches its own score.",
        facts,
    )


def _asked(facts: Facts) -> list[Claim]:
    pool: dict[str, Place] = {"label": ("compare#/label", "")}
    watch = (
        "In use, it counts what the rows hold, says what a drift would cost in {label}, and holds the score that was "
        "promised against the true values that come in later."
    )
    return [parity(facts), needs(facts), say("watch", watch, facts, **pool)]


USE = Question(always("How would you deploy it?"), _say, _asked, "In use", _served)
