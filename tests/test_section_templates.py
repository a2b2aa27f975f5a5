"""The templates of sections print what their views decided: none compares a number or reads a bare value."""

from collections.abc import Iterator
from pathlib import Path

import jinja2
import pytest
from jinja2 import nodes

from pipelines import report
from pipelines.report.page import TagLines
from pipelines.report.pages.parts import PARTS
from pipelines.report.pages.report import BESIDE

FOLDER = Path(report.__file__).parent / "templates"
TEMPLATES = sorted(FOLDER.glob("*.md.j2"))
SHARED = {"effects", "fitted"}  # macros that several sections' templates import
PAGES = {"overview", "overview_row", "overview_words", "notebook"}  # of pages that are no list of sections
ORDERS = {"lt", "lteq", "gt", "gteq"}
BARE = {"value", "best", "resolve"}  # what reads facts to decide by
PARSER = jinja2.Environment(extensions=[TagLines], autoescape=False)


def decisions(source: str) -> Iterator[str]:
    """Yield what a template decides by itself: comparisons of numbers, arithmetic, and readings of bare values."""
    tree = PARSER.parse(source)
    for node in tree.find_all((nodes.Compare, nodes.Call, nodes.BinExpr)):
        if isinstance(node, nodes.Call):
            if isinstance(node.node, nodes.Name) and node.node.name in BARE:
                yield f"line {node.lineno}: {node.node.name}()"
        elif isinstance(node, nodes.Compare):
            numbers = [
                side
                for side in (node.expr, *(one.expr for one in node.ops))
                if isinstance(side, nodes.Const) and isinstance(side.value, int | float)
            ]
            if numbers or any(one.op in ORDERS for one in node.ops):
                yield f"line {node.lineno}: a comparison"
        elif not isinstance(node, nodes.And | nodes.Or):
            yield f"line {node.lineno}: arithmetic"


def test_there_are_templates_to_read() -> None:
    """All templates of the folder are parsed, and they hold calls by the hundred."""
    calls = sum(len(list(PARSER.parse(one.read_text("utf-8")).find_all(nodes.Call))) for one in TEMPLATES)

    assert len(TEMPLATES) > 20
    assert calls > 200


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda one: one.name)
def test_a_template_decides_nothing(template: Path) -> None:
    """What to print is decided in the section's view, where a table of cases tests it."""
    assert list(decisions(template.read_text("utf-8"))) == []


@pytest.mark.parametrize(
    "source",
    [
        '{% if value("reflect#/codes") %}x{% endif %}',
        "{% if share > 0.5 %}x{% endif %}",
        "{% if place == 1 %}x{% endif %}",
        "{% if low <= high %}x{% endif %}",
        '{{ best("reflect#/shapes", "gain", 3) }}',
        "{{ a + b }}",
    ],
)
def test_a_planted_decision_is_found(source: str) -> None:
    """Each way of deciding in a template is found."""
    assert len(list(decisions(source))) == 1


@pytest.mark.parametrize(
    "source", ['{% if kind == "event" %}x{% endif %}', "{% if a and not b %}{{ c ~ d }}{% endif %}"]
)
def test_what_is_no_decision_on_numbers_passes(source: str) -> None:
    """Words may be compared, truth values joined, and pointers put together."""
    assert list(decisions(source)) == []


def test_each_section_is_a_module_and_a_template_of_one_name() -> None:
    """No template is an orphan, and no two sections share a name."""
    names = [section.name for parts in (PARTS, *BESIDE.values()) for part in parts for section in part.sections]
    templates = {one.name.removesuffix(".md.j2") for one in TEMPLATES}

    assert len(names) == len(set(names))
    assert set(names) == templates - SHARED - PAGES
