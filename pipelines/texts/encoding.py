"""What step `encode` makes of one text column: topics, words and meaning as numbers, learned from training rows alone.

The target is never looked at. The same text gives the same numbers alone and among others, at any later time.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipelines.core.rowwise import row_products
from pipelines.texts.axes import Axes, components_of, topics_of
from pipelines.texts.encoder import Encoder, Vectors
from pipelines.texts.word_counts import WordCounts, common_words, count_words, texts_with

TOPICS, WORDS, MEANINGS = 30, 60, 20
RAREST, COMMONEST = 0.01, 0.8  # of the training rows, that hold a word which becomes a column
ROWS = 4_096  # of a product at a time: a few MiB


@dataclass(frozen=True)
class Explained:
    """How much of the training rows' variance the few columns keep."""

    topics: float  # of the weights of words
    meanings: float | None  # of the embedding; None without an encoder


@dataclass(frozen=True)
class Encoding:
    """What was learned of one text column."""

    column: str
    words: WordCounts
    topics: Axes  # (terms, topics)
    common: tuple[str, ...]  # words that become a column each
    mean: NDArray[np.float64]  # (width,) of the embedding; none without an encoder
    meanings: Axes  # (width, meanings)
    encoder: Encoder | None
    explained: Explained

    def columns(self, texts: pd.Series, vectors: Vectors | None = None) -> pd.DataFrame:
        """Return the columns of texts ("" where one is missing), with their index.

        float32 `column (topic 1)`, ..., `column (word great)`, ..., and with an encoder `column (meaning 1)`, ...; then
        float16 `column [0]`, ...: the embedding itself. `vectors` (rows, width) are what the encoder gives for the
        texts, where that is known already.
        """
        return pd.DataFrame(self.of_words(texts) | self.of_meaning(texts, vectors), index=texts.index)

    @cached_property
    def names_of_words(self) -> tuple[str, ...]:
        """The columns that words make."""
        topics = (f"{self.column} (topic {i + 1})" for i in range(self.topics.shape[1]))
        return (*topics, *(f"{self.column} (word {word})" for word in self.common))

    @cached_property
    def names_of_meaning(self) -> tuple[str, ...]:
        """The columns that an encoder makes; none without one."""
        meanings = (f"{self.column} (meaning {i + 1})" for i in range(self.meanings.shape[1]))
        return (*meanings, *(f"{self.column} [{i}]" for i in range(len(self.mean))))

    def of_words(self, texts: pd.Series) -> dict[str, np.ndarray]:
        """Return the columns that words make."""
        counts = self.words.counts(texts)
        along = np.asarray(self.words.weights(counts) @ self.topics.astype(np.float64)).astype(np.float32)
        held = counts[:, [self.words.place[word] for word in self.common]].toarray() > 0
        return dict(zip(self.names_of_words, [*along.T, *held.astype(np.float32).T], strict=True))

    def of_meaning(self, texts: pd.Series, vectors: Vectors | None = None) -> dict[str, np.ndarray]:
        """Return the columns that the encoder makes, of `vectors` where these are known already."""
        if self.encoder is None:
            return {}
        vectors = self.encoder.embed(texts.tolist()) if vectors is None else vectors
        made = [*self._along(vectors).T, *vectors.astype(np.float16).T]
        return dict(zip(self.names_of_meaning, made, strict=True))

    def _along(self, vectors: Vectors) -> NDArray[np.float32]:
        """Return the parts of vectors (rows, width) along each axis of meaning, float32 (rows, meanings)."""
        found = np.empty((len(vectors), self.meanings.shape[1]), np.float32)
        axes = self.meanings.astype(np.float64)
        for begin in range(0, len(vectors) if axes.shape[1] else 0, ROWS):
            part = slice(begin, begin + ROWS)
            found[part] = row_products(vectors[part] - self.mean, axes)
        return found


def learn(
    texts: pd.Series, train: NDArray[np.bool_], encoder: Encoder | None, vectors: Vectors | None = None
) -> Encoding:
    """Return what the training rows of a text column (`texts`, "" where one is missing) teach; `train` is (rows,).

    `vectors` (rows, width) are what the encoder gives for all texts, where that is known already.
    """
    shown = texts[train]
    words, counts = count_words(shown)
    topics, kept = topics_of(words.weights(counts), TOPICS)
    common = common_words(words.terms, texts_with(counts), len(shown), WORDS, RAREST, COMMONEST)
    mean, meanings, also = np.empty(0), np.empty((0, 0), np.float32), None
    if encoder is not None:
        known = encoder.embed(shown.tolist()) if vectors is None else vectors[train]
        mean, meanings, also = components_of(known, MEANINGS)
    explained = Explained(kept, also)
    return Encoding(str(texts.name), words, topics, tuple(common), mean, meanings, encoder, explained)
