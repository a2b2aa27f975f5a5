"""Shape, interaction and tuning of forecasts: as of tables, except that what is known at the origin may fade."""

from dataclasses import replace

from pipelines.causes.cause import Trees
from pipelines.causes.guess import Guess, Seen, tried
from pipelines.causes.interaction import INTERACTION as INTERACTION_OF_TABLES
from pipelines.causes.shape import SHAPE as SHAPE_OF_TABLES
from pipelines.causes.tuning import TUNING as TUNING_OF_TABLES
from pipelines.facts.eda import EdaLook

# Forty thousand rows and some hundred trees find what all rows and more trees do, in a quarter of the time; the ladder
# is climbed again for each change whose need is in question.
ROUNDS, RATE, FIT_ROWS = 200, 0.15, 40_000
BENDS = Trees("single features, those of the past with the step ahead", "one feature", 6, ROUNDS, RATE, FIT_ROWS)
ANY = Trees("all features", "any features", 15, ROUNDS, RATE, FIT_ROWS)


def _bends(facts: EdaLook) -> Guess:
    return tried(facts, "shape", "Curved effects of single features", Seen())


def _joint(facts: EdaLook) -> Guess:
    return tried(facts, "interaction", "Joint effects of features", Seen())


SHAPE = replace(SHAPE_OF_TABLES, trees=(BENDS,), detail=None, quick=None, guess=_bends)
INTERACTION = replace(INTERACTION_OF_TABLES, trees=(ANY,), detail=None, guess=_joint)
TUNING = TUNING_OF_TABLES
