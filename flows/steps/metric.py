"""Step 2: table in; what trivial predictions score in each metric out."""

from collections.abc import Mapping

from flows.repository.files import write_json
from flows.repository.layout import Layout
from flows.repository.projects import load_project
from flows.repository.tables import load_table
from pipelines.core.submit import Submit
from pipelines.metric import metric


def run(name: str, submit: Submit) -> Mapping[str, object]:
    """Write the facts; return them."""
    project = load_project(name)
    facts = metric(load_table(project), project, submit)
    write_json(Layout(name).facts("metric"), facts)
    return facts
