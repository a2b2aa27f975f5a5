"""Which projects there are, and what their files say.

The command line asks for the names before it has set the number of threads, so NumPy, which reading a project file
brings, is imported late.
"""

from typing import TYPE_CHECKING

from flows.repository.files import check_no_pipe
from flows.repository.layout import PROJECTS, Layout
from flows.repository.names import check_name
from pipelines.core.errors import InputError

if TYPE_CHECKING:
    from pipelines.core.project import Project

TAKEN = ("raw", "summaries", "figures", "overview")  # below data/, below reports/, and the step of all projects
NO_TEXTS = ("null", "true", "false")  # in dvc.yaml, which lists the projects


def project_names() -> list[str]:
    """Return the names of all projects, sorted."""
    return sorted(path.stem for path in PROJECTS.glob("*.toml"))


def load_project(name: str) -> "Project":
    """Return the project of that name; raise InputError if there is none or its file is wrong."""
    from pipelines.core.project import parse_project

    check_name(name, project_names(), what="project", where=f"{PROJECTS}/")
    path = Layout(name).project_file
    check_free_name(name, str(path), "rename the file")
    check_no_pipe(path)
    try:
        text = path.read_text(encoding="utf-8-sig")  # some editors begin a file with a mark
    except OSError as error:
        todo = "make it a file that can be read"
        raise InputError(f"the project file cannot be read ({error.strerror})", where=str(path), todo=todo) from None
    except UnicodeDecodeError as error:
        where = f"{path}, byte {error.start}"
        raise InputError("the project file is not UTF-8 text", where=where, todo="save it as UTF-8") from None
    return parse_project(text, name, str(path))


def check_free_name(name: str, where: str = "NAME", todo: str = "choose another name") -> None:
    """Raise InputError unless a project may have this name: folders of its own will have it too."""
    from pipelines.core.project import check_project_name

    check_project_name(name, where, todo)
    if name in TAKEN:
        allowed = f"any other name than {', '.join(TAKEN)}, which are folders of all projects"
        raise InputError(f"a project cannot be called {name!r}", where=where, allowed=allowed, todo=todo)
    if name in NO_TEXTS:
        allowed = f"any other name than {', '.join(NO_TEXTS)}, which dvc.yaml does not read as text"
        raise InputError(f"a project cannot be called {name!r}", where=where, allowed=allowed, todo=todo)
