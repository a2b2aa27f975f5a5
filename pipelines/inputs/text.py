"""Free text: the numbers of its characters and words, and the words themselves, which models of texts read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Protocol, cast

import pandas as pd
from pydantic import Field

from pipelines.facts.define import Feature
from pipelines.inputs.declared import Declared
from pipelines.inputs.guess import Cells, Guess
from pipelines.inputs.input import Input, Part, texts_of
from pipelines.texts.checks import why_unfit
from pipelines.texts.structure import Stripped, stripped
from pipelines.texts.words import Words

if TYPE_CHECKING:
    import pandera.pandas as pandera

MANY_WORDS = 3.0  # words a cell, on average, from which a column of many values is text
WORD = r"\S+"
NO_ENCODER = "none"
Encoder = Literal["none", "minilm"]  # what turns a text into a vector of its meaning; its files are in [[source]]


class Written(Declared, Protocol):
    """A declaration of text."""

    @property
    def use(self) -> Literal["words", "numbers"] | None:
        """What models see: the words and how many there are, or their number alone; None: the words."""

    @property
    def encoder(self) -> Encoder | None:
        """What turns the words into vectors of their meaning; None: nothing."""

    @property
    def strip(self) -> tuple[Stripped, ...] | None:
        """What is removed from the texts."""


@dataclass(frozen=True)
class Text(Input):
    """Sentences, notes, descriptions."""

    name: ClassVar[str] = "text"
    cells: ClassVar[str] = "sentences, notes, descriptions"
    features_are: ClassVar[str] = "the numbers of characters and words, and the words"
    parts: ClassVar[tuple[Part, ...]] = (
        Part("characters", "characters", lambda texts: texts.str.len(), 0),
        Part("words", "words", lambda texts: texts.str.count(WORD), 0),
    )
    as_text: ClassVar[bool] = True
    blank_is_missing: ClassVar[bool] = False
    exacting: ClassVar[int] = 3
    keys: ClassVar[Mapping[str, Any]] = {
        "use": (Literal["words", "numbers"] | None, None),
        "encoder": (Encoder | None, None),
        "strip": (tuple[Stripped, ...] | None, Field(default=None, strict=False)),
    }

    def read(self, raw: pd.Series, column: Declared) -> pd.Series:
        """Return text, without what the declaration removes."""
        return stripped(raw.astype("str"), cast("Written", column).strip or ())

    def allowed_values(self, column: Declared) -> list[str] | list[float]:
        """Return the declared texts."""
        return texts_of(self.declared_values(column))

    def features(
        self, name: str, column: Declared, values: pd.Series, clock: pd.Series | None = None
    ) -> dict[str, pd.Series]:
        """Return the numbers, and under the column's own name the text, empty where there is none, if it is used."""
        words = {name: values.fillna("")} if holds_words(column) else {}
        return {**super().features(name, column, values, clock), **words}

    def schema(self, name: str, column: Declared) -> "dict[str, pandera.Column]":
        """Return what the table may hold: the numbers, and text without a gap, if it is used."""
        import pandera.pandas as pandera

        words = {name: pandera.Column("str", nullable=False)} if holds_words(column) else {}
        return {**super().schema(name, column), **words}

    def describe(self, name: str, column: Declared) -> list[Feature]:
        """Return the facts of the two numbers; where the words are used too, with their encoder."""
        described = super().describe(name, column)
        if not holds_words(column):
            return described
        encoder = cast("Written", column).encoder or NO_ENCODER
        return [{**feature, "encoder": encoder} for feature in described]

    def check(self, column: Declared) -> str | None:
        """Return what is wrong with the declaration: an encoder where no words are used is too."""
        encoder = cast("Written", column).encoder
        if encoder not in (None, NO_ENCODER) and not holds_words(column):
            return f'`encoder` is {encoder!r}, which reads words, and `use` is "numbers"; leave one of them out'
        return super().check(column)

    def guess(self, cells: Cells) -> Guess | None:
        """Return text, where most cells differ and hold several words."""
        if cells.numeric:
            return None
        words = float(cells.distinct.str.count(WORD).mean())
        if len(cells.distinct) / len(cells.texts) <= 1 / 2 or words < MANY_WORDS:
            return None
        seen = f"{len(cells.distinct):,} different, {words:.1f} words on average"
        unfit = why_unfit(cells.texts, Words.of(cells.texts))
        if unfit is None:
            return Guess(cells.name, self.name, f"{seen}: a text", cells.missing, keys=(("encoder", NO_ENCODER),))
        why = f"{seen}; its length alone, since {unfit.brief}"
        return Guess(cells.name, self.name, why, cells.missing, keys=(("use", "numbers"),))


def holds_words(column: Declared) -> bool:
    """Return whether models see the words of a declared column."""
    return column.type == Text.name and cast("Written", column).use != "numbers"
