"""What could be wrong: what each section says of caveats, leaks, the split, groups of rows, drift and predictions."""

import re

import pytest
import sample_facts
from conftest import Facts
from printed import printed, unfolded
from sample_facts import SAMPLES, with_leak
from situations import SITUATIONS, situation

from pipelines.report.pages.report import render_report
from pipelines.report.sections.calibration import CALIBRATION
from pipelines.report.sections.caveat_list import CAVEAT_LIST, LINKS
from pipelines.report.sections.drift import DRIFT
from pipelines.report.sections.intervals import INTERVALS, by_fifth
from pipelines.report.sections.leaks import LEAKS
from pipelines.report.sections.not_tested import NOT_TESTED
from pipelines.report.sections.slices import SLICES
from pipelines.report.sections.split_leaks import SPLIT_LEAKS
from pipelines.report.tables import find_tables
from pipelines.report.text import anchor

REFITTED = {
    "rows": 2240, "share": 0.25, "score_with": 0.98, "score_without": 0.54, "gain": 0.44, "ci": [0.37, 0.5],
    "p_value": 1e-9, "leak": True, "why": "refitted with and without, on equally many rows",
}  # fmt: skip


def of(kind: str, feature: str | None = None) -> Facts:
    """Return rows of a kind that a model in use would not have, refitted without."""
    return REFITTED | {"kind": kind, "feature": feature}


THING = REFITTED | {"kind": "one thing", "feature": None, "features": ["age", "height", "marker"], "things": 350}


@pytest.mark.parametrize("name", SITUATIONS)
def test_each_link_of_a_caveat_leads_to_a_heading(name: str) -> None:
    """Whatever is found, the anchors of the list are headings of the page, each once."""
    facts = situation("binary", "better", name)
    page = render_report(facts).markdown
    headings = [anchor(line.lstrip("# ")) for line in page.splitlines() if line.startswith("#")]
    links = re.findall(r"\]\(#([a-z-]+)\)", printed(CAVEAT_LIST, facts))

    assert [headings.count(link) for link in links] == [1] * len(links)
    assert len(set(headings)) == len(headings)


def test_links_of_caveats_on_numbers_lead_to_headings() -> None:
    """What no situation of two classes reaches stands on the page of a number, or is about texts alone."""
    reached = {
        link
        for name in SITUATIONS
        for link in re.findall(r"\]\(#([a-z-]+)\)", printed(CAVEAT_LIST, situation("binary", "better", name)))
    }
    page = render_report(sample_facts.regression()).markdown
    headings = {anchor(line.lstrip("# ")) for line in page.splitlines() if line.startswith("#")}

    assert len(reached) > 5
    of_texts = {LINKS["words"].anchor}  # tests/test_rendering_texts.py
    assert {link.anchor for link in LINKS.values()} - reached - of_texts <= headings


def test_no_caveat_is_said_as_well() -> None:
    """A page without a caveat says that it was looked for."""
    assert printed(CAVEAT_LIST, sample_facts.binary()).startswith("No check found a caveat")


def test_the_strongest_column_is_taken_away_where_none_is_suspected() -> None:
    """One sentence; its table is folded."""
    text = unfolded(LEAKS, sample_facts.binary())

    assert "No column is suspected of giving the target away. Without the strongest one, utilization," in text
    assert find_tables(text) == []


def test_suspects_have_a_table() -> None:
    """The table of the refits is shown, with what is left of the lead; several suspects are they."""
    facts = with_leak(sample_facts.binary())
    text = unfolded(LEAKS, facts)
    assert "Without utilization and income the lead over the baseline goes from 0.160 to 0.005 [-0.002, 0.012]" in text
    assert "**If they leak, the gain is the leak.**" in text
    assert len(find_tables(text)[0]) == 2 + 2

    facts["reflect"]["leak_verdict"] |= {"features": ["income"], "is_the_gain": False}
    assert "the gain is the leak" not in unfolded(LEAKS, facts)


