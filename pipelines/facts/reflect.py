"""What step 7 writes: why the strong model differs from the baseline, by controlled experiments."""

from typing import Literal, NotRequired

from typing_extensions import TypedDict

from pipelines.facts.shared import Claim, Evidence, Interval, Names

Side = Literal["training", "test"]
Advice = Literal["more rows", "many more rows", "better features"]
Outcome = Literal["came true", "did not", "could not be tested"]


class OutOfFold(TypedDict):
    """A cause's gain as a mean over the folds of the training rows, where more rows give more power."""

    gain: float  # positive is better
    ci: Interval  # its interval
    p_value: float  # of no gain
    p_adjusted: float | None  # by Holm over the causes that apply; null where it does not
    below_margin: bool  # whether the gain is smaller than anyone would act on


class Change(TypedDict):
    """A change that was tried for a cause."""

    change: str  # in words
    kept: bool  # whether the loss on rows left out fell beyond noise
    improvement: float  # of that loss
    se: float  # its standard error
    rounds: int  # trees, of boosted changes
    rows: int  # most rows that a model was fitted to


class Attribution(TypedDict):
    """What one cause gained. `gain` and `ci` are on the test rows, and sum to `compare#/difference/value`."""

    factor: str  # the cause
    gain: float  # positive is better
    ci: Interval  # its interval
    p_adjusted: float | None  # that of `out_of_fold`
    matters: bool  # real by `out_of_fold`, at least the margin, and not ruled out by the test rows
    undecided: bool  # both no gain and one of the margin are possible
    close: bool  # whether other resamples could flip `matters`
    close_to: str | None  # which threshold is that near, in words
    confirmed: bool  # whether the interval on the test rows is above 0 by itself
    applicable: bool  # whether the table gives it anything to do
    why: str  # what was changed, or why it does not apply
    share: float | None  # of the whole difference; null where that is not positive
    out_of_fold: OutOfFold  # over the folds
    tried: list[Change]  # changes, in order


class Rung(TypedDict):
    """A model of the ladder, each with one change more than the one before."""

    rung: str  # baseline, the causes, strong
    test_score: float  # on the test rows
    out_of_fold_score: float  # mean over the folds


class SignalTest(TypedDict):
    """A model against the best constant prediction."""

    model: str  # baseline, ladder (its last rung) or strong
    rows: Side  # the strong model was chosen on the folds, so it is tested on test rows
    gain: float  # over the constant
    ci: Interval  # its interval
    p_adjusted: float | None  # by Holm over these tests


class Attributed(TypedDict):
    """The gain of the strong model over the baseline, by cause."""

    attribution: list[Attribution]  # by cause, in the ladder's order, and last the tuning
    ladder: list[Rung]  # from the baseline to the strong model


class Signal(TypedDict):
    """Whether some model predicts better than a constant, beyond chance; without it nothing matters."""

    present: bool  # whether one does
    metric: str  # key of the metric: ROC AUC of classes, else the primary one
    label: str  # its plain name
    tests: list[SignalTest]  # of each model


class Effect(TypedDict):
    """A gain out of fold, and whether it matters."""

    gain: float  # positive is better
    ci: Interval  # its interval
    p_adjusted: float | None  # by Holm over the effects of this list
    matters: bool  # beyond chance, at least the margin, and not ruled out by the test rows
    close: bool  # whether other resamples could flip that


class Scale(Effect):
    """What ranks in place of one feature's values add to the baseline."""

    feature: str  # its name
    rows: int  # fitted to, in the smallest fold


class PartEffect(Effect):
    """What one part of a cause's change, the only one made, adds to the baseline."""

    features: list[str]  # that it is about
    rows: int  # fitted to, in the smallest fold


class Codes(TypedDict):
    """What the baseline gains where values that look like codes are missing instead; a part of what scale gains."""

    features: list[str]  # with such values
    values: list[float]  # that look like codes, ascending
    rows: int  # training rows that have one
    gain: float  # out of fold
    ci: Interval  # its interval
    p_value: float  # of no gain
    matters: bool  # beyond chance, at least the margin, and not ruled out by the test rows
    close: bool  # whether other resamples could flip that


class ShapePoint(TypedDict):
    """An effect at one value, with mean zero over the training rows, on the modelling scale."""

    x: float | str  # a number, or a level
    effect: float  # of ranks and trees
    linear: float  # of the baseline


Shape = TypedDict(
    "Shape",
    {
        "feature": str,  # its name
        "gain": float,  # out of fold: what its own trees add where no other feature may bend
        "ci": Interval,  # its interval
        "p_adjusted": float | None,  # by Holm over the shapes
        "matters": bool,  # beyond chance, at least the margin, and not ruled out by the test rows
        "close": bool,  # whether other resamples could flip that
        "curve": list[ShapePoint],  # its effect along its values
        "class": int | None,  # of several classes, the one whose effect bends most
    },
)
Shape.__doc__ = "What one feature gains where it may bend."

