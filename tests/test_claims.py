"""Claims: every number of a sentence is the formatting of a fact."""

import pytest
from conftest import Facts

from pipelines.facts.claims import check_claims, claim
from pipelines.facts.pointer import BindingError, resolve

FACTS: Facts = {
    "compare": {"difference": {"value": 0.1643, "ci": [0.15, 0.178]}, "test_rows": 30000},
    "eda": {"columns": [{"name": "30-59 days", "a/b": 2, "empty": None}]},
}


def test_claim_fills_its_template_from_the_facts() -> None:
    """A number, an interval and a name are written in their formats, each with its evidence."""
    made = claim(
        "one", "{gain} {ci} on {rows} rows, by {name}.", FACTS,
        gain=("compare#/difference/value", "+.3f"), ci=("compare#/difference/ci", ".2f"),
        rows=("compare#/test_rows", ",.0f"), name=("eda#/columns/0/name", ""),
    )  # fmt: skip
    assert made["text"] == "+0.164 [0.15, 0.18] on 30,000 rows, by 30-59 days."
    assert made["evidence"][0] == {
        "fact": "compare#/difference/value", "value": 0.1643, "form": "+.3f", "shown": "+0.164"
    }  # fmt: skip
    check_claims([made], FACTS)


def test_sentences_say_what_the_facts_will() -> None:
    """Whatever lies beyond the digits that facts keep decides no rounding."""
    exact = {"eda": {"low": -0.08750000000000002, "high": 0.6374999999999999}}
    kept = {"eda": {"low": -0.0875, "high": 0.6375}}
    places = {"low": ("eda#/low", ".3f"), "high": ("eda#/high", ".3f")}
    made = claim("one", "{low} to {high}.", exact, **places)
    assert made["text"] == claim("one", "{low} to {high}.", kept, **places)["text"]


def test_pointers_follow_the_standard() -> None:
    """A slash in a key is written ~1 (RFC 6901)."""
    assert resolve(FACTS, "eda#/columns/0/a~1b") == 2


@pytest.mark.parametrize(
    "pointer",
    ["compare#/nothing", "eda#/columns/1/name", "eda#/columns/x", "metric#/primary", "eda#/columns/0/empty"],
)
def test_a_pointer_to_nothing_is_an_error(pointer: str) -> None:
    """A missing key, place or step, and a fact that is None, cannot be stated."""
    with pytest.raises(BindingError):
        claim("one", "{it}", FACTS, it=(pointer, ""))


def _said(**changes: object) -> Facts:
    item = {"fact": "compare#/test_rows", "value": 30000, "form": ",.0f", "shown": "30,000"}
    item |= {key: value for key, value in changes.items() if key in item}
    return {"id": "one", "text": changes.get("text", "On 30,000 rows."), "evidence": [item]}


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"value": 29999}, "says 29999 where"),
        ({"shown": "3"}, "is not written"),
        ({"text": "On many rows."}, "does not hold"),
        ({"text": "On 30,000 rows, 2 of them odd."}, "no evidence for the number"),
        ({"text": "On 130,000 rows."}, "no evidence for the number"),
    ],
)
def test_checker_refuses_what_no_fact_says(changes: Facts, complaint: str) -> None:
    """A stale value, another spelling, a lost number and an unbound number are each refused."""
    with pytest.raises(BindingError, match=complaint):
        check_claims([_said(**changes)], FACTS)
