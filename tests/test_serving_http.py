"""The HTTP interface of a served project: what is sent, what comes back, and what is refused."""

import gzip
import io
import json
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from jsonschema import Draft202012Validator
from serving_http import Running, options_in, repacked, rows_of, serving
from toy_service import packed, served

from flows.serving import bounds, gate
from flows.serving.batching import Batcher, Job, Manner, QueueFullError
from flows.serving.refusals import encode
from flows.serving.store import Store
from pipelines.serving.service import columns_of

ROWS = rows_of()
TASKS = ("binary", "multiclass", "regression", "count")
SHORT = 0.3  # seconds that a slow model is waited for
PARTS = {"field", "found", "allowed", "do"}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server of the toy's event."""
    with serving(options_in(tmp_path_factory.mktemp("serving"))) as server:
        yield server


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The same with --strict."""
    with serving(options_in(tmp_path_factory.mktemp("strict"), strict=True)) as server:
        yield server


def expected(rows: list[dict[str, object]], model: str = "strong") -> list[Any]:
    """Return the predictions of rows without HTTP."""
    return [one["prediction"] for one in served("binary").answer(columns_of(rows), len(rows), model=model).results]


def predictions(results: list[Any]) -> list[Any]:
    """Return the predictions of results."""
    return [one["prediction"] for one in results]


def refusal(status: int, said: tuple[int, Any]) -> dict[str, str]:
    """Return the error of an answer with this status, in its one shape."""
    assert said[0] == status, said
    assert set(said[1]) == {"error"}
    assert set(said[1]["error"]) == PARTS
    error: dict[str, str] = said[1]["error"]
    return error


@pytest.mark.parametrize("task", TASKS)
def test_answers_are_those_of_the_service(task: str, tmp_path: Path) -> None:
    """Through JSON and back, every model of every kind of target answers bit by bit what it answers in memory."""
    rows = rows_of(task)
    with serving(options_in(tmp_path, packed(task))) as server:
        for model in ("strong", "baseline"):
            found = server.predict(*rows, model=model)
            wanted = served(task).answer(columns_of(rows), len(rows), model=model).results

            assert [{**one, "why": None} for one in wanted] == found


def test_the_shape_of_an_answer(running: Running) -> None:
    """An answer names the model, the request, the columns that it ignored, and has a result a row."""
    status, said = running.ask("/predict", {"rows": ROWS[:2]})

    assert status == 200
    assert set(said) == {"model", "request_id", "results", "ignored"}
    assert said["model"] == "strong"
    assert set(said["results"][0]) >= {"prediction", "interval", "decision", "expected_cost", "why"}


@pytest.mark.parametrize("body", ["columns", "csv", "tsv", "gzip", "parquet"])
def test_bodies_of_every_kind_say_the_same(body: str, running: Running) -> None:
    """JSON columns, CSV, TSV, packed CSV and Parquet have the same answers as JSON rows."""
    frame = pd.DataFrame(ROWS)
    text = frame.to_csv(index=False).encode()
    tabs = frame.to_csv(index=False, sep="\t").encode()
    columns = json.dumps({"columns": {name: [row[name] for row in ROWS] for name in ROWS[0]}}).encode()
    content, kind, headers = {
        "columns": (columns, "application/json", {}),
        "csv": (b"\xef\xbb\xbf" + text, "text/csv; charset=utf-8", {}),
        "tsv": (tabs, "text/tab-separated-values", {}),
        "gzip": (gzip.compress(text), "text/csv", {"content-encoding": "gzip"}),
        "parquet": (frame.to_parquet(index=False), "application/vnd.apache.parquet", {}),
    }[body]

    found = send(running, content, kind, **headers)

    assert predictions(found["results"]) == expected(ROWS)


def send(running: Running, content: bytes, kind: str, **headers: str) -> Any:  # noqa: ANN401 - JSON of any shape
    """Return the JSON of an answer to a body with further headers."""
    client = running.client
    client._connection.request("POST", "/predict", content, {"content-type": kind, **headers})
    return json.loads(client._connection.getresponse().read())


@pytest.mark.parametrize("spelled", ["null", "NaN", '""', '"NA"', '" "'])
def test_no_value_is_no_value_however_it_is_sent(spelled: str, running: Running) -> None:
    """Null, the NaN of Python clients, and the words for nothing are one; a column that is left out is the same."""
    absent = {name: value for name, value in ROWS[0].items() if name != "income"}
    body = json.dumps({"rows": [absent]})[:-3] + f', "income": {spelled}}}]}}'

    status, said = running.ask("/predict", body.encode())

    assert status == 200
    assert predictions(said["results"]) == expected([absent]) == expected([{**absent, "income": None}])


@pytest.mark.parametrize("spelled", ["41", "41.0", '"41"', '"41.0"', "4.1e1"])
def test_a_number_is_a_number_however_it_is_written(spelled: str, running: Running) -> None:
    """1, 1.0 and "1" are one number."""
    rest = {name: value for name, value in ROWS[0].items() if name != "age"}
    body = json.dumps({"rows": [rest]})[:-3] + f', "age": {spelled}}}]}}'

    status, said = running.ask("/predict", body.encode())

    assert status == 200
    assert predictions(said["results"]) == expected([{**rest, "age": 41}])


def test_the_order_of_columns_is_free_and_others_are_named(running: Running) -> None:
    """A row may have its columns in any order, and more of them."""
    turned = dict(reversed(ROWS[0].items())) | {"note": "x", "nothing": 1}

    status, said = running.ask("/predict", {"rows": [turned]})

    assert (status, predictions(said["results"])) == (200, expected(ROWS[:1]))
    assert said["ignored"] == ["note", "nothing"]


def test_strict_refuses_what_the_project_file_does_not_know(strict: Running) -> None:
    """With --strict a strange column costs its row, or the whole of a table; a dropped one is known."""
    good, odd, wrong = strict.predict({**ROWS[0], "note": "x"}, {**ROWS[1], "nothing": 1}, ROWS[2])
    table = refusal(
        422, strict.ask("/predict", {"columns": {name: [value] for name, value in ROWS[0].items()} | {"q": [1]}})
    )

    assert [good["prediction"], wrong["prediction"]] == expected([ROWS[0], ROWS[2]])
    assert odd["error"]["field"] == "nothing"
    assert table["field"] == "q"


def test_one_bad_row_costs_one_row(running: Running) -> None:
    """Each row that cannot be answered has its reason, in its place, and the others their answers."""
    rows: list[Any] = [
        ROWS[0],
        {**ROWS[1], "age": "secret"},
        ROWS[2],
        7,
        {**ROWS[3], "age": 17},
        {**ROWS[4], "town": "Paris"},
        ROWS[5],
    ]

    status, said = running.ask("/predict", {"rows": rows})

    assert status == 200
    results = said["results"]
    assert predictions([results[0], results[2], results[6]]) == expected([ROWS[0], ROWS[2], ROWS[5]])
    assert [one["error"]["field"] for one in results if "error" in one] == ["age", "row", "age", "town"]
    assert all(set(one["error"]) == PARTS for one in results if "error" in one)
    assert "secret" not in json.dumps(said)
    assert "Paris" not in json.dumps(said)


def test_values_come_back_only_where_they_are_asked_for(running: Running) -> None:
    """With echo=true a reason repeats the value, also beside requests that did not ask for it."""
    bad = {**ROWS[1], "age": "secret"}
    with ThreadPoolExecutor(8) as pool:
        asked = ["?echo=true", ""] * 20
        found = list(pool.map(lambda query: running.predict(bad, query=query)[0]["error"]["found"], asked))

    assert all(("secret" in text) == (query != "") for text, query in zip(found, asked, strict=True))


def test_a_ragged_line_of_csv_costs_one_row(running: Running) -> None:
    """A line with too many fields has its reason; empty lines are no rows."""
    text = pd.DataFrame(ROWS[:3]).to_csv(index=False).splitlines()
    text.insert(2, text[1] + ",more")
    text.insert(3, "")

    status, said = running.ask("/predict", "\n".join(text).encode(), "text/csv")

    assert status == 200
    assert said["results"][1]["error"]["found"] == "10 fields under a header of 9"
    assert predictions([said["results"][0], *said["results"][2:]]) == expected(ROWS[:3])


def test_no_rows_have_no_results(running: Running) -> None:
    """An empty batch is answered by an empty list."""
    assert running.predict() == []
    assert running.ask("/predict", {"columns": {}})[1]["results"] == []
    assert running.ask("/predict", b"age\n", "text/csv")[1]["results"] == []


BAD = [
    (b"", "application/json", 422, "body"), (b"[" * 50_000, "application/json", 422, "body"),
    (b"{", "application/json", 422, "body"), (b"\xff", "application/json", 422, "body"),
    (b"[]", "application/json", 422, "body"), (b"null", "application/json", 422, "body"),
    (b"{}", "application/json", 422, "body"), (b'{"rows": [], "columns": {}}', "application/json", 422, "body"),
    (b'{"rows": {}}', "application/json", 422, "rows"), (b'{"columns": []}', "application/json", 422, "columns"),
    (b'{"columns": {"age": 1}}', "application/json", 422, "age"),
    (b'{"columns": {"age": [1], "income": []}}', "application/json", 422, "income"),
    (b'{"rows": [], "more": 1}', "application/json", 422, "body"),
    (b'{"rows": [], "why": "yes"}', "application/json", 422, "why"),
    (b'{"rows": [], "model": 1}', "application/json", 422, "model"),
    (b'{"rows": [{}], "model": "best"}', "application/json", 422, "model"),
    (b'{"rows": []}', "", 415, "content-type"), (b'{"rows": []}', "text/plain", 415, "content-type"),
    (b"", "text/csv", 422, "header"), (b"a,a\n1,2\n", "text/csv", 422, "header"), (b"\xff\n", "text/csv", 422, "body"),
    (b'a\n"b', "text/csv", 422, "line 2"), (b"PAR1", "application/vnd.apache.parquet", 422, "body"),
    (b"PAR1" + b"\0" * 40 + b"PAR1", "application/vnd.apache.parquet", 422, "body"),
    (b"x" * (bounds.MOST_BYTES + 1), "application/json", 413, "body"),
    (encode({"rows": [{}] * (bounds.MOST_ROWS + 1)}), "application/json", 413, "rows"),
    (b"age\n" + b"1\n" * (bounds.MOST_ROWS + 1), "text/csv", 413, "rows"),
    (encode({"columns": {"age": [1] * (bounds.MOST_ROWS + 1)}}), "application/json", 413, "rows"),
    (b",".join(b"c%d" % i for i in range(bounds.MOST_COLUMNS + 1)), "text/csv", 413, "header"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "kind", "status", "field"), BAD, ids=[f"{one[0][:20]!r} {one[1]}" for one in BAD])
def test_a_body_without_rows_is_refused_in_one_shape(
    body: bytes, kind: str, status: int, field: str, running: Running
) -> None:
    """What leaves no rows to speak of costs the request: the status and the part of the request that is wrong."""
    assert refusal(status, running.ask("/predict", body, kind, "POST"))["field"] == field


def test_addresses_parameters_and_methods_are_refused_in_the_same_shape(running: Running) -> None:
    """So are addresses and methods that are none, and parameters that are not known."""
    assert refusal(404, running.ask("/nothing"))["field"] == "address"
    assert refusal(405, running.ask("/predict"))["field"] == "address"
    assert refusal(405, running.ask("/live", {}))["field"] == "address"
    assert refusal(422, running.ask("/predict?x=1", {"rows": []}))["field"] == "query"
    assert refusal(422, running.ask("/predict?why=perhaps", {"rows": []}))["field"] == "why"


def test_what_unpacks_to_too_much_is_refused_before_it_is_unpacked(running: Running) -> None:
    """A megabyte of zeros in a kilobyte of gzip, and a Parquet file that repeats a long text, are refused."""
    bomb = gzip.compress(b"age\n" + b"1" * (bounds.MOST_BYTES + 1))
    long = pd.DataFrame({"remark": ["x" * 100_000] * 2_000, "age": 1, "income": 1})
    buffer = io.BytesIO()
    long.to_parquet(buffer, index=False, compression="zstd")

    assert len(bomb) < 20_000
    assert len(buffer.getvalue()) < bounds.MOST_BYTES
    assert (
        send(running, bomb, "text/csv", **{"content-encoding": "gzip"})["error"]["found"] == "the body unpacks to more"
    )
    assert "unpacks to more" in refusal(413, running.ask("/predict", buffer.getvalue(), "application/parquet"))["found"]
    assert send(running, b"x", "text/csv", **{"content-encoding": "br"})["error"]["field"] == "content-encoding"
    assert send(running, bomb[:50], "text/csv", **{"content-encoding": "gzip"})["error"]["field"] == "body"


def test_rows_that_each_have_their_own_columns_take_no_room(running: Running) -> None:
    """Ten thousand rows with as many different strange columns do not make a table of a hundred million cells."""
    rows = [{**ROWS[0], f"strange {place}": place} for place in range(bounds.MOST_ROWS)]

    status, said = running.ask("/predict", {"rows": rows})

    assert status == 200
    assert len(said["ignored"]) == bounds.MOST_NAMED
    assert said["ignored_columns"] == bounds.MOST_ROWS
    assert set(predictions(said["results"])) == set(expected(ROWS[:1]))


def test_a_page_of_another_site_reaches_nothing(running: Running) -> None:
    """Another host's name is refused, and a page may take nothing from elsewhere."""
    client = running.client
    client._connection.request("GET", "/about", headers={"host": "evil.example"})
    answer = client._connection.getresponse()
    evil = answer.status, json.loads(answer.read())

    assert refusal(421, evil)["field"] == "host"
    assert "default-src 'none'" in str(answer.getheader("content-security-policy"))
    assert answer.getheader("x-content-type-options") == "nosniff"


