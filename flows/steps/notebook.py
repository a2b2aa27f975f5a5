"""The notebook of one project: facts, answer, table and models in; the notebook with what its cells print out.

Its cells read the files themselves, as a reader's would, so they are run here and not on a cluster.
"""

from collections.abc import Mapping

from flows.repository import tables
from flows.repository.earlier import load_facts, load_model, made_by
from flows.repository.files import read_json, write_text
from flows.repository.layout import Layout
from flows.repository.projects import load_project
from pipelines.core.steps import SEVEN
from pipelines.core.submit import Submit
from pipelines.inference.verdict import verdict
from pipelines.metrics import metric_of
from pipelines.models.fit import predictions_by_model
from pipelines.models.saving.archive import load
from pipelines.report.notebook.execute import execute
from pipelines.report.notebook.notebook import make_notebook

# What the cells import: DVC's dependencies are read off the imports of this module, and a test compares.
CELLS_CALL = (tables, load_model, load_project, verdict, metric_of, predictions_by_model, load)


def run(name: str, submit: Submit) -> Mapping[str, object]:
    """Write the notebook; return where it is."""
    import nbformat

    layout, facts = Layout(name), load_facts(name, SEVEN)
    facts["answer"] = read_json(made_by("report", layout.answer, name))
    made = submit(make_notebook, facts, name="write the cells").result()
    executed = submit(execute, made, name="run the cells").result()
    write_text(layout.notebook, nbformat.writes(executed))
    return {"notebook": str(layout.notebook)}
