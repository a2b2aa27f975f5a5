"""No kind of target, input or model is asked for by name: code asks what it can do, or calls one of its methods."""

import ast
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from conftest import ROOT

from pipelines.inputs import INPUTS
from pipelines.models.families import FAMILIES
from pipelines.models.family import TRIED
from pipelines.targets import TARGETS

HOMES = ("pipelines/targets/",)  # where the kinds name themselves
FEWEST_FILES, FEWEST_LITERALS = 200, 2_000  # a search that looks at fewer looks at something else
INPUT_HOMES = ("pipelines/inputs/", "pipelines/serving/contract.py")  # the contract names JSON's types as well
DTYPES = (
    "CategoricalDtype",
    "is_numeric_dtype",
    "select_dtypes",
    "cat",
)  # attributes by which a column's kind is asked
ONLY_TYPES = {"integer", "category", "boolean"}  # no ordinary words of pages, keys or formats, as number and text are
# JSON Schema has types of its own, some with the same names.
OTHER_TYPES = {
    "pipelines/facts/page.py", "pipelines/facts/schema.py", "flows/serving/openapi.py",
    "flows/operating/deployment.py",
    "pipelines/models/saving/xgboost_file.py",  # in a message: a category of a tree
}  # fmt: skip
# Words that are keys of facts too name a kind of target in lines about a task alone.
SCHEMAS = [path.read_text(encoding="utf-8") for path in ROOT.glob("pipelines/facts/schemas/*.json")]
KEYS = {key for text in SCHEMAS for key in re.findall(r'"(\w+)":', text)}
TRIED_FAMILIES = [one for one in FAMILIES.values() if any(variant.role in TRIED for variant in one.variants)]
MODELS = {one.name for one in TRIED_FAMILIES} | {row.name for one in TRIED_FAMILIES for row in one.variants}
# The families themselves, the settings of their libraries by kind of target, and the packages that a worker must have.
MODEL_HOMES = (
    "pipelines/models/", "pipelines/targets/", "flows/running/cluster_worker.py",
    "pipelines/ladder/saved.py", "flows/serving/loaded.py",  # the packages that saved models need
)  # fmt: skip
QUOTED = re.compile(r"""(["'])(\w+)\1""")


class Search(NamedTuple):
    """What a search looked at, and what it found."""

    files: int
    literals: int
    found: list[str]  # file:line


def search(root: Path, names: Collection[str] = TARGETS, homes: tuple[str, ...] = HOMES) -> Search:
    """Return where the modules and templates below `root` have one of the names as a string, outside its homes."""
    files, literals, found = 0, 0, []
    for path in sorted([*root.glob("pipelines/**/*.py"), *root.glob("flows/**/*.py"), *root.glob("pipelines/**/*.j2")]):
        place = path.relative_to(root).as_posix()
        if place.startswith(homes):
            continue
        files += 1
        lines = path.read_text(encoding="utf-8").splitlines()
        for line, text in quoted(path):
            literals += 1
            if text in names and (text not in KEYS or "task" in lines[line - 1].lower()):
                found.append(f"{place}:{line}")
    return Search(files, literals, found)


def quoted(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the line and the text of each string literal of a module, or each quoted word of a template."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        nodes = list(ast.walk(ast.parse(text)))
        libraries = {id(part) for node in nodes if _of_a_library(node) for part in ast.walk(node)}
        for node in nodes:
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in libraries:
                yield node.lineno, node.value
        return
    for number, line in enumerate(text.splitlines(), 1):
        yield from ((number, word[2]) for word in QUOTED.finditer(line))


def _of_a_library(node: ast.AST) -> bool:
    """Return whether a library is meant: its module is imported, or its settings for a kind of target are asked for."""
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id == "import_first"
    return isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute) and node.value.attr == "engines"


def test_no_module_and_no_template_names_a_kind_of_target() -> None:
    """A further kind of target is a file of its own: no comparison with a name has to learn of it."""
    looked = search(ROOT)

    assert looked.files > FEWEST_FILES
    assert looked.literals > FEWEST_LITERALS
    assert not looked.found, f"of {looked.literals} literals in {looked.files} files these name a kind of target"


@pytest.mark.parametrize("name", TARGETS)
@pytest.mark.parametrize(
    ("place", "text", "line"),
    [
        ("pipelines/step.py", 'first = 1\nif task == "{}":\n    first = 2\n', 2),
        ("flows/step.py", "TASKS = ('{}',)\n", 1),
        ("pipelines/report/templates/page.md.j2", '\n\n{{% if task == "{}" %}}yes{{% endif %}}\n', 3),
    ],
)
def test_a_planted_name_is_found(place: str, text: str, line: int, name: str, tmp_path: Path) -> None:
    """A module, a tuple of names and a template are each searched, and the line is told."""
    file = tmp_path / place
    file.parent.mkdir(parents=True)
    file.write_text(text.format(name), encoding="utf-8")

    assert search(tmp_path).found == [f"{place}:{line}"]


