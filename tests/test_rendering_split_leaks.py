"""What the pages say of rows that a model in use would not have, for each way in which they are tied to the others."""

import copy

import pytest
import sample_facts
from conftest import Facts

from pipelines.report.pages.overview import render_overview, summary
from pipelines.report.pages.report import render_beside, render_report

REFITTED = {
    "rows": 2240, "share": 1.0, "score_with": 0.98, "score_without": 0.54, "gain": 0.44, "ci": [0.37, 0.5],
    "p_value": 1e-9, "leak": True, "why": "refitted with and without, on equally many rows",
}  # fmt: skip


def _of(kind: str, feature: str | None = None) -> dict[str, object]:
    """Return an entry of a kind."""
    return REFITTED | {"kind": kind, "feature": feature}


THING = REFITTED | {"kind": "one thing", "feature": None, "features": ["age", "height", "marker"], "things": 350}
KINDS: list[tuple[dict[str, object], list[str]]] = [
    (THING, ["other rows of the same things", "age, height and marker", "350 things", 'split.kind = "group"']),
    (_of("neighbours", "at"), ["In the order of at", 'Split by at with split.kind = "time"']),
    (_of("neighbours"), ["In the order of the file", "Add a column that says when"]),
    (_of("near copies"), ["near copies of the rows being predicted", "Keep rows that belong together"]),
    (_of("time order", "day"), ["rows that are later, by day, than those being predicted", "Split by day"]),
]


def with_entry(entry: dict[str, object]) -> Facts:
    """Return the sample's facts with that entry alone."""
    facts = copy.deepcopy(sample_facts.binary())
    facts["reflect"]["split_leaks"] = [entry]
    return facts


@pytest.mark.parametrize(("entry", "told"), KINDS)
def test_a_leak_is_told_with_its_remedy(entry: dict[str, object], told: list[str]) -> None:
    """The main caveat names what the score owes, and step 7 what would remove it; the overview repeats the caveat."""
    facts = with_entry(entry)
    page = render_report(facts).markdown
    assert "The split makes all models look better than they will be" in page
    assert all(words in page for words in told), told
    assert "The split makes all models look better than they will be" in render_overview([summary(facts)]).markdown


def test_a_sample_is_called_a_sample() -> None:
    """Where some of the training rows were looked at for a near copy, report and interview say of how many."""
    copies = _of("near copies") | {"rows": 3_000, "share": 0.017, "of": 119_999, "leak": False, "gain": 0.001}

    some, every = with_entry(copies), with_entry({key: value for key, value in copies.items() if key != "of"})
    every["define"]["split"]["train"] = 3_000

    assert "Of a sample of 3,000 of the 119,999 training rows, 1.7 % have a near copy" in render_report(some).markdown
    assert "Of 3,000 training rows, a sample of 119,999, 1.7 % have a near copy" in render_beside("interview", some)
    assert "Of 3,000 training rows, 1.7 % have a near copy" in render_report(every).markdown


@pytest.mark.parametrize(("entry", "told"), KINDS)
def test_no_leak_is_said_as_well(entry: dict[str, object], told: list[str]) -> None:
    """What was refitted without a loss is told in step 7 and in the interview, and is no caveat."""
    facts = with_entry(entry | {"leak": False, "gain": 0.001, "ci": [-0.001, 0.003]})
    page = render_report(facts).markdown
    assert "No leak is shown." in page
    assert "look better than they will be" not in page
    assert told
    assert "no leak of the split is shown" in render_beside("interview", facts)
