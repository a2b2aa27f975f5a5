"""Step 6: predictions and models in; scores, intervals, the verdict, and what further fits show out."""

from collections.abc import Mapping

from flows.dvc.plots import calibration_rows, metrics_summary, roc_rows
from flows.repository.earlier import load_facts, load_model
from flows.repository.files import write_json
from flows.repository.layout import Layout
from flows.repository.projects import load_project
from flows.repository.tables import load_predictions, load_table
from pipelines.compare import MODELLING, compare
from pipelines.core.submit import Submit


def run(name: str, submit: Submit) -> Mapping[str, object]:
    """Write the facts and what `dvc metrics` and `dvc plots` show; return the facts."""
    project, layout = load_project(name), Layout(name)
    earlier = load_facts(name, ["define", "metric", *MODELLING])
    predictions = {step: load_predictions(name, step) for step in MODELLING}
    models = {step: load_model(name, step) for step in MODELLING}
    facts = compare(load_table(project), project, predictions, models, earlier, submit)
    write_json(layout.facts("compare"), facts)
    write_json(layout.metrics, metrics_summary(facts))
    write_json(layout.plot("calibration"), calibration_rows(facts))
    write_json(layout.plot("roc"), roc_rows(facts))
    return facts
