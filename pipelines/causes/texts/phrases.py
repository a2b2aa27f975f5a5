"""Phrases: two and three words in a row, whose order says what the words alone do not."""

from functools import partial

from pipelines.causes.cause import Cause
from pipelines.causes.guess import Guess, Seen, tried
from pipelines.causes.texts.blocks import tries
from pipelines.facts.eda import EdaLook

NAME = "phrases"
WHAT = "two and three words in a row"


def _guess(facts: EdaLook) -> Guess:
    """Guess from a quick fit whether phrases say more than words."""
    return tried(facts, NAME, "Two and three words in a row", Seen())


PHRASES = Cause(
    name=NAME,
    title="two and three words in a row",
    step="words in their order",
    wording="phrases",
    remedy="two and three words in a row",
    grows="matrix",
    tries=partial(tries, view=NAME, what=WHAT),
    guess=_guess,
)