def test_a_suspect_without_a_refit_is_named() -> None:
    """What step 3 suspects beyond the columns that were taken away is said to be untested."""
    facts = with_leak(sample_facts.binary())
    suspect = {"feature": "age", "kind": "alone", "score_alone": 0.99, "why": "it scores 0.990", "evidence": []}
    facts["eda"]["leak_suspects"] = [suspect]

    assert "`age` is suspected too (it scores 0.990); no model was fitted without it alone." in unfolded(LEAKS, facts)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (THING, ["age, height and marker repeat together", "350 things", 'split by it with split.kind = "group"']),
        (of("neighbours", "at"), ["In the order of at, rows", 'Split by at with split.kind = "time"']),
        (of("neighbours"), ["In the order of the file", "Add a column that says when"]),
        (of("near copies"), ["25 % have a near copy", "With the copies a quick model"]),
        (of("time order", "day"), ["The last 25 % of a sample of 2,240", "Split by day"]),
    ],
)  # fmt: skip
def test_rows_that_a_model_in_use_will_not_have(entry: Facts, said: list[str]) -> None:
    """For each kind: what was looked at, what refitting says, and how to split otherwise, where it is a leak."""
    facts = sample_facts.binary()
    facts["reflect"]["split_leaks"] = [entry]
    text = printed(SPLIT_LEAKS, facts)
    assert [words for words in [*said, "**That is a leak.**", "0.440 [0.370, 0.500]"] if words not in text] == []

    facts["reflect"]["split_leaks"] = [entry | {"leak": False, "gain": 0.001, "ci": [-0.001, 0.003]}]
    text = printed(SPLIT_LEAKS, facts)
    assert "No leak is shown." in text
    assert "build again" not in text


def test_a_sample_is_called_a_sample() -> None:
    """Rows that are not all training rows are said to be a sample of these, by their number where the facts have it."""
    facts = sample_facts.binary()
    entry = of("near copies") | {"rows": 3007}
    facts["reflect"]["split_leaks"] = [entry]
    assert "Of 3,007 training rows, 25 %" in printed(SPLIT_LEAKS, facts)

    facts["reflect"]["split_leaks"] = [entry | {"rows": 3000}]
    assert "Of a sample of 3,000 of the 3,007 training rows, 25 %" in printed(SPLIT_LEAKS, facts)
    facts["reflect"]["split_leaks"] = [entry | {"rows": 3000, "of": 3004}]
    assert "Of a sample of 3,000 of the 3,004 training rows, 25 %" in printed(SPLIT_LEAKS, facts)


def test_an_error_on_the_logarithm_is_called_one() -> None:
    """What a split leak is worth is in RMSE of the logarithm, wherever it is said."""
    facts = situation("regression", "better", "the split leaks")
    page = render_report(facts).markdown

    assert "a quick model reaches RMSE of the logarithm 0.880" in page
    assert re.findall(r"RMSE(?! (and mean absolute error )?of the logarithm)", page) == []


def test_nothing_refitted_says_why() -> None:
    """Where no model was fitted again, the reason stands there."""
    facts = sample_facts.binary()
    untested = dict.fromkeys(("score_with", "score_without", "gain", "ci", "p_value"))
    entry = {"kind": "near copies", "feature": None, "leak": False, "why": "hardly any row has a near copy."}
    facts["reflect"]["split_leaks"] = [REFITTED | untested | entry]
    assert "Nothing was refitted: hardly any row has a near copy." in printed(SPLIT_LEAKS, facts)

    facts["reflect"]["split_leaks"] = []
    assert "No rows were found that a model in use would not have." in printed(SPLIT_LEAKS, facts)


def slice_of(better: str, place: int) -> Facts:
    """Return a group of rows where one of the models is better."""
    sign = 1 if better == "strong" else -1
    return {
        "where": f"age is above {place}", "feature": "age", "rows": 400 + place, "difference": sign * 0.05,
        "ci": sorted([sign * 0.02, sign * 0.08]), "p_adjusted": 0.001, "better": better,
    }  # fmt: skip


def test_groups_where_the_baseline_is_better_are_shown() -> None:
    """At most five of them before a click; the others, and those of the strong model, after one."""
    facts = sample_facts.binary()
    facts["reflect"]["slices"] = [slice_of("strong", 1), *(slice_of("baseline", place) for place in range(2, 9))]

    assert len(find_tables(unfolded(SLICES, facts))[0]) == 2 + 5
    assert len(find_tables(printed(SLICES, facts))[1]) == 2 + 3
    assert "No group of rows was found" not in printed(SLICES, facts)


def test_no_such_group_is_not_proof_that_there_is_none() -> None:
    """The sentence says how it was searched, and what cannot be ruled out."""
    facts = sample_facts.binary()
    facts["reflect"]["slices"] = [slice_of("strong", 1)]
    assert "small groups cannot be ruled out" in unfolded(SLICES, facts)
    assert find_tables(unfolded(SLICES, facts)) == []


