"""What stands in the folds of the report: data, metric, exploration, baseline, candidates, comparison, making."""

import re
from collections.abc import Mapping

import pytest
import sample_facts
from conftest import ROOT, Facts
from printed import printed, unfolded
from sample_facts import SAMPLES

from flows.repository.layout import Layout
from pipelines.core.steps import SEVEN
from pipelines.report.pages.of_step import render_section
from pipelines.report.pages.parts import PARTS
from pipelines.report.pages.report import render_report
from pipelines.report.section import Section
from pipelines.report.sections.asked import ASKED
from pipelines.report.sections.baseline import BASELINE
from pipelines.report.sections.candidates import BEST, CANDIDATES
from pipelines.report.sections.classes import CLASSES
from pipelines.report.sections.columns import COLUMNS
from pipelines.report.sections.doubts import DOUBTS
from pipelines.report.sections.hypotheses import HYPOTHESES
from pipelines.report.sections.making import MAKING
from pipelines.report.sections.metric import METRIC
from pipelines.report.sections.prices import PRICES
from pipelines.report.sections.residuals import RESIDUALS
from pipelines.report.sections.rules import RULES
from pipelines.report.sections.set_aside import SET_ASIDE
from pipelines.report.sections.signs import SIGNS
from pipelines.report.sections.suspects import SUSPECTS
from pipelines.report.sections.target import TARGET
from pipelines.report.sections.trivial import TRIVIAL
from pipelines.report.text import anchor

FOLDED = (
    "Data",
    "Metric",
    "Exploration",
    "Baseline",
    "Candidates",
    "The comparison in full",
    "In use",
    "How this was made",
)
TITLES: Mapping[str, Mapping[str, tuple[Section, str]]] = {
    "binary": {
        "positives": (TARGET, "**Positives among training and test rows: 6.4 % of each**"),
        "metrics": (TRIVIAL, "**Without looking at a feature one reaches ROC AUC 0.500; 1 is perfect**"),
        "relations": (COLUMNS, "**Alone, utilization says most of the target: ROC AUC 0.868**"),
        "baseline": (BASELINE, "**The baseline's predictions move most with age**"),
        "candidates": (CANDIDATES, "**Over the folds the chosen model (weighted mean) has 0.926, the baseline 0.615**"),
    },
    "multiclass": {
        "classes": (TARGET, "**The commonest class, early, among training and test rows: 45 % of each**"),
        "confusion": (CLASSES, r"**The strong model recognises &lt;never&gt; least:"),
    },
    "regression": {
        "amounts": (TARGET, "**Nine of ten values of the target lie between 128,390 and 399,597 USD**"),
        "errors": (RESIDUALS, "of its predictions"),
    },
}  # fmt: skip


def models_of(text: str) -> list[str]:
    """Return the first cells of the rows of the first table in a text."""
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    return [line.split("|")[1].strip() for line in rows[1:]]


def test_the_folded_parts_stand_last_and_say_what_is_inside() -> None:
    """After what everybody reads, each under its heading, closed, with a line that says what it holds."""
    assert tuple(part.title for part in PARTS if part.folded) == FOLDED == tuple(p.title for p in PARTS[-8:])
    page = render_report(sample_facts.with_serving(sample_facts.binary())).markdown
    for part in PARTS[-8:]:
        assert f"## {part.title}\n\n<details><summary>{part.summary}</summary>\n" in page
        assert re.fullmatch(r"[A-Z][a-z][\w ,']{10,80}", part.summary)


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, found in TITLES.items() for name in found])
def test_a_picture_stands_under_its_finding(kind: str, name: str) -> None:
    """The title says what the picture shows, with its number."""
    section, title = TITLES[kind][name]

    assert title in printed(section, SAMPLES[kind]())


def test_shares_that_differ_are_both_said() -> None:
    """Where training and test rows have other shares of positives, the title has both."""
    facts = sample_facts.binary()
    facts["define"]["target_summary"]["classes"][1]["test_share"] = 0.1

    assert "**Positives among training and test rows: 6.4 % and 10 %**" in printed(TARGET, facts)


