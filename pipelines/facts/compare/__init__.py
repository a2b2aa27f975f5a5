"""What step 6 writes: whether the strong model is better than the baseline, by how much, and how sure that is."""

from typing_extensions import TypedDict

from pipelines.facts.compare.calibration import Calibration
from pipelines.facts.compare.complexity import Complexity
from pipelines.facts.compare.confusion import Confusion
from pipelines.facts.compare.curves import Curves
from pipelines.facts.compare.decisions import Threshold
from pipelines.facts.compare.dispersion import Dispersed
from pipelines.facts.compare.forecasts import ForecastScores
from pipelines.facts.compare.groups import GroupsComparedAll
from pipelines.facts.compare.intervals import Intervals
from pipelines.facts.compare.learning import LearningCurve
from pipelines.facts.compare.residuals import Residuals
from pipelines.facts.compare.scores import Difference, OriginalScale, OtherMetric, ScoredModel
from pipelines.facts.compare.stability import Stability


class OfForecasts(TypedDict, total=False):
    """What forecasts have beside."""

    forecasts: ForecastScores  # by step ahead, series and month, and whether bands hold


class OfGroups(TypedDict, total=False):
    """What tables whose rows form groups have beside."""

    groups: GroupsComparedAll  # with the numbers themselves, or with one hump


class ScoredFacts(Dispersed, OfForecasts, OfGroups):
    """What predictions alone give step 6."""

    metric: str  # key of the primary metric
    label: str  # its plain name
    greater_is_better: bool  # its direction
    confidence: float  # of all intervals
    test_rows: int  # test rows
    test_groups: int | None  # groups of test rows; null where rows stand alone
    resamples: int  # of the bootstrap
    models: list[ScoredModel]  # all models
    difference: Difference  # strong model against baseline
    other_metrics: list[OtherMetric]  # under every other metric of this kind of target
    original_scale: OriginalScale | None  # null where no logarithm is modelled
    calibration: list[Calibration] | None  # null for numbers
    threshold: Threshold | None  # null without costs in the project file
    curves: Curves | None  # null unless there are two classes
    confusion: list[Confusion] | None  # null unless there are several classes
    residuals: list[Residuals] | None  # null unless the target is a number
    intervals: Intervals | None  # null unless the target is a number


class RefitFacts(TypedDict):
    """What step 6 learns from further fits; test rows play no part."""

    learning_curves: list[LearningCurve]  # the baseline's and the strong model's
    stability: Stability | None  # null unless one of two classes is rare


class CompareFacts(ScoredFacts, RefitFacts):
    """Step 6: the comparison, the only step that scores test rows."""

    complexity: Complexity  # what the strong model costs to keep
