"""Reports as a whole: golden pages, wording of every verdict, bound numbers, pictures.

To accept a changed report, look at it and run `SEVENFOLD_ACCEPT_GOLDEN=1 pytest tests/test_rendering.py`: it writes
the pages below tests/golden/ anew.
"""

import json
import os
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
import sample_facts
from conftest import Facts
from sample_facts import SAMPLES, told_again, tracked, with_leak, with_times, with_verdict

from pipelines.core.steps import SEVEN
from pipelines.facts.pointer import BindingError
from pipelines.findings.reasons import no_signal
from pipelines.report.figures.define import draw_target
from pipelines.report.figures.overview import draw_overview
from pipelines.report.figures.style import to_svg
from pipelines.report.pages.of_step import render_section
from pipelines.report.pages.overview import render_overview, summary
from pipelines.report.pages.report import check_report, render_report
from pipelines.report.pictures import draw_pictures
from pipelines.report.tables import check_tables, find_tables

HERE = Path(__file__).parent
GOLDEN = HERE / "golden"
REPORTS = sorted((HERE.parent / "reports").glob("*/README.md"))
LARGEST_PICTURE = 200_000  # bytes


@pytest.fixture(scope="module")
def reports() -> Facts:
    """Return the finished report of each sample."""
    return {kind: render_report(facts()) for kind, facts in SAMPLES.items()}


def markdown_of(facts: Facts) -> str:
    """Return the report's Markdown."""
    return render_report(facts).markdown


def agree(name: str, found: str) -> None:
    """Compare a page whole with its golden one, or accept it where that is asked for."""
    file = GOLDEN / name
    if os.environ.get("SEVENFOLD_ACCEPT_GOLDEN") == "1":
        file.write_text(found, encoding="utf-8")
    assert found == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", SAMPLES)
def test_report_is_the_golden_one(kind: str, reports: Facts) -> None:
    """The whole page is compared, so that a broken table or a lost sentence cannot hide."""
    agree(f"report_{kind}.md", reports[kind].markdown)


def test_overview_is_the_golden_one() -> None:
    """The overview of both samples is compared whole, and its picture is small."""
    summaries = [summary(sample_facts.binary()), summary(sample_facts.regression())]
    overview = render_overview(summaries)
    agree("overview.md", overview.markdown)
    assert overview.pictures == ("overview",)
    assert len(to_svg(draw_overview, summaries)) < LARGEST_PICTURE


@pytest.mark.parametrize("step", SEVEN)
def test_section_needs_no_later_facts(step: str) -> None:
    """A section renders right after its step, without pictures and without HTML."""
    facts = sample_facts.binary()
    earlier: Facts = {name: facts[name] for name in SEVEN[: SEVEN.index(step) + 1]}
    section = render_section(step, earlier)
    assert section.startswith(f"## {SEVEN.index(step) + 1} ")
    assert "figures/" not in section
    assert "<details" not in section
    check_tables(section)


def opening(facts: Facts) -> str:
    """Return what stands above the first heading of the report."""
    return markdown_of(facts).split("\n## ")[0]


def main_caveat(facts: Facts) -> str:
    """Return the caveat of the opening; nothing where there is none."""
    return next((line for line in opening(facts).splitlines() if line.startswith("**Main caveat.**")), "")


def test_starts_with_the_answer() -> None:
    """A busy reader finds question, verdict, finding, choices and advice first, in this order."""
    page = opening(with_leak(sample_facts.binary()))
    labels = re.findall(r"^\*\*(.*?)\.\*\*", page, flags=re.MULTILINE)

    assert labels == ["Verdict", "What stands out", "What to do", "Main caveat"]
    assert page.index("*Which applicants") < page.index("**Verdict.**")


