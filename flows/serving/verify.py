"""`sevenfold serve NAME --verify`: the whole test set over HTTP, against the predictions of the build, bit by bit.

The rows come out of the raw file, as a client has them, and go through a server of their own on a free port: one by
one, and in batches of every kind of body.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import orjson
import pandas as pd

from flows.reading.identity import check_identity
from flows.reading.raw import read_raw
from flows.repository.earlier import load_facts
from flows.repository.files import write_json
from flows.repository.layout import Layout
from flows.repository.projects import load_project
from flows.repository.tables import load_predictions, load_table
from flows.serving.bodies import CSV, PARQUET
from flows.serving.client import Client
from flows.serving.options import Options
from flows.serving.process import running
from flows.serving.refusals import JSON
from flows.serving.serve import check_served
from pipelines.core.digits import written_bytes
from pipelines.core.project import Project
from pipelines.facts.serving import Sent, ServedGroups, ServedModel, ServingFacts
from pipelines.models.fit import predictions_by_model
from pipelines.serving.archive import cell_of
from pipelines.serving.groups_model import answers_of
from pipelines.serving.kinds import load_service
from pipelines.serving.service import Service
from pipelines.targets.arrays import Floats

MODELS: tuple[Literal["strong", "baseline"], ...] = (
    "strong",
    "baseline",
)  # whose predictions the build wrote for every test row
BATCH = 1_000  # rows of a request
PATIENCE = 300.0  # seconds before the baseline answers instead: a thousand texts take longer than options say
CLIENTS = 4  # that send single rows at the same time


@dataclass(frozen=True)
class Way:
    """One way of sending rows."""

    kind: str  # of the bodies
    rows: int  # of a request
    content_type: str
    write: Callable[[pd.DataFrame], bytes]


@dataclass(frozen=True)
class Compared:
    """What came of one way with one model."""

    way: Way
    model: str
    differences: Floats  # (rows,), relative to the prediction; 0 where the bits are equal, infinite without an answer

    @property
    def equal(self) -> int:
        """How many answers are the build's predictions bit by bit."""
        return int((self.differences == 0).sum())


def verify(options: Options) -> int:
    """Compare, write the facts, and print what was compared and the times; return 0 if all is equal, otherwise 1."""
    options = check_served(options)
    project = load_project(options.name)
    service = load_service(Path(options.archive).read_bytes())
    rows, wanted = WANTED[service.rows](project, service)
    compared = []
    with (
        tempfile.TemporaryDirectory(prefix="sevenfold-") as state,
        running(replace(options, port=0, state=state, timeout=PATIENCE)) as server,
    ):
        for way in WAYS:
            for model in MODELS:
                started = time.perf_counter()
                compared.append(_compare(way, model, rows, wanted[model], server, service))
                _print(compared[-1], time.perf_counter() - started)
    facts = _facts(options, service, compared, len(rows))
    write_json(Layout(options.name).facts("serving"), facts)
    answers, equal = sum(len(one.differences) for one in compared), sum(one.equal for one in compared)
    said = f"all {answers:,} answers are" if equal == answers else f"only {equal:,} of {answers:,} answers are"
    sys.stdout.write(f"{Layout(options.name).facts('serving')}: {said} the build's predictions\n")
    return 0 if equal == answers else 1


def _predicted(project: Project, service: Service) -> tuple[pd.DataFrame, dict[str, Floats]]:
    """Return the raw test rows, and what answers should say by the predictions that the build wrote.

    By model, (rows, 1) or (rows, classes), on the user's scale.
    """
    path, table = Path(project.raw.path), load_table(project)
    check_identity(project, path)
    made = predictions_by_model(table, {step: load_predictions(project.name, step) for step in MODELS})
    rows = read_raw(path, project).iloc[table.frame["row_id"][table.tested]].reset_index(drop=True)
    shown = {model: service.terms[model].values(made[model][table.tested]) for model in MODELS}
    return rows, {model: one.reshape(len(one), -1) for model, one in shown.items()}


def _grouped(project: Project, service: Service) -> tuple[pd.DataFrame, dict[str, Floats]]:
    """Return the test rows, and what answers should say by groups that are made again of the training rows.

    By model, (rows, 4): prediction, group, the next one, and how surely.
    """
    from pipelines.models.grouped.whole import whole_models  # with what fits models, which no server needs
    from pipelines.serving.groups_archive import needed_rows

    path, table = Path(project.raw.path), load_table(project)
    check_identity(project, path)
    raw = read_raw(path, project) if project.entities is None else None
    rows = needed_rows(raw, table, project)[table.tested].reset_index(drop=True)
    made = whole_models(table, project, load_facts(project.name, ["strong"])["strong"])
    x = table.x[table.tested]
    return rows, {model: answers_of(made[model], x, service.terms[model]) for model in MODELS}


