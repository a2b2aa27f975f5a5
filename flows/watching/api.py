"""Prefect's REST API, asked without Prefect: importing that takes longer than all that a rebuild asks.

What is asked and how: https://docs.prefect.io/v3/api-ref/rest-api.
"""

import base64
import http.client
import json
import os
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

ANSWER_SECONDS = 5  # a healthy server answers in milliseconds, on a busy machine within a second or two
BUSY = (429, 503)  # the server asks to be asked again: its database is locked for the moment, or too much is asked
AGAIN_SECONDS = (0.2, 0.8)  # before the second and the third attempt
LOOPBACK = ("127.0.0.1", "localhost", "::1")
PREFIX = "/api"  # between the address of the user interface and the paths of the API


class Unanswered(Exception):  # noqa: N818 - what is asked matters to those who watch, so it is no error of a build
    """The server did not answer, or refused; `status` is that of HTTP, None where there was no answer."""

    def __init__(self, why: str, status: int | None = None) -> None:
        """Keep the reason and the status."""
        self.status = status
        super().__init__(why)


class Api:
    """The server at one address."""

    def __init__(self, url: str) -> None:
        """Ask at the address of an API, as PREFECT_API_URL has it; with the user's key, where one is set."""
        self.url = url.rstrip("/")
        own = urlsplit(self.url).hostname in LOOPBACK  # no proxy stands between this machine and itself
        self._opener = urllib.request.build_opener(*([urllib.request.ProxyHandler({})] if own else []))
        self._headers = {"Content-Type": "application/json", **_credentials()}

    def get(self, path: str) -> Any:  # noqa: ANN401 - whatever JSON holds
        """Return what is at a path."""
        return self._ask("GET", path, None)

    def post(self, path: str, body: object) -> Any:  # noqa: ANN401 - whatever JSON holds
        """Return the answer to what is posted; raise Unanswered."""
        return self._ask("POST", path, body)

    def patch(self, path: str, body: Mapping[str, object]) -> None:
        """Change what is at a path; raise Unanswered."""
        self._ask("PATCH", path, body)

    def delete(self, path: str) -> None:
        """Remove what is at a path; raise Unanswered."""
        self._ask("DELETE", path, None)

    def page(self, kind: str, key: str) -> str:
        """Return the address at which a person sees a run or a deployment: `runs/flow-run` or the like, and its id."""
        return f"{self.url.removesuffix(PREFIX)}/{kind}/{key}"

    def _ask(self, method: str, path: str, body: object, pauses: Sequence[float] = AGAIN_SECONDS) -> Any:  # noqa: ANN401 - whatever JSON holds
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}{path}", data, self._headers, method=method)  # noqa: S310 - the user's
        try:
            with self._opener.open(request, timeout=ANSWER_SECONDS) as answer:
                text = answer.read()
            return json.loads(text) if text else None
        except urllib.error.HTTPError as error:
            if error.code not in BUSY or not pauses:
                raise Unanswered(f"{error.code}: {_detail(error)}", error.code) from error
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise Unanswered(str(error) or type(error).__name__) from error
        time.sleep(pauses[0])
        return self._ask(method, path, body, pauses[1:])


def _credentials() -> dict[str, str]:
    """Return the header by which a user's own server knows the user, as Prefect's client sends it."""
    if key := os.environ.get("PREFECT_API_KEY"):
        return {"Authorization": f"Bearer {key}"}
    if name := os.environ.get("PREFECT_API_AUTH_STRING"):
        return {"Authorization": "Basic " + base64.b64encode(name.encode()).decode()}
    return {}


def _detail(error: urllib.error.HTTPError) -> str:
    """Return what the server says of a refusal."""
    try:
        said = json.loads(error.read())
    except (OSError, ValueError, http.client.HTTPException):
        return str(error.reason)
    return str(said.get("detail") or said.get("exception_message") or said) if isinstance(said, dict) else str(said)
