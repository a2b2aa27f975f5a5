"""Make or renew `.venv`: `python -m flows.setup [extra ...]` with a Python of a right version.

Exit status 0: ready; 2: something is missing, with a line that says what. `.venv/.ready` and `.venv/.extra-NAME` say
what is whole; after an interrupted set-up all is made again.
"""

import argparse
import platform
import shutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from flows.setup.bytecode import write_bytecode
from flows.setup.checks import cache, check_extras, check_git, check_room, needed
from flows.setup.install import install, make_venv
from flows.setup.pins import EXTRAS, LOCK, read_pins, wanted
from flows.setup.stopped import Stopped, no_room

VENV = ".venv"
MEGABYTES = {"": 230, "dev": 60, "cluster": 4, "site": 20, "audit": 4}  # to download, about
PER_SECOND = 15  # megabytes of a usual line
SECONDS = 25  # for all else, on two idle cores


def main() -> int:
    """Set up the repository in the working directory; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m flows.setup")
    parser.add_argument("extras", nargs="*", help=f"of {', '.join(EXTRAS)}")
    asked = parser.parse_args().extras
    try:
        check_extras(asked)
        set_up(Path.cwd(), asked)
    except Stopped as stopped:
        sys.stderr.write(f"set-up stopped: {stopped}\n")
        return 2
    except OSError as error:
        where = f" in {error.filename}" if error.filename else ""
        todo = "make room there" if no_room(str(error)) else "check its rights"
        sys.stderr.write(f"set-up stopped: {error.strerror}{where}; {todo}, then run make again\n")
        return 2
    return 0


def set_up(root: Path, asked: Sequence[str]) -> None:
    """Make `.venv` with what the lock says and the extras that are asked for or there; raise Stopped."""
    start = time.monotonic()
    venv = root / VENV
    begun = venv / ".begun"
    there = [] if _broken(venv) else [extra for extra in EXTRAS if (venv / f".extra-{extra}").exists()]
    extras = [extra for extra in EXTRAS if extra in {*asked, *there}]
    check_git(root)
    new = _broken(venv)
    if new:
        check_room({root, cache()}, needed(extras))
        if venv.exists():
            _say("an earlier set-up was interrupted: .venv is made again")
            shutil.rmtree(venv)
    pins = wanted(read_pins((root / LOCK).read_text(encoding="utf-8")), extras)
    _announce(len(pins), extras, new=new)
    try:
        if new:
            make_venv(venv)
        begun.touch()
        install(venv, pins, _megabytes(extras), _say)
        write_bytecode(venv)
    except (Stopped, OSError) as error:
        if new:  # what is half made is of no use
            shutil.rmtree(venv, ignore_errors=True)
        elif not no_room(str(error)):  # nothing was changed yet
            begun.unlink(missing_ok=True)
        raise
    begun.unlink()
    for name in (".ready", *(f".extra-{extra}" for extra in extras)):
        (venv / name).touch()
    _say(f"set up in {time.monotonic() - start:.0f} s")


def _broken(venv: Path) -> bool:
    """Return whether there is no whole environment: none at all, or one whose set-up or Python ended."""
    return not (venv / ".ready").exists() or (venv / ".begun").exists() or not (venv / "bin/python").exists()


def _announce(packages: int, extras: Sequence[str], *, new: bool) -> None:
    with_extras = f" with {', '.join(extras)}" if extras else ""
    if not new:
        _say(f"renewing .venv{with_extras}: {packages} packages, those that changed or are missing")
        return
    megabytes = _megabytes(extras)
    _say(
        f"setting up .venv{with_extras} with Python {platform.python_version()}: {packages} packages, "
        f"{megabytes:.0f} MB to download unless an earlier set-up has; "
        f"about {SECONDS + megabytes / PER_SECOND:.0f} s on two idle cores at {PER_SECOND} MB/s"
    )


def _megabytes(extras: Sequence[str]) -> float:
    return MEGABYTES[""] + sum(MEGABYTES[extra] for extra in extras)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
