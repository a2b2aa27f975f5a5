"""The words of texts, counted and weighed: what their topics and their commonest words are read off.

A word is two or more letters, digits or underscores in a row, in lower case; two words that follow each other count
too. A text's weights are those of TF-IDF (Salton and Buckley 1988, Term-weighting approaches in automatic text
retrieval), with 1 + ln(count) for the count, and of unit length.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipelines.core.steady import steady

FEWEST_TEXTS = 2  # that hold a word, or two in a row
MOST_TERMS = 100_000  # the commonest are kept; 12,000 sentences have 30,000
LONGEST = (1, 2)  # words in a row
Sparse = Any  # a csr matrix of scipy, which is imported late and has no types


@dataclass(frozen=True)
class WordCounts:
    """The words, and pairs of words, that training texts hold."""

    terms: tuple[str, ...]  # in alphabetical order
    rarity: NDArray[np.float64]  # (terms,) ln((1 + texts) / (1 + those with the term)) + 1

    @cached_property
    def place(self) -> dict[str, int]:
        """Where each term stands."""
        return {term: place for place, term in enumerate(self.terms)}

    def counts(self, texts: pd.Series) -> Sparse:
        """Return how often each text holds each term: a csr matrix (texts, terms)."""
        from scipy.sparse import csr_matrix

        if not self.terms:
            return csr_matrix((len(texts), 0), dtype=np.float64)
        return self._counter.transform(texts).astype(np.float64)

    def weights(self, counts: Sparse) -> Sparse:
        """Return the weights that belong to counts: a csr matrix (texts, terms), rows of unit length, or 0."""
        weighed = counts.copy()
        weighed.data = steady(1 + np.log(weighed.data)) * self.rarity[weighed.indices]
        lengths = np.sqrt(np.asarray(weighed.multiply(weighed).sum(axis=1)).ravel())
        weighed.data /= np.repeat(lengths, np.diff(weighed.indptr))
        return weighed

    @cached_property
    def _counter(self) -> Any:  # noqa: ANN401 - as above
        from sklearn.feature_extraction.text import CountVectorizer

        return CountVectorizer(vocabulary=list(self.terms), ngram_range=LONGEST)


def count_words(texts: pd.Series) -> tuple[WordCounts, Sparse]:
    """Return the terms that at least FEWEST_TEXTS texts hold, and how often each text holds each."""
    from scipy.sparse import csr_matrix
    from sklearn.feature_extraction.text import CountVectorizer

    try:
        counter = CountVectorizer(ngram_range=LONGEST, min_df=FEWEST_TEXTS)
        counts = counter.fit_transform(texts).astype(np.float64)
    except ValueError:  # no word stands in two texts
        return WordCounts((), np.empty(0)), csr_matrix((len(texts), 0), dtype=np.float64)
    terms = counter.get_feature_names_out()
    holding = texts_with(counts)
    if len(terms) > MOST_TERMS:
        kept = np.sort(np.argsort(-holding, kind="stable")[:MOST_TERMS])
        terms, holding, counts = terms[kept], holding[kept], counts[:, kept]
    rarity = steady(np.log((1 + len(texts)) / (1 + holding)) + 1)
    return WordCounts(tuple(map(str, terms)), rarity), counts


def texts_with(counts: Sparse) -> NDArray[np.int64]:
    """Return in how many texts each term stands, int64 (terms,)."""
    return np.bincount(counts.indices, minlength=counts.shape[1]).astype(np.int64)


def common_words(
    terms: Sequence[str], holding: NDArray[np.int64], texts: int, most: int, low: float, high: float
) -> list[str]:
    """Return the `most` single words that most texts hold, ties in alphabetical order, of those between two shares."""
    order = np.argsort(-holding, kind="stable")
    single = (int(place) for place in order if " " not in terms[place])
    return [terms[place] for place in single if low * texts <= holding[place] <= high * texts][:most]
