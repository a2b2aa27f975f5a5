"""Blocks of features, each with a linear model of its own: the numbers and categories, a text's terms, its embedding.

Side by side in one penalised model the same words a second time "gain", and noise costs; so each block has a model, of
which only the raw prediction goes on (see `stack.py`).
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pandas as pd

from pipelines.core.steady import steady
from pipelines.core.table import Table
from pipelines.inputs.worded import embedding_of
from pipelines.models.line import Line as ApartLine
from pipelines.models.linear import fit_linear
from pipelines.models.saving.skops_file import read_estimator, write_estimator
from pipelines.models.worded.kinds import Block, Fitted, Given, Line
from pipelines.models.worded.linear_part import LinearPart, fit_part
from pipelines.models.worded.view import (
    PHRASES,
    SPELLING,
    VIEWS,
    WORDS,
    Counted,
    Terms,
    View,
    known_terms,
    rarity,
    read_terms,
    weighted,
)
from pipelines.targets import Target
from pipelines.targets.arrays import Floats, Integers

if TYPE_CHECKING:
    from scipy.sparse import csr_array
    from sklearn.pipeline import Pipeline

PENALTIES = (1.0, 1 / 3, 0.1)  # of rows of length 1: one over C, of which the second is nearly always the best
OF_SQUARES = 4.0  # times these where a row's loss bends by 1 rather than by the 1/4 of a probability of one half
LINE = "line.skops"  # the file of a line's pipeline
NORM = 1e-12  # of a row of an embedding, below which it says nothing


@dataclass(frozen=True)
class PlainLine:
    """The plain linear model."""

    def fit(self, x: pd.DataFrame, y: Floats, target: Target) -> "Pipeline":
        """Return it fitted; raises what `fit_linear` raises."""
        return fit_linear(x, y, target)


@dataclass(frozen=True)
class LineBlock:
    """The features that are no texts, in one linear model."""

    features: tuple[str, ...]
    line: Line = PlainLine()
    title: str = "numbers and categories"
    form: str = "plain"

    @property
    def forms(self) -> tuple[Block, ...]:
        """Return it as it is."""
        return (self,)

    def penalties(self, target: Target) -> tuple[float, ...]:  # noqa: ARG002 - as in tables without a text
        """Return the plain one."""
        return (1.0,)

    def read(self, seen: pd.DataFrame) -> pd.DataFrame:
        """Return the features."""
        return seen[list(self.features)]

    def fit(
        self, read: pd.DataFrame, rows: Integers, y: Floats, target: Target, penalty: float  # noqa: ARG002 - the line's own
    ) -> "FittedLine":  # fmt: skip
        """Return the line."""
        return FittedLine(self.features, self.line.fit(read.iloc[rows], y[rows], target), target)

    def raw(self, fitted: "FittedLine", read: pd.DataFrame, rows: Integers) -> Floats:
        """Return the line's raw predictions."""
        return fitted.raw(read.iloc[rows])


@dataclass(frozen=True)
class FittedLine:
    """A fitted line."""

    features: tuple[str, ...]
    pipeline: "Pipeline"
    target: Target

    @property
    def columns(self) -> tuple[str, ...]:
        """The features."""
        return self.features

    @property
    def reads(self) -> Hashable:
        """The features."""
        return "line", self.features

    @property
    def block(self) -> LineBlock:
        """The block of its features."""
        return LineBlock(self.features)

    def of(self, _: pd.DataFrame) -> Self:
        """Return it as it is."""
        return self

    def read(self, given: Given) -> pd.DataFrame:
        """Return the features."""
        return pd.DataFrame({name: given[name] for name in self.features})

    def raw(self, read: pd.DataFrame) -> Floats:
        """Return the line's raw predictions."""
        return self.apart.raw_predicted(self.apart.sums(read))

    @cached_property
    def apart(self) -> ApartLine:
        """The line taken apart."""
        return ApartLine.of(self.pipeline, self.target)

    def save(self) -> dict[str, bytes]:
        """Return the pipeline as a skops file."""
        return {LINE: write_estimator(self.pipeline)}

    @classmethod
    def load(cls, saved: Mapping[str, Any], files: Mapping[str, bytes], target: Target) -> Self:
        """Return the line that `save` wrote."""
        return cls(tuple(saved["features"]), read_estimator(files[LINE]), target)


def graded(target: Target) -> tuple[float, ...]:
    """Return the penalties to try for rows of length 1."""
    times = OF_SQUARES if target.hessian_counts_rows else 1.0
    return tuple(times * one for one in PENALTIES)


