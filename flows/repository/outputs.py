"""What the two modelling steps write alike."""

from flows.repository.files import write_bytes, write_json
from flows.repository.frames import write_table
from flows.repository.layout import Layout
from pipelines.models.fit import Fit


def write_fit(layout: Layout, step: str, fit: Fit[object]) -> None:
    """Write the predictions, the archived models and the facts of `baseline` or `strong`."""
    write_table(layout.predictions(step), fit.predictions)
    write_bytes(layout.model(step), fit.model)
    write_json(layout.facts(step), fit.facts)
