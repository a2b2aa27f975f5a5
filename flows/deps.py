"""Which files and sections of the project file each stage of dvc.yaml depends on.

DVC does not see what a step imports or reads, so dvc.yaml names it stage by stage. `python -m flows.deps` (`make deps`)
writes it there; a test fails where something is missing or superfluous.
"""

import ast
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedSeq

from flows.dvc.closure import PACKAGES, closure, executed, modules
from flows.repository.files import replacing
from pipelines.core.project import Project

PIPELINE = Path("dvc.yaml")
SECTIONS = [name for name in Project.model_fields if name != "name"]
READS = {  # properties of a project and the sections they read
    "not_features": {"problem", "columns", "split"}, "asked_forecast": {"forecast"}, "asked_clusters": {"clusters"},
    "raw": {"source"}, "file_of": {"source"}, "worded": {"problem", "columns", "split"},
    "encoder": {"problem", "columns", "split"},
    "seed": set[str](), "split_kind": set[str](),  # of [split], which not all files have: facts of step 1 hold them
}  # fmt: skip
OPTIONAL = {
    "forecast",
    "panel",
    "clusters",
    "entities",
}  # a stage that reads a section which most files lack depends on the whole file
PARSER = Path("pipelines/core/project")  # it checks all sections
HOLDERS = ("project", "load_project")  # what a project is called where it is read
WIDTH = 120


def sections(step: str, root: Path = Path()) -> list[str]:
    """Return the sections that the step's code reads, as in `project.metric` or `load_project(name).source`."""
    found: set[str] = set()
    for path in modules(step, root):
        if PARSER not in path.parents:
            for node in executed(ast.parse((root / path).read_text(encoding="utf-8"))):
                if isinstance(node, ast.Attribute) and ast.unparse(node.value).split("(")[0] in HOLDERS:
                    found |= READS.get(node.attr, {node.attr})
    return [section for section in SECTIONS if section in found]


def parameters(step: str, root: Path = Path()) -> list[str] | None:
    """Return the sections that the step's stage depends on; None of the whole file."""
    read = sections(step, root)
    return None if OPTIONAL & set(read) else read


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
            ((file, _),) = stage["params"][0].items()  # that of ${key}, or of ${item} where a list is gone through
            stage["params"] = [{file: parameters(step)}]
    with replacing(PIPELINE) as file:
        yaml.dump(document, file)


if __name__ == "__main__":
    main()
