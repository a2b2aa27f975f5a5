"""Step 4: table in; predictions, models and facts of the baseline model out."""

from flows.files import Facts
from flows.inputs import load_project, load_table
from flows.layout import Layout
from flows.outputs import write_fit
from pipelines.baseline import baseline
from pipelines.submit import Submit


def run(name: str, submit: Submit) -> Facts:
    """Write the predictions, the models and the facts; return the facts."""
    project = load_project(name)
    fit = baseline(load_table(project), project, submit)
    write_fit(Layout(name), "baseline", fit)
    return fit.facts
