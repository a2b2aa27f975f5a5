"""`sevenfold serve`: checks what can be checked before anything starts, binds the port, and runs the processes."""

import os
import shutil
import signal
import socket
import sys
import threading
import time
from dataclasses import replace
from hashlib import sha256
from secrets import token_hex
from typing import Any

from flows.commit import commit
from flows.repository.earlier import load_model
from flows.repository.layout import Layout
from flows.repository.projects import load_project
from flows.serving.options import Options
from pipelines.core.errors import InputError
from pipelines.targets import TARGETS

SERVED = ("apart", "grouped")  # of `Target.rows`
ENVIRONMENT = "SEVENFOLD_SERVE"  # how worker processes are given their options
PARENT = "SEVENFOLD_SERVE_FOR"  # the process whose end is to be this one's too, by its number
STARTUP_FAILURE = 3  # uvicorn's own: a worker that ends so is not started again
KEEP_ALIVE = 65  # seconds that a connection may be idle
ALIVE_SECONDS = 30  # that a busy machine may keep a worker process from saying that it lives
GRACE = 10  # seconds for what is being answered when the server is asked to end
PARENT_SECONDS = 1.0  # between looks whether the parent process is still there


def check_served(options: Options) -> Options:
    """Return the options with the archive's path and sha256; raise InputError where the project cannot be served."""
    project = load_project(options.name)
    if TARGETS[project.problem.task].rows not in SERVED:
        raise InputError(
            "a forecast: what it says of a row depends on the rows before it",
            where=Layout(options.name).project_file.as_posix(),
            allowed="projects whose rows stand by themselves",
            todo=f"use `sevenfold predict {options.name} --data FILE`, where FILE holds the history",
        )
    content = load_model(options.name, "service")
    return replace(options, archive=str(Layout(options.name).model("service")), sha256=sha256(content).hexdigest())


def serve(options: Options) -> int:
    """Serve a project of this repository until asked to end; return the exit status."""
    return run_server(replace(check_served(options), commit=commit()))


def run_server(options: Options) -> int:
    """Serve the archive at `options.archive` until asked to end; return the exit status."""
    listener = listen(options)
    host, port = options.host, listener.getsockname()[1]
    options = replace(options, port=port, run=token_hex(8))
    shown = f"[{host}]" if ":" in host else host
    sys.stderr.write(f"serving {options.name} at http://{shown}:{port}/ (see /ready, /docs)\n")
    if not options.local:
        sys.stderr.write(
            f"warning: {host} can be reached by other machines; all of them may ask, and nothing is encrypted\n"
        )
    if PARENT in os.environ:
        threading.Thread(target=_end_with_parent, args=(int(os.environ[PARENT]),), daemon=True).start()
    return _run_one(options, listener) if options.workers == 1 else _run_many(options, listener)


def make_worker() -> Any:  # noqa: ANN401 - an ASGI application, which uvicorn knows
    """Return the application of a worker process, by the options in its environment."""
    from flows.serving.app import make_app
    from flows.serving.served import Served

    def failed(error: InputError) -> None:
        sys.stderr.write(f"{error}\n")
        os._exit(STARTUP_FAILURE)

    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    return make_app(Served(Options.from_json(os.environ[ENVIRONMENT]), failed))


def _run_one(options: Options, listener: socket.socket) -> int:
    """Serve from this process."""
    import uvicorn

    from flows.serving.app import make_app
    from flows.serving.served import Served

    failures: list[InputError] = []

    def failed(error: InputError) -> None:
        failures.append(error)
        server.should_exit = True

    served = Served(options, failed)
    server = uvicorn.Server(uvicorn.Config(make_app(served), **settings()))
    server.run([listener])
    if failures:
        raise failures[0]
    return 0


def _run_many(options: Options, listener: socket.socket) -> int:
    """Serve from worker processes, each with the same archive: a copy that no one replaces."""
    import uvicorn
    from uvicorn.supervisors import Multiprocess

    folder = options.folder
    pinned = folder / f"archive-{options.run}.zip"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for left in folder.glob("archive-*.zip"):
            if time.time() - left.stat().st_mtime > 7 * 86400:
                left.unlink(missing_ok=True)
        shutil.copyfile(options.archive, pinned)
        os.environ[ENVIRONMENT] = replace(options, pinned=str(pinned)).to_json()
        config = uvicorn.Config("flows.serving.serve:make_worker", factory=True, workers=options.workers, **settings())
        supervisor = Multiprocess(config, [listener])
        supervisor.run()
        return 2 if any(one.exitcode == STARTUP_FAILURE for one in supervisor.processes) else 0
    finally:
        pinned.unlink(missing_ok=True)


def settings() -> dict[str, Any]:
    """Return how uvicorn runs, in every process."""
    from flows.serving.bounds import MOST_WAITING
    from flows.serving.protocol import BoundedProtocol

    return {
        "log_level": "error", "access_log": False, "ws": "none", "lifespan": "on", "server_header": False,
        "timeout_keep_alive": KEEP_ALIVE, "timeout_graceful_shutdown": GRACE, "backlog": MOST_WAITING,
        "timeout_worker_healthcheck": ALIVE_SECONDS, "proxy_headers": False, "http": BoundedProtocol, "loop": "auto",
    }  # fmt: skip


def listen(options: Options) -> socket.socket:
    """Return a socket bound to the port; raise InputError where that cannot be."""
    family = socket.AF_INET6 if ":" in options.host else socket.AF_INET
    # Named, so that asyncio sends without delay: it asks a socket for its protocol.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((options.host, options.port))
        listener.listen()
    except (OSError, OverflowError) as error:
        listener.close()
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(
            f"the port cannot be used ({reason})",
            where=f"{options.host}:{options.port}",
            allowed="an address of this machine and a free port, 0 to 65535 (0: any free one)",
            todo="name another with --port, or end what listens there",
        ) from None
    listener.set_inheritable(True)
    return listener


def _end_with_parent(parent: int) -> None:
    """End this process when the one that started it is gone, and would leave the port taken."""
    while os.getppid() == parent:
        time.sleep(PARENT_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
