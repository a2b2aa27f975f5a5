"""What a server has loaded: one archive, checked against itself and against the libraries that are installed here."""

import hashlib
import os
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from flows.serving.options import Options
from pipelines.core.errors import InputError
from pipelines.serving.kinds import load_service
from pipelines.serving.service import Parity, Service

# Packages whose name is not the one that is imported; of xgboost there are two.
PACKAGES = {"sklearn": ("scikit-learn",), "xgboost": ("xgboost-cpu", "xgboost")}


@dataclass(frozen=True)
class Library:
    """A library that models were fitted with, and what is here."""

    name: str
    built: str
    loaded: str | None  # None: it is not installed, and nothing that is served needs it

    @property
    def same(self) -> bool:
        """Whether models run with the code that they were fitted with."""
        return self.loaded in (self.built, None)


@dataclass(frozen=True)
class Loaded:
    """One archive, ready to answer or with a reason why not."""

    service: Service
    sha256: str
    size: int  # bytes
    parity: Parity
    libraries: tuple[Library, ...]
    refused: str | None  # why it answers nothing


@dataclass(frozen=True)
class Stamp:
    """By what a file is known to be the same without reading it."""

    size: int
    modified: int  # nanoseconds
    place: int  # inode

    @classmethod
    def of(cls, path: Path) -> "Stamp | None":
        """Return that of a file; None where there is none."""
        try:
            found = path.stat()
        except OSError:
            return None
        return cls(found.st_size, found.st_mtime_ns, found.st_ino)


class Watch:
    """Whether the archive's file is still the one that was loaded."""

    def __init__(self, path: Path, sha256: str) -> None:
        self._path, self._sha256 = path, sha256
        self._known: tuple[Stamp | None, str | None] = (None, None)

    def change(self) -> str | None:
        """Return what became of the file, in words; None where it is the one that was loaded."""
        stamp = Stamp.of(self._path)
        if stamp is None:
            return "the file is gone; the archive that was loaded goes on answering"
        if stamp != self._known[0]:
            try:
                self._known = stamp, hashlib.sha256(self._path.read_bytes()).hexdigest()
            except OSError:
                return "the file cannot be read; the archive that was loaded goes on answering"
        found = self._known[1]
        if found == self._sha256:
            return None
        return f"the file is another one, sha256 {found}; the archive that was loaded goes on answering until a restart"


def load(options: Options) -> Loaded:
    """Return the archive at `options.pinned`, or at its own path, warmed by answering its own test rows.

    Raises InputError where it is no archive, not the expected one, or lacks the model asked for.
    """
    path = Path(options.pinned or options.archive)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(f"the archive cannot be read ({error.strerror})", where=str(path)) from None
    found = hashlib.sha256(content).hexdigest()
    if options.sha256 and found != options.sha256:
        todo = "start the server again"
        raise InputError("the archive was replaced while it was loaded", where=str(path), todo=todo)
    service = load_service(content, threads=max(1, (os.cpu_count() or 1) // options.workers))
    service.check_model(options.model)
    libraries = compare_libraries(service)
    parity = service.check_parity()
    return Loaded(service, found, len(content), parity, libraries, _refused(parity, libraries, strict=options.strict))


def compare_libraries(service: Service) -> tuple[Library, ...]:
    """Return the libraries that a service was made with, its models and what reads its texts, and which are here."""
    built: dict[str, str] = dict(service.schema.get("libraries", {}))
    for model in service.models.values():
        built |= model.schema["versions"]
    return tuple(Library(name, found, _version(name)) for name, found in sorted(built.items()))


def _version(name: str) -> str | None:
    """Return the version of an installed library, by the name that it is imported by; nothing is imported."""
    for package in PACKAGES.get(name, (name,)):
        try:
            return version(package)
        except PackageNotFoundError:
            continue
    return None


def _refused(parity: Parity, libraries: tuple[Library, ...], *, strict: bool) -> str | None:
    """Return why nothing is answered; None where all is well."""
    if not parity.holds:
        return f"the archive's own test rows come back otherwise than when it was made, by up to {parity.largest:.3g}"
    if strict and not parity.exact:
        return f"the archive's own test rows come back with differences of up to {parity.largest:.3g} (--strict)"
    other = [f"{one.name} {one.loaded}, not {one.built}" for one in libraries if not one.same]
    if strict and other:
        return f"other libraries than those that the models were made with: {', '.join(other)} (--strict)"
    return None


def parity_facts(parity: Parity) -> dict[str, Any]:
    """Return a parity as JSON has it."""
    return {
        "holds": parity.holds, "exact": parity.exact, "rows": parity.rows, "compared": parity.compared,
        "differing": parity.differing, "largest": parity.largest if parity.largest < float("inf") else None,
    }  # fmt: skip
