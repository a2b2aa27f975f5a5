"""Number: as many groups as the Bayesian information criterion says, in place of as many as were asked for."""

from pipelines.causes.cause import Cause
from pipelines.causes.groups.regrouped import regrouped
from pipelines.causes.guess import Guess, Seen, tried
from pipelines.causes.plan import Plan, Training
from pipelines.facts.eda import EdaLook

NAME = "number"


def _tries(_: Training, plan: Plan) -> list[Plan]:
    return [regrouped(plan, "another number of groups, by BIC", groups=None)]


def _guess(facts: EdaLook) -> Guess:
    """Guess from a quick fit whether another number of groups matters."""
    return tried(facts, NAME, "Other numbers of groups", Seen())


NUMBER = Cause(
    name=NAME,
    title="another number of groups",
    step="another number of groups",
    wording="other numbers of groups",
    remedy="another number of groups",
    grows="matrix",
    tries=_tries,
    guess=_guess,
)
