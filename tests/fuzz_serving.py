"""Requests that no one would send on purpose, by hypothesis: over the description of /openapi.json, and as raw bytes.

`python fuzz_serving.py [COUNT]` (`make fuzz`) sends COUNT to the toy's server, 10,000 by default, and as many to one
of groups, and fails at the first answer of status 500 or without the shape of an error; a test sends a few.
"""

import json
import socket
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from serving_http import Running, options_in, rows_of, serving
from toy_service import packed
from toy_service_groups import client_rows, packed_groups

COUNT = 10_000
MORE_NAMES = ("note", "nothing", "", "rows", "\ud800", "a\0b")
Rows = Sequence[Mapping[str, object]]
PATHS = (
    "/predict",
    "/feedback",
    "/about",
    "/ready",
    "/live",
    "/metrics",
    "/promise",
    "/docs",
    "/openapi.json",
    "/",
    "/%00",
)
KINDS = (
    "application/json", "text/csv", "text/tab-separated-values", "application/vnd.apache.parquet", "", "text/plain",
    "application/json; charset=latin-1",
)  # fmt: skip
GOOD = (200, 400, 404, 405, 408, 413, 415, 421, 422, 429, 503, 507)

texts = st.one_of(
    st.sampled_from(["", " ", "NaN", "NA", "null", "1", "1.0", "1e999", "-0", "$1,000.50", "Oslo", "007"]),
    st.text(max_size=8), st.sampled_from(["\ud800", "a\0b", "\u202e", "9" * 400]),
)  # fmt: skip
numbers = st.one_of(
    st.integers(-5, 120), st.integers(), st.floats(), st.sampled_from([2**53, 2**63, 2**64, 10**400, 1e-320, -0.0])
)
cells = st.one_of(st.none(), st.booleans(), numbers, texts, st.lists(st.integers(), max_size=2), st.just({}))
models = st.sampled_from(["strong", "baseline", "repaired"])
anything = st.recursive(cells, lambda below: st.lists(below, max_size=3) | st.dictionaries(texts, below, max_size=3))
queries = st.sampled_from(
    ["", "?why=true", "?why=1&model=baseline", "?echo=true", "?model=best", "?why=x", "?%FF=%00", "?a"]
)
raw = st.one_of(
    st.binary(max_size=120),
    st.binary(max_size=60).map(lambda more: b"POST /predict HTTP/1.1\r\nhost: 127.0.0.1\r\n" + more + b"\r\n\r\n"),
    st.sampled_from([
        b"POST /predict HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: -1\r\n\r\n",
        b"POST /predict HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nabcde",
        b"POST /predict HTTP/1.1\r\nhost: 127.0.0.1\r\ntransfer-encoding: chunked\r\n\r\nFFFFFFFFFF\r\n",
        b"GET / HTTP/1.1\r\n\r\n", b"GET http://elsewhere/ HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n", b"\x16\x03\x01\0\0",
    ]),
)  # fmt: skip


