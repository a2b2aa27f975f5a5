"""How many rows each part used, whether their order matters, and whether test rows look alike and repeat others."""

from typing_extensions import TypedDict

from pipelines.facts.shared import Interval


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


class RowOrder(TypedDict):
    """What the place in the file says about the target."""

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
    """Whether a model distinguishes test rows from training rows (adversarial validation)."""

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
