"""How it could be wrong, said aloud: the two gravest caveats, or what was not tested."""

from pipelines.answer.places import say
from pipelines.facts.claims import Place
from pipelines.facts.shared import Claim
from pipelines.facts.steps import Facts
from pipelines.report.spoken.question import Question, always
from pipelines.report.spoken.speech import named, plain

MOST = 2  # caveats that are said aloud
SPOKEN = {
    "controls_failed": "The method that finds the causes also found one where there is none.",
    "leak": "NAMES may give the target away, and may not be known when it counts.",
    "words": "Single words of the texts may give the target away: a form or a program may have written them.",
    "split_leak": "The split makes all models look too good: in use they will lack rows that help them here.",
    "doubted": "It is in doubt how the table is to be read.",
    "too_good": "The score is next to perfect, which more often means a leak than a good model.",
    "level": "On the test rows both models do worse than those rows' own mean.",
    "folds_disagree": "Over the folds of the training rows, no difference is shown.",
    "no_saving": "The better score is not shown to save money.",
    "unstable": "The strong model's score changes too much from fold to fold, or from seed to seed.",
    "biased": "On the test rows the strong model is off in one direction, by more than the margin.",
    "intervals_broken": "Its prediction intervals hold fewer of the true values than they promise.",
    "drift": "The test rows already differ from the training rows, so later rows may differ more.",
    "close_call": "The verdict is a close call: slightly different rows could change it.",
    "across_split": "Some test rows repeat training rows, so remembering helps there.",
}
OPEN = {
    "one_period": (
        "The test rows are one period right after the training rows: how the models age beyond it was not tested."
    ),
    "same_source": "All rows come from one file: later rows and other sources were not tested.",
}


def _say(facts: Facts) -> Claim:
    return doubts(facts, "I found no sign that it is. ")


def doubts(facts: Facts, nothing: str = "") -> Claim:
    """Return the gravest caveats in plain speech; after `nothing`, where there are none, what was not tested."""
    found = facts["answer"]["caveats"][:MOST]
    if not found:
        return plain(nothing + OPEN[facts["answer"]["not_tested"][0]["id"]], facts)
    template = " ".join(SPOKEN[claim["id"]] for claim in found)
    pool: dict[str, Place] = {}
    if "NAMES" in template:
        names, pool = _suspects(facts)
        template = template.replace("NAMES", names)
    return say("say", template, facts, **pool)


def _suspects(facts: Facts) -> tuple[str, dict[str, Place]]:
    verdict = facts["reflect"]["leak_verdict"]
    count = len(verdict["features"]) if verdict else 0
    return named(facts, "reflect#/leak_verdict/features", count, "Some columns")


def _asked(facts: Facts) -> list[Claim]:
    answer = facts["answer"]
    return [*answer["caveats"][:3], answer["not_tested"][0]]


def _mind(facts: Facts) -> Claim:
    """Return what would have to turn out otherwise."""
    action, difference = facts["answer"]["action"], facts["compare"]["difference"]
    if action in SETTLING:
        return plain(SETTLING[action], facts)
    if difference["verdict"] == "underpowered" and difference["rows_needed"] is not None:
        pool: dict[str, Place] = {
            "needed": ("compare#/difference/rows_needed", ",.0f"), "rows": ("compare#/test_rows", ",.0f"),
        }  # fmt: skip
        return say(
            "say", "About {needed} test rows, instead of {rows}: so many would most likely settle it.", facts, **pool
        )
    other = action in ("use the repaired", "keep the repaired")
    template = FALLS.replace("MODEL", "repaired baseline's" if other else "strong model's")
    if action == "try side by side":
        template = "New rows, with both models side by side, on which the strong model still gains at least {margin}."
    elif action == "keep the baseline":
        better = difference["verdict"] == "better"
        template = "Decisions by the strong model that are shown to cost less, on newer rows." if better else GAINS
    return say("say", template, facts, margin=("metric#/margin", "g"))


FALLS = "Newer rows, or rows from elsewhere, on which the MODEL gain falls below {margin}, the least worth acting on."
GAINS = "New rows on which the strong model gains at least {margin}, the least worth acting on."


SETTLING = {
    "read the table": (
        "To learn that the table is to be read otherwise. That comes first, and then everything is built again."
    ),
    "use neither": (
        "A feature that says something about the target: with such rows and columns as these, nothing is shown."
    ),
    "find the leak": (
        "To learn where the score comes from: once nothing gives the target away, I would believe what is left of it."
    ),
    "ask about columns": (
        "To learn that the suspected columns are known at the moment of the decision: then I would use them."
    ),
    "split otherwise": "The same gain on a split that keeps away the rows that a model in use will not have.",
    "check the controls": (
        "To learn why the controls found something in nothing: then the causes can be looked for again."
    ),
    "follow the level": (
        "To learn what has changed in the target, or rows of the same period or place as those to be predicted."
    ),
}


def _mind_asked(facts: Facts) -> list[Claim]:
    close = [claim for claim in facts["answer"]["caveats"] if claim["id"] == "close_call"]
    return [*close, *facts["answer"]["not_tested"]][:4]


WRONG = Question(always("How could it be wrong?"), _say, _asked, "What could be wrong")
MIND = Question(always("What would change your mind?"), _mind, _mind_asked, "What could be wrong")