def requests_like(known: Rows) -> "st.SearchStrategy[tuple[str, str, str, str, bytes]]":
    """Return requests of rows that are more or less like those that are known to be answered."""
    names = [*known[0], *MORE_NAMES]
    rows = st.one_of(
        st.dictionaries(st.sampled_from(names), cells, max_size=12),
        st.sampled_from(known).flatmap(
            lambda row: st.dictionaries(st.sampled_from([*row]), cells, max_size=3).map(lambda more: {**row, **more})
        ),
        cells,
    )
    bodies = st.one_of(
        st.fixed_dictionaries(
            {"rows": st.lists(rows, max_size=6)},
            optional={"why": st.booleans() | cells, "model": models | cells},
        ),
        st.fixed_dictionaries(
            {"columns": st.dictionaries(st.sampled_from(names), st.lists(cells, max_size=3), max_size=9)}
        ),
        st.fixed_dictionaries({"feedback": st.lists(anything, max_size=3)}),
        st.fixed_dictionaries({"feedback": st.lists(st.fixed_dictionaries({
            "request_id": st.just("REQUEST") | texts, "row": st.integers(-1, 3) | cells, "truth": cells,
        }), max_size=3)}),
        anything,
    )  # fmt: skip
    tables = st.lists(st.lists(st.sampled_from(names[:12]) | texts, max_size=10), max_size=4).map(
        lambda lines: "\n".join(",".join(map(str, line)) for line in lines).encode("utf-8", "surrogatepass")
    )
    contents = st.one_of(
        bodies.map(lambda body: json.dumps(body).encode()), tables, st.binary(max_size=200),
        st.binary(max_size=60).map(lambda middle: b"PAR1" + middle + b"PAR1"),
        bodies.flatmap(lambda body: st.integers(0, 60).map(lambda cut: json.dumps(body).encode()[cut:])),
    )  # fmt: skip
    plain = st.tuples(
        st.just("POST"), st.sampled_from(PATHS[:2]), queries, st.sampled_from(KINDS[:3]), contents
    )  # what reaches the code that reads bodies
    half_good = st.booleans().flatmap(lambda good: st.sampled_from(known) if good else rows)
    nearly = st.tuples(
        st.just("POST"), st.just("/predict"), st.sampled_from(["", "?why=true", "?model=baseline"]), st.just(KINDS[0]),
        st.lists(half_good, min_size=1, max_size=4).map(lambda sent: json.dumps({"rows": sent}).encode()),
    )  # fmt: skip
    strange = st.tuples(
        st.sampled_from(["GET", "POST", "PUT", "HEAD", "OPTIONS", "DELETE", "BREW"]), st.sampled_from(PATHS), queries,
        st.sampled_from(KINDS), contents,
    )  # fmt: skip
    return st.one_of(nearly, plain, strange)


def fuzz(server: Running, count: int, known: Rows | None = None) -> int:
    """Send so many requests, a tenth of them as raw bytes; return how many had rows with an answer.

    `known` are rows that the server answers, by default the toy's of an event.
    """
    client, good = server.client, known or rows_of()
    request = server.ask("/predict", {"rows": good[:3]})[1]["request_id"]
    answered = 0

    @_sent(count - count // 10)
    @given(requests_like(good))
    def requests(sent: tuple[str, str, str, str, bytes]) -> None:
        nonlocal answered
        method, path, query, kind, content = sent
        status, said = client.ask(method, path + query, content.replace(b"REQUEST", request.encode()), kind)
        assert status in GOOD, (sent, status, said)
        if status != 200 and method != "HEAD":
            assert set(json.loads(said)["error"]) == {"field", "found", "allowed", "do"}, sent
        answered += status == 200 and b'"prediction"' in said

    @_sent(count // 10)
    @given(raw)
    def bytes_alone(sent: bytes) -> None:
        host, port = server.address.removeprefix("http://").rsplit(":", 1)
        with socket.create_connection((host, int(port)), 5) as connection:
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
            said = connection.recv(1 << 16)
        assert not said.startswith(b"HTTP/1.1 5") or said.startswith(b"HTTP/1.1 503"), (sent, said)

    requests()
    bytes_alone()
    assert server.get("/ready")["ready"] is True
    assert server.predict(*good[:1])[0]["prediction"] is not None
    return answered


def _sent(count: int) -> settings:
    return settings(
        max_examples=count, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )  # fmt: skip


def main() -> None:
    """Send many."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    for archive, known in ((packed("binary"), rows_of()), (packed_groups("rows"), client_rows("rows"))):
        with tempfile.TemporaryDirectory() as folder, serving(options_in(Path(folder), archive)) as server:
            answered = fuzz(server, count, known)
        print(f"{count:,} requests, {answered:,} of them with predictions: no status 500, no other shape of an error")  # noqa: T201 - the result


if __name__ == "__main__":
    main()
