"""The report of one project: the facts of all steps in; Markdown, pictures and the overview's share out."""

from flows.earlier import load_facts
from flows.files import Facts, read_json, write_folder, write_json, write_text
from flows.layout import Layout
from pipelines.rendering.overview import summary
from pipelines.rendering.report import render_report
from pipelines.submit import Submit

STEPS = ("define", "metric", "eda", "baseline", "strong", "compare", "reflect")


def run(name: str, submit: Submit) -> Facts:
    """Write the report, its pictures and the summary; return the names of the pictures."""
    layout = Layout(name)
    facts = load_facts(name, STEPS)
    timings = layout.facts("timings")
    if timings.exists():  # measured on purpose, never by a rebuild
        facts["timings"] = read_json(timings)
    report = submit(render_report, facts, name="render").result()
    write_folder(layout.figures, report.figures)
    write_text(layout.report, report.markdown)
    write_json(layout.summary, summary(facts))
    return {"report": str(layout.report), "pictures": sorted(report.figures)}
