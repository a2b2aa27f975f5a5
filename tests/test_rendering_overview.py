"""The overview says of a project what its report says, though it has only a part of the facts."""

import copy
import json
import re
from collections.abc import Callable

import pytest
from conftest import ROOT, Facts
from sample_facts import tracked
from situations import SITUATIONS, VERDICTS, situation

from pipelines.answer.answer import answered
from pipelines.answer.caveats import caveats
from pipelines.facts.watched import Watched, keep
from pipelines.report.figures.overview import draw_overview
from pipelines.report.figures.style import to_svg
from pipelines.report.numbers import OPEN, enclose, unbind
from pipelines.report.pages.overview import ADVICE, render_overview, summary
from pipelines.report.pages.report import render_report
from pipelines.report.tables import find_tables, split_row

PROJECTS = sorted(path.parent.name for path in (ROOT / "reports").glob("*/facts"))

SMALL = 6_000  # characters of a summary


def said(pattern: str, page: str) -> str:
    """Return what stands behind a bold label on a page."""
    found = re.search(rf"\*\*{pattern}\*\* (.*)", page)
    assert found
    return found[1]


def without(facts: Facts, count: int) -> Facts:
    """Return the facts changed so that the first `count` caveats no longer hold."""
    changed = copy.deepcopy(facts)
    cures: dict[str, Callable[[], object]] = {
        "split_leak": lambda: [item.update(leak=False) for item in changed["reflect"]["split_leaks"]],
        "folds_disagree": lambda: changed["compare"]["difference"]["nadeau_bengio"].update(ci=[0.01, 0.02]),
        "no_saving": lambda: changed["compare"]["threshold"]["saving"].update(ci=[0.1, 0.2]),
        "unstable": lambda: changed["compare"]["stability"].update(flagged=False),
        "drift": lambda: changed["eda"]["drift"].update(drifted=False),
        "close_call": lambda: changed["compare"]["difference"].update(close=False),
    }
    for claim in caveats(facts)[:count]:
        cures[claim["id"]]()
    return changed


@pytest.mark.parametrize("project", PROJECTS)
def test_a_summary_is_all_that_the_overview_needs(project: str) -> None:
    """Page and picture are the same from the summary as from all facts, and the summary is a small part of them."""
    facts = tracked(project)
    part = summary(facts)

    assert render_overview([part]).markdown == render_overview([facts]).markdown
    assert to_svg(draw_overview, [part]) == to_svg(draw_overview, [facts])
    # Of few facts a twentieth is less than what the overview says of any project.
    assert len(json.dumps(part)) < max(0.05 * len(json.dumps(facts)), SMALL)


@pytest.mark.parametrize("project", PROJECTS)
def test_reason_and_caveat_are_the_report_s(project: str) -> None:
    """The overview repeats the report's verdict, what stands out and the main caveat, word by word."""
    facts = tracked(project)
    overview, report = render_overview([summary(facts)]).markdown, render_report(facts).markdown

    for label in ("Verdict.", "What stands out.", *(["Main caveat."] if "**Main caveat.**" in report else [])):
        assert said(label, overview) == said(label, report)


def test_each_number_leads_to_the_facts_of_its_project() -> None:
    """A binding of the overview names the project whose row or words it stands in."""
    page = render_overview([tracked(project) for project in PROJECTS])
    rows = next(lines for lines in find_tables(page.marked))[2:]

    assert unbind(page.marked) == page.markdown
    for project, row in zip(PROJECTS, rows, strict=True):
        named = enclose(row, page.bindings, lambda _place, binding, _shown: f"<{binding.project}>")
        assert named.count(f"<{project}>") == row.count(OPEN) > 8


@pytest.mark.parametrize("gone", range(4))
def test_fraud_has_the_same_main_caveat_when_others_are_gone(gone: int) -> None:
    """Whichever caveat comes next, both pages name it: without the first two, that the strong model is not stable."""
    facts = without({key: value for key, value in tracked("fraud").items() if key != "answer"}, gone)
    overview, report = render_overview([summary(facts)]).markdown, render_report(facts).markdown

    assert said("Main caveat.", overview) == said("Main caveat.", report)
    if gone == 2:
        assert caveats(facts)[0]["id"] == "unstable"
        assert said("Main caveat.", overview).startswith("The strong model is not stable")


@pytest.mark.parametrize("verdict", VERDICTS)
@pytest.mark.parametrize("name", SITUATIONS)
def test_the_advice_is_the_answer_s(verdict: str, name: str) -> None:
    """In each situation the row has the action of the answer in a few words, and the list says it in full."""
    facts = answered(situation("binary", verdict, name))
    page = render_overview([summary(facts)]).markdown

    (rows,) = find_tables(page)
    row = dict(zip(split_row(rows[0]), split_row(rows[2]), strict=True))
    assert row["Advice"] == ADVICE[facts["answer"]["action"]]
    assert facts["answer"]["advice"][0]["text"].split(",")[0].split(":")[0] in page.replace("\\", "")


def test_what_is_read_is_kept() -> None:
    """Keys that were read by themselves are kept without their neighbours; what was read whole is kept whole."""
    facts = {"a": {"one": 1, "two": 2}, "b": {"c": 3}, "list": [{"x": 1, "y": 2}, {"x": 3, "y": 4}], "left": 5}
    reads: set[tuple[str, ...]] = set()
    watched = Watched(facts, reads)

    assert watched["a"]["one"] == 1
    assert dict(watched["b"]) == {"c": 3}
    assert watched["list"][1].get("x") == 3
    assert "gone" not in watched

    assert keep(facts, reads) == {"a": {"one": 1}, "b": {"c": 3}, "list": [{"x": 1}, {"x": 3}]}
