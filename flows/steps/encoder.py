"""Step 0 of projects with texts: the files of the encoder that the project names, each with the declared sha256.

They lie in a folder of the project's own, since several projects may name the same files and DVC lets one stage alone
write a file. Where no encoder is named the folder says just that.
"""

import shutil
from collections.abc import Mapping
from pathlib import Path

from flows.reading.identity import check_inside
from flows.repository.files import BLOCK, replacing, sha256, write_json
from flows.repository.layout import ENCODER_FILES, Layout
from flows.repository.projects import load_project
from flows.steps.fetch import put
from pipelines.core.errors import InputError
from pipelines.core.project import Source
from pipelines.core.submit import Submit

ABOUT = "encoder.json"


def run(name: str, submit: Submit) -> Mapping[str, object]:
    """Make the folder hold the encoder's files, and where they are from; return that."""
    project, folder = load_project(name), Layout(name).encoder
    sources = {role: source for source in project.source if (role := source.role) in ENCODER_FILES}
    placed = {role: _put(source, folder / ENCODER_FILES[role], name, submit) for role, source in sources.items()}
    about = {"files": placed}
    write_json(folder / ABOUT, about)
    for path in folder.iterdir():
        if path.name not in {ABOUT, *(ENCODER_FILES[role] for role in sources)}:
            path.unlink()
    return about


def _put(source: Source, path: Path, name: str, submit: Submit) -> dict[str, object]:
    """Put one file in its place; return its size, sha256 and origin."""
    where = f'the file of role "{source.role}" in projects/{name}.toml'
    if source.package is not None:
        return put(source, source.package, path, where, submit)
    own = Path(source.path)
    check_inside(own)
    if not own.is_file():
        raise InputError("the encoder's file is not there", where=f"{own}, {where}", todo="put it there")
    if (found := sha256(own)) != source.sha256:
        todo = "if the new content is meant, write its sha256 there"
        raise InputError(f"{own} has sha256 {found}", where=where, allowed=str(source.sha256), todo=todo)
    with own.open("rb") as content, replacing(path) as file:
        shutil.copyfileobj(content, file, BLOCK)
    return {"file": str(path), "bytes": path.stat().st_size, "sha256": source.sha256}
