"""Known ahead: what is known of a moment long before it comes, such as prices, holidays and opening hours."""

from functools import partial

from pipelines.causes.cause import Cause, Detail
from pipelines.causes.guess import Guess, Seen, tried
from pipelines.causes.plan import Plan, Training
from pipelines.causes.series.blocks import having, plans
from pipelines.facts.eda import EdaLook

NAME = "known ahead"


def _applies(rows: Training) -> str | None:
    return None if having(rows, NAME) else "the project file names nothing that is known ahead (forecast.known)"


def _parts(rows: Training, plan: Plan) -> dict[tuple[str, ...], Plan]:  # noqa: ARG001 - each alone, on the baseline
    """Return the baseline with one of the covariates."""
    from pipelines.causes.series.blocks import Added

    names = having(rows, NAME)
    return {(name,): Plan((Added(NAME, (name,), 1),)) for name in names} if len(names) > 1 else {}


def _guess(facts: EdaLook) -> Guess:
    """Guess from a quick fit whether what is known ahead says more than the calendar."""
    return tried(facts, NAME, "Covariates that are known ahead", Seen())


KNOWN_AHEAD = Cause(
    name=NAME,
    title="what is known of the moment long before it comes",
    step="what is known ahead",
    wording="facts that are known ahead",
    remedy="the covariates that are known ahead",
    grows="matrix",
    applies=_applies,
    tries=partial(plans, role=NAME, fading=False),
    detail=Detail(
        where="reflect#/details/known ahead",
        claim="which_feature",
        sentence="What is known ahead of {feature} alone gains {effect} over the folds.",
        parts=_parts,
    ),
    guess=_guess,
)
