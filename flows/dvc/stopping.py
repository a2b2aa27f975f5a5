"""Ending a `dvc repro` as Ctrl-C does, from outside of its terminal: the stage first, then DVC, and no lock stays."""

import _thread
import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import psutil

LOOK_SECONDS = 2.0  # how often it is asked whether to stop
PATIENCE = ((signal.SIGINT, 0.0), (signal.SIGTERM, 10.0), (signal.SIGKILL, 20.0))  # what a stage gets, seconds after


class Stopping(threading.Thread):
    """Asks now and then whether this process is to stop, and stops it.

    A stage's processes get SIGINT, SIGTERM and SIGKILL, each once, with seconds between. DVC itself is not interrupted
    while it works on a stage's files: `check` ends it before the next stage, or an interrupt where none comes.
    """

    def __init__(self, asked: Callable[[], bool]) -> None:
        """Know whom to ask."""
        super().__init__(daemon=True, name="stopping")
        self._asked, self._over, self._wanted = asked, threading.Event(), threading.Event()
        self._since = 0.0
        self._sent: set[tuple[int, signal.Signals]] = set()

    @property
    def wanted(self) -> bool:
        """Whether this process was asked to stop."""
        return self._wanted.is_set()

    def stop(self) -> None:
        """Begin to stop; a handler of signals may call this."""
        self._since = self._since or time.monotonic()
        self._wanted.set()

    def check(self) -> None:
        """Raise KeyboardInterrupt if this process was asked to stop."""
        if self.wanted:
            raise KeyboardInterrupt

    def end(self) -> None:
        """Look no more."""
        self._over.set()

    def run(self) -> None:
        """Look until the end."""
        while not self._over.wait(LOOK_SECONDS if not self.wanted else LOOK_SECONDS / 4):
            if not self.wanted and self._asked():
                self.stop()
            if self.wanted:
                self._interrupt()

    def _interrupt(self) -> None:
        """Send the signals that are due to a stage's processes; to this one where there has been none for long."""
        import psutil

        waited = time.monotonic() - self._since
        due = [signal_ for signal_, after in PATIENCE if waited >= after]
        processes = stage_processes()
        for process in processes:
            for signal_ in due:
                if (process.pid, signal_) not in self._sent:
                    self._sent.add((process.pid, signal_))
                    with suppress(psutil.Error):
                        process.send_signal(signal_)
        if not processes and waited >= PATIENCE[1][1] and (0, signal.SIGINT) not in self._sent:
            self._sent.add((0, signal.SIGINT))
            _thread.interrupt_main()


def stage_processes() -> "list[psutil.Process]":
    """Return what this process has started and what that has, servers of their own session aside."""
    import psutil

    with suppress(psutil.Error):
        mine = os.getsid(0)
        return [process for process in psutil.Process().children(recursive=True) if _session(process) == mine]
    return []


def _session(process: "psutil.Process") -> int | None:
    with suppress(OSError):
        return os.getsid(process.pid)
    return None
