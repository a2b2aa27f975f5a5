"""The lock: each pin with its marker and hashes, and the extra that asks for it.

A pin without a line `# extra:` is installed by `make`; the others only where one of their extras is asked for.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

LOCK = Path("requirements.lock")
EXTRAS = {  # of pyproject.toml, and what needs them
    "dev": "make test",
    "cluster": "a Dask cluster and tables in parts",
    "site": "make site",
    "audit": "make audit",
}
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)")
_EXTRA = re.compile(r"^    # extra: (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Pin:
    """One package of the lock."""

    name: str
    version: str
    text: str  # its lines, with marker and hashes
    extras: tuple[str, ...] = ()  # that ask for it; none: always installed


def read_pins(text: str) -> list[Pin]:
    """Return the pins of a lock file, or of what `uv pip compile` writes."""
    pins = []
    for block in re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE):
        named, asked = _PIN.match(block), _EXTRA.search(block)
        if named:
            extras = tuple(asked[1].split(", ")) if asked else ()
            pins.append(Pin(named[1], named[2], block.rstrip() + "\n", extras))
    return pins


def wanted(pins: Iterable[Pin], extras: Iterable[str]) -> list[Pin]:
    """Return the pins to install where `extras` are asked for."""
    asked = set(extras)
    return [pin for pin in pins if not pin.extras or asked.intersection(pin.extras)]


def written(pins: Iterable[Pin]) -> str:
    """Return pins as the text of a requirements file."""
    return "".join(pin.text for pin in pins)
