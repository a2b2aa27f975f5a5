"""Why a table with texts gains: what is left of each cause under controls, what rows are worth, what words count."""

from typing import Literal

from typing_extensions import TypedDict

from pipelines.facts.shared import Estimate


class TextGain(TypedDict):
    """What one cause of texts gains on rows left out."""

    factor: str  # the cause
    gain: Estimate  # in the primary metric; positive is better
    kept: bool  # whether it lowers the loss of rows left out beyond noise; what is not kept gains exactly nothing


class Control(TypedDict):
    """The ladder of texts where one thing is taken away."""

    name: Literal["none", "shuffled", "masked", "scrambled", "random", "labels"]  # of the control
    what: str  # was taken away, in words
    score: float  # of the words, on rows left out
    gains: list[TextGain]  # by cause, in the ladder's order; those alone that the control can change


class TextControls(TypedDict):
    """The same causes on the same rows, with and without what each should come from."""

    rows: int  # training rows used
    controls: list[Control]  # first the one without any
    passed: bool  # whether no cause is found on shuffled labels, and none that comes from a random embedding


class AtSize(TypedDict):
    """What the causes gain with so many training rows."""

    rows: int  # training rows, each predicted by models that did not see it
    words: float  # score of the words
    best: float  # of all that was kept
    gains: list[TextGain]  # by cause


class RowsWorth(TypedDict):
    """How many rows one cause stands for."""

    factor: str  # the cause, the last that matters
    rows: int  # of the largest size
    same_with: int  # rows with which the score with it is the one that the largest size reaches without it
    at_most: bool  # `same_with` is the smallest size tried: fewer may do


class TermWeight(TypedDict):
    """A word or phrase that the linear model leans on."""

    column: str  # the text column
    term: str  # the word, or words
    kind: Literal["words", "phrases"]  # one word, or two and three
    effect: Estimate  # on the raw prediction of a text that holds it; the interval is over the folds
    texts: int  # training rows that hold it


class ShownText(TypedDict):
    """A row whose prediction changes with a cause."""

    row: int  # number in the raw file
    text: str  # its beginning
    truth: str  # the label, or the value
    before: float  # prediction without the cause: the probability of the truth, or the value
    after: float  # the same with it


class Examples(TypedDict):
    """Rows on which the last cause kept decides."""

    factor: str  # the cause
    right: list[ShownText]  # that only the model with it gets right; of numbers, where it is nearest to better
    wrong: list[ShownText]  # that only the model without it gets right


class TextSlice(TypedDict):
    """How much better the strong model is on some of the texts."""

    where: str  # which, in words
    rows: int  # training rows
    difference: Estimate  # the strong model's gain over the baseline there
    p_adjusted: float  # by Holm over these slices
    better: Literal["strong", "baseline", "neither"]  # beyond noise


class TextWorth(TypedDict):
    """What a text brings at all."""

    column: str  # the text column
    score_with: float  # of the linear model with all texts, on rows left out
    score_without: float  # without this one
    gain: Estimate  # between the two


class TextReasons(TypedDict):
    """What the experiments on texts find."""

    controls: TextControls  # what is left without what each cause should come from
    sizes: list[AtSize]  # the smallest first
    worth: RowsWorth | None  # null where no cause of texts matters, or one size alone was tried
    terms: list[TermWeight]  # that move predictions most, either way
    examples: Examples | None  # null where no cause of texts was kept
    slices: list[TextSlice]  # short and long texts, those that deny something and the others
    columns: list[TextWorth]  # what each text column brings; none where a table has only one text
