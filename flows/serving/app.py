"""The HTTP interface: what is asked where. All that is answered comes from `Served`."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from functools import lru_cache, partial
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl

from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException

from flows.serving.bounds import MOST_REQUESTS
from flows.serving.gate import Gate, Receive, Scope, Send
from flows.serving.metrics import CONTENT_TYPE
from flows.serving.openapi import describe
from flows.serving.openapi_page import render_page
from flows.serving.page_files import TYPES, page_files
from flows.serving.refusals import JSON, NOT_READY, Refusal, respond
from flows.serving.served import Served

STYLE = Path(__file__).with_name("docs.css")
SPARE = 8  # threads beside those that wait for the models, so that /live and /ready never wait
ADDRESSES = (
    "/predict",
    "/feedback",
    "/live",
    "/ready",
    "/about",
    "/metrics",
    "/promise",
    "/drift",
    "/docs",
    "/openapi.json",
)
POSTED, UNDESCRIBED = ("/predict", "/feedback"), ("docs", "openapi")
MEANING = {404: "nothing is here", 405: "this address does not take that method"}


def make_app(served: Served) -> Gate:
    """Return the application of a process, which loads what it serves as it starts."""
    files = {**page_files(), "/docs.css": (STYLE.read_bytes(), TYPES[".css"])}
    app = FastAPI(
        title="sevenfold serve", docs_url=None, redoc_url=None, openapi_url=None, lifespan=partial(_lifespan, served)
    )
    endpoints = Endpoints(served, app)
    _add_endpoints(app, endpoints)
    for path, (content, kind) in files.items():
        app.add_api_route(path, _file(content, kind), include_in_schema=False)
    _add_errors(app)
    hosts = (served.options.host, *served.options.allowed_hosts) if served.options.local else None
    return Gate(app, served.tally, [*ADDRESSES, *files], hosts, quick={"/predict": endpoints.predict})


def _file(content: bytes, kind: str) -> Callable[[], Response]:
    def file() -> Response:
        return Response(content, media_type=kind)

    return file


@asynccontextmanager
async def _lifespan(served: Served, _app: FastAPI) -> AsyncIterator[None]:
    from anyio.to_thread import current_default_thread_limiter

    current_default_thread_limiter().total_tokens = MOST_REQUESTS + SPARE
    served.start()
    if served.options.workers > 1:  # connections wait for a process that can answer, and reach no other
        await asyncio.to_thread(served.wait)
    yield
    served.close()


class Later(Response):  # type: ignore[misc] # starlette's types are not looked at
    """An answer in JSON that is waited for without a thread."""

    def __init__(self, content: Coroutine[Any, Any, bytes]) -> None:
        """Take what waits for it."""
        super().__init__(media_type=JSON)
        self._content = content

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Wait, and answer."""
        content = await self._content
        headers = [(b"content-type", JSON.encode()), (b"content-length", b"%d" % len(content))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": content})


class Endpoints:
    """What is answered at each address; the docstrings are the documentation of the interface."""

    def __init__(self, served: Served, app: FastAPI) -> None:
        self._served, self._app = served, app

    def predict(self, request: Request) -> Response:
        """Answer rows: a prediction or a reason for each, in their order."""
        query = _query(request.scope["query_string"])
        return Later(self._served.predict(request.scope["state"]["body"], *_kinds(request), query))

    def feedback(self, request: Request) -> Response:
        """Take what became of rows, by the request_id of their answer and their place in it."""
        return respond(self._served.feedback(request.scope["state"]["body"], *_kinds(request)))

    def live(self) -> Response:
        """Say that the process lives."""
        return respond({"live": True})

    def ready(self) -> Response:
        """Say whether rows are answered: 200 if so, otherwise 503 with the reason."""
        said = self._served.readiness()
        return respond(said, 200 if said["ready"] else NOT_READY)

    def about(self) -> Response:
        """Say what is served: archive, training rows, source, commit, libraries, models."""
        return respond(self._served.about())

    def metrics(self) -> Response:
        """Return the counters of all processes in Prometheus' text format."""
        return Response(self._served.metrics(), media_type=CONTENT_TYPE)

    def promise(self) -> Response:
        """Compare the score that was promised with the score so far."""
        return respond(self._served.promise())

    def drift(self) -> Response:
        """Say what the rows so far mean for the score that is to be expected, and whether the causes still hold."""
        return respond(self._served.drift())

    def openapi(self) -> Response:
        """Return this description."""
        return respond(describe(self._app, self._served.service))

    def docs(self) -> Response:
        """Return this description as a page."""
        page = render_page(describe(self._app, self._served.service))
        return Response(page, media_type=TYPES[".html"])


def _add_endpoints(app: FastAPI, endpoints: Endpoints) -> None:
    for path in ADDRESSES:
        name = path[1:].partition(".")[0]
        methods = ["POST"] if path in POSTED else ["GET"]
        app.add_api_route(path, getattr(endpoints, name), methods=methods, include_in_schema=name not in UNDESCRIBED)


@lru_cache(64)
def _query(text: bytes) -> Mapping[str, str]:
    """Return the parameters of an address, the last where one is given twice."""
    return MappingProxyType(dict(parse_qsl(text.decode("latin-1"), keep_blank_values=True)))


def _kinds(request: Request) -> tuple[str, str]:
    headers = request.headers
    return headers.get("content-type", ""), headers.get("content-encoding", "").strip().lower()


def _add_errors(app: FastAPI) -> None:
    """Give every error the one shape."""

    def refused(_request: Request, error: Refusal) -> Response:
        return error.response()

    def missed(_request: Request, error: HTTPException) -> Response:
        found = MEANING.get(error.status_code, error.detail)
        response = Refusal(error.status_code, "address", found, allowed=", ".join(ADDRESSES), do="see /docs").response()
        response.headers.update(error.headers or {})
        return response

    def broken(_request: Request, _error: Exception) -> Response:
        return Refusal.broken().response()

    app.add_exception_handler(Refusal, refused)
    app.add_exception_handler(HTTPException, missed)
    app.add_exception_handler(Exception, broken)
