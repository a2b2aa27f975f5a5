"""What earlier steps left behind: their facts and models."""

from collections.abc import Iterable
from pathlib import Path

from flows.repository.files import Facts, read_json
from flows.repository.layout import Layout
from pipelines.core.errors import InputError


def made_by(step: str, path: Path, name: str) -> Path:
    """Return the path of what an earlier step wrote; raise InputError if it is not there."""
    if not path.is_file():
        todo = f"run `dvc repro {step}@{name}`, or `dvc checkout` if it ran before"
        raise InputError(f"step `{step}` has not written its file", where=str(path), todo=todo)
    return path


def load_facts(name: str, steps: Iterable[str]) -> dict[str, Facts]:
    """Return the facts of the named steps, by step."""
    return {step: _read(made_by(step, Layout(name).facts(step), name), step, name) for step in steps}


def _read(path: Path, step: str, name: str) -> Facts:
    try:
        return read_json(path)
    except ValueError as error:
        raise damaged(path, step, name) from error


def damaged(path: Path, step: str, name: str) -> InputError:
    """Return the error of a file that an earlier step wrote and that cannot be read any more."""
    todo = f"run `dvc repro -f {step}@{name}`"
    return InputError(f"the file of step `{step}` is damaged", where=str(path), todo=todo)


def load_model(name: str, step: str) -> bytes:
    """Return the fitted models of `baseline` or `strong`, as they were archived."""
    return made_by(step, Layout(name).model(step), name).read_bytes()
