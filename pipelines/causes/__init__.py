"""The causes, in the order in which step 7 tries them: each on top of those before it."""

from collections.abc import Iterable, Mapping

from pipelines.causes.cause import Cause
from pipelines.causes.encoding import ENCODING
from pipelines.causes.groups import OF_GROUPS
from pipelines.causes.interaction import INTERACTION
from pipelines.causes.missingness import MISSINGNESS
from pipelines.causes.ratio import RATIO
from pipelines.causes.scale import SCALE
from pipelines.causes.series import OF_SERIES
from pipelines.causes.shape import SHAPE
from pipelines.causes.texts import OF_TEXTS
from pipelines.causes.tuning import TUNING

__all__ = [
    "BY_NAME", "CAUSES", "ENCODING", "INTERACTION", "MISSINGNESS", "ROUTES", "SCALE", "SHAPE", "TUNING", "Cause",
    "causes_in", "causes_of",
]  # fmt: skip

# By what the rows of a table are (`Table.rows_are`).
ROUTES: Mapping[str, tuple[Cause, ...]] = {
    "apart": (ENCODING, MISSINGNESS, SCALE, SHAPE, RATIO, INTERACTION, TUNING),
    "worded": (ENCODING, MISSINGNESS, SCALE, *OF_TEXTS, SHAPE, RATIO, INTERACTION, TUNING),
    "series": OF_SERIES,
    "grouped": (*OF_GROUPS, TUNING),
}
CAUSES = ROUTES["apart"]
# Of tables where both have one of that name.
BY_NAME = {cause.name: cause for cause in (*OF_SERIES, *OF_TEXTS, *OF_GROUPS, *CAUSES)}


def causes_of(rows: str) -> tuple[Cause, ...]:
    """Return the causes that can be tried for a table with rows of that sort."""
    return ROUTES[rows]


def causes_in(factors: Iterable[str]) -> tuple[Cause, ...]:
    """Return the causes of the sort of rows to which all these causes, by name, belong."""
    asked = set(factors)
    return next(causes for causes in ROUTES.values() if asked <= {cause.name for cause in causes})