@pytest.mark.parametrize("step", SEVEN)
@pytest.mark.parametrize("kind", SAMPLES)
def test_a_step_is_watched_by_the_sections_of_its_own(kind: str, step: str) -> None:
    """Right after a step its sections stand under its heading, unfolded and without pictures."""
    facts = SAMPLES[kind]()
    earlier: Facts = {name: facts[name] for name in SEVEN[: SEVEN.index(step) + 1]}
    page = render_section(step, earlier)

    headings = re.findall(r"^## (.*)$", page, re.MULTILINE)
    assert len(headings) == 1
    assert headings[0].startswith(f"{SEVEN.index(step) + 1} ")
    assert len(page.split()) > 40
    assert "<details" not in page
    assert "![" not in page


def test_the_best_five_candidates_come_first() -> None:
    """Ordered by their mean over the folds, the chosen one in bold, further ones in a fold; raw settings in another."""
    facts = sample_facts.binary()
    tried = [one for one in facts["strong"]["models"] if one["role"] != "strong"]
    more = [
        tried[0] | {"name": name, "cv_mean": 0.9 + i / 1000} for i, name in enumerate(("lasso", "svm", "k_nearest"))
    ]
    facts["strong"]["models"] = [*more, *facts["strong"]["models"]]
    text = unfolded(CANDIDATES, facts)

    assert models_of(text) == ["LightGBM", "**weighted mean**", "xgboost", "random forest", "nearest neighbours"]
    assert len(models_of(text)) == BEST
    assert "| lasso | 0.900 |" in printed(CANDIDATES, facts)
    assert "num\\_leaves" not in text
    assert "num\\_leaves" in printed(CANDIDATES, facts)


def test_where_smaller_is_better_the_smallest_comes_first() -> None:
    """The errors of a regression, from the smallest on."""
    text = unfolded(CANDIDATES, sample_facts.regression())

    assert models_of(text) == ["xgboost", "**weighted mean**", "LightGBM"]


def test_models_of_fewer_folds_stand_apart_with_their_folds() -> None:
    """What dropped out after the first fold is not listed among models of all folds."""
    facts = sample_facts.regression()
    (forest,) = (one for one in facts["strong"]["models"] if one["name"] == "random_forest")
    text = printed(CANDIDATES, facts)

    assert forest["folds"] == 1
    assert "random forest" not in models_of(unfolded(CANDIDATES, facts))
    assert "Models fitted on fewer folds" in text
    assert re.search(r"\| random forest \| [0-9.]+ \| 1 \|", text)


def test_models_without_a_fit_share_their_reason() -> None:
    """Names with the same reason stand together, and the reason once."""
    text = printed(CANDIDATES, sample_facts.binary())

    assert text.count('(effort.level = "quick" fits fewer models)') == 1
    assert "Left out: tuned LightGBM, extra trees, " in text
    assert "Not fitted:" not in text


@pytest.mark.parametrize(
    ("tuning", "said"),
    [
        (None, None),
        ({"trials": 0, "why": "too few rows."}, "LightGBM was not tuned: too few rows."),
        (
            {"trials": 30, "rows": 2000, "folds": 1, "ended_at": "lightgbm", "at_the_edge": ["num_leaves"]},
            (
                "LightGBM was tuned by 30 trials on 2,000 training rows, each judged on 1 fold. The first trials were "
                "the settings of the other LightGBM models, and none beat those of LightGBM. The best value lies at "
                "the edge of "
                "what was searched for `num_leaves`, so a better one may lie beyond."
            ),
        ),
    ],
)
def test_what_tuning_did_is_said(tuning: Facts, said: str | None) -> None:
    """That settings were searched for, why not, or nothing where nobody asked."""
    facts = sample_facts.binary()
    facts["strong"]["tuning"] = tuning
    text = printed(CANDIDATES, facts)

    assert said in text if said else "tuned by" not in text


def test_data_docs_are_linked_where_the_step_writes_them() -> None:
    """The link leads from the report to Great Expectations' pages of the project, and says that git has none."""
    text = printed(RULES, sample_facts.binary())
    link = re.search(r"\[Data Docs of Great Expectations\]\((.*?)\)", text)
    layout = Layout("loan_sample")

    assert link
    assert (layout.report.parent / link[1]).resolve() == (ROOT / layout.data_docs / "index.html").resolve()
    assert "they are not in git" in text


