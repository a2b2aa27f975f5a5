"""What step 3 writes: what the training rows say, whether the test rows look alike, and what step 7 will find."""

from typing_extensions import TypedDict

from pipelines.facts.eda.column import Column
from pipelines.facts.eda.expected import Formula, Hypothesis, LeakSuspect
from pipelines.facts.eda.grouped import GroupedLook
from pipelines.facts.eda.groups import Group
from pipelines.facts.eda.rows import Drift, RowOrder, RowsUsed, Size, Twins
from pipelines.facts.eda.screens import Screens
from pipelines.facts.eda.series import SeriesLook
from pipelines.facts.eda.texts import TextsLook
from pipelines.facts.shared import LeftOut, Sentence


class EdaTarget(TypedDict):
    """The target, as missing values are held against it."""

    task: str  # kind of target
    spread: float | None  # standard deviation of the target's places, by rank; None where nothing is predicted


class MissingColumns(TypedDict):
    """Missing values over all features."""

    features: int  # how many have any


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
    row_order: RowOrder  # what the place in the file says about the target
    formulas: list[Formula]  # that give the target, the plainest first


class SeriesLooked(TypedDict, total=False):
    """What forecasts have beside."""

    series: SeriesLook  # seasons, levels, zeros, and what the calendar leaves


class TextsLooked(TypedDict, total=False):
    """What tables with columns of text have beside."""

    texts: TextsLook  # lengths, languages, words that say much


class GroupsLooked(TypedDict, total=False):
    """What tables whose rows form groups have beside."""

    clusters: GroupedLook  # spikes, tails, correlations and humps of the columns that make them


class EdaLook(ColumnsLook, SeriesLooked, TextsLooked, GroupsLooked):
    """What was measured in step 3."""

    drift: Drift  # whether test rows look like training rows
    duplicates: Twins  # test rows that repeat training rows
    screens: Screens  # quick fits


class EdaFacts(EdaLook):
    """Step 3: what the data say. All except `drift` and `duplicates` are of training rows only."""

    leak_suspects: list[LeakSuspect]  # the strongest first
    duplicates_across_split: int  # the same as `duplicates/test_rows`
    hypotheses: list[Hypothesis]  # one a cause, in step 7's order
    conclusion: Sentence  # what they come to
