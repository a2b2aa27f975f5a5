"""Near copies of texts, against comparing every pair."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from pipelines.texts.near_copies import (
    HASHES,
    LONG,
    SHORT,
    SIMILAR,
    components,
    find_near_copies,
    jaccard,
    joined,
    shingles,
    signatures,
)
from pipelines.texts.words import Words, presence

VOCABULARY = ["the", "a", "ship", "sank", "near", "port", "on", "friday", "with", "12", "men", "aboard", "it's", "Wind"]


def invented(texts: int, seed: int) -> pd.Series:
    """Return texts of four to thirty words, a third of them changed copies of earlier ones."""
    rng = np.random.default_rng(seed)
    made: list[list[str]] = []
    for _ in range(texts):
        if made and rng.random() < 1 / 3:
            words = list(made[rng.integers(len(made))])
            for place in rng.integers(len(words), size=rng.integers(0, 3)):
                words[place] = f"{rng.integers(100)}x"
        else:
            words = [str(word) for word in rng.choice(VOCABULARY, rng.integers(4, 31))]
        made.append(words)
    return pd.Series([" ".join(words) for words in made], dtype="str")


def sets_of(texts: pd.Series) -> list[set[tuple[str, ...]]]:
    """Return the shingles of each text as Python says it, none of short texts."""
    found = []
    for text in texts:
        words = "".join("0" if sign.isdigit() else sign for sign in text.lower()).split()
        starts = range(len(words) - LONG + 1) if len(words) >= SHORT else ()
        found.append({tuple(words[i : i + LONG]) for i in starts})
    return found


def similarity(one: set[tuple[str, ...]], other: set[tuple[str, ...]]) -> float:
    """Return Jaccard's similarity of two sets."""
    return len(one & other) / len(one | other) if one | other else 0.0


def by_hand(texts: pd.Series) -> np.ndarray:
    """Return the components that comparing every pair gives, numbered in order of appearance."""
    own, sets = np.arange(len(texts)), sets_of(texts)
    for i, j in combinations(range(len(texts)), 2):
        if similarity(sets[i], sets[j]) >= SIMILAR:
            own[own == own[j]] = own[i]
    return pd.factorize(own)[0]


@pytest.mark.parametrize("seed", range(4))
def test_components_are_those_of_comparing_every_pair(seed: int) -> None:
    """Of 300 texts the same ones are found together."""
    texts = invented(300, seed)

    found = find_near_copies(texts)

    expected = by_hand(texts)
    assert 30 < (np.bincount(expected)[expected] > 1).sum() < 270
    assert found.component.tolist() == expected.tolist()
    assert found.copied.tolist() == (np.bincount(expected)[expected] > 1).tolist()


def test_a_signature_estimates_the_similarity() -> None:
    """The share of places in which two signatures agree is Jaccard's similarity, within its binomial error."""
    texts = invented(400, 9)
    words = Words.of(texts, digits_alike=True)
    shingle, row = shingles(words, words.counts >= SHORT)
    long = np.flatnonzero(words.counts >= SHORT)
    signature = signatures(shingle, np.searchsorted(row, long))
    sets = sets_of(texts)
    pairs = [(i, j) for i, j in combinations(range(len(long)), 2) if similarity(sets[long[i]], sets[long[j]]) > 0.1]

    true = np.array([similarity(sets[long[i]], sets[long[j]]) for i, j in pairs])
    estimated = np.array([(signature[i] == signature[j]).mean() for i, j in pairs])

    z = (estimated - true) / np.sqrt(np.clip(true * (1 - true), 0.01, None) / HASHES)
    assert len(pairs) > 100
    assert abs(float(z.mean())) < 0.35
    assert 0.6 < float(z.std()) < 1.3


def test_jaccard_of_rows_is_that_of_sets() -> None:
    """Rows {0, 1, 2} and {1, 2, 3} have two of four in common."""
    sets = presence(np.array([0, 0, 0, 1, 1, 1, 1]), np.array([0, 1, 2, 1, 2, 3, 3]), (2, 4))

    assert jaccard(sets, np.array([[0, 1], [0, 0]])).tolist() == [0.5, 1.0]


def test_digits_and_case_do_not_distinguish_texts() -> None:
    """A form that is filled in with another number is the same form; another town is none in so short a text."""
    texts = pd.Series(
        ["Your order 123 has been sent today", "your order 987 has been SENT today!", "Your car 123 was towed today"],
        dtype="str",
    )

    found = find_near_copies(texts)

    assert found.component.tolist() == [0, 0, 1]
    assert not found.exact.any()


@pytest.mark.parametrize("text", ["", "fine", "I'm home", "one two three four", "?!"])
def test_short_texts_repeat_by_chance(text: str) -> None:
    """Texts of fewer than five words are no copies, however often they occur."""
    found = find_near_copies(pd.Series([text] * 4, dtype="str"))

    assert found.component.tolist() == [0, 1, 2, 3]
    assert not found.copied.any()


def test_a_text_that_repeats_is_exact() -> None:
    """Only texts equal in every character are exact copies; nothing equals an empty text."""
    texts = pd.Series(["a b c d e f", "a b c d e f", "A b c d e f", "", ""], dtype="str")

    found = find_near_copies(texts)

    assert found.exact.tolist() == [True, True, False, False, False]
    assert found.component.tolist() == [0, 0, 0, 1, 2]


def test_the_order_of_the_texts_does_not_matter() -> None:
    """Shuffled texts give the same components."""
    texts = invented(300, 3)
    order = np.random.default_rng(1).permutation(len(texts))

    straight = find_near_copies(texts).component[order]
    shuffled = find_near_copies(texts.iloc[order].reset_index(drop=True)).component

    assert pd.factorize(straight)[0].tolist() == shuffled.tolist()


def test_a_form_that_many_fill_in_stays_together() -> None:
    """Of 3,000 texts that differ in one word nearly all are found together, though each is compared with few."""
    form = "dear customer {} we have sent the parcel from our shop in the old town and thank you very much for buying"
    names = ["".join(letters) for letters in np.random.default_rng(0).choice(list("abcdefghij"), (3000, 6))]
    texts = pd.Series([form.format(name) for name in names], dtype="str")

    assert find_near_copies(texts).sizes.max() > 2900


def test_components_follow_chains() -> None:
    """0-3 and 3-1 connect 0, 1 and 3; 2 is alone."""
    assert components(np.array([[0, 3], [3, 1]]), 4).tolist() == [0, 0, 1, 0]


def test_joined_groupings_follow_chains_through_both() -> None:
    """Rows 0 and 1 share a film, 1 and 3 a text: all three stay together, 2 and 4 alone."""
    assert joined(np.array([7, 7, 8, 9, 5]), np.array([0, 1, 2, 1, 3])).tolist() == [0, 0, 1, 0, 2]


def test_joining_with_single_rows_changes_nothing() -> None:
    """A grouping joined with one of single rows is itself."""
    group = np.array([3, 1, 3, 2, 1])

    assert joined(group, np.arange(5)).tolist() == pd.factorize(group)[0].tolist()
