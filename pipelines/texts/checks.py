"""What a column must hold to be used as text: refused by name where it does not, with what to do instead."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from pipelines.core.cells import ROWS, value_label
from pipelines.core.errors import InputError, quote
from pipelines.facts.define import TextColumn
from pipelines.texts.words import WORD, Words

FEWEST = 200  # rows with a text: with fewer, hardly a word occurs often enough to be learned from
FEWEST_WORDS = 2  # of the text in the middle: texts of one word are labels
OFTEN = 5  # times that each text occurs on average, from which texts are labels
MOSTLY_ONCE, IN_ROWS = 0.5, 0.05  # share of words that occur once; share of rows that one word at least stands in
GARBLED = 0.01  # share of texts with signs of a wrong encoding
GIVEN_AWAY = 0.9  # share of a class's rows that hold its label, and at most half as many of the others
AROUND = 20  # characters shown on either side of what is wrong
LABELS = 'declare it as `{ type = "category" }`: each text is a label'

# Controls except tab and ends of line, and the sign that stands for what could not be decoded.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1b\x7f-\x84\x86-\x9f\ufffd]")
# UTF-8 that was read as Windows-1252 or Latin-1: a letter of two bytes begins with one of these and goes on with one of
# those (RFC 3629, section 3); marks of three bytes begin with \u00e2\u20ac.
_SECOND = "\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122"
MISREAD = re.compile(f"[\u00c3\u00d0\u00d1][{_SECOND}]|\u00c2[\u00a0-\u00bf]|\u00e2\u20ac|\u00ef\u00bb\u00bf")
# Writing systems that put no blanks between words: Thai, Lao, Khmer, kana and Chinese characters.
UNPARTED = re.compile("[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True)
class Truth:
    """What texts may give away. Arrays are (rows,)."""

    y: np.ndarray  # numbers of classes, or amounts
    labels: Sequence[str] | None  # of the classes
    cells: pd.Series  # the target as parsed


def check_texts(
    texts: Mapping[str, pd.Series], truth: Truth, row_id: np.ndarray, sure: Sequence[str], where: str
) -> list[TextColumn]:
    """Return the facts of each column of text; raise InputError where one cannot be used as text.

    `texts` are str with missing values, (rows,); `row_id` are the rows' places in the file. A column that the project
    file is `sure` of may hold the target's labels.
    """
    return [
        _check(name, column.reset_index(drop=True), truth, row_id, sure=name in sure, where=where)
        for name, column in texts.items()
    ]


def _check(name: str, column: pd.Series, truth: Truth, row_id: np.ndarray, *, sure: bool, where: str) -> TextColumn:
    filled = column.fillna("")
    words = Words.of(filled)
    place = f"{where}, column {quote(name)}"
    if (unfit := why_unfit(filled, words)) is not None:
        raise InputError(
            f"column {quote(name)} is of type 'text', and {unfit.found}",
            where=place if unfit.row is None else f"{place}, row {row_id[unfit.row]} ({ROWS})",
            allowed=unfit.allowed,
            todo=(f"{unfit.todo}; " if unfit.todo else "")
            + f'`use = "numbers"` for {quote(name)} in [columns] uses its length alone, `drop` leaves it out',
        )
    if not sure:
        check_labels(filled, truth, name, row_id, place)
    there = words.counts > 0
    return {
        "column": name, "rows": int(there.sum()), "empty": int((~there).sum()),
        "different": int(column[there].nunique()), "words": len(words.codes), "vocabulary": len(words.vocabulary),
        "garbled": int(garbled(filled).sum()),
    }  # fmt: skip


class Unfit(NamedTuple):
    """Why a column cannot be used as text, in words."""

    brief: str  # as a remark
    found: str  # as a message, after the column's name
    allowed: str
    todo: str = ""  # besides using its length alone, or nothing
    row: int | None = None  # the place of an example


def why_unfit(texts: pd.Series, words: Words) -> Unfit | None:
    """Return why texts, str without missing values, cannot be used as text; None if they can."""
    there = np.flatnonzero(words.counts > 0)
    if len(there) < FEWEST:
        return Unfit(
            f"fewer than {FEWEST} rows hold a text", f"{len(there):,} row(s) hold a text",
            f"at least {FEWEST} rows with a text: with fewer no word occurs often enough to be learned from",
        )  # fmt: skip
    return _encoding(texts) or _words(texts, words, there) or _repeats(texts.iloc[there]) or _codes(texts, words, there)


def garbled(texts: pd.Series) -> np.ndarray:
    """Return which texts, str, show signs of a wrong encoding, bool."""
    return (texts.str.contains(CONTROL) | texts.str.contains(MISREAD)).to_numpy(bool)


def _encoding(texts: pd.Series) -> Unfit | None:
    """Return whether too many texts show signs of a wrong encoding."""
    odd = np.flatnonzero(garbled(texts))
    if len(odd) <= GARBLED * int((texts != "").sum()):
        return None
    text = str(texts.iloc[odd[0]])
    found = CONTROL.search(text) or MISREAD.search(text)
    at = 0 if found is None else found.start()
    what = "control characters or \\ufffd" if CONTROL.search(text) else "letters of a wrong encoding"
    return Unfit(
        f"{len(odd):,} texts hold {what}",
        f"{len(odd):,} text(s) hold {what}, as {quote(text[max(0, at - AROUND) : at + AROUND])}",
        f"such signs in at most {100 * GARBLED:g} % of the texts: they split words",
        "write the file again as UTF-8, from where the texts come from", int(odd[0]),
    )  # fmt: skip


def _words(texts: pd.Series, words: Words, there: np.ndarray) -> Unfit | None:
    """Return whether most texts are single words, or words are not parted by blanks."""
    example = quote(texts.iloc[there[0]])
    sample = "".join(texts.iloc[there[:FEWEST]])
    if len(UNPARTED.findall(sample)) > len(sample) / 2:
        return Unfit(
            "there are no blanks between words",
            f"is in a writing system without blanks between words, as {example}", "words with blanks between them",
        )  # fmt: skip
    middle = float(np.median(words.counts[there]))
    if middle >= FEWEST_WORDS:
        return None
    return Unfit(
        "half of the texts are single words",
        f"half of its texts have {middle:g} word(s) or fewer, as {example}", f"texts of {FEWEST_WORDS} words or more",
        LABELS,
    )  # fmt: skip


def _repeats(texts: pd.Series) -> Unfit | None:
    """Return whether each text occurs so often that it is a label."""
    different = int(texts.nunique())
    if len(texts) < OFTEN * different:
        return None
    often = f"{len(texts) / different:.1f} times on average"
    return Unfit(
        f"each text occurs {often}",
        f"holds {different:,} different texts in {len(texts):,} rows, each {often}, as {quote(texts.mode().iloc[0])}",
        f"texts that occur fewer than {OFTEN} times on average", LABELS,
    )  # fmt: skip


def _codes(texts: pd.Series, words: Words, there: np.ndarray) -> Unfit | None:
    """Return whether most words occur once, and no word in many rows: names of rows, and no texts."""
    once = float((words.occurrences == 1).sum()) / len(words.codes)
    commonest = int(words.texts_with.max())
    if once <= MOSTLY_ONCE or commonest >= IN_ROWS * len(there):
        return None
    return Unfit(
        "its words are names or codes: most occur once",
        f"{100 * once:.0f} % of its words occur once, and none in more than {commonest:,} of {len(there):,} rows, as "
        f"in names, codes or addresses: {quote(texts.iloc[there[0]])}",
        "texts that have words in common", row=int(there[0]),
    )  # fmt: skip


def check_labels(texts: pd.Series, truth: Truth, name: str, row_id: np.ndarray, where: str) -> None:
    """Raise InputError where texts hold the target: the labels of a class, or an amount as the file writes it.

    In more than GIVEN_AWAY of a class's rows, and in at most half as large a share of the others: a word that all texts
    have says nothing. Amounts are held against those of the row before.
    """
    padded = " " + texts.map(lambda text: " ".join(WORD.findall(text.lower()))) + " "
    for number, label in enumerate(truth.labels or ()):
        own = truth.y == number
        sought = " ".join(WORD.findall(label.lower()))
        has = padded.str.contains(f" {sought} ", regex=False).to_numpy(bool)
        if sought and _gives_away(has[own], has[~own]):
            raise _given_away(f"the label {quote(label)} of the target", name, has & own, own, row_id, where)
    if truth.labels is None:
        whole = np.ones(len(padded), bool)
        ways = [[f" {' '.join(WORD.findall(way))} " for way in _written(cell)] for cell in truth.cells.tolist()]
        has, other = (_holds(padded, ways), _holds(padded, ways[-1:] + ways[:-1]))
        if _gives_away(has, other):
            raise _given_away("the row's own value of the target", name, has, whole, row_id, where)


def _written(value: object) -> list[str]:
    """Return how texts may write an amount: 1234.5 and 1,234.5."""
    plain = value_label(value)
    return [plain, f"{value:,.0f}" if plain.isdigit() else f"{value:,}"] if isinstance(value, float) else [plain]


def _holds(texts: pd.Series, sought: list[list[str]]) -> np.ndarray:
    """Return which texts hold one of the row's own ways of writing, bool."""
    return np.array([any(way in text for way in ways) for ways, text in zip(sought, texts, strict=True)], bool)


def _gives_away(own: np.ndarray, others: np.ndarray) -> bool:
    """Return whether the texts of a class say so; `own` and `others` are which of its and other rows hold the label."""
    return bool(own.mean() > GIVEN_AWAY and others.mean() <= own.mean() / 2)


def _given_away(what: str, name: str, has: np.ndarray, own: np.ndarray, row_id: np.ndarray, where: str) -> InputError:
    first = int(row_id[np.flatnonzero(has)[0]])
    return InputError(
        f"{what} stands in the texts of column {quote(name)} in {int(has.sum()):,} of its {int(own.sum()):,} rows",
        where=f"{where}, row {first} ({ROWS})",
        allowed="texts that were written without knowing the target",
        todo=f"take it out of the texts, or drop {quote(name)}; if the texts hold it when the prediction is made as "
        f"well, sure = [{quote(name)}]",
    )
