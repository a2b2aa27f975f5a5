"""What runs on a worker of a Dask cluster: one piece, in a process that is like the one that asked for it."""

import hashlib
import os
import platform
import socket
import traceback
from collections.abc import Callable
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

Result = TypeVar("Result")

# What computes, what carries values between processes, and the number of threads: each can change the last digits.
COMPUTING = (
    "numpy", "pandas", "scipy", "scikit-learn", "lightgbm", "xgboost-cpu", "onnxruntime", "tokenizers", "dask",
    "distributed", "prefect",
)  # fmt: skip
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
ROOT = Path(__file__).resolve().parents[2]
ANSWER_SECONDS = 5
PORTS = {"http": 80, "https": 443}
OWN = "raised_by_the_piece"  # an attribute of exceptions: the piece's own, no trouble of the cluster


class Held:
    """An argument on its way. Prefect, which would walk through all of a list for futures, sees one plain object."""

    def __init__(self, value: object, size: int) -> None:
        """Keep the value and how many bytes it takes."""
        self.value, self.size = value, size

    def __sizeof__(self) -> int:
        """Return the bytes that Dask counts of a worker's memory."""
        return self.size


class Unlike(Exception):  # noqa: N818 - says what it is when raised: the worker is unlike the client
    """This worker would compute something else than the process that asked."""


@cache
def likeness() -> dict[str, str]:
    """Return what two processes must have in common so that a piece gives the same bytes in both.

    Kept from the first call on: a worker goes on using the code that it has imported, whatever lies on the disk.
    """
    found = {"python": platform.python_version(), "code": _code(), "threads": _threads()}
    for package in COMPUTING:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found


def differences(here: dict[str, str], there: dict[str, str]) -> list[str]:
    """Return in words what is not alike, such as `lightgbm 4.7.0 here, 4.6.0 there`."""
    return [f"{name} {here[name]} here, {there.get(name)} there" for name in here if there.get(name) != here[name]]


def run_piece(like: dict[str, str], function: Callable[..., Result], held: tuple[Held, ...]) -> Result:
    """Return `function` of what is held; raise what it raises, marked as its own, or Unlike without calling it.

    A worker may have joined since the others were looked at, so each piece looks again.
    """
    if unlike := differences(like, likeness()):
        raise Unlike("; ".join(unlike))
    try:
        return function(*(one.value for one in held))
    except Exception as error:
        setattr(error, OWN, True)
        error.add_note(f"on a Dask worker:\n{traceback.format_exc()}")  # where it happened does not travel
        raise


def reaches(api: str) -> bool:
    """Return whether a server listens at the address of an API, seen from here."""
    parts = urlsplit(api)
    try:
        socket.create_connection((parts.hostname, parts.port or PORTS[parts.scheme]), ANSWER_SECONDS).close()
    except OSError:
        return False
    return True


def _code() -> str:
    """Return eight hexadecimal digits of the recipe's source."""
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for path in sorted((ROOT / "pipelines").rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:8]


def _threads() -> str:
    """Return how many threads the numerical libraries take; unset means as many as there are cores."""
    return ", ".join(f"{name}={os.environ.get(name, 'unset')}" for name in THREADS)
