"""What step 6 writes: whether the strong model is better than the baseline, by how much, and how sure that is."""

from typing import Literal, NotRequired

from typing_extensions import TypedDict

from pipelines.facts.shared import Compared, Interval, Point, Role, Tested, UnsureEstimate

Verdict = Literal["better", "tie", "worse", "underpowered"]
Promise = Literal["held", "broken", "exceeded"]
Worth = Literal["saves", "gains", "no saving", "costs more", "no gain", "worse", "not shown"]
MoreRows = Literal["help", "do not help", "hurt", "unclear"]
Limit = Literal["nothing", "variance", "bias", "unclear"]


class VersusBaseline(Tested):
    """A model's gain over the baseline, on the same test rows."""

    p_adjusted: float  # by Holm over the distinct models


class ScoredModel(TypedDict):
    """A model on the test rows."""

    name: str  # of the model
    role: Role  # what it is for
    score: float  # of the primary metric
    ci: Interval  # its interval
    cv_mean: float | None  # mean score over the folds of the training rows
    cv_sd: float | None  # standard deviation between them
    versus_baseline: VersusBaseline | None  # null for the baseline itself


class Difference(Tested):
    """The strong model against the baseline, by a paired bootstrap of the test rows or groups."""

    se: float  # standard error of the value
    margin: float  # smallest difference that anyone would act on
    verdict: Verdict  # better or worse: beyond 0 and the margin; tie: wholly within the margin; underpowered: neither
    rows_needed: int | None  # test rows in all that would most likely settle it; null: settled, or out of reach
    close: bool  # whether slightly other rows would give another verdict
    close_to: str | None  # which threshold is that near, in words
    method: str  # how it was measured, in words
    delong: Tested | None  # the same by DeLong; null but for the ROC AUC of two classes of ungrouped rows
    nadeau_bengio: Tested | None  # the same over the folds of the training rows; null with under two scored folds
    minimum_detectable: float | None  # smallest true difference found with 80 % power, from step 2


class OtherMetric(TypedDict):
    """The three models under another metric; null where it is undefined."""

    metric: str  # its key
    label: str  # its plain name
    greater_is_better: bool  # its direction
    dummy: float | None  # score of the dummy
    baseline: float | None  # score of the baseline
    strong: float | None  # score of the strong model


class OriginalScale(TypedDict):
    """Errors in the target's own unit, where its logarithm is modelled."""

    unit: str | None  # of the target
    metrics: list[OtherMetric]  # errors that a median minimises


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


class Answers(TypedDict):
    """Right and wrong answers on the test rows."""

    tp: int  # positives found
    fp: int  # negatives flagged
    fn: int  # positives missed
    tn: int  # negatives left alone


class Decision(TypedDict):
    """A model's decisions at its own best threshold."""

    threshold: float  # probability from which the answer is yes
    expected_cost: float  # per test row
    ci: Interval  # its interval
    confusion: Answers  # on the test rows


class Saving(Tested):
    """What the strong model's decisions save over the baseline's, positive where they are cheaper."""

    rows: int  # how many the saving is counted per


class CostPoint(TypedDict):
    """Cost and saving at one threshold, per test row."""

    threshold: float  # probability from which the answer is yes
    baseline: float  # cost of the baseline's decisions
    strong: float  # cost of the strong model's
    baseline_ci: Interval  # its interval
    strong_ci: Interval  # its interval
    saving: float  # of the strong model
    saving_ci: Interval  # its interval


class Threshold(TypedDict):
    """Decisions by cost: thresholds are chosen on training rows and judged on test rows."""

    by_cost: bool  # true: chosen for the lowest cost
    chosen_on: str  # which predictions, in words
    threshold_ideal: float | None  # the best one if probabilities are right
    baseline: Decision  # the baseline's
    strong: Decision  # the strong model's
    saving: Saving  # per row
    saving_per_thousand: Saving  # per thousand rows
    of_nobody: float  # cost per row of never answering yes
    of_everybody: float  # cost per row of always answering yes
    curve: list[CostPoint]  # at all thresholds shown


class CurvePair(TypedDict):
    """The same curve of both models."""

    baseline: list[Point]  # of the baseline
    strong: list[Point]  # of the strong model


class Curves(TypedDict):
    """Curves of two classes on the test rows."""

    roc: CurvePair  # true by false positive rate
    precision_recall: CurvePair  # precision by recall


ClassAnswers = TypedDict(
    "ClassAnswers",
    {
        "class": int,  # its number
        "rows": int,  # test rows of it
        "recall": float | None,  # share of these that are recognised
        "ci": Interval | None,  # Wilson's interval of the recall
        "precision": float | None,  # share of the answers naming it that are right; null where it is never the answer
    },
)
ClassAnswers.__doc__ = "How well one class is recognised."


class Confusion(TypedDict):
    """Which class is answered as which; the answer is the likeliest class."""

    model: Compared  # which of the two
    counts: list[list[int]]  # test rows by class (row) and answer (column)
    classes: list[ClassAnswers]  # by class


class Decile(TypedDict):
    """A tenth of the test rows, by prediction."""

    bin: int  # from 0
    tenth: int  # from 1
    predicted: float  # mean prediction
    rows: int  # test rows
    mean: float  # of the errors: the bias there
    ci: Interval  # of that mean
    quantiles: dict[str, float]  # of the errors, by per cent


class ErrorHistogram(TypedDict):
    """How errors are spread."""

    edges: list[float]  # one more than bins
    counts: list[int]  # test rows in each bin


class NormalPoint(TypedDict):
    """A point of a normal quantile plot, in standard deviations."""

    normal: float  # quantile of the normal distribution
    error: float  # the same quantile of the errors


