"""What step 5 writes: the models tried, which of them is the strong one, and why."""

from typing import NotRequired

from typing_extensions import TypedDict

from pipelines.facts.shared import Failed, Model, Setting


class StrongModel(Model):
    """A model tried, or the strong one again under that name. Standard deviations are between folds."""

    candidate: bool  # whether it may be taken
    folds: int  # on how many it was fitted; its predictions of test rows are the mean of so many models


class Rank(TypedDict):
    """A candidate's place among the single models."""

    name: str  # of the model
    behind: float  # mean of the folds' differences to the best, positive is worse
    standard_error: float  # of that mean
    tied: bool  # behind by no more than one standard error


class Ensemble(TypedDict):
    """The weighted mean of several candidates, and whether it is taken."""

    gain: float  # over the single models that are best on the other folds
    standard_error: float  # of the gain
    better: bool  # whether the gain is beyond noise
    kept: bool  # whether the mean is the strong model: it is not worse than a single model beyond noise
    against: str  # the best single model over all folds
    weights: dict[str, float]  # of the models in it, by name; they sum to 1


class ChoiceFacts(TypedDict):
    """Which model is taken, and why."""

    chosen: str  # name of the model that is `strong`
    why_chosen: str  # in words
    ranking: list[Rank]  # single candidates, the best first
    ensemble: Ensemble  # their weighted mean


class Raced(TypedDict):
    """A candidate after the first fold."""

    name: str  # of the model
    behind: float  # mean loss behind the best there, positive is worse
    standard_error: float  # of that mean
    goes_on: bool  # whether it is fitted on the other folds too


class RaceFacts(TypedDict):
    """Which candidates went on after the first fold: those that could be taken, or that a weighted mean wanted."""

    rows: int  # of the first fold that they were judged by
    models: list[Raced]  # the best first


class Tuning(TypedDict):
    """The search for LightGBM's settings. Where there was none, `trials` is 0 and `why` says why."""

    trials: int  # settings tried
    why: NotRequired[str]  # why there was no search
    rows: NotRequired[int]  # training rows searched on
    folds: NotRequired[int]  # folds of these
    started_from: NotRequired[list[str]]  # models whose settings were tried first
    best_start: NotRequired[float]  # lowest loss among these
    best: NotRequired[float]  # lowest loss of all, on the rows of the search: lower than on other rows
    ended_at: NotRequired[str | None]  # the model whose settings were best, where none better was found
    settings: NotRequired[dict[str, Setting]]  # found
    at_the_edge: NotRequired[list[str]]  # settings at an end of their range


class Amount(TypedDict):
    """How much there is to learn from, by which models are sized."""

    rows: int  # training rows
    features: int  # columns that models see
    outside_commonest_class_or_rows: int  # of classes rows outside the commonest one, else rows


class ImportanceShare(TypedDict):
    """A feature's part in a model."""

    feature: str  # its name
    share: float  # of the model's gain, mean over the folds
    sd: float  # its standard deviation


class Importances(TypedDict):
    """The features by their part in one model."""

    model: str  # of which
    features: list[ImportanceShare]  # the most important first


class LossPoint(TypedDict):
    """The loss with some number of trees."""

    trees: int  # how many
    loss: float  # mean over the folds' rows held out


class LossCurve(TypedDict):
    """How a booster's loss falls as trees are added."""

    model: str  # of which
    loss: str  # which loss, in words
    points: list[LossPoint]  # by number of trees; it ends where the first fold stopped


class StrongFacts(TypedDict):
    """Step 5: the strong model."""

    metric: str  # key of the primary metric
    label: str  # its plain name
    greater_is_better: bool  # its direction
    models: list[StrongModel]  # from the simplest to the strong one
    chosen: str  # name of the model that is `strong`
    why_chosen: str  # in words
    ranking: list[Rank]  # single candidates, the best first
    ensemble: Ensemble  # their weighted mean
    features_used: list[str]  # in the table's order
    race: RaceFacts | None  # after the first fold; null where it held too little to drop a candidate
    tuning: Tuning | None  # the search for settings; null where the effort has none
    failed: list[Failed]  # models that could not be fitted
    left_out: list[Failed]  # models that were not fitted
    note: str  # what out-of-fold scores mean here, in words
    evidence: Amount  # how much there is to learn from
    importances: list[Importances]  # of the models that have importances
    learning_curves: list[LossCurve]  # of boosters
