"""Values and names from data are text, never markup, and tables are tables."""

import pytest
from markdown_it import MarkdownIt

from pipelines.rendering.tables import check_tables, find_tables, split_row
from pipelines.rendering.text import code, escape, plain

HOSTILE = [
    "a|b", "`rm`", "<script>alert(1)</script>", "*bold* _it_ ~~no~~", "[x](http://e.org)", "![x](y)", "a\\|b", "&lt;",
    "$x^2$",
    "# head", "- item", "1. item", "2) item", "+ item", "===", "---", "https://example.org/a", "www.example.org",
    "a@b.org", "> quote",
    "a__b__c", "line\\", "``", "||", "\\", "0.25", "-1", "é ½ 漢",
]  # fmt: skip


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("place", ["{}", "- {}", "| head |\n|:---|\n| {} |", "**{}** x"])
def test_text_shows_as_itself(value: str, place: str) -> None:
    """A Markdown reader sees the very characters, in a paragraph, a list item, a table cell or bold."""
    tokens = (
        MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(place.format(escape(value)))
    )
    inline = [token for token in tokens if token.type == "inline"][-1]
    texts = [child.content for child in inline.children or [] if child.type in ("text", "text_special")]
    kinds = {child.type for child in inline.children or []}
    assert "".join(texts).removesuffix(" x") == value
    assert kinds <= {"text", "text_special", "strong_open", "strong_close"}
    assert len([token for token in tokens if token.type.endswith("_open")]) <= 8


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
