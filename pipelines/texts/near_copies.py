"""Texts that are nearly the same: forms filled in, forwarded messages, news of several agencies.

Texts are compared by their shingles, the sets of three words in a row with every digit written as 0, and are near
copies where the sets' Jaccard similarity, the share of the shingles of both that they have in common, is at least
SIMILAR. Candidates come from MinHash signatures that agree in a band (Broder 1997, "On the resemblance and containment
of documents"; Leskovec, Rajaraman and Ullman, "Mining of Massive Datasets", chapter 3): with 16 bands of four hashes,
of pairs at a similarity of .7, 98.8 % are found, at .8 nearly all. Every candidate is then compared exactly. Time grows
with the number of words.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pipelines.texts.words import Words, presence

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

LONG = 3  # words of a shingle
SHORT = 5  # words from which a text is compared: "I'm home" repeats by chance and is no copy
HASHES, BANDS = 64, 16
SIMILAR = 0.7
NEXT = 8  # texts of a bucket that each is compared with: the buckets of a form that all fill in may be large
PAIRS, SHINGLES = 200_000, 2_000_000  # looked at a time: this bounds memory
SEED = 7

_MIX = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)  # splitmix64 (Steele, Lea and Flood 2014)
_SHIFTS = np.uint64(30), np.uint64(27), np.uint64(31)
_STEP = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class NearCopies:
    """Which texts are near copies of each other. Arrays are (texts,)."""

    component: np.ndarray  # int64, numbered from 0 in order of appearance: near copies, and theirs, share a number
    exact: np.ndarray  # bool: the same text occurs elsewhere, character by character

    @cached_property
    def sizes(self) -> np.ndarray:
        """How many texts each component holds, int64 (components,)."""
        return np.bincount(self.component)

    @cached_property
    def copied(self) -> np.ndarray:
        """Which texts have a near copy, bool."""
        return self.sizes[self.component] > 1


def find_near_copies(texts: pd.Series) -> NearCopies:
    """Return the near copies among texts, str without missing values; texts of fewer than SHORT words have none."""
    words = Words.of(texts, digits_alike=True)
    long = np.flatnonzero(words.counts >= SHORT)
    exact = texts.duplicated(keep=False).to_numpy() & (words.counts > 0)
    if not len(long):
        return NearCopies(np.arange(len(texts)), exact)
    shingle, row = shingles(words, words.counts >= SHORT)
    begin = np.searchsorted(row, long)
    # A text that stands there a thousand times is compared once.
    first = _first_alike(shingle, begin)
    units = np.unique(first)
    pairs = _candidates(signatures(shingle, begin)[units])
    similar = _similarities(shingle, begin, units, pairs)
    links = np.concatenate([units[pairs[similar >= SIMILAR]], np.column_stack([np.arange(len(long)), first])])
    return NearCopies(components(long[links], len(texts)), exact)


def shingles(words: Words, which: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return a number for each LONG words in a row, uint64, and the text that they stand in, int64.

    Of the texts `which`, (texts,) bool. Numbers are hashes of the words themselves, whatever the other texts are.
    """
    own = pd.util.hash_array(np.array(words.vocabulary, dtype=object), categorize=False)
    left = np.repeat(words.begin + words.counts, words.counts) - np.arange(len(words.codes))  # words to the text's end
    starts = np.flatnonzero((left >= LONG) & which[words.row])
    found = np.zeros(len(starts), np.uint64)
    for step in range(LONG):
        found = mixed(found * _STEP + own[words.codes[starts + step]])
    return found, words.row[starts]


def signatures(shingle: np.ndarray, begin: np.ndarray) -> np.ndarray:
    """Return the MinHash signatures of sets of shingles, uint32 (sets, HASHES).

    `shingle` holds the sets one after the other, none empty, `begin` where each begins. The share of places in which
    two signatures agree estimates the Jaccard similarity of the two sets.
    """
    keys = np.random.default_rng(SEED).integers(0, 2**64, HASHES, dtype=np.uint64)
    found = np.empty((len(begin), HASHES), np.uint32)
    ends = np.append(begin[1:], len(shingle))
    at = 0
    while at < len(begin):
        to = max(at + 1, int(np.searchsorted(ends, begin[at] + SHINGLES, side="right")))
        some, places = shingle[begin[at] : ends[to - 1]], begin[at:to] - begin[at]
        for column, key in enumerate(keys):
            found[at:to, column] = np.minimum.reduceat(mixed(some ^ key) >> np.uint64(32), places)
        at = to
    return found


