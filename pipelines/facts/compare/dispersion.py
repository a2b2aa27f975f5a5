"""How much more counts vary than their distribution says."""

from typing import NotRequired

from typing_extensions import TypedDict

from pipelines.facts.shared import Compared


class Dispersion(TypedDict):
    """How much more the target varies around a model's predictions than its distribution says."""

    model: Compared  # the model
    value: float  # Pearson's statistic a row: 1 where the distribution holds


class Dispersed(TypedDict):
    """What targets have whose distribution says how much they vary."""

    dispersion: NotRequired[list[Dispersion]]  # of both models on the test rows; only of counts
