"""Small served projects of groups: of a file's rows or of entities made of lines, with an outcome or without one."""

import json
from functools import cache
from typing import Any, Literal

import numpy as np
import pandas as pd
from toy_grouped import OF_EVENTS, TEXT, changed, crowd, defined, events

from pipelines.core.project import Project, parse_project
from pipelines.core.table import Table
from pipelines.metrics import metric_of
from pipelines.models.grouped.grouped import GroupedModel
from pipelines.models.grouped.whole import whole_models
from pipelines.serving.archive import cell_of
from pipelines.serving.groups import GroupedService
from pipelines.serving.groups_archive import needed_rows, pack_groups
from pipelines.targets.arrays import Floats

Kind = Literal["rows", "rows, no outcome", "entities", "entities, no outcome"]
KINDS: tuple[Kind, ...] = ("rows", "rows, no outcome", "entities", "entities, no outcome")
ALONE = (('primary = "r2"', 'primary = "log_density"'),)
TITLED = ('units > 0"], unit = "CHF"', 'units > 0"], unit = "CHF", title = "money spent"')
TEXTS: dict[Kind, str] = {
    "rows": TEXT,
    "rows, no outcome": changed(
        ('outcome = "spent"\noutcome_scale = "log1p"\n', ""), ('describe = ["land"]', 'describe = ["land", "spent"]'),
        *ALONE,
    ),
    "entities": changed(TITLED, text=OF_EVENTS),
    "entities, no outcome": changed(
        ('outcome = "later"\n', ""), ('later = { take = "sum", of = "paid", after = true }\n', ""), *ALONE,
        text=OF_EVENTS,
    ),
}  # fmt: skip
CHOSEN = {"rows": "k_means", "rows, no outcome": "mixture_free", "entities": "k_means_whitened"}
SAYS = {"rows": "a gradient", "rows, no outcome": "nothing", "entities": "groups"}


def grouped_raw(kind: Kind) -> pd.DataFrame:
    """Return the raw frame, as the reader gives it."""
    return events() if kind.startswith("entities") else crowd()


@cache
def grouped_project(kind: Kind) -> Project:
    """Return the project."""
    return parse_project(TEXTS[kind], "crowd", "projects/crowd.toml")


@cache
def made(kind: Kind) -> Any:  # noqa: ANN401 - what step 1 makes
    """Return what step 1 makes."""
    return defined(grouped_raw(kind), TEXTS[kind])


def table_of(kind: Kind) -> Table:
    """Return the table, whose target knows what groups are compared with, as later steps read it."""
    table, clusters = made(kind).table, made(kind).facts["clusters"]
    return Table(table.frame, table.target.knowing(squares_errors=True, forecast=None, clusters=clusters))


def facts_of(kind: Kind) -> Any:  # noqa: ANN401 - of several steps, cut short
    """Return the facts that packing reads, in the shape of the steps'."""
    project, table = grouped_project(kind), table_of(kind)
    strong = {"chosen": CHOSEN.get(kind, "k_means"), "ensemble": {"kept": False, "weights": {}}, "models": []}
    model = whole_models(table, project, strong)["strong"]  # type: ignore[arg-type]
    rows = np.bincount(model.groups(table.x[table.trained]), minlength=model.gaussians.groups)
    metric = metric_of(project.metric)
    return {
        "define": json.loads(json.dumps(made(kind).facts)),
        "metric": {"margin": 0.01},
        "eda": {"columns": []},
        "strong": strong,
        "compare": {
            "metric": metric.name, "label": metric.label, "greater_is_better": True,
            "test_rows": int(table.tested.sum()),
        },
        "reflect": {
            "attribution": [{"factor": "scale", "gain": 0.1, "ci": [0.0, 0.2], "matters": True}],
            "groups": {
                "verdict": {"says": SAYS.get(kind, "a gradient"), "number": 2 * (kind == "entities"), "close": False},
                "profiles": [{"rows": int(one)} for one in rows],
            },
        },
    }  # fmt: skip


@cache
def grouped_models(kind: Kind) -> dict[str, GroupedModel]:
    """Return the groups of all training rows, made again: what answers are compared with."""
    return dict(whole_models(table_of(kind), grouped_project(kind), facts_of(kind)["strong"]))


@cache
def grouped_predictions(kind: Kind) -> dict[str, Floats]:
    """Return what the models of all training rows predict of all rows."""
    return {name: model.predict(table_of(kind).x) for name, model in grouped_models(kind).items()}


@cache
def packed_groups(kind: Kind) -> bytes:
    """Return the archive."""
    raw = None if kind.startswith("entities") else grouped_raw(kind)
    return pack_groups(raw, table_of(kind), grouped_project(kind), facts_of(kind), grouped_predictions(kind))


@cache
def served_groups(kind: Kind) -> GroupedService:
    """Return the service out of its archive."""
    return GroupedService.load(packed_groups(kind))


def client_rows(kind: Kind, *, tested: bool = True) -> list[dict[str, object]]:
    """Return the test rows, or the training rows, as a client has them."""
    table = table_of(kind)
    raw = None if kind.startswith("entities") else grouped_raw(kind)
    rows = needed_rows(raw, table, grouped_project(kind))[table.tested if tested else table.trained]
    names = [str(name) for name in rows.columns]
    return [dict(zip(names, map(cell_of, row), strict=True)) for row in rows.itertuples(index=False, name=None)]
