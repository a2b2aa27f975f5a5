"""Answers to facts that were made to mislead: shares beyond the whole, gains that the test rows do not have, limits."""

import re

import pytest
from conftest import Facts
from sample_facts import told_again
from situations import situation, with_drift

from pipelines.answer.answer import answer, answered
from pipelines.answer.standing import standing
from pipelines.report.pages.overview import render_overview, summary
from pipelines.report.pages.report import BESIDE, render_beside, render_report
from pipelines.report.spoken.ship import ship


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
    assert ("one simple change" in text) == linear


def test_what_a_linear_model_reaches_is_counted_from_the_rung_below() -> None:
    """The gain of a change is not that of the changes before it, and codes are a part of what ranks gain alone."""
    facts = with_one_cause(situation("binary", "better"), "scale", 0.1, 0.4)
    rungs = {one["rung"]: one for one in facts["reflect"]["ladder"]}
    rungs["missingness"]["test_score"] = 0.788
    encoded = with_one_cause(situation("binary", "better"), "encoding", 0.1, 0.4)

    assert "goes from ROC AUC 0.788 to 0.888" in answer(facts, {})["finding"]["text"]
    assert "look like codes" in answer(facts, {})["finding"]["text"]
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
    assert "raw values explain" not in text


def test_more_than_the_whole_gain_is_said_so() -> None:
    """A change may gain more than is left in the end, since others lose a part of it again."""
    text = pages(with_one_cause(situation("binary", "better"), "scale", 0.4, 1.46))

    assert "All of the gain, and more, comes from one simple change" in text
    assert "all of the gain and more (0.400 of 0.272)" in text
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
    assert " gains " in text


def with_difference(facts: Facts, value: float, *ci: float) -> Facts:
    """Return the facts with that difference of the strong model from the baseline."""
    facts["compare"]["difference"] |= {"value": value, "ci": list(ci)}
    return facts


@pytest.mark.parametrize("ends", [(0.001, 0.007), (-0.007, -0.001)])
def test_an_undecided_difference_that_excludes_zero_is_not_called_nothing(ends: tuple[float, float]) -> None:
    """Beyond chance and perhaps too small to act on: that is undecided as well, and another sentence."""
    text = pages(with_difference(situation("binary", "underpowered"), sum(ends) / 2, *ends))

    assert "is beyond chance, but may be too small to act on" in text
    assert not re.search(r"(difference|it) may be (zero|nothing)", text)
    assert "no number of test rows" not in text or "by enough" in text


def test_an_end_of_an_interval_above_zero_is_not_said_to_be_zero() -> None:
    """Rounded speech keeps the digits that exclude zero."""
    text = pages(with_difference(situation("binary", "better"), 0.02, 0.00003, 0.04))

    assert "from 0.000030 to 0.040" in text
    assert "from 0.0000 to" not in text


def with_decisions(facts: Facts, threshold: float, **answers: int) -> Facts:
    """Return the facts as they would be if the strong model's decisions had that threshold and those answers."""
    decided = facts["compare"]["threshold"]
    decided["strong"] |= {"threshold": threshold, "confusion": answers}
    rows = sum(answers.values())
    decided["strong"]["expected_cost"] = (50 * answers["fp"] + 1200 * answers["fn"]) / rows
    flagged = (answers["tp"] + answers["fp"]) / rows
    for column in facts["reflect"]["people"]:
        column["threshold"] = threshold
        for group in column["groups"]:
            group["flagged"] |= {"value": flagged, "ci": [flagged, flagged]}
    return facts


@pytest.mark.parametrize(
    ("threshold", "answers", "costs", "said"),
    [
        (1.0, {"tp": 0, "fp": 0, "fn": 64, "tn": 938}, "none", "is 0 % in each of its groups"),
        (0.0, {"tp": 64, "fp": 938, "fn": 0, "tn": 0}, "all", "is 100 % in each of its groups"),
    ],
)
def test_decisions_that_flag_all_or_none(threshold: float, answers: dict[str, int], costs: str, said: str) -> None:
    """No probability to act from is stated that no row reaches or every row does; groups are not ranked where alike."""
    facts = with_decisions(situation("binary", "better"), threshold, **answers)
    nothing = facts["compare"]["threshold"]
    nothing["of_nobody"], nothing["of_everybody"] = (76.6, 90.0) if costs == "none" else (90.0, 46.8)
    text = pages(facts)

    assert "ct from a predicted probability of" not in text
    assert "acting from" not in text
    assert "costs no more than its decisions: " in text
    assert said in text
    assert ("No row is decided positive" in text) == (costs == "none")


