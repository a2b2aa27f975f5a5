"""History: what the series itself did lately, as its last values or as its recent level.

Last values and means of windows are one cause: whichever of them came first would take the gain of both. Which of the
two it is, is asked once the cause is kept.
"""

from functools import partial

from pipelines.causes.cause import Cause
from pipelines.causes.guess import Guess, Seen, tried
from pipelines.causes.plan import Training
from pipelines.causes.series.blocks import having, plans
from pipelines.facts.claims import Place
from pipelines.facts.eda import EdaLook

NAME = "history"


def _applies(rows: Training) -> str | None:
    return None if having(rows, NAME) else "no feature is made of the series' own past"


def _guess(facts: EdaLook) -> Guess:
    """Guess from a quick fit whether the last values say more than the calendar."""
    about: dict[str, Place] = {"last": ("series/autocorrelation/0/value", ".2f")}
    sentence = "What the calendar leaves of one moment and of the next goes together by {last} (correlation)."
    return tried(facts, NAME, "The series' own last values and means", Seen((), sentence, about))


HISTORY = Cause(
    name=NAME,
    title="the series' own last values and recent level",
    step="the series' own history",
    wording="the series' own last values",
    remedy="the series' own last values and means",
    grows="matrix",
    applies=_applies,
    tries=partial(plans, role=NAME, fading=True),
    guess=_guess,
)