class Residuals(TypedDict):
    """Errors, true value less prediction, on the modelling scale."""

    model: Compared  # which of the two
    deciles: list[Decile]  # by prediction
    histogram: ErrorHistogram  # of all errors
    normal: list[NormalPoint]  # against the normal distribution


class Covered(TypedDict):
    """How many of some test rows lie within their intervals."""

    rows: int  # test rows
    predicted: float  # their mean prediction
    coverage: float  # share within
    ci: Interval  # Wilson's interval of that share
    promise: Promise  # what the test rows say of the level


class Fifth(Covered):
    """A fifth of the test rows, by prediction."""

    name: str  # lowest to highest


class IntervalLevel(Covered):
    """Prediction intervals of one level."""

    level: float  # share of rows that they promise to hold
    reach: float  # half their width on the modelling scale
    factor: float | None  # of a logarithm: from the prediction divided by it to times it
    width: float  # mean, in the target's own unit
    fifths: list[Fifth]  # by prediction
    broken: list[str]  # fifths that hold too few
    exceeded: list[str]  # fifths that hold more than promised


class ModelIntervals(TypedDict):
    """Prediction intervals of one model."""

    model: Compared  # which of the two
    levels: list[IntervalLevel]  # by level


class Intervals(TypedDict):
    """Prediction intervals of a number, with promised and measured coverage.

    They stand around the mean of the fold models, so CV+'s guarantee is not theirs. `promise` is what test rows say.
    """

    exchangeable: Literal["rows", "groups"] | None  # what the promise rests on; null: nothing
    unit: str | None  # of the target
    log: bool  # whether the logarithm is modelled
    shown_level: float  # that pages show
    models: list[ModelIntervals]  # the baseline's and the strong model's
    narrower: float | None  # by which the strong model's are narrower at that level, as a share of the baseline's


class LearningPoint(TypedDict):
    """Scores of fits to a part of the rows: means over the folds, and standard deviations between them."""

    share: float  # of the rows of a fold's fit
    rows: int  # fitted to, in the smallest fold
    train: float  # score on the fit's own rows
    train_sd: float | None  # null with a single fold
    validation: float  # score on the fold's rows
    validation_sd: float | None  # null with a single fold


class LearningLeftOut(TypedDict):
    """A part of the rows that was not fitted."""

    share: float  # of the rows of a fold's fit
    rows: int  # it would have
    why: str  # the reason


class LastStep(UnsureEstimate):
    """What the last rows added, the score on other rows of the same folds."""

    from_rows: int  # of the size before the last
    to_rows: int  # of the last size


class Reading(TypedDict):
    """What a learning curve says; differences are paired by fold."""

    more_rows: MoreRows  # whether more rows still help
    last_step: LastStep | None  # from the size before the last to the last; null with one size
    limit: Limit  # what limits the model
    gap: UnsureEstimate  # how much better it does on the rows that it was fitted to
    over_dummy: UnsureEstimate | None  # how much better than the dummy it is


class LearningCurve(TypedDict):
    """One single model fitted to more and more rows: the strong one, or the heaviest part of a weighted mean."""

    model: str  # its name
    role: Compared  # which of the two
    weight: float  # in the weighted mean; 1 for a single model
    folds: int  # how many
    points: list[LearningPoint]  # by rows
    left_out: list[LearningLeftOut]  # parts not fitted
    reading: Reading | None  # null without points


class FoldStability(TypedDict):
    """Whether the strong model is equally good on every fold."""

    mean: float  # of the folds' scores
    ci: Interval  # of that mean, over other rows of the same folds
    scores: list[float]  # of each fold
    worst: float  # the lowest
    below: float  # how far that lies below the interval
    flagged: bool  # whether that is more than allowed


class SeedStability(TypedDict):
    """Whether another seed gives another score, on the worst fold."""

    model: str  # the strong one, or the heaviest part of a weighted mean
    weight: float  # in the weighted mean; 1 for a single model
    fold: int  # the worst one
    scores: list[float]  # by seed, the project's own first
    move: float  # their range
    flagged: bool  # whether that is more than allowed


class Stability(TypedDict):
    """Whether a model of rare events is stable."""

    rarer_class: float  # its share of the training rows
    allowed: float  # by which scores may fall short or move
    flagged: bool  # whether folds or seeds are
    folds: FoldStability  # over folds
    seeds: SeedStability  # over seeds


class Size(TypedDict):
    """What a model takes to keep."""

    bytes: int  # of its archive, with the models of all folds
    parts: int  # models of which it is a mean, in each fold
    trees: int | None  # in all folds; null where it is not made of trees


class Complexity(TypedDict):
    """What the strong model costs to keep, and whether that is worth it."""

    baseline: Size  # the baseline
    strong: Size  # the strong model
    times_bytes: float  # how many times larger it is
    gain_in_margins: float | None  # the difference on the test rows, in units of the margin
    worth: Worth  # by money where decisions have a price, else by the verdict
    mean_pays: bool | None  # whether a weighted mean gains the margin over the best single model; null: it is none


class Dispersion(TypedDict):
    """How much more the target varies around a model's predictions than its distribution says."""

    model: Compared  # the model
    value: float  # Pearson's statistic a row: 1 where the distribution holds


class Dispersed(TypedDict):
    """What targets have whose distribution says how much they vary."""

    dispersion: NotRequired[list[Dispersion]]  # of both models on the test rows; only of counts


class ScoredFacts(Dispersed):
    """What predictions alone tell of step 6."""

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
    """What only further fits can tell of step 6; test rows play no part."""

    learning_curves: list[LearningCurve]  # the baseline's and the strong model's
    stability: Stability | None  # null unless one of two classes is rare


class CompareFacts(ScoredFacts, RefitFacts):
    """Step 6: the comparison, the only step that scores test rows."""

    complexity: Complexity  # what the strong model costs to keep
