"""Step 7: everything before in; the causes of the difference and the repaired baseline out."""

from collections.abc import Mapping

from flows.dvc.plots import attribution_rows
from flows.repository.earlier import load_facts, load_model
from flows.repository.files import write_bytes, write_json
from flows.repository.layout import Layout
from flows.repository.projects import load_project
from flows.repository.tables import load_predictions, load_table
from pipelines.core.steps import SEVEN
from pipelines.core.submit import Submit
from pipelines.reflect import reflect


def run(name: str, submit: Submit) -> Mapping[str, object]:
    """Write the facts, the repaired baseline and what `dvc plots` shows; return the facts."""
    project, layout = load_project(name), Layout(name)
    facts = load_facts(name, SEVEN[: SEVEN.index("reflect")])
    predictions = {step: load_predictions(name, step) for step in ("baseline", "strong")}
    reflected = reflect(load_table(project), project, predictions, load_model(name, "strong"), facts, submit)
    write_bytes(layout.model("repaired"), reflected.repaired)
    write_json(layout.facts("reflect"), reflected.facts)
    write_json(layout.plot("attribution"), attribution_rows(reflected.facts))
    return reflected.facts
