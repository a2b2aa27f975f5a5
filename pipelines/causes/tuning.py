"""Tuning: what the strong model has beyond the other causes: its settings, averaging, or being of another kind."""

from pipelines.causes.cause import Cause

TUNING = Cause(
    name="tuning",
    title="all the rest: settings, averaging",
    step="whatever tuning adds",
    wording="all the rest, such as tuning and other kinds of models",
    grows="rest",
)
