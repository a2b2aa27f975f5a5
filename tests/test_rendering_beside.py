"""The pages beside the report: questions with their answers, and a post; each case is in tests of their own."""

import re
from pathlib import Path

import pytest
from conftest import Facts
from sample_facts import SAMPLES, told_again, tracked, with_leak, without_signal
from test_rendering import agree

from pipelines.report.pages.report import BESIDE, render_beside, render_report

REPORTS = sorted((Path(__file__).parent.parent / "reports").glob("*/facts"))


def _facts(kind: str) -> Facts:
    facts: Facts = SAMPLES[kind]()
    return facts


@pytest.mark.parametrize("kind", SAMPLES)
@pytest.mark.parametrize("page", BESIDE)
def test_pages_are_the_golden_ones(page: str, kind: str) -> None:
    """Each page is compared whole."""
    agree(f"{page}_{kind}.md", render_beside(page, _facts(kind)))


@pytest.mark.parametrize("kind", SAMPLES)
def test_without_signal_no_page_explains_anything(kind: str) -> None:
    """Where no model beats a constant, even a strong model that beats the baseline is recommended by no page."""
    facts = without_signal(_facts(kind))
    interview, post, report = (*(render_beside(page, facts) for page in BESIDE), render_report(facts).markdown)
    assert all("This data shows no signal" in page and "Use neither model" in page for page in (interview, report))
    assert "I found no signal in this data" in post
    assert "no signal here" in post
    assert "No, neither model" in post
    assert all("nothing says what more rows would bring" in page for page in (interview, report))
    assert not any("times the rows" in page or "Expected further gain" in page for page in (interview, post, report))


def test_rows_too_few_to_rule_a_signal_out_are_said() -> None:
    """Where a gain of more than the margin may hide in an interval; not where the margin lies above all of them."""
    facts = without_signal(_facts("binary"))
    told = "too few to rule out a gain of more than the margin"

    assert told in render_report(facts).markdown
    facts["metric"]["margin"] = 0.03
    assert told not in render_report(told_again(facts)).markdown


def test_a_gain_that_is_a_leak_is_called_one() -> None:
    """The reason is the leak, the advice is to ask about the columns, and the short version says it too."""
    facts = with_leak(_facts("binary"))
    interview, post, report = (*(render_beside(page, facts) for page in BESIDE), render_report(facts).markdown)
    assert "which may give the target away. With them a quick strong model leads" in interview
    for page in (interview, report):
        assert "First ask whether utilization and income are known at the moment of the decision" in page
    assert "My models may know the answer from a leak" in post
    assert "First I would ask whether utilization and income are known at the moment of the decision" in post
    assert "it may be a leak" in post
    assert not any(
        "Use the strong model" in page or "Yes, the strong model" in page for page in (interview, post, report)
    )


def test_failed_controls_take_the_causes_back() -> None:
    """Where the machinery finds something in nothing, no page asks to be believed."""
    facts = _facts("binary")
    facts["reflect"]["controls"] |= {"passed": False}
    told_again(facts)
    interview, post = (render_beside(page, facts) for page in BESIDE)
    assert "I trust none of its causes yet" in interview
    assert "I do not believe any reasons" in post
    assert "Do not trust any reasons yet: the controls failed." in post


def test_what_explains_a_change_that_was_not_kept_is_told() -> None:
    """The report says why a change got no credit, where something else does as well; else it does not mention it."""
    facts = _facts("binary")
    silent = render_report(facts).markdown
    item = next(one for one in facts["reflect"]["attribution"] if one["factor"] == "ratio")
    item["explained_by"] = "the product of the same two features"

    page = render_report(facts).markdown

    assert "Not taken for" not in silent
    assert (
        "Not taken for ratio: the loss on rows left out falls as much with the product of the same two features."
        in page
    )


def test_a_suspect_is_no_secret() -> None:
    """Asked whether it is a leak, the page says that it does not know, and what goes without the column."""
    facts = _facts("binary")
    facts = with_leak(facts)
    page = render_beside("interview", facts)
    assert "I do not know it: utilization and income may give the target away. Without, a quick model goes from" in page
    assert "found none" not in page.split("## Where is it worse?")[0]


def test_a_suspect_without_a_refit_is_no_secret_either() -> None:
    """A table of one feature has nothing to refit with; what step 3 suspects is told all the same."""
    facts = _facts("binary")
    facts["reflect"]["leakage"] = []
    facts["eda"]["leak_suspects"] = [{"feature": "age", "why": "alone it scores nearly perfect", "evidence": []}]
    page = render_beside("interview", facts)
    assert "I do not know it: age is suspect." in page
    assert "age is suspect: alone it scores nearly perfect." in page
    assert "found none" not in page.split("## Where is it worse?")[0]


@pytest.mark.parametrize("kind", SAMPLES)
@pytest.mark.parametrize("page", BESIDE)
def test_pictures_are_those_of_the_report(page: str, kind: str) -> None:
    """Every picture that a page links to is one that the report shows."""
    linked = re.findall(r"\(figures/([^)]+)\.svg\)", render_beside(page, _facts(kind)))
    assert linked == (["7-waterfall"] if page == "post" else [])
    assert set(linked) <= set(render_report(_facts(kind)).pictures)


@pytest.mark.parametrize("folder", REPORTS, ids=lambda folder: folder.parent.name)
@pytest.mark.parametrize("page", BESIDE)
def test_pages_in_the_repository_say_what_the_facts_say(page: str, folder: Path) -> None:
    """Each committed page is what its facts make, number by number."""
    facts = tracked(folder.parent.name)
    assert (folder.parent / f"{page}.md").read_text(encoding="utf-8") == render_beside(page, facts)
