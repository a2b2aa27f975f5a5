"""The report of one project and the pages beside it: the facts of all steps in; the answer, pages, a summary out."""

from collections.abc import Mapping

from flows.repository.earlier import load_facts, made_by
from flows.repository.files import read_json, write_json, write_text
from flows.repository.layout import Layout
from flows.repository.projects import load_project
from pipelines.answer.answer import answered
from pipelines.core.steps import MEASURED, SEVEN
from pipelines.core.submit import Submit
from pipelines.core.titles import titles
from pipelines.report.pages.overview import summary
from pipelines.report.pages.report import BESIDE, render_beside, render_report


def run(name: str, submit: Submit) -> Mapping[str, object]:
    """Write the answer, the pages and the summary; return where the report is and which pictures it shows."""
    layout = Layout(name)
    facts = load_facts(name, SEVEN)
    for measured in MEASURED:
        if layout.facts(measured).exists():
            facts[measured] = read_json(layout.facts(measured))  # type: ignore[literal-required]
    facts = answered(facts, titles(load_project(name)))
    write_json(layout.answer, facts["answer"])
    facts["answer"] = read_json(layout.answer)  # as every later reader has it, with the digits that files have
    report = submit(render_report, facts, name="render").result()
    for picture in report.pictures:
        made_by("pictures", layout.figures / f"{picture}.svg", name)
    beside = {page: submit(render_beside, page, facts, name=f"render {page}") for page in BESIDE}
    for page, work in beside.items():
        write_text(layout.beside(page), work.result())
    write_text(layout.report, report.markdown)
    write_json(layout.summary, summary(facts))
    return {"report": str(layout.report), "pictures": list(report.pictures)}
