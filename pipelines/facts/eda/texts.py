"""What the training rows' texts are like, and what single words say of the target."""

from typing import Literal, NotRequired

from typing_extensions import TypedDict

from pipelines.facts.shared import Interval, Sentence


class LanguageSeen(TypedDict):
    """Texts in one language, by the share of its commonest words among theirs."""

    language: str  # its English name, or "not known"
    share: float  # of the training rows with a text


TokenSeen = TypedDict(
    "TokenSeen",
    {
        "word": str,  # in lower case
        "rows": int,  # training rows whose text holds it
        "share": float,  # of the training rows
        "auc": float,  # share of pairs of rows with different targets in which the higher one alone holds it; ties half
        "class": str | None,  # of several classes, the one that `auc` is about
        "purity": float,  # share of its rows in their commonest class; of amounts, of pairs in which it is on one side
        "mostly": str | None,  # that class; null of amounts
        "p_adjusted": float,  # of the AUC and of the purity, the smaller one, by Bonferroni over the words looked at
        "suspect": Literal["auc", "purity"] | None,  # by what it may give the target away
    },
)
TokenSeen.__doc__ = "A word that stands in many rows, and what it says of the target alone."


class HeaderSeen(TypedDict):
    """A name at the beginning of lines that look like `Name: value`."""

    name: str  # in lower case
    share: float  # of the training rows with a text


class FormSeen(TypedDict):
    """A form that the first lines of texts have in common: digits as 0, and without what follows a colon."""

    form: str  # in lower case
    share: float  # of the training rows with a text


class LinesSeen(TypedDict):
    """Lines that are not the text's own words. Single lines are no such lines."""

    headers: float  # share of the training rows with a text that hold a line like `Name: value`
    names: list[HeaderSeen]  # the commonest first
    quotes: float  # share that hold a quoted line
    first: FormSeen | None  # the commonest form of a first line, where many share it


class WordsAlone(TypedDict):
    """What a quick linear model of the words alone scores, fitted on either half of the folds for the other."""

    score: float  # in `score_alone_metric`
    ci: Interval  # its interval
    trivial: float  # what a constant scores
    rows: int  # training rows used


class TextLook(TypedDict):
    """One column of text."""

    column: str  # its name
    rows: int  # training rows with a text
    lengths: dict[str, float]  # words of a text, by per cent
    histogram: list[int]  # training rows by their words: `edges`
    edges: list[float]  # words, one more than `histogram`
    vocabulary: int  # different words
    once: float  # share of these that occur once
    looked_at: int  # words that stand in rows enough to be looked at
    tokens: list[TokenSeen]  # suspects first, then those that say most alone
    suspects: list[str]  # words that may give the target away
    languages: list[LanguageSeen]  # the commonest first
    lines: LinesSeen  # headers, quotes, forms
    words_alone: WordsAlone  # what the words predict
    without_suspects: NotRequired[WordsAlone | None]  # the same without suspects, headers and quotes; null without any
    findings: list[Sentence]  # what of this a reader should know


class TextsLook(TypedDict):
    """The columns of text."""

    columns: list[TextLook]  # in the table's order
    near_copies: float  # share of all rows that have a near copy, as step 1 found them
