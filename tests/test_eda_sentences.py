"""Tests of sentences, hypotheses and plain values."""

import json

import numpy as np
import pytest
from conftest import Facts
from small_exploration import column_facts

from pipelines.causes import CAUSES, SCALE
from pipelines.exploration.hypotheses import conclude, find_hypotheses
from pipelines.exploration.plain import plain
from pipelines.exploration.screens import NOT_APPLICABLE
from pipelines.exploration.sentences import form_of, say
from pipelines.facts.claims import check_claims

KEPT = {"applicable": True, "before": 0.71, "score": 0.84, "gain": 0.13, "ci": [0.12, 0.14], "kept": True}
IDLE = {"applicable": True, "before": 0.71, "score": 0.7103, "gain": 0.0003, "ci": [-0.001, 0.002], "kept": False}
GAPS = {
    "rows": 90, "target_mean": 0.056, "ci": [0.05, 0.06], "others": 0.069, "difference": -0.013,
    "difference_ci": [-0.02, -0.01], "score": 0.52, "spread": 0.2, "class": None,
}  # fmt: skip
STEEP = {
    "raw": 0.0, "ranks": 0.1, "tree": 0.2, "ranks_gain": 0.1, "ranks_gain_ci": [0.05, 0.15],
    "bends_gain": 0.1, "bends_gain_ci": [0.05, 0.15],
}  # fmt: skip
PAIR = {"features": ["income", "debt"], "p_value": 0.001, "p_adjusted": 0.005, "seen": True}


def facts_of(*, signal: bool = True, ratio: float = 800.25, causes: dict[str, Facts] | None = None) -> Facts:
    """Return facts in which nothing was seen but what `causes` say."""
    columns = [
        column_facts(name="debt"),
        column_facts(name="income", straight=STEEP, missing=0.198, missing_alone=GAPS),
    ]
    screens = {cause.name: IDLE for cause in CAUSES if cause.quick} | {
        "interaction": IDLE | {"pairs": [PAIR | {"seen": False}], "tried": 1},
        "encoding": NOT_APPLICABLE,
        **{cause.name: NOT_APPLICABLE | {"pairs": []} for cause in CAUSES if cause.joint},
    }
    return {
        "columns": columns, "missing": {"features": 1}, "size": {"rows_per_feature": ratio, "rarer_class": 1600},
        "target": {"task": "binary"},
        "screens": {
            "label": "ROC AUC", "material": 0.005, "signal": signal, "best": {"score": 0.71},
            "factors": screens | (causes or {}),
        },
    }  # fmt: skip


def test_a_sentence_says_what_its_evidence_says() -> None:
    """Each shown number is its value in its format, and the pointer leads to the value."""
    facts = {"columns": [{"name": "income", "quantiles": {"100": 3008750.0, "50": 5400.5}, "missing": 0.198}]}
    sentence = say(
        facts, "{feature} reaches {top}, half are below {middle}, {share} missing",
        feature=("columns/0/name", ""), top=("columns/0/quantiles/100", form_of),
        middle=("columns/0/quantiles/50", ".1f"), share=("columns/0/missing", ".1%"),
    )  # fmt: skip
    assert sentence["text"] == "income reaches 3,008,750, half are below 5400.5, 19.8% missing"
    assert sentence["evidence"][1] == {
        "fact": "eda#/columns/0/quantiles/100", "value": 3008750.0, "form": ",.0f", "shown": "3,008,750"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0, "0"), (3008750.0, "3,008,750"), (1234.5, "1,234"), (20.04, "20.0"), (0.15418, "0.154"), (0.00031, "0.00031"),
     (0.000012, "1.2e-05"), (-2.345, "-2.35")],
)  # fmt: skip
def test_numbers_of_unknown_size_get_three_digits(value: float, shown: str) -> None:
    """Whole numbers whole, large ones rounded to whole, small ones with three digits."""
    assert format(value, form_of(value)) == shown.replace("0.00031", "0.000310")


def test_every_cause_has_a_hypothesis_when_nothing_was_seen() -> None:
    """A prediction a cause that it will not matter, in step 7's order, with evidence where there are numbers."""
    facts = facts_of()
    found = find_hypotheses(facts)
    assert [item["factor"] for item in found] == [cause.name for cause in CAUSES]
    assert [item["id"] for item in found] == [f"H{place}" for place in range(1, len(CAUSES) + 1)]
    assert {item["predicts"] for item in found} == {"does not matter"}
    assert not any(item["close"] for item in found)
    assert conclude(facts, found)["text"] == "Only straight lines were seen: no cause is expected to matter."
    check_claims(found, {"eda": facts})


