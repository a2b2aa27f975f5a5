"""The archive of groups: the groups of all training rows, what a row needs, and a test of itself."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from pipelines.core.errors import InputError
from pipelines.core.project import Project
from pipelines.core.steady import steady
from pipelines.core.table import TEST, Table
from pipelines.facts.steps import Facts
from pipelines.inference.bootstrap import Replicates, replicates
from pipelines.inference.truth import Truth
from pipelines.inputs import Integer, Number
from pipelines.metrics import metric_of
from pipelines.models.folds import CrossFit, FoldFit
from pipelines.models.grouped.grouped import GroupedModel
from pipelines.models.grouped.whole import whole_models
from pipelines.models.saving.archive import save, training_sha256
from pipelines.models.saving.zip import pack
from pipelines.serving.archive import FORMAT, PARITY_ROWS, as_json, causes_of, cell_of, example_of, sections_of
from pipelines.serving.drift_reference import Reference, reference
from pipelines.serving.groups import GroupedService, counted, group_contract
from pipelines.serving.groups_model import GroupPredictor
from pipelines.targets.arrays import Floats

STRONG, BASELINE = "strong", "baseline"


def pack_groups(
    raw: pd.DataFrame | None, table: Table, project: Project, facts: Facts, predictions: Mapping[str, Floats]
) -> bytes:
    """Return the archive of groups; equal builds give equal bytes.

    `raw` is the raw file as read; None where its lines are made into entities. `predictions` are those of steps 4 and
    5, by model, of all rows of the table. Raises InputError where the groups are others than those that step 6 scored
    and step 7 describes.
    """
    made = whole_models(table, project, facts["strong"])
    check_described(made[STRONG], table, facts)
    saved = {name: _saved(name, model, table, project) for name, model in made.items()}
    models = {name: GroupPredictor.load(content) for name, content in saved.items()}
    tested = {name: model.model.predict(table.x[table.tested]) for name, model in models.items()}
    check_scored(tested, {name: predictions[name][table.tested] for name in tested})
    scores = replicates(
        Truth.of(table, table.tested, metric_of(project.metric), project.seed), tested, pairs=[(BASELINE, STRONG)]
    )
    rows = needed_rows(raw, table, project)
    verdict = facts["reflect"]["groups"]["verdict"]
    schema = {
        "format": FORMAT,
        "rows": GroupedService.rows,
        "project": {"name": project.name} | sections_of(project),
        "labels": [],
        "models": {name: _known(name, model, table, scores) for name, model in models.items()},
        "groups": {key: verdict[key] for key in ("says", "number", "close")},
        "fields": _fields(rows, table, project),
        "metric": _metric(project, facts, scores),
        "training": {"rows": int(table.trained.sum()), "sha256": training_sha256(table)},
        "source": {key: facts["define"]["source"][key] for key in ("kind", "package", "member", "sha256")},
        "causes": causes_of(facts),
    }
    files = {f"{name}.zip": content for name, content in saved.items()}
    files |= {"service.json": as_json(schema), "parity.json": as_json(_parity(rows, table, models))}
    return pack(files | watched_reference(table, project, facts, models, tested).to_files(), compress=True)


def needed_rows(raw: pd.DataFrame | None, table: Table, project: Project) -> pd.DataFrame:
    """Return the rows of the table as a client has them: columns of the raw file, or of the entities that it made."""
    fields = group_contract(project).fields
    if raw is not None:
        return raw.iloc[table.frame["row_id"]][[one.name for one in fields]].reset_index(drop=True)
    return pd.DataFrame({
        one.name: np.array([_written(value, one.column.type) for value in table.frame[one.name].tolist()])
        for one in fields
    })  # fmt: skip


def _written(value: float, kind: str = Number.name) -> float | int:
    """Return a number that step 1 made, as one would write it: with no more digits than make it again."""
    if kind == Integer.name:
        return int(value)
    written = (float(f"{value:.{digits}g}") for digits in range(1, 17))
    return next((one for one in written if float(steady(one)) == value), value)


def check_described(model: GroupedModel, table: Table, facts: Facts) -> None:
    """Raise InputError unless each group has as many training rows as step 7 says."""
    said = [one["rows"] for one in facts["reflect"]["groups"]["profiles"]]
    found = np.bincount(model.groups(table.x[table.trained]), minlength=model.gaussians.groups).tolist()
    if found != said:
        raise InputError(
            f"groups of {', '.join(map(str, found))} training rows",
            where="the groups to be served",
            allowed=f"those of step 7, of {', '.join(map(str, said))} rows",
            todo="run `dvc repro` again: steps 5 and 7 are of other code or other rows than this one",
        )


def check_scored(tested: Mapping[str, Floats], scored: Mapping[str, Floats]) -> None:
    """Raise InputError unless the predictions of test rows are, bit by bit, those that step 6 scored."""
    for name, found in tested.items():
        if differ := int((found != scored[name]).sum()):
            raise InputError(
                f"groups whose predictions differ from those of step 6 in {differ:,} of {len(found):,} test rows",
                where=f"the groups to be served, model {name}",
                allowed="the groups of all training rows that step 6 scored",
                todo="run `dvc repro` again: steps 4, 5 and 7 are of other code or other rows than this one",
            )


def watched_reference(
    table: Table, project: Project, facts: Facts, models: Mapping[str, GroupPredictor], tested: Mapping[str, Floats]
) -> Reference:
    """Return what drift is judged by: columns, groups and densities of the test rows, and their predictions.

    Causes of step 7 are not watched: of groups they are ways to scale and to cut, which rest on no single column.
    """
    beside = counted(models[STRONG], table.x)
    named = {name: pd.Categorical(one) if isinstance(one, pd.Series) else one for name, one in beside.items()}
    placed = {name: pd.Series(one, table.frame.index) for name, one in named.items()}
    more = Table(table.frame.assign(**placed), table.target)
    return reference(more, facts, tested, metric_of(project.metric), project.seed, causes=False)


def _saved(name: str, model: GroupedModel, table: Table, project: Project) -> bytes:
    """Return the archive of a model of all training rows."""
    nothing = np.empty(0)
    return save(CrossFit(name, nothing, (FoldFit(TEST, nothing, nothing, model),)), table, project)


def _known(name: str, predictor: GroupPredictor, table: Table, scores: Replicates) -> dict[str, Any]:
    """Return what is known of a model's groups: its score on the test rows, and what their training rows hold."""
    x, score = table.x[table.trained], scores.score(name)
    placed = predictor.placed(x)
    groups = range(1, placed.belonging.shape[1] + 1)
    return {
        "score": score.value,
        "ci": list(score.ci),
        "threshold": None,
        "interval": None,
        "rows": [int((placed.number == group).sum()) for group in groups],
        "medians": {
            column: [_median(x[column].to_numpy(np.float64)[placed.number == group]) for group in groups]
            for column in table.features
        },
        "density": [float(placed.density.min()), float(placed.density.max())],
    }