def test_columns_of_a_group_have_a_reader_s_name() -> None:
    """The condition is written with the title of the project file."""
    facts = sample_facts.binary()
    facts["reflect"]["slices"] = [slice_of("baseline", 30)]
    facts = situation_with_titles(facts, {"age": "years of age"})

    assert "| years of age is above 30 | 430 |" in printed(SLICES, facts)


def situation_with_titles(facts: Facts, titles: dict[str, str]) -> Facts:
    """Return the facts with the answer to them, in which columns have titles."""
    from pipelines.answer.answer import answered

    return answered(facts, titles)


def test_drift_is_one_sentence() -> None:
    """No sign of it, or the columns that distinguish the rows; close to the border is said."""
    facts = sample_facts.binary()
    assert "no sign that they differ." in unfolded(DRIFT, facts)

    facts["eda"]["drift"] |= {"auc": 0.53, "ci": [0.51, 0.54]}
    assert "they differ a little, less than the 0.55 that is called drift." in unfolded(DRIFT, facts)

    shares = (("age", 0.6), ("income", 0.2), ("debt", 0.1), ("visits", 0.1))
    facts["eda"]["drift"] |= {
        "auc": 0.71, "ci": [0.68, 0.74], "drifted": True, "close": True,
        "features": [{"feature": name, "share": share} for name, share in shares],
    }  # fmt: skip
    text = unfolded(DRIFT, facts)
    assert "ROC AUC 0.710 [0.680, 0.740], above 0.55, mostly by age (60 %), income (20 %) and debt (10 %)." in text
    assert "close to the border" in text
    facts["eda"]["drift"]["features"] = []
    assert "mostly by" not in unfolded(DRIFT, facts)


@pytest.mark.parametrize(
    ("ece", "ci", "said", "title"),
    [
        (0.004, [0.0, 0.009], "by 0.0060 by chance alone, so no fault is shown.", "which may be chance"),
        (0.03, [0.02, 0.04], "by chance alone: these are worse.", ", more than by chance"),
    ],
)  # fmt: skip
def test_probabilities_are_judged_against_chance(ece: float, ci: list[float], said: str, title: str) -> None:
    """An error that chance alone would make is none."""
    facts = sample_facts.binary()
    for item in facts["compare"]["calibration"]:
        item |= {"ece": ece, "ece_ci": ci, "ece_by_chance": 0.006}

    assert said in unfolded(CALIBRATION, facts)
    assert title in printed(CALIBRATION, facts)
    assert printed(CALIBRATION, sample_facts.regression()) == ""


@pytest.mark.parametrize(
    ("promise", "broken", "exceeded", "said"),
    [
        ("held", [], [], "and no fifth of the predictions is shown to break it"),
        ("held", ["lowest"], [], "but not for the lowest fifth of the predictions"),
        ("broken", ["lowest", "second"], [], "least for the lowest and second fifth of the predictions"),
        ("exceeded", [], ["highest"], "too few; for the highest fifth they are wider than needed"),
    ],
)  # fmt: skip
def test_fifths_add_to_what_holds_on_average(promise: str, broken: list[str], exceeded: list[str], said: str) -> None:
    """Each combination of a promise and of fifths that break or exceed it."""
    level: Facts = {"promise": promise, "broken": broken, "exceeded": exceeded}

    assert by_fifth(level).endswith(said)


def test_intervals_are_read_out() -> None:
    """One sentence before a click; a split in time promises nothing, which the fold says."""
    facts = sample_facts.regression()
    shown = next(one for one in facts["compare"]["intervals"]["models"][1]["levels"] if one["level"] == 0.9)
    shown |= {"promise": "broken", "broken": ["lowest"], "exceeded": []}
    facts["compare"]["intervals"] |= {"narrower": 0.12}
    text = printed(INTERVALS, facts)

    assert "intervals **do not hold their promise** (" in unfolded(INTERVALS, facts)
    assert "They are 12 % narrower than the baseline's." in unfolded(INTERVALS, facts)
    assert "nothing is promised for them" in text
    facts["compare"]["intervals"]["narrower"] = None
    assert "narrower" not in unfolded(INTERVALS, facts)
    assert printed(INTERVALS, sample_facts.binary()) == ""


@pytest.mark.parametrize("kind", SAMPLES)
def test_what_was_not_tested_is_listed_without_what_the_opening_said(kind: str) -> None:
    """The first stands in the opening; the others here, each once."""
    page = render_report(SAMPLES[kind]()).markdown

    assert page.count("another order could share it differently") == 1
    assert printed(NOT_TESTED, SAMPLES[kind]()).startswith("### Not tested either\n\n- ")