def test_a_saving_below_zero_is_a_cost() -> None:
    """Decisions that cost more beyond chance are not said to save what may be nothing."""
    facts = situation("binary", "better")
    for key in ("saving", "saving_per_thousand"):
        facts["compare"]["threshold"][key] |= {"value": -500.0, "ci": [-900.0, -100.0]}
    facts["compare"]["complexity"]["worth"] = "costs more"
    text = pages(facts)

    assert "which may be nothing" not in text
    assert "its decisions cost more" in text
    assert "costs more: a saving of -500 USD" in text


def test_a_tie_that_saves_money_says_so() -> None:
    """The score decides what to keep; that decisions would save all the same is not left out, nor is it denied."""
    facts = situation("binary", "tie")
    facts["compare"]["complexity"]["worth"] = "no gain"
    text = pages(facts)

    assert "decisions would save all the same, 32,984 [26,906, 39,062] USD" in text
    assert "By ROC AUC the strong model is not worth" in text
    assert "changes nothing that is worth acting on" not in text


def test_the_strong_model_may_be_behind_the_repaired_baseline() -> None:
    """It adds nothing then, and its decisions cost more."""
    facts = situation("binary", "better", "repaired")
    facts["reflect"]["repaired"]["strong_adds"] = {"value": -0.02, "ci": [-0.03, -0.01], "p_value": 0.001}
    facts["reflect"]["repaired"]["strong_saves_per_thousand"] |= {"value": -9.0, "ci": [-13.0, -5.0]}
    text = answer(facts, {})["worth"]["text"]

    assert text.startswith("The strong model scores worse than the repaired baseline")
    assert "its decisions cost more, a saving of -9.00 [-13.00, -5.00] USD" in text


@pytest.mark.parametrize(("gain", "said"), [(0.0048, "0.0048"), (0.00496, "0.00496"), (0.0031, "0.003")])
def test_rounding_does_not_lift_a_gain_to_the_margin(gain: float, said: str) -> None:
    """What is less than the margin of 0.005 does not read as 0.005."""
    facts = situation("binary", "better")
    more = facts["reflect"]["headroom"]["more_rows"]
    more["pays"] = False
    more["times"][0]["gain"] = gain
    effects = facts["reflect"]["controls"]["shuffled"]["attribution"]
    for place, item in enumerate(effects):
        item |= {"gain": gain if place == 0 else 0.0, "p_adjusted": 0.6}
    text = pages(facts)

    assert f"Twice the rows promise {said}, less than the margin of 0.005" in text
    assert f"Nothing reached the margin of 0.005; the largest effect was encoding with {said}" in text


def test_a_control_may_reach_the_margin_by_chance() -> None:
    """A gain on the shuffled target that is not beyond chance passes; it is not said to be below the margin."""
    facts = situation("binary", "better")
    facts["reflect"]["controls"]["shuffled"]["attribution"][0] |= {"gain": 0.012, "p_adjusted": 0.6}
    text = pages(facts)

    assert "Nothing reached the margin" not in text
    assert "Nothing was beyond chance; the largest effect was encoding with 0.012" in text


def test_a_little_drift_is_the_same_everywhere() -> None:
    """Rows that differ a little are not said to be alike in the picture's title or in the interview."""
    facts = situation("binary", "better")
    facts["eda"]["drift"] |= {"auc": 0.53, "ci": [0.51, 0.548], "drifted": False}
    text = pages(facts)

    assert "**Test rows differ a little from training rows**" in text
    assert "no sign that they differ" not in text


@pytest.mark.parametrize(("kind", "said"), [("time", "Fit it again on the latest rows"), ("random", "Find out why")])
def test_a_bias_is_not_always_one_of_time(kind: str, said: str) -> None:
    """Of rows that were drawn at random there are no latest ones, and nothing says that a level has changed."""
    facts = situation("regression", "better", "too low")
    facts["define"]["split"]["kind"] = kind
    facts["compare"]["difference"]["nadeau_bengio"] = None
    text = " ".join(claim["text"] for claim in answer(facts, {})["advice"])

    assert f"{said} first: on the test rows its predictions are off in one direction." in text
    assert "level has changed" not in pages(facts)