def test_about_says_what_is_served(running: Running, tmp_path: Path) -> None:
    """Archive, training rows, source and libraries are named, each with what it is known by."""
    about = running.get("/about")

    schema = served("binary").schema
    assert about["training"] == schema["training"]
    assert about["source"] == schema["source"]
    assert re.fullmatch("[0-9a-f]{64}", about["archive"]["sha256"])
    assert about["archive"]["changed"] is None
    assert about["parity"]["exact"] is True
    assert about["libraries"]["numpy"]["same"] is True
    assert about["mismatch"] == []
    assert set(about["models"]) == {"strong", "baseline"}
    assert not any(tmp_path.iterdir())


def test_the_description_is_made_of_the_contract(running: Running) -> None:
    """The row's schema is valid, has bounds, units, levels and an example, which it accepts, and so does /predict."""
    described = running.get("/openapi.json")
    row = described["components"]["schemas"]["Row"]
    example = described["paths"]["/predict"]["post"]["requestBody"]["content"]["application/json"]["example"]

    Draft202012Validator.check_schema(row)
    Draft202012Validator(row).validate(example["rows"][0])
    age = row["properties"]["age"]
    assert (age["minimum"], age["maximum"], age["title"]) == (18, 99, "age of the customer")
    assert "in years" in age["description"]
    assert row["properties"]["town"]["enum"] == ["Bern", "Oslo", "Rome", "007", None]
    assert row["properties"]["street"]["x-training"]["levels"] == ["1.0", "10", "a", "b"]
    status, said = running.ask("/predict", example)
    assert status == 200
    assert "error" not in said["results"][0]
    answer = described["components"]["schemas"]["Answer"]
    whole = {**answer, "components": described["components"]}
    Draft202012Validator(whole).validate(said)


