"""Free text: for models the numbers of its characters and words."""

from dataclasses import dataclass
from typing import ClassVar

import pandas as pd

from pipelines.inputs.declared import Declared
from pipelines.inputs.guess import Cells, Guess
from pipelines.inputs.input import Input, Part, texts_of

MANY_WORDS = 3.0  # words a cell, on average, from which a column of many values is text
WORD = r"\S+"


@dataclass(frozen=True)
class Text(Input):
    """Sentences, notes, descriptions."""

    name: ClassVar[str] = "text"
    cells: ClassVar[str] = "sentences, notes, descriptions"
    features_are: ClassVar[str] = "the numbers of characters and words"
    parts: ClassVar[tuple[Part, ...]] = (
        Part("characters", "characters", lambda texts: texts.str.len(), 0),
        Part("words", "words", lambda texts: texts.str.count(WORD), 0),
    )
    as_text: ClassVar[bool] = True
    blank_is_missing: ClassVar[bool] = False
    exacting: ClassVar[int] = 3

    def read(self, raw: pd.Series, column: Declared) -> pd.Series:  # noqa: ARG002 - any cell is a text
        """Return text."""
        return raw.astype("str")

    def allowed_values(self, column: Declared) -> list[str] | list[float]:
        """Return the declared texts."""
        return texts_of(self.declared_values(column))

    def guess(self, cells: Cells) -> Guess | None:
        """Return text, where most cells differ and hold several words."""
        if cells.numeric:
            return None
        words = float(cells.distinct.str.count(WORD).mean())
        if len(cells.distinct) / len(cells.texts) <= 1 / 2 or words < MANY_WORDS:
            return None
        seen = f"{len(cells.distinct):,} different, {words:.1f} words on average"
        return Guess(cells.name, self.name, seen, cells.missing)