def _compare(
    way: Way, model: str, rows: pd.DataFrame, wanted: Floats, server: str, service: Service
) -> Compared:  # fmt: skip
    """Send all rows, and compare what comes back."""
    starts = range(0, len(rows), way.rows)
    bodies = [way.write(rows.iloc[start : start + way.rows]) for start in starts]
    with ThreadPoolExecutor(CLIENTS) as pool:
        shares = [bodies[place::CLIENTS] for place in range(CLIENTS)]
        sent = [pool.submit(_send, share, way.content_type, model, server) for share in shares if share]
        answers = [one.result() for one in sent]
    results = [result for place in range(len(bodies)) for result in answers[place % CLIENTS][place // CLIENTS]]
    found = np.full(wanted.shape, np.nan)
    for place, result in enumerate(results):
        if "error" not in result and "fallback" not in result:
            found[place] = service.compared(result)
    size = np.maximum(np.maximum(np.abs(found), np.abs(wanted)), np.finfo(float).tiny)
    apart = np.where(np.isnan(found), np.inf, np.abs(found - wanted) / size)
    return Compared(way, model, apart.max(axis=1))


def _send(bodies: Sequence[bytes], kind: str, model: str, server: str) -> list[list[Mapping[str, Any]]]:
    """Return the results of each body."""
    client = Client(server)
    return [client.post(f"/predict?model={model}", body, kind)["results"] for body in bodies]


def _json_rows(rows: pd.DataFrame) -> bytes:
    return orjson.dumps({"rows": list(_records(rows))})


def _records(rows: pd.DataFrame) -> Iterator[dict[str, object]]:
    """Yield each row as a client has it: by column, None where there is no value."""
    names = [str(name) for name in rows.columns]
    for cells in rows.itertuples(index=False, name=None):
        yield dict(zip(names, map(cell_of, cells), strict=True))


def _json_columns(rows: pd.DataFrame) -> bytes:
    columns = {str(name): [cell_of(cell) for cell in column.tolist()] for name, column in rows.items()}
    return orjson.dumps({"columns": columns})


WAYS = (
    Way("JSON rows", 1, JSON, _json_rows),
    Way("JSON rows", BATCH, JSON, _json_rows),
    Way("JSON columns", BATCH, JSON, _json_columns),
    Way("CSV", BATCH, CSV, lambda rows: rows.to_csv(index=False).encode()),
    Way("Parquet", BATCH, PARQUET[0], lambda rows: rows.to_parquet(index=False)),
)


WANTED: Mapping[str, Callable[[Project, Service], tuple[pd.DataFrame, dict[str, Floats]]]] = {
    "apart": _predicted,
    "grouped": _grouped,
}  # by `Target.rows`


def _print(one: Compared, seconds: float) -> None:
    """Print what was compared, and the times, which no file holds."""
    count = len(one.differences)
    sys.stdout.write(
        f"{one.model:<9} {one.way.kind:<13} {one.way.rows:>5,} rows a request: {one.equal:,} of {count:,} equal, "
        f"{seconds:.1f} s, {count / seconds:,.0f} rows/s\n"
    )
    sys.stdout.flush()


def _facts(options: Options, service: Service, compared: Sequence[Compared], rows: int) -> ServingFacts:
    fields = service.contract.fields
    facts: ServingFacts = {
        "project": options.name,
        "test_rows": rows,
        "batch_rows": BATCH,
        "models": [_model(model, [one for one in compared if one.model == model]) for model in MODELS],
        "columns": len(fields),
        "may_be_missing": sum(bool(one.column.missing) for one in fields),
        "archive_bytes": written_bytes(Path(options.archive).stat().st_size),
    }
    if service.rows == "grouped":
        facts["groups"] = _of_groups(service)
    return facts


def _of_groups(service: Service) -> list[ServedGroups]:
    """Return how many groups each model has, and what they score on the test rows."""
    known = service.schema["models"]
    return [
        {"name": model, "groups": len(known[model]["rows"]), "score": known[model]["score"], "ci": known[model]["ci"]}
        for model in MODELS
    ]


def _model(model: Literal["strong", "baseline"], found: Sequence[Compared]) -> ServedModel:
    batched = [one.differences for one in found if one.way.rows > 1]
    return {
        "name": model,
        "batched": _sent(np.max(batched, axis=0)),  # a row is equal if it is in every kind of body
        "single": _sent(next(one.differences for one in found if one.way.rows == 1)),
    }


def _sent(differences: Floats) -> Sent:
    return {"sent": len(differences), "equal": int((differences == 0).sum())}
