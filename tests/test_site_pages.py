"""The pages of the site as the generator makes them: what GitHub shows, and links and pictures that are there."""

import contextlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import hostile
import pytest
from conftest import ROOT
from markdown_it import MarkdownIt

from flows.site import _bound_pages
from pipelines.report.formats import Formats
from pipelines.report.numbers import Binder, unbind
from pipelines.report.pages.report import Report
from pipelines.site.settings import MARKDOWN
from pipelines.site.spans import with_spans

SHAPES = {
    "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "p", "tr", "td", "th", "pre", "code", "strong", "em", "del",
    "summary", "details", "blockquote", "img", "br", "hr",
}  # fmt: skip
ADDRESSES = {"a": "href", "img": "src", "link": "href", "script": "src"}
NO_END = ("img", "br", "hr", "link", "meta", "input")


class Page(HTMLParser):
    """What stands on a page: its ids, its addresses by element, and its words in their shapes."""

    def __init__(self, html: str, *, within: str = "") -> None:
        super().__init__(convert_charrefs=True)
        self.ids: set[str] = set()
        self.addresses: list[tuple[str, str]] = []
        self.shown: list[str] = []
        self.facts = ""
        self._within, self._inside, self._skipped, self._in_facts = within, not within, [""][1:], False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element; `within` opens the part whose words count."""
        about = dict(attrs)
        self.ids.add(about.get("id") or "")
        if address := about.get(ADDRESSES.get(tag, "")):
            self.addresses.append((tag, address))
        self._in_facts = tag == "script" and about.get("id") == "facts"
        self._inside = self._inside or tag == self._within
        if tag not in NO_END and (self._skipped or about.get("class") == "headerlink" or tag in ("script", "style")):
            self._skipped.append(tag)
        elif tag in SHAPES and self._inside and not self._skipped:
            self.shown.append(f"<{tag} {about.get('alt') or ''}>")

    def handle_endtag(self, tag: str) -> None:
        """Note where an element ends."""
        if self._skipped:
            self._skipped.pop()
            self._in_facts = False
        elif tag in SHAPES and self._inside:
            self.shown.append(f"</{tag}>")
        self._inside = self._inside and (not self._within or tag != self._within)

    def handle_data(self, data: str) -> None:
        """Note words, joined where elements without a shape part them."""
        if self._in_facts:
            self.facts += data
        if not self._inside or self._skipped:
            return
        if self.shown and not self.shown[-1].startswith(("<", "</")):
            self.shown[-1] += data
        else:
            self.shown.append(f"\N{ZERO WIDTH SPACE}{data}")

    def words(self) -> list[str]:
        """Return words and shapes in order, white space and paragraphs of list items aside."""
        parts = [" ".join(part.strip("\N{ZERO WIDTH SPACE}").split()) for part in self.shown]
        return [part for part in parts if part and part not in ("<p>", "</p>", "</li>")]


@pytest.fixture(scope="module")
def site(built_site: Path) -> Path:
    """Return the site's folder."""
    return built_site


@pytest.fixture(scope="module")
def read(site: Path) -> dict[Path, Page]:
    """Return every page of the site, read."""
    files = sorted(site.rglob("*.html"))
    return {file: Page(file.read_text(encoding="utf-8"), within="article") for file in files}


def sources() -> list[tuple[str, str]]:
    """Return the pages that people read: the path of the Markdown, and of the HTML made of it."""
    files = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "reports").rglob("*.md"))]
    paths = [file.relative_to(ROOT).as_posix() for file in files]
    return [(path, path.replace("README.md", "index.html").replace(".md", ".html")) for path in paths]


@pytest.fixture(scope="module")
def markdowns() -> dict[str, str]:
    """Return the Markdown of every such page: of reports as it is rendered, of others as it is tracked."""
    names = [path.stem for path in (ROOT / "projects").glob("*.toml")]
    with contextlib.chdir(ROOT):
        rendered = {str(path): page.markdown for path, page in _bound_pages(sorted(names)).items()}
    return {path: (ROOT / path).read_text(encoding="utf-8") for path, _ in sources()} | rendered


