"""The overview of all projects: one row each, side by side, and where their differences come from."""

from collections.abc import Mapping, Sequence

from pipelines.rendering.numbers import Facts
from pipelines.rendering.pages import close, fill, open_page
from pipelines.rendering.report import Report

Summary = Mapping[str, Mapping[str, object]]

_KEPT: Mapping[str, tuple[str, ...]] = {
    "define": ("project", "question", "task", "target_scale", "rows", "split"),
    "metric": ("primary", "label", "greater_is_better", "margin", "cost"),
    "eda": ("drift", "duplicates"),
    "strong": ("chosen",),
    "compare": ("confidence", "greater_is_better", "test_rows", "models", "difference", "threshold"),
    "reflect": ("attribution", "signal", "leak_verdict", "leakage", "split_leaks", "controls"),
}  # what the overview and its caveats read; small, so that one project's rebuild re-renders it cheaply
_CLAIMS = ("main_reason", "other_reasons")


def summary(facts: Facts) -> dict[str, dict[str, object]]:
    """Return the subset of a project's facts that the overview reads, under the same steps and keys."""
    kept = {step: {key: facts[step][key] for key in keys if key in facts[step]} for step, keys in _KEPT.items()}
    threshold = kept["compare"].get("threshold")
    if isinstance(threshold, dict):
        kept["compare"]["threshold"] = {key: value for key, value in threshold.items() if key != "curve"}
    kept["reflect"]["claims"] = [one for one in facts["reflect"]["claims"] if one["id"] in _CLAIMS]  # type: ignore[attr-defined]
    return kept


def render_overview(summaries: Sequence[Summary]) -> Report:
    """Return the page that compares all projects, in the order given; its one picture is `figures/overview.py`'s.

    Raises BindingError on a number that no fact backs.
    """
    pages = [open_page(facts, pictures=True) for facts in summaries]
    rows = [fill(page, "overview_row.md.j2") for page in pages]
    words = [fill(page, "overview_words.md.j2") for page in pages]
    whole = open_page({}, pictures=True)
    markdown, _ = close(whole, fill(whole, "overview.md.j2", rows=rows, words=words))
    bindings = tuple(binding for page in pages for binding in page.binder.bindings)
    return Report(markdown, tuple(whole.shown), bindings)