def test_pages_take_nothing_from_elsewhere(running: Running) -> None:
    """The page and the documentation work without a network and without a script in the text."""
    for path in ("/", "/docs", "/docs.css"):
        status, content = running.client.ask("GET", path)

        assert status == 200
        assert not re.search(rb"(src|href)=[\"'](https?:)?//", content)
    docs = running.client.ask("GET", "/docs")[1].decode()
    assert "age of the customer" in docs
    assert "<script" not in docs


def test_metrics_are_in_prometheus_format(running: Running) -> None:
    """Every line is a comment or a sample; histograms add up, and requests are counted by path and status."""
    running.predict(*ROWS[:3])
    running.ask("/nothing")

    status, content = running.client.ask("GET", "/metrics")

    text = content.decode()
    sample = re.compile(r'[a-z_]+(\{([a-z0-9]+="([^"\\\n]|\\.)*",?)+\})? [0-9.e+-]+')
    assert status == 200
    assert all(line.startswith(("# HELP ", "# TYPE ")) or sample.fullmatch(line) for line in text.splitlines())
    counts = dict(re.findall(r'^sevenfold_requests_total\{path="([^"]+)",status="200"\} (\d+)$', text, re.MULTILINE))
    buckets = [
        int(n) for n in re.findall(r'^sevenfold_predict_seconds_bucket\{le="[^"]+"\} (\d+)$', text, re.MULTILINE)
    ]
    total = re.search(r"^sevenfold_predict_seconds_count (\d+)$", text, re.MULTILINE)
    assert int(counts["/predict"]) > 0
    assert buckets == sorted(buckets)
    assert total is not None
    assert buckets[-1] == int(total[1])
    assert 'path="other",status="404"' in text
    assert "/nothing" not in text