@pytest.mark.parametrize(
    ("verdict", "said", "never"),
    [
        ("better", ["Better: ", "a gain of"], ["A tie", "Undecided", "Worse: "]),
        ("worse", ["Worse: ", "Keep the baseline"], ["a gain of", "Better: "]),
        ("tie", ["A tie: ", "lies within the margin", "Keep the baseline"], ["a gain of", "Better: "]),
        (
            "underpowered",
            ["Undecided: ", "Keep the baseline: no number of test rows within reach"],
            ["a gain of", "Better: ", "A tie"],
        ),
    ],
)
def test_every_verdict_reads_right(verdict: str, said: list[str], never: list[str]) -> None:
    """The words of a verdict are said, and those of another are not: no gain is reported where there is none."""
    top = opening(with_verdict(sample_facts.regression(), verdict))
    assert [words for words in said if words not in top] == []
    assert [words for words in never if words in top] == []


def test_close_calls_are_reported() -> None:
    """What could tip over is the caveat, and only there where it holds."""
    facts = sample_facts.regression()
    assert "close call" not in markdown_of(facts)

    facts["compare"]["difference"] |= {"close": True, "close_to": "the margin"}
    assert "The verdict is a close call (the margin)" in main_caveat(facts)


def test_grave_caveats_come_first() -> None:
    """Drift or a suspected leak is the caveat on top; without any there is none."""
    drifted = sample_facts.binary()
    drifted["eda"]["drift"]["drifted"] = True

    assert "Test rows differ from training rows" in main_caveat(drifted)
    assert "may give the target away" in main_caveat(with_leak(sample_facts.binary()))
    assert main_caveat(sample_facts.binary()) == ""


def test_a_changed_fact_is_noticed(reports: Facts) -> None:
    """A report on disk no longer passes when one of its facts changes."""
    facts = sample_facts.binary()
    check_report(reports["binary"].markdown, facts)
    facts["compare"]["difference"]["ci"][0] -= 0.01
    with pytest.raises(BindingError, match="the facts say"):
        check_report(reports["binary"].markdown, facts)


def test_a_changed_fact_of_a_claim_stops_the_report() -> None:
    """A claim of step 7 whose fact changed after it was made cannot be rendered."""
    facts = sample_facts.binary()
    known = facts["reflect"]["scales"][0]["gain"]
    facts["reflect"]["scales"][0]["gain"] += 0.001
    with pytest.raises(BindingError, match=f"says {known} where reflect#/scales/0/gain says"):
        markdown_of(facts)


def test_a_sentence_with_false_evidence_stops_the_report() -> None:
    """A hypothesis whose number is no longer that of the fact it points to cannot be rendered."""
    facts = sample_facts.binary()
    scale = next(item for item in facts["eda"]["hypotheses"] if item["factor"] == "scale")
    stated = next(item for item in scale["evidence"] if item["fact"] == "eda#/columns/0/quantiles/100")
    stated["value"] = 7.0
    with pytest.raises(BindingError, match=r"says 7.0 where eda#/columns/0/quantiles/100 says 9800.0"):
        markdown_of(facts)


def test_hostile_names_stay_text() -> None:
    """A feature's name cannot add a cell, a tag, a formula or a link to the page, nor break a picture."""
    name = "a|b`<b>$x$\n[l](http://e.org)\x00\u202e" + "w" * 200
    text = json.dumps(sample_facts.binary()).replace("purpose|kind", json.dumps(name)[1:-1])
    facts = json.loads(text)
    facts["reflect"]["interactions"][0]["features"] = [name, "age"]
    told_again(facts)
    markdown = markdown_of(facts)
    check_tables(markdown)
    assert [mark for mark in ("<b>", "\x00", "\u202e", "http://") if mark in markdown] == []
    for picture in draw_pictures(facts).values():
        assert ET.fromstring(picture).tag.endswith("svg")


@pytest.mark.parametrize("positive", [True, 1.0])
def test_an_event_is_told_however_it_is_declared(positive: object) -> None:
    """A boolean or a number may be the event; its label in the facts is the last class, whatever it is called."""
    facts = sample_facts.binary()
    facts["define"]["positive"] = positive
    told = [
        next(line for line in markdown_of(one).splitlines() if line.startswith("| Training |"))
        for one in (facts, sample_facts.binary())
    ]
    assert told[0] == told[1]
    assert ET.fromstring(to_svg(draw_target, facts)).tag.endswith("svg")


