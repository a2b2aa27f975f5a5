"""What step 1 writes: the table, its split, and what was found while making it."""

from typing import Literal, NotRequired

from typing_extensions import TypedDict

from pipelines.facts.clusters import ClustersFacts
from pipelines.facts.shared import LeftLines


class LeftRows(TypedDict):
    """Rows of the raw file that are not read."""

    condition: str  # that they do not meet
    rows: int  # which meet all conditions before it


class LeftOut(TypedDict, total=False):
    """What a project with conditions has beside."""

    left_out: list[LeftRows]  # rows that are not read, by condition of the project file, in order


class Source(LeftOut):
    """Where the raw file comes from."""

    kind: Literal["package", "file"]  # out of a wheel, or given
    package: str | None  # name and version of the wheel
    member: str | None  # path inside the wheel
    file: str  # path of the raw file
    sha256: str  # of the raw file, hexadecimal


class Reason(TypedDict):
    """One way in which rows break the declaration."""

    reason: str  # in words
    column: str  # raw column
    rows: int  # rows that break it
    examples: list[int]  # the first of these rows, by `row_id`


class Quarantined(TypedDict):
    """Rows set aside since a value breaks the declaration."""

    count: int  # rows, each once
    reasons: list[Reason]  # why; a row may have several


Feature = TypedDict(
    "Feature",
    {
        "name": str,  # as later steps call it
        "kind": str,  # how models see it
        "from": str,  # raw column that it was made of
        "type": str,  # declared type of that column
        "unit": str | None,  # of its values
        "encoder": NotRequired[str],  # of that column, where its words are used: its name, or "none"
    },
)
Feature.__doc__ = "A column that models see."


# The cause that a feature belongs to, or what else it is.
Role = Literal["calendar", "level", "step", "series", "known ahead", "history", "past covariates", "neighbours"]


class SeriesFeature(TypedDict):
    """Which cause a feature of series belongs to, and how far it looks."""

    name: str  # as later steps call it
    role: Role  # the cause, or what else it is: the calendar, the level, the step, the series
    reach: int | None  # steps from the origin to the last one that it uses, 0 at most; null of what is known ahead


class Filled(TypedDict):
    """Steps of a series without a row."""

    series: str  # the series; empty where there is one
    steps: int  # without a row, taken for zero
    first: str  # time of the first of them


class Guarded(TypedDict):
    """What the guard against looking ahead looked at; a step that leaks is not written."""

    origins: int  # for which the future was replaced by noise
    compared: int  # values of features and forecasts that came out as before
    declared: int  # features whose declared reach is at most their origin


class Gathered(TypedDict):
    """How a file of events became a panel."""

    lines: int  # of the file, without those set aside
    kept: int  # added up
    left_out: list[LeftLines]  # in the order of the reasons
    series: int  # that are kept
    few: int  # series with events in fewer steps before the test time than are asked for
    late: int  # series whose first event comes too late to be learned from
    least: int  # steps with events that are asked for
    steps_without_events: int  # of the whole time, in which no series had any


class OriginsPart(TypedDict):
    """Forecasts of one part of the time."""

    part: str  # warm-up, fold 0 to fold 4, test
    blocks: int  # forecasts, one for each origin
    units: int  # stretches that count as one observation each
    first: str  # time of the first target
    last: str  # time of the last target


class ForecastFacts(TypedDict):
    """How series became a table of targets, each with what was known at its origin."""

    series: int  # how many
    names: list[str]  # of the first of them, those with the largest sums first
    left_out: list[str]  # series that the project file leaves out
    frequency: str  # length of a step, as the project file has it
    step: str  # the same in words
    steps: int  # from the first to the last time
    first: str  # time of the first step
    last: str  # time of the last step
    effects: Literal["absolute", "relative"]  # whether they add up or multiply
    horizon: int  # steps that a forecast looks ahead
    season: list[int]  # lengths in steps, the shortest first
    unit_steps: int  # steps of a stretch that counts as one observation
    unit_words: str  # the same in words
    level_steps: int  # steps over which the level at an origin is the mean
    yearly: bool  # the baseline knows the time of the year: its first models have seen two years
    parts: list[OriginsPart]  # in time
    filled: list[Filled]  # the series with most of them
    filled_steps: int  # steps without a row that were taken for zero, in all series
    features: list[SeriesFeature]  # in the table's order
    methods: list[str]  # forecasts by rules, columns of the table that are no features
    oracle: list[str]  # covariates that are no features: they are not known in time
    events: NotRequired[Gathered]  # where the file holds events
    guard: Guarded  # nothing looks beyond its origin
    series_names: list[str]  # all of them, in the table's order
    seasonal_errors: list[float]  # of each: its mean absolute change from season to season before the first fold
    naive_error: float  # mean absolute error of the seasonal naive forecast before the first fold


class NaturalRepeats(TypedDict):
    """Rows that repeat others because their columns hold few values, and that are drawn like any rows."""

    rows: int  # that repeat others in all features, and are no copies
    kinds: int  # different rows among them
    copied: int  # rows that repeat others and are copies: they stay together


class Repeated(TypedDict):
    """How many rows repeat others."""

    rows: int  # rows that repeat an earlier one in all features and the target
    conflicting: int  # rows with the features of a row with another target
    across_split: int  # test rows with the features of a training row
    across_folds: int  # training rows with the features of a training row in another fold
    natural: NotRequired[NaturalRepeats]  # where rows repeat by chance, in more than a few rows


class Duplicates(Repeated):
    """Rows that repeat others, and what becomes of them."""

    treatment: str  # where the split puts rows with equal features, in words


class Positives(TypedDict):
    """Rows of the positive class."""

    train: int  # among the training rows
    test: int  # among the test rows