def test_feedback_is_kept_or_refused_one_by_one(running: Running) -> None:
    """A truth is kept by request and row; what is about no answered row, or is no truth, costs itself."""
    request = running.ask("/predict", {"rows": [ROWS[0], {**ROWS[1], "age": 1}, ROWS[2]]})[1]["request_id"]

    def item(row: object, truth: object, of: object = request) -> dict[str, object]:
        return {"request_id": of, "row": row, "truth": truth}

    items: list[Any] = [
        item(0, 1),
        item(2, "0"),
        item(0, 0),
        item(1, 1),
        item(3, 1),
        item(-1, 1),
        item(0, 2),
        item(0, None),
    ]
    items += [
        item(0, 1, "\ud800"),
        item(0, 1, "no"),
        item(0.5, 1),
        item(True, 1),
        item(0, 1, 3),
        5,
        {**item(0, 1), "more": 1},
    ]
    status, said = running.ask("/feedback", {"feedback": items})

    assert status == 200
    assert said["kept"] == 3
    assert [one.get("error", {}).get("field") for one in said["results"]] == [
        None, None, None, "row", "row", "row", "truth", "truth", "request_id", "request_id", "row", "row", "request_id",
        "feedback", "feedback",
    ]  # fmt: skip
    for body, kind in (
        (b"{}", "application/json"),
        (b'{"feedback": {}}', "application/json"),
        (b"[", "application/json"),
    ):
        refusal(422, running.ask("/feedback", body, kind))
    refusal(415, running.ask("/feedback", b"{}", "text/plain"))


