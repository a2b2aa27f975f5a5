"""The one shape of an error over HTTP, and how JSON is written."""

import json
from typing import Any

import orjson
from fastapi import Response

from pipelines.core.errors import InputError
from pipelines.serving.contract import Wrong

JSON = "application/json"
BAD_REQUEST, TOO_SLOW, TOO_LARGE, WRONG_KIND = 400, 408, 413, 415
MISDIRECTED, UNPROCESSABLE, TOO_MANY = 421, 422, 429
BROKEN, NOT_READY, DISK_FULL = 500, 503, 507
AGAIN_AFTER = "1"  # seconds, where trying again may help
PASSING = (TOO_MANY, NOT_READY)


class Refusal(Exception):  # noqa: N818 - what the server does, not what went wrong in it
    """A request that gets no answer: the status, and what was found, what is allowed and what to do."""

    def __init__(self, status: int, field: str, found: str, *, allowed: str, do: str) -> None:
        """Keep the parts; `field` names what part of the request it is about."""
        super().__init__(found)
        self.status, self.wrong = status, Wrong(field=field, found=found, allowed=allowed, do=do)

    @classmethod
    def of(cls, error: InputError, status: int = UNPROCESSABLE) -> "Refusal":
        """Return the refusal of what an error of the input says."""
        return cls(status, error.where, error.found, allowed=error.allowed, do=error.todo)

    @classmethod
    def broken(cls) -> "Refusal":
        """Return the refusal where the server itself fails."""
        return cls(BROKEN, "server", "something failed here", allowed="", do="see the server's log")

    def response(self) -> Response:
        """Return the answer."""
        headers = {"retry-after": AGAIN_AFTER} if self.status in PASSING else None
        return respond({"error": self.wrong}, self.status, headers)


def respond(content: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Return an answer in JSON."""
    return Response(encode(content), status, headers, JSON)


def encode(content: object) -> bytes:
    """Return JSON; numbers that JSON has not are null."""
    try:
        return orjson.dumps(content)
    except TypeError:  # half a character in a name, or a number beyond 64 bits
        return json.dumps(_finite(content)).encode()


def _finite(content: Any) -> Any:  # noqa: ANN401 - JSON of any shape
    if isinstance(content, float):
        return content if content - content == 0 else None
    if isinstance(content, dict):
        return {key: _finite(value) for key, value in content.items()}
    return [_finite(value) for value in content] if isinstance(content, list | tuple) else content
