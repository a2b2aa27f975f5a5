"""Why forecasts gain: by cause and step ahead, what a look ahead would have shown, and what is worth knowing."""

from typing import Literal

from typing_extensions import TypedDict

from pipelines.facts.shared import Estimate


class CauseAtStep(TypedDict):
    """What one cause gains so many steps ahead."""

    steps: int  # ahead; of long horizons the last of several
    gain: Estimate  # of the mean loss over rows left out; positive is better


class ByStep(TypedDict):
    """What one cause gains, by step ahead."""

    factor: str  # the cause
    steps: list[CauseAtStep]  # the nearest first
    helps_until: int | None  # last step up to which the gain is above 0 beyond noise at every step; null: at none


class Piece(TypedDict):
    """What one more piece of information would be worth to a quick model."""

    name: str  # of the piece
    kind: Literal["oracle", "cheat"]  # what no one knows in time, or what only a mistake would use
    score: float  # of the quick model with it, on the test rows, in the primary metric
    gain: Estimate  # over the quick model without it


class Information(TypedDict):
    """What a look ahead would have shown, and what oracles would be worth: a ceiling, never in the verdict."""

    honest: float  # score of the quick model on the test rows, with what is known in time
    pieces: list[Piece]  # cheats first


class ForecastReasons(TypedDict):
    """What the experiments on forecasts find."""

    unit: str  # what the gains by step are measured in, in words
    by_step: list[ByStep]  # causes that were kept, in the ladder's order
    information: Information  # what more knowledge would be worth
