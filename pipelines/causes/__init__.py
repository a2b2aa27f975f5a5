"""The causes, in the order in which step 7 tries them: each on top of those before it."""

from pipelines.causes.cause import Cause
from pipelines.causes.encoding import ENCODING
from pipelines.causes.interaction import INTERACTION
from pipelines.causes.missingness import MISSINGNESS
from pipelines.causes.ratio import RATIO
from pipelines.causes.scale import SCALE
from pipelines.causes.shape import SHAPE
from pipelines.causes.tuning import TUNING

__all__ = ["BY_NAME", "CAUSES", "ENCODING", "INTERACTION", "MISSINGNESS", "SCALE", "SHAPE", "TUNING", "Cause"]

CAUSES: tuple[Cause, ...] = (ENCODING, MISSINGNESS, SCALE, SHAPE, RATIO, INTERACTION, TUNING)
BY_NAME = {cause.name: cause for cause in CAUSES}
