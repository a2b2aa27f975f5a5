"""The page that compares all projects: their summaries in; Markdown and one picture out."""

from collections.abc import Mapping

from flows.repository.earlier import check_recorded
from flows.repository.files import read_json, write_folder, write_text
from flows.repository.layout import OVERVIEW, OVERVIEW_FIGURES, SUMMARIES, Layout
from pipelines.core.errors import InputError
from pipelines.core.submit import Submit
from pipelines.report.figures.overview import draw_overview
from pipelines.report.figures.style import to_svg
from pipelines.report.pages.overview import render_overview


def run(_name: str, submit: Submit) -> Mapping[str, object]:
    """Write the overview and its picture; return the names of the projects."""
    paths = [path for path in sorted(SUMMARIES.glob("*.json")) if Layout(path.stem).project_file.exists()]
    if not paths:
        raise InputError("no project has a report yet", where=f"{SUMMARIES}/", todo="run `dvc repro`")
    for path in paths:
        check_recorded("report", path, path.stem)
    summaries = [read_json(path) for path in paths]
    page = submit(render_overview, summaries, name="render").result()
    picture = submit(to_svg, draw_overview, summaries, name="draw").result()
    write_folder(OVERVIEW_FIGURES, {"overview.svg": picture})
    write_text(OVERVIEW, page.markdown)
    return {"report": str(OVERVIEW), "projects": [path.stem for path in paths]}
