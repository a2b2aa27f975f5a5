"""Method: groups of any shape and size in place of equal round ones."""

from pipelines.causes.cause import Cause
from pipelines.causes.groups.regrouped import of_all_columns, regrouped
from pipelines.causes.guess import Guess, Seen, tried
from pipelines.causes.plan import Plan, Training
from pipelines.facts.eda import EdaLook

NAME = "method"


def _tries(rows: Training, plan: Plan) -> list[Plan]:
    """Return mixtures whose Gaussians differ in size and shape, and dense regions."""
    plain = {**of_all_columns(rows, plan), "whitened": False}
    return [
        regrouped(plan, "Gaussians with a spread of their own", method="mixture", spread="diagonal", **plain),
        regrouped(plan, "Gaussians with a covariance matrix of their own", method="mixture", spread="free", **plain),
        regrouped(plan, "dense regions", method="dense regions", spread="free", **plain),
    ]


def _guess(facts: EdaLook) -> Guess:
    """Guess from a quick fit whether the shape of groups matters."""
    return tried(facts, NAME, "Groups of any shape", Seen())


METHOD = Cause(
    name=NAME,
    title="groups of any shape and size",
    step="groups of any shape and size",
    wording="groups of any shape and size",
    remedy="groups of any shape and size",
    simple=False,
    grows="matrix",
    tries=_tries,
    guess=_guess,
)