def test_the_last_truth_of_a_row_counts(tmp_path: Path) -> None:
    """A truth that is sent again replaces the earlier one, in its place; each row is judged once."""
    with serving(options_in(tmp_path)) as server:
        said = [server.ask("/predict", {"rows": ROWS[:2]})[1] for _ in range(2)]
        ids = [one["request_id"] for one in said]
        for row, of, truth in ((0, 1, 1), (1, 0, 1), (0, 1, 0), (0, 0, 1)):
            server.ask("/feedback", {"feedback": [{"request_id": ids[of], "row": row, "truth": truth}]})
        assert server.served is not None
        assert server.served.answers is not None
        made, truths = server.served.answers.store.judged()["strong"]

    predicted = expected(ROWS[:2])
    assert truths.tolist() == [0, 1, 1]
    assert made.tolist() == [predicted[0], predicted[1], predicted[0]]


@pytest.mark.parametrize(("task", "log", "truth", "kept"), [
    ("regression", False, 3.5, 3.5), ("regression", False, "3.5", 3.5), ("regression", True, 2.0, np.log(2.0)),
    ("multiclass", False, 2, 2.0), ("multiclass", False, "1", 1.0), ("count", False, 4, 4.0),
])  # fmt: skip
def test_truths_are_kept_as_the_models_see_them(
    task: str, log: bool, truth: object, kept: float, tmp_path: Path
) -> None:
    """A truth in the user's terms is kept as a class's number, a value, or its logarithm where that is modelled."""
    with serving(options_in(tmp_path, packed(task, log=log))) as server:
        request = server.ask("/predict", {"rows": rows_of(task)[:1]})[1]["request_id"]
        said = server.ask("/feedback", {"feedback": [{"request_id": request, "row": 0, "truth": truth}]})[1]
        assert server.served is not None
        assert server.served.answers is not None
        _, truths = server.served.answers.store.judged()["strong"]

    assert said["results"] == [{"kept": True}]
    assert truths.tolist() == [kept]


