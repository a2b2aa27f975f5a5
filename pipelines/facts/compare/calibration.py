"""How honest probabilities are."""

from typing_extensions import TypedDict

from pipelines.facts.shared import Compared, Interval


class CalibrationBin(TypedDict):
    """Rows of similar probability."""

    predicted: float  # mean probability
    observed: float  # share of positives
    rows: int  # test rows
    lo: float  # lower end of Wilson's interval of that share
    hi: float  # upper end


class Calibration(TypedDict):
    """How honest a model's probabilities are; of several classes, those of all classes together."""

    model: Compared  # which of the two
    bins: list[CalibrationBin]  # by probability
    by: str  # what bins hold equal amounts of, in words
    ece: float  # expected calibration error: mean distance of predicted and observed share
    ece_ci: Interval  # its interval
    ece_by_chance: float  # what it would be about, were every probability right
    brier: float  # Brier score = reliability - resolution + uncertainty + within_bins
    reliability: float  # mean squared distance of predicted and observed share
    resolution: float  # how far bins differ in the observed share
    uncertainty: float  # variance of the target
    within_bins: float  # what binning leaves out
