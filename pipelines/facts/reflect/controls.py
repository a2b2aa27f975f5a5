"""The same experiments where there is nothing to find."""

from typing import NotRequired

from typing_extensions import TypedDict


class ControlAttribution(TypedDict):
    """What the ladder attributes to a cause where there is nothing."""

    factor: str  # the cause
    gain: float  # out of fold
    p_adjusted: float | None  # by Holm; null where it does not apply
    matters: bool  # it should not


class Shuffled(TypedDict):
    """The ladder on a shuffled target."""

    attribution: list[ControlAttribution]  # by cause
    effect: bool  # whether any matters


class Noise(TypedDict):
    """A column of noise beside the real ones."""

    shape: bool  # whether it seems to bend
    interaction: bool  # whether it seems to interact
    effect: bool  # either


class Controls(TypedDict):
    """Negative controls: the same experiments where there is nothing to find."""

    passed: bool  # whether neither shows an effect
    rows: int  # training rows used
    features: int  # used
    shuffled: Shuffled  # target; of groups without an outcome rows of one Gaussian
    noise: NotRequired[Noise]  # column; not of groups, whose columns have no label to bend to
