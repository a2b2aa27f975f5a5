"""The pages for a browser: the same words as the Markdown, and behind each number the fact that it states."""

import json
import re
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from conftest import ROOT, Facts
from sample_facts import SAMPLES, tracked

from flows.site import _offered
from pipelines.answer.answer import answer
from pipelines.core.steps import SEVEN
from pipelines.facts.pointer import resolve
from pipelines.report.formats import Formats
from pipelines.report.numbers import MARK, Binder, unbind
from pipelines.report.pages.overview import render_overview
from pipelines.report.pages.report import BESIDE, Report, render_report, report_beside
from pipelines.site.data_docs import with_links, without_addresses
from pipelines.site.evidence import LONGEST, evidence_element, full
from pipelines.site.links import find_links, relink, source_page
from pipelines.site.notebook import notebook_page
from pipelines.site.settings import settings
from pipelines.site.spans import is_number, with_spans, without_spans

FACTS = {
    "define": {"project": "toy", "rows": 1200, "name": "V2", "names": ["a", "b"], "yes": True},
    "compare": {"difference": {"value": 0.0041, "ci": [0.0011, 0.0069]}},
}
PAGE = PurePosixPath("reports", "toy", "README.md")


def page_of(template: str) -> Report:
    """Return a page whose places `{rows}`, `{gain}`, `{name}`, `{count}` and `{both}` are bound."""
    binder = Binder(FACTS, Formats(0.005))
    marked = template.format(
        rows=binder.fact("define#/rows", "count"),
        gain=binder.fact("compare#/difference/value", "+.4f"),
        name=binder.text("define#/name"),
        count=binder.length("define#/names"),
        both=binder.fact("compare#/difference/ci", ".4f"),
    )
    return Report(unbind(marked), (), tuple(binder.bindings), marked)


def span(place: int, shown: str) -> str:
    """Return a number's element."""
    return f'<span class="fact" data-fact="{place}">{shown}</span>'


@pytest.mark.parametrize(
    ("template", "markdown"),
    [
        ("It gains {gain} {both}.", f"It gains {span(0, '+0.0041')} {span(1, '[0.0011, 0.0069]')}."),
        ("| {name} | {rows} |", f"| V2 | {span(0, '1,200')} |"),
        ("- **{gain}** of `{name}`", f"- **{span(0, '+0.0041')}** of `V2`"),
        ("## {rows} rows", f"## {span(0, '1,200')} rows"),
        ("{rows} and {rows}", f"{span(0, '1,200')} and {span(0, '1,200')}"),
        (
            "<details><summary>{count} names</summary>\n\n*{rows}*\n</details>",
            f'<details markdown="1"><summary>{span(0, "2")} names</summary>\n\n*{span(1, "1,200")}*\n</details>',
        ),
        ("![{rows} rows](figures/{name}.svg) {gain}", f"![1,200 rows](figures/V2.svg) {span(0, '+0.0041')}"),
        ("[{rows} rows](x/{name}.md)", f"[{span(0, '1,200')} rows](x/V2.md)"),
        (r"`{rows}` \`{gain}\` `", rf"`1,200` \`{span(0, '+0.0041')}\` `"),
        ("- #{name}", r"- \#V2"),
        (r"[{name}\]: no link", r"\[V2\]: no link"),
    ],
)  # fmt: skip
def test_numbers_become_elements_where_one_can_stand(template: str, markdown: str) -> None:
    """Numbers in prose, tables, lists, headings, links and folds; not names, and not where only text can stand."""
    assert with_spans(page_of(template))[0] == markdown


@pytest.mark.parametrize(("value", "shown", "number"), [
    (0.5, "0.5", True), ([1, 2], "[1, 2]", True), (["a", "b"], "2", True), ({"a": 1}, "1", True),
    ("V2", "V2", False), (True, "yes", False), (None, "\N{EN DASH}", False), (float("nan"), "nan", False),
])  # fmt: skip
def test_only_numbers_are_numbers(value: object, shown: str, number: bool) -> None:
    """A name with a digit and a truth value are no numbers; a list that was counted is one."""
    binder = Binder({"define": {"it": value}}, Formats())
    binder.fact("define#/it", "text")
    binding = binder.bindings[0]
    assert is_number(type(binding)(binding.fact, value, shown)) == number


