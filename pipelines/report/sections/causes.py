"""The table of causes: what each change gains, whether that was expected, and whether it matters."""

from typing import TypedDict

from pipelines.answer.places import say
from pipelines.facts.claims import Place
from pipelines.facts.reflect.attribution import Attribution
from pipelines.facts.shared import Claim, Pointer
from pipelines.facts.steps import Facts
from pipelines.findings.wording import as_list
from pipelines.report.formats import NOTHING
from pipelines.report.section import Section, View
from pipelines.report.views import told, yes_or_no
from pipelines.report.words import CAUSE_TITLES

EXPECTED = {"matters": "yes", "does not matter": "no"}
REASONS = {
    "nothing": "not kept", "chance": "may be chance", "worse": "a loss", "small": "too small",
    "contradicted": "not on the test rows",
}  # fmt: skip


class Row(TypedDict):
    """One cause in the table."""

    at: Pointer
    title: str  # what the change does
    expected: str  # whether step 3 expected it to matter
    matters: str
    kept: bool  # whether the change was tried and kept
    by_chance: bool  # whether the p-value alone keeps it from mattering


class Outcome(TypedDict):
    """What became of one prediction of step 3, and what the folds say of its cause."""

    at: Pointer
    predicted: Pointer
    cause: Pointer
    kept: bool  # whether the change was tried and kept
    outcome: str  # in words
    matters: str


def kept(item: Attribution) -> bool:
    """Return whether a change that was tried changed anything."""
    return item["gain"] != 0 or item["out_of_fold"]["gain"] != 0


def _reason(item: Attribution) -> str | None:
    """Return why a cause that was tried does not matter, as step 7 says it; None where it does, or may."""
    from pipelines.findings.idle import why_not  # imports SciPy, which a page that is only listed does not need

    return why_not(item) if item["applicable"] and not item["matters"] and not item["undecided"] else None


def too_small(item: Attribution) -> bool:
    """Return whether a cause is beyond chance, and smaller than is worth acting on."""
    return _reason(item) == "small"


def by_chance(item: Attribution) -> bool:
    """Return whether a cause reaches the margin over the folds and may be chance all the same."""
    return _reason(item) == "chance" and not item["out_of_fold"]["below_margin"]


def _judgement(item: Attribution) -> str:
    """Return whether a cause matters, and if not why not."""
    said, reason = yes_or_no(item), _reason(item)
    if item["undecided"] and kept(item) and not item["matters"]:
        return "undecided: too few rows"
    return said if reason is None else f"{said}: {REASONS[reason]}"


def _rows(facts: Facts) -> list[Row]:
    """Return the causes that there was something to try for."""
    expected = {one["factor"]: EXPECTED[one["predicts"]] for one in facts["eda"]["hypotheses"]}
    return [
        {
            "at": f"reflect#/attribution/{place}", "title": CAUSE_TITLES[item["factor"]],
            "expected": expected.get(item["factor"], NOTHING), "matters": _judgement(item),
            "kept": kept(item), "by_chance": by_chance(item),
        }
        for place, item in enumerate(facts["reflect"]["attribution"])
        if item["applicable"]
    ]  # fmt: skip


def _small(facts: Facts) -> Claim | None:
    """Return the causes whose gain is real and too small to act on, in one sentence."""
    found = [place for place, item in enumerate(facts["reflect"]["attribution"]) if too_small(item)]
    if not found:
        return None
    pool: dict[str, Place] = {f"cause{place}": (f"reflect#/attribution/{place}/factor", "") for place in found}
    listed = as_list([f"{{cause{place}}}" for place in found])
    margin: Place = ("metric#/margin", "g")
    gains = "The gain" if len(found) == 1 else "The gains"
    are = "is" if len(found) == 1 else "are"
    template = f"{gains} of {listed} {are} real, but smaller than the margin of {{margin}}."
    return say("small", template, facts, margin=margin, **pool)


def _surprises(facts: Facts) -> Claim | None:
    """Return what came out other than step 3 expected, or that all was expected; None where some of it is open."""
    outcomes = facts["reflect"]["hypotheses"]
    found = [place for place, item in enumerate(outcomes) if item["outcome"] == "did not"]
    if found:
        pool: dict[str, Place] = {f"cause{place}": (f"reflect#/hypotheses/{place}/factor", "") for place in found}
        listed = as_list([f"{{cause{place}}}" for place in found])
        return say("surprises", f"Before any model was scored, the opposite was expected of {listed}.", facts, **pool)
    if outcomes and all(item["outcome"] == "came true" for item in outcomes):
        return say("surprises", "All of this was expected before any model was scored.", facts)
    return None


def _outcome(outcome: str, cause: Attribution) -> str:
    """Return what became of a prediction, in words."""
    if outcome == "came true" and not cause["applicable"]:
        return "came true (nothing to test)"
    return "did not come true" if outcome == "did not" else outcome


def _outcomes(facts: Facts) -> list[Outcome]:
    """Return the predictions of step 3 with what became of them."""
    predicted = {item["id"]: place for place, item in enumerate(facts["eda"]["hypotheses"])}
    causes = {item["factor"]: place for place, item in enumerate(facts["reflect"]["attribution"])}
    found: list[Outcome] = []
    for place, outcome in enumerate(facts["reflect"]["hypotheses"]):
        cause = facts["reflect"]["attribution"][causes[outcome["factor"]]]
        found.append({
            "at": f"reflect#/hypotheses/{place}",
            "predicted": f"eda#/hypotheses/{predicted[outcome['id']]}",
            "cause": f"reflect#/attribution/{causes[outcome['factor']]}",
            "kept": cause["applicable"] and kept(cause),
            "outcome": _outcome(outcome["outcome"], cause),
            "matters": yes_or_no(cause),
        })  # fmt: skip
    return found


def _view(facts: Facts) -> View:
    items = [(f"reflect#/attribution/{place}", item) for place, item in enumerate(facts["reflect"]["attribution"])]
    return {
        "rows": _rows(facts),
        "small": _small(facts),
        "undecided": told(facts, "undecided"),
        "surprises": _surprises(facts),
        "outcomes": _outcomes(facts),
        "rivals": [at for at, item in items if "explained_by" in item],
        "close": [at for at, item in items if item["close"]],
    }


CAUSES = Section("causes", "reflect", _view, ("reflect#/attribution",))
