"""What serving needs, in one file: raw file, table, models, predictions and facts in; the archive out."""

from collections.abc import Callable, Mapping
from pathlib import Path

from flows.reading.identity import check_identity
from flows.reading.raw import read_raw
from flows.repository.earlier import load_facts, load_model
from flows.repository.encoder import text_files
from flows.repository.files import write_bytes
from flows.repository.layout import Layout
from flows.repository.projects import load_project
from flows.repository.tables import load_predictions, load_table
from pipelines.core.project import Project
from pipelines.core.steps import SEVEN
from pipelines.core.submit import Submit
from pipelines.facts.steps import Facts
from pipelines.metrics import metric_of
from pipelines.models.fit import predictions_by_model
from pipelines.models.saving.archive import load
from pipelines.serving.ahead import pack_forecast
from pipelines.serving.archive import pack_service
from pipelines.serving.drift_reference import reference
from pipelines.serving.groups_archive import pack_groups
from pipelines.targets import TARGETS

SERVED = ("strong", "baseline")  # and the repaired baseline, where it is another model


def run(name: str, submit: Submit) -> Mapping[str, object]:
    """Write the archive; return where it is."""
    project, layout = load_project(name), Layout(name)
    facts = load_facts(name, SEVEN)
    packed = submit(PACKED[TARGETS[project.problem.task].rows], project, facts, name="pack").result()
    write_bytes(layout.model("service"), packed)
    return {"archive": str(layout.model("service"))}


def _apart(project: Project, facts: Facts) -> bytes:
    """Return the archive of rows that stand by themselves."""
    path, table = Path(project.raw.path), load_table(project)
    check_identity(project, path)
    repaired = () if facts["reflect"]["repaired"] is None else ("repaired",)
    models = {model: load_model(project.name, model) for model in (*SERVED, *repaired)}
    made = predictions_by_model(table, {step: load_predictions(project.name, step) for step in SERVED})
    predictions = {model: made[model] for model in SERVED}
    tested = {model: made[model][table.tested] for model in SERVED}
    tested |= {model: load(models[model]).predict(table.told[table.tested]) for model in repaired}
    watched = reference(table, facts, tested, metric_of(project.metric), project.seed)
    more = {"rungs.zip": load_model(project.name, "rungs")} | watched.to_files() | text_files(project, facts)
    return pack_service(read_raw(path, project), table, project, facts, models, predictions, more)


def _series(project: Project, facts: Facts) -> bytes:
    """Return the archive of forecasts."""
    return pack_forecast(project, facts, {model: load_model(project.name, model) for model in SERVED})


def _grouped(project: Project, facts: Facts) -> bytes:
    """Return the archive of groups."""
    path, table = Path(project.raw.path), load_table(project)
    check_identity(project, path)
    raw = read_raw(path, project) if project.entities is None else None
    made = predictions_by_model(table, {step: load_predictions(project.name, step) for step in SERVED})
    return pack_groups(raw, table, project, facts, made)


PACKED: Mapping[str, Callable[[Project, Facts], bytes]] = {"apart": _apart, "series": _series, "grouped": _grouped}
