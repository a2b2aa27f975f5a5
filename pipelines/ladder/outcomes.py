"""What became of step 3's predictions."""

from collections.abc import Mapping, Sequence
from typing import Any

Facts = dict[str, Any]


def hypothesis_facts(eda: Mapping[str, Any], attribution: Sequence[Facts]) -> list[Facts]:
    """Return `{id, factor, outcome, why, close, evidence}` for each hypothesis of step 3.

    `outcome` is "came true", "did not" or "could not be tested".
    """
    by_factor = {item["factor"]: (place, item) for place, item in enumerate(attribution)}
    return [_outcome(hypothesis, *by_factor[hypothesis["factor"]]) for hypothesis in eda["hypotheses"]]


def _outcome(hypothesis: Facts, place: int, factor: Facts) -> Facts:
    name, predicted = hypothesis["factor"], hypothesis.get("predicts", "matters") == "matters"
    common = {
        "id": hypothesis["id"],
        "factor": name,
        "close": bool(factor["close"]),
        "evidence": [{"fact": f"reflect#/attribution/{place}/matters", "value": factor["matters"]}],
    }
    if not factor["applicable"]:
        # What cannot happen was rightly said not to matter.
        outcome = "could not be tested" if predicted else "came true"
        return common | {"outcome": outcome, "why": f"{name} does not apply: {factor['why']}"}
    if factor["undecided"]:
        why = f"the rows are too few: the gain of {name} may be nothing, and may be more than the margin"
        return common | {"outcome": "could not be tested", "why": why}
    if factor["matters"] == predicted:
        return common | {"outcome": "came true", "why": f"{name} {_finding(factor)}"}
    return common | {"outcome": "did not", "why": f"{name} {_finding(factor)}"}


def _finding(factor: Facts) -> str:
    """Return in words what the ladder found."""
    if factor["matters"]:
        return "matters: its gain is beyond chance and reaches the margin"
    if factor["out_of_fold"]["gain"] == 0:
        return "does not matter: the change was tried, and did not lower the loss beyond noise"
    if factor["out_of_fold"]["p_adjusted"] >= 0.05:  # noqa: PLR2004 - the usual level
        return "does not matter: its gain could be chance"
    if factor["out_of_fold"]["gain"] <= 0:
        return "does not matter: it makes the score worse"
    if factor["out_of_fold"]["below_margin"]:
        return "does not matter: its gain is real, but smaller than anyone would act on"
    return "does not matter: the test rows contradict its gain"