@pytest.mark.parametrize(("markdown", "html"), sources())
def test_a_page_says_what_the_repository_shows(
    markdown: str, html: str, read: dict[Path, Page], site: Path, markdowns: dict[str, str]
) -> None:
    """The same words in the same headings, lists, tables, code and folds as an independent reader of Markdown finds."""
    reader = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])

    expected, found = Page(reader.render(markdowns[markdown])).words(), read[site / html].words()

    if "<h1 >" not in expected:  # the generator sets the name in the menu above a page without a title
        assert found[0] == "<h1 >"
        found = found[3:]
    assert found == expected
    assert len(found) > 20


HOSTILE = [value for name, value in vars(hostile).items() if name.isupper() and isinstance(value, str)]
PLACES = (
    "{text}", "x {text} y", "- {text}", "> {text}", "{rows} {text}",
    "| {text} | y |\n|:---|---:|\n| {text} | {rows} |",
)  # fmt: skip
ABSENT = "the site's Markdown processor is not installed: what names show there was not compared"


@pytest.mark.parametrize("template", PLACES)
@pytest.mark.parametrize("text", [*HOSTILE, "#x", "[x]: http://e.example", "wzxhzdk:0", "--8<-- x", "a\\b", "[TOC]"])
def test_text_of_data_is_text_on_the_site(text: str, template: str) -> None:
    """The generator's Markdown processor reads a name or a cell as CommonMark does, wherever a page repeats it."""
    markdown = pytest.importorskip("markdown", reason=ABSENT)
    pytest.importorskip("pymdownx", reason=ABSENT)
    binder = Binder({"define": {"project": "toy", "text": text, "rows": 7}}, Formats())
    marked = template.format(text=binder.text("define#/text"), rows=binder.fact("define#/rows"))
    page, _ = with_spans(Report(unbind(marked), (), tuple(binder.bindings), marked))
    reader = MarkdownIt("commonmark", {"html": True}).enable("table")

    options = {name: dict(settings) for name, settings in MARKDOWN.items() if name != "toc"}
    found = markdown.Markdown(extensions=list(options), extension_configs=options).convert(page)

    assert Page(found).words() == Page(reader.render(unbind(marked))).words()


def test_every_link_and_picture_leads_somewhere(
    read: dict[Path, Page], site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Files are there, places in pages too; nothing is loaded from elsewhere, and only links lead away."""
    compared, dead, foreign = 0, [], []
    for file, page in read.items():
        for element, address in page.addresses:
            parts = urlsplit(address)
            if parts.scheme in ("http", "https"):
                foreign += [f"{file.name}: {element} {address}"] if element != "a" else []
                continue
            if parts.scheme == "data":
                continue
            base = site if parts.path.startswith("/") else file.parent
            target = (base / unquote(parts.path).lstrip("/")).resolve() if parts.path else file
            target = target / "index.html" if target.is_dir() else target
            there = target.is_file() and (
                not parts.fragment or target not in read or parts.fragment in read[target].ids
            )
            dead += [] if there or address == "#" else [f"{file.relative_to(site)}: {address}"]
            compared += 1
    with capsys.disabled():
        print(f" [{len(read)} pages, {compared:,} links and pictures]", end="")  # noqa: T201

    assert dead == []
    assert foreign == []
    assert len(read) > 100
    assert compared > 5000


def test_every_number_of_a_built_page_has_its_fact(read: dict[Path, Page], site: Path) -> None:
    """Each element's place is in the page's own evidence, and none of that is left over."""
    pages = [site / html for markdown, html in sources() if markdown.startswith("reports/")]
    for file in pages:
        facts = json.loads(read[file].facts)
        places = {
            int(place) for place in re.findall(r'class="fact" data-fact="(\d+)"', file.read_text(encoding="utf-8"))
        }
        assert places == set(range(len(facts["facts"])))
        assert len(places) > 5


def test_styles_ask_for_nothing_elsewhere(site: Path) -> None:
    """No style sheet imports or draws anything from another address."""
    sheets = [*site.rglob("*.css"), *site.rglob("*.html")]
    for sheet in sheets:
        assert not re.search(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//", sheet.read_text(encoding="utf-8")), sheet
    assert len(sheets) > 100


def test_search_finds_words_of_reports_and_docs_alone(site: Path) -> None:
    """The index has sections of reports and docs, numbers among them, and neither evidence nor source files."""
    index = json.loads((site / "search.json").read_text(encoding="utf-8"))
    text = json.dumps(index["items"])

    assert {re.split("[/#]", item["location"])[0] for item in index["items"]} == {"index.html", "docs", "reports"}
    assert "data-fact" not in text
    assert '"made"' not in text
    assert "119,999 rows" in text
