"""Past covariates: what else is known up to the origin, and of which the future is unknown."""

from functools import partial

from pipelines.causes.cause import Cause
from pipelines.causes.guess import Guess, Seen, tried
from pipelines.causes.plan import Training
from pipelines.causes.series.blocks import having, plans
from pipelines.facts.eda import EdaLook

NAME = "past covariates"


def _applies(rows: Training) -> str | None:
    return None if having(rows, NAME) else "the project file names no covariate that is known up to the origin"


def _guess(facts: EdaLook) -> Guess:
    """Guess from a quick fit whether the last values of covariates say more than the series' own."""
    return tried(facts, NAME, "Last values of covariates", Seen())


PAST = Cause(
    name=NAME,
    title="other columns' last known values",
    step="the last values of other columns",
    wording="last known values of other columns",
    remedy="the last values of other columns",
    grows="matrix",
    applies=_applies,
    tries=partial(plans, role=NAME, fading=True),
    guess=_guess,
)
