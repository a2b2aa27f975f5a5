"""Which module imports which: no circle, the recipe knows no files and no tools, and Prefect is known in one folder."""

import ast
import subprocess
import sys
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from pathlib import Path

import pytest
from conftest import ROOT

PACKAGES = ("flows", "pipelines")
HEAVY = ("scipy", "sklearn", "lightgbm", "xgboost", "shap", "optuna", "matplotlib", "great_expectations", "prefect")
FEWEST_MODULES, FEWEST_ARROWS = 200, 800  # a reader of imports that finds fewer looks at something else

Imports = Mapping[str, set[str]]  # by the module that imports: dotted names, of ours and of others


def imports(root: Path) -> dict[str, set[str]]:
    """Return what each module below `root` imports, also inside functions and for type checkers alone."""
    paths = {_dotted(path.relative_to(root)): path for package in PACKAGES for path in (root / package).rglob("*.py")}
    found = {}
    for module, path in paths.items():
        named = set(_named(ast.parse(path.read_text(encoding="utf-8")), set(paths)))
        found[module] = named - {module}
    return found


def arrows(found: Imports) -> dict[str, set[str]]:
    """Return the same without what is not ours."""
    return {module: named & found.keys() for module, named in found.items()}


def circle(graph: Imports) -> list[str]:
    """Return the modules of one circle, the first one again at its end; nothing where there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        found: list[str] = error.args[1]
        return found[::-1]  # so that each imports the next
    return []


def strays(found: Imports) -> list[str]:
    """Return a sentence for each import that leads where its module may not look."""
    sentences = []
    for module, named in sorted(found.items()):
        packages = {name.split(".")[0] for name in named}
        recipe, watching = module.split(".")[0] == "pipelines", module.startswith("flows.watching")
        foreign = {"flows", "prefect", "prefect_dask", "dvc"} if recipe else set()
        if not watching:
            foreign |= {"prefect", "prefect_dask"}
        sentences += [f"{module} imports {package}" for package in sorted(packages & foreign)]
    return sentences


def _dotted(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _named(tree: ast.Module, modules: set[str]) -> Iterator[str]:
    """Yield the modules that a syntax tree names; of `from a import b`, a.b where that is a module of ours, else a."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in modules else node.module


@pytest.fixture(scope="module")
def ours() -> dict[str, set[str]]:
    """Return the imports of this repository."""
    return imports(ROOT)


def test_no_module_imports_itself_in_a_circle(ours: dict[str, set[str]]) -> None:
    """Whoever reads a module can read what it imports first, and never comes back to where they were."""
    graph = arrows(ours)
    count = sum(map(len, graph.values()))
    print(f"{len(graph)} modules, {count} arrows")  # noqa: T201 - shown by `pytest -s`

    assert len(graph) > FEWEST_MODULES
    assert count > FEWEST_ARROWS
    assert not circle(graph), " -> ".join(circle(graph))


def test_the_recipe_knows_no_tools_and_prefect_is_known_in_one_folder(ours: dict[str, set[str]]) -> None:
    """`pipelines` imports neither `flows` nor Prefect nor DVC; of `flows`, only `flows/watching` imports Prefect."""
    assert not strays(ours)
    assert any("prefect" in name for named in ours.values() for name in named)


def test_modules_are_imported_relative_to_the_root_alone() -> None:
    """No import begins with a dot: such arrows would not be seen here, nor by the reader of DVC's dependencies."""
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            relative = [node.lineno for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.level]
            assert not relative, f"{path}:{relative}"


def test_a_planted_circle_and_planted_strays_are_found(tmp_path: Path) -> None:
    """Found are a circle, two of its arrows in a function and for type checkers alone, and two stray imports."""
    for name, source in {
        "pipelines/__init__.py": "",
        "pipelines/one.py": "from pipelines import two\n",
        "pipelines/two.py": "def late():\n    import pipelines.three\n",
        "pipelines/three.py": "if TYPE_CHECKING:\n    from pipelines.one import One\n",
        "pipelines/four.py": "from flows.watching.watch import watched\n",
        "flows/watching/watch.py": "from prefect import flow\n",
        "flows/cli.py": "def main():\n    import prefect.tasks\n",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(source, encoding="utf-8")

    found = imports(tmp_path)
    there_and_back = circle(arrows(found))

    assert set(there_and_back) == {"pipelines.one", "pipelines.two", "pipelines.three"}
    assert all(after in found[before] for before, after in pairwise(there_and_back))
    assert strays(found) == ["flows.cli imports prefect", "pipelines.four imports flows"]


@pytest.mark.parametrize("step", ["define", "report"])
def test_steps_that_fit_nothing_import_heavy_libraries_late(step: str) -> None:
    """Lists hold rows: to read them imports neither SciPy nor what fits, draws or watches."""
    code = f"import sys; from flows.steps import {step}; print(*sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    imported = set(done.stdout.split())
    assert {"pandas", f"flows.steps.{step}", "pipelines.targets"} <= imported
    assert not imported & set(HEAVY)