def test_concurrent_requests_each_have_their_own_answers(running: Running) -> None:
    """A row's answer does not depend on what else is answered at the same time, however the batches fall."""
    wanted = expected(ROWS)
    bad = {**ROWS[0], "age": "x"}

    def one(place: int) -> bool:
        size = 1 + place % 5
        rows = [ROWS[(place + i) % len(ROWS)] for i in range(size)]
        found = running.predict(*rows, *([bad] if place % 7 == 0 else []))
        return predictions(found[:size]) == [wanted[(place + i) % len(ROWS)] for i in range(size)]

    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(one, range(200)))


class Answering:
    """Answers rows by their cells doubled; fails where a cell is 13; keeps the sizes of the batches."""

    def __init__(self) -> None:
        self.sizes: list[int] = []

    def __call__(self, cells: Any, rows: int, manner: Manner) -> list[Any]:  # noqa: ANN401 - cells of any kind
        """Answer."""
        self.sizes.append(rows)
        if 13 in cells["a"]:
            message = "unlucky"
            raise ValueError(message)
        time.sleep(0.002)
        return [(2 * cell, manner.model) for cell in cells["a"]]


def test_a_request_that_fails_costs_no_other() -> None:
    """What is answered together and fails is tried one by one; models are not mixed."""
    batcher = Batcher(Answering())
    jobs = [Job({"a": [place]}, 1, Manner("strong" if place % 2 else "baseline")) for place in range(40)]

    waiting = [batcher.submit(job) for job in jobs]

    for place, future in enumerate(waiting):
        if place == 13:
            with pytest.raises(ValueError, match="unlucky"):
                future.result(5)
        else:
            assert future.result(5) == [(2 * place, "strong" if place % 2 else "baseline")]
    batcher.close()


