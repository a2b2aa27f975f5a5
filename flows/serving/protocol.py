"""HTTP as it comes over a connection: parsed by httptools, in C, with bounds that it does not set itself."""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from flows.serving.bounds import HEAD_SECONDS, MOST_HEAD_BYTES
from flows.serving.refusals import BAD_REQUEST, Refusal, encode

TOO_LONG = "a head of more bytes"


class BoundedProtocol(HttpToolsProtocol):  # type: ignore[misc] # uvicorn's types are not looked at
    """A connection whose requests have to say in time, and in so many bytes, what they are about.

    Bodies are read within the bounds of `Gate`.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 - uvicorn's own
        """Make the protocol of a connection, as uvicorn does."""
        super().__init__(*arguments, **named)
        self._in_head = True  # the next bytes are those of a head
        self._unused = True  # nothing has come yet
        self._head_bytes = 0
        self._head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait for the first request as long as for a later one: clients open connections before they need them."""
        super().connection_made(transport)
        self._wait_for_head(self.timeout_keep_alive)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._end_head()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse what came; refuse a head that goes on and on."""
        began_earlier = self._in_head
        super().data_received(data)
        if self._in_head and not self.transport.is_closing():
            self._head_bytes += len(data) if began_earlier else 0  # else they may be another request's
            if self._head_bytes > MOST_HEAD_BYTES:
                self.send_400_response(TOO_LONG)
            elif self._unused or self._head_timer is None:
                self._end_head()
                self._wait_for_head(HEAD_SECONDS)
        self._unused = False

    def on_message_begin(self) -> None:
        """Begin a head."""
        self._in_head, self._head_bytes = True, 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """End a head."""
        self._in_head = False
        self._end_head()
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        """Say in the one shape of errors that what came is no request; no more is read."""
        allowed = f"HTTP/1.1 with a head of up to {MOST_HEAD_BYTES:,} bytes"
        refusal = Refusal(BAD_REQUEST, "request", msg, allowed=allowed, do="check what sends it")
        content = encode({"error": refusal.wrong})
        head = f"content-type: application/json\r\ncontent-length: {len(content)}\r\nconnection: close\r\n\r\n"
        self.transport.write(b"HTTP/1.1 400 Bad Request\r\n" + head.encode() + content)
        self.transport.close()

    def _wait_for_head(self, seconds: float) -> None:
        self._head_timer = self.loop.call_later(seconds, self._give_up)

    def _end_head(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _give_up(self) -> None:
        self._head_timer = None
        self.transport.close()
