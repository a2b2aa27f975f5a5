"""How long set-up still takes, from what uv and pip print: sizes as downloads begin, and names as they end."""

import re
import time
from collections.abc import Callable

SECONDS_AFTER = 12  # installing and importing, on two idle cores
EVERY = 5.0  # seconds between two lines
_BEGUN = re.compile(r"^Downloading (\S+) \(([\d.]+)(KiB|MiB|GiB)\)")
_ENDED = re.compile(r"^ Downloaded (\S+)")
_PREPARED = re.compile(r"^(Prepared|Installed) (\d+) packages?")
_FOUND = re.compile(r"^(Collecting|Requirement already)")
_BYTES = {"KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30}


class Left:
    """Reads a tool's lines and says now and then how much is left."""

    def __init__(
        self, packages: int, megabytes: float, say: Callable[[str], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Expect as many packages, and about as much to be downloaded, of which some may be there."""
        self.packages, self.expected, self.say, self.clock = packages, megabytes * 1e6, say, clock
        self.sizes: dict[str, float] = {}
        self.done = 0.0
        self.found = 0
        self.start = self.said = clock()

    def read(self, line: str) -> None:
        """Take one line."""
        if begun := _BEGUN.match(line):
            self.sizes[begun[1]] = float(begun[2]) * _BYTES[begun[3]]
        elif ended := _ENDED.match(line):
            self.done += self.sizes.get(ended[1], 0)
            self._say_downloads()
        elif prepared := _PREPARED.match(line):
            self.say(f"  {prepared[1].lower()} {prepared[2]} packages; about {SECONDS_AFTER} s left")
        elif _FOUND.match(line):
            self.found += 1
            if self.found % 25 == 0:
                self.say(f"  pip found {self.found} of {self.packages} packages; then it installs, a minute or two")
        elif line.startswith("Installing collected"):
            self.say("  pip installs; a minute or two left")

    def _say_downloads(self) -> None:
        now, total = self.clock(), max(self.expected, sum(self.sizes.values()))
        if self.done and now - self.said >= EVERY:
            self.said = now
            left = (total - self.done) * (now - self.start) / self.done + SECONDS_AFTER
            self.say(f"  downloaded {self.done / 1e6:.0f} of {total / 1e6:.0f} MB; about {left:.0f} s left at most")
