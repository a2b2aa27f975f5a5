"""What earlier steps left behind: their facts and models."""

import hashlib
import io
import os
import re
import stat
import zipfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import cast

from flows.repository.files import read_json
from flows.repository.layout import Layout
from pipelines.core.errors import InputError, quote
from pipelines.facts.steps import Facts

LOCK = Path("dvc.lock")
MAKERS = {
    "repaired": "reflect",
    "rungs": "reflect",
    "service": "archive",
    "texts": "encode",
}  # the step that writes a model of another name
MOST_BYTES = 8 << 30  # that archived models unpack to; more would fit into no memory that they were fitted in
MOST_TIMES = 200  # of the archive's own size, from FEW_BYTES on: fitted models shrink to a tenth at best, bombs to less
FEW_BYTES = 64 << 20


def made_by(step: str, path: Path, name: str) -> Path:
    """Return the path of what an earlier step wrote; raise InputError if it is not there."""
    if not path.is_file():
        todo = f"run `dvc repro {step}@{name}`, or `dvc checkout` if it ran before"
        raise InputError(f"step `{step}` has not written its file", where=str(path), todo=todo)
    return path


def check_recorded(step: str, path: Path, name: str) -> None:
    """Raise InputError if a stage reads a file that is not the one which DVC recorded when the step ran.

    DVC takes a copy in its cache for good unread, so a damaged one may lie in the file's place. By hand, without DVC, a
    step may read what DVC has not recorded yet.
    """
    recorded = _recorded_md5(f"{step}@{name}", path) if "DVC_STAGE" in os.environ and path.is_file() else None
    if recorded not in (None, hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()):
        raise damaged(path, step, name)


def load_facts(name: str, steps: Iterable[str]) -> Facts:
    """Return the facts of the named steps, by step."""
    return cast("Facts", {step: _read(made_by(step, Layout(name).facts(step), name), step, name) for step in steps})


def _read(path: Path, step: str, name: str) -> object:
    try:
        return read_json(path)
    except ValueError as error:
        raise damaged(path, step, name) from error


def damaged(path: Path, step: str, name: str) -> InputError:
    """Return the error of a file that an earlier step wrote and that cannot be read any more."""
    todo = f"run `dvc repro -f {step}@{name}`"
    return InputError(f"the file of step `{step}` is damaged", where=str(path), todo=todo)


def load_model(name: str, step: str) -> bytes:
    """Return the fitted models of `baseline`, `strong`, `repaired` or of the `rungs`, or what was learned of `texts`.

    Raises InputError unless they are the ones that DVC recorded when the step ran: no others are unpacked.
    """
    maker = MAKERS.get(step, step)
    path, stage = made_by(maker, Layout(name).model(step), name), f"{maker}@{name}"
    content = path.read_bytes()
    found = hashlib.md5(content, usedforsecurity=False).hexdigest()  # what DVC goes by
    recorded = _recorded_md5(stage, path)
    if found != recorded:
        raise InputError(
            f"the models have md5 {found}, which DVC did not record"
            if recorded
            else "DVC has no record of these models",
            where=f"{path}, against stage {stage} in {LOCK}",
            allowed=f"md5 {recorded}" if recorded else f"models whose md5 is in {LOCK}, which DVC writes",
            todo=f"run `dvc repro -f {stage}`, or `dvc commit {stage}` if you ran the step by hand",
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            trouble = find_trouble(archive.infolist(), len(content))
    except zipfile.BadZipFile as error:
        raise damaged(path, maker, name) from error
    if trouble:
        allowed = f"plain files below the archive's root, together up to {MOST_TIMES} times its size"
        raise InputError(trouble, where=str(path), allowed=allowed, todo=f"run `dvc repro -f {stage}`")
    return content


def find_trouble(members: list[zipfile.ZipInfo], size: int) -> str | None:
    """Return what is wrong with the members of an archive of `size` bytes: with a name, a kind, or what they unpack to.

    Nothing is ever written under a member's name, and no more is unpacked than is declared, so none of it would do
    harm here. But an archive that fitted models never make was made by someone else.
    """
    names = [member.orig_filename for member in members]
    for name, member in zip(names, members, strict=True):
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or "\\" in name or "\0" in name or ":" in name:
            return f"the archive's member {quote(name)} points outside of it"
        if member.is_dir() or stat.S_IFMT(member.external_attr >> 16) not in (0, stat.S_IFREG):
            return f"the archive's member {quote(name)} is no plain file"
    if len(set(names)) < len(names):
        return "the archive holds two members of one name"
    unpacked = sum(member.file_size for member in members)
    if unpacked > MOST_BYTES or unpacked > max(FEW_BYTES, MOST_TIMES * size):
        return f"the archive of {size:,} bytes unpacks to {unpacked:,}"
    return None


def _recorded_md5(stage: str, path: Path) -> str | None:
    """Return the md5 that dvc.lock holds of a stage's out, None if it holds none; raise InputError if it is damaged.

    The file grows with the projects, so only the lines of the stage are parsed: those below its key, which is all that
    stands two columns in. Where they point to others (aliases), the whole is.
    """
    import yaml  # type: ignore[import-untyped] # its types are published apart

    if not LOCK.is_file():
        return None
    text = LOCK.read_text(encoding="utf-8", errors="replace") + "\n"
    lines = re.search(rf"^  {re.escape(stage)}:\n(?:(?: {{4}}.*)?\n)+", text, re.MULTILINE)
    if lines is None:
        return None
    try:
        try:
            entry = yaml.load(lines[0], yaml.CSafeLoader)[stage]
        except yaml.composer.ComposerError:
            entry = yaml.load(text, yaml.CSafeLoader)["stages"][stage]
        return next((str(out["md5"]) for out in entry["outs"] if out["path"] == path.as_posix()), None)
    except (yaml.YAMLError, KeyError, TypeError):
        todo = f"fix it, or run `dvc repro -f {stage}`"
        raise InputError(f"what DVC recorded of stage {stage} cannot be read", where=str(LOCK), todo=todo) from None
