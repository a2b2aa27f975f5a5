"""Reading and writing files: whole or not at all, and the same bytes for the same content.

A file is written beside its place under another name, flushed to the disk, and moved there in one operation, so that a
reader (or a run after a power cut) finds the old content or the new, never half of it.
"""

import hashlib
import json
import math
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

Facts = dict[str, Any]

DIGITS = 10  # significant digits of a float in facts; what lies beyond differs between processors
LINE = 120  # the longest list or table of plain values that stays on one line
BLOCK = 1 << 20  # bytes read at a time


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Open a file that takes the place of `path` when the block ends well, and vanishes when it does not."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)  # mkstemp lets nobody else read
        Path(name).replace(path)
    except BaseException:
        with suppress(FileNotFoundError):
            Path(name).unlink()
        raise


def write_bytes(path: Path, content: bytes) -> None:
    """Write bytes."""
    with replacing(path) as file:
        file.write(content)


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text with a newline at the end."""
    write_bytes(path, (text.rstrip("\n") + "\n").encode())


def write_json(path: Path, value: object) -> None:
    """Write facts in their one canonical form; raises what `to_json` raises."""
    write_text(path, to_json(value))


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Make `folder` hold exactly `files` (name to content); what else was there goes."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        write_bytes(folder / name, content)
    for path in folder.iterdir():
        if path.name not in files:
            path.unlink()


def read_json(path: Path) -> Facts:
    """Return the facts of a file."""
    facts: Facts = json.loads(path.read_text(encoding="utf-8"))
    return facts


def sha256(path: Path) -> str:
    """Return the sha256 of a file's bytes, as 64 hexadecimal digits."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def to_json(value: object) -> str:
    """Return facts as JSON text: floats to DIGITS significant digits, short lists on one line, keys in their order.

    Raises ValueError for NaN and infinities (JSON has none) and TypeError for anything but plain Python values, each
    naming the JSON pointer of the culprit.
    """
    return _render(_plain(value, ""), "")


def _plain(value: object, pointer: str) -> object:
    """Return the value with rounded floats, or raise."""
    if value is None or type(value) in (str, int, bool):
        return value
    if type(value) is float:
        if not math.isfinite(value):
            message = f"{pointer or '/'} is {value}; facts hold null where there is no number"
            raise ValueError(message)
        return float(f"{value:.{DIGITS}g}") + 0.0  # no negative zero
    if isinstance(value, dict):
        wrong = [key for key in value if type(key) is not str]
        if wrong:
            message = f"{pointer or '/'} has the key {wrong[0]!r}; the keys of facts are str"
            raise TypeError(message)
        return {key: _plain(item, f"{pointer}/{key}") for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item, f"{pointer}/{place}") for place, item in enumerate(value)]
    message = f"{pointer or '/'} is a {type(value).__name__}; facts hold str, int, float, bool, None, list and dict"
    raise TypeError(message)


def _render(value: object, indent: str) -> str:
    """Return JSON text; what fits on a line and holds nothing nested stays on one."""
    if not isinstance(value, (dict, list)) or not value:
        return json.dumps(value, ensure_ascii=False, allow_nan=False)
    items = value.values() if isinstance(value, dict) else value
    if not any(isinstance(item, (dict, list)) and item for item in items):
        line = json.dumps(value, ensure_ascii=False, allow_nan=False)
        if len(indent) + len(line) <= LINE:
            return line
    deeper = indent + " "
    if isinstance(value, dict):
        parts = [f"{json.dumps(key, ensure_ascii=False)}: {_render(item, deeper)}" for key, item in value.items()]
    else:
        parts = [_render(item, deeper) for item in value]
    opening, closing = ("{", "}") if isinstance(value, dict) else ("[", "]")
    return f"{opening}\n{deeper}" + f",\n{deeper}".join(parts) + f"\n{indent}{closing}"
