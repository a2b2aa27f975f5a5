"""Meaning: the embedding of a text by a network that read much other text before."""

from functools import partial

from pipelines.causes.cause import Cause
from pipelines.causes.guess import Guess, Seen, idle, tried
from pipelines.causes.plan import Training
from pipelines.causes.texts.blocks import MEANING as NAME
from pipelines.causes.texts.blocks import tries
from pipelines.facts.eda import EdaLook

WHAT = "the embedding"


def _applies(rows: Training) -> str | None:
    return None if rows.meant else 'no text column has an encoder (`encoder = "minilm"` in [columns])'


def _guess(facts: EdaLook) -> Guess:
    """Guess from a quick fit whether meaning says more than words, where there is an encoder."""
    if not facts["screens"]["factors"][NAME]["applicable"]:
        return idle(facts, "No text column has an encoder, so meaning cannot matter.")
    return tried(facts, NAME, "Embeddings", Seen())


MEANING = Cause(
    name=NAME,
    title="what a pretrained network makes of the texts",
    step="the embedding of the texts",
    wording="embeddings of a pretrained network",
    remedy="the embedding of a pretrained network",
    simple=False,
    grows="matrix",
    applies=_applies,
    tries=partial(tries, view=NAME, what=WHAT),
    guess=_guess,
)