def test_a_large_request_takes_turns_with_small_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows beyond a chunk wait for their turn, and come back in their order; small requests are not behind them."""
    answer = Answering()
    batcher = Batcher(answer)
    large = batcher.submit(Job({"a": list(range(100, 100 + 5 * bounds.CHUNK))}, 5 * bounds.CHUNK, Manner("strong")))
    small = batcher.submit(Job({"a": [1]}, 1, Manner("strong")))

    assert small.result(5) == [(2, "strong")]
    assert [cell for cell, _ in large.result(5)] == [2 * cell for cell in range(100, 100 + 5 * bounds.CHUNK)]
    assert max(answer.sizes) <= bounds.CHUNK
    batcher.close()
    monkeypatch.undo()


def test_too_many_rows_that_wait_are_refused() -> None:
    """Beyond a number of waiting rows, more are refused at once instead of answered too late."""
    slow = Answering()
    batcher = Batcher(slow)
    size = bounds.MOST_QUEUED // 4
    jobs = [Job({"a": [1] * size}, size, Manner("strong")) for _ in range(8)]

    taken = 0
    with pytest.raises(QueueFullError):
        for job in jobs:
            batcher.submit(job)
            taken += 1

    assert 4 <= taken < 8
    for job in jobs:
        job.abandoned = True
    batcher.close()


def test_too_many_requests_at_the_same_time_are_refused(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the bound the answer is 503 at once, but /live, /ready and /metrics go on."""
    monkeypatch.setattr(gate, "MOST_REQUESTS", 0)

    assert refusal(503, running.ask("/predict", {"rows": []}))["field"] == "server"
    assert running.get("/live") == {"live": True}
    assert running.get("/ready")["ready"] is True


