"""Requests to a server by raw sockets, cheap enough not to measure itself: run by serving.py as a process of its own.

`python load.py PORT PATH FILE CLIENTS SECONDS [RATE]` sends the body in FILE over CLIENTS connections for SECONDS, each
one request after another, or, with RATE, so many requests a second in all, each counted from when it was due. It prints
one line of JSON: requests, failures, and the quantiles of their seconds.
"""

import json
import selectors
import socket
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

HEAD_END = b"\r\n\r\n"
LENGTH = b"content-length: "
BLOCK = 1 << 18  # bytes that are read at a time
QUANTILES = (0.5, 0.9, 0.99, 0.999)


@dataclass
class Connection:
    """One client."""

    socket: socket.socket
    due: float = 0.0  # when its request should have been sent
    busy: bool = False
    got: bytearray = field(default_factory=bytearray)

    def send(self, request: bytes, due: float) -> None:
        """Send a request."""
        self.due, self.busy = due, True
        self.got.clear()
        self.socket.sendall(request)

    def receive(self) -> bool | None:
        """Read what is there; return whether the answer is a good one, None while it is not whole."""
        block = self.socket.recv(BLOCK)
        if not block:
            message = "the server closed the connection"
            raise ConnectionError(message)
        self.got += block
        end = self.got.find(HEAD_END)
        if end < 0:
            return None
        start = self.got.find(LENGTH) + len(LENGTH)
        size = int(self.got[start : self.got.find(b"\r", start)])
        if len(self.got) < end + len(HEAD_END) + size:
            return None
        self.busy = False
        return self.got.startswith(b"HTTP/1.1 200")


def _due(one: Connection) -> float:
    """Return when a client's last request was due: the longest idle goes first, lest the server close it as unused."""
    return one.due


def load(port: int, request: bytes, clients: int, seconds: float, rate: float | None) -> dict[str, float]:
    """Return what came of it."""
    watched = selectors.DefaultSelector()
    connections = []
    for _ in range(clients):
        opened = socket.create_connection(("127.0.0.1", port))
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connections.append(Connection(opened))
        watched.register(opened, selectors.EVENT_READ, connections[-1])
    took: list[float] = []
    failures = 0
    start = time.perf_counter()
    end, following = start + seconds, start
    while time.perf_counter() < end or any(one.busy for one in connections):
        now = time.perf_counter()
        for one in sorted(connections, key=_due):
            if not one.busy and now < end and (rate is None or following <= now):
                one.send(request, now if rate is None else following)
                following += 0.0 if rate is None else 1 / rate
        wait = 1.0 if rate is None else max(0.0, min(following - time.perf_counter(), 0.01))
        for key, _ in watched.select(wait):
            good = key.data.receive()
            if good is not None:
                took.append(time.perf_counter() - key.data.due)
                failures += not good
    whole = time.perf_counter() - start
    took.sort()
    found = {f"p{100 * share:g}": took[min(int(share * len(took)), len(took) - 1)] for share in QUANTILES}
    return {"requests": len(took), "failures": failures, "seconds": whole, "per_second": len(took) / whole, **found}


def main() -> None:
    """Do what the arguments say."""
    port, path, file, clients, seconds, *rate = sys.argv[1:]
    body = Path(file).read_bytes()
    head = f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: {len(body)}"
    request = head.encode() + HEAD_END + body
    print(json.dumps(load(int(port), request, int(clients), float(seconds), float(rate[0]) if rate else None)))


if __name__ == "__main__":
    main()
