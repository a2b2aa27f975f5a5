"""What each feature holds, and what it says of the target."""

from typing import Literal, NotRequired

from typing_extensions import TypedDict

from pipelines.facts.shared import Interval

Form = Literal["flat", "rises", "falls", "peak", "valley", "wave"]


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
        "form": Form | None,  # how the target runs along a number, where intervals show it; null for categories
        "class": str | None,  # of several classes, the one reported: its share moves most
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
        "class": str | None,  # of several classes, the one reported
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
        "class": str | None,  # of several classes, the one reported
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

    column: NotRequired[str]  # raw column that the feature is part of
    mutual_information: float  # with the target, in nats
    relation: Relation  # the target along it
    missing_alone: MissingAlone | None  # null where no or every value is missing
    default_alone: NotRequired[DefaultAlone | None]  # null where no value is the default of most rows
    bands: NotRequired[Bands | None]  # of few values beside an amount; null for other columns and targets
