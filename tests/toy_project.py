"""The project file that tests build theirs from: a test names the sections that it is about, the rest is given."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.core.project import Project

COLUMNS = 'x = { type = "number" }\ny = { type = "number" }'


def project_text(
    task: str = "binary",
    *,
    question: str = "Which rows?",
    decision: str = "What to do with them",
    target: str = "y",
    positive: str = "1",
    problem: str = "",
    source: str = 'file = "data/raw/small.csv"',
    columns: str = COLUMNS,
    split: str = 'kind = "random"',
    metric: str = "",
    effort: str = "",
) -> str:
    """Return a project file.

    Question, decision and target are texts; all else is TOML: `positive` a value, which stands there for two classes
    alone, `problem` further lines of its section, the others their section's lines. Without `metric` it is the one
    that suits the task, with a margin of 0.01; without `effort` there is no such section.
    """
    from pipelines.targets import TARGETS

    event = f"positive = {positive}" if "event" in TARGETS[task].can else ""
    lines = [
        "\n[problem]", f"question = {quoted(question)}", f"decision = {quoted(decision)}",
        f'task = "{task}"', f"target = {quoted(target)}", event, problem,
        "[source]", source, "[columns]", columns, "[split]", split,
        "[metric]", metric or of_metric(usual_metric(task)), effort and f"[effort]\n{effort}",
    ]  # fmt: skip
    return "\n".join(line for line in lines if line) + "\n"


def toy_project(task: str = "binary", *, name: str = "small", **sections: str) -> "Project":
    """Return the project of that name whose file is `project_text` of the same arguments."""
    from pipelines.core.project import parse_project  # not before conftest.py has set the number of threads

    return parse_project(project_text(task, **sections), name, f"projects/{name}.toml")


def usual_metric(task: str) -> str:
    """Return the first of the metrics that are offered for the task."""
    from pipelines.metrics import metrics_for

    return metrics_for(task)[0].name


def of_metric(primary: str, margin: float = 0.01, *more: str) -> str:
    """Return the lines of [metric]."""
    return "\n".join([f'primary = "{primary}"', f"margin = {margin}", *more])


def quoted(text: str) -> str:
    """Return the text as a TOML string."""
    plain = {'"': '\\"', "\\": "\\\\"}
    return '"' + "".join(plain.get(c, c if c.isprintable() else f"\\U{ord(c):08x}") for c in text) + '"'
