"""Step 6: predictions and models in; scores, intervals, the verdict, and what further fits tell out."""

from flows.dvc.plots import calibration_rows, metrics_summary, roc_rows
from flows.repository.earlier import load_facts, load_model
from flows.repository.files import Facts, write_json
from flows.repository.layout import Layout
from flows.repository.projects import load_project
from flows.repository.tables import load_predictions, load_table
from pipelines.compare import compare
from pipelines.comparison.complexity import complexity
from pipelines.comparison.refits import refit
from pipelines.core.submit import Submit

MODELLING = ("baseline", "strong")


def run(name: str, submit: Submit) -> Facts:
    """Write the facts and what `dvc metrics` and `dvc plots` show; return the facts."""
    project, layout = load_project(name), Layout(name)
    earlier = load_facts(name, ["baseline", "strong", "metric"])
    table = load_table(project)
    baseline, strong = earlier["baseline"], earlier["strong"]
    predictions = {step: load_predictions(name, step) for step in MODELLING}
    archives = {step: load_model(name, step) for step in MODELLING}
    facts = compare(
        table, project, predictions["baseline"], predictions["strong"], baseline, strong, earlier["metric"], submit
    )
    facts |= refit(table, project, baseline, strong, predictions, archives, submit)
    facts["complexity"] = complexity(facts, strong, {step: len(content) for step, content in archives.items()})
    write_json(layout.facts("compare"), facts)
    write_json(layout.metrics, metrics_summary(facts))
    write_json(layout.plot("calibration"), calibration_rows(facts))
    write_json(layout.plot("roc"), roc_rows(facts))
    return facts
