"""Reading and writing files: whole or not at all, and the same bytes for the same content.

A file is written beside its place under another name, flushed to the disk, and moved there in one operation, so that a
reader (or a run after a power cut) finds the old content or the new, never half of it. What a killed process left
beside a file's place goes when the file is written next.
"""

import fcntl
import glob
import hashlib
import json
import math
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from pipelines.core.digits import written_as
from pipelines.core.errors import InputError

LINE = 120  # the longest list or table of plain values that stays on one line
BLOCK = 1 << 20  # bytes read at a time
CACHE = Path(".dvc", "cache", "files", "md5")  # DVC's copies, by their md5


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Open a file that takes the place of `path` when the block ends well, and vanishes when it does not.

    An OSError of the writing names `path`.
    """
    name = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _clear_leftovers(path)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as file:
            with suppress(OSError):  # some network disks know no locks
                fcntl.flock(file, fcntl.LOCK_EX)  # this one's writer lives
            yield file
            file.flush()
            os.fsync(file.fileno())
            os.fchmod(file.fileno(), 0o644)  # mkstemp lets no other user read
            Path(name).replace(path)
    except BaseException as error:
        if isinstance(error, OSError) and (error.filename is None or Path(error.filename).parent == path.parent):
            error.filename = str(path)
        with suppress(OSError):
            Path(name).unlink()
        raise
    _drop_damaged_copy(path)


def _clear_leftovers(path: Path) -> None:
    """Remove what killed processes left of earlier attempts to write `path`."""
    for left in path.parent.glob(f".{glob.escape(path.name)}.????????"):
        with suppress(OSError), left.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            left.unlink()


def _drop_damaged_copy(path: Path) -> None:
    """Remove DVC's copy of the content of `path` if it is damaged: DVC takes it for good unread, and puts it there."""
    if not CACHE.is_dir():
        return
    digest = _digest(path, "md5")
    copy = CACHE / digest[:2] / digest[2:]
    with suppress(OSError):
        if copy.is_file() and _digest(copy, "md5") != digest:
            copy.unlink()


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


def check_no_pipe(path: Path) -> None:
    """Raise InputError where something is that is neither file nor folder: reading a pipe might never end."""
    if path.exists() and not path.is_file() and not path.is_dir():
        found = "that is a pipe, a socket or a device"
        raise InputError(found, where=str(path), allowed="a file", todo="put a file in its place")


def read_json(path: Path) -> Any:  # noqa: ANN401 - what a file holds, only its reader knows
    """Return what a JSON file holds."""
    return json.loads(path.read_text(encoding="utf-8"))


def sha256(path: Path) -> str:
    """Return the sha256 of a file's bytes, as 64 hexadecimal digits."""
    return _digest(path, "sha256")


def _digest(path: Path, algorithm: str) -> str:
    digest = hashlib.new(algorithm, usedforsecurity=False)
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def to_json(value: object) -> str:
    """Return facts as JSON text: floats as `written_as` says, short lists on one line, keys in their order.

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
        return written_as(pointer.rpartition("/")[2], value)
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
