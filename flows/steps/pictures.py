"""The pictures of one project's report: the facts of all steps in; SVG files out."""

from collections.abc import Mapping

from flows.repository.earlier import load_facts
from flows.repository.files import write_folder
from flows.repository.layout import Layout
from pipelines.core.steps import SEVEN
from pipelines.core.submit import Submit
from pipelines.report.pictures import draw_pictures


def run(name: str, submit: Submit) -> Mapping[str, object]:
    """Write the pictures; return their names."""
    pictures = submit(draw_pictures, load_facts(name, SEVEN), name="draw").result()
    write_folder(Layout(name).figures, pictures)
    return {"pictures": sorted(pictures)}
