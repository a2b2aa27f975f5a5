"""The warm process: it imports what steps need, once, and forks a child for each step that `warm.py` asks for.

Our own code is imported as well; where any file of it has changed, a child imports all of ours from the disk, as it is
then. It has a single thread, so that a fork finds no lock held. It ends when no step has come for IDLE_SECONDS, or when
its socket has gone.
"""

import gc
import importlib
import json
import os
import selectors
import signal
import socket
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from flows.dvc.closure import others
from flows.running.leaving import leave_at_once, leaving
from flows.running.warm_code import Ours, forget

IDLE_SECONDS = 120
LOOK_SECONDS = 1.0  # how often it looks whether it is still wanted
REQUEST_SECONDS = 5
WATCHING = Path("flows", "watching", "watch.py")


class Children:
    """The steps that run: each one's process, and the connection on which its exit status is waited for."""

    def __init__(self) -> None:
        self.selector = selectors.DefaultSelector()
        self._running: dict[int, tuple[int, socket.socket]] = {}  # by the file descriptor of the process

    def __len__(self) -> int:
        """Return how many steps run."""
        return len(self._running)

    def add(self, process: int, connection: socket.socket) -> None:
        """Wait for the end of a process and for that of the command that waits for it."""
        handle = os.pidfd_open(process)
        self._running[handle] = process, connection
        self.selector.register(handle, selectors.EVENT_READ, self._ended)
        self.selector.register(connection, selectors.EVENT_READ, lambda _: self._kill(handle))

    def _ended(self, handle: int) -> None:
        """Send a process's exit status to the command that waits for it."""
        process, connection = self._running.pop(handle)
        status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        self.selector.unregister(handle)
        self.selector.unregister(connection)
        os.close(handle)
        with suppress(OSError), connection:
            connection.sendall(bytes([status if status >= 0 else 128 - status]))

    def _kill(self, handle: int) -> None:
        """Kill a process that no command waits for any more, and what it started."""
        if handle in self._running:
            os.killpg(self._running[handle][0], signal.SIGKILL)

    def forget(self) -> None:
        """Close everything that belongs to other steps, in the child of one."""
        self.selector.close()
        for handle, (_, connection) in self._running.items():
            os.close(handle)
            connection.close()


def main(path: str, step: str) -> int:
    """Serve until no step has come for a while; in a child, run the step and return its exit status.

    `step` is the one for which this process was started.
    """
    leave_at_once()
    gc.disable()  # what is imported stays
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(path)
        listener.listen()
        _prepare(step)
        request = _serve(listener, Path(path))
    return 0 if request is None else _run(request)


def _serve(listener: socket.socket, path: Path) -> dict[str, Any] | None:
    """Answer requests; return None when no step has come for a while, and what is asked of it in a child."""
    children, wanted = Children(), time.monotonic()
    children.selector.register(listener, selectors.EVENT_READ, None)
    while children or (path.exists() and time.monotonic() - wanted < IDLE_SECONDS):
        for key, _ in children.selector.select(LOOK_SECONDS):
            if key.data is not None:
                key.data(key.fd)
                continue
            connection, _ = listener.accept()
            with suppress(OSError, ValueError):
                request, terminal = _receive(connection)
                _prepare(request["arguments"][0])
                process = os.fork()
                os.setpgid(
                    process, process
                )  # in both, since either may be first: signals reach what the step starts, too
                if process == 0:
                    children.forget()
                    connection.close()
                    _take_over(request, terminal)
                    return request
                for handle in terminal:
                    os.close(handle)
                children.add(process, connection)  # first, so that a child whose command has gone is ended
                connection.sendall(process.to_bytes(8))
        if children:
            wanted = time.monotonic()
    path.unlink(missing_ok=True)
    return None


def _receive(connection: socket.socket) -> tuple[dict[str, Any], list[int]]:
    """Return a request and the three file descriptors of its terminal."""
    connection.settimeout(REQUEST_SECONDS)
    size, terminal, _, _ = socket.recv_fds(connection, 8, 3)
    with connection.makefile("rb") as stream:
        request: dict[str, Any] = json.loads(stream.read(int.from_bytes(size)))
    connection.settimeout(None)
    return request, list(terminal)


PREPARED: set[str] = set()
OURS = Ours()


def _prepare(step: str) -> None:
    """Import the step's code, and first what that imports from others; what cannot be imported is the step's affair."""
    if step not in PREPARED:
        _import_others(step)
        PREPARED.add(step)
    OURS.import_ahead(step)
    gc.freeze()  # children need not look through it


def _import_others(step: str) -> None:
    for name in others([WATCHING, Path(f"flows/steps/{step}.py")]):
        package, _, attribute = name.rpartition(".")
        with suppress(Exception):
            try:
                importlib.import_module(name)
            except ModuleNotFoundError:
                getattr(sys.modules[package], attribute)  # some packages import what is behind a name when it is read


def _take_over(request: dict[str, Any], terminal: list[int]) -> None:
    """Become the process that asked: its terminal, environment and module path, and our own code as it is now."""
    for place, handle in enumerate(terminal):
        os.dup2(handle, place)
        os.close(handle)
    os.environ.clear()
    os.environ.update(request["environment"])
    sys.path[:] = request["path"]
    if not OURS.are_current(sys.path):
        forget()
    gc.enable()


def _run(request: dict[str, Any]) -> int:
    """Run the step."""
    from flows import cli

    return leaving(cli.main(["run", *request["arguments"]]))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
