"""Neighbours: what the other series did lately, beyond what the series itself did."""

from functools import partial

from pipelines.causes.cause import Cause
from pipelines.causes.guess import Guess, Seen, tried
from pipelines.causes.plan import Training
from pipelines.causes.series.blocks import having, plans
from pipelines.facts.claims import Place
from pipelines.facts.eda import EdaLook

NAME = "neighbours"


def _applies(rows: Training) -> str | None:
    return None if having(rows, NAME) else "there is only one series"


def _guess(facts: EdaLook) -> Guess:
    """Guess from a quick fit whether the other series' last values say more than the series' own."""
    about: dict[str, Place] = {"together": ("series/together", ".2f")}
    sentence = "What the calendar leaves of one series and of all others goes together by {together} (correlation)."
    seen = Seen((), sentence, about) if facts["series"]["together"] is not None else Seen()
    return tried(facts, NAME, "Last values of the other series", seen)


NEIGHBOURS = Cause(
    name=NAME,
    title="what the other series did lately",
    step="the other series' history",
    wording="the last values of other series",
    remedy="the other series' last values and means",
    grows="matrix",
    applies=_applies,
    tries=partial(plans, role=NAME, fading=True),
    guess=_guess,
)
