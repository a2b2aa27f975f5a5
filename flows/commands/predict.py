"""`sevenfold predict`: what a built project's model answers to the rows of a file, or the next steps of its series."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from flows.commands.given import check_file
from flows.reading.cells import Wanted
from flows.reading.raw import read_raw, read_table
from flows.repository.earlier import load_model
from flows.repository.files import replacing
from flows.repository.names import check_name
from flows.repository.projects import load_project, project_names
from pipelines.core.errors import InputError, quote
from pipelines.serving.ahead import Forecasts
from pipelines.serving.archive import cell_of
from pipelines.serving.contract import Contract
from pipelines.serving.kinds import load_service
from pipelines.serving.service import Answered
from pipelines.targets import TARGETS

SHOWN = 3  # rows without an answer that are named
OUTS = (".csv", ".jsonl", ".parquet")


@dataclass(frozen=True)
class AskedFor:
    """What the command line says."""

    data: Path
    out: Path | None = None
    model: str = "strong"
    strict: bool = False
    ahead: Path | None = None
    until: str | None = None


def predict(name: str, asked: AskedFor) -> int:
    """Write one answer a row of the file, or the next steps of each series; return the exit status.

    Rows without an answer say why in columns of their own, and are counted on stderr; if no row has one, the status
    is 2. Raises InputError where the file cannot be read, or lacks what every row needs.
    """
    check_name(name, project_names(), what="project", where="projects/")
    if asked.out is not None and asked.out.suffix.lower() not in OUTS:
        raise InputError(
            f"cannot write a file of kind {quote(asked.out.suffix)}",
            where=f"--out {asked.out}",
            allowed=", ".join(OUTS),
            todo="give it one of these suffixes",
        )
    check_file(asked.data)
    if asked.ahead is not None:
        check_file(asked.ahead, "--ahead")
    content = load_model(name, "service")
    rows = TARGETS[load_project(name).problem.task].rows
    found, status = ANSWERS[rows](name, content, asked)
    _write(found, asked.out)
    return status


def cells_of_file(path: Path, contract: Contract) -> tuple[dict[str, Any], int]:
    """Return the cells of a table of any kind that can be read, by column, and the number of its rows.

    Cells are as the file has them, each by itself; what holds no value is decided by the contract.
    """
    textual = frozenset(one.name for one in contract.fields if one.textual)
    frame = read_table(path, Wanted(text=textual, as_written=True))
    cells = {str(name): [cell_of(cell) for cell in frame[name].tolist()] for name in frame.columns}
    texts: dict[str, Any] = {name: column for name, column in cells.items() if frame[name].dtype == "str"}
    return cells | contract.of_text(texts), len(frame)


def _of_rows(name: str, content: bytes, asked: AskedFor) -> tuple[pd.DataFrame, int]:
    """Return the answers of rows that stand by themselves."""
    if asked.ahead is not None or asked.until is not None:
        raise InputError(
            "--ahead or --until is given, and the project makes no forecast",
            where=f"project {name}",
            allowed="these for forecasts that add up events",
            todo="leave them out",
        )
    service = load_service(content)
    cells, rows = cells_of_file(asked.data, service.contract)
    unknown = service.contract.undeclared(cells)
    if asked.strict and unknown:
        raise InputError(
            f"the column {quote(unknown[0])} is not one of the project's",
            where=str(asked.data),
            allowed=", ".join(service.contract.names),
            todo="remove it, or leave out --strict",
        )
    answered = service.answer(cells, rows, model=asked.model)
    bad = [place for place, one in enumerate(answered.results) if "error" in one]
    _tell(answered, bad, rows)
    return pd.DataFrame([_flat(one) for one in answered.results]), 2 if len(bad) == rows else 0


def _ahead(name: str, content: bytes, asked: AskedFor) -> tuple[pd.DataFrame, int]:
    """Return the next steps of each series."""
    forecasts = Forecasts.load(content)
    if asked.model not in forecasts.models:
        raise InputError(
            f"no model {quote(asked.model)}",
            where="--model",
            allowed=", ".join(forecasts.models),
            todo="name one of these, or leave it out",
        )
    history = read_raw(asked.data, load_project(name))
    until = None if asked.until is None else _moment(asked.until)
    return forecasts.ahead(history, model=asked.model, ahead=_known_ahead(asked, forecasts), until=until), 0


def _known_ahead(asked: AskedFor, forecasts: Forecasts) -> pd.DataFrame | None:
    """Return what is known of the steps to come."""
    if asked.ahead is None:
        return None
    section = forecasts.project.asked_forecast
    frame = read_table(asked.ahead, Wanted(text=frozenset([section.time, *section.series])))
    if section.time in frame.columns:
        moments = pd.to_datetime(frame[section.time], errors="coerce", format="ISO8601")
        if moments.isna().any():
            row = int(np.flatnonzero(moments.isna())[0])
            raise InputError(
                f"row {row} of column {quote(section.time)} is {quote(frame[section.time].iloc[row])}",
                where=str(asked.ahead),
                allowed="moments as 2014-05-02 or 2014-05-02 13:00",
                todo="write them so",
            )
        frame = frame.assign(**{section.time: moments})
    return frame


def _moment(text: str) -> np.datetime64:
    """Return the moment that --until gives."""
    try:
        return np.datetime64(pd.Timestamp(text), "s")
    except ValueError:
        raise InputError(
            f"--until is {quote(text)}", where="--until", allowed="a moment as 2014-05-02", todo="write it so"
        ) from None


def _flat(result: Mapping[str, Any]) -> dict[str, Any]:
    """Return a result as the cells of one row."""
    if "error" in result:
        return {"prediction": None} | {f"error_{key}": value for key, value in result["error"].items()}
    flat: dict[str, Any] = {"prediction": result["prediction"]}
    if result["interval"] is not None:
        flat |= {"low": result["interval"]["low"], "high": result["interval"]["high"]}
    if result["decision"] is not None:
        flat |= {"act": result["decision"]["act"]}
    if result["expected_cost"] is not None:
        flat |= {"expected_cost": result["expected_cost"]}
    if "group" in result:
        flat |= {"group": result["group"]["number"], "sure": result["group"]["sure"], "next": result["group"]["next"]}
    flat |= {f"probability of {label}": one for label, one in result.get("probabilities", {}).items()}
    return flat | ({"notes": "; ".join(result["notes"])} if "notes" in result else {})


def _tell(answered: Answered, bad: list[int], rows: int) -> None:
    """Say on stderr which columns nothing needs, and which rows have no answer."""
    if answered.ignored:
        sys.stderr.write(f"not needed: {', '.join(map(quote, answered.ignored))}\n")
    if bad:
        sys.stderr.write(f"{len(bad):,} of {rows:,} rows have no answer; the first:\n")
    for place in bad[:SHOWN]:
        error = answered.results[place]["error"]
        sys.stderr.write(f"  row {place}, {quote(error['field'])}: {error['found']}; allowed: {error['allowed']}\n")


def _write(found: pd.DataFrame, out: Path | None) -> None:
    """Write the answers to the file, or as CSV to stdout."""
    if out is None:
        sys.stdout.write(found.to_csv(index=False))
        return
    kind = out.suffix.lower()
    with replacing(out) as file:
        if kind == ".parquet":
            found.to_parquet(file, engine="pyarrow", index=False)
        elif kind == ".jsonl":
            found.to_json(file, orient="records", lines=True, date_format="iso", double_precision=15)
        else:
            found.to_csv(file, index=False)
    sys.stderr.write(f"{len(found):,} rows written to {out}\n")


ANSWERS: Mapping[str, Callable[[str, bytes, AskedFor], tuple[pd.DataFrame, int]]] = {
    "apart": _of_rows,
    "series": _ahead,
    "grouped": _of_rows,
}
