"""What every request passes before it is answered: who may call, how much, and for how long; and what is counted.

Pure ASGI (https://asgi.readthedocs.io/en/latest/specs/www.html): it reads the whole body, within bounds, so that
endpoints are plain functions of bytes. Each runs in a thread of its own, by FastAPI; but that hand-over takes longer
than to read a few rows, so endpoints that wait for nothing are called at once for those.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Mapping, MutableMapping
from typing import Any

from fastapi import Request, Response

from flows.serving.asked import too_large
from flows.serving.bounds import BODY_SECONDS, FEW_BYTES, MOST_BYTES, MOST_REQUESTS
from flows.serving.metrics import Tally
from flows.serving.options import LOOPBACK
from flows.serving.refusals import BAD_REQUEST, JSON, MISDIRECTED, NOT_READY, TOO_SLOW, Refusal
from pipelines.core.errors import quote

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Headers = Mapping[bytes, bytes]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Quick = Mapping[str, Callable[[Request], Response]]  # endpoints that take JSON and wait for nothing, by address

DRAINED = 4 * MOST_BYTES  # of a body that is refused: so much is read, for the client to see the answer
ALWAYS = ("/live", "/ready", "/metrics")  # answered however busy the server is
# Nothing comes from elsewhere, and no other page may show or call this one.
POLICY = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    b"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = [
    (b"content-security-policy", POLICY),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
]


class Gate:
    """The application behind its bounds."""

    def __init__(
        self, app: App, tally: Tally, paths: Collection[str], hosts: Collection[str] | None, quick: Quick
    ) -> None:
        """Count requests in `tally` by those of `paths`; answer only those that call it by one of `hosts`, if given."""
        self._app, self._tally, self._paths, self._quick = app, tally, frozenset(paths), quick
        self._hosts = None if hosts is None else frozenset([*hosts, *LOOPBACK])
        self._answering = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 0

        async def counted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], *HEADERS]
            await send(message)

        self._answering += 1
        try:
            headers = dict(scope["headers"])
            scope["state"]["body"] = body = await self._body(scope, headers, receive)
            quick = self._quick.get(scope["path"]) if len(body) <= FEW_BYTES and _is_plain(scope, headers) else None
            await (self._app if quick is None else quick(Request(scope)))(scope, receive, counted)
        except Refusal as refusal:
            await refusal.response()(scope, receive, counted)
        except Exception:
            if not status:
                await Refusal.broken().response()(scope, receive, counted)
            raise
        finally:
            self._answering -= 1
            path = scope["path"] if scope["path"] in self._paths else "other"
            self._tally.request(path, status, time.perf_counter() - started)

    async def _body(self, scope: Scope, headers: Headers, receive: Receive) -> bytes:
        """Return the request's body; raise Refusal where the request is not to be answered."""
        if len(headers) < len(scope["headers"]) and sum(name == b"host" for name, _ in scope["headers"]) > 1:
            raise Refusal(BAD_REQUEST, "host", "several", allowed="one", do="send one")
        self._check_host(headers.get(b"host", b"").decode("latin-1"))
        if self._answering > MOST_REQUESTS and scope["path"] not in ALWAYS:
            found = f"{MOST_REQUESTS} requests are being answered"
            raise Refusal(NOT_READY, "server", found, allowed="fewer at the same time", do="try again later")
        if scope["method"] in ("GET", "HEAD"):
            return b""
        length = headers.get(b"content-length")
        declared = int(length) if length is not None and length.isdigit() else 0
        parts: list[bytes] = []
        size = 0
        try:
            async with asyncio.timeout(BODY_SECONDS):
                while True:
                    message = await receive()
                    if message["type"] != "http.request":
                        break
                    size += len(message.get("body", b""))
                    if size <= MOST_BYTES and declared <= MOST_BYTES:
                        parts.append(message.get("body", b""))
                    if not message.get("more_body") or size > DRAINED or declared > DRAINED:
                        break
        except TimeoutError:
            found = f"a body that took longer than {BODY_SECONDS:g} s"
            raise Refusal(TOO_SLOW, "body", found, allowed="a body sent at once", do="send it again") from None
        if max(size, declared) > MOST_BYTES:
            raise too_large("a body of more bytes", MOST_BYTES)
        return b"".join(parts)

    def _check_host(self, host: str) -> None:
        """Raise Refusal where a browser was led here by another name: a page elsewhere may own that name."""
        if self._hosts is None:
            return
        name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
        if name.strip("[]").lower() not in self._hosts:
            allowed = ", ".join(sorted(self._hosts))
            do = "call it by one of these names, or allow another with --allow-host"
            status = MISDIRECTED if host else BAD_REQUEST
            raise Refusal(status, "host", quote(host) if host else "none", allowed=allowed, do=do)


def _is_plain(scope: Scope, headers: Headers) -> bool:
    """Return whether a body is sent as JSON, and not packed: it is then as long as it seems."""
    kind = headers.get(b"content-type", b"").partition(b";")[0].strip().lower()
    return scope["method"] == "POST" and kind == JSON.encode() and b"content-encoding" not in headers
