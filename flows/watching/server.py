"""The local Prefect server: one for the repository, on the loopback address, started in the background when needed.

Everything it writes lies in `.prefect/`: its SQLite file, its log, and the record of its process, by which `stop` knows
that it ends this server and nothing else.
"""

import fcntl
import http.client
import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil

from flows.running.environment import SILENCE
from pipelines.core.errors import InputError, quote

HOST = "127.0.0.1"
DEFAULT_PORT = 4200
SCHEME_PORTS = {"http": 80, "https": 443}
APPLICATION = "prefect.server.api.server:create_app"

HOME = Path(".prefect")
RECORD = HOME / "server.json"
LOG = HOME / "server.log"
LOCK = HOME / "server.lock"
FAILURE = HOME / "not_started.json"
DATABASE = HOME / "prefect.db"

ANSWER_SECONDS = 5  # a healthy server answers in milliseconds, on a busy machine within a second or two
START_SECONDS = 90  # it takes about 8, on a busy machine several times that
STOP_SECONDS = 10
DATABASE_SECONDS = 5  # the server itself holds the lock for milliseconds
TRY_AGAIN_SECONDS = 600  # a server that failed to start is not tried again by every step
POLL_SECONDS = 0.1

SETTINGS = {  # only what records runs is needed, and what sees whether `sevenfold operate` runs
    "PREFECT__SERVER_FINAL": "1",
    "PREFECT_SERVER_SERVICES_CANCELLATION_CLEANUP_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_LATE_RUNS_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_PAUSE_EXPIRATIONS_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_SCHEDULER_ENABLED": "false",  # flows/operating/upcoming.py schedules
    "PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED": "false",
    # Each piece of a step changes its state three times. Writing every change on its own took the server 35 ms of
    # processor time a piece, which the steps then lacked; written once a second it takes 12 ms.
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "500",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_BATCH_SIZE": "500",
}


class NotWatched(Exception):  # noqa: N818 - building goes on without it, so it is no error
    """Why the run cannot be recorded."""


def port() -> int:
    """Return the port of the server that was started here, or the one it would have: SEVENFOLD_PORT, or 4200."""
    if running():
        return int(_read(RECORD)["port"])
    text = os.environ.get("SEVENFOLD_PORT") or str(DEFAULT_PORT)
    if not text.isdigit() or not 0 < int(text) < 1 << 16:
        raise InputError(
            f"SEVENFOLD_PORT is {quote(text)}",
            where="the environment",
            allowed="a port from 1 to 65535",
            todo="change or unset it",
        )
    return int(text)


def ui() -> str:
    """Return the address of the user interface."""
    return f"http://{HOST}:{port()}"


def connect(*, insist: bool = False) -> str:
    """Return the address of the API of a server that answers, after starting one if none does.

    A PREFECT_API_URL set by the user wins and is not looked into. Raises NotWatched with the reason. A server that
    failed to start is not tried again for TRY_AGAIN_SECONDS, unless `insist`.
    """
    if url := os.environ.get("PREFECT_API_URL"):
        return url
    if not _answers():
        _start(insist=insist)
    elif RECORD.exists():
        _check_database()
    return f"{ui()}/api"


def there() -> str | None:
    """Return the address of the API of the server that was started here, if it answers; one set by the user wins."""
    if url := os.environ.get("PREFECT_API_URL"):
        return url
    try:
        return f"{ui()}/api" if running() and _answers() else None
    except NotWatched:
        return None


def stop() -> str:
    """End the server that was started here, if it still runs; return what was done, in words."""
    process = running()
    if process is None:
        RECORD.unlink(missing_ok=True)
        return "no server of this repository is running"
    address = ui()
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except psutil.TimeoutExpired:
        process.kill()
        process.wait(STOP_SECONDS)
    RECORD.unlink(missing_ok=True)
    return f"stopped the server at {address}"


def running() -> psutil.Process | None:
    """Return the process of the server that was started here, or None if it has ended (its number may be another's)."""
    record = _read(RECORD)
    try:
        process = psutil.Process(int(record["pid"]))
        same = APPLICATION in process.cmdline() and process.environ().get("PREFECT_HOME") == str(HOME.absolute())
    except (KeyError, psutil.Error):
        return None
    return process if same else None