Surface = TypedDict(
    "Surface",
    {
        "x": list[float] | list[str],  # values or levels of the first feature
        "y": list[float] | list[str],  # of the second
        "effect": list[list[float]],  # joint effect on the modelling scale by x and y, with mean zero
        "class": int | None,  # of several classes, the one that it moves most
    },
)
Surface.__doc__ = "The joint effect of two features."


class Interaction(Effect):
    """What a pair adds where no other pair may interact."""

    features: Names  # the pair
    screen: float  # its strength where pairs were looked for, in standard errors
    surface: Surface | None  # of the first three; null beyond, and where no tree helped


class PairsScreened(TypedDict):
    """Among how many features the strongest pairs were looked for."""

    features: int  # looked at
    of: int  # all


class MeanEffect(TypedDict):
    """How far a feature moves predictions."""

    feature: str  # its name
    mean_abs: float  # mean size of its SHAP values; over several classes, too


class ShapPoint(TypedDict):
    """One row's value and SHAP value."""

    value: float | str | None  # of the feature; null: missing
    position: float | None  # where it lies among the rows', 0 to 1; null for categories and missing values
    effect: float  # SHAP value


ShapCloud = TypedDict(
    "ShapCloud",
    {
        "feature": str,  # its name
        "values": list[ShapPoint],  # thinned, by effect
        "class": int | None,  # of several classes, the one that the feature moves most
    },
)
ShapCloud.__doc__ = "The SHAP values of one feature."


class Shap(TypedDict):
    """SHAP values of the strong model, or of the part made of trees that weighs most."""

    model: str  # its name
    family: str  # its kind
    weight: float  # in the weighted mean; 1 for a single model
    rows: int  # test rows explained
    events: int | None  # of these, rows of the rarer of two classes
    enriched: bool  # whether rows of that class were added
    unit: str  # of effects: log-odds, probability or value
    features: list[MeanEffect]  # the largest first
    points: list[ShapCloud]  # of the first features


class LeakLoss(TypedDict):
    """What quick models lose without a feature, both refitted, out of fold."""

    score_with: float  # the quick strong model's score with it
    score_without: float  # and without
    gain_with: float  # lead over the baseline with it
    gain_without: float  # and without
    share_lost: float | None  # of what it scores beyond a constant; null where that is nothing


class Leakage(LeakLoss):
    """One feature that may give the target away, or the strongest single one."""

    feature: str  # its name
    score_alone: float | None  # what it predicts alone, from step 3
    suspect: bool  # whether step 3 suspects it
    why: str  # what step 3 said


class LeakVerdict(LeakLoss):
    """What is left without all suspects together."""

    features: list[str]  # all suspects
    ci: Interval  # of `gain_without`
    is_the_gain: bool  # whether the strong model's lead is the leak


class Leaks(TypedDict):
    """Features that may give the target away."""

    leakage: list[Leakage]  # by feature
    leak_verdict: LeakVerdict | None  # null without suspects


class TooGoodScore(TypedDict):
    """A model whose score is next to perfect."""

    model: str  # baseline or strong
    out_of_fold: float  # its score on the training rows
    test: float  # and on the test rows


class TooGood(TypedDict):
    """Models that predict so well that the score is a question."""

    metric: str  # key of the metric: `roc_auc`, or `r2` of numbers and several classes
    label: str  # its plain name
    bound: float  # from which a score is next to perfect
    models: list[TooGoodScore]  # whose scores reach it, both


class SplitLooked(TypedDict):
    """Rows that a model in use would not have."""

    kind: Literal["near copies", "time order", "one thing", "neighbours"]  # what ties them to the rows predicted
    feature: str | None  # the date, or what gives the order; null for the file's own
    features: NotRequired[list[str]]  # whose values repeat together, of rows of one thing
    things: NotRequired[int]  # that several rows belong to
    rows: int  # looked at
    share: float  # of these, rows with a near copy, from the latest time, or of a thing that is in other folds too


class RefitGain(TypedDict):
    """What the score owes to some rows, by fits with and without them."""

    score_with: float | None  # with such rows
    score_without: float | None  # without them
    gain: float | None  # owed to them
    ci: Interval | None  # its interval
    p_value: float | None  # of no gain
    leak: bool  # whether that is beyond chance and reaches the margin
    why: str  # how it was measured, or why not


