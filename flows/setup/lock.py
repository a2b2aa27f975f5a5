"""Write requirements.lock: a pin a package for every Python and platform, its hashes, and the extras that ask for it.

`python -m flows.setup.lock` takes the newest versions that pyproject.toml allows, `--keep` those of the lock.
"""

import argparse
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from flows.setup.pins import EXTRAS, LOCK, Pin, read_pins, written
from flows.setup.tools import Failed, run

HEAD = """# Written by `make lock`. Pins hold for Python 3.11 to 3.13 on Linux and macOS; a marker says where not.
# `make` installs the pins without a line `# extra:`; those with one come with that extra.
"""
OLDEST = "3.11"
COMPILE = ("--universal", "--python-version", OLDEST, "--no-header", "--no-annotate", "--no-emit-index-url", "--quiet")


def main() -> int:
    """Write the lock of this folder; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m flows.setup.lock")
    parser.add_argument("--keep", action="store_true", help="keep the pinned versions; add and drop what has to be")
    try:
        text = lock_text(LOCK.read_text(encoding="utf-8"), upgrade=not parser.parse_args().keep)
    except Failed as failed:
        sys.stderr.write(f"the lock stays as it is; uv says:\n{failed}")
        return 2
    LOCK.write_text(text, encoding="utf-8")
    return 0


def lock_text(old: str, *, upgrade: bool) -> str:
    """Return the lock of the pyproject.toml of this folder, with the versions of the `old` one unless `upgrade`."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "all.txt"
        file.write_text(written(read_pins(old)), encoding="utf-8")
        hashes = ("--generate-hashes", *(["--upgrade"] if upgrade else []))
        every = _compiled(file, ("setup", *EXTRAS), *hashes)
        file.write_text(written(every), encoding="utf-8")
        base = {pin.name for pin in _compiled(Path(folder) / "base.txt", ("setup",), "--constraints", str(file))}
        of_extra = {
            extra: {pin.name for pin in _compiled(Path(folder) / f"{extra}.txt", (extra,), "--constraints", str(file))}
            for extra in EXTRAS
        }
    marked = [_marked(pin, () if pin.name in base else _asking(pin.name, of_extra)) for pin in every]
    return HEAD + written(marked)


def _compiled(file: Path, extras: tuple[str, ...], *more: str) -> list[Pin]:
    """Return what `uv pip compile` writes into `file`, whose pins it keeps unless `--upgrade` is given."""
    asked = [word for extra in extras for word in ("--extra", extra)]
    uv = str(Path(sys.executable).with_name("uv"))
    run([uv, "pip", "compile", "pyproject.toml", *COMPILE, *asked, *more, "--output-file", str(file)])
    return read_pins(file.read_text(encoding="utf-8"))


def _asking(name: str, of_extra: dict[str, set[str]]) -> tuple[str, ...]:
    return tuple(extra for extra, names in of_extra.items() if name in names)


def _marked(pin: Pin, extras: tuple[str, ...]) -> Pin:
    asked = f"    # extra: {', '.join(extras)}\n" if extras else ""
    return replace(pin, extras=extras, text=pin.text + asked)


if __name__ == "__main__":
    sys.exit(main())
