"""Running a step in a child of a process that has already imported what steps need: imports are most of a step's start.

`run` asks that process (`warm_process.py`) and starts it where there is none. Whatever its children would inherit from
it (environment, limits, processors, namespaces, installed packages) is part of its socket's name, so that a step only
ever finds a process like its own. Where there is none (not on Linux, SEVENFOLD_WARM=0, any trouble) nothing is
lost: the step runs in its own process.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import sysconfig
import time
from collections.abc import Mapping
from pathlib import Path

from flows.watching import COMMIT, RUN

HOME = Path(".prefect")
LOCK = HOME / "warm.lock"
SWITCH = "SEVENFOLD_WARM"
WHERE = (  # these differ between steps and change nothing
    "DVC_STAGE", "DVC_ROOT", "PWD", "OLDPWD", "SHLVL", "_", RUN, COMMIT,
)  # fmt: skip
NAMESPACES = Path("/proc/self/ns")
GROUPS = Path("/proc/self/cgroup")
START_SECONDS = 10  # until it listens, which it does before it imports anything large
POLL_SECONDS = 0.02
KILLED = 128 + signal.SIGKILL  # as a shell counts it
OUT_OF_MEMORY = (
    "error: the step's process was killed\n"
    "where: this machine; Linux kills what is largest when memory runs out\n"
    "do: end other programs or choose a smaller effort, then run the same command again; no file was lost"
)


def run(arguments: list[str]) -> int | None:
    """Run `sevenfold run ARGUMENTS` in a child of the warm process; return its exit status, or None if it cannot.

    The child has this process's terminal, environment and module path, and dies with it.
    """
    if not _wanted(os.environ):
        return None
    environment = {**os.environ, SWITCH: "0"}  # the child runs the step itself
    request = json.dumps({"arguments": arguments, "path": sys.path, "environment": environment}).encode()
    try:
        connection = _connect(arguments[0], os.environ)
        socket.send_fds(connection, [len(request).to_bytes(8)], [0, 1, 2])
        connection.sendall(request)
        child = int.from_bytes(connection.recv(8))
    except OSError:
        return None
    return _wait(connection, child) if child else None


def begin(step: str, api: str) -> None:
    """Start the warm process for a step that will be run next, recorded at `api`; its imports are not waited for."""
    environment = {**os.environ, "PREFECT_API_URL": api}
    if _wanted(environment):
        with contextlib.suppress(OSError):
            _connect(step, environment).close()


def stop() -> None:
    """End the warm processes of this repository; each goes when its socket has gone and it runs no step."""
    for path in HOME.glob("warm-*.sock"):
        path.unlink(missing_ok=True)


def _wait(connection: socket.socket, child: int) -> int:
    """Return the child's exit status, as a shell counts it; what interrupts this process interrupts its group."""
    while True:
        try:
            answer = connection.recv(1)
        except KeyboardInterrupt:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child, signal.SIGINT)
            continue
        if answer:
            if answer[0] == KILLED:
                sys.stderr.write(f"{OUT_OF_MEMORY}\n")
            return answer[0]
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)  # the warm process was killed: nothing would end its child with this one
        sys.stderr.write(f"{OUT_OF_MEMORY}\n")
        return KILLED


def _wanted(environment: Mapping[str, str]) -> bool:
    return environment.get(SWITCH) != "0" and hasattr(os, "pidfd_open")


def _connect(step: str, environment: Mapping[str, str]) -> socket.socket:
    """Return a connection to the warm process of this environment, otherwise like this one.

    Where there is none, one is started, which imports what `step` needs. Raises OSError if that fails.
    """
    path = HOME / f"warm-{_likeness(environment)}.sock"
    with contextlib.suppress(OSError):
        return _dial(path)
    HOME.mkdir(exist_ok=True)
    with LOCK.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with contextlib.suppress(OSError):
            return _dial(path)  # another step has started it in the meantime
        path.unlink(missing_ok=True)
        command = [sys.executable, "-m", "flows.running.warm_process", str(path), step]
        quiet = subprocess.DEVNULL
        started = subprocess.Popen(  # noqa: S603
            command, env=dict(environment), stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
        )
        deadline = time.monotonic() + START_SECONDS
        while started.poll() is None and time.monotonic() < deadline:
            with contextlib.suppress(OSError):
                return _dial(path)
            time.sleep(POLL_SECONDS)
    raise ConnectionError


def _dial(path: Path) -> socket.socket:
    """Return a connection to the socket at a path relative to the working directory: absolute ones may be too long."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.connect(str(path))
    except OSError:
        connection.close()
        raise
    return connection


def _likeness(environment: Mapping[str, str]) -> str:
    """Return 16 hexadecimal digits that differ wherever a child of another process would not be as one of this one.

    As one of this one with that environment.
    """
    packages = [Path(sysconfig.get_path(name)) for name in ("purelib", "platlib")]
    limits = [name for name in dir(resource) if name.startswith("RLIMIT_")]
    like = [
        sorted((key, value) for key, value in environment.items() if key not in WHERE),
        [(str(path), path.stat().st_mtime_ns) for path in (*packages, *Path(__file__).parent.glob("warm*.py"))],
        [resource.getrlimit(getattr(resource, name)) for name in limits],
        sorted(os.sched_getaffinity(0)),
        os.getpriority(os.PRIO_PROCESS, 0),
        [os.getuid(), os.getgid(), sorted(os.getgroups()), _umask()],
        [str(link.readlink()) for link in sorted(NAMESPACES.iterdir())],
        GROUPS.read_text(encoding="utf-8"),
        sys.executable,
    ]
    return hashlib.sha256(json.dumps(like).encode()).hexdigest()[:16]


def _umask() -> int:
    """Return the mask of file permissions, which can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
