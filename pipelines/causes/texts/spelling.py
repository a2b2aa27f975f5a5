"""Spelling: pieces of words, so that endings, stems and misspellings count."""

from functools import partial

from pipelines.causes.cause import Cause
from pipelines.causes.guess import Guess, Seen, tried
from pipelines.causes.texts.blocks import tries
from pipelines.facts.eda import EdaLook

NAME = "spelling"
WHAT = "pieces of two to five letters"


def _guess(facts: EdaLook) -> Guess:
    """Guess from a quick fit whether pieces of words say more than whole ones."""
    return tried(facts, NAME, "Pieces of words", Seen())


SPELLING = Cause(
    name=NAME,
    title="pieces of two to five letters of the words",
    step="pieces of words",
    wording="pieces of words",
    remedy="pieces of words",
    grows="matrix",
    tries=partial(tries, view=NAME, what=WHAT),
    guess=_guess,
)