@dataclass(frozen=True)
class TextBlock:
    """The terms of one text column, by their weight, each row of length 1 (TF-IDF)."""

    column: str
    view: str
    rare: bool = True  # rare terms weigh more

    @property
    def form(self) -> str:
        """What terms weigh, in words."""
        return "rare terms weigh more" if self.rare else "all terms weigh alike"

    @property
    def forms(self) -> tuple[Block, ...]:
        """Return it with and without more weight for rare terms.

        Where common words decide, that weight hides them from a penalised model, and what comes next gains by showing
        them again: pieces of the same words, or trees. Pieces of words take too long to be fitted twice as often.
        """
        weights = (True,) if self.view == SPELLING.name else (True, False)
        return tuple(replace(self, rare=rare) for rare in weights)

    @property
    def title(self) -> str:
        """Its name in facts."""
        return f"{self.view} of {self.column}"

    def penalties(self, target: Target) -> tuple[float, ...]:
        """Return those for rows of length 1."""
        return graded(target)

    def read(self, seen: pd.DataFrame) -> Terms:
        """Return the terms of all rows; which of them count is learned from the rows fitted to."""
        return read_terms(VIEWS[self.view], seen[self.column])

    def fit(self, read: Terms, rows: Integers, y: Floats, target: Target, penalty: float) -> "FittedTerms":
        """Return the linear model of the terms, without those that the rows hold too seldom."""
        some = read.some(rows)
        weight = rarity(some, VIEWS[self.view].least)
        if not self.rare:
            weight = np.sign(weight)
        used = np.flatnonzero(weight)
        matrix = weighted(some, weight, used)
        del some  # as large as the matrix, and several are fitted at once
        part = fit_part(matrix, y[rows], target, penalty).among(used, len(weight))
        return FittedTerms(self.column, VIEWS[self.view], read.names, weight, part)

    def raw(self, fitted: "FittedTerms", read: Terms, rows: Integers) -> Floats:
        """Return the model's raw predictions."""
        return fitted.part.raw(weighted(read.some(rows), fitted.weight))


@dataclass(frozen=True)
class FittedTerms:
    """A linear model of a text's terms."""

    column: str
    view: View
    names: tuple[str, ...]
    weight: Floats  # of each term, (terms,); 0 of those that are not used
    part: LinearPart

    @cached_property
    def used(self) -> "FittedTerms":
        """The same model without the terms that have no say."""
        used = np.flatnonzero(self.weight > 0)
        names = tuple(self.names[place] for place in used)
        return replace(self, names=names, weight=self.weight[used], part=self.part.of(used))

    @property
    def columns(self) -> tuple[str, ...]:
        """The text."""
        return (self.column,)

    @property
    def reads(self) -> Hashable:
        """The view of the text."""
        return self.view.name, self.column

    @property
    def block(self) -> TextBlock:
        """The block of the text's terms."""
        return TextBlock(self.column, self.view.name)

    def of(self, read: Terms) -> "FittedTerms | None":
        """Return the same model of the terms of a table's texts, None where some of its own are not among them."""
        if read.names == self.names:
            return self
        own, place = self.used, {name: place for place, name in enumerate(read.names)}
        places = np.fromiter((place.get(name, -1) for name in own.names), np.int64, len(own.names))
        if (places < 0).any():
            return None
        weight = np.zeros(len(read.names))
        weight[places] = own.weight
        return FittedTerms(self.column, self.view, read.names, weight, own.part.among(places, len(weight)))

    def read(self, given: Given) -> Counted:
        """Return how often each text holds each of its terms."""
        return self.view.count(given[self.column])

    def raw(self, read: Counted) -> Floats:
        """Return the model's raw predictions."""
        return self.part.raw(self.matrix(read)) if len(self.used.names) == len(self.names) else self.used.raw(read)

    def matrix(self, read: Counted) -> "csr_array":
        """Return the weights of the terms, (texts, terms), each text's row of length 1."""
        return weighted(known_terms(read, self.names, self._place), self.weight)

    @cached_property
    def _place(self) -> dict[str, int]:
        return {name: place for place, name in enumerate(self.names)}

    def save(self) -> dict[str, bytes]:
        """Return the terms, their weights and coefficients."""
        used = self.used
        return {"terms.txt": "\n".join(used.names).encode(), **used.part.save(weight=used.weight)}

    @classmethod
    def load(cls, saved: Mapping[str, Any], files: Mapping[str, bytes], target: Target) -> Self:  # noqa: ARG003 - terms need none
        """Return the model that `save` wrote."""
        part, others = LinearPart.load(files, "weight")
        text = files["terms.txt"].decode()
        names = tuple(text.split("\n")) if text else ()
        return cls(saved["column"], VIEWS[saved["view"]], names, others["weight"], part)


