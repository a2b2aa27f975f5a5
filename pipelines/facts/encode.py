"""What step `encode` writes: what its columns of numbers were made of, and what the encoder could read of the texts."""

from typing_extensions import TypedDict


class EncoderFacts(TypedDict):
    """The fixed network that turns a text into a vector of its meaning."""

    name: str  # in the project file
    model_sha256: str  # of the network's file, hexadecimal
    tokenizer_sha256: str  # of its dictionary's file, hexadecimal
    width: int  # numbers of a vector
    longest: int  # pieces that it reads of a text


class ReadFacts(TypedDict):
    """What the encoder could read of a column's texts."""

    pieces: int  # of all texts, that its dictionary cuts them into
    pieces_per_word: float  # near 1 in the encoder's language, above 2.5 in others
    unknown: int  # pieces that its dictionary does not hold
    unknown_share: float  # of all pieces
    cut: int  # texts that are longer than it reads
    cut_share: float  # of all texts


class MeaningFacts(TypedDict):
    """The few columns that stand for the embedding."""

    columns: int  # how many
    explained: float  # share of the embedding's variance on the training rows that they keep
    read: ReadFacts  # what the encoder could read


class TextColumn(TypedDict):
    """One text column and what was made of it."""

    column: str  # raw column
    texts: int  # rows with a text
    empty: int  # rows without one, or with blanks alone
    terms: int  # words, and pairs of words, that at least two training texts hold
    topics: int  # columns of topics
    topics_explained: float  # share of the variance of the words' weights on the training rows that they keep
    words: list[str]  # words that became a column each, that of most training texts first
    meaning: MeaningFacts | None  # null without an encoder


class EncodeFacts(TypedDict):
    """Between steps 1 and 2: texts as numbers."""

    project: str  # name of the project
    rows: int  # of the table
    encoder: EncoderFacts | None  # null where no text column has one
    left_out: str | None  # what is missing for want of an encoder, in words
    columns: list[TextColumn]  # in the table's order
