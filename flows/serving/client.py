"""A client that keeps its connection, for `--verify` and tests."""

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

SECONDS = 300.0  # that an answer may take: a thousand texts on a busy machine


class RefusedError(Exception):
    """An answer other than 200."""


class Client:
    """One connection to a server, used by one thread."""

    def __init__(self, server: str) -> None:
        """Connect to `server`, as http://127.0.0.1:8017."""
        address = urlsplit(server)
        self._connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=SECONDS)

    def ask(self, method: str, path: str, body: bytes | None = None, kind: str = "") -> tuple[int, bytes]:
        """Return status and body of an answer."""
        headers = {"content-type": kind} if kind else {}
        try:
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
            return answer.status, answer.read()
        except (http.client.HTTPException, OSError):
            self._connection.close()  # the next request opens another
            raise

    def post(self, path: str, body: bytes, kind: str) -> Any:  # noqa: ANN401 - JSON of any shape
        """Return the JSON of an answer; raise RefusedError where its status is not 200."""
        status, content = self.ask("POST", path, body, kind)
        if status != http.client.OK:
            message = f"{status}: {content.decode(errors='replace')}"
            raise RefusedError(message)
        return json.loads(content)
