"""What is read of texts is scikit-learn's TF-IDF, to the last digits, learned from the rows fitted to alone."""

import numpy as np
import pandas as pd
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from toy_texts import reviews

from pipelines.models.worded.view import (
    PHRASES,
    SPELLING,
    VIEWS,
    WORD,
    WORDS,
    Terms,
    View,
    rarity,
    read_terms,
    weighted,
)

ODD = ["", "!?", "It isn't good, isn't it?", "L\u2019\u00c9t\u00e9 d'\u00e9t\u00e9"]
TEXTS = pd.Series([*reviews(120), *ODD], dtype="str")


@pytest.mark.parametrize("view", VIEWS.values(), ids=list(VIEWS))
def test_it_is_scikit_learn_s_tf_idf_of_the_rows_fitted_to(view: View) -> None:
    """Document frequencies, columns and lengths come from the rows fitted to; other rows are weighed by them."""
    rows = np.arange(0, len(TEXTS), 2)
    pattern = {"token_pattern": WORD} if view.analyzer == "word" else {}
    theirs = TfidfVectorizer(
        analyzer=view.analyzer, ngram_range=(view.shortest, view.longest), min_df=view.least,
        sublinear_tf=True, norm="l2", **pattern,
    )  # fmt: skip
    theirs.fit(TEXTS.iloc[rows])
    expected = theirs.transform(TEXTS).toarray()

    read = read_terms(view, TEXTS)
    weight = rarity(read.some(rows), view.least)
    ours = weighted(read, weight).toarray()

    used = np.flatnonzero(weight > 0)
    assert [read.names[i] for i in used] == theirs.get_feature_names_out().tolist()
    assert np.abs(ours[:, used] - expected).max() < 1e-12
    assert not ours[:, weight == 0].any()


def test_rare_terms_weigh_more() -> None:
    """Of three texts, one word stands in two and another in three: 1 + ln(4/3) and 1 + ln(4/4), by hand."""
    read = read_terms(WORDS, pd.Series(["a b b", "a b", "a c"], dtype="str"))

    assert read.names == ("a", "b")
    assert np.allclose(read.weight.toarray(), [[1, 1 + np.log(2)], [1, 1], [1, 0]])
    assert np.allclose(rarity(read.some(np.arange(3)), 2), [1.0, 1 + np.log(4 / 3)])
    assert rarity(read.some(np.arange(1, 3)), 2).tolist() == [1.0, 0.0]


def test_what_stands_after_an_apostrophe_belongs_to_the_word() -> None:
    """So "isn't" is a word that denies, and not the words "isn" and "t"."""
    read = read_terms(PHRASES, pd.Series(["isn't it good"] * 2, dtype="str"))

    assert read.names == ("good", "isn't", "isn't it", "isn't it good", "it", "it good")


def test_pieces_stay_inside_words() -> None:
    """A blank marks where a word begins and ends, and no piece goes across."""
    read = read_terms(SPELLING, pd.Series(["ab cd"] * 5, dtype="str"))

    assert all(" " not in name.strip() for name in read.names)
    assert {" ab", "ab ", " cd "} <= set(read.names)
    assert not any("b c" in name for name in read.names)


@pytest.mark.parametrize("texts", [["", ""], ["?!", "..."], []], ids=["empty", "no words", "no texts"])
def test_texts_without_a_term_have_no_columns(texts: list[str]) -> None:
    """There is nothing to read, and a row of nothing for each text."""
    read = read_terms(WORDS, pd.Series(texts, dtype="str"))

    assert (read.names, read.weight.shape) == ((), (len(texts), 0))
    assert weighted(read, np.zeros(0)).shape == (len(texts), 0)


def test_a_text_that_holds_no_known_term_is_a_row_of_zeros() -> None:
    """So is an empty one; neither is divided by a length of 0."""
    read = read_terms(WORDS, pd.Series(["unknown words", "", "known"], dtype="str"), ("known", "also"))

    matrix = weighted(read, np.ones(2)).toarray()
    assert matrix.tolist() == [[0.0, 0.0], [0.0, 0.0], [1.0, 0.0]]


def test_known_terms_give_the_same_bits_as_all_of_them() -> None:
    """A saved model reads a text by the terms that it uses, and weighs them as when it was fitted."""
    read = read_terms(WORDS, TEXTS)
    weight = rarity(read.some(np.arange(0, len(TEXTS), 3)), 2)
    used = np.flatnonzero(weight > 0)

    again: Terms = read_terms(WORDS, TEXTS, [read.names[i] for i in used])

    assert np.array_equal(weighted(again, weight[used]).toarray(), weighted(read, weight).toarray()[:, used])
    assert np.array_equal(weighted(again, weight[used]).toarray(), weighted(read, weight, used).toarray())


def test_pieces_of_each_different_word_are_those_of_scikit_learn() -> None:
    """Bit by bit, whatever stands between words, and of letters that are longer in lower case."""
    texts = pd.Series(
        [*reviews(200), "", "a", " \u0130stanbul  stra\u00dfe\tX\n b", "\x1c q\x85z \u2003k", "A\u00a0B A"]
    )
    vectorizer = SPELLING.vectorizer(min_df=SPELLING.least)
    counts = vectorizer.fit_transform(texts)
    counts.sort_indices()

    found = read_terms(SPELLING, texts)

    assert found.names == tuple(vectorizer.get_feature_names_out())
    assert np.array_equal(found.weight.indices, counts.indices)
    assert np.array_equal(found.weight.indptr, counts.indptr)
    assert found.weight.data.tobytes() == (1 + np.log(counts.data)).tobytes()