@dataclass(frozen=True)
class EmbeddingBlock:
    """The embedding of one text column: each number to unit variance, each row to length 1."""

    column: str
    form: str = "plain"

    @property
    def forms(self) -> tuple[Block, ...]:
        """Return it as it is."""
        return (self,)

    @property
    def title(self) -> str:
        """Its name in facts."""
        return f"meaning of {self.column}"

    def penalties(self, target: Target) -> tuple[float, ...]:
        """Return those for rows of length 1."""
        return graded(target)

    def read(self, seen: pd.DataFrame) -> Floats:
        """Return the embedding, (rows, numbers)."""
        return seen[embedding_of(seen, self.column)].to_numpy(np.float64)

    def fit(self, read: Floats, rows: Integers, y: Floats, target: Target, penalty: float) -> "FittedEmbedding":
        """Return the linear model of the embedding."""
        some = read[rows]
        middle, spread = some.mean(axis=0), some.std(axis=0)
        middle, spread = steady(middle), steady(np.where(spread > NORM, spread, 1.0))
        part = fit_part(scaled(some, middle, spread), y[rows], target, penalty)
        return FittedEmbedding(self.column, middle, spread, part)

    def raw(self, fitted: "FittedEmbedding", read: Floats, rows: Integers) -> Floats:
        """Return the model's raw predictions."""
        return fitted.raw(read[rows])


@dataclass(frozen=True)
class FittedEmbedding:
    """A linear model of an embedding."""

    column: str
    middle: Floats  # of each number, (numbers,)
    spread: Floats
    part: LinearPart

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The numbers of the embedding."""
        return tuple(f"{self.column} [{place}]" for place in range(len(self.middle)))

    @property
    def reads(self) -> Hashable:
        """The embedding of the text."""
        return "embedding", self.column

    @property
    def block(self) -> EmbeddingBlock:
        """The block of the embedding."""
        return EmbeddingBlock(self.column)

    def of(self, _: Floats) -> Self:
        """Return it as it is."""
        return self

    def read(self, given: Given) -> Floats:
        """Return the embedding, (rows, numbers)."""
        return np.column_stack([np.asarray(given[name], np.float64) for name in self.columns])

    def raw(self, read: Floats) -> Floats:
        """Return the model's raw predictions."""
        return self.part.raw(scaled(read, self.middle, self.spread))

    def save(self) -> dict[str, bytes]:
        """Return the scale and the coefficients."""
        return self.part.save(middle=self.middle, spread=self.spread)

    @classmethod
    def load(cls, saved: Mapping[str, Any], files: Mapping[str, bytes], target: Target) -> Self:  # noqa: ARG003 - it needs none
        """Return the model that `save` wrote."""
        part, others = LinearPart.load(files, "middle", "spread")
        return cls(saved["column"], others["middle"], others["spread"], part)


def scaled(numbers: Floats, middle: Floats, spread: Floats) -> Floats:
    """Return an embedding (rows, numbers) with its numbers centred and of unit variance, each row then of length 1."""
    found = np.ascontiguousarray((numbers - middle) / spread)  # so that each row is added up as any other
    length = np.sqrt(np.square(found).sum(axis=1, keepdims=True))
    return np.asarray(found / np.maximum(length, NORM))


def plain_blocks(features: Sequence[str], texts: Sequence[str], line: Line | None = None) -> tuple[Block, ...]:
    """Return the baseline's blocks: the features that are no texts, where there are any, and the words of each text."""
    lines: tuple[Block, ...] = (LineBlock(tuple(features), line or PlainLine()),) if features else ()
    return (*lines, *(TextBlock(column, WORDS.name) for column in texts))


def all_blocks(table: Table) -> tuple[Block, ...]:
    """Return the baseline's blocks and all others of the texts: phrases, spelling, and meaning where there is any."""
    terms = [TextBlock(column, view.name) for view in (PHRASES, SPELLING) for column in table.texts]
    meaning = [EmbeddingBlock(column) for column in table.texts if embedding_of(table.frame, column)]
    return (*plain_blocks(table.features, table.texts), *terms, *meaning)


@dataclass(frozen=True)
class Settled:
    """A block whose form and penalty are chosen already."""

    block: Block
    penalty: float

    @property
    def form(self) -> str:
        """What is special about its form."""
        return self.block.form

    @property
    def forms(self) -> tuple[Block, ...]:
        """Return the one."""
        return (self,)

    @property
    def title(self) -> str:
        """Its name in facts."""
        return self.block.title

    def penalties(self, target: Target) -> tuple[float, ...]:  # noqa: ARG002 - whatever the target is
        """Return the one."""
        return (self.penalty,)

    def read(self, seen: pd.DataFrame) -> Any:  # noqa: ANN401 - what the block reads
        """Return what the block reads."""
        return self.block.read(seen)

    def fit(self, read: Any, rows: Integers, y: Floats, target: Target, penalty: float) -> Fitted:  # noqa: ANN401 - as above
        """Return what the block fits."""
        return self.block.fit(read, rows, y, target, penalty)

    def raw(self, fitted: Any, read: Any, rows: Integers) -> Floats:  # noqa: ANN401 - as above
        """Return the block's raw predictions."""
        return self.block.raw(fitted, read, rows)
