"""A post in brief: one that fits a social page, and one for a professional network."""

from pipelines.answer.places import say
from pipelines.answer.shares import has_linear, leading
from pipelines.answer.standing import standing
from pipelines.causes import BY_NAME
from pipelines.facts.answer import Action
from pipelines.facts.claims import Place
from pipelines.facts.pointer import resolve
from pipelines.facts.shared import Claim
from pipelines.facts.steps import Facts
from pipelines.report.spoken import telling
from pipelines.report.spoken.ship import ship
from pipelines.report.spoken.speech import both, linear, plain, question
from pipelines.report.spoken.wrong import doubts
from pipelines.report.words import capitalised

SHORT = 280  # characters
NETWORK = 1300  # characters
SPARE = 60  # of these, for what Markdown escapes

SCORES = "On {rows} unseen rows LINEAR has {metric} {baseline}, a stronger model {strong}."
PLAIN_SCORES = "CAPITAL {baseline}, a stronger model {strong}."
STOPS: dict[Action, str] = {
    "read the table": "But how the table is to be read is in doubt, so this says little yet.",
    "find the leak": "That is too good to be believed: so good a score is usually a leak.",
    "ask about columns": "But it may be a leak: some columns may give the target away.",
    "split otherwise": "But the split makes all models look better than they will be.",
    "check the controls": "Do not trust any reasons yet: the controls failed.",
    "follow the level": "Both do worse than those rows' own mean: the target is not what it was.",
}
NO_SIGNAL = "Neither is shown to be better than a constant: no signal here."
LOST = "The baseline loses to a constant, and the stronger model is not shown to beat it."
REPAIRED = "I would use the repaired baseline: it stays linear, and is better than the baseline."
ENDS = {
    "tie": "A tie. I would keep the simple one.",
    "worse": "The simple model won.",
    "underpowered": "These rows are too few to say that either is better.",
}


def short(facts: Facts) -> Claim:
    """Return the whole story in 280 characters, with the shorter scores where the metric has a long name."""
    end, pool = _end(facts)
    pool |= {**both(facts), "rows": ("compare#/test_rows", ",.0f")}
    claims = [say("short", f"{_named(scores, facts)} {end}", facts, **pool) for scores in (SCORES, PLAIN_SCORES)]
    return next((claim for claim in claims if _length([[claim]]) <= SHORT - SPARE // 2), claims[-1])


def _named(template: str, facts: Facts) -> str:
    """Return a template with the name of the baseline's kind."""
    return template.replace("LINEAR", linear(facts)).replace("CAPITAL", capitalised(linear(facts)))


def _end(facts: Facts) -> tuple[str, dict[str, Place]]:
    """Return how it ends, in a sentence or two, with its places."""
    at, action = standing(facts), facts["answer"]["action"]
    if not at.signal and action == "use neither":
        return NO_SIGNAL, {}
    if action in STOPS:
        return STOPS[action], {}
    if at.verdict != "better" and action == "keep the repaired":
        return REPAIRED if has_linear(facts) else REPAIRED.replace("stays linear, and ", ""), {}
    if at.verdict != "better":
        return LOST if at.lost_baseline else ENDS[at.verdict], {}
    return _reason(facts)


def _reason(facts: Facts) -> tuple[str, dict[str, Place]]:
    """Return the largest cause of a gain, and that it is not to be relied on, where it is not."""
    found = leading(facts)
    yet = " I would not rely on it yet." if facts["answer"]["action"] == "try side by side" else ""
    if facts["answer"]["action"] == "keep the baseline":
        yet = " But the stronger model is not shown to save anything."
    if found is None or found[1] == "none":
        return f"I tested why, one change at a time, and no single change is shown to explain it.{yet}", {}
    where, known = f"reflect#/attribution/{found[0]}", resolve(facts, f"reflect#/attribution/{found[0]}/share")
    much = {"some": "{share}", "all": "all", "more": "more than all"}[found[1]]
    share = f" ({much} of the gain)" if known is not None else ""
    pool: dict[str, Place] = {"cause": (f"{where}/factor", ""), "share": (f"{where}/share", ".0%")}
    simple = ", which a linear model can use as well" if _is_simple(facts, found[0]) else ""
    return f"I tested one change at a time: the largest reason is {{cause}}{share}{simple}.{yet}", pool


def _is_simple(facts: Facts, place: int) -> bool:
    """Return whether a linear model can take over the cause at that place."""
    return has_linear(facts) and BY_NAME[facts["reflect"]["attribution"][place]["factor"]].remedy is not None


def network(facts: Facts) -> list[list[Claim]]:
    """Return paragraphs of at most 1,300 characters; what is asked is left out where it is too long."""
    opening = [telling.title(facts)]
    said = [
        [telling.setup(facts)],
        [_scores(facts), telling.result(facts)],
        [telling.reason(facts), *([telling.controls(facts)] if facts["reflect"]["controls"]["passed"] else [])],
        [doubts(facts)],
        [plain("Would I ship it?", facts), ship(facts)],
    ]
    whole = [opening, [question(facts)], *said]
    return whole if _length(whole) <= NETWORK - SPARE else [opening, *said]


def _scores(facts: Facts) -> Claim:
    """Return the scores of both models, without the number of rows, which the setup has."""
    template = _named("On the rows set aside, LINEAR has {metric} {baseline}, a stronger model {strong}.", facts)
    return say("scores", template, facts, **both(facts))


def _length(paragraphs: list[list[Claim]]) -> int:
    return sum(len(claim["text"]) + 2 for paragraph in paragraphs for claim in paragraph)
