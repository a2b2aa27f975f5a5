"""The kinds of input as a table of docs/project-file.md."""

from pipelines.inputs import INPUTS


def render_inputs() -> str:
    """Return a Markdown table: each type with what its cells hold and what models see of them."""
    head = ["| `type` | cells | models see |", "|---|---|---|"]
    rows = [f"| `{name}` | {one.cells} | {one.features_are} |" for name, one in INPUTS.items()]
    return "\n".join(head + rows) + "\n"
