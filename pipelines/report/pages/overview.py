"""The overview of all projects: one row each, side by side, where their differences come from, and what to do."""

from collections.abc import Mapping, Sequence
from typing import cast

from pipelines.answer.answer import answered
from pipelines.answer.places import model
from pipelines.answer.shares import credited
from pipelines.facts.answer import Action
from pipelines.facts.pointer import parts
from pipelines.facts.steps import Facts
from pipelines.facts.watched import Path, Watched, keep
from pipelines.findings.wording import judged
from pipelines.report.numbers import Binding
from pipelines.report.page import close, fill, open_page, print_section, tidy
from pipelines.report.pages.report import Report
from pipelines.report.section import Section, View
from pipelines.report.words import VERDICTS

PICTURED = (
    "define#/project", "define#/target_scale", "metric#/label", "metric#/margin", "metric#/greater_is_better",
    "compare#/models/*/role", "compare#/models/*/score", "compare#/models/*/ci", "compare#/difference/value",
    "reflect#/attribution/*/factor", "reflect#/attribution/*/gain", "reflect#/attribution/*/matters",
    "reflect#/attribution/*/applicable",
)  # fmt: skip
"""What the overview's picture reads of a project."""

ADVICE: Mapping[Action, str] = {
    "read the table": "read the table otherwise?",
    "use neither": "use neither",
    "find the leak": "find the leak",
    "ask about columns": "ask about columns",
    "split otherwise": "split otherwise",
    "check the controls": "check the controls",
    "follow the level": "find what changed",
    "keep the repaired": "repair the baseline",
    "keep the baseline": "keep the baseline",
    "try side by side": "try side by side",
    "use the repaired": "repair the baseline",
    "use the strong": "use the strong model",
}
TITLE = "Each project on an axis of its own: how far the strong model is from the baseline, and why"


def _row(facts: Facts) -> View:
    difference, at = facts["compare"]["difference"], facts["reflect"]
    leak = at["leak_verdict"]
    return {
        "project": facts["define"]["project"],
        "logarithm": facts["define"]["target_scale"] == "log",
        "dummy": model(facts, "dummy"), "baseline": model(facts, "baseline"), "strong": model(facts, "strong"),
        "gap": judged(facts),
        "verdict": VERDICTS[difference["verdict"]] + (" (close)" if difference["close"] else ""),
        "cause": credited(facts),
        "no_cause": "no signal"
        if not at["signal"]["present"]
        else "perhaps a leak"
        if leak is not None and leak["is_the_gain"]
        else "none is shown"
        if at["controls"]["passed"]
        else "controls failed",
        "advice": ADVICE[facts["answer"]["action"]],
    }  # fmt: skip


def _words(facts: Facts) -> View:
    return {
        "project": facts["define"]["project"],
        "caveat": "answer#/caveats/0" if facts["answer"]["caveats"] else None,
    }


ROW = Section("overview_row", "reflect", _row)
WORDS = Section("overview_words", "reflect", _words)


def summary(facts: Facts) -> Facts:
    """Return the part of a project's facts that the overview reads, found by rendering it; it is small.

    The overview says the same of it as of all facts.
    """
    facts, reads = answered(facts), set[Path]()
    for pointer in PICTURED:
        step, path = parts(pointer)
        reads |= {(step, *path[:end]) for end in range(len(path) + 1)}
    _render_project(cast("Facts", Watched(facts, reads)), [])
    return cast("Facts", keep(dict(facts), reads))


def render_overview(summaries: Sequence[Facts]) -> Report:
    """Return the page that compares all projects, in the order given; its one picture is `figures/overview.py`'s.

    Raises BindingError on a number that no fact backs.
    """
    whole = open_page({}, pictures=True)
    projects = [_render_project(answered(facts), whole.binder.bindings) for facts in summaries]
    rows, words = [row for row, _ in projects], [said for _, said in projects]
    marked = fill(whole, "overview.md.j2", rows=rows, words=words, title=TITLE)
    markdown, bindings = close(whole, marked)
    return Report(markdown, tuple(whole.shown), bindings, tidy(marked))


def _render_project(facts: Facts, bindings: list[Binding]) -> tuple[str, str]:
    """Return a project's row, and what is said of it below; what both bind is added to the whole page's `bindings`."""
    page = open_page(facts, pictures=True)
    page.binder.bindings = bindings
    return print_section(page, ROW), print_section(page, WORDS)
