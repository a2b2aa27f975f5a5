"""Lines of a text that are not its own words: headers of a mail, quotes of another one, a form that begins every text.

What a mail's headers or a quoted question say may give the target away without any of the words that were written. Such
lines are counted, and removed only where the project file says so (`strip`).
"""

import re
from collections.abc import Collection
from typing import Literal

import pandas as pd

Stripped = Literal["headers", "quotes"]
STRIPPED: tuple[Stripped, ...] = ("headers", "quotes")

# One to three words, a colon, and a value: "Subject: Re: a question", "NNTP-Posting-Host: example.org".
HEADER = re.compile(r"[^\W\d_][\w.-]{0,30}(?: [\w.-]{1,30}){0,2}:[ \t]+\S")
MORE = re.compile(r"[ \t]+\S")  # a header's value that goes on in the next line
# Quoted lines, and those that name their author; the rule of scikit-learn's `strip_newsgroup_quoting`.
QUOTE = re.compile(r"(writes in|writes:|wrote:|says:|said:|^In article|^Quoted from|^\||^>)")

LONGEST_NAME = 40  # characters before a colon that may be the name of a field


def headers_of(text: str) -> list[str]:
    """Return the lines of a text that look like `Name: value`, none where it is a single line."""
    lines = text.splitlines()
    return [line for line in lines if HEADER.match(line)] if len(lines) > 1 else []


def quotes_of(text: str) -> list[str]:
    """Return the lines of a text that are quoted, or say who is quoted; none where it is a single line."""
    lines = text.splitlines()
    return [line for line in lines if QUOTE.search(line)] if len(lines) > 1 else []


def without_headers(text: str) -> str:
    """Return a text without the lines that look like `Name: value` at its beginning, and what they go on in."""
    lines = text.splitlines(keepends=True)
    if len(lines) < 2 or not HEADER.match(lines[0]):  # noqa: PLR2004 - a single line is all that was written
        return text
    end = next((i for i, line in enumerate(lines) if i and not HEADER.match(line) and not MORE.match(line)), len(lines))
    return "".join(lines[end:]).lstrip("\r\n")


def without_quotes(text: str) -> str:
    """Return a text without its quoted lines and those that say who is quoted."""
    lines = text.splitlines(keepends=True)
    return text if len(lines) < 2 else "".join(line for line in lines if not QUOTE.search(line))  # noqa: PLR2004 - as above


def stripped(texts: pd.Series, what: Collection[str]) -> pd.Series:
    """Return the texts, str with missing values, without what is to be removed, one or more of STRIPPED."""
    for name, remove in (("headers", without_headers), ("quotes", without_quotes)):
        if name in what:
            texts = texts.map(remove, na_action="ignore").astype("str")
    return texts


def first_form(text: str) -> str | None:
    """Return the form of a text's first line: digits as 0, and without what follows a colon; None of a single line."""
    lines = text.strip().splitlines()
    if len(lines) < 2:  # noqa: PLR2004 - as above
        return None
    line = re.sub(r"\d+", "0", " ".join(lines[0].lower().split()))
    head, colon, _ = line.partition(":")
    return head + colon if colon and len(head) <= LONGEST_NAME else line
