"""Whether there is anything to explain."""

from typing import Literal

from typing_extensions import TypedDict

from pipelines.facts.shared import Interval

Side = Literal["training", "test"]


class SignalTest(TypedDict):
    """A model against the best constant prediction."""

    model: str  # baseline, ladder (its last rung) or strong
    rows: Side  # the strong model was chosen on the folds, so it is tested on test rows
    gain: float  # over the constant
    ci: Interval  # its interval
    p_adjusted: float | None  # by Holm over these tests


class Signal(TypedDict):
    """Whether some model predicts better than a constant, beyond chance; without it nothing matters."""

    present: bool  # whether one does
    metric: str  # key of the metric: ROC AUC of classes, else the primary one
    label: str  # its plain name
    tests: list[SignalTest]  # of each model
