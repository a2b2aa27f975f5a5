"""The causes that were tested and are not shown to matter, and a gain that the strong model leaves unused."""

from pipelines.causes import BY_NAME
from pipelines.facts.pointer import given
from pipelines.facts.reflect.attribution import Attribution
from pipelines.facts.shared import Claim
from pipelines.facts.steps import Facts
from pipelines.findings.wording import (
    ATTRIBUTION,
    Phrase,
    begin,
    better,
    gain_form,
    gain_with_ci,
    listed,
    mattering,
    phrase,
    say,
    together,
    words,
)
from pipelines.ladder.alpha import ALPHA


def did_not_matter(facts: Facts) -> Claim | None:
    """Return the causes that were tested and do not matter, one sentence for each reason; see `why_not`."""
    signal = facts["reflect"]["signal"]["present"]
    reasons = {
        i: why_not(item) if signal else "no signal"
        for i, item in enumerate(facts["reflect"]["attribution"])
        if _idle(item) and not item["undecided"]
    }
    sentences = []
    for reason, template in SENTENCES.items():
        places = [i for i, found in reasons.items() if found == reason]
        if places:
            causes = listed([(_wording if reason in BARE else _over_folds)(i, facts) for i in places])
            sentences.append(begin(phrase(template, facts, causes=causes)))
    return together("did_not_matter", sentences) if sentences else None


def why_not(item: Attribution) -> str:
    """Return why a cause that was tested and does not matter does not: the first of these reasons that holds.

    "nothing": no change was kept. "chance": its gain is not beyond chance. "worse": it is a loss. "small": it is below
    the margin. "contradicted": the test rows contradict it.
    """
    found = item["out_of_fold"]
    if found["gain"] == 0:
        return "nothing"
    if given(found["p_adjusted"]) >= ALPHA:
        return "chance"
    if found["gain"] < 0:
        return "worse"
    return "small" if found["below_margin"] else "contradicted"


SENTENCES = {
    "no signal": "{causes} cannot matter where no model is shown to predict better than a constant.",
    "small": "{causes} gain something over the folds, but less than is worth acting on.",
    "nothing": "{causes} gain nothing: no such change lowers the loss on rows left out.",
    "chance": ("{causes} may be chance: over the folds they are not beyond it, after correction for several tests."),
    "worse": "{causes} lose something over the folds.",
    "contradicted": "{causes} gain something over the folds, which the test rows contradict.",
}


BARE = ("no signal", "nothing")  # reasons for which no gain is written


def undecided(facts: Facts) -> Claim | None:
    """Return the causes whose gain may be chance, and may as well be more than the margin."""
    places = [i for i, item in enumerate(facts["reflect"]["attribution"]) if _idle(item) and item["undecided"]]
    if not places:
        return None
    causes = listed([_too_vague(i, facts) for i in places])
    return say("undecided", "The rows are too few to judge {causes}.", facts, causes=causes)


def unused_gain(facts: Facts) -> Claim | None:
    """Return a change that gains something, where the strong model as a whole does not."""
    places = mattering(facts)
    if better(facts) or not places:
        return None
    cause = BY_NAME[facts["reflect"]["attribution"][places[0]]["factor"]]
    sentence = phrase(
        "{cause} gain {gain} over the folds, but the strong model does not turn this into a better score.",
        facts,
        cause=words(cause.wording), gain=gain_with_ci(f"{ATTRIBUTION}/{places[0]}/out_of_fold", facts),
    )  # fmt: skip
    return together("unused_gain", [begin(sentence)])


def _idle(item: Attribution) -> bool:
    return item["applicable"] and not item["matters"]


def _wording(place: int, facts: Facts) -> Phrase:
    return words(BY_NAME[facts["reflect"]["attribution"][place]["factor"]].wording)


def _over_folds(place: int, facts: Facts) -> Phrase:
    """Return a cause with its gain over the folds."""
    gain = gain_with_ci(f"{ATTRIBUTION}/{place}/out_of_fold", facts)
    return phrase("{cause} ({gain})", facts, cause=_wording(place, facts), gain=gain)


def _too_vague(place: int, facts: Facts) -> Phrase:
    """Return a cause with the interval that is too wide: on the test rows where the folds alone show a gain."""
    unconfirmed = facts["reflect"]["attribution"][place]["out_of_fold"]["ci"][0] > 0
    return phrase(
        "{cause} ({ci} on the test rows)" if unconfirmed else "{cause} ({ci} over the folds)", facts,
        cause=_wording(place, facts),
        ci=(f"{ATTRIBUTION}/{place}/{'ci' if unconfirmed else 'out_of_fold/ci'}", gain_form(facts)),
    )  # fmt: skip
