"""One file with all that answering needs: the contract, the models, what their answers mean, and a test of itself.

`service.json` says what is served and what its answers mean; `baseline.zip`, `strong.zip` and `repaired.zip` are the
saved models, `parity.json` holds raw test rows with the predictions that the build made of them. Of texts there is what
makes numbers of them: `texts.zip`, and the encoder's files where one is used. No pickle is in it.
"""

import json
import zipfile
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from pipelines.core.errors import InputError, quote
from pipelines.core.project import Project
from pipelines.core.table import Table
from pipelines.facts.steps import Facts
from pipelines.models.saving.archive import load, training_sha256
from pipelines.models.saving.zip import pack, unpack
from pipelines.serving.answer import IntervalTerms
from pipelines.serving.contract import Contract
from pipelines.serving.effects import means_of
from pipelines.targets.arrays import Floats
from pipelines.texts.encodings import libraries_of

FORMAT = "sevenfold service 1"
NAMES = ("strong", "baseline", "repaired")  # of the models, that which answers by default first
PARITY_ROWS = 20
MEANS = "means.json"  # what linear models' terms are measured from
# That answering needs.
SECTIONS = {"problem", "source", "columns", "split", "forecast", "panel", "clusters", "entities", "metric"}


def pack_service(
    raw: pd.DataFrame, table: Table, project: Project, facts: Facts, models: Mapping[str, bytes],
    predictions: Mapping[str, Floats], more: Mapping[str, bytes] | None = None,
) -> bytes:  # fmt: skip
    """Return the archive of rows that stand by themselves; equal builds give equal bytes.

    `raw` is the raw file as read, `models` are the saved models by name, `predictions` those of the table's rows by
    model, (rows,) or (rows, classes) on the modelling scale, as the build wrote them; a model without some is asked
    here. `more` are files that only some services have.
    """
    schema = {
        "format": FORMAT,
        "rows": table.target.rows,
        "project": {"name": project.name} | sections_of(project),
        "labels": _labels(facts),
        "models": {name: _terms(name, facts) for name in models},
        "fields": _seen(raw, table, project),
        "metric": _metric(project, facts),
        "training": {"rows": int(table.trained.sum()), "sha256": training_sha256(table)},
        "source": {key: facts["define"]["source"][key] for key in ("kind", "package", "member", "sha256")},
        "causes": causes_of(facts),
    }
    if libraries := libraries_of(more or {}):
        schema["libraries"] = libraries
    files = {f"{name}.zip": content for name, content in models.items()}
    files |= {
        "service.json": as_json(schema),
        "parity.json": as_json(_parity(raw, table, project, models, predictions)),
    }
    files[MEANS] = as_json(means_of([load(content) for content in models.values()], table))
    return pack(files | dict(more or {}), compress=True)


def unpack_service(content: bytes) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Return service.json and the other files of an archive; raise InputError where the bytes are something else."""
    try:
        files = unpack(content)
        schema = json.loads(files.pop("service.json"))
        known = schema["format"] == FORMAT
    except (ValueError, KeyError, TypeError, zipfile.BadZipFile, RuntimeError) as error:
        raise unreadable(str(error)) from error
    if not known:
        raise unreadable(f"format {quote(schema['format'])}")
    return schema, files


def unreadable(found: str) -> InputError:
    """Return the error of bytes that are no archive of a service."""
    return InputError(
        f"not the archive of a service: {found}",
        where="service.zip",
        allowed=f"a zip whose service.json says format {FORMAT!r}",
        todo="rebuild it with `dvc repro`",
    )


def project_of(schema: Mapping[str, Any]) -> Project:
    """Return the project that an archive was made of, as far as answering needs it."""
    return Project.model_validate_json(json.dumps(schema["project"]))


def sections_of(project: Project) -> dict[str, Any]:
    """Return the sections that say how rows are read and what is asked, as a project file writes them."""
    dumped = project.model_dump(mode="json", exclude_unset=True, include=SECTIONS)
    declared, metric = dumped["columns"].pop("declared"), dumped["metric"]
    return dumped | {"columns": dumped["columns"] | declared, "metric": metric | metric.pop("parameters", {})}


def _labels(facts: Facts) -> list[str]:
    """Return the names of the classes by their numbers; none of a number."""
    return [str(one["value"]) for one in facts["define"]["target_summary"].get("classes", [])]


def _terms(name: str, facts: Facts) -> dict[str, Any]:
    """Return what a model's answers mean, with what step 6 measured of them."""
    compare, repaired = facts["compare"], facts["reflect"]["repaired"]
    if name == "repaired" and repaired is not None:
        scored: Mapping[str, Any] = repaired
        decided: Mapping[str, Any] | None = repaired["threshold"]
    else:
        scored = next(one for one in compare["models"] if one["name"] == name)
        thresholds: Mapping[str, Any] = compare["threshold"] or {}
        decided = thresholds.get(name)
    return {
        "score": scored["score"],
        "ci": scored["ci"],
        "threshold": None if decided is None else decided["threshold"],
        "interval": _interval(name, facts),
    }


