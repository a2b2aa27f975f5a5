"""What step 3 writes: what the training rows say, whether the test rows look alike, and what step 7 will find."""

from typing import Literal, NotRequired

from typing_extensions import TypedDict

from pipelines.facts.shared import Interval, LeftOut, Names, Sentence, Shown

Form = Literal["flat", "rises", "falls", "peak", "valley", "wave"]
Prediction = Literal["matters", "does not matter"]


class RowsUsed(TypedDict):
    """How many training rows each look used."""

    described: int  # distributions, relations
    scored_alone: int  # scores of single features
    mutual_information: int  # mutual information
    correlated: int  # groups of correlated features


class Size(TypedDict):
    """How many rows there are for each feature."""

    rows: int  # training rows
    features: int  # columns that models see
    rarer_class: int | None  # rows outside the commonest class; null for numbers
    rows_per_feature: float  # rows, or of classes those outside the commonest one


class EdaTarget(TypedDict):
    """The target, as missing values are held against it."""

    task: str  # kind of target
    spread: float  # standard deviation of the target's places, by rank


class Outliers(TypedDict):
    """Values far out."""

    count: int  # training rows
    share: float  # of the training rows
    rule: str  # what far out means, in words
    low: float  # values below are far out
    high: float  # values above are far out


class Code(TypedDict):
    """A value that looks like a code: far from the rest, and shared by many rows."""

    value: float  # the value
    rows: int  # training rows that have it


class Numbering(TypedDict):
    """Whole numbers, nearly all distinct: perhaps a numbering of the rows."""

    distinct_share: float  # distinct values for each row
    order: float  # absolute rank correlation with the row's place in the file
    filling: float  # share of the numbers between smallest and largest that occur


class Level(TypedDict):
    """A level of a category."""

    value: str  # the level
    share: float  # of the training rows


class RareLevels(TypedDict):
    """Levels with hardly any rows."""

    levels: int  # how many
    share: float  # of the training rows
    fewer_than: int  # rows that make a level no longer rare


class Straight(TypedDict):
    """What a number explains of the target alone, as it is and bent: shares of the target's variance, out of fold."""

    raw: float  # least squares on the values
    ranks: float  # on the normal scores of their ranks
    tree: float  # a small tree
    ranks_gain: float  # ranks over values
    ranks_gain_ci: Interval  # its interval
    bends_gain: float  # the tree over the better straight line
    bends_gain_ci: Interval  # its interval


class Bin(TypedDict):
    """The target where a feature lies in some range."""

    label: str  # in words
    lo: float | None  # lower end; null for levels and missing values
    hi: float | None  # upper end
    rows: int  # training rows
    target_mean: float  # mean, or share of the class
    ci: Interval | None  # of that mean; null for a single row


Relation = TypedDict(
    "Relation",
    {
        "bins": list[Bin],  # about equally many rows each; missing values in a bin of their own
        "form": Form | None,  # how the target runs along a number, where intervals tell; null for categories
        "class": str | None,  # of several classes, the one told of: whose share moves most
    },
)
Relation.__doc__ = "The target along a feature."

MissingAlone = TypedDict(
    "MissingAlone",
    {
        "rows": int,  # training rows without a value
        "target_mean": float,  # their mean target, or share of the class
        "ci": Interval | None,  # its interval; null for a single row
        "spread": float,  # standard deviation of their targets' places
        "known_rows": int,  # training rows with a value
        "others": float,  # mean target of those
        "others_ci": Interval | None,  # its interval; null for a single row
        "others_spread": float,  # standard deviation of their targets' places
        "difference": float,  # `target_mean` less `others`
        "difference_ci": Interval | None,  # its interval
        "score": float,  # of the missing mark alone, in `score_alone_metric`
        "auc": float,  # its ROC AUC: share of pairs, one row with and one without a value, in which one side is higher
        "class": str | None,  # of several classes, the one told of
    },
)
MissingAlone.__doc__ = "What it says of the target that a value is missing."


