"""What became of step 3's predictions."""

from collections.abc import Sequence

from pipelines.facts.eda import EdaFacts
from pipelines.facts.eda.expected import Hypothesis
from pipelines.facts.pointer import given
from pipelines.facts.reflect.attribution import Attribution, HypothesisOutcome, Outcome


def hypothesis_facts(eda: EdaFacts, attribution: Sequence[Attribution]) -> list[HypothesisOutcome]:
    """Return what became of each hypothesis of step 3."""
    by_cause = {item["factor"]: (place, item) for place, item in enumerate(attribution)}
    return [_outcome(hypothesis, *by_cause[hypothesis["factor"]]) for hypothesis in eda["hypotheses"]]


def _outcome(hypothesis: Hypothesis, place: int, cause: Attribution) -> HypothesisOutcome:
    outcome, why = _judged(cause, predicted=hypothesis["predicts"] == "matters")
    return {
        "id": hypothesis["id"],
        "factor": hypothesis["factor"],
        "close": cause["close"],
        "evidence": [{"fact": f"reflect#/attribution/{place}/matters", "value": cause["matters"]}],
        "outcome": outcome,
        "why": why,
    }


def _judged(cause: Attribution, *, predicted: bool) -> tuple[Outcome, str]:
    """Return what became of a prediction that a cause matters, or does not, and why."""
    name = cause["factor"]
    if not cause["applicable"]:
        # What cannot happen was rightly said not to matter.
        return ("could not be tested" if predicted else "came true"), f"{name} does not apply: {cause['why']}"
    if cause["undecided"]:
        why = f"the rows are too few: the gain of {name} may be nothing, and may be more than the margin"
        return "could not be tested", why
    return ("came true" if cause["matters"] == predicted else "did not"), f"{name} {_finding(cause)}"


def _finding(cause: Attribution) -> str:
    """Return in words what the ladder found."""
    if cause["matters"]:
        return "matters: its gain is beyond chance and reaches the margin"
    if cause["out_of_fold"]["gain"] == 0:
        return "does not matter: the change was tried, and did not lower the loss beyond noise"
    if given(cause["out_of_fold"]["p_adjusted"]) >= 0.05:  # noqa: PLR2004 - the usual level
        return "is not shown to matter: what it changes could be chance"
    if cause["out_of_fold"]["gain"] <= 0:
        return "does not matter: it makes the score worse"
    if cause["out_of_fold"]["below_margin"]:
        return "does not matter: its gain is real, but smaller than the margin"
    return "does not matter: the test rows contradict its gain"
