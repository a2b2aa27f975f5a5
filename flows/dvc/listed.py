"""The list of projects in dvc.yaml: which there are, and how one is added or taken out.

Lines are put in and taken out as text, so that all else stays byte for byte; what comes out is read again before it is
written.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from flows.repository.files import check_no_pipe, write_text
from flows.repository.layout import Layout
from pipelines.core.errors import InputError, quote

PIPELINE = Path("dvc.yaml")
PLAIN = re.compile(r"[\w./-]+")  # paths that need no quotes in YAML
TEXTS = re.compile(r"^( +)- texts:(?: \[\])?\n", re.MULTILINE)
MERGED = re.compile(r"^( +)<<: \*packaged\n", re.MULTILINE)  # where the user's own projects begin


@dataclass(frozen=True)
class Listed:
    """What dvc.yaml says of one project."""

    raw: str  # the raw file
    table: str  # what steps 2 to 7 read
    texts: bool  # whether it has some, so that stages `encoder` and `encode` are its too


def listed() -> dict[str, str]:
    """Return the raw file of each project that dvc.yaml lists, by the project's name."""
    return {name: entry.raw for name, entry in _listed(_read()).items()}


def entries() -> dict[str, Listed]:
    """Return what dvc.yaml says of each project that it lists."""
    return _listed(_read())


def packaged() -> set[str]:
    """Return the projects whose raw file the `fetch` stage takes out of a package."""
    return set(_listed(_read(), "packaged"))


def stages_in(path: Path) -> set[str]:
    """Return the stages of a pipeline file, those of many projects once."""
    try:
        return set(YAML(typ="safe").load(path)["stages"])
    except (OSError, YAMLError, KeyError, TypeError) as error:
        raise _odd(f"no stages can be read: {str(error).splitlines()[0]}") from None


def entry_of(name: str, raw: str, *, texts: bool) -> Listed:
    """Return what dvc.yaml has to say of a project."""
    layout = Layout(name)
    return Listed(raw, (layout.encoded_folder if texts else layout.table).as_posix(), texts)


def check_place(name: str, raw: str) -> None:
    """Raise InputError where dvc.yaml has no place for a project whose raw file is the user's own."""
    _added(name, entry_of(name, raw, texts=True))


def add(name: str, raw: str, *, texts: bool) -> None:
    """List a project whose raw file is the user's own; raise InputError where dvc.yaml has no place for it."""
    write_text(PIPELINE, _added(name, entry_of(name, raw, texts=texts)))


def _added(name: str, entry: Listed) -> str:
    """Return dvc.yaml's text with the project."""
    if not PLAIN.fullmatch(entry.raw):
        todo = "give it a name of letters, digits, points, dashes and underscores"
        raise InputError(f"the raw file's path is {quote(entry.raw)}", where=str(PIPELINE), todo=todo)
    text = _read()
    place = MERGED.search(text)
    if place is None:
        raise _odd("there is no line `<<: *packaged` under `projects`")
    indent = place[1]
    lines = f"{indent}{name}:\n{indent}  raw: {entry.raw}\n{indent}  table: {entry.table}\n"
    text = text[: place.end()] + lines + text[place.end() :]
    if entry.texts:
        place = TEXTS.search(text)
        if place is None:
            raise _odd("there is no line `- texts:` under `vars`")
        text = text[: place.start()] + f"{place[1]}- texts:\n{place[1]}    - {name}\n" + text[place.end() :]
    return _checked(text, name, entry)


def remove(name: str) -> None:
    """Take a project out of the list; do nothing if it is not there."""
    text = _read()
    if name not in _listed(text):
        return
    text, count = re.subn(rf"^( +){re.escape(name)}:\n(\1  \w+: .*\n)+", "", text, flags=re.MULTILINE)
    if not count:
        raise _odd(f"{name} is not listed as `{name}:`, and `raw: ...` and `table: ...` on lines below it")
    text = re.sub(rf"^( +- texts:\n(?: +- .*\n)*?) +- {re.escape(name)}\n", r"\1", text, flags=re.MULTILINE)
    text = re.sub(r"^( +)- texts:\n(?!\1 +- )", r"\1- texts: []\n", text, flags=re.MULTILINE)
    # A map without entries is written as one, or it would be nothing at all, which cannot be merged.
    text = re.sub(r"(packaged: &packaged)\n(?= *- )", r"\1 {}\n", text)
    write_text(PIPELINE, _checked(text, name, None))


def _read() -> str:
    check_no_pipe(PIPELINE)
    try:
        return PIPELINE.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise _odd(str(error)) from None


def _listed(text: str, key: str = "projects") -> dict[str, Listed]:
    try:
        variables: list[dict[str, Any]] = YAML(typ="safe").load(text)["vars"]
        found = next(part[key] for part in variables if key in part)
        texts: list[object] = next((part["texts"] for part in variables if "texts" in part), [])
        return {
            str(name): Listed(str(entry["raw"]), str(entry.get("table", "")), name in texts)
            for name, entry in found.items()
        }
    except (YAMLError, KeyError, TypeError, StopIteration, AttributeError) as error:
        raise _odd(str(error).splitlines()[0] if str(error) else f"no list of {key} under `vars`") from None


def _checked(text: str, name: str, entry: Listed | None) -> str:
    """Return the text; raise InputError unless it says that of the project, or nothing where `entry` is None."""
    if _listed(text).get(name) != entry:
        raise _odd(f"{name} cannot be changed there")
    return text


def _odd(found: str) -> InputError:
    return InputError(
        f"the list of projects cannot be read or changed: {found}",
        where=f"{PIPELINE}, vars",
        todo="restore it (`git checkout dvc.yaml`), or change it by hand as its first lines say",
    )
