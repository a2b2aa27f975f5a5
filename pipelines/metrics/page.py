"""The metrics as a table of docs/project-file.md."""

import re

from pipelines.metrics import METRICS, Metric


def render_metrics() -> str:
    """Return a Markdown table: each metric with the tasks that it is for, its parameters, and what it asks."""
    head = ["| `primary` | `task` | what it asks |", "|---|---|---|"]
    rows = [
        f"| `{metric.name}` | {', '.join(f'`{target}`' for target in metric.targets)} | {_asks(metric)} |"
        for metric in METRICS.values()
    ]
    return "\n".join(head + rows) + "\n"


def _asks(metric: Metric) -> str:
    parts = [f"{metric.label}. {metric.why}"]
    if metric.why_several:
        parts.append(f"Several classes: {metric.why_several}")
    if metric.relative:
        parts.append("It needs a target that is never 0.")
    parts += [
        f"Needs `{one.name}`, a number from {one.low:g} to {one.high:g}: {one.means}." for one in metric.parameters
    ]
    return re.sub(r"\{(\w+)[^}]*\}", r"`\1`", " ".join(part[:1].upper() + part[1:] for part in parts))
