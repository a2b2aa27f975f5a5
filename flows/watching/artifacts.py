"""What the Prefect UI shows of a step: its section of the report, and its models as a table."""

from collections.abc import Mapping, Sequence
from typing import cast

from flows.repository.earlier import load_facts
from flows.repository.layout import Layout
from pipelines.core.steps import SEVEN
from pipelines.report.pages.of_step import render_section

COLUMNS = ("name", "role", "family", "score", "cv_mean", "cv_sd")


def section(step: str, project: str, facts: Mapping[str, object]) -> str:
    """Return the step's section in Markdown, the answer for `report`; else what the step returned as a table."""
    if step == "report":
        return opening(Layout(project).report.read_text(encoding="utf-8"))
    if step not in SEVEN:
        rows = [f"| {key} | {_cell(value)} |" for key, value in facts.items()]
        return "\n".join([f"# {step}", "", "| | |", "|---|---|", *rows])
    known = [known for known in SEVEN[: SEVEN.index(step) + 1] if Layout(project).facts(known).exists()]
    return render_section(step, load_facts(project, known))


def opening(report: str) -> str:
    """Return a report's first screen, without its picture, which the UI could not show."""
    blocks = report.partition("\n## ")[0].strip().split("\n\n")
    return "\n\n".join(block for block in blocks if not block.startswith("![")) + "\n"


def leaderboard(facts: Mapping[str, object]) -> list[dict[str, object]]:
    """Return one row a model with what is known of it, or no rows where the step has no models."""
    models = cast("Sequence[Mapping[str, object]]", facts.get("models") or [])
    return [{key: model[key] for key in COLUMNS if key in model} for model in models]


def _cell(value: object) -> str:
    text = ", ".join(str(item) for item in value) if isinstance(value, list) else str(value)
    return text.replace("|", "\\|")
