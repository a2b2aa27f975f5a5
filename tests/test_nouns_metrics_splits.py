"""Nobody names a metric or a kind of split outside its own package: code asks the table, or what the kind can do."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from conftest import ROOT

from pipelines.metrics import METRICS
from pipelines.splits import SPLITS

FEWEST_FILES, FEWEST_LITERALS = 200, 2_000  # a search that looks at fewer looks at something else
PROJECT = "pipelines/core/project"  # the sections of the project file, and what they must agree on
# Words of xgboost's own settings and functions of scikit-learn, some of which metrics are called by too.
ENGINES = ("pipelines/targets/", "pipelines/models/xgboost.py", "pipelines/report/notebook/scikit.py")
QUOTED = re.compile(r"""(["'])(\w+)\1""")
Finder = Callable[[ast.AST], Iterator[tuple[int, str]]]


class Search(NamedTuple):
    """What a search looked at, and what it found."""

    files: int
    literals: int
    found: list[str]  # file:line


def metric_names(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the literals that name a metric; keys of facts, such as a class's precision, are no metrics."""
    keys = {id(key) for node in ast.walk(tree) if isinstance(node, ast.Dict) for key in node.keys}
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) != "METRICS":
            keys.add(id(node.slice))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and node.value in METRICS and id(node) not in keys:
            yield node.lineno, str(node.value)


def split_names(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield where a kind is compared with a name, and where several names stand together.

    Each name alone, but for one, is a word of its own: a group, a column, the time.
    """
    for node in ast.walk(tree):
        parts: list[ast.expr | None] = []
        if isinstance(node, ast.Compare) and "kind" in ast.unparse(node):
            parts = [part for side in (node.left, *node.comparators) for part in _flat(side)]
        elif isinstance(node, ast.Dict):
            parts = list(node.keys)
        elif isinstance(node, ast.Tuple | ast.List | ast.Set):
            parts = list(node.elts)
        names = [part.value for part in parts if isinstance(part, ast.Constant) and part.value in SPLITS]
        alone = isinstance(node, ast.Constant) and node.value == "stratified"
        several = len(names) > max(1, len(parts) / 2)  # not the flags of a command, two of which are called so
        if alone or several or (names and isinstance(node, ast.Compare)):
            yield getattr(node, "lineno", 0), str(names)


def _flat(side: ast.expr) -> list[ast.expr]:
    return list(side.elts) if isinstance(side, ast.Tuple | ast.List | ast.Set) else [side]


def in_template(line: str, names: Callable[[str, str], bool]) -> Iterator[str]:
    """Yield the quoted words of a template's line that name what is looked for, given the line."""
    yield from (word[2] for word in QUOTED.finditer(line) if names(word[2], line))


def search(root: Path, finder: Finder, names: Callable[[str, str], bool], homes: tuple[str, ...]) -> Search:
    """Return what the modules and templates below `root` hold, outside `homes`."""
    files, literals, found = 0, 0, []
    for path in sorted([*root.glob("pipelines/**/*.py"), *root.glob("flows/**/*.py"), *root.glob("pipelines/**/*.j2")]):
        place = path.relative_to(root).as_posix()
        if place.startswith(homes):
            continue
        files += 1
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".py":
            tree = ast.parse(text)
            literals += sum(isinstance(node, ast.Constant) for node in ast.walk(tree))
            found += [f"{place}:{line}" for line, _ in finder(tree)]
            continue
        for number, line in enumerate(text.splitlines(), 1):
            literals += len(QUOTED.findall(line))
            found += [f"{place}:{number}" for _ in in_template(line, names)]
    return Search(files, literals, found)


def metrics_in(root: Path) -> Search:
    """Search for names of metrics."""
    compared = re.compile(r"==|!=|\bin\b|METRICS\[")
    homes = ("pipelines/metrics/", PROJECT, *ENGINES)
    return search(root, metric_names, lambda word, line: word in METRICS and bool(compared.search(line)), homes)


def splits_in(root: Path) -> Search:
    """Search for names of kinds of split."""
    return search(
        root, split_names, lambda word, line: word in SPLITS and '/kind"' in line, ("pipelines/splits/", PROJECT)
    )


@pytest.mark.parametrize("looking", [metrics_in, splits_in])
def test_no_module_and_no_template_names_one(looking: Callable[[Path], Search]) -> None:
    """A further metric, or kind of split, is a row or a class: no comparison with a name has to learn of it."""
    looked = looking(ROOT)

    assert looked.files > FEWEST_FILES
    assert looked.literals > FEWEST_LITERALS
    assert not looked.found, f"of {looked.literals} literals in {looked.files} files these name one"


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("pipelines/step.py", 'if metric == "rmse":\n    pass\n'),
        ("flows/step.py", 'SHOWN = ("roc_auc",)\n'),
        ("pipelines/step.py", 'METRICS["log_loss"].score(y, p)\n'),
        ("pipelines/report/templates/page.md.j2", '{% if value("x") == "mape" %}yes{% endif %}\n'),
    ],
)
def test_a_planted_metric_is_found(place: str, text: str, tmp_path: Path) -> None:
    """A comparison, a list, a look-up and a template are each searched."""
    (tmp_path / place).parent.mkdir(parents=True)
    (tmp_path / place).write_text(text, encoding="utf-8")

    assert metrics_in(tmp_path).found == [f"{place}:1"]


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("pipelines/step.py", 'if project.split.kind == "time":\n    pass\n'),
        ("pipelines/step.py", 'late = kind in ("time", "other")\n'),
        ("pipelines/step.py", 'WORDS = {"random": 1, "group": 2}\n'),
        ("flows/step.py", 'default = "stratified"\n'),
        ("pipelines/report/templates/page.md.j2", '{% if value("define#/split/kind") == "column" %}x{% endif %}\n'),
    ],
)
def test_a_planted_kind_of_split_is_found(place: str, text: str, tmp_path: Path) -> None:
    """A comparison, a membership, a dictionary, the one name that is no common word, and a template."""
    (tmp_path / place).parent.mkdir(parents=True)
    (tmp_path / place).write_text(text, encoding="utf-8")

    assert set(splits_in(tmp_path).found) == {f"{place}:1"}


def test_words_that_mean_something_else_are_left_alone(tmp_path: Path) -> None:
    """A key of facts, a column of a frame and a prefix are no metrics and no kinds of split."""
    (tmp_path / "pipelines").mkdir()
    text = 'row = {"precision": 1.0}\nrow["precision"]\nframe["group"]\nseed = "time"\na = "rmse_of_all"\n'
    (tmp_path / "pipelines" / "x.py").write_text(text, encoding="utf-8")

    assert metrics_in(tmp_path).found == []
    assert splits_in(tmp_path).found == []
    assert metrics_in(tmp_path).literals == 6