def _median(values: Floats) -> float | None:
    return float(np.median(values)) if len(values) else None


def _fields(rows: pd.DataFrame, table: Table, project: Project) -> dict[str, dict[str, Any]]:
    """Return what the training rows held of each column, and an example's cell."""
    training, example = table.frame[table.trained], example_of(table)
    made = (lambda value: float(_written(value))) if project.entities is not None else float
    return {
        name: {
            "example": cell_of(rows[name].iloc[example]), "low": made(training[name].min()),
            "high": made(training[name].max()),
        }
        for name in group_contract(project).names
    }  # fmt: skip


def _metric(project: Project, facts: Facts, scores: Replicates) -> dict[str, Any]:
    compare, gain = facts["compare"], scores.gain(BASELINE, STRONG)
    return {
        "name": compare["metric"],
        "label": compare["label"],
        "greater_is_better": compare["greater_is_better"],
        "margin": project.metric.margin,
        "test_rows": compare["test_rows"],
        "difference": {"value": gain.value, "ci": list(gain.ci)},
    }


def _parity(rows: pd.DataFrame, table: Table, models: Mapping[str, GroupPredictor]) -> dict[str, Any]:
    """Return test rows, spread over the groups, with what the models make of them."""
    tested = np.flatnonzero(table.tested)
    number = models[STRONG].placed(table.x[table.tested]).number
    order = tested[np.argsort(number, kind="stable")]
    chosen = np.sort(order[np.unique(np.linspace(0, len(order) - 1, PARITY_ROWS).round().astype(int))])
    told: dict[str, Any] = {}
    for name, model in models.items():
        placed = model.placed(table.x.iloc[chosen])
        told[name] = placed.table(model.prediction(placed)).tolist()
    cells = rows.iloc[chosen].to_dict(orient="list")
    lines = [{str(name): cell_of(column[place]) for name, column in cells.items()} for place in range(len(chosen))]
    return {"rows": lines, "predictions": told}