def jaccard(sets: "csr_matrix", pairs: np.ndarray) -> np.ndarray:
    """Return the Jaccard similarity of the pairs (pairs, 2) of rows of a matrix of ones, float64 (pairs,)."""
    one, other = sets[pairs[:, 0]], sets[pairs[:, 1]]
    both = np.asarray(one.multiply(other).sum(axis=1)).ravel()
    sizes = np.diff(sets.indptr)
    return both / (sizes[pairs[:, 0]] + sizes[pairs[:, 1]] - both)


def components(links: np.ndarray, size: int) -> np.ndarray:
    """Return the number of each of `size` things, int64: equal where links (links, 2) connect them, from 0 on."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    graph = coo_matrix((np.ones(len(links), np.int8), (links[:, 0], links[:, 1])), shape=(size, size))
    return pd.factorize(connected_components(graph, directed=False)[1])[0].astype(np.int64)


def joined(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return a number for each row, int64 from 0: equal where a chain of rows that share a number in either leads."""
    size = len(one)
    links = [
        np.column_stack([np.arange(size), place * size + pd.factorize(grouping)[0]])
        for place, grouping in ((1, one), (2, other))
    ]
    return pd.factorize(components(np.concatenate(links), 3 * size)[:size])[0].astype(np.int64)


def mixed(values: np.ndarray) -> np.ndarray:
    """Return uint64 values, each bit of which depends on all of the given ones': splitmix64's last step."""
    values = (values ^ (values >> _SHIFTS[0])) * _MIX[0]
    values = (values ^ (values >> _SHIFTS[1])) * _MIX[1]
    return values ^ (values >> _SHIFTS[2])


def _first_alike(shingle: np.ndarray, begin: np.ndarray) -> np.ndarray:
    """Return for each set of shingles the place of the first one of the same shingles in the same order, int64."""
    sizes = np.diff(np.append(begin, len(shingle)))
    place = (np.arange(len(shingle)) - np.repeat(begin, sizes)).astype(np.uint64)
    sums = np.add.reduceat(mixed(shingle + place * _STEP), begin)
    _, first, inverse = np.unique(mixed(sums), return_index=True, return_inverse=True)
    return first[inverse].astype(np.int64)


def _candidates(signature: np.ndarray) -> np.ndarray:
    """Return pairs of texts whose signatures agree in a band, each pair once, int64 (pairs, 2), the smaller first."""
    size, width = len(signature), HASHES // BANDS
    keys = np.zeros((size, BANDS), np.uint64)
    for place in range(width):
        keys = mixed(keys * _STEP + signature[:, place::width])
    found = [np.empty(0, np.int64)]
    for band in range(BANDS):
        # Within a bucket by the next band too, so that the most alike stand beside each other.
        order = np.lexsort((keys[:, (band + 1) % BANDS], keys[:, band]))
        key = keys[order, band]
        for step in range(1, min(NEXT, size - 1) + 1):
            alike = np.flatnonzero(key[step:] == key[:-step])
            if not len(alike):
                break
            one, other = order[alike], order[alike + step]
            found.append(np.minimum(one, other) * size + np.maximum(one, other))
    codes = np.unique(np.concatenate(found))
    return np.column_stack([codes // size, codes % size])


def _similarities(shingle: np.ndarray, begin: np.ndarray, units: np.ndarray, pairs: np.ndarray) -> np.ndarray:
    """Return the similarity of the pairs of `units`, each a set of shingles by its place, float64 (pairs,)."""
    if not len(pairs):
        return np.empty(0)
    asked = np.unique(pairs)
    ends = np.append(begin[1:], len(shingle))
    sizes = (ends - begin)[units[asked]]
    inside = np.repeat(begin[units[asked]] - (np.cumsum(sizes) - sizes), sizes) + np.arange(sizes.sum())
    codes, different = pd.factorize(shingle[inside])
    sets = presence(np.repeat(np.arange(len(asked)), sizes), codes, (len(asked), len(different)))
    own = np.searchsorted(asked, pairs)
    return np.concatenate([jaccard(sets, own[at : at + PAIRS]) for at in range(0, len(own), PAIRS)])