class Split(TypedDict):
    """Training and test rows, and the folds of the training rows."""

    kind: str  # how it was drawn
    column: str | None  # that decides: the time, the group, or the mark
    seed: int  # of the random numbers
    asked: float | None  # share of test rows asked for; null where the file's own column decides
    share: float  # share of test rows reached
    train: int  # training rows
    test: int  # test rows
    folds: list[int]  # rows of each fold
    fold_kind: str  # how folds were drawn, in words
    boundary: str | None  # time of the first test row, where the split is by time
    redrawn: NotRequired[str]  # in words, by which rule, where the first draw left too few rows in a part
    positives: NotRequired[Positives]  # two classes only
    fold_positives: NotRequired[list[int]]  # positives of each fold; two classes only


class ClassShare(TypedDict):
    """One class of the target. Other facts call it by its place in the list (`class`)."""

    value: str  # as the file has it
    rows: int  # of all rows
    share: float  # of all rows
    train_share: float  # of the training rows
    test_share: float  # of the test rows


class TargetHistogram(TypedDict):
    """How a number is spread; bins are equally wide on the modelling scale."""

    edges: list[float]  # in the target's own unit, one more than bins
    train: list[int]  # training rows in each bin
    test: list[int]  # test rows in each bin


class TargetSummary(TypedDict):
    """How the target is spread, in all rows and on either side of the split."""

    classes: NotRequired[list[ClassShare]]  # of classes
    quantiles: NotRequired[dict[str, float]]  # of a number, by per cent, in its own unit
    histogram: NotRequired[TargetHistogram]  # of a number
    unit: NotRequired[str | None]  # of a number
    scale: NotRequired[Literal["linear", "log", "log1p"]]  # of a number: what is modelled; log1p: of one more


class Expected(TypedDict):
    """An expectation of Great Expectations about the raw file."""

    expectation: str  # its name in that library
    column: str | None  # raw column; null for the whole table
    allowed: str  # what is expected, in words
    success: bool  # whether the file meets it
    unexpected: int  # rows that do not
    share: float  # of all rows


class Doubt(TypedDict):
    """Something that the project file may have wrong, and what decides otherwise."""

    kind: str  # name of the kind of doubt
    column: str | None  # raw column; null for the whole table
    found: str  # what was seen, with its evidence
    done: str  # what is done as things stand
    decide: str  # flag of `sevenfold new`, or line of the project file, that decides otherwise
    weight: float  # from 0 to 1: how much of the answer may depend on it


class TextColumn(TypedDict):
    """A column of text that models see the words of, in all rows."""

    column: str  # raw column
    rows: int  # with a text
    empty: int  # without one
    different: int  # texts that differ
    words: int  # of all texts
    vocabulary: int  # different words
    garbled: int  # texts with signs of a wrong encoding


class NearCopiesFound(TypedDict):
    """Rows whose texts are nearly those of others, and what becomes of them."""

    similar: float  # share of the shingles of two texts that near copies have in common at least
    rows: int  # that have a near copy
    share: float  # of all rows
    exact: int  # rows of which a text occurs elsewhere, character by character
    sets: int  # of rows that near copies connect
    largest: int  # rows of the largest set
    examples: list[list[int]]  # the first rows of some sets, by `row_id`, the largest first
    treatment: str  # where the split puts them, in words
    across_split: int  # test rows with a near copy among the training rows
    across_folds: int  # training rows with a near copy in another fold


class TextsFound(TypedDict):
    """The columns of text, and which rows are near copies."""

    columns: list[TextColumn]  # in the table's order
    strip: list[str]  # what was removed from them
    mask: list[str]  # columns whose words a control of step 7 masks
    masked_rows: int  # rows whose texts hold such a word
    near_copies: NearCopiesFound  # rows that nearly repeat others


class Contract(TypedDict):
    """Pandera's check of the finished table."""

    checks: int  # how many were made
    passed: bool  # true: a table that fails is not written


class RawFacts(TypedDict):
    """What needs no split: the problem, the source, what was dropped and set aside."""

    project: str  # name of the project
    question: str  # of the project file
    decision: str  # that the answer serves
    task: str  # kind of target
    target: str  # raw column; of groups the outcome, empty where there is none
    positive: str | int | float | bool | None  # value that counts as an event; null unless there are two classes
    target_scale: Literal["linear", "log", "log1p"]  # whether a logarithm of the target is modelled, or of one more
    unit: str | None  # of the target
    source: Source  # the raw file
    rows: int  # rows of the raw file, without those left out
    columns: int  # columns of the raw file
    dropped: list[str]  # raw columns that the project leaves out
    quarantined: Quarantined  # rows set aside


class OfSeries(TypedDict, total=False):
    """What forecasts have beside."""

    forecast: ForecastFacts  # how series became the table


class OfGroups(TypedDict, total=False):
    """What tables whose rows form groups have beside."""

    clusters: ClustersFacts  # which columns make them, and how events became rows


class DefineFacts(RawFacts, OfSeries, OfGroups):
    """Step 1: the validated table."""

    features: list[Feature]  # in the table's order
    duplicates: Duplicates  # rows that repeat others
    split: Split  # training and test rows, and folds
    test_rows_sha256: str  # of the test rows' numbers and the raw file's hash: the same test set has the same one
    target_summary: TargetSummary  # how the target is spread
    texts: TextsFound | None  # columns of text; null without any
    expectations: list[Expected]  # about the raw file, in order
    contract: Contract  # about the table
    doubts: list[Doubt]  # that the project file leaves, the heaviest first


HEAVY = 0.1  # of the answer: the weight from which a doubt concerns the whole report


def is_doubted(facts: DefineFacts) -> bool:
    """Return whether much of the answer may depend on how the table is read."""
    return any(doubt["weight"] >= HEAVY for doubt in facts["doubts"])
