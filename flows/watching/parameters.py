"""What is said of a step before it runs: project, step, effort, commit and data. None of it is read by a step."""

import os
from contextlib import suppress
from pathlib import Path

from flows.commit import commit
from flows.repository.names import OF_ALL_PROJECTS
from flows.repository.projects import load_project
from flows.watching import COMMIT
from pipelines.core.errors import InputError

SHOWN = 12  # digits of a commit


def parameters(step: str, project: str) -> dict[str, str | None]:
    """Return what a step's run is shown with; what cannot be known is None, and the step itself says why."""
    effort = data = None
    if project != OF_ALL_PROJECTS:
        with suppress(InputError):
            file = load_project(project)
            effort = file.effort.level
            data = f"sha256 {file.raw.sha256}" if file.raw.sha256 else tracked(Path(file.raw.path))
    known = os.environ.get(COMMIT)
    return {
        "project": project,
        "step": step,
        "effort": effort,
        "commit": commit(SHOWN) if known is None else known or None,
        "data": data,
    }


def tracked(path: Path) -> str | None:
    """Return the hash of a raw file that DVC tracks, from the file beside it; None where there is none."""
    import yaml  # type: ignore[import-untyped] # its types are published apart

    with suppress(OSError, yaml.YAMLError, KeyError, TypeError, IndexError):
        found = yaml.safe_load(path.with_name(f"{path.name}.dvc").read_text(encoding="utf-8"))
        return f"md5 {found['outs'][0]['md5']}"
    return None
