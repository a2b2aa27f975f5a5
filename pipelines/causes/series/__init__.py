"""The causes of forecasts, in the order in which a thing is known: the calendar below them all is the baseline's."""

from pipelines.causes.cause import Cause
from pipelines.causes.series.aim import AIM
from pipelines.causes.series.history import HISTORY
from pipelines.causes.series.known_ahead import KNOWN_AHEAD
from pipelines.causes.series.neighbours import NEIGHBOURS
from pipelines.causes.series.past import PAST
from pipelines.causes.series.trees import INTERACTION, SHAPE, TUNING

__all__ = ["OF_SERIES"]

OF_SERIES: tuple[Cause, ...] = (KNOWN_AHEAD, HISTORY, PAST, NEIGHBOURS, AIM, SHAPE, INTERACTION, TUNING)
