"""Scaling: Yeo-Johnson values in place of raw ones, whose tails make groups of single rows."""

from pipelines.causes.cause import Cause
from pipelines.causes.groups.regrouped import regrouped, way_of
from pipelines.causes.guess import Guess, Seen, tried
from pipelines.causes.plan import Plan, Training
from pipelines.facts.eda import EdaLook

NAME = "scaling"
WHAT = "Yeo-Johnson values in place of raw ones"


def _applies(rows: Training) -> str | None:
    by_one = way_of(Plan(), rows.target).by is not None
    return "quantiles of one column do not depend on its scale" if by_one else None


def _tries(_: Training, plan: Plan) -> list[Plan]:
    return [regrouped(plan, WHAT, bent=True)]


def _guess(facts: EdaLook) -> Guess:
    """Guess from a quick fit whether skewness matters."""
    return tried(facts, NAME, WHAT, Seen())


SCALING = Cause(
    name=NAME,
    title="Yeo-Johnson values in place of raw ones",
    step="values without skewness",
    wording="values without skewness",
    remedy="Yeo-Johnson values",
    grows="matrix",
    applies=_applies,
    tries=_tries,
    guess=_guess,
)
