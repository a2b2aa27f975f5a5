"""The causes of groups, the plain before the complex: each on top of what was kept before it."""

from pipelines.causes.cause import Cause
from pipelines.causes.groups.columns import ALL_COLUMNS
from pipelines.causes.groups.correlation import CORRELATION
from pipelines.causes.groups.method import METHOD
from pipelines.causes.groups.number import NUMBER
from pipelines.causes.groups.scaling import SCALING

__all__ = ["OF_GROUPS"]

# Their names are no other cause's: `scale` is that of ranks in a linear model.
OF_GROUPS: tuple[Cause, ...] = (ALL_COLUMNS, SCALING, CORRELATION, NUMBER, METHOD)