@pytest.mark.parametrize(
    ("cause", "opening"),
    [
        (
            "missingness",
            (
                "Where income is missing, in 19.8% of the rows, the share of yes is 5.60%, elsewhere 6.90%. "
                "Marks for missing values"
            ),
        ),
        ("scale", "income reaches 40.2 while its median is 1.50. Ranks in place of raw values"),
        ("shape", "Along income the target rises, but not along a straight line. Curved effects of single features"),
        ("interaction", "income and debt act together. Joint effects of the likeliest pairs"),
        (
            "ratio",
            ("income and debt act together. Their ratio and their difference, beyond curves and products,"),
        ),
    ],
)
def test_what_was_seen_is_said(cause: str, opening: str) -> None:
    """The one cause whose quick fit gained is expected to matter, in these words; the conclusion names it alone."""
    kept = KEPT | {"pairs": [PAIR], "tried": 1} if cause in ("interaction", "ratio") else KEPT
    facts = facts_of(causes={cause: kept})
    found = {item["factor"]: item for item in find_hypotheses(facts)}
    end = f" take a quick fit from 0.710 to 0.840 in ROC AUC: {cause} will matter."
    assert found[cause]["text"] == opening + end
    assert found[cause]["features"]
    assert [name for name, item in found.items() if item["predicts"] == "matters"] == [cause]
    assert conclude(facts, list(found.values()))["text"] == f"Expected to matter: {cause}."


def test_a_pair_that_acts_together_by_its_ratio_is_no_interaction_as_well() -> None:
    """The pair that another cause explains is not counted twice; a second pair that is seen is told."""
    ratio, acting = KEPT | {"pairs": [PAIR]}, KEPT | {"pairs": [PAIR, PAIR | {"features": ["age", "debt"]}], "tried": 3}
    alone = facts_of(causes={"ratio": ratio, "interaction": acting | {"pairs": [PAIR]}})
    both = facts_of(causes={"ratio": ratio, "interaction": acting})

    one, two = ({item["factor"]: item for item in find_hypotheses(facts)}["interaction"] for facts in (alone, both))

    assert one["predicts"] == "does not matter"
    assert one["text"] == "No pair was seen to act together beyond what another cause says of it."
    assert two["text"].startswith("age and debt act together")


def test_categories_speak_of_their_levels() -> None:
    """The category with most levels is the one that encoding is about."""
    facts = facts_of(causes={"encoding": KEPT})
    town = column_facts(name="town", kind="category", straight=None, distinct=300, rows_per_level=21.3)
    facts["columns"].append(town)
    first = find_hypotheses(facts)[0]
    assert first["text"].startswith("town has 300 levels of 21 training rows on average. Levels held closer")
    assert (first["features"], first["predicts"]) == (["town"], "matters")


def test_a_gain_near_the_margin_is_close() -> None:
    """An interval that holds the smallest gain that matters can go either way."""
    found = find_hypotheses(facts_of(causes={"scale": KEPT | {"gain": 0.006, "ci": [0.001, 0.011]}}))
    assert [item["close"] for item in found] == [cause is SCALE for cause in CAUSES]


def test_few_rows_a_feature_call_for_restraint_and_no_signal_for_nothing() -> None:
    """Thirteen frauds a feature: tuning will matter. Without signal nothing will, and the conclusion says so."""
    assert find_hypotheses(facts_of(ratio=13.2))[-1]["predicts"] == "matters"
    silent = facts_of(signal=False, ratio=13.2)
    found = find_hypotheses(silent)
    assert {item["predicts"] for item in found} == {"does not matter"}
    assert "no cause is expected to matter" in conclude(silent, found)["text"]


def test_facts_become_plain_and_round_once() -> None:
    """Numbers of numpy become Python's, eight digits stay, what is no number is None; a second time changes nothing."""
    facts = {"a": np.float64(1) / 3, "b": [np.int64(2), np.nan, (np.bool_(1), np.inf)], 3: None, "d": "text"}
    once = plain(facts)
    assert once == {"a": 0.33333333, "b": [2, None, [True, None]], "3": None, "d": "text"}
    assert plain(once) == json.loads(json.dumps(once, allow_nan=False)) == once
    assert once["b"][2][0] is True
