"""Drift, the promise and reasons over HTTP: of all processes, and of all that was answered before a restart."""

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from serving_http import Running, options_in, rows_of, serving, started, until
from toy_service import defined, facts_of, fits, packed, served, served_project

from flows.serving.promising import promise_of
from pipelines.metrics import metric_of
from pipelines.models.saving.zip import pack, unpack
from pipelines.serving.drift_reference import reference

ROWS = rows_of(count=200)


@pytest.fixture(scope="module")
def judging() -> bytes:
    """The archive of the toy's event, with what drift is judged by."""
    table, project = defined("binary").table, served_project("binary")
    facts: Any = facts_of("binary", table, log=False)
    facts["metric"] = {"margin": project.metric.margin}
    facts["eda"] = {"columns": [], "hypotheses": []}
    facts["reflect"] |= {"codes": None, "scales": [], "shapes": [], "interactions": [], "details": {}}
    predictions = {name: one.prediction[table.tested] for name, one in fits("binary").items()}
    watched = reference(table, facts, predictions, metric_of(project.metric), project.seed)
    return pack(unpack(packed("binary")) | watched.to_files(), compress=True)


def rows_counted(server: Running) -> int:
    """Return how many rows were counted for drift."""
    status, said = server.ask("/drift")
    return int(said["rows"]) if status == 200 else 0


def test_drift_counts_what_was_answered_and_nothing_else(judging: bytes, tmp_path: Path) -> None:
    """Good rows count, bad rows and rows that are tried out do not; a restart goes on from what was counted."""
    options = options_in(tmp_path, judging)
    with serving(options) as server:
        assert server.ask("/drift")[0] == 503
        server.predict(*ROWS[:50], {**ROWS[0], "age": 1})
        server.predict(*ROWS[:20], query="?trial=true")
        until(lambda: rows_counted(server) > 0)
        first = server.get("/drift")
        about = server.get("/about")["drift"]
        metrics = server.client.ask("GET", "/metrics")[1].decode()
    with serving(options) as server:
        server.predict(*ROWS[:7])
        until(lambda: rows_counted(server) > 50)
        again = server.get("/drift")

    assert (first["rows"], first["verdict"]) == (50, "too early")
    assert about["rows"] == 50
    assert "sevenfold_drift_rows 50" in metrics
    assert 'sevenfold_drift{model="strong",verdict="too early"} 1' in metrics
    assert again["rows"] == 57


def test_drift_of_another_mix_is_seen(judging: bytes, tmp_path: Path) -> None:
    """Six hundred rows of one sort are a look, whose verdict is not that all is as before."""
    odd = [{**row, "income": 1e6, "town": "Oslo"} for row in ROWS]
    with serving(options_in(tmp_path, judging)) as server:
        for _ in range(3):
            server.predict(*odd)
        until(lambda: rows_counted(server) >= 600 and server.get("/drift")["look"] > 0)
        judged = server.get("/drift")

    assert judged["verdict"] in ("watch", "alarm")
    assert judged["words"]


def _answered(server: Running, row: Mapping[str, object]) -> bool:
    return server.ask("/predict", {"rows": [row]})[0] == 200


def test_processes_count_drift_together(judging: bytes, tmp_path: Path) -> None:
    """What either process answers is counted once."""
    with started(options_in(tmp_path, judging, workers=2)) as server:
        for row in ROWS[:30]:  # a process that is not ready yet refuses its request, whichever gets it
            until(partial(_answered, server, row))
        until(lambda: rows_counted(server) == 30)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server of the toy's event."""
    with serving(options_in(tmp_path_factory.mktemp("judged"))) as server:
        yield server


def test_the_promise_is_judged_by_the_truths_that_came(running: Running) -> None:
    """Its score so far is that of predictions and truths, as the library of promises has it; nothing before."""
    before = running.get("/promise")
    status, said = running.ask("/predict", {"rows": ROWS})
    truths = [int(place % 3 == 0) for place in range(len(ROWS))]
    items = [{"request_id": said["request_id"], "row": row, "truth": truth} for row, truth in enumerate(truths)]
    running.ask("/feedback", {"feedback": items})
    after = running.get("/promise")

    made = np.array([one["prediction"] for one in said["results"]])
    wanted = promise_of(served("binary"), "strong").judge(truths, made)
    assert status == 200
    assert (before["rows"], before["verdict"], before["score"]) == (0, "too early", None)
    assert {key: value for key, value in after.items() if key != "models"} == wanted
    assert set(after["models"]) == {"strong", "baseline"}
    assert after["models"]["baseline"]["rows"] == 0
    metrics = running.client.ask("GET", "/metrics")[1].decode()
    assert f'sevenfold_promise_rows{{model="strong"}} {len(ROWS)}' in metrics


def test_an_archive_without_a_ladder_has_no_reasons(running: Running) -> None:
    """Asked for reasons, it answers as otherwise, and says that there are none."""
    asked = running.predict(*ROWS[:3], why=True)
    plain = running.predict(*ROWS[:3])

    assert asked == plain
    assert all(one["why"] is None for one in asked)


class Reasons:
    """Gives the number of the row, and whether values were asked for, as its reason."""

    def reasons(self, frame: Any, answer: Any, start: Any, *, echo: bool) -> list[Any]:  # noqa: ANN401 - as Explainer's
        """Give them."""
        assert len(frame) == len(answer) == len(start)
        return [{"age": float(age), "echo": echo} for age in frame["age"]]


def test_each_row_has_its_own_reasons(tmp_path: Path) -> None:
    """Reasons go to the rows that they belong to, bad rows between them and values only where asked for."""
    with serving(options_in(tmp_path)) as server:
        assert server.served is not None
        server.served.service.__dict__["explainers"] = {"strong": Reasons()}
        bad = {**ROWS[1], "age": 3}
        found = server.predict(ROWS[0], bad, ROWS[2], why=True)
        echoed = server.predict(ROWS[0], query="?why=true&echo=true")
        baseline = server.predict(ROWS[0], why=True, model="baseline")

    assert [one.get("why") for one in found] == [
        {"age": ROWS[0]["age"], "echo": False}, None, {"age": ROWS[2]["age"], "echo": False},
    ]  # fmt: skip
    assert echoed[0]["why"]["echo"] is True
    assert baseline[0]["why"] is None
