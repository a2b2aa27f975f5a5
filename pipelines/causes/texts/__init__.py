"""The causes of tables with texts, the fast and explainable before the slow: words themselves are the baseline's."""

from pipelines.causes.cause import Cause
from pipelines.causes.texts.meaning import MEANING
from pipelines.causes.texts.phrases import PHRASES
from pipelines.causes.texts.spelling import SPELLING

__all__ = ["OF_TEXTS"]

OF_TEXTS: tuple[Cause, ...] = (PHRASES, SPELLING, MEANING)
