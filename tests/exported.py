"""An exported folder in use: an environment with its requirements alone, and a server of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import distribution
from pathlib import Path

import pytest

SECONDS = 60  # until a server has started on a busy machine


def required(folder: Path) -> list[str]:
    """Return the packages that the folder requires."""
    lines = (folder / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return [line.partition("==")[0] for line in lines if "==" in line and not line.startswith(" ")]


def environment(folder: Path) -> Path:
    """Return the Python of an environment with the folder's requirements alone, linked to the files installed here."""
    made = folder / ".venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", made], check=True)
    site = next(made.glob("lib/python*/site-packages"))
    for name in required(folder):
        found = distribution(name)
        inside = [Path(file) for file in found.files or () if ".." not in file.parts]
        for top in {file.parts[0] for file in inside} - {"__pycache__"}:
            if not (site / top).exists():
                (site / top).symlink_to(Path(str(found.locate_file(top))))
    return made / "bin" / "python"


@contextmanager
def running(folder: Path, python: Path) -> Iterator[str]:
    """Yield where the folder is served."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    server = subprocess.Popen(
        [python, "-m", "flows.serving.standalone", "--port", str(port), "--strict"], cwd=folder, env=clean
    )
    at = f"http://127.0.0.1:{port}"
    try:
        _wait(f"{at}/ready", server)
        yield at
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(SECONDS)


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        assert server.poll() is None, "the server has ended"
        try:
            urllib.request.urlopen(address)
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"not ready after {SECONDS} s")