class SplitLeak(SplitLooked, RefitGain):
    """What the score owes to rows that a model in use would not have. Null where nothing was refitted."""


class DatesTested(TypedDict):
    """By how many dates the order in time is judged."""

    dates: int  # judged
    of: int  # all; none where the split is by time


class Best(TypedDict):
    """The best model out of fold."""

    model: str  # its name
    score: float  # mean over the folds
    se: float  # its standard error


class SizeScore(TypedDict):
    """A point of a quick model's learning curve."""

    rows: int  # fitted to
    score: float  # out of fold


class MoreTimes(TypedDict):
    """What more rows promise."""

    times: int  # as many rows
    rows: int  # to train on
    gain: float  # that the best model would have


class MoreRowsPay(TypedDict):
    """Whether more rows would pay."""

    pays: bool  # whether twice the rows gain the margin
    times: list[MoreTimes]  # by how many times


class Limit(TypedDict):
    """The best score that rows with equal features and other targets leave."""

    rows: int  # training rows that contradict each other
    score: float  # that no model can beat on these rows
    se: float  # its standard error


class Ceiling(Limit):
    """The best score that rows with equal features and other targets leave, and whether it is near."""

    binds: bool  # whether `reachable` ends there


class Agreement(TypedDict):
    """How alike the models are."""

    models: list[str]  # compared
    rank_correlation: float | None  # mean over pairs; null where a model predicts a constant
    gain_of_mean: float  # of the mean of all over the best
    pays: bool  # whether that reaches the margin


class Headroom(TypedDict):
    """What these features can still give."""

    reachable: Interval  # where the best possible score lies in nine cases of ten
    reached_by: str  # the model at whose score, less its error, that begins
    best: Best  # the best model out of fold
    curve: list[SizeScore]  # learning curve of a quick model
    more_rows: MoreRowsPay  # whether more rows would pay
    ceiling: Ceiling | None  # null without rows that contradict each other
    agreement: Agreement | None  # null with a single model
    advice: Advice  # what to look for
    how: str  # how it was measured, in words


class Slice(TypedDict):
    """Rows on which the difference is another one, found on one half of the training rows and tested on the other."""

    where: str  # which rows, in words
    feature: str  # that cuts them out
    rows: int  # of the testing half
    difference: float  # the strong model's gain over the baseline there
    ci: Interval  # its interval
    p_adjusted: float  # by Holm over the slices tested
    better: Literal["strong", "baseline"]  # which model is


class HypothesisOutcome(TypedDict):
    """What became of a hypothesis of step 3."""

    id: str  # of the hypothesis
    factor: str  # the cause
    close: bool  # whether the finding is a close call
    evidence: list[Evidence]  # the finding
    outcome: Outcome  # what became of it
    why: str  # in words


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
    shuffled: Shuffled  # target
    noise: Noise  # column


class Findings(TypedDict):
    """What was found in step 7, not yet in sentences."""

    attribution: list[Attribution]  # by cause, in the ladder's order, and last the tuning
    ladder: list[Rung]  # from the baseline to the strong model
    signal: Signal  # whether anything is predicted
    scales: list[Scale]  # ranks of single features, the best first
    details: NotRequired[dict[str, list[PartEffect]]]  # of further causes by name: each part alone, the best first
    codes: Codes | None  # null where step 3 suspects none
    shapes: list[Shape]  # bends of single features, the best first
    interactions: list[Interaction]  # pairs, the best first
    pairs_screened: PairsScreened  # among how many features pairs were looked for
    shap: Shap | None  # null where the strong model has no trees
    leakage: list[Leakage]  # by feature
    leak_verdict: LeakVerdict | None  # null without suspects
    too_good: NotRequired[TooGood | None]  # null where no score is next to perfect
    split_leaks: list[SplitLeak]  # rows of one thing and neighbours, if any; near copies, dates
    dates_tested: DatesTested  # by how many dates the order in time is judged
    headroom: Headroom  # what these features can still give
    slices: list[Slice]  # that held up, the best for the strong model first
    hypotheses: list[HypothesisOutcome]  # of step 3
    controls: Controls  # negative controls


class ReflectFacts(Findings):
    """Step 7: why. All gains are in the primary metric unless another is named.

    `attribution` and `ladder` stand in the order in which the ladder makes its changes. In `attribution`, `gain` and
    `ci` are those on the test rows, and sum to `compare#/difference/value`; `out_of_fold` holds the same as a mean over
    the folds of the training rows, where more rows give more power. It decides `p_adjusted` (Holm) and `matters`,
    unless the test rows rule out a gain of the margin; `tuning` must be `confirmed` as well, since the folds chose the
    strong model.
    """

    claims: list[Claim]  # in sentences, the main reason first
