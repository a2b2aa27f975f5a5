"""Whether the raw file is there, inside the repository, and the declared one."""

from pathlib import Path

from flows.repository.files import sha256
from pipelines.core.errors import InputError, quote
from pipelines.core.project import Project


def check_identity(project: Project, path: Path) -> str:
    """Return the raw file's sha256; raise InputError if the file is not there or not the declared one."""
    packaged, declared = project.raw.package is not None, project.raw.sha256
    fetch = f"run `dvc repro -f fetch@{project.name}`"
    try:
        check_inside(path)
        if path.is_dir():
            raise InputError("the raw file is a folder", where=str(path), todo="name a file in [source]")
        if not path.is_file():
            todo = fetch if packaged else "put it there (`dvc pull`, `dvc import-url` or copy it and `dvc add`)"
            raise InputError("the raw file is not there", where=str(path), todo=todo)
        found = sha256(path)
    except OSError as error:
        todo = "check the file's name and permissions"
        raise InputError(f"the raw file cannot be read ({error.strerror})", where=str(path), todo=todo) from None
    if declared is not None and found != declared:
        todo = fetch if packaged else "if the new content is meant, write its sha256 into [source]"
        where = f"{path}, against source.sha256 in projects/{project.name}.toml"
        raise InputError(f"the raw file has sha256 {found}", where=where, allowed=declared, todo=todo)
    return found


def check_inside(path: Path) -> None:
    """Raise InputError where a link leads out of the repository: what lies there, DVC does not keep."""
    try:
        place = path.resolve()
    except (ValueError, RuntimeError):  # no path, or links in a circle: then no file is there
        return
    if not place.is_relative_to(Path.cwd().resolve()):
        raise InputError(
            f"the raw file is a link to {quote(str(place))}, outside of the repository",
            where=str(path),
            allowed="a file inside the repository",
            todo="put the file itself there (`sevenfold new` copies it)",
        )
