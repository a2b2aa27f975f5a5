"""What is read of a text: its words, its phrases, or pieces of its words; and how often each stands in it."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from scipy.sparse import csr_array

WORD = r"(?u)\b\w+(?:['\u2019]\w+)*"  # letters and digits, with what follows an apostrophe: isn't is one word


@dataclass(frozen=True)
class View:
    """A way to read texts as terms, from `shortest` to `longest` words or characters long."""

    name: str
    analyzer: Literal["word", "char_wb"]
    shortest: int
    longest: int
    least: int  # texts that a term must stand in to count

    @property
    def of_words(self) -> bool:
        """Whether terms are pieces of words."""
        return self.analyzer == "char_wb"

    def vectorizer(self, **settings: object) -> Any:  # noqa: ANN401 - scikit-learn has no types
        """Return scikit-learn's unfitted CountVectorizer."""
        from sklearn.feature_extraction.text import CountVectorizer

        pattern = {} if self.of_words else {"token_pattern": WORD}
        lengths = self.shortest, self.longest
        return CountVectorizer(analyzer=self.analyzer, ngram_range=lengths, dtype=np.float64, **pattern, **settings)

    def count(self, texts: Iterable[str]) -> "Counted":
        """Return how often each text holds each of its terms."""
        analyze = _analyzer(self)
        counts = [Counter(analyze(text)) for text in texts]
        each = np.array([len(one) for one in counts], np.int64)
        total = int(each.sum())
        times = np.fromiter(chain.from_iterable(one.values() for one in counts), np.float64, total)
        return Counted(list(chain.from_iterable(counts)), 1 + np.log(times), each)


@dataclass(frozen=True)
class Counted:
    """The terms of some texts, whichever they are."""

    terms: list[str]  # those of the first text, then those of the second, ...
    weight: np.ndarray  # 1 + ln(count) of each
    each: np.ndarray  # how many terms each text has, (texts,)


@cache
def _analyzer(view: View) -> Callable[[str], list[str]]:
    """Return what gives the terms of a text, each as often as it stands there."""
    analyzer: Callable[[str], list[str]] = view.vectorizer().build_analyzer()
    return analyzer


WORDS = View("words", "word", 1, 1, least=2)
PHRASES = View("phrases", "word", 1, 3, least=2)  # words as well: what one says alone depends on its phrases
SPELLING = View("spelling", "char_wb", 2, 5, least=5)
VIEWS = {view.name: view for view in (WORDS, PHRASES, SPELLING)}


@dataclass(frozen=True)
class Terms:
    """The terms of some texts: 1 + ln(count) of each in each text (Salton and Buckley 1988), sparse (texts, terms)."""

    names: tuple[str, ...]
    weight: "csr_array"

    def some(self, rows: np.ndarray) -> "Terms":
        """Return the terms of some of the texts (places)."""
        return Terms(self.names, self.weight[rows])


def read_terms(view: View, texts: pd.Series, names: Sequence[str] | None = None) -> Terms:
    """Return the terms of texts: those in `names`, or all that stand in at least `view.least` of the texts."""
    from scipy.sparse import csr_array

    if names is not None:
        return known_terms(view.count(texts), names, {name: place for place, name in enumerate(names)})
    try:
        found, counts = (_count_pieces if view.of_words else _count)(view, texts, min(view.least, max(len(texts), 1)))
    except ValueError:  # scikit-learn's, of texts without a single term
        return Terms((), csr_array((len(texts), 0), dtype=np.float64))
    counts.sort_indices()
    counts.data = 1 + np.log(counts.data)
    return Terms(tuple(found.tolist()), counts)


def _count(view: View, texts: Iterable[str], least: int) -> "tuple[np.ndarray, csr_array]":
    """Return the terms of `least` texts or more, (terms,) in order, and how often each text holds each."""
    from scipy.sparse import csr_array

    vectorizer = view.vectorizer(min_df=least)
    counts = csr_array(vectorizer.fit_transform(texts))
    return vectorizer.get_feature_names_out(), counts


def _count_pieces(view: View, texts: Iterable[str], least: int) -> "tuple[np.ndarray, csr_array]":
    """Return what `_count` does of terms that are pieces of words: each different word is cut up once.

    Words are what stands between white space, as scikit-learn cuts them up.
    """
    from scipy.sparse import csr_array
    from sklearn.feature_extraction.text import CountVectorizer

    words = CountVectorizer(analyzer=_split, dtype=np.float64)
    held = csr_array(words.fit_transform(texts))
    names, pieces = _count(view, words.get_feature_names_out(), 1)
    counts = held @ pieces
    often = np.flatnonzero(np.bincount(counts.indices, minlength=counts.shape[1]) >= least)
    return names[often], counts[:, often]


def _split(text: str) -> list[str]:
    return text.lower().split()


def known_terms(counted: Counted, names: Sequence[str], place: Mapping[str, int]) -> Terms:
    """Return those terms of counted texts that are in `names`, `place` being where each of these stands."""
    from scipy.sparse import csr_array

    places = np.fromiter(map(place.get, counted.terms, repeat(-1)), np.int64, len(counted.terms))
    known = places >= 0
    text = np.repeat(np.arange(len(counted.each)), counted.each)[known]
    ends = np.cumsum([0, *np.bincount(text, minlength=len(counted.each))])
    weight = csr_array((counted.weight[known], places[known], ends), shape=(len(counted.each), len(names)))
    weight.sort_indices()
    return Terms(tuple(names), weight)


def rarity(terms: Terms, least: int) -> np.ndarray:
    """Return the weight of each term by how few of the texts hold it, (terms,): 1 + ln((1 + n) / (1 + df)).

    It is 0 for terms in fewer than `least` of them. So is scikit-learn's smoothed inverse document frequency.
    """
    held = np.bincount(terms.weight.indices, minlength=len(terms.names))
    weight = 1 + np.log((1 + terms.weight.shape[0]) / (1 + held))
    return np.where(held >= least, weight, 0.0)


def weighted(terms: Terms, weight: np.ndarray, used: np.ndarray | None = None) -> "csr_array":
    """Return the terms times their weight, each text's row then of length 1 (0 where it holds none of them).

    With `used` it has the columns of those terms alone, which are all that have a weight.
    """
    from scipy.sparse import csr_array

    matrix = csr_array(terms.weight)
    if used is not None and len(used) < matrix.shape[1]:
        matrix, weight = matrix[:, used], weight[used]
    data = matrix.data * weight[matrix.indices]
    # A sparse product adds up row by row: a row's digits do not depend on those before it.
    squares = csr_array((np.square(data), matrix.indices, matrix.indptr), shape=matrix.shape)
    length = np.sqrt(squares @ np.ones(len(weight)))
    length[length == 0] = 1.0
    data /= np.repeat(length, np.diff(matrix.indptr))
    return csr_array((data, matrix.indices, matrix.indptr), shape=matrix.shape)