def test_of_the_repaired_baseline_no_bias_is_known() -> None:
    """The mean error is the strong model's."""
    facts = situation("regression", "better", "too low", "repaired")
    assert answer(facts, {})["action"] == "use the repaired"
    assert not [claim for claim in answer(facts, {})["advice"] if claim["id"] == "watch"]


def test_a_broken_promise_is_not_rounded_to_a_kept_one() -> None:
    """Of 90 % that are promised, 89.6 % [89.3 %, 89.96 %] are too few, and read so."""
    facts = situation("regression", "better", "intervals broken")
    for model in facts["compare"]["intervals"]["models"]:
        for level in model["levels"]:
            level |= {"coverage": 0.8964, "ci": [0.8931, 0.8996]}
    said = {claim["id"]: claim["text"] for claim in answer(facts, {})["caveats"]}["intervals_broken"]

    assert "hold too few of the test rows: 89.64% [89.31%, 89.96%]" in said


def test_failed_controls_leave_no_cause_anywhere() -> None:
    """The picture's title does not say that nothing matters while its bars do, and the overview names no cause."""
    facts = answered(situation("binary", "better", "controls failed"))
    text = render_report(facts).markdown
    overview = render_overview([summary(facts)]).markdown

    assert "no change matters" not in text
    assert "no cause is to be trusted" in text
    assert "| controls failed |" in overview
    assert "| scale 0.220 |" not in overview


def test_a_kept_baseline_may_cost_more_than_no_model() -> None:
    """Where flagging no row costs no more than the baseline's decisions, the advice to keep it says so."""
    facts = situation("binary", "tie")
    facts["compare"]["threshold"]["of_nobody"] = facts["compare"]["threshold"]["baseline"]["expected_cost"] - 1
    text = pages(facts)

    assert "Keep the baseline" in text
    assert "But flagging no row costs no more than its decisions: " in text
    assert "But to flag all rows, or none, costs no more than its decisions." in text
    facts["compare"]["threshold"] |= {"of_nobody": 99.0, "of_everybody": 99.0}
    assert "costs no more than its decisions" not in pages(facts)


def test_a_kept_baseline_may_be_off_as_well() -> None:
    """The caveat names both models where both predict too low, and the one that is kept is looked at first."""
    facts = situation("regression", "tie", "too low")
    both = answer(facts, {})
    for one in facts["compare"]["residuals"]:
        if one["model"] == "baseline":
            one["mean"] = {"value": 0.001, "ci": [-0.01, 0.012]}
    alone = answer(facts, {})
    caveats = [{claim["id"]: claim["text"] for claim in found["caveats"]}["biased"] for found in (both, alone)]
    watched = [[claim["id"] for claim in found["advice"]].count("watch") for found in (both, alone)]

    assert caveats[0].startswith("Both models predict too low on the test rows")
    assert caveats[1].startswith("The strong model predicts too low on the test rows")
    assert watched == [1, 0]


def test_a_change_that_loses_on_the_test_rows_is_not_the_largest() -> None:
    """A picture's title does not call it a gain; in a tie as well."""
    facts = with_one_cause(situation("binary", "tie"), "scale", -0.4, -0.5)
    text = render_report(answered(told_again(facts))).markdown

    assert "**The change that matters over the folds, scale, has -0.400 on the test rows**" in text


def test_a_title_stands_only_where_its_column_is_meant() -> None:
    """A column's name may be a word of the sentence, a part of one, a cause, or a part of another column's title."""
    facts = with_drift(situation("binary", "better"))
    facts["eda"]["drift"]["features"] = [{"feature": "rows", "share": 0.5}, {"feature": "age", "share": 0.3}]
    titles = {"rows": "Number of rows", "age": "Years of age", "scale": "Scale of pay", "utilization": "Use of scale"}
    facts["reflect"]["slices"] = [
        {"where": "utilization is above 3 and scale is low", "rows": 100, "difference": -0.02, "ci": [-0.03, -0.01],
         "better": "baseline"}
    ]  # fmt: skip
    facts["answer"] = answer(told_again(facts), titles)
    text = render_report(facts).markdown

    assert "Test rows differ from training rows" in text
    assert "percentYears" not in text
    assert "AverYears" not in text
    assert "Years of age (30 %)" in text
    assert "Largest cause: scale, 81 % of the gain" in text
    assert "Use of scale is above 3 and Scale of pay is low" in text


