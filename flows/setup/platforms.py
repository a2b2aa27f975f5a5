"""Whether the index has a file of every pin for each Python and platform: `python -m flows.setup.platforms`.

Nothing is installed. uv picks the files as it would there: wheels, and sources only of pure Python.
"""

import os
import sys
import tempfile
from itertools import product
from pathlib import Path

from flows.setup.pins import LOCK, read_pins
from flows.setup.stopped import complaint
from flows.setup.tools import Failed, run

PYTHONS = ("3.11", "3.12", "3.13")
PLATFORMS = {  # by uv's name
    "x86_64-manylinux_2_28": "Linux x86-64 (glibc 2.28 or newer)",
    "aarch64-manylinux_2_28": "Linux aarch64 (glibc 2.28 or newer)",
    "aarch64-apple-darwin": "macOS 14 or newer on Apple silicon",
}
NEWEST_NEEDED = {"MACOSX_DEPLOYMENT_TARGET": "14.0"}  # of onnxruntime; uv takes 13 without it
SOURCES = ("antlr4-python3-runtime",)  # published without wheels; pure Python


def main() -> int:
    """Print what each Python and platform gets; return 1 where a file is missing."""
    pins = read_pins(LOCK.read_text(encoding="utf-8"))
    missing = 0
    for platform, python in product(PLATFORMS, PYTHONS):
        found, lacking = files_for(platform, python)
        missing += lacking is not None
        sys.stdout.write(f"Python {python}, {PLATFORMS[platform]}: {lacking or f'a file for each of {found} pins'}\n")
    sys.stdout.write(
        f"compared {len(pins)} pins with {len(PLATFORMS)} platforms and {len(PYTHONS)} Pythons, {missing} with a gap\n"
    )
    return int(missing > 0)


def files_for(platform: str, python: str) -> tuple[int, str | None]:
    """Return how many pins have a file there, and what uv says of the first that has none."""
    uv = str(Path(sys.executable).with_name("uv"))
    sources = [word for name in SOURCES for word in ("--no-binary", name)]
    with tempfile.TemporaryDirectory() as folder:
        target = ["--dry-run", "--target", folder, "--python-platform", platform, "--python-version", python]
        what = ["--only-binary", ":all:", *sources, "--no-deps", "--require-hashes", "--requirement", str(LOCK)]
        try:
            said = run([uv, "pip", "install", "--no-progress", *target, *what], {**os.environ, **NEWEST_NEEDED})
        except Failed as failed:
            return 0, complaint(str(failed))
    return sum(line.startswith(" + ") for line in said.splitlines()), None


if __name__ == "__main__":
    sys.exit(main())
