"""Which files of ours a step is made of, and which sections of the project file these read.

A step is made of what its module imports and what those import, also inside functions. DVC does not see that, so
dvc.yaml names files and sections stage by stage. `python -m flows.closure` (`make deps`) writes them there; a test
fails where one is missing or superfluous.
"""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedSeq

from flows.files import replacing
from pipelines.project import Project

PACKAGES = ("flows", "pipelines")
PIPELINE = Path("dvc.yaml")
PROJECT_FILE = "projects/${key}.toml"
SECTIONS = [name for name in Project.model_fields if name != "name"]
READS = {"not_features": {"problem", "columns", "split"}}  # properties of a project and the sections they read
PARSERS = ("pipelines/project.py", "pipelines/agreement.py")  # these read all sections, to check them
HOLDERS = ("project", "load_project")  # what a project is called where it is read
WIDTH = 120


def closure(step: str, root: Path = Path()) -> list[str]:
    """Return the paths below `root`, sorted, of the modules that `step` imports and of the data folders beside them."""
    found: set[Path] = set()
    waiting = [Path("flows", "steps", f"{step}.py")]
    while waiting:
        path = waiting.pop()
        if path in found or not (root / path).is_file():
            continue
        found.add(path)
        waiting += [folder / "__init__.py" for folder in path.parents if folder.parts]
        waiting += [file for name in _imported(root / path) for file in _files(name)]
    folders = {folder for path in found for folder in _data_folders(root, path.parent)}
    full = [path for path in found | folders if (root / path).is_dir() or _says_something(root / path)]
    return sorted(path.as_posix() for path in full)


def sections(step: str, root: Path = Path()) -> list[str]:
    """Return the sections that the step's code reads, as in `project.metric` or `load_project(name).source`."""
    found: set[str] = set()
    for path in closure(step, root):
        if path.endswith(".py") and path not in PARSERS:
            for node in _run(ast.parse((root / path).read_text(encoding="utf-8"))):
                if isinstance(node, ast.Attribute) and ast.unparse(node.value).split("(")[0] in HOLDERS:
                    found |= READS.get(node.attr, {node.attr})
    return [section for section in SECTIONS if section in found]


def is_code(path: str) -> bool:
    """Return whether a dependency in dvc.yaml is code of ours rather than data."""
    return path.split("/", maxsplit=1)[0] in PACKAGES


def stages(pipeline: Path = PIPELINE) -> dict[str, Any]:
    """Return each stage's definition in dvc.yaml, by the step's name, without the `foreach` around it."""
    loaded = YAML(typ="safe").load(pipeline)["stages"]
    return {step: stage.get("do", stage) for step, stage in loaded.items()}


def main() -> None:
    """Write the code dependencies and sections of all stages into dvc.yaml; comments and all else stay."""
    yaml = YAML()
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.width = WIDTH
    document = yaml.load(PIPELINE)
    for step, entry in document["stages"].items():
        stage = entry.get("do", entry)
        data = [dep for dep in stage["deps"] if not is_code(dep)]
        stage["deps"] = CommentedSeq(closure(step) + data)
        if "params" in stage:
            stage["params"] = [{PROJECT_FILE: sections(step)}]
    with replacing(PIPELINE) as file:
        yaml.dump(document, file)


def _says_something(path: Path) -> bool:
    """Return whether a module holds more than its docstring; DVC takes its time for each file."""
    body = ast.parse(path.read_text(encoding="utf-8")).body
    return any(not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)) for node in body)


def _imported(path: Path) -> Iterator[str]:
    """Yield the dotted names that a module imports, wherever in it; `from a import b` may mean a.b."""
    for node in _run(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _run(node: ast.AST) -> Iterator[ast.AST]:
    """Yield all that is below a node, but for what only type checkers read."""
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.If) and isinstance(child.test, ast.Name) and child.test.id == "TYPE_CHECKING"):
            yield child
            yield from _run(child)


def _files(name: str) -> list[Path]:
    """Return where a module of ours of that name would lie, as a file or as a package."""
    parts = name.split(".")
    if parts[0] not in PACKAGES:
        return []
    return [Path(*parts).with_suffix(".py"), Path(*parts, "__init__.py")]


def _data_folders(root: Path, package: Path) -> list[Path]:
    """Return the folders inside a package that hold no Python but other files, such as templates."""
    folders = [path for path in (root / package).iterdir() if path.is_dir() and not path.name.startswith((".", "__"))]
    data = [path for path in folders if any(path.iterdir()) and not any(path.glob("*.py"))]
    return [path.relative_to(root) for path in data]


if __name__ == "__main__":
    main()