DefaultAlone = TypedDict(
    "DefaultAlone",
    {
        "value": float | str,  # the default: what most rows have, those without a value aside
        "rows": int,  # training rows at the default, or without a value
        "others": float,  # their mean target, or share of the class
        "others_ci": Interval | None,  # its interval
        "away": int,  # training rows with another value
        "target_mean": float,  # mean target of those, or share of the class
        "ci": Interval | None,  # its interval
        "spread": float,  # standard deviation of their targets' places
        "class": str | None,  # of several classes, the one told of
    },
)
DefaultAlone.__doc__ = "What it says of the target that a value is other than the column's default."


class Bands(TypedDict):
    """How the levels of a column lie along an amount: whether they cut it into ranges that do not overlap."""

    levels: int  # with rows enough
    rows: int  # training rows of those
    in_band: float  # share of a level's rows that lie where ranges in order would put them, on average over levels
    gap: float  # widest empty stretch between neighbouring ranges, in their middle halves: large where levels lie apart


class ColumnName(TypedDict):
    """What a feature is."""

    name: str  # of the feature
    kind: str  # how models see it
    type: str  # declared type of its raw column


class Described(TypedDict):
    """What a feature holds, whatever the target."""

    missing: float  # share of the training rows
    distinct: int  # distinct values
    quantiles: NotRequired[dict[str, float] | None]  # of a number, by per cent; null without values
    outliers: Outliers | None  # of a number; null for categories
    codes: NotRequired[list[Code]]  # of a number: values that look like codes, the commonest first
    numbering: NotRequired[Numbering | None]  # of a number; null where it numbers nothing
    distinct_share: NotRequired[float]  # of a category: levels for each known row
    rows_per_level: NotRequired[float]  # of a category: known rows for each level
    top: NotRequired[list[Level]]  # of a category: its commonest levels
    rare_levels: NotRequired[RareLevels]  # of a category


class Alone(TypedDict):
    """What a feature predicts alone."""

    score_alone: float  # what it predicts alone, out of fold, in `score_alone_metric`, whatever its direction
    score_alone_ci: Interval  # its interval
    straight: Straight | None  # of a number; null for categories


class Column(ColumnName, Described, Alone):
    """One feature's training rows."""

    mutual_information: float  # with the target, in nats
    relation: Relation  # the target along it
    missing_alone: MissingAlone | None  # null where no or every value is missing
    default_alone: NotRequired[DefaultAlone | None]  # null where no value is the default of most rows
    bands: NotRequired[Bands | None]  # of few values beside an amount; null for other columns and targets


class MissingColumns(TypedDict):
    """Missing values over all features."""

    features: int  # how many have any


class Link(TypedDict):
    """Two features that go together."""

    features: Names  # their names
    strength: float  # from 0 to 1
    kind: str  # how it was measured


class Group(TypedDict):
    """Features that links connect."""

    features: list[str]  # the best alone first
    strength: float  # of the strongest link
    kind: str  # how links were measured
    links: list[Link]  # the strongest first


class Groups(TypedDict):
    """Features that go together, and those not paired."""

    groups: list[Group]  # the largest first
    left_out: LeftOut  # features not paired


class RowOrder(TypedDict):
    """What the place in the file tells of the target."""

    score_alone: float  # in `score_alone_metric`
    ci: Interval  # its interval


class Sides(TypedDict):
    """Rows of both sides."""

    train: int  # training rows
    test: int  # test rows


class FeatureShare(TypedDict):
    """A feature's part in a model."""

    feature: str  # its name
    share: float  # of the model's splitting gain


class UnseenLevels(TypedDict):
    """A category with levels that only test rows have."""

    feature: str  # its name
    rows: int  # test rows with such levels


