"""Step 2: table in; what each metric says of trivial predictions out."""

from flows.files import Facts, write_json
from flows.layout import Layout
from flows.projects import load_project
from flows.tables import load_table
from pipelines.metric import metric
from pipelines.submit import Submit


def run(name: str, submit: Submit) -> Facts:
    """Write the facts; return them."""
    project = load_project(name)
    facts = metric(load_table(project), project, submit)
    write_json(Layout(name).facts("metric"), facts)
    return facts
