"""Servers for tests: in a thread of this process, or as the command starts them."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from toy_service import packed, served_raw

from flows.serving.app import make_app
from flows.serving.client import Client
from flows.serving.options import Options
from flows.serving.serve import listen, settings
from flows.serving.served import Served
from pipelines.core.errors import InputError
from pipelines.models.saving.zip import pack, unpack
from pipelines.serving.archive import cell_of

JSON = "application/json"
WAIT_SECONDS = 60.0
RUN = """\
import sys
from flows.serving.options import Options
from flows.serving.serve import run_server
sys.exit(run_server(Options.from_json(sys.argv[1])))
"""


def options_in(folder: Path, content: bytes | None = None, **more: Any) -> Options:  # noqa: ANN401 - of any field
    """Return options that serve an archive, by default the toy's of an event, which is written into a folder."""
    path = folder / "service.zip"
    path.write_bytes(packed("binary") if content is None else content)
    return Options("shop", str(path), port=0, state=str(folder / "state"), **more)


@dataclass
class Running:
    """A server."""

    address: str
    served: Served | None = None
    process: "subprocess.Popen[str] | None" = None
    failures: list[InputError] = field(default_factory=list)

    @property
    def client(self) -> Client:
        """A connection of its own."""
        return Client(self.address)

    def ask(self, path: str, said: object = None, kind: str = JSON, method: str | None = None) -> tuple[int, Any]:
        """Return status and JSON of an answer; `said` is sent as JSON, or as it is where it is bytes."""
        body = said if isinstance(said, bytes) or said is None else json.dumps(said).encode()
        status, content = self.client.ask(method or ("GET" if body is None else "POST"), path, body, kind)
        return status, json.loads(content)

    def get(self, path: str) -> Any:  # noqa: ANN401 - JSON of any shape
        """Return the JSON of an address that answers."""
        status, said = self.ask(path)
        assert status == 200, said
        return said

    def predict(self, *rows: Mapping[str, object], query: str = "", **more: object) -> list[Any]:
        """Return the results of rows."""
        status, said = self.ask(f"/predict{query}", {"rows": rows, **more})
        assert status == 200, said
        results: list[Any] = said["results"]
        return results


@contextmanager
def serving(
    options: Options, *, wait: bool = True, prepare: Callable[[Served], None] = lambda _: None
) -> Iterator[Running]:
    """Yield a server in a thread of this process, once it is ready; `prepare` sees it before anything is loaded."""
    failures: list[InputError] = []
    served = Served(options, failures.append)
    prepare(served)
    listener = listen(options)
    server = uvicorn.Server(uvicorn.Config(make_app(served), **settings()))
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    running = Running(f"http://127.0.0.1:{listener.getsockname()[1]}", served, failures=failures)
    thread.start()
    try:
        if wait:
            until(lambda: served.ready)
        yield running
    finally:
        server.should_exit = True
        thread.join(WAIT_SECONDS)


@contextmanager
def started(options: Options, **env: str) -> Iterator[Running]:
    """Yield a server in a process of its own, once it is ready; it is killed at the end, if it still lives."""
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, options.to_json()], env=os.environ | env, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip
    try:
        assert process.stderr is not None
        line = process.stderr.readline()
        assert line.startswith("serving "), line + process.stderr.read()
        running = Running(line.split(" at ")[1].split("/ ")[0], process=process)
        until(lambda: _answers(running))
        yield running
    finally:
        kill(process)


def kill(process: "subprocess.Popen[str]") -> None:
    """End a server at once, and the processes that it has started, as a machine that fails does."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(WAIT_SECONDS)
    if process.stderr is not None:
        process.stderr.close()


def until(what: Callable[[], bool], seconds: float = WAIT_SECONDS) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.02)


def _answers(running: Running) -> bool:
    try:
        return running.ask("/ready")[0] == 200
    except OSError:
        assert running.process is not None
        assert running.process.poll() is None, "the server ended"
        return False


def rows_of(task: str = "binary", count: int = 40) -> list[dict[str, object]]:
    """Return raw rows as a client has them."""
    frame = served_raw(task).drop(columns=["y", "note"]).head(count)
    names = [str(name) for name in frame.columns]
    return [dict(zip(names, map(cell_of, row), strict=True)) for row in frame.itertuples(index=False, name=None)]


def repacked(content: bytes, **changes: Callable[[Any], Any]) -> bytes:
    """Return an archive with JSON files of it changed, named without their suffix."""
    files = unpack(content)
    for name, change in changes.items():
        said = change(json.loads(files[f"{name}.json"]))
        files[f"{name}.json"] = json.dumps(said).encode()
    return pack(files, compress=True)
