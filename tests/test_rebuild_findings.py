"""What steps say in the log of a rebuild: lines whose every number stands in the facts that they are made of."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from conftest import ROOT

from flows.repository.names import BESIDE, STEPS
from flows.watching.findings import FOUND, findings
from pipelines.core.steps import SEVEN

PROJECTS = ("loan_default", "fraud", "house_prices", "bike_demand", "retail_sales")
NUMBER = re.compile(r"(?<![\w.])[-+]?\d[\d,]*(?:\.\d+)?(?:e-?\d+)?")


def facts_of(project: str, step: str) -> dict[str, Any]:
    """Return a built project's facts of a step."""
    found: dict[str, Any] = json.loads((ROOT / "reports" / project / "facts" / f"{step}.json").read_text("utf-8"))
    return found


def numbers(value: object) -> Iterator[float]:
    """Yield each number of some facts, those in their texts included."""
    if isinstance(value, bool):
        return
    if isinstance(value, int | float):
        yield float(value)
    elif isinstance(value, str):
        yield from (float(text.replace(",", "")) for text in NUMBER.findall(value))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from numbers(key)
            yield from numbers(item)
    elif isinstance(value, list):
        yield float(len(value))
        for item in value:
            yield from numbers(item)


def rounded(text: str, value: float) -> bool:
    """Return whether a number as written is a fact, rounded to the digits that are written."""
    written = float(text.replace(",", ""))
    places = len(text.partition(".")[2])
    return abs(abs(written) - abs(value)) <= 0.5000001 * 10.0**-places and (written == 0 or value != 0)


@pytest.mark.parametrize("project", PROJECTS)
@pytest.mark.parametrize("step", SEVEN)
def test_every_number_is_one_of_the_facts(project: str, step: str) -> None:
    """Of real facts: each step says something, and no number of it is anything but a fact, rounded."""
    facts = facts_of(project, step)
    known = set(numbers(facts))

    lines = findings(step, facts)

    assert lines
    for line in lines:
        assert line == line.strip()
        for text in NUMBER.findall(line):
            assert any(rounded(text, value) for value in known), f"{text} in: {line}"


def test_most_steps_find_something() -> None:
    """A step that is added gets a line, or is named here."""
    assert set(STEPS) - set(FOUND) - set(BESIDE) == {"pictures", "notebook", "archive"}
    assert findings("pictures", {"files": ["a.svg"]}) == []


@pytest.mark.parametrize(
    ("project", "step", "line"),
    [
        ("loan_default", "define", "150,000 rows of the file: 119,999 to train and 30,000 to test on"),
        ("loan_default", "define", "set aside: 1, age below 18"),
        ("loan_default", "metric", "ROC AUC decides, more is better, from a difference of 0.005 on"),
        ("fraud", "eda", "test rows differ from training rows: ROC AUC 0.887 [0.882, 0.892] between them"),
        ("loan_default", "eda", "expected to matter: scale, shape"),
        ("loan_default", "baseline", "ROC AUC over the folds: baseline 0.6979, constant 0.5"),
        ("house_prices", "strong", "tuned LightGBM: nothing better than the start, loss 0.02389, in 8 trials"),
        ("loan_default", "compare", "verdict: better; difference +0.164 [0.1509, 0.178], margin 0.005"),
        ("loan_default", "reflect", "kept: scale +0.148 [0.1344, 0.1613] on the test rows, matters"),
        ("loan_default", "reflect", "does not apply: encoding, no feature holds categories"),
        (
            "loan_default", "reflect",
            "not kept: missingness, the loss on rows left out did not fall beyond noise",
        ),
        ("retail_sales", "reflect", "the rest: tuning +0.0162 [0.00905, 0.0233] on the test rows, undecided"),
        ("loan_default", "reflect", "controls passed"),
    ],
)  # fmt: skip
def test_what_is_said(project: str, step: str, line: str) -> None:
    """Lines that a reader can hold against the report."""
    assert line in findings(step, facts_of(project, step))


def test_a_tuning_that_found_better_settings() -> None:
    """Its loss, after how many trials, and the best loss that it began with."""
    facts = facts_of("house_prices", "strong")
    facts["tuning"] |= {"ended_at": None, "best": 0.02311, "trials": 1}

    assert "tuned LightGBM: loss 0.02311 after 1 trial, start 0.02389" in findings("strong", facts)


def test_bad_news_is_not_left_out() -> None:
    """No signal, a leak and failed controls are said."""
    facts = facts_of("loan_default", "reflect")
    facts["signal"]["present"] = False
    facts["leak_verdict"] = {"is_the_gain": True}
    facts["controls"]["passed"] = False

    said = findings("reflect", facts)

    assert said[0] == "no signal: no model predicts better than a constant"
    assert said[-2:] == ["most of the gain may be a leak", "controls FAILED: something is found where nothing is"]


def test_names_out_of_the_data_stay_on_their_line() -> None:
    """A column's name may hold a line break or a character that cannot be seen; a log has lines."""
    facts = facts_of("loan_default", "define")
    facts["quarantined"]["reasons"][0]["column"] = "a\nge\u202e" + "x" * 500

    said = findings("define", facts)[1]

    assert said.startswith("set aside: 1, a ge<U+202E>xxx")
    assert len(said) < 300


def test_the_report_says_the_answer() -> None:
    """It says where the page is and, with the answer beside what the step returned, verdict and finding."""
    answer = json.loads((ROOT / "reports" / "loan_default" / "answer.json").read_text("utf-8"))
    returned = {"report": "reports/loan_default/README.md", "pictures": []}

    assert findings("report", returned) == ["reports/loan_default/README.md can be read"]
    assert findings("report", {**returned, "answer": answer})[1:] == [
        answer["verdict"]["text"],
        answer["finding"]["text"],
    ]
