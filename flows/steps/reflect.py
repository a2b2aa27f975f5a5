"""Step 7: everything before in; the causes of the difference, the repaired baseline and the ladder's rungs out."""

from collections.abc import Mapping

from flows.dvc.plots import attribution_rows
from flows.repository.earlier import load_facts, load_model
from flows.repository.files import write_bytes, write_json
from flows.repository.layout import Layout
from flows.repository.projects import load_project
from flows.repository.tables import load_controls, load_predictions, load_table
from pipelines.core.steps import SEVEN
from pipelines.core.submit import Submit
from pipelines.reflect import reflect


def run(name: str, submit: Submit) -> Mapping[str, object]:
    """Write the facts, the repaired baseline, the rungs and what `dvc plots` shows; return the facts."""
    project, layout = load_project(name), Layout(name)
    facts = load_facts(name, SEVEN[: SEVEN.index("reflect")])
    predictions = {step: load_predictions(name, step) for step in ("baseline", "strong")}
    table, changed, strong = load_table(project), load_controls(project), load_model(name, "strong")
    reflected = reflect(table, project, predictions, strong, facts, submit, changed)
    write_bytes(layout.model("repaired"), reflected.repaired)
    write_bytes(layout.model("rungs"), reflected.rungs)
    write_json(layout.facts("reflect"), reflected.facts)
    write_json(layout.plot("attribution"), attribution_rows(reflected.facts))
    return reflected.facts
