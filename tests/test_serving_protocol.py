"""What comes over a connection to a served model: heads within bounds, in time, one request after another."""

import json
import select
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from serving_http import Running, options_in, rows_of, serving

from flows.serving import bounds, protocol, serve

ROW = rows_of(count=1)[0]
SHORT = 0.3  # seconds that a head may take
LONG = 10.0  # seconds after which a connection would hang


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server of the toy's event."""
    with serving(options_in(tmp_path_factory.mktemp("protocol"))) as server:
        yield server


def connect(running: Running) -> socket.socket:
    """Return a connection."""
    host, port = running.address.removeprefix("http://").rsplit(":", 1)
    return socket.create_connection((host, int(port)), LONG)


def until_closed(connection: socket.socket) -> bytes:
    """Return all that the server still sends."""
    parts = []
    try:
        while part := connection.recv(1 << 16):
            parts.append(part)
    except ConnectionResetError:  # it closed before it had read all
        pass
    return b"".join(parts)


def predict(**headers: str) -> bytes:
    """Return a request for one row, as bytes."""
    body = json.dumps({"rows": [ROW]}).encode()
    lines = {"host": "127.0.0.1", "content-type": "application/json", "content-length": str(len(body)), **headers}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"POST /predict HTTP/1.1\r\n{head}\r\n".encode() + body


@pytest.mark.parametrize("start", [b"GET /", b"GET / HTTP/1.1\r\nhost: 127.0.0.1\r\nx: ", b"\r\n"])
def test_a_head_without_end_is_refused(start: bytes, running: Running) -> None:
    """An address, a header and empty lines that go on and on are answered with 400, and read no further."""
    more = b"\r\n" * 2048 if start == b"\r\n" else b"a" * 4096
    sent = 0
    with connect(running) as connection:
        connection.sendall(start)
        try:
            while sent < 100 * bounds.MOST_HEAD_BYTES:
                connection.sendall(more)
                sent += len(more)
        except (BrokenPipeError, ConnectionResetError):
            pass
        said = until_closed(connection)

    assert sent < 100 * bounds.MOST_HEAD_BYTES
    assert said == b"" or said.startswith(b"HTTP/1.1 400 ")
    assert running.get("/live") == {"live": True}


def test_a_head_that_is_long_enough_to_refuse_says_so(running: Running) -> None:
    """A client that stops there reads why."""
    with connect(running) as connection:
        connection.sendall(b"GET /live HTTP/1.1\r\nhost: 127.0.0.1\r\nx: ")
        for _ in range(bounds.MOST_HEAD_BYTES // 1024 + 300):
            try:
                connection.sendall(b"a" * 1024)
            except (BrokenPipeError, ConnectionResetError):
                break
            if connection.recv(1, socket.MSG_DONTWAIT | socket.MSG_PEEK) if _readable(connection) else b"":
                break
        said = until_closed(connection)

    assert said.startswith(b"HTTP/1.1 400 ")
    assert protocol.TOO_LONG.encode() in said


def _readable(connection: socket.socket) -> bool:
    return bool(select.select([connection], [], [], 0.001)[0])


@pytest.mark.parametrize("sent", [b"\r\n", b"POST /predict HTTP/1.1\r\nhost: 127.0.0.1\r\n"])
def test_a_head_that_does_not_end_is_not_waited_for(
    sent: bytes, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection on which headers have begun and do not end is closed after a while."""
    monkeypatch.setattr(protocol, "HEAD_SECONDS", SHORT)
    with connect(running) as connection:
        connection.sendall(sent)

        assert until_closed(connection) == b""


def test_a_connection_that_is_not_used_is_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As one is whose last request is long ago."""
    monkeypatch.setattr(serve, "KEEP_ALIVE", SHORT)
    with serving(options_in(tmp_path)) as server, connect(server) as connection:
        assert until_closed(connection) == b""


def test_a_connection_that_is_used_is_kept(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """The time for a head begins with the head: before and between requests a connection may be idle for longer."""
    monkeypatch.setattr(protocol, "HEAD_SECONDS", SHORT)
    client = running.client
    client._connection.connect()
    time.sleep(2 * SHORT)
    first = client.ask("GET", "/live")[0]
    time.sleep(2 * SHORT)

    assert (first, client.ask("GET", "/live")[0]) == (200, 200)


def test_a_head_in_pieces_is_one_head(running: Running) -> None:
    """However a request is cut, its answer is the same."""
    whole = predict(connection="close")
    with connect(running) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for place in range(len(whole)):
            connection.sendall(whole[place : place + 1])
        said = until_closed(connection)

    assert said.startswith(b"HTTP/1.1 200 ")
    assert json.loads(said.partition(b"\r\n\r\n")[2])["results"] == running.predict(ROW)


def test_requests_that_follow_at_once_are_answered_in_their_order(running: Running) -> None:
    """Of three requests sent without waiting, each has its own answer."""
    with connect(running) as connection:
        connection.sendall(predict() + b"GET /live HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n" + predict(connection="close"))
        said = until_closed(connection)

    kinds = [b"prediction" in part or b"live" in part for part in said.split(b"HTTP/1.1 200 ")[1:]]
    assert kinds == [True] * 3
    assert said.split(b"HTTP/1.1 200 ")[2].endswith(b'{"live":true}')


@pytest.mark.parametrize("head", [
    b"host: 127.0.0.1\r\nhost: evil.example\r\n", b"host: evil.example\r\nhost: 127.0.0.1\r\n", b"",
    b"host: 127.0.0.1\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n",
    b"host: 127.0.0.1\r\ncontent-length: 2\r\ncontent-length: 3\r\n", b"host: 127.0.0.1\r\ncontent-length: +2\r\n",
    b"host : 127.0.0.1\r\n", b"host: 127.0.0.1\r\nx: a\0b\r\n",
])  # fmt: skip
def test_heads_that_two_programs_may_read_differently_are_refused(head: bytes, running: Running) -> None:
    """Two hosts, none, two lengths or two ways to end a body, and characters that no header has."""
    with connect(running) as connection:
        connection.sendall(b"POST /predict HTTP/1.1\r\nconnection: close\r\n" + head + b"\r\n{}")
        said = until_closed(connection)

    assert said.startswith(b"HTTP/1.1 400 ")


def test_an_upgrade_is_not_made(running: Running) -> None:
    """A request to speak something else is answered as HTTP."""
    more = b"connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-key: x\r\nsec-websocket-version: 13\r\n"
    with connect(running) as connection:
        connection.sendall(b"GET /live HTTP/1.1\r\nhost: 127.0.0.1\r\n" + more + b"\r\n")
        said = connection.recv(1 << 16)

    assert said.startswith(b"HTTP/1.1 200 ")
