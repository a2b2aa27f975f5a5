"""Step 4: table in; predictions, models and facts of the baseline model out."""

from collections.abc import Mapping

from flows.repository.layout import Layout
from flows.repository.outputs import write_fit
from flows.repository.projects import load_project
from flows.repository.tables import load_table
from pipelines.baseline import baseline
from pipelines.core.submit import Submit


def run(name: str, submit: Submit) -> Mapping[str, object]:
    """Write the predictions, the models and the facts; return the facts."""
    project = load_project(name)
    fit = baseline(load_table(project), project, submit)
    write_fit(Layout(name), "baseline", fit)
    return fit.facts