def _interval(name: str, facts: Facts) -> IntervalTerms | None:
    found = facts["compare"]["intervals"]
    levels = [] if found is None else [one["levels"] for one in found["models"] if one["model"] == name]
    for one in levels[0] if levels else []:
        if found is not None and one["level"] == found["shown_level"]:
            return {key: one[key] for key in IntervalTerms.__annotations__}  # type: ignore[return-value, literal-required]
    return None


def _metric(project: Project, facts: Facts) -> dict[str, Any]:
    compare = facts["compare"]
    return {
        "name": compare["metric"],
        "label": compare["label"],
        "greater_is_better": compare["greater_is_better"],
        "margin": project.metric.margin,
        "test_rows": compare["test_rows"],
        "difference": {key: compare["difference"][key] for key in ("value", "ci", "verdict")},
    }


def _seen(raw: pd.DataFrame, table: Table, project: Project) -> dict[str, dict[str, Any]]:
    """Return what the training rows held of each column: ends of numbers and levels, and an example's cell."""
    rows, training = raw.iloc[table.frame["row_id"]], table.frame[table.trained]
    example = rows.iloc[example_of(table)]
    found: dict[str, dict[str, Any]] = {}
    for one in Contract.of(project).fields:
        seen: dict[str, Any] = {"example": cell_of(example[one.name])}
        if one.name in table.features:
            column, kind = training[one.name], table.kinds[one.name]
            saved = kind.saved(column)
            if "levels" in saved:
                seen["levels"] = saved["levels"]
            elif column.notna().any():
                seen |= {"low": float(column.min()), "high": float(column.max())}
        if one.name in table.texts:
            seen["longest"] = int(rows[one.name].dropna().astype("str").str.len().max())
        found[one.name] = seen
    return found


def example_of(table: Table) -> int:
    """Return the place of an ordinary row: a training row whose features are most often near their medians."""
    near = np.zeros(len(table.frame))
    for name in table.numeric:
        ranks = table.frame[name].rank(pct=True).fillna(1.0).to_numpy()
        near += np.abs(ranks - 0.5)
    for name in table.categorical:
        shares = table.frame[name].value_counts(normalize=True)
        near += 1 - table.frame[name].map(shares).astype(float).fillna(0.0).to_numpy()
    return int(np.argmin(np.where(table.trained, near, np.inf)))


def causes_of(facts: Facts) -> list[dict[str, Any]]:
    """Return the causes of step 7, in the ladder's order, with their gains."""
    keys = ("factor", "gain", "ci", "matters")
    return [{key: one[key] for key in keys} for one in facts["reflect"]["attribution"]]  # type: ignore[literal-required]


def _parity(
    raw: pd.DataFrame, table: Table, project: Project, models: Mapping[str, bytes], predictions: Mapping[str, Floats]
) -> dict[str, Any]:
    """Return raw test rows, spread over the first model's predictions, with the predictions of all models."""
    first = next(iter(predictions.values()))
    first = first if first.ndim == 1 else first.max(axis=1)
    tested = np.flatnonzero(table.tested)
    order = tested[np.argsort(first[tested], kind="stable")]
    chosen = np.sort(order[np.unique(np.linspace(0, len(order) - 1, PARITY_ROWS).round().astype(int))])
    cells = raw.iloc[table.frame["row_id"].to_numpy()[chosen]]
    return {
        "rows": [
            {name: cell_of(row[name]) for name in Contract.of(project).names} for row in cells.to_dict(orient="records")
        ],
        "predictions": {
            name: (
                predictions[name][chosen] if name in predictions else load(content).predict(table.told.iloc[chosen])
            ).tolist()
            for name, content in models.items()
        },
    }


def cell_of(cell: object) -> object:
    """Return a cell of the raw file as JSON has it."""
    if cell is None or (isinstance(cell, float) and np.isnan(cell)) or cell is pd.NA:
        return None
    return cell.item() if isinstance(cell, np.generic) else cell


def as_json(content: object) -> bytes:
    """Return a file of the archive."""
    return json.dumps(content, indent=1, allow_nan=False).encode()
