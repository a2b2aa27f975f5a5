"""A server in a process of its own, for as long as a block takes."""

import os
import re
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from flows.serving.client import Client
from flows.serving.options import Options
from flows.serving.serve import PARENT
from pipelines.core.errors import InputError

START_SECONDS = 300.0  # that a server may take to be ready
AT = re.compile(r"^serving .* at (http://\S+?)/ ")
BETWEEN = 0.05  # seconds between looks
END_SECONDS = 30.0  # that a server may take to end


@contextmanager
def running(options: Options) -> Iterator[str]:
    """Yield the address of a server that is ready, and end it; raise InputError where it does not get ready."""
    env = os.environ | {PARENT: str(os.getpid())}
    process = subprocess.Popen(command(options), stderr=subprocess.PIPE, text=True, env=env)  # noqa: S603 - our own command
    said: deque[str] = deque(maxlen=50)
    reader = threading.Thread(target=_read, args=(process, said), daemon=True)
    reader.start()
    try:
        yield _when_ready(process, said)
    finally:
        process.terminate()
        try:
            process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        reader.join()


def command(options: Options) -> Sequence[str]:
    """Return the command that serves so."""
    more = [
        *("--model", options.model), *("--host", options.host), *("--port", str(options.port)),
        *("--workers", str(options.workers)), *("--timeout", str(options.timeout)), *("--state", options.state),
        *(["--strict"] if options.strict else []),
    ]  # fmt: skip
    return [sys.executable, "-m", "flows.cli", "serve", options.name, *more]


def _read(process: "subprocess.Popen[str]", said: "deque[str]") -> None:
    for line in process.stderr or ():
        said.append(line)


def _when_ready(process: "subprocess.Popen[str]", said: "deque[str]") -> str:
    """Return the server's address as soon as it is ready."""
    last, end = "it did not say why", time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        time.sleep(BETWEEN)
        found = next((match[1] for line in list(said) if (match := AT.match(line))), None)
        if found is not None:
            try:
                status, content = Client(found).ask("GET", "/ready")
            except OSError:
                continue
            if status == 200:  # noqa: PLR2004 - OK
                return found
            last = content.decode()
    raise InputError(
        f"the server is not ready: {last}", where="sevenfold serve", allowed="a server that is ready",
        todo=f"see what it said: {''.join(said).strip()}",
    )  # fmt: skip
