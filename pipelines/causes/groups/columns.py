"""All columns: groups made of every column in place of quantiles of one."""

from pipelines.causes.cause import Cause
from pipelines.causes.groups.regrouped import regrouped, way_of
from pipelines.causes.guess import Guess, Seen, tried
from pipelines.causes.plan import Plan, Training
from pipelines.facts.eda import EdaLook

NAME = "all columns"


def _applies(rows: Training) -> str | None:
    by_one = way_of(Plan(), rows.target).by is not None
    return None if by_one else "the baseline makes its groups of all columns already"


def _tries(_: Training, plan: Plan) -> list[Plan]:
    """Return k-means on raw values, and on values without skewness: quantiles, which it follows, have no scale."""
    plain = {"method": "k-means", "by": None}
    return [
        regrouped(plan, "k-means on standardised raw values of all columns", **plain),
        regrouped(plan, "k-means on Yeo-Johnson values of all columns", **plain, bent=True),
    ]


def _guess(facts: EdaLook) -> Guess:
    """Guess from a quick fit whether the other columns say more than the one."""
    return tried(facts, NAME, "Groups of all columns", Seen())


ALL_COLUMNS = Cause(
    name=NAME,
    title="groups of all columns in place of quantiles of one",
    step="all columns in place of one",
    wording="groups of all columns",
    remedy="groups of all columns",
    grows="matrix",
    applies=_applies,
    tries=_tries,
    guess=_guess,
)