@pytest.mark.parametrize("readme", REPORTS, ids=lambda file: file.parent.name)
def test_reports_on_disk_say_what_their_facts_say(readme: Path) -> None:
    """Every tracked report is what its facts render to, and each of its numbers is one that a fact was shown as."""
    facts = tracked(readme.parent.name)
    markdown = readme.read_text("utf-8")
    check_report(markdown, facts)
    page = render_report(facts)
    bound = {number for binding in page.bindings for number in re.findall(r"\d+", binding.shown)}
    text = re.sub(r"\]\([^()]*\)|^#+ \d", "", markdown, flags=re.MULTILINE)
    assert set(re.findall(r"\d+", text)) <= bound
    assert find_tables(markdown)
    sizes = {file.name: file.stat().st_size for file in (readme.parent / "figures").iterdir()}
    assert set(sizes) == {f"{name}.svg" for name in page.pictures}
    assert max(sizes.values()) < LARGEST_PICTURE


def test_a_better_score_that_saves_nothing_is_reported() -> None:
    """Where the better model's decisions cost as much, the report says so instead of recommending it."""
    facts = sample_facts.binary()
    for saving in ("saving", "saving_per_thousand"):
        facts["compare"]["threshold"][saving]["ci"] = [-1.0, 20000.0]

    assert "Use the strong model" not in opening(facts)
    assert "The better score does not translate into a measurable saving" in main_caveat(facts)


def test_folds_that_disagree_are_reported() -> None:
    """A difference that the folds do not confirm is the main caveat."""
    facts = sample_facts.binary()
    facts["compare"]["difference"]["nadeau_bengio"]["ci"] = [-0.01, 0.3]

    assert "so it could be zero" in main_caveat(facts)


def test_a_gain_of_many_features_is_no_single_one() -> None:
    """Where the shape matters and no feature reaches the margin alone, that is said, and only there."""
    facts, said = sample_facts.binary(), "No single feature reaches the margin alone"
    assert said not in markdown_of(facts)
    for item in facts["reflect"]["shapes"]:
        item |= {"matters": False, "gain": 0.001}
    told_again(facts)
    assert said in markdown_of(facts)


def test_errors_of_a_logarithm_are_called_so(reports: Facts) -> None:
    """On a logarithmic target the metric is never named alone in a head or a sentence, and its MAPE is left out."""
    facts = sample_facts.regression()
    others = facts["compare"]["other_metrics"]
    facts["compare"]["other_metrics"] = [row for row in others if row["metric"] != "mape"]
    assert len(facts["compare"]["other_metrics"]) < len(others)
    assert markdown_of(facts) == reports["regression"].markdown
    assert "| RMSE of the logarithm on test rows |" in reports["regression"].markdown
    assert re.findall(r"RMSE(?! (and mean absolute error )?of the logarithm)", reports["regression"].markdown) == []


def test_times_are_told_where_they_were_measured(reports: Facts) -> None:
    """Measured times make a table; without them nothing is said of times."""
    told = markdown_of(with_times(sample_facts.binary()))
    assert "| define | 4.2 | 410 |" in told
    assert "[timings.json](facts/timings.json)" in told
    assert "measured" not in reports["binary"].markdown.split("## How this was made")[1]


def test_a_doubt_of_the_table_leads() -> None:
    """A column that was dropped and tells the target is the main caveat, the first thing to do, and listed."""
    facts = SAMPLES["binary"]()
    seen = "alone, as labels, it scores 0.80 in ROC AUC on training rows"
    doubt = {
        "kind": "dropped",
        "column": "id",
        "found": seen,
        "done": "dropped",
        "decide": "--keep 'id'",
        "weight": 0.6,
    }
    facts["define"]["doubts"] = [doubt]
    page = markdown_of(facts)
    assert main_caveat(facts) == f"**Main caveat.** How the table is read is in doubt. id: {seen}; dropped."
    assert "**What to do.** First decide how id is to be read (--keep 'id'), and build again." in page
    assert f"| `id` | {seen} | dropped | " in page
    assert no_signal(facts)["text"].startswith("As it is read, this data shows no signal")
    facts["define"]["doubts"] = [doubt | {"weight": 0.05}]
    assert "is in doubt" not in main_caveat(facts)
    assert no_signal(facts)["text"].startswith("This data shows no signal")
