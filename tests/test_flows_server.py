"""The local server: whom it takes for a server, when it does not start, and what it may end."""

import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import free_port

from flows.watching import server
from pipelines.core.errors import InputError


@pytest.fixture(autouse=True)
def _repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    monkeypatch.setenv("SEVENFOLD_PORT", str(free_port()))


def test_the_users_own_server_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    """A PREFECT_API_URL is taken as it is, and nothing is started."""
    monkeypatch.setenv("PREFECT_API_URL", "http://prefect.example/api")
    assert server.connect() == server.there() == "http://prefect.example/api"
    assert not server.HOME.exists()


@pytest.mark.parametrize("text", ["http", "0", "65536", "-1", "42.0"])
def test_a_port_that_is_none(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """SEVENFOLD_PORT must be a port."""
    monkeypatch.setenv("SEVENFOLD_PORT", text)
    with pytest.raises(InputError, match="SEVENFOLD_PORT"):
        server.port()


def test_a_stranger_at_the_port(stranger: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Something that does not answer like a server is not used, and told with what to do."""
    monkeypatch.setenv("SEVENFOLD_PORT", str(stranger))
    assert server.there() is None
    with pytest.raises(server.NotWatched, match="SEVENFOLD_PORT"):
        server.connect()


def test_a_silent_stranger_at_the_port(monkeypatch: pytest.MonkeyPatch) -> None:
    """Something that takes connections and never answers is given up after a while."""
    monkeypatch.setattr(server, "ANSWER_SECONDS", 0.2)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        monkeypatch.setenv("SEVENFOLD_PORT", str(listener.getsockname()[1]))
        with pytest.raises(server.NotWatched, match="SEVENFOLD_PORT"):
            server.connect()


def test_a_damaged_database_is_found_before_starting() -> None:
    """A file that is no SQLite database is told at once, and the next step does not try again."""
    server.HOME.mkdir()
    server.DATABASE.write_bytes(b"no database" * 1000)
    with pytest.raises(server.NotWatched, match="not a database"):
        server.connect()
    server.DATABASE.unlink()
    with pytest.raises(server.NotWatched, match="not a database"):
        server.connect()
    assert not server.RECORD.exists()


def test_a_locked_database_is_found_before_starting(monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that another process has locked is told soon."""
    monkeypatch.setattr(server, "DATABASE_SECONDS", 0.2)
    server.HOME.mkdir()
    other = sqlite3.connect(server.DATABASE, isolation_level=None)
    other.execute("CREATE TABLE runs (x)")
    other.execute("BEGIN EXCLUSIVE")
    started = time.monotonic()
    with pytest.raises(server.NotWatched, match="locked"):
        server.connect()
    assert time.monotonic() - started < 5
    other.close()


def test_a_server_that_ends_while_starting(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that cannot start is given up when its process ends, and its log is named."""
    monkeypatch.setattr(server, "APPLICATION", "no_such_module:create_app")
    with pytest.raises(server.NotWatched, match="server.log"):
        server.connect()
    assert not server.RECORD.exists()
    assert "no_such_module" in server.LOG.read_text(encoding="utf-8")


@pytest.mark.parametrize("arguments", [[], [server.APPLICATION]], ids=["something else", "another repository's"])
def test_only_the_recorded_server_is_ended(arguments: list[str], tmp_path: Path) -> None:
    """A record whose number is by now that of something else, or of another repository's server, ends nothing."""
    elsewhere = {**os.environ, "PREFECT_HOME": str(tmp_path / "elsewhere" / ".prefect")}
    asleep = [sys.executable, "-c", "import time; time.sleep(60)", *arguments]
    bystander = subprocess.Popen(asleep, env=elsewhere)
    try:
        server.HOME.mkdir()
        server.RECORD.write_text(json.dumps({"pid": bystander.pid, "port": 1}), encoding="utf-8")
        assert server.stop() == "no server of this repository is running"
        assert bystander.poll() is None
        assert not server.RECORD.exists()
    finally:
        bystander.kill()
        bystander.wait()


def test_a_record_that_is_damaged_is_no_server() -> None:
    """Half a record, or none, means that no server of ours runs."""
    server.HOME.mkdir()
    for text in ("", "{", "[]", "{}"):
        server.RECORD.write_text(text, encoding="utf-8")
        assert server.running() is None