def real_pages() -> dict[str, Report]:
    """Return every page of every sample and of every tracked project."""
    facts: dict[str, Facts] = {kind: make() for kind, make in SAMPLES.items()}
    for folder in sorted((ROOT / "reports").glob("*/facts")):
        facts[folder.parent.name] = tracked(folder.parent.name)
    pages = {"overview": render_overview(list(facts.values()))}
    for name, known in facts.items():
        pages[name] = render_report(known)
        pages |= {f"{name} {page}": report_beside(page, known) for page in BESIDE}
    return pages


@pytest.fixture(scope="module")
def pages() -> dict[str, Report]:
    """Return the pages once."""
    return real_pages()


def test_pages_without_elements_are_the_reports(pages: dict[str, Report]) -> None:
    """The Markdown of the site is that of the reports, which test_rendering.py compares with the tracked files."""
    assert len(pages) >= 19
    for name, page in pages.items():
        assert without_spans(with_spans(page)[0]) == page.markdown, name


def test_every_number_has_an_element(pages: dict[str, Report]) -> None:
    """As many elements as bound numbers stand on each page, those in the words of pictures aside."""
    for name, page in pages.items():
        markdown, behind = with_spans(page)
        outside = re.sub(r"!\[[^\]]*\]", "", page.marked)
        places = [int(mark[1]) for mark in MARK.finditer(outside)]
        numbers = [place for place in places if is_number(page.bindings[place])]
        assert markdown.count('<span class="fact"') == len(numbers) > 5, name
        assert {binding.shown for binding in behind} == {page.bindings[place].shown for place in numbers}, name


def test_evidence_is_the_fact(pages: dict[str, Report]) -> None:
    """Each element's place in the evidence has the pointer, the value that stands there, and how to make it again."""
    stages = set(re.findall(r"^  ([a-z]+):$", (ROOT / "dvc.yaml").read_text("utf-8"), re.MULTILINE))
    facts = SAMPLES["binary"]()
    markdown, behind = with_spans(pages["binary"])
    files = frozenset({PurePosixPath("reports", facts["define"]["project"], "facts", "compare.json")})

    element = evidence_element(behind, PAGE, files)
    found = json.loads(element.partition(">")[2].removesuffix("</script>"))

    assert len(found["facts"]) == max(map(int, re.findall(r'data-fact="(\d+)"', markdown))) + 1 > 300
    facts |= {"answer": answer(facts, {})}
    for step, pointer, value in found["facts"]:
        fact: Any = resolve(facts, pointer)
        counted = isinstance(fact, list) and value.startswith(f"{len(fact)} item")
        assert counted or value == json.dumps(fact, ensure_ascii=False)
        assert step in found["steps"]
    for step, said in found["steps"].items():
        project, _, name = step.partition(" ")
        stage = "report" if name == "answer" else name  # no stage wrote these facts: there is no file of them
        assert said["again"] == f".venv/bin/dvc repro {stage}@{project}"
        assert stage in stages
        assert name not in SEVEN or said["made"].startswith(f"step {SEVEN.index(name) + 1} of 7, {name}: ")
        assert ("file" in said) == (name == "compare")


def test_evidence_ends_no_element() -> None:
    """Whatever a fact holds, the element around it ends where it should, and a long value is cut."""
    binder = Binder({"define": {"project": "toy", "it": ["</script><b>", "x" * 300]}}, Formats())
    binder.fact("define#/it", "text")

    element = evidence_element(binder.bindings, PAGE, frozenset())

    assert element.count("<") == 2
    assert element.endswith("</script>")
    assert len(full(binder.bindings[0])) == LONGEST


FILES = frozenset(map(PurePosixPath, ["docs/a.md", "docs/b.md", "flows/cli.py", "reports/toy/facts/eda.json"]))


@pytest.mark.parametrize(("link", "expected"), [
    ("[b](b.md#part)", "[b](b.md#part)"), ("[cli](../flows/cli.py)", "[cli](../flows/cli.py.md)"),
    ("[facts](../reports/toy/facts/eda.json)", "[facts](../reports/toy/facts/eda.json)"),
    ("[folder](../tests)", "folder"), ("[gone](../gone.py)", "gone"), ("[`up`](../../x.md)", "`up`"),
    ("[web](https://e.example)", "[web](https://e.example)"), ("[here](#part)", "[here](#part)"),
    ("![picture](gone.svg)", "![picture](gone.svg)"), ("`[code](gone.md)`", "`[code](gone.md)`"),
    ("```\n[code](gone.md)\n```", "```\n[code](gone.md)\n```"), (r"\[no](gone.md)", r"\[no](gone.md)"),
])  # fmt: skip
def test_links_lead_to_what_the_site_has(link: str, expected: str) -> None:
    """Source files are pages of their own; of a link to a folder or to what is not there, the text stays."""
    assert relink(f"See\n\n{link}\n", PurePosixPath("docs/a.md"), FILES) == f"See\n\n{expected}\n"


