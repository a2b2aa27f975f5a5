"""What a busy reader meets on a page: words, table rows, numbers, and how hard the sentences are."""

import re

from pipelines.report.tables import find_tables

PICTURE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
WORD = re.compile(r"[A-Za-z][A-Za-z'\N{RIGHT SINGLE QUOTATION MARK}-]*|\d[\d.,]*")
SENTENCE_END = re.compile(r"(?<=[a-z)\]%\d])[.!?]\s+|\n{1,}")
HEAD = 2  # lines of a table that are no rows


def unfolded(markdown: str) -> str:
    """Return the page as it opens, without what only a click shows; folds inside folds close with the outer one."""
    depth, shown = 0, []
    for part in re.split(r"(<details>|</details>)", markdown):
        if part in ("<details>", "</details>"):
            depth += 1 if part == "<details>" else -1
        elif depth == 0:
            shown.append(part)
    return "".join(shown)


def words(markdown: str) -> list[str]:
    """Return the words and numbers that are read; a picture's text stands for itself, a link's address is not read."""
    return WORD.findall(LINK.sub(r"\1", PICTURE.sub("", markdown)))


def rows(markdown: str) -> int:
    """Return how many rows all tables have, without their heads."""
    return sum(len(table) - HEAD for table in find_tables(markdown))


def before(markdown: str, heading: str) -> str:
    """Return what stands above a heading. Raises ValueError where there is none."""
    return markdown[: markdown.index(f"\n{heading}\n")]


def prose(markdown: str) -> str:
    """Return the sentences alone: no tables, pictures, headings, code or folds."""
    lines = [
        line for line in LINK.sub(r"\1", PICTURE.sub("", unfolded(markdown))).splitlines()
        if not line.startswith(("|", "#", "<"))
    ]  # fmt: skip
    return re.sub(r"[*`]", "", "\n".join(lines))


def grade(text: str) -> float:
    """Return the reading grade of Flesch and Kincaid (1975, Navy Research Branch Report 8-75), in school years.

    0.39 words a sentence + 11.8 syllables a word - 15.59; syllables are counted as groups of vowels, but for a silent
    e. Numbers count as one word of one syllable.
    """
    sentences = [one for one in SENTENCE_END.split(text) if WORD.search(one)]
    found = [word for one in sentences for word in WORD.findall(one)]
    syllables = sum(_syllables(word) for word in found)
    return 0.39 * len(found) / len(sentences) + 11.8 * syllables / len(found) - 15.59


def _syllables(word: str) -> int:
    letters = word.lower()
    if not letters[0].isalpha():
        return 1
    groups = len(re.findall(r"[aeiouy]+", letters))
    silent = letters.endswith("e") and not letters.endswith(("le", "ee", "ye")) and groups > 1
    return max(1, groups - silent)
