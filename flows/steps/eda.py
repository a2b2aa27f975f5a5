"""Step 3: table in; description of the columns and hypotheses out."""

from flows.earlier import load_facts
from flows.files import Facts, write_json
from flows.layout import Layout
from flows.projects import load_project
from flows.tables import load_table
from pipelines.eda import eda
from pipelines.submit import Submit


def run(name: str, submit: Submit) -> Facts:
    """Write the facts; return them."""
    project = load_project(name)
    facts = eda(load_table(project), project, load_facts(name, ["define"])["define"], submit)
    write_json(Layout(name).facts("eda"), facts)
    return facts
