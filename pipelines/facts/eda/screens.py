"""What quick linear fits gain."""

from typing import NotRequired

from typing_extensions import TypedDict

from pipelines.facts.shared import Interval, LeftOut, Names


class Score(TypedDict):
    """A score with its interval."""

    score: float  # in `screens/metric`
    ci: Interval  # its interval


class PairSeen(TypedDict):
    """A pair of features, looked for on some folds and tested on others."""

    features: Names  # their names
    p_value: float  # of a score test
    p_adjusted: float  # by Holm over the tested pairs
    seen: bool  # beyond chance


class Screen(TypedDict):
    """What one change adds to a quick linear fit, out of fold."""

    applicable: bool  # whether these columns give it anything to do
    before: float | None  # score without the change; null where not applicable
    score: float | None  # score with it
    gain: float | None  # between the two
    ci: Interval | None  # of the gain
    kept: bool  # whether the gain is beyond doubt, and material
    pairs: NotRequired[list[PairSeen]]  # of the interaction: pairs tested, the surest first; of a ratio: the one tried
    tried: NotRequired[int]  # of the interaction: pairs looked at


class CauseScreens(TypedDict):
    """What each change adds."""

    metric: str  # key of the metric of the quick fits
    label: str  # its plain name
    plain: Score  # the plain linear fit
    factors: dict[str, Screen]  # by cause
    best: Score  # with all changes that helped
    material: float  # gain that is worth acting on, in this metric
    signal: bool  # whether the best fit beats a constant beyond doubt


class Screens(CauseScreens):
    """Quick linear fits, each change on top of those before it that helped, as step 7 nests them."""

    rows: int  # training rows used
    columns: int  # features used
    left_out: LeftOut  # features not used
