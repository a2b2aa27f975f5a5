"""Step 6: predictions in; scores, intervals and the verdict out."""

from flows.plots import calibration_rows, metrics_summary, roc_rows
from flows.repository.earlier import load_facts
from flows.repository.files import Facts, write_json
from flows.repository.layout import Layout
from flows.repository.projects import load_project
from flows.repository.tables import load_predictions, load_table
from pipelines.compare import compare
from pipelines.core.submit import Submit


def run(name: str, submit: Submit) -> Facts:
    """Write the facts and what `dvc metrics` and `dvc plots` show; return the facts."""
    project, layout = load_project(name), Layout(name)
    earlier = load_facts(name, ["baseline", "strong", "metric"])
    facts = compare(
        load_table(project),
        project,
        load_predictions(name, "baseline"),
        load_predictions(name, "strong"),
        earlier["baseline"],
        earlier["strong"],
        earlier["metric"],
        submit,
    )
    write_json(layout.facts("compare"), facts)
    write_json(layout.metrics, metrics_summary(facts))
    write_json(layout.plot("calibration"), calibration_rows(facts))
    write_json(layout.plot("roc"), roc_rows(facts))
    return facts
