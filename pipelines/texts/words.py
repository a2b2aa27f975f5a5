"""Texts as numbered words: what checks, near copies and looks count."""

import re
from array import array
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING, Self

import numpy as np

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

WORD = re.compile(r"\w+(?:['\u2019]\w+)*")  # letters, digits and underscores; don't is one word
DIGIT = re.compile(r"\d")


@dataclass(frozen=True)
class Words:
    """The words of some texts, in lower case and in order, each by its number in the vocabulary."""

    vocabulary: list[str]  # the different words, in order of appearance
    codes: np.ndarray  # (all words,) int32
    counts: np.ndarray  # (texts,) int64: words of each text

    @classmethod
    def of(cls, texts: Iterable[str], *, digits_alike: bool = False) -> Self:
        """Return the words of texts; `digits_alike` writes every digit as 0."""
        numbers: defaultdict[str, int] = defaultdict(count().__next__)
        codes, counts = array("i"), array("q")
        for text in texts:
            found = WORD.findall(DIGIT.sub("0", text.lower()) if digits_alike else text.lower())
            codes.extend(map(numbers.__getitem__, found))
            counts.append(len(found))
        return cls(list(numbers), np.frombuffer(codes, np.int32), np.frombuffer(counts, np.int64))

    @cached_property
    def row(self) -> np.ndarray:
        """The text that each word stands in, int64 (all words,)."""
        return np.repeat(np.arange(len(self.counts)), self.counts)

    @cached_property
    def begin(self) -> np.ndarray:
        """The place of each text's first word among all words, int64 (texts,)."""
        return np.cumsum(self.counts) - self.counts

    @cached_property
    def occurrences(self) -> np.ndarray:
        """How often each word of the vocabulary occurs, int64."""
        return np.bincount(self.codes, minlength=len(self.vocabulary))

    @cached_property
    def presence(self) -> "csr_matrix":
        """Which text holds which word: ones, float64 (texts, vocabulary)."""
        return presence(self.row, self.codes, (len(self.counts), len(self.vocabulary)))

    @cached_property
    def texts_with(self) -> np.ndarray:
        """In how many texts each word of the vocabulary stands, int64."""
        return np.bincount(self.presence.indices, minlength=len(self.vocabulary))


def presence(row: np.ndarray, column: np.ndarray, shape: tuple[int, int]) -> "csr_matrix":
    """Return a sparse matrix, float64, with a 1 wherever a row has a column, however often."""
    from scipy.sparse import csr_matrix

    found = csr_matrix((np.ones(len(row)), (row, column)), shape=shape)
    found.data[:] = 1  # equal places were added up
    return found