def test_a_body_that_does_not_come_is_not_waited_for(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that says more than it sends is answered after a while."""
    monkeypatch.setattr(gate, "BODY_SECONDS", 0.2)
    client = running.client
    client._connection.putrequest("POST", "/predict")
    client._connection.putheader("content-type", "application/json")
    client._connection.putheader("content-length", "100")
    client._connection.endheaders(b"{")
    answer = client._connection.getresponse()

    assert refusal(408, (answer.status, json.loads(answer.read())))["field"] == "body"


def test_a_strange_archive_name_is_not_in_the_state(tmp_path: Path) -> None:
    """Predictions of another archive are not judged as this one's."""
    request = {"a": np.array([0.25, 0.5])}
    stores = [Store(tmp_path, name) for name in ("one", "two")]
    from flows.serving.store import Kept

    stores[0].keep([Kept("r", "strong", request["a"])])
    stores[1].take([("r", 1, 1.0)])

    assert {model: made.tolist() for model, (made, _) in stores[0].judged().items()} == {"strong": [0.5]}
    assert stores[1].judged() == {}
    for store in stores:
        store.close()


def test_an_archive_whose_test_rows_come_back_otherwise_answers_nothing(tmp_path: Path) -> None:
    """Parity is a condition: /ready says why not, and rows are refused."""

    def moved(parity: Any) -> Any:  # noqa: ANN401 - JSON
        parity["predictions"]["strong"][3] += 1e-6
        return parity

    with serving(options_in(tmp_path, repacked(packed("binary"), parity=moved)), wait=False) as server:
        assert server.served is not None
        while server.served.loaded is None:
            time.sleep(0.02)
        status, said = server.ask("/ready")
        refused = refusal(503, server.ask("/predict", {"rows": ROWS[:1]}))

    assert (status, said["ready"], said["parity"]["differing"]["strong"]) == (503, False, [3])
    assert "come back otherwise" in refused["found"]


@pytest.mark.parametrize(("strict", "ready"), [(False, True), (True, False)])
def test_the_last_bit_counts_where_asked(strict: bool, ready: bool, tmp_path: Path) -> None:
    """A difference that another processor's rounding makes is let through, but not with --strict."""

    def moved(parity: Any) -> Any:  # noqa: ANN401 - JSON
        parity["predictions"]["strong"][3] = float(np.nextafter(parity["predictions"]["strong"][3], 1))
        return parity

    options = options_in(tmp_path, repacked(packed("binary"), parity=moved), strict=strict)
    with serving(options, wait=False) as server:
        assert server.served is not None
        while server.served.loaded is None:
            time.sleep(0.02)
        status, said = server.ask("/ready")

    assert (status == 200, said["ready"], said["parity"]["holds"]) == (ready, ready, True)
    assert (said["why"] is None) == ready


def test_before_it_is_loaded_it_lives_and_is_not_ready(tmp_path: Path) -> None:
    """While the archive is being loaded, /live answers, and all that needs it says to come back."""
    with serving(
        options_in(tmp_path), wait=False, prepare=lambda served: setattr(served, "start", lambda: None)
    ) as server:
        assert server.get("/live") == {"live": True}
        assert server.ask("/ready")[0] == 503
        for path in ("/about", "/openapi.json", "/docs", "/promise"):
            assert refusal(503, server.ask(path))["field"] == "server"
        assert refusal(503, server.ask("/predict", {"rows": []}))["field"] == "server"
        assert server.client.ask("GET", "/metrics")[0] == 200


class Fails:
    """A model that cannot predict."""

    def predict(self, _columns: object) -> np.ndarray:
        """Fail."""
        message = "no memory, or no luck"
        raise ValueError(message)


class Slow:
    """A model that takes its time."""

    def predict(self, columns: Any) -> np.ndarray:  # noqa: ANN401 - features by name
        """Predict late."""
        time.sleep(10 * SHORT)
        return np.full(len(columns["age"]), 0.5)


class Lost:
    """A model that knows no number for its second row."""

    def predict(self, columns: Any) -> np.ndarray:  # noqa: ANN401 - features by name
        """Predict."""
        return np.where(np.arange(len(columns["age"])) == 1, np.nan, 0.5)


@pytest.mark.parametrize(("model", "why", "places"), [
    (Fails(), "model strong failed", [0, 1, 2]), (Slow(), "model strong took longer than 0.3 s", [0, 1, 2]),
    (Lost(), "model strong gives no number for this row", [1]),
])  # fmt: skip
def test_the_baseline_answers_where_the_strong_model_cannot(
    model: object, why: str, places: list[int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    """A model that fails, is over its time, or gives no number is stood in for, and each such row says so."""
    with serving(options_in(tmp_path, timeout=SHORT if isinstance(model, Slow) else 60.0)) as server:
        assert server.served is not None
        models: dict[str, Any] = dict(server.served.service.models) | {"strong": model}
        object.__setattr__(server.served.service, "models", models)
        found = server.predict(*ROWS[:3])
        metrics = server.client.ask("GET", "/metrics")[1].decode()
        about = server.ask("/predict", {"rows": ROWS[:3], "model": "baseline"})

    baseline = expected(ROWS[:3], "baseline")
    assert [place for place, one in enumerate(found) if one.get("model") == "baseline"] == places
    assert all(found[place]["prediction"] == baseline[place] for place in places)
    assert all(found[place]["fallback"] == why for place in places)
    assert f'sevenfold_fallback_rows_total{{why="{why}"}} {len(places)}' in metrics
    assert about[0] == 200
    assert predictions(about[1]["results"]) == baseline
    assert ("Traceback" in capsys.readouterr().err) == isinstance(model, Fails)


def test_a_baseline_that_fails_is_said(tmp_path: Path) -> None:
    """Where nothing can stand in, the request is refused, and the server goes on."""
    with serving(options_in(tmp_path)) as server:
        assert server.served is not None
        service = server.served.service
        whole = dict(service.models)
        object.__setattr__(service, "models", whole | {"strong": Fails(), "baseline": Fails()})
        refused = refusal(500, server.ask("/predict", {"rows": ROWS[:1]}))
        object.__setattr__(service, "models", whole)
        again = server.predict(*ROWS[:1])

    assert refused["found"] == "model strong failed, and so did the baseline"
    assert predictions(again) == expected(ROWS[:1])
