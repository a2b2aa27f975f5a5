"""The list of projects in dvc.yaml: which there are, and how one is added or taken out.

Lines are put in and taken out as text, so that all else stays byte for byte; what comes out is read again before it is
written.
"""

import re
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from flows.repository.files import check_no_pipe, write_text
from pipelines.core.errors import InputError, quote

PIPELINE = Path("dvc.yaml")
PLAIN = re.compile(r"[\w./-]+")  # paths that need no quotes in YAML
MERGED = re.compile(r"^( +)<<: \*packaged\n", re.MULTILINE)  # where the user's own projects begin


def listed() -> dict[str, str]:
    """Return the raw file of each project that dvc.yaml lists, by the project's name."""
    return _listed(_read())


def packaged() -> set[str]:
    """Return the projects whose raw file the `fetch` stage takes out of a package."""
    return set(_listed(_read(), "packaged"))


def check_place(name: str, raw: str) -> None:
    """Raise InputError where dvc.yaml has no place for a project whose raw file is the user's own."""
    _added(name, raw)


def add(name: str, raw: str) -> None:
    """List a project whose raw file is the user's own; raise InputError where dvc.yaml has no place for it."""
    write_text(PIPELINE, _added(name, raw))


def _added(name: str, raw: str) -> str:
    """Return dvc.yaml's text with the project."""
    if not PLAIN.fullmatch(raw):
        todo = "give it a name of letters, digits, points, dashes and underscores"
        raise InputError(f"the raw file's path is {quote(raw)}", where=str(PIPELINE), todo=todo)
    text = _read()
    place = MERGED.search(text)
    if place is None:
        raise _odd("there is no line `<<: *packaged` under `projects`")
    indent = place[1]
    text = text[: place.end()] + f"{indent}{name}:\n{indent}  raw: {raw}\n" + text[place.end() :]
    return _checked(text, name, raw)


def remove(name: str) -> None:
    """Take a project out of the list; do nothing if it is not there."""
    text = _read()
    if name not in _listed(text):
        return
    text, count = re.subn(rf"^( +){re.escape(name)}:\n\1  raw: .*\n", "", text, flags=re.MULTILINE)
    if not count:
        raise _odd(f"{name} is not listed as `{name}:` and `raw: ...` on two lines")
    # A map without entries is written as one, or it would be nothing at all, which cannot be merged.
    text = re.sub(r"(packaged: &packaged)\n(?= *- )", r"\1 {}\n", text)
    write_text(PIPELINE, _checked(text, name, None))


def _read() -> str:
    check_no_pipe(PIPELINE)
    try:
        return PIPELINE.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise _odd(str(error)) from None


def _listed(text: str, key: str = "projects") -> dict[str, str]:
    try:
        variables: list[dict[str, Any]] = YAML(typ="safe").load(text)["vars"]
        entries = next(part[key] for part in variables if key in part)
        return {str(name): str(entry["raw"]) for name, entry in entries.items()}
    except (YAMLError, KeyError, TypeError, StopIteration, AttributeError) as error:
        raise _odd(str(error).splitlines()[0] if str(error) else f"no list of {key} under `vars`") from None


def _checked(text: str, name: str, raw: str | None) -> str:
    """Return the text; raise InputError unless it lists that project with that raw file, or not where `raw` is None."""
    if _listed(text).get(name) != raw:
        raise _odd(f"{name} cannot be changed there")
    return text


def _odd(found: str) -> InputError:
    return InputError(
        f"the list of projects cannot be read or changed: {found}",
        where=f"{PIPELINE}, vars",
        todo="restore it (`git checkout dvc.yaml`), or change it by hand as its first lines say",
    )
