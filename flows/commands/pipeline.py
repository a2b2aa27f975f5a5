"""The list of projects in dvc.yaml: which there are, and how one is added or taken out; comments and all else stay."""

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import YAMLError

from flows.repository.files import replacing
from pipelines.core.errors import InputError

PIPELINE = Path("dvc.yaml")
WIDTH = 120


def listed() -> dict[str, str]:
    """Return the raw file of each project that dvc.yaml lists, by the project's name."""
    _, document = _load()
    return {str(name): str(entry["raw"]) for name, entry in _variable(document, "projects").items()}


def add(name: str, raw: str) -> None:
    """List a project whose raw file is the user's own."""
    yaml, document = _load()
    _variable(document, "projects")[name] = CommentedMap(raw=raw)
    _save(yaml, document)


def remove(name: str) -> None:
    """Take a project out of the list; do nothing if it is not there."""
    yaml, document = _load()
    for variable in ("packaged", "projects"):
        entries = _variable(document, variable)
        if name in dict(entries.items()) and name in list(_own(entries)):
            del entries[name]
    _save(yaml, document)


def _own(entries: CommentedMap) -> list[str]:
    """Return the names that stand in the map itself, not those merged into it."""
    merged = {name for _, part in entries.merge for name in part}
    return [str(name) for name in entries if name not in merged]


def _load() -> tuple[YAML, CommentedMap]:
    yaml = YAML()
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.width = WIDTH
    try:
        return yaml, yaml.load(PIPELINE)
    except (OSError, YAMLError) as error:
        found = f"dvc.yaml cannot be read: {str(error).splitlines()[0]}"
        raise InputError(found, where=str(PIPELINE), todo="restore it, as with `git checkout dvc.yaml`") from None


def _variable(document: CommentedMap, name: str) -> CommentedMap:
    """Return one of the two maps of projects under `vars`."""
    found: list[Any] = [part[name] for part in document.get("vars", []) if name in part]
    if not found:
        raise InputError(f"dvc.yaml has no `{name}` under `vars`", where=str(PIPELINE), todo="restore it")
    entries: CommentedMap = found[0]
    return entries


def _save(yaml: YAML, document: CommentedMap) -> None:
    with replacing(PIPELINE) as file:
        yaml.dump(document, file)
