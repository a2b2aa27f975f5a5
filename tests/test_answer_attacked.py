"""Answers to facts that were made to mislead: shares beyond the whole, gains that the test rows do not have, limits."""

import re

import pytest
from conftest import Facts
from sample_facts import told_again
from situations import situation

from pipelines.answer.answer import answer, answered
from pipelines.answer.standing import standing
from pipelines.report.pages.report import BESIDE, render_beside, render_report


def pages(facts: Facts) -> str:
    """Return the report and the pages beside it, one after the other."""
    facts = answered(told_again(facts))
    return "\n\n".join([render_report(facts).markdown, *(render_beside(name, facts) for name in BESIDE)])


def with_one_cause(facts: Facts, factor: str, gain: float, share: float) -> Facts:
    """Return the facts as they would be if one change alone mattered, with that gain on the test rows."""
    for item in facts["reflect"]["attribution"]:
        item["matters"] = item["factor"] == factor
        if item["matters"]:
            item |= {
                "applicable": True, "gain": gain, "ci": [gain - 0.05, gain + 0.05], "share": share,
                "confirmed": gain > 0.05,
            }  # fmt: skip
    return facts


@pytest.mark.parametrize("kind", ["binary", "multiclass", "regression"])
@pytest.mark.parametrize("factor", ["encoding", "missingness", "scale", "shape", "ratio", "interaction", "tuning"])
def test_any_cause_may_be_the_largest(kind: str, factor: str) -> None:
    """Each change can be the one that has most of the gain, the strong model's lead over the last rung as well."""
    facts = with_one_cause(situation(kind, "better"), factor, 0.2, 0.7)
    text = answer(facts, {})["finding"]["text"]

    assert text.startswith("70% of the gain")
    linear = factor in ("encoding", "missingness", "scale") or (factor == "ratio" and kind == "regression")
    assert ("needs no complex model" in text) == linear


def test_what_a_linear_model_reaches_is_counted_from_the_rung_below() -> None:
    """The gain of a change is not that of the changes before it, and codes are a part of what ranks gain alone."""
    facts = with_one_cause(situation("binary", "better"), "scale", 0.1, 0.4)
    rungs = {one["rung"]: one for one in facts["reflect"]["ladder"]}
    rungs["missingness"]["test_score"] = 0.788
    encoded = with_one_cause(situation("binary", "better"), "encoding", 0.1, 0.4)

    assert "goes from ROC AUC 0.788 to 0.888" in answer(facts, {})["finding"]["text"]
    assert "are codes" in answer(facts, {})["finding"]["text"]
    assert "codes" not in answer(encoded, {})["finding"]["text"]


def test_after_a_bend_nothing_is_said_of_a_linear_model() -> None:
    """Ratios come after curves on the ladder: where curves were kept, the model that they join is no linear one."""
    text = answer(with_one_cause(situation("binary", "better"), "ratio", 0.1, 0.4), {})["finding"]["text"]

    assert "linear" not in text
    assert "comes from ratio" in text


@pytest.mark.parametrize(("gain", "share"), [(-0.004, -0.03), (0.0005, 0.002)])
def test_what_the_test_rows_do_not_have_is_no_part_of_the_gain(gain: float, share: float) -> None:
    """The folds decide what matters; where the test rows have nothing of it, no sentence credits it with the gain."""
    text = pages(with_one_cause(situation("binary", "better"), "scale", gain, share))

    assert not re.search(r"\D-\d+ %|[^\d.]0 % of the", text)
    assert "on the test rows" in text
    assert "there no single change is shown to explain the gain" in text


def test_more_than_the_whole_gain_is_said_so() -> None:
    """A change may gain more than is left in the end, since others lose a part of it again."""
    text = pages(with_one_cause(situation("binary", "better"), "scale", 0.4, 1.46))

    assert "All of the gain, and more, needs no complex model" in text
    assert "all of the gain and more (0.400 of 0.273)" in text
    assert "146 %" not in text


@pytest.mark.parametrize(("verdict", "share"), [("tie", 5.3), ("underpowered", 2.0), ("better", 1.23)])
def test_no_share_of_a_gain_that_is_none_or_smaller(verdict: str, share: float) -> None:
    """In a tie there is no gain to have a share of; a repaired baseline may have more than all."""
    facts = situation("binary", verdict, "repaired")
    facts["reflect"]["repaired"]["share"] = share
    text = pages(facts)

    assert not re.search(r"[1-9]\d\d % of", text)
    assert "I would keep the simple one" not in text
    if verdict != "better":
        assert "has all of the gain" not in text


def test_no_repaired_baseline_that_a_constant_beats() -> None:
    """Where the baseline loses to a constant, the repaired one is advised only if it is shown to beat that one."""
    facts = situation("binary", "tie", "behind a constant", "repaired")
    useful = standing(facts).repair
    dummy = next(one for one in facts["compare"]["models"] if one["role"] == "dummy")
    facts["reflect"]["repaired"] |= {
        "score": dummy["score"] + 0.001,
        "ci": [dummy["score"] - 0.01, dummy["score"] + 0.01],
    }
    useless = standing(facts).repair

    assert useful is not None and useful.better  # noqa: PT018 -- the second says nothing without the first
    assert useless is not None and not useless.better  # noqa: PT018
    assert answer(facts, {})["action"] == "use neither"


@pytest.mark.parametrize(("verdict", "ci"), [("better", [-0.08, -0.02]), ("worse", [0.02, 0.08])])
def test_folds_that_say_the_opposite_disagree(verdict: str, ci: list[float]) -> None:
    """An interval of the folds wholly on the other side of zero speaks against the verdict more than one around it."""
    facts = situation("binary", verdict)
    facts["compare"]["difference"]["nadeau_bengio"] = {"value": sum(ci) / 2, "ci": ci, "p_value": 0.01}

    assert standing(facts).folds_disagree
    said = {claim["id"]: claim["text"] for claim in answer(facts, {})["caveats"]}
    assert "which says the opposite of the test rows" in said["folds_disagree"]


def test_an_error_that_grows_is_no_move_downwards() -> None:
    """Of an error a positive difference is a gain, so no sentence says that the metric itself moves by it."""
    text = answer(situation("regression", "tie"), {})["finding"]["text"]

    assert "moves" not in text
    assert "where above zero is better" in text