@pytest.mark.parametrize(
    ("rows", "said"), [(1, "1 row breaks a rule"), (3, "3 rows break a rule"), (0, "No row breaks")]
)
def test_rows_that_break_a_rule_are_counted(rows: int, said: str) -> None:
    """One, several or none."""
    facts = sample_facts.binary()
    facts["define"]["quarantined"]["count"] = rows

    assert said in printed(ASKED, facts)


def test_repeats_and_their_treatment_are_said() -> None:
    """Rows that repeat others, contradict them or stand on both sides; nothing of the kind where there are none."""
    facts = sample_facts.binary()
    facts["define"]["duplicates"] |= {"conflicting": 2, "across_split": 1}
    text = printed(SET_ASIDE, facts)
    assert "14 rows repeat an earlier one" in text
    assert "2 rows have the same features as another row but another target" in text
    assert "1 test row has the same features as a training row." in text

    facts["define"]["duplicates"] |= {"rows": 0, "conflicting": 0, "across_split": 0}
    text = printed(SET_ASIDE, facts)
    assert "No row repeats another in every feature and in the target." in text
    assert "Treatment" not in text


def test_doubts_are_listed_where_there_are_any() -> None:
    """Each with what was seen, what is done, and how to decide otherwise."""
    facts = sample_facts.binary()
    assert printed(DOUBTS, facts) == ""

    facts["define"]["doubts"] = [
        {"kind": "rows", "column": None, "found": "a", "done": "b", "decide": "c", "weight": 0.01},
    ]
    assert "| the table | a | b | c |" in printed(DOUBTS, facts)


@pytest.mark.parametrize(("least", "said"), [(0.12, "is more than the margin"), (0.001, "is less than the margin")])
def test_what_the_test_rows_can_show_is_held_against_the_margin(least: float, said: str) -> None:
    """A difference worth acting on may stay hidden, or will most likely show."""
    facts = sample_facts.binary()
    facts["metric"]["minimum_detectable"] = least

    assert said in printed(METRIC, facts)


def test_prices_stand_where_errors_have_one() -> None:
    """A false alarm, a miss, doing nothing; no word of prices without costs in the project file."""
    assert "A false alarm costs 50.00, a miss 1,200 USD." in printed(PRICES, sample_facts.binary())
    assert printed(PRICES, sample_facts.regression()) == ""


def test_codes_and_suspects_are_named() -> None:
    """Codes where there are some; suspected columns with why, or what was looked for in vain."""
    facts = sample_facts.binary()
    assert "- `utilization`: 9,800 in 48 rows and 9,600 in 43 rows." in printed(SIGNS, facts)
    assert "None is suspected: no column predicts the target almost perfectly by itself" in printed(SUSPECTS, facts)

    facts["eda"]["leak_suspects"] = [{"feature": "age", "why": "alone it is nearly perfect", "evidence": []}]
    assert "Suspected are `age` (alone it is nearly perfect)." in printed(SUSPECTS, facts)


def test_expectations_have_their_reasons() -> None:
    """Each cause, what was expected of it, and why."""
    text = printed(HYPOTHESES, sample_facts.binary())

    assert models_of(text) == ["H1", "H2", "H3", "H4", "H5", "H6", "H7"]
    assert "| H2 | missingness | does not matter (close) | Where income is missing" in text


def test_all_files_of_facts_are_linked() -> None:
    """Those of the seven steps; times where they were measured, and no word of them elsewhere."""
    text = printed(MAKING, sample_facts.binary())

    assert re.findall(r"\]\(facts/(\w+)\.json\)", text) == list(SEVEN)
    assert "measured" not in text


def test_anchors_of_the_parts_are_those_of_the_links() -> None:
    """Each part that the pages beside the report lead to is there."""
    parts = {anchor(part.title) for part in PARTS if part.title}

    assert {
        "why",
        "is-it-real",
        "what-could-be-wrong",
        "how-much-better-could-it-get",
        "the-comparison-in-full",
    } <= parts