def test_a_constant_may_be_beaten_without_a_lead_over_the_baseline() -> None:
    """The verdict is then about the constant; no change has a share of a lead that the test rows do not show."""
    facts = with_difference(situation("binary", "better", "behind a constant"), -0.01, -0.03, 0.01)
    for item in facts["reflect"]["attribution"]:
        item["share"] = None
    text = pages(facts)

    assert "Over the folds scale gains" in text
    assert "of the lead over the baseline" not in text


def test_a_broken_promise_reads_broken_on_all_pages() -> None:
    """The section, its picture's title and the interview keep the decimals that show it."""
    facts = situation("regression", "better", "intervals broken")
    for model in facts["compare"]["intervals"]["models"]:
        for level in model["levels"]:
            level |= {"coverage": 0.8964, "ci": [0.8931, 0.8996]}
    text = pages(facts)

    assert "**do not hold their promise** (89.64 % [89.31 %, 89.96 %])" in text
    assert "**90 % are promised, 89.64 % of the values lie inside**" in text
    assert "and 89.6 % of the test rows do." in text


@pytest.mark.parametrize("verdict", ["tie", "worse", "underpowered"])
def test_the_overview_names_no_cause_where_there_is_no_gain(verdict: str) -> None:
    """A change may matter over the folds although the strong model is not shown to be better."""
    facts = answered(situation("binary", verdict))
    overview = render_overview([summary(facts)]).markdown

    assert "| none is shown |" in overview
    assert "| scale 0.220 |" in render_overview([summary(answered(situation("binary", "better")))]).markdown


@pytest.mark.parametrize(("kind", "said"), [("time", "fit it again on the latest rows"), ("random", "find out why")])
def test_a_bias_is_said_with_the_advice_to_ship(kind: str, said: str) -> None:
    """Aloud as on the page."""
    facts = situation("regression", "better", "too low")
    facts["define"]["split"]["kind"] = kind
    facts["compare"]["difference"]["nadeau_bengio"] = None
    facts = answered(facts)

    assert f"But it is off in one direction: first I would {said}." in ship(facts)["text"]


def test_small_shares_of_groups_do_not_read_alike() -> None:
    """Flagged shares of 0.1 % and 0.4 % are not both said to be zero."""
    facts = situation("binary", "better")
    for place, group in enumerate(facts["reflect"]["people"][0]["groups"]):
        group["flagged"] |= {"value": 0.001 + 0.001 * place, "ci": [0.0, 0.01]}

    assert "goes from 0.10 % to 0.50 %" in render_beside("interview", answered(facts))


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("folds disagree",), "is not confirmed over the folds and seeds."),
        (("unstable",), "is not confirmed over the folds and seeds."),
        (("no saving",), "may save nothing."),
    ],
)
def test_what_is_not_worth_its_bytes_says_why(names: tuple[str, ...], said: str) -> None:
    """A difference that excludes zero is no reason; that folds or seeds do not confirm it is."""
    text = answer(situation("binary", "better", *names), {})["worth"]["text"]

    assert text.startswith("The strong model is not shown to be worth")
    assert text.endswith(said)


def test_decisions_that_cost_the_same_save_nothing() -> None:
    """Two models that flag the same rows save zero, which is no interval of zeros that may be nothing."""
    facts = situation("binary", "better", "no saving")
    for key in ("saving", "saving_per_thousand"):
        facts["compare"]["threshold"][key] |= {"value": 0.0, "ci": [0.0, 0.0]}

    assert answer(facts, {})["worth"]["text"].endswith("its decisions cost as much as the baseline's.")


def test_one_repeated_row_of_many_is_said_in_the_singular_and_not_as_none() -> None:
    """One test row of eighty thousand is no 0.0 %."""
    facts = situation("binary", "better")
    facts["eda"]["duplicates"] |= {"suspect": True, "test_rows": 1, "share": 1 / 80_000, "same_target": 1.0}
    said = {claim["id"]: claim["text"] for claim in answer(facts, {})["caveats"]}["across_split"]

    assert said.startswith("1 test row (0.001%) has the same features as a training row")