def test_linked_files_are_found() -> None:
    """The paths are those in the repository; pictures, code and addresses are no links to files."""
    text = "[a](b.md) [c](../flows/cli.py) ![p](p.svg) `[x](y.md)` [w](https://e.example) [h](#h)"
    assert find_links(text, PurePosixPath("docs/a.md")) == {PurePosixPath("docs/b.md"), PurePosixPath("flows/cli.py")}


@pytest.mark.parametrize(("path", "offered"), [
    ("flows/x.py", True), ("data/raw/x.csv", False), ("models/x.zip", False), ("docs/x.md", False), ("../x.py", False),
    ("flows", False), ("flows/gone.py", False),
])  # fmt: skip
def test_data_and_models_stay_off_the_site(
    path: str, offered: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A link takes a source file along; never data, a model, a folder, a page, or a file outside the repository."""
    for file in ("flows/x.py", "data/raw/x.csv", "models/x.zip", "docs/x.md", "../x.py"):
        place = tmp_path / "repository" / file
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("x", encoding="utf-8")
    monkeypatch.chdir(tmp_path / "repository")
    assert _offered(PurePosixPath(path)) == offered


def test_a_source_file_is_shown_whole() -> None:
    """A file that holds a fence of its own does not end the page's."""
    page = source_page(PurePosixPath("flows/x.py"), '"""A page:\n\n```python\nx\n```\n"""\n')
    assert page.endswith('# x.py\n\n`flows/x.py`\n\n````python\n"""A page:\n\n```python\nx\n```\n"""\n````\n')


def test_data_docs_ask_for_nothing() -> None:
    """Styles, scripts, pictures, fonts and handlers are taken out; words, links and the policy stay."""
    page = (
        """<html><head><meta http-equiv="Content-Security-Policy" content="default-src 'none'">"""
        '<link rel="stylesheet" href="https://e.example/a.css"><style>a{background:url(\'https://e.example/b.png\')}</style>'
        '<script src="https://e.example/c.js"></script></head><body><img\n src="https://e.example/d.png"/>'
        '<p onclick="go()">18 rules <a href="https://e.example/">news</a></p><button>Filter</button><footer><a href="https://e.example/ad">Subscribe</a></footer></body></html>'
    )
    found = with_links(without_addresses(page), ["validations/x.html"])

    assert re.findall(r"https://[^\"']*", found) == ["https://e.example/"]
    assert not re.search(r"<script|<link|<img|<button|onclick|url\(", found)
    assert "Content-Security-Policy" in found
    assert ">18 rules " in found
    assert '<a href="validations/x.html">validations/x.html</a></li></ul></body>' in found


def test_a_notebook_is_a_page() -> None:
    """Words stay Markdown; code, what it printed and what it drew follow; the file itself is linked."""
    cells = [
        {"cell_type": "markdown", "source": ["# Loans\n", "and [why](README.md), [how](gone.md)"]},
        {
            "cell_type": "code", "source": "print(1)",
            "outputs": [
                {"output_type": "stream", "text": ["1\n"]},
                {"output_type": "display_data", "data": {"image/png": "aGk=\n", "text/plain": "<Figure>"}},
            ],
        },
        {"cell_type": "code", "source": "", "outputs": []},
    ]  # fmt: skip
    path, files = PurePosixPath("reports/toy/notebook.ipynb"), frozenset({PurePosixPath("reports/toy/README.md")})
    assert notebook_page(path, json.dumps({"cells": cells}), files) == (
        "# Loans\nand [why](README.md), how\n\n```python\nprint(1)\n```\n\n```text\n1\n```\n\n"
        "![What the cell above draws](data:image/png;base64,aGk=)\n\n[The notebook as a file](notebook.ipynb)\n"
    )


def test_the_generator_is_given_no_address() -> None:
    """Neither a font nor a library nor a link comes from elsewhere, and search is on."""
    text = settings([{"Start": "README.md"}])
    assert "://" not in text
    assert "font = false" in text
    assert "search" in text
