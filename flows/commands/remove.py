"""`sevenfold remove`: a project taken out of list and folders; what DVC's cache holds stays until `dvc gc`."""

import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from flows.dvc import listed as pipeline
from flows.repository.files import write_text
from flows.repository.layout import Layout
from flows.repository.names import check_name
from flows.repository.projects import check_free_name, project_names
from pipelines.core.errors import InputError, quote

LOCK = Path("dvc.lock")


def remove(name: str) -> int:
    """Remove the project file, what was built, and the raw file if DVC has it and it is no other project's.

    Raises InputError, and leaves all as it was, where list or lock cannot be changed or something else than a file of
    this repository would go.
    """
    check_free_name(name)
    listed = pipeline.listed()
    check_name(name, sorted({*project_names(), *listed}), what="project", where="projects/")
    layout = Layout(name)
    gone = [layout.project_file, layout.summary, *_raw(name, listed)]
    _check_files(gone)
    lock = _unlocked(name)
    pipeline.remove(name)  # first: from here on nothing would be built again
    for path in gone:
        path.unlink(missing_ok=True)
    for folder in (layout.data, Path("models", name), layout.reports):
        if folder.is_symlink():
            folder.unlink()  # what it leads to is not the project's
        elif folder.is_dir():
            shutil.rmtree(folder)
    if lock is not None:
        write_text(LOCK, lock)
    raw = Path(listed.get(name, ""))
    stays = f"{quote(str(raw))} stays: DVC has no copy of it, or another project reads it\n" if raw.is_file() else ""
    sys.stdout.write(f"{name} is removed; `dvc repro overview` writes the overview without it\n{stays}")
    return 0


def _raw(name: str, listed: Mapping[str, str]) -> list[Path]:
    """Return the raw file and what DVC says of it; nothing where DVC has no copy, or another project reads it."""
    if name not in listed:
        return []
    raw = Path(listed[name])
    tracked = raw.parent / f"{raw.name}.dvc"
    others = [os.path.realpath(path) for other, path in listed.items() if other != name]
    if not Path(os.path.realpath(raw.parent)).is_relative_to(os.path.realpath(Path.cwd())):
        raise InputError(
            f"the raw file {quote(str(raw))} lies outside of the repository",
            where=f"{pipeline.PIPELINE}, {name}",
            allowed="a file inside the repository",
            todo="correct the list; nothing was removed",
        )
    if os.path.realpath(raw) in others or not (tracked.is_file() or name in pipeline.packaged()):
        return []
    return [raw, tracked]


def _check_files(paths: Sequence[Path]) -> None:
    folder = next((path for path in paths if path.is_dir() and not path.is_symlink()), None)
    if folder is not None:
        todo = "see what it holds, and remove it by hand; nothing was removed"
        raise InputError("that is a folder", where=str(folder), allowed="a file", todo=todo)


def _unlocked(name: str) -> str | None:
    """Return dvc.lock without the project's stages, as DVC writes it; None where it holds none."""
    if not LOCK.is_file():
        return None
    from dvc.utils.serialize import YAMLFileCorruptedError, dumps_yaml, parse_yaml

    try:
        document = parse_yaml(LOCK.read_text(encoding="utf-8"), LOCK) or {"stages": {}}
        stages = document["stages"] or {}
        kept = {stage: entry for stage, entry in stages.items() if stage.partition("@")[2] != name}
    except (YAMLFileCorruptedError, UnicodeDecodeError, KeyError, TypeError, AttributeError):
        todo = "restore it (`git checkout dvc.lock`); nothing was removed"
        raise InputError("this is no lock file of DVC's", where=str(LOCK), todo=todo) from None
    return dumps_yaml(document | {"stages": kept}) if len(kept) < len(stages) else None
