"""Every pointer that a template, a picture or a sentence writes down leads to something in the schemas."""

from pathlib import Path

import pytest
from conftest import ROOT
from pointers import Written, in_module, in_template

from pipelines.facts.schema import ANY, SHAPES, describes, load_schema
from pipelines.report.page import _environment

TEMPLATES = sorted((ROOT / "pipelines/report/templates").glob("*.j2"))
FOLDERS = (
    "findings",
    "ladder",
    "experiments",
    "exploration",
    "causes",
    "yardsticks",
    "answer",
    "report",
    "report/figures",
    "report/pages",
    "report/sections",
    "report/spoken",
)
MODULES = [path for folder in FOLDERS for path in sorted((ROOT / "pipelines" / folder).glob("*.py"))]
SCHEMAS = {step: load_schema(step) for step in SHAPES}


def astray(found: list[Written]) -> list[str]:
    """Return where pointers lead to nothing."""
    return [
        f"{one.path}:{one.line}: {one.step}#/{'/'.join(one.parts)}"
        for one in found
        if not describes(SCHEMAS[one.step], one.parts)
    ]


def pointers() -> list[Written]:
    """Return all pointers of templates and code."""
    in_templates = [one for path in TEMPLATES for one in in_template(_environment(), path)]
    return in_templates + [one for path in MODULES for one in in_module(path)]


def test_every_pointer_leads_somewhere() -> None:
    """A key that no step writes is found here, by template and line, and not by the reader of a page."""
    found = pointers()

    assert not astray(found)
    assert len({(one.step, one.parts) for one in found if one.path.endswith(".j2")}) > 100
    assert len({(one.step, one.parts) for one in found if one.path.endswith(".py")}) > 200


@pytest.mark.parametrize(
    ("template", "lost"),
    [
        ('{{ fact("compare#/difference/valu") }}', "compare#/difference/valu"),
        ('\n{% set d = "compare#/difference" %}{{ fact(d ~ "/valu") }}', "compare#/difference/valu"),
        ('{% for m in each("compare#/models") %}{{ value(m ~ "/rol") }}{% endfor %}', "compare#/models/*/rol"),
        ('{{ interval("eda#/drift/auc", "eda#/drift/interval") }}', "eda#/drift/interval"),
        ('{{ best("reflect#/shapes", "gian", 3) }}', "reflect#/shapes/*/gian"),
        ('{{ has("strong#/models/0/" ~ key) }}{{ has("strong#/model/" ~ key) }}', "strong#/model/*"),
    ],
)
def test_a_wrong_pointer_of_a_template_is_found(template: str, lost: str, tmp_path: Path) -> None:
    """Written out, through a variable, in a loop, as an interval, as the key of a list, and before a variable."""
    path = tmp_path / "page.md.j2"
    path.write_text(template, encoding="utf-8")

    assert astray(list(in_template(_environment(), path))) == [f"page.md.j2:{template.count(chr(10)) + 1}: {lost}"]


def test_a_wrong_pointer_of_a_module_is_found(tmp_path: Path) -> None:
    """In a sentence, through a name, and in a table."""
    path = tmp_path / "module.py"
    path.write_text(
        'NEEDS = ("compare#/curve",)\n'
        "def tell(i):\n"
        '    where, form = f"reflect#/attribution/{i}", ""\n'
        '    return (f"{where}/gain", f"{where}/gains", "metric#/lable")\n',
        encoding="utf-8",
    )

    assert sorted(set(astray(list(in_module(path))))) == [
        "module.py:1: compare#/curve",
        "module.py:4: metric#/lable",
        "module.py:4: reflect#/attribution/*/gains",
    ]


@pytest.mark.parametrize(
    ("path", "leads"),
    [
        (("difference", "ci", "1"), True),
        (("difference", "ci", "x"), False),
        (("models", ANY, "role"), True),
        (("models", "role"), False),
        (("threshold", ANY, "threshold"), True),
        (("stability", "folds", "worst"), True),
    ],
)
def test_paths_are_followed_as_the_schema_allows(path: tuple[str, ...], leads: bool) -> None:
    """Through lists by place, through objects by key, and through what may be null."""
    assert describes(SCHEMAS["compare"], path) is leads
