"""Commands in sessions of their own: started, ended, killed, and what is left of their steps."""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

LONGEST_SECONDS = 600  # whatever takes longer hangs
POLL_SECONDS = 0.02


@dataclass(frozen=True)
class Ended:
    """What became of a command."""

    status: int
    output: str


class Started:
    """A command that runs, its output kept in a file, so that what it started may outlive it."""

    def __init__(self, command: Sequence[str], place: Path, environment: Mapping[str, str]) -> None:
        self._output = tempfile.TemporaryFile()  # noqa: SIM115 - read at the end
        self.process = subprocess.Popen(
            command,
            cwd=place,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def kill(self) -> None:
        """Kill the command and what it started in its session, all at once."""
        os.killpg(self.process.pid, signal.SIGKILL)

    def output(self) -> str:
        """Return what it has said so far."""
        size = os.fstat(self._output.fileno()).st_size
        return os.pread(self._output.fileno(), size, 0).decode(errors="replace")

    def says(self, words: str) -> bool:
        """Wait until it has said something; return whether it did before it ended."""
        eventually(lambda: words in self.output() or self.process.poll() is not None)
        return words in self.output()

    def lasts(self, seconds: float) -> bool:
        """Wait; return whether it still runs then."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return True
        return False

    def end(self) -> Ended:
        """Wait for its end; raise TimeoutExpired, after killing it, if it hangs."""
        try:
            status = self.process.wait(LONGEST_SECONDS)
        except BaseException:  # it hangs, or all this is interrupted
            with suppress(ProcessLookupError):
                self.kill()
            raise
        finally:
            said = self.output()
        self._output.close()
        return Ended(status, said)


def run(command: Sequence[str], place: Path, environment: Mapping[str, str]) -> Ended:
    """Run a command to its end."""
    return Started(command, place, environment).end()


def eventually(holds: Callable[[], bool]) -> bool:
    """Return whether something comes true before long."""
    deadline = time.monotonic() + LONGEST_SECONDS
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True


def steps_of(place: Path) -> list[psutil.Process]:
    """Return the processes that run a step in a repository: commands, and children of warm processes."""
    found = []
    for process in psutil.process_iter():
        try:
            words = process.cmdline()
            warm = "flows.running.warm_process" in words
            if process.cwd() != str(place) or not (warm or "run" in words) or process.status() == psutil.STATUS_ZOMBIE:
                continue
            if warm:
                above = process.parent()
                if above is None or "flows.running.warm_process" not in above.cmdline():
                    continue
            found.append(process)
        except psutil.Error:
            continue
    return found


def no_step_runs(place: Path) -> bool:
    """Return whether no step runs in a repository."""
    return not steps_of(place)
