"""How one knows, said aloud: the test rows, what their interval means, and what the controls found."""

from pipelines.answer.places import beyond_chance, say
from pipelines.answer.standing import Standing, standing
from pipelines.facts.answer import Action
from pipelines.facts.shared import Claim
from pipelines.facts.steps import Facts
from pipelines.report.spoken.question import Question, always
from pipelines.report.spoken.speech import found_nothing, gained, makes_groups, plain, tried_on

SCORED = {
    "better": (
        "From {rows} rows that were set aside before anyone looked. The gain there is {gap}, and the whole "
        "interval, the range of gains that these rows are compatible with, is above zero."
    ),
    "tie": (
        "From rows that were set aside before anyone looked. The gain may lie between {low} and {high}: "
        "the whole range is "
        "within the margin, below which no difference is worth acting on."
    ),
    "worse": (
        "From {rows} rows that were set aside before anyone looked. The gain there is {gap}, and the whole "
        "range that "
        "these rows are compatible with is below zero."
    ),
    "underpowered": (
        "I do not. On rows that were set aside before anyone looked, the difference may lie between {low} and "
        "{high}: it may be "
        "nothing, and it may matter."
    ),
}
BEYOND_CHANCE = (
    "From rows that were set aside before anyone looked. The difference lies between {low} and {high}: it is not zero, "
    "but I do not know whether it is large enough to act on."
)
NO_SIGNAL = (
    "I know only that I found nothing: beyond chance, after correction for several tests, no model is better "
    "than a constant."
)
BUT: dict[Action, str] = {
    "read the table": " But how the table is to be read is in doubt.",
    "find the leak": " But so good a score is more often a leak than a model.",
    "ask about columns": " But some columns may give the target away.",
    "split otherwise": " But the split makes all models look better than they will be.",
    "check the controls": " But the method that explains it found an effect where there is none.",
    "follow the level": " But there both models do worse than those rows' own mean.",
}
CONTROLLED = " The same experiments {where} {found}."
TARGET = "on a shuffled target"


def _say(facts: Facts) -> Claim:
    at, action = standing(facts), facts["answer"]["action"]
    template = BEYOND_CHANCE if beyond_chance(facts) else SCORED[at.verdict]
    template = template if at.signal else NO_SIGNAL
    doubt = BUT.get(action, "") or _unproven(at)
    if not doubt and at.signal:
        where = tried_on(facts) if makes_groups(facts) else TARGET
        doubt = CONTROLLED.replace("{where}", where).replace("{found}", found_nothing(facts))
    return say("say", template + doubt, facts, **gained(facts))


def _unproven(at: Standing) -> str:
    """Return what the folds say against a strong model that is better on the test rows."""
    if at.verdict != "better":
        return ""
    if at.folds_disagree:
        return " But over the folds of the training rows, no gain is shown."
    return " But its score changes too much from fold to fold, or from seed to seed." if at.unstable else ""


def _asked(facts: Facts) -> list[Claim]:
    interval = say(
        "interval",
        "Both models are scored on the same rows, so what is hard for both cancels out; a {confidence} interval "
        "is the range of "
        "differences that the test rows are compatible with.",
        facts,
        confidence=("compare#/confidence", ".0%"),
    )
    controls = (
        f"The same experiments {tried_on(facts)} {found_nothing(facts)}, as they should."
        if facts["reflect"]["controls"]["passed"]
        else f"The same experiments {tried_on(facts)} found an effect: until that is "
        "understood, I would "
        "not repeat the causes."
    )
    before = (
        "What I expected of each change was written down before any model was scored; the report says what came true."
    )
    return [facts["answer"]["verdict"], interval, plain(controls, facts), plain(before, facts)]


SURE = Question(always("How do you know?"), _say, _asked, "Is it real?")
