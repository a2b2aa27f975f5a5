"""Too little memory for a step: a control group that Linux kills in when its memory is used up."""

import errno
import os
import random
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from scratch import Scratch, must
from started import Ended, eventually, no_step_runs
from trial import SAME, Trial, judged, recovered, whole

GROUPS = Path("/sys/fs/cgroup")
FILES = {  # by what the first of them is called: the limit's, and the peak's
    "memory.limit_in_bytes": "memory.max_usage_in_bytes",
    "memory.max": "memory.peak",
}
LEAST, MOST = 0.4, 0.95  # of what the step takes at its peak when nothing limits it
ENTER = 'echo $$ > "$0/cgroup.procs" && exec "$@"'
END_SECONDS = 10
POLL_SECONDS = 0.05
_peaks: dict[str, int] = {}


@dataclass(frozen=True)
class Group:
    """A control group of our own."""

    path: Path
    limit: str

    def peak(self) -> int:
        """Return the bytes that it has taken at most."""
        return int((self.path / FILES[self.limit]).read_text(encoding="ascii"))

    def set_limit(self, size: int) -> None:
        """Let it have no more bytes."""
        (self.path / self.limit).write_text(str(size), encoding="ascii")

    def run(self, here: Scratch, step: str) -> Ended:
        """Run a step in it, together with the warm process that the step starts."""
        return here.start(["sh", "-c", ENTER, str(self.path), *here.step_command(step)]).end()


def can_group() -> bool:
    """Return whether a control group of memory can be had."""
    with suppress(OSError), group():
        return True
    return False


def use_up_memory(here: Scratch, step: str, draw: random.Random) -> Trial:
    """Limit the memory of a step and of its warm process to a part of what they take."""
    if step not in _peaks:
        here.restore(step)
        with group() as found:
            must(found.run(here, step))
            _peaks[step] = found.peak()
    here.restore(step)
    with group() as found:
        found.set_limit(int(draw.uniform(LEAST, MOST) * _peaks[step]))
        ended = found.run(here, step)
    eventually(lambda: no_step_runs(here.place))
    if ended.status < 0:  # the command itself was killed: nobody is left who could tell
        return recovered(here, SAME, whole(here), known=True)
    return judged(here, ended, known=True)


@contextmanager
def group() -> Iterator[Group]:
    """Give a control group below this process's own, and end what is left in it; raise OSError where there is none."""
    path = _own() / f"sevenfold-{os.getpid()}"
    path.mkdir()
    try:
        limits = [name for name in FILES if (path / name).exists()]
        if not limits:
            raise OSError(errno.ENOTSUP, "it has no limit of memory", str(path))
        yield Group(path, limits[0])
    finally:
        deadline = time.monotonic() + END_SECONDS
        while time.monotonic() < deadline:
            for number in (path / "cgroup.procs").read_text(encoding="ascii").split():
                with suppress(ProcessLookupError):
                    os.kill(int(number), signal.SIGKILL)
            with suppress(OSError):
                path.rmdir()
                break
            time.sleep(POLL_SECONDS)


def _own() -> Path:
    """Return the folder of the control group that this process's memory is counted in."""
    lines = [line.split(":", 2) for line in Path("/proc/self/cgroup").read_text(encoding="ascii").splitlines()]
    named = {controllers: path.lstrip("/") for _, controllers, path in lines}
    return GROUPS / "memory" / named["memory"] if "memory" in named else GROUPS / named.get("", "")
