"""The causes, in the order in which step 7 tries them: each on top of those before it."""

from collections.abc import Mapping

from pipelines.causes.cause import Cause
from pipelines.causes.encoding import ENCODING
from pipelines.causes.interaction import INTERACTION
from pipelines.causes.missingness import MISSINGNESS
from pipelines.causes.ratio import RATIO
from pipelines.causes.scale import SCALE
from pipelines.causes.series import OF_SERIES
from pipelines.causes.shape import SHAPE
from pipelines.causes.tuning import TUNING

__all__ = [
    "BY_NAME", "CAUSES", "ENCODING", "INTERACTION", "MISSINGNESS", "ROUTES", "SCALE", "SHAPE", "TUNING", "Cause",
    "causes_of",
]  # fmt: skip

# By what the rows of a target are (`Target.rows`).
ROUTES: Mapping[str, tuple[Cause, ...]] = {
    "apart": (ENCODING, MISSINGNESS, SCALE, SHAPE, RATIO, INTERACTION, TUNING),
    "series": OF_SERIES,
}
CAUSES = ROUTES["apart"]
BY_NAME = {cause.name: cause for cause in (*OF_SERIES, *CAUSES)}  # of tables where both have one of that name


def causes_of(rows: str) -> tuple[Cause, ...]:
    """Return the causes that can be tried for a target with rows of that sort."""
    return ROUTES[rows]
