"""Fill `.venv` with the pinned packages: by uv, itself pinned, or by pip where uv cannot, which takes far longer."""

import ensurepip
import os
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from flows.setup.index import for_uv
from flows.setup.left import Left
from flows.setup.pins import Pin, written
from flows.setup.stopped import Stopped, no_answer, no_room, reason
from flows.setup.tools import Command, Failed, run, start

Say = Callable[[str], None]
INSTALLER = "uv"  # its name in the lock
HASHES = ("--no-deps", "--require-hashes", "--requirement")  # the lock is whole: nothing is left to be resolved
ITSELF = ("--no-deps", "--no-build-isolation", "--editable", ".")


def make_venv(venv: Path) -> None:
    """Make an empty environment of the Python that runs this; raise Stopped."""
    here = f"{sys.executable} ({'.'.join(map(str, sys.version_info[:3]))})"
    try:
        run([sys.executable, "-m", "venv", *(["--without-pip"] if _bundled() else []), venv])
    except Failed as failed:
        said = str(failed)
        if "ensurepip" in said or "No module named venv" in said:
            package = f"python{'.'.join(map(str, sys.version_info[:2]))}-venv"
            raise Stopped(
                f"{here} has no ensurepip, which environments need; install it (Debian: {package}), then run make again"
            ) from failed
        raise Stopped(f"{here} could not make .venv: {reason('python -m venv', said)}") from failed


def install(venv: Path, pins: Sequence[Pin], megabytes: float, say: Say) -> None:
    """Install `pins` and the project itself; raise Stopped. What the tools wrote is in `setup.log` beside `.venv`."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "pins.txt"
        file.write_text(written(pins), encoding="utf-8")
        left = Left(len(pins), megabytes, say)
        try:
            _by_uv(venv, file, pins, left)
        except Failed as failed:
            if no_room(str(failed)) or no_answer(str(failed)):
                raise Stopped(reason(INSTALLER, str(failed))) from failed
            say(f"  {reason(INSTALLER, str(failed))}; pip is tried, which takes some minutes")
            _by_pip(venv, file, left)


def _by_uv(venv: Path, file: Path, pins: Sequence[Pin], left: Left) -> None:
    """Install with uv, after pip has installed uv; raise Failed."""
    own = next((pin for pin in pins if pin.name == INSTALLER), None)
    if own is None:
        raise Failed(f"{INSTALLER} is not in the lock")
    python, uv, alone = venv / "bin/python", venv / "bin/uv", file.with_name("uv.txt")
    with start([*_pip(venv), "config", "list"]) as listing:  # beside the installation of uv
        if not _has(uv, own):
            alone.write_text(own.text, encoding="utf-8")
            run([*_pip(venv), "install", "--no-compile", "--retries", "2", *HASHES, alone])
        configured = listing.communicate()[0].splitlines()
    install: list[str | Path] = [uv, "pip", "install", "--no-progress", "--python", python]
    environment = _environment(configured)
    # What builds a source file is taken from the lock, too.
    run([*install, "--build-constraints", file, *HASHES, file], environment, read=left.read)
    run([*install, *ITSELF], environment)


def _environment(configured: Sequence[str]) -> Mapping[str, str]:
    """Return the variables for uv: with hashes, the best match of all indexes is safe, and what pip does."""
    return {"UV_INDEX_STRATEGY": "unsafe-best-match", **for_uv(configured, os.environ), **os.environ}


def _has(uv: Path, pin: Pin) -> bool:
    return uv.exists() and run([uv, "--version"]).split()[1:2] == [pin.version]


def _by_pip(venv: Path, file: Path, left: Left) -> None:
    """Install with pip; raise Stopped."""
    try:
        run([*_pip(venv), "install", "--no-compile", *HASHES, file], read=left.read)
        run([*_pip(venv), "install", *ITSELF])
    except Failed as failed:
        raise Stopped(reason("pip", str(failed))) from failed


def _pip(venv: Path) -> Command:
    """Return how to call the environment's pip, or the one that came with Python where it has none yet."""
    there = any(venv.glob("lib/python3.*/site-packages/pip/__main__.py"))
    call = ["-m", "pip"] if there else [str(_bundled()[-1] / "pip")]
    return [venv / "bin/python", *call, "--disable-pip-version-check"]


def _bundled() -> list[Path]:
    """Return pip's wheels that came with this Python, which need no installation: none on Debian."""
    return sorted((Path(ensurepip.__file__).parent / "_bundled").glob("pip-*.whl"))
