"""Values and names from data are text, never markup, and tables are tables."""

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given, settings, strategies
from markdown_it import MarkdownIt

from pipelines.core.errors import seen
from pipelines.report.tables import check_tables, find_tables, split_row
from pipelines.report.text import LONGEST_NAME, code, escape, plain

HOSTILE = [
    "a|b", "`rm`", "<script>alert(1)</script>", "*bold* _it_ ~~no~~", "[x](http://e.org)", "![x](y)", "a\\|b", "&lt;",
    "$x^2$",
    "# head", "- item", "1. item", "2) item", "+ item", "===", "---", "https://example.org/a", "www.example.org",
    "a@b.org", "> quote",
    "a__b__c", "line\\", "``", "||", "\\", "0.25", "-1", "é ½ 漢",
]  # fmt: skip


READER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
PLACES = ["{}", "- {}", "| head |\n|:---|\n| {} |", "**a {}.** x"]
SHOWING = {"text", "text_special", "code_inline"}  # tokens that hold what is seen
# What means something to Markdown, to GitHub or to a terminal, each likelier than chance would make it.
PARTS = [
    *HOSTILE, "www", "www.", "http:", "//", "mailto:", "xmpp:", "@", "[x] ", "[^1]", "]:", "](", "![", "<!--", "-->",
    "```", "$`", "`$", "\n", "\n\n", "\t", "\r", "    ", "\x1b[31m", "\x00", "\x1c", "\x85", "\u2028", "\u202e",
    "\u200b", "\ufeff", "\u3164", "\ufe0f", "\U000e0041", "\ue000", "\ud800", "\u00a0", "\u2003",
]  # fmt: skip
TEXTS = strategies.lists(strategies.sampled_from(PARTS) | strategies.text(max_size=5), max_size=8).map("".join)


def read(place: str, markdown: str) -> tuple[str, set[str], int]:
    """Return what a reader sees of a text in its place, as which kinds of token, and how many parts the page has."""
    tokens = READER.parse(place.format(markdown))
    lines = [token for token in tokens if token.type == "inline"]
    children = (lines[-1].children or []) if lines else []
    shown = "".join(child.content for child in children if child.type in SHOWING)
    parts = [token for token in tokens if token.type.endswith("_open") or token.type in ("fence", "html_block", "hr")]
    around = ("a ", ". x") if "**" in place else ("", "")
    return shown.removeprefix(around[0]).removesuffix(around[1]), {child.type for child in children}, len(parts)


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("place", PLACES)
def test_text_shows_as_itself(value: str, place: str) -> None:
    """A Markdown reader sees the very characters, in a paragraph, a list item, a table cell or bold."""
    assert read(place, escape(value))[0] == value


@settings(max_examples=400, deadline=None)
@given(TEXTS, strategies.sampled_from(PLACES), strategies.sampled_from([escape, code]))
def test_any_text_shows_as_itself(value: str, place: str, write: Callable[[object], str]) -> None:
    """All of it is seen, none of it is markup, and the page has no more parts than with a harmless word."""
    whole = plain(value, LONGEST_NAME if write is code else None)
    written = write(value)
    shown, kinds, parts = read(place, written)
    assert shown == whole
    assert kinds <= SHOWING | ({"strong_open", "strong_close"} if "**" in place else set())
    assert parts == read(place, "word" if whole else "")[2]
    assert all(seen(c) or unicodedata.category(c) == "Zs" for c in written)
    assert len(split_row(f"| {written} |")) == 1


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_plain_text_stays_as_it_is(value: str) -> None:
    """It may pass through twice."""
    assert plain(plain(value)) == plain(value)


def test_a_mail_address_is_no_link() -> None:
    """GitHub links one even where a backslash stands before its @; a code span keeps the two sides apart."""
    assert escape("a.b+c@example.org, @a") == "a.b+c`@`example.org, \\@a"


@pytest.mark.parametrize("value", HOSTILE)
def test_code_shows_the_name(value: str) -> None:
    """A name in a code span, or beside one where a code span cannot hold it, shows its own characters."""
    tokens = MarkdownIt("commonmark").enable("table").parse(f"| head |\n|:---|\n| {code(value)} |")
    inline = [token for token in tokens if token.type == "inline"][-1]
    shown = "".join(
        child.content for child in inline.children or [] if child.type in ("text", "text_special", "code_inline")
    )
    assert shown == value


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("a\nb", "a b"),
        ("a\r\n\tb", "a b"),
        ("a\x00b", "a<U+0000>b"),
        ("a\u202eb", "a<U+202E>b"),
        ("a\ue000b", "a<U+E000>b"),
        (" x ", "x"),
    ],
)
def test_what_cannot_be_seen_is_shown(value: str, shown: str) -> None:
    """Line breaks become spaces; control, direction and private characters become their code points."""
    assert plain(value) == shown


def test_long_names_are_shortened() -> None:
    """A name of a million characters takes no more room than any other."""
    assert plain("x" * 1_000_000, 10) == "x" * 9 + "…"
    assert len(code("x" * 1_000_000)) == 62


def test_an_escaped_pipe_does_not_split_a_cell() -> None:
    """Cells are split at bare pipes only."""
    assert split_row(r"| a \| b | c |") == [r"a \| b", "c"]


def test_tables_are_found() -> None:
    """Two tables with text between them are two."""
    page = "| a |\n|:---|\n| b |\n\ntext\n\n| c | d |\n|---:|:---|\n| e | f |\n"
    assert [len(lines) for lines in find_tables(page)] == [3, 3]
    check_tables(page)


@pytest.mark.parametrize(
    ("page", "complaint"),
    [
        ("| a | b |\n|:---|---:|\n| c |", "1 cells in a table of 2"),
        ("| a | b |\n|:---|---:|", "not a table"),
        ("| a |\n| b |\n| c |", "not a table"),
        ("| a |\n|:---|\n| b", "a row with"),
    ],
)
def test_a_broken_table_raises(page: str, complaint: str) -> None:
    """Ragged rows, missing delimiter rows and tables without rows are refused."""
    with pytest.raises(ValueError, match=complaint):
        check_tables(page)
