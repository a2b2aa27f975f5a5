"""Whether to ship it, said aloud: for each action of the answer the same in plain speech, and never anything else."""

from collections.abc import Callable, Mapping

from pipelines.answer.places import amount, chance, currency, say
from pipelines.answer.sentences import FAR, REPAIRED, decided, idle
from pipelines.answer.shares import has_linear, repaired_part
from pipelines.answer.standing import standing
from pipelines.facts.answer import Action
from pipelines.facts.claims import Place
from pipelines.facts.shared import Claim, Pointer
from pipelines.facts.steps import Facts
from pipelines.report.spoken.question import TOP, Question, always
from pipelines.report.spoken.speech import gained, named, plain
from pipelines.splits import SPLITS

SENTENCES = 4  # of evidence


def ship(facts: Facts) -> Claim:
    """Return the advice in plain speech."""
    return SPOKEN[facts["answer"]["action"]](facts)


def _words(template: str) -> Callable[[Facts], Claim]:
    """Return the speaker of a sentence without numbers."""
    return lambda facts: plain(template, facts)


def _neither(facts: Facts) -> Claim:
    if not standing(facts).signal:
        return plain("No, neither model: neither is shown to predict better than the AVERAGE.", facts)
    return plain(
        ("No, neither: the baseline does worse than the AVERAGE, and the strong model is not shown to do better."),
        facts,
    )


def _ask(facts: Facts) -> Claim:
    verdict = facts["reflect"]["leak_verdict"]
    count = len(verdict["features"]) if verdict else 0
    names, pool = named(facts, "reflect#/leak_verdict/features", count, "the suspected columns")
    verb = "is" if count == 1 and pool else "are"
    return say(
        "say",
        (f"Not yet. First I would ask whether {names} {verb} known at the moment of the decision."),
        facts,
        **pool,
    )


def _repaired(facts: Facts) -> Claim:
    """Return that the linear model is enough, with what it has of the gain, and what its decisions save."""
    repaired = facts["reflect"].get("repaired")
    if repaired is None:
        message = "there is no repaired baseline to advise"
        raise ValueError(message)
    part = repaired_part(facts)
    has = {"some": "has {share} of the gain", "all": "has all of the gain", "more": "scores better"}.get(
        part or "", "is better than the baseline"
    )
    stays = "stays linear and " if has_linear(facts) else ""
    template = f"Yes, but not the strong model: the repaired baseline {stays}{has}."
    pool: dict[str, Place] = {"share": (f"{REPAIRED}/share", ".0%")}
    decision, saving = repaired["threshold"], repaired["saving_per_thousand"]
    if decision is not None and idle(facts, decision) is not None:
        return say("say", f"{template} {IDLE}", facts, **pool)
    if facts["answer"]["action"] == "use the repaired" and decision is not None and saving is not None:
        more, places = _saved(facts, f"{REPAIRED}/saving_per_thousand")
        return say("say", f"{template} {more}", facts, **pool, **places)
    return say("say", template, facts, **pool)


def _strong(facts: Facts) -> Claim:
    """Return that the strong model is to be used, and what that saves or gains."""
    threshold = facts["compare"]["threshold"]
    at = standing(facts)
    watch = " But first I would score it again on newer rows." if at.drift else ""
    if at.biased:
        later = SPLITS[facts["define"]["split"]["kind"]].later
        first = "fit it again on the latest rows" if later else "find out why"
        watch = f" But it is off in one direction: first I would {first}."
    nothing = threshold is not None and idle(facts, threshold["strong"]) is not None
    if threshold is None or nothing or not 0 < threshold["strong"]["threshold"] < 1:
        but = f" {IDLE}" if nothing else ""
        template = f"Yes, the strong model: it gains {{gap}}, more than the margin.{but}{watch}"
        return say("say", template, facts, **gained(facts))
    more, places = _saved(facts, "compare#/threshold/saving_per_thousand")
    where: dict[str, Place] = {"from": ("compare#/threshold/strong/threshold", chance)}
    template = f"Yes, the strong model, acting from a predicted probability of {{from}} on. {more}{watch}"
    return say("say", template, facts, **where, **places)


IDLE = "But to flag all rows, or none, costs no more than its decisions."


def _saved(facts: Facts, where: Pointer) -> tuple[str, dict[str, Place]]:
    """Return the sentence on what decisions save over the baseline's, per thousand rows as the facts have it."""
    words = amount(facts, "{saved}")
    return (
        f"That saves {words} per thousand rows over the baseline.",
        {"saved": (f"{where}/value", _whole), **currency(facts)},
    )


def _whole(value: float) -> str:
    """Return the form of an amount of money that is said aloud: whole from ten on."""
    return ",.0f" if abs(value) >= 10 else ".2f"  # noqa: PLR2004 - two digits before the point are enough


def _keep(facts: Facts) -> Claim:
    said, found = _kept(facts), decided("keep the baseline", facts)
    idly = found is not None and idle(facts, found[1]) is not None
    return plain(f"{said} {IDLE}", facts) if idly else plain(said, facts)


def _kept(facts: Facts) -> str:
    """Return why the baseline stays."""
    difference = facts["compare"]["difference"]
    verdict, needed = difference["verdict"], difference["rows_needed"]
    if verdict == "underpowered" and (needed is None or needed > FAR * facts["compare"]["test_rows"]):
        return OUT_OF_REACH
    return KEEP[verdict]


KEEP = {
    "better": (
        "Not the strong model. It scores better, but its decisions are not shown to cost less, so I would keep "
        "the baseline's."
    ),
    "tie": ("No. I would keep the baseline: it is simpler, and the difference in score is too small to act on."),
    "worse": "No. I would keep the baseline, and find out what misleads the strong model.",
    "underpowered": "Not yet. I would keep the baseline until there are test rows enough to decide.",
}
OUT_OF_REACH = (
    "No. I would keep the baseline: no number of test rows within reach would show the strong model to be better by "
    "enough."
)


SPOKEN: Mapping[Action, Callable[[Facts], Claim]] = {
    "read the table": _words("Not yet. First I would settle how the table is to be read, and build again."),
    "use neither": _neither,
    "find the leak": _words(
        "No. First I would find out why the score is next to perfect: so good a score is usually a leak."
    ),
    "ask about columns": _ask,
    "split otherwise": _words(
        "Not yet. I would split the rows otherwise and build again: until then all scores are too good."
    ),
    "check the controls": _words(
        "Not yet. First I would find out why the controls found an effect in nothing; until then I would use "
        "neither model."
    ),
    "follow the level": _words(
        "No, neither model as it is: on the test rows both do worse than those rows' own mean. I would find out "
        "what changed."
    ),
    "keep the repaired": _repaired,
    "keep the baseline": _keep,
    "try side by side": _words(
        "Not yet. I would run the strong model beside what is in use, on new rows, before I rely on it."
    ),
    "use the repaired": _repaired,
    "use the strong": _strong,
}


def _asked(facts: Facts) -> list[Claim]:
    advice = [claim for claim in facts["answer"]["advice"] if claim["id"] != "what_next"]
    return [*advice[: SENTENCES - 1], facts["answer"]["worth"]]


SHIP = Question(always("Would you ship it?"), ship, _asked, TOP)
