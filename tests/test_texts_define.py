"""Columns of text in step 1: what is refused, what is reported, and which rows stay together."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import pytest
from toy_raw import change, run_later
from toy_texts import TEXT_TOML, defined, labels, reviews, text_raw, texts_of

from pipelines.core.errors import InputError
from pipelines.core.project import parse_project
from pipelines.define import Defined, define
from pipelines.facts.define import TextsFound

FILE = "data/raw/small.csv"


def texts_in(made: Defined) -> TextsFound:
    """Return what step 1 says of texts."""
    found = made.facts["texts"]
    assert found is not None
    return found


def refused(raw: pd.DataFrame, toml: str = TEXT_TOML) -> str:
    """Return the message of a table that step 1 refuses."""
    with pytest.raises(InputError) as caught:
        define(raw, parse_project(toml, "small", "projects/small.toml"), "0" * 64, run_later)
    return str(caught.value)


def with_texts(texts: Sequence[str | None] | pd.Series) -> pd.DataFrame:
    """Return the toy table with other texts."""
    return text_raw(len(texts)).assign(review=pd.Series(list(texts), dtype="str"))


def changed(every: int, how: Callable[[str], str], rows: int = 400) -> pd.DataFrame:
    """Return the toy table with every so manieth text changed."""
    return with_texts([how(text) if i % every == 0 else text for i, text in enumerate(reviews(rows))])


def codes(rows: int = 400) -> list[str]:
    """Return texts of words that occur once each."""
    return [f"{i:x}f3 {i * 7:x}a9 {i * 13:x}c1" for i in range(rows)]


MISSING = change(TEXT_TOML, review='{ type = "text", missing = 0.9 }')
FEW = [text if i < 150 else None for i, text in enumerate(reviews(400))]
AMOUNTS = change(
    TEXT_TOML.replace('positive = "fresh"\n', ""), task='"regression"', label='{ type = "number" }', kind='"random"',
    primary='"rmse"', film='{ type = "category" }',
)  # fmt: skip


def priced(form: str, price: np.ndarray) -> pd.DataFrame:
    """Return the toy table with a price as target, and the texts of it that say so."""
    texts = [f"{text} {form.format(amount)}" for text, amount in zip(reviews(400), price.tolist(), strict=True)]
    return with_texts(texts).assign(label=price)


PRICES = np.random.default_rng(5).integers(1, 5000, 400) + 0.5
REFUSED: dict[str, tuple[pd.DataFrame, str, list[str]]] = {
    "too few rows": (
        text_raw(150), TEXT_TOML, ["'review' is of type 'text', and 150 row(s)", "200", 'use = "numbers"']
    ),
    "too few rows with a text": (with_texts(FEW), MISSING, ["150 row(s) hold a text"]),
    "texts of signs alone": (with_texts(["?!"] * 400), TEXT_TOML, ["0 row(s) hold a text", "at least 200 rows"]),
    "empty texts": (with_texts([t if i % 4 == 0 else " " for i, t in enumerate(reviews())]), TEXT_TOML, ["100 row(s)"]),
    "single words": (
        with_texts([text.split()[0] for text in reviews()]), TEXT_TOML,
        ["half of its texts have 1 word(s)", "texts of 2 words or more", '`{ type = "category" }`'],
    ),
    "one word in most texts": (
        with_texts([text if i % 5 == 0 else text.split()[0] for i, text in enumerate(reviews())]), TEXT_TOML,
        ["half of its texts have 1 word(s)"],
    ),
    "Chinese": (
        with_texts(["\u8fd9\u90e8\u7535\u5f71\u5f88\u597d\u770b" + text.split()[0] for text in reviews()]), TEXT_TOML,
        ["without blanks between words", 'use = "numbers"'],
    ),
    "Thai": (
        with_texts(["\u0e20\u0e32\u0e1e\u0e22\u0e19\u0e15\u0e23\u0e4c \u0e14\u0e35 \u0e21\u0e32\u0e01"] * 400),
        TEXT_TOML, ["without blanks between words"],
    ),
    "texts that repeat": (
        with_texts([["not so good", "very good", "so so"][i % 3] for i in range(400)]), TEXT_TOML,
        ["3 different texts in 400 rows, each 133.3 times", "'not so good'", '`{ type = "category" }`'],
    ),
    "each text five times": (
        with_texts(list(reviews(80)) * 5), TEXT_TOML, ["80 different texts in 400 rows, each 5.0 times"]
    ),
    "codes": (with_texts(codes()), TEXT_TOML, ["of its words occur once", "row 0", "'0f3 0a9 0c1'"]),
    "hashes": (
        with_texts([f"{i * 7919:032x} {i * 104729:032x}" for i in range(400)]), TEXT_TOML, ["100 % of its words"]
    ),
    "names": (
        with_texts([f"Ann{chr(97 + i % 26)}{i // 26} Smith{i}" for i in range(400)]), TEXT_TOML, ["names, codes"]
    ),
    "control characters": (
        changed(20, lambda text: text[:9] + "\x07" + text[9:]), TEXT_TOML,
        ["20 text(s) hold control characters", "\\x07", "row 0", "write the file again as UTF-8"],
    ),
    "C1 controls": (changed(50, lambda text: text + "\x92s"), TEXT_TOML, ["8 text(s)", "\\x92"]),
    "replacement characters": (changed(10, lambda text: "caf\ufffd " + text), TEXT_TOML, ["40 text(s)", "\\ufffd"]),
    "UTF-8 read as Windows-1252": (
        changed(10, lambda text: text + " caf\u00e9".encode().decode("cp1252")), TEXT_TOML,
        ["40 text(s)", "letters of a wrong encoding"],
    ),
    "dashes read as Windows-1252": (
        changed(10, lambda text: text + " \u2013 fine".encode().decode("cp1252")), TEXT_TOML, ["wrong encoding"]
    ),
    "Russian read as Windows-1252": (
        changed(10, lambda text: text + " " + "\u0434\u043e\u043c".encode().decode("cp1252")), TEXT_TOML,
        ["wrong encoding"],
    ),
    "a byte-order mark in every file": (
        changed(10, lambda text: "\ufeff".encode().decode("cp1252") + text), TEXT_TOML, ["wrong encoding"]
    ),
    "the label of one class": (
        with_texts([f"{t} Fresh!" if i % 2 == 0 else t for i, t in enumerate(reviews())]), TEXT_TOML,
        ["the label 'fresh' of the target stands in the texts of column 'review' in 200 of its 200 rows", "row 0",
         "sure = ['review']"],
    ),
    "the labels of both": (
        with_texts([f"Verdict: {label}. {t}" for t, label in zip(reviews(), labels(), strict=True)]), TEXT_TOML,
        ["the label 'rotten'", "200 of its 200 rows", "row 1"],
    ),
    "labels in most rows": (
        with_texts([f"{t} rotten" if i % 2 and i % 25 else t for i, t in enumerate(reviews())]), TEXT_TOML,
        ["the label 'rotten'", "192 of its 200 rows"],
    ),
    "a label of two words": (
        with_texts([f"{t}, of the not so_good kind." if i % 2 else t for i, t in enumerate(reviews())]).assign(
            label=np.where(np.arange(400) % 2 == 0, "fresh", "Not so_good")
        ), TEXT_TOML, ["the label 'Not so_good'"],
    ),
    "the amount itself": (
        priced("for {:.1f} dollars", PRICES), AMOUNTS, ["the row's own value of the target", "400 of"]
    ),
    "the amount with commas": (priced("for {:,.1f} dollars", PRICES), AMOUNTS, ["the row's own value of the target"]),
    "whole amounts": (priced("for {:,.0f} dollars", PRICES - 0.5), AMOUNTS, ["the row's own value of the target"]),
    "a second column of text": (
        text_raw().assign(film=pd.Series(["no", "yes"] * 200, dtype="str")),
        change(TEXT_TOML, film='{ type = "text" }'), ["column 'film'", "half of its texts have 1 word(s)"],
    ),
    "near copies that leave nothing to test": (
        with_texts([f"dear customer we have sent the parcel with your order {i} to you {'today' if i % 2 else ''}"
                    for i in range(400)]), TEXT_TOML,
        ["too few rows", 'text.near_copies = "report"'],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_column_that_cannot_be_used_as_text_is_refused(name: str) -> None:
    """The message names column and row, what was found, what is allowed and what to do."""
    raw, toml, expected = REFUSED[name]

    message = refused(raw, toml)

    assert [part for part in (FILE, *expected) if part not in message] == []
    assert [line.split(":")[0] for line in message.splitlines()] == ["error", "where", "allowed", "do"]


IN_WORDS = '{ type = "text" }'


def section(lines: str) -> str:
    """Return the toy project with a section [text] of these lines."""
    return f"{TEXT_TOML}[text]\n{lines}\n"


WRONG: dict[str, tuple[str, list[str]]] = {
    "an unknown key": (section('near_copy = "together"'), ["'text.near_copy'", "did you mean `near_copies`?"]),
    "an unknown treatment": (
        section('near_copies = "apart"'), ["`text.near_copies` is 'apart'", "'together' or 'report'"]
    ),
    "no list": (section('mask = "film"'), ["`text.mask` is 'film'", "a list"]),
    "an unknown column": (
        section('mask = ["movie"]'), ["text.mask names 'movie', which is neither declared nor dropped"]
    ),
    "a column by nearly its name": (section('mask = ["films"]'), ["did you mean 'film'?"]),
    "the target masked": (section('mask = ["label"]'), ["text.mask names the target 'label'"]),
    "the text masked by itself": (
        section('mask = ["review"]'), ["text.mask names 'review', a column of text itself"]
    ),
    "nothing that could be removed": (
        section('strip = ["footers"]'), ["`text.strip", "'footers'", "'headers' or 'quotes'"]
    ),
    "a section about no text": (
        section("mask = []").replace(IN_WORDS, '{ type = "text", use = "numbers" }'),
        ["[text] is for columns of type 'text' that models see; there is none"],
    ),
    "another section about no text": (
        section('near_copies = "report"').replace(IN_WORDS, '{ type = "category" }'), ["there is none"]
    ),
    "words of a number": (
        change(TEXT_TOML, year='{ type = "integer", use = "words" }'), ["`use` is for the types text, not for"]
    ),
    "an unknown use": (change(TEXT_TOML, review='{ type = "text", use = "meaning" }'), ["'words' or 'numbers'"]),
    "a category without headers": (
        change(TEXT_TOML, film='{ type = "category", strip = ["headers"] }'), ["`strip` is for the types text"]
    ),
    "a section that is none": ("text = 3\n" + TEXT_TOML, ["`text` is 3", "a section, [text]"]),
    "a reserved name": (
        change(TEXT_TOML.replace("film =", "masked_words ="), review=IN_WORDS), ["'masked_words', a name already taken"]
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_a_project_file_says_of_texts_is_checked(name: str) -> None:
    """The message names the key, and what it may be."""
    toml, expected = WRONG[name]

    with pytest.raises(InputError) as caught:
        parse_project(toml, "small", "projects/small.toml")

    assert [part for part in expected if part not in str(caught.value)] == []


def copied(rows: int = 400) -> pd.DataFrame:
    """Return the toy table in which rows 300 to 399 are near copies of rows 0 to 99."""
    texts = list(reviews(rows))
    for place in range(100):
        texts[300 + place] = texts[place] + " 7"
    return with_texts(texts).assign(film=pd.Series([f"film {i // 5}" for i in range(rows)], dtype="str"))


def sides(made: Defined) -> list[tuple[str, int]]:
    """Return split and fold of each row."""
    frame = made.table.frame
    return list(zip(frame["split"], frame["fold"].tolist(), strict=True))


@pytest.mark.parametrize(
    "split",
    ['kind = "stratified"', 'kind = "random"', 'kind = "group"\ncolumn = "film"'],
)
def test_near_copies_stay_on_one_side_and_in_one_fold(split: str) -> None:
    """Row 300 + i is where row i is, whatever draws the rows; facts say how many there are."""
    made = defined(copied(), TEXT_TOML.replace('kind = "stratified"', split))

    where = sides(made)
    near = texts_in(made)["near_copies"]
    assert where[300:] == where[:100]
    assert near["rows"] == 200
    assert (near["across_split"], near["across_folds"], near["exact"]) == (0, 0, 0)
    assert near["treatment"] == "kept on one side of the split and in one fold"


def test_groups_that_share_a_text_become_one() -> None:
    """Film 0 (rows 0 to 4) and film 60 (rows 300 to 304) are drawn, and resampled, as one group."""
    made = defined(copied(), TEXT_TOML.replace('kind = "stratified"', 'kind = "group"\ncolumn = "film"'))

    group = made.table.frame["group"]
    assert set(group[[0, 4, 300, 304]]) == {0}
    assert group.nunique() == 60


def test_near_copies_may_be_left_where_they_are() -> None:
    """With "report", the draw is that without them, and facts count those that are torn apart."""
    toml = section('near_copies = "report"')
    made, other = defined(copied(), toml), defined(text_raw(), toml)

    near = texts_in(made)["near_copies"]
    assert sides(made) == sides(other)
    assert near["across_split"] > 10
    assert near["across_folds"] > 50
    assert near["treatment"] == "drawn like any rows, as text.near_copies says"


def test_a_split_in_time_leaves_near_copies_where_their_time_puts_them() -> None:
    """Rows 300 to 399 are the latest: all hundred test rows have a near copy among the training rows."""
    raw = copied().assign(year=np.arange(400))
    toml = TEXT_TOML.replace('kind = "stratified"', 'kind = "time"\ncolumn = "year"\ntest = 0.25')

    near = texts_in(defined(raw, toml))["near_copies"]

    assert near["across_split"] >= 95
    assert near["treatment"] == "kept where their time puts them"


def test_the_file_may_say_which_rows_are_for_testing() -> None:
    """Near copies among the training rows share a fold then."""
    raw = copied().assign(year=np.where(np.arange(400) % 8 > 5, 1, 0))
    toml = TEXT_TOML.replace('kind = "stratified"', 'kind = "column"\ncolumn = "year"\ntest_value = 1')

    near = texts_in(defined(raw, toml))["near_copies"]

    assert near["across_folds"] == 0
    assert near["treatment"] == "kept where the file's own column puts them; training rows in one fold"


def test_facts_count_words_and_texts() -> None:
    """Every word, the different ones, and rows without a text are counted."""
    texts = [text if i else None for i, text in enumerate(reviews())]
    made = defined(with_texts(texts), MISSING)

    words = " ".join(reviews()[1:]).split()
    assert texts_in(made)["columns"] == [
        {"column": "review", "rows": 399, "empty": 1, "different": 399, "words": len(words),
         "vocabulary": len(set(words)), "garbled": 0}
    ]  # fmt: skip


def test_a_table_without_text_says_nothing_of_texts() -> None:
    """The fact is null, and so where only the lengths of texts are used."""
    numbers = change(TEXT_TOML, review='{ type = "text", use = "numbers" }')

    assert defined(text_raw(), numbers).facts["texts"] is None
    assert (
        defined(text_raw().drop(columns="review"), TEXT_TOML.replace("review = " + IN_WORDS + "\n", "")).facts["texts"]
        is None
    )


def test_lengths_alone_ask_for_nothing() -> None:
    """Three different texts in 150 rows are fine where only their lengths are used."""
    raw = text_raw(150).assign(review=pd.Series(["so so", "fine", "not so good"] * 50, dtype="str"))

    made = defined(raw, change(TEXT_TOML, review='{ type = "text", use = "numbers" }'))

    assert made.table.features[:2] == ["review (characters)", "review (words)"]


FINE: dict[str, pd.DataFrame] = {
    "a label that all texts hold": with_texts([f"{text} fresh" for text in reviews()]),
    "a label in half of its rows": with_texts([f"{t} fresh" if i % 4 == 0 else t for i, t in enumerate(reviews())]),
    "a label inside of words": with_texts([f"{t} refreshing" if i % 2 == 0 else t for i, t in enumerate(reviews())]),
    "few wrong letters": changed(100, lambda text: "caf\ufffd " + text),
    "accents": with_texts([f"{text} S\u00c3O caf\u00e9 \u00c2ge na\u00efve" for text in reviews()]),
    "tabs and lines": with_texts([text.replace(" ", "\t", 1).replace(" ", "\r\n", 1) for text in reviews()]),
    "two words at the median": with_texts(
        [" ".join(text.split()[i % 5 : i % 5 + 2]) for i, text in enumerate(texts_of(labels(2000)))]
    ),
}


@pytest.mark.parametrize("name", FINE)
def test_texts_that_look_odd_and_are_fine_pass(name: str) -> None:
    """What all texts hold says nothing, and a sign here and there splits few words."""
    assert texts_in(defined(FINE[name]))["columns"][0]["column"] == "review"


def test_labels_may_stand_in_texts_where_the_user_is_sure() -> None:
    """The topic of a question may be one of its words."""
    raw = with_texts([f"Verdict: {label}. {t}" for t, label in zip(reviews(), labels(), strict=True)])

    made = defined(raw, TEXT_TOML.replace("drop = []", 'sure = ["review"]'))

    assert made.facts["texts"] is not None


def test_an_amount_that_all_rows_share_gives_nothing_away() -> None:
    """Texts that all say 5 hold the target 5 of most rows, as they would if they had been shuffled."""
    price = np.where(np.arange(400) % 50 == 0, 7.0, 5.0) + (np.arange(400) % 97 == 0)

    made = defined(with_texts([f"{text} for 5 dollars" for text in reviews()]).assign(label=price), AMOUNTS)

    assert made.facts["texts"] is not None


@pytest.mark.parametrize(
    "toml",
    [
        section('strip = ["headers", "quotes"]'),
        change(TEXT_TOML, review='{ type = "text", strip = ["headers", "quotes"] }'),
    ],
    ids=["section", "column"],
)
def test_headers_and_quotes_are_removed_where_asked_for(toml: str) -> None:
    """Lengths are those of what is left."""
    raw = with_texts([f"From: ann\nSubject: films\n\n> said bob\n{text}" for text in reviews()])

    lengths = defined(raw, toml).table.frame["review (characters)"]

    assert lengths.tolist() == [float(len(text)) for text in reviews()]


def test_words_to_mask_are_kept_by_row() -> None:
    """Of a film's name the words that few texts hold are kept, whatever holds them together; no model sees them."""
    raw = text_raw()
    texts = [f"{text} Zorro{i % 40}!" if i % 4 == 0 else text for i, text in enumerate(raw["review"])]
    raw = raw.assign(review=pd.Series(texts, dtype="str"), film=raw["film"].str.replace(" ", "_"))

    made = defined(raw, section('mask = ["film"]'))

    assert made.table.frame["masked_words"].tolist()[:3] == ["wild zorro0", "wild zorro1", "wild zorro2"]
    assert "masked_words" not in made.table.features
    assert texts_in(made)["masked_rows"] == 100
