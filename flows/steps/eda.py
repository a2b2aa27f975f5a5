"""Step 3: table in; description of the columns and hypotheses out."""

from collections.abc import Mapping

from flows.repository.earlier import load_facts
from flows.repository.files import write_json
from flows.repository.layout import Layout
from flows.repository.projects import load_project
from flows.repository.tables import load_table
from pipelines.core.submit import Submit
from pipelines.eda import eda


def run(name: str, submit: Submit) -> Mapping[str, object]:
    """Write the facts; return them."""
    project = load_project(name)
    facts = eda(load_table(project), project, load_facts(name, ["define"])["define"], submit)
    write_json(Layout(name).facts("eda"), facts)
    return facts