def watching(api: str) -> bool:
    """Return whether the server at the address of an API still listens and, if it is ours, can write."""
    parts = urlsplit(api)
    try:
        socket.create_connection((parts.hostname, parts.port or SCHEME_PORTS[parts.scheme]), ANSWER_SECONDS).close()
        if api == f"{ui()}/api":
            _check_database()
    except (OSError, NotWatched):
        return False
    return True


def say_unwatched(reason: str) -> None:
    """Say on the terminal that the run is not recorded, and why."""
    sys.stderr.write(f"This run will not appear in the Prefect UI: {reason}. Its files are the same either way.\n")


def _start(*, insist: bool) -> None:
    """Start the server and wait until it answers; of several steps that want to, one does and the others wait."""
    HOME.mkdir(exist_ok=True)
    with _lock():
        if _answers():
            return
        failure = _read(FAILURE)
        if not insist and 0 <= time.time() - failure.get("time", 0) < TRY_AGAIN_SECONDS:
            raise NotWatched(str(failure["reason"]))
        try:
            _launch()
        except NotWatched as reason:
            FAILURE.write_text(json.dumps({"time": time.time(), "reason": str(reason)}), encoding="utf-8")
            raise
        FAILURE.unlink(missing_ok=True)
    sys.stderr.write(f"watch the runs at {ui()} (`make stop` ends that server)\n")


def _launch() -> None:
    """Start the process, free of this one's terminal and pipes, and wait until it answers."""
    _check_database()
    command = [sys.executable, "-m", "uvicorn", "--factory", APPLICATION, "--host", HOST, "--port", str(port())]
    environment = {
        **os.environ,
        **SILENCE,
        **SETTINGS,
        "PREFECT_HOME": str(HOME.absolute()),
        "PREFECT_API_URL": f"{ui()}/api",
    }
    with LOG.open("wb") as log:
        child = subprocess.Popen(  # noqa: S603
            [*command, "--log-level", "warning"],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    record = {"pid": child.pid, "port": port()}
    RECORD.write_text(json.dumps(record), encoding="utf-8")
    deadline = time.monotonic() + START_SECONDS
    while not _answers():
        if child.poll() is not None:
            RECORD.unlink(missing_ok=True)
            message = f"the local server ended while starting, see {LOG}"
            raise NotWatched(message)
        if time.monotonic() > deadline:
            stop()
            message = f"the local server did not answer within {START_SECONDS} s, see {LOG}"
            raise NotWatched(message)
        time.sleep(POLL_SECONDS)


@contextmanager
def _lock() -> Iterator[None]:
    """Let one process at a time start the server."""
    deadline = time.monotonic() + START_SECONDS + STOP_SECONDS
    with LOCK.open("w") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    message = f"another process has tried to start the local server for too long, see {LOG}"
                    raise NotWatched(message) from None
                time.sleep(POLL_SECONDS)
        yield


def _answers() -> bool:
    """Return True if a Prefect server answers at the port, False if nothing listens; raise NotWatched if else."""
    connection = http.client.HTTPConnection(HOST, port(), timeout=ANSWER_SECONDS)
    taken = f"port {port()} is used by something other than a working Prefect server; set SEVENFOLD_PORT to a free port"
    try:
        connection.request("GET", "/api/health")
        answer = connection.getresponse()
        healthy = answer.status == http.HTTPStatus.OK and answer.read(10) == b"true"
    except ConnectionRefusedError:
        return False
    except (OSError, http.client.HTTPException) as error:
        raise NotWatched(taken) from error
    finally:
        connection.close()
    if not healthy:
        raise NotWatched(taken)
    return True


def _check_database() -> None:
    """Raise NotWatched if the server's SQLite file, where there is one, is damaged or locked by another process."""
    if not DATABASE.exists():
        return
    try:
        connection = sqlite3.connect(DATABASE, timeout=DATABASE_SECONDS, isolation_level=None)
        try:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
        finally:
            connection.close()
    except sqlite3.DatabaseError as error:
        todo = "end the process that holds it" if "locked" in str(error) else "remove it after `make stop`"
        message = f"the runs' database {DATABASE} cannot be used ({error}); {todo}"
        raise NotWatched(message) from error


def _read(path: Path) -> dict[str, Any]:
    """Return a small JSON file's table, empty if it is missing or damaged."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}
