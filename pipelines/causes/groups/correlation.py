"""Correlation: distances, or densities, that know what columns say of each other."""

from pipelines.causes.cause import Cause
from pipelines.causes.groups.regrouped import of_all_columns, regrouped
from pipelines.causes.guess import Guess, Seen, tried
from pipelines.causes.plan import Plan, Training
from pipelines.facts.eda import EdaLook

NAME = "correlation"


def _applies(rows: Training) -> str | None:
    return None if len(rows.numeric) > 1 else "there is one column only"


def _tries(rows: Training, plan: Plan) -> list[Plan]:
    """Return distances between whitened values, and a mixture of Gaussians with one covariance matrix."""
    whole = {**of_all_columns(rows, plan), "spread": "shared"}
    return [
        regrouped(plan, "k-means on whitened values", method="k-means", whitened=True, **whole),
        regrouped(plan, "Gaussians with one covariance matrix", method="mixture", **whole),
    ]


def _guess(facts: EdaLook) -> Guess:
    """Guess from a quick fit whether what columns say of each other matters."""
    return tried(facts, NAME, "Distances that know correlations", Seen())


CORRELATION = Cause(
    name=NAME,
    title="what columns say of each other",
    step="what columns say of each other",
    wording="correlations between columns",
    remedy="distances that know correlations",
    grows="matrix",
    applies=_applies,
    tries=_tries,
    guess=_guess,
)
