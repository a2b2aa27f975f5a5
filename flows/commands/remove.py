"""`sevenfold remove`: a project taken out of list and folders; what DVC's cache holds stays until `dvc gc`."""

import shutil
import sys
from pathlib import Path

from flows.commands import pipeline
from flows.repository.files import write_text
from flows.repository.layout import Layout
from flows.repository.names import check_name
from flows.repository.projects import check_free_name, project_names

LOCK = Path("dvc.lock")


def remove(name: str) -> int:
    """Remove the project file, what was built, and the raw file if it is tracked by DVC and no other project's."""
    check_free_name(name)
    check_name(name, sorted({*project_names(), *pipeline.listed()}), what="project", where="projects/")
    layout, listed = Layout(name), pipeline.listed()
    raw = Path(listed[name]) if name in listed else None
    pipeline.remove(name)  # first: from here on nothing would be built again
    gone = [layout.project_file, layout.summary]
    if raw is not None and raw.as_posix() not in pipeline.listed().values():
        gone += [raw, raw.with_name(f"{raw.name}.dvc")]
    for path in gone:
        path.unlink(missing_ok=True)
    for folder in (layout.data, Path("models", name), layout.reports):
        if folder.is_dir():
            shutil.rmtree(folder)
    _unlock(name)
    sys.stdout.write(f"{name} is removed; `dvc repro overview` writes the overview without it\n")
    return 0


def _unlock(name: str) -> None:
    """Take the project's stages out of dvc.lock, written as DVC writes it."""
    if not LOCK.is_file():
        return
    from dvc.utils.serialize import dumps_yaml, loads_yaml

    document = loads_yaml(LOCK.read_text(encoding="utf-8"))
    stages = document["stages"]
    document["stages"] = {stage: entry for stage, entry in stages.items() if stage.partition("@")[2] != name}
    if len(document["stages"]) < len(stages):
        write_text(LOCK, dumps_yaml(document))