class Drift(TypedDict):
    """Whether a model tells test rows from training rows (adversarial validation)."""

    auc: float  # ROC AUC of that model, out of fold
    ci: Interval  # its interval
    threshold: float  # ROC AUC above which rows differ
    drifted: bool  # whether the whole interval lies above
    close: bool  # whether its lower end lies near
    rows: Sides  # rows used
    features: list[FeatureShare]  # that give them away, the strongest first
    unseen_levels: list[UnseenLevels]  # categories with levels that only test rows have


class Twins(TypedDict):
    """Test rows that repeat the features of a training row."""

    test_rows: int  # how many
    share: float  # of the test rows
    same_target: float | None  # of these, the share with the target of their twins; null without any
    repeated: float  # share of the training rows that repeat each other
    suspect: bool  # many twins are copies rather than rows that repeat by chance


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
    pairs: NotRequired[list[PairSeen]]  # of the interaction: pairs tested, the surest first
    tried: NotRequired[int]  # of the interaction: pairs looked at


class CauseScreens(TypedDict):
    """What each change adds."""

    metric: str  # key of the metric of the quick fits
    label: str  # its plain name
    plain: Score  # the plain linear fit
    factors: dict[str, Screen]  # by cause
    best: Score  # with all changes that helped
    material: float  # gain that anyone would act on, in this metric
    signal: bool  # whether the best fit beats a constant beyond doubt


class Screens(CauseScreens):
    """Quick linear fits, each change on top of those before it that helped, as step 7 nests them."""

    rows: int  # training rows used
    columns: int  # features used
    left_out: LeftOut  # features not used


class LeakSuspect(TypedDict):
    """A feature that may give the target away."""

    feature: str  # its name
    kind: str  # which check found it
    score_alone: float  # in `score_alone_metric`
    why: str  # a sentence
    evidence: list[Shown]  # facts that it states


class Hypothesis(TypedDict):
    """What the training rows predict for one cause of step 7."""

    id: str  # H1, H2, ...
    factor: str  # the cause
    features: list[str]  # that it is about
    predicts: Prediction  # of step 7
    close: bool  # whether the interval of the quick gain holds both answers
    text: str  # a sentence
    evidence: list[Shown]  # facts that it states


class Formula(TypedDict):
    """A target that two or three columns give by plain arithmetic."""

    features: list[str]  # whose values it is of
    form: str  # in words, as "price * pieces"
    kind: Literal["amount", "cut", "comparison"]  # it gives an amount; or its ranges give the class; or it is the class
    score: float  # of an amount, the variance that its line explains; else the mean over classes of the share told
    alone: float  # the same of the best of the columns alone
    rows: int  # training rows judged


class ColumnsLook(TypedDict):
    """What the columns say, each by itself and together."""

    score_alone_metric: str  # key of the metric of single features: `roc_auc`, or `r2` of numbers and several classes
    score_alone_label: str  # its plain name
    rows: RowsUsed  # how many each look used
    size: Size  # rows for each feature
    target: EdaTarget  # the target
    columns: list[Column]  # features, in the table's order
    missing: MissingColumns  # missing values over all features
    correlated: list[Group]  # groups of features that go together, the largest first
    correlated_left_out: LeftOut  # features not paired
    row_order: RowOrder  # what the place in the file tells
    formulas: NotRequired[list[Formula]]  # that give the target, the plainest first


class EdaLook(ColumnsLook):
    """What was measured in step 3."""

    drift: Drift  # whether test rows look like training rows
    duplicates: Twins  # test rows that repeat training rows
    screens: Screens  # quick fits


class EdaFacts(EdaLook):
    """Step 3: what the data say. All but `drift` and `duplicates` are of training rows only."""

    leak_suspects: list[LeakSuspect]  # the strongest first
    duplicates_across_split: int  # the same as `duplicates/test_rows`
    hypotheses: list[Hypothesis]  # one a cause, in step 7's order
    conclusion: Sentence  # what they come to