def test_a_name_at_home_is_none_of_the_search(tmp_path: Path) -> None:
    """The kinds of target name themselves, and words that merely contain a name are others."""
    for place, text in (("pipelines/targets/x.py", 'NAME = "binary"\n'), ("pipelines/x.py", 'a = "binary_logloss"\n')):
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_text(text, encoding="utf-8")

    looked = search(tmp_path)

    assert (looked.files, looked.literals, looked.found) == (1, 1, [])


def test_no_module_and_no_template_names_a_family() -> None:
    """A further family is a module and a line of the list: no order, no title and no comparison has to learn of it."""
    looked = search(ROOT, MODELS, MODEL_HOMES)

    assert looked.files > FEWEST_FILES
    assert looked.literals > FEWEST_LITERALS
    assert not looked.found, f"of {looked.literals} literals in {looked.files} files these name a family or its model"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ('if family == "random_forest":\n    pass\n', [1]),
        ('ORDER = (\n    "lasso",\n    "svm",\n)\n', [2, 3]),
        ('import_first("lightgbm", "sklearn.svm")\nsettings = target.engines["lightgbm"]\n', []),
        ('"""Return what random_forest costs."""\n', []),
    ],
)
def test_a_planted_name_of_a_model_is_found(text: str, lines: list[int], tmp_path: Path) -> None:
    """A comparison and a list of names are found; an import, a library's settings and a sentence are not."""
    (tmp_path / "pipelines" / "models").mkdir(parents=True)
    (tmp_path / "pipelines" / "step.py").write_text(text, encoding="utf-8")
    (tmp_path / "pipelines" / "models" / "forest.py").write_text('NAME = "random_forest"\n', encoding="utf-8")

    found = search(tmp_path, MODELS, MODEL_HOMES).found

    assert found == [f"pipelines/step.py:{line}" for line in lines]


def test_only_inputs_ask_for_the_kind_of_a_column() -> None:
    """Outside INPUT_HOMES no code asks for a column's dtype, or compares with the name of a type."""
    files = [path for folder in ("pipelines", "flows") for path in sorted((ROOT / folder).rglob("*.py"))]
    asking = [path for path in files if not path.relative_to(ROOT).as_posix().startswith(INPUT_HOMES)]

    found = [f"{path.relative_to(ROOT)}:{sentence}" for path in asking for sentence in asks(path, ROOT)]

    assert len(asking) > FEWEST_FILES
    assert not found, f"in {len(asking)} files these ask for the kind of a column"


def test_a_question_for_a_dtype_or_a_type_is_found(tmp_path: Path) -> None:
    """Planted: each way to ask is found, and words that mean something else are not."""
    planted = tmp_path / "planted.py"
    planted.write_text(
        "isinstance(column.dtype, pd.CategoricalDtype)\n"
        "column.cat.codes\n"
        "column.dtype == 'category'\n"
        "column.type == 'date'\n"
        "kind in ('number', 'text')\n"
        "frame.select_dtypes('object')\n"
        "guess = 'integer'\n"
        "fact(pointer, 'number')\n"
        "{'text': 'a sentence with a date'}\n"
    )

    assert [int(sentence.split(":")[0]) for sentence in asks(planted, tmp_path)] == [1, 2, 3, 4, 5, 6, 7]


def asks(path: Path, root: Path) -> list[str]:
    """Return a sentence with its line for each place where the file asks for the kind of a column."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    own = path.relative_to(root).as_posix() not in OTHER_TYPES
    lines = {line: what for node in ast.walk(tree) for line, what in _asked(node) if own or what in DTYPES}
    return [f"{line}: {what}" for line, what in sorted(lines.items())]


def _asked(node: ast.AST) -> Iterator[tuple[int, str]]:
    if isinstance(node, ast.Attribute) and node.attr in DTYPES:
        yield node.lineno, node.attr
    elif isinstance(node, ast.Constant) and node.value in ONLY_TYPES:
        yield node.lineno, repr(node.value)
    elif isinstance(node, ast.Compare):
        for side in (node.left, *node.comparators):
            words = [part.value for part in ast.walk(side) if isinstance(part, ast.Constant)]
            yield from ((node.lineno, repr(word)) for word in words if isinstance(word, str) and word in INPUTS)
