"""Whether test rows look like training rows."""

from typing import TYPE_CHECKING

from pipelines.answer.places import say
from pipelines.facts.claims import Place
from pipelines.facts.shared import Claim
from pipelines.facts.steps import Facts
from pipelines.findings.wording import as_list
from pipelines.report.section import Picture, Section, View
from pipelines.report.sections.split_leaks import share

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WHERE, AUC, NAMED = "eda#/drift", ".3f", 3
CHANCE = 0.5  # the ROC AUC of a model that distinguishes nothing
ALIKE = (
    "A model that tries to distinguish test rows from training rows reaches ROC AUC {auc} {ci}: "
    "no sign that they differ."
)
LITTLE = (
    "A model that tries to distinguish test rows from training rows reaches ROC AUC {auc} {ci}: they differ a little, "
    "less than the {threshold} that is called drift."
)
DIFFER = "Test rows differ from training rows: a model distinguishes them with ROC AUC {auc} {ci}, above {threshold}"


def _draw(facts: Facts) -> "Figure":
    from pipelines.report.figures.eda import draw_drift

    return draw_drift(facts)


def little(facts: Facts) -> bool:
    """Return whether test rows differ from training rows beyond chance, and by less than is called drift."""
    drift = facts["eda"]["drift"]
    return not drift["drifted"] and drift["ci"][0] > CHANCE


def _sentence(facts: Facts) -> Claim:
    drift = facts["eda"]["drift"]
    pool: dict[str, Place] = {
        "auc": (f"{WHERE}/auc", AUC), "ci": (f"{WHERE}/ci", AUC), "threshold": (f"{WHERE}/threshold", "g"),
    }  # fmt: skip
    if not drift["drifted"]:
        return say("drift", LITTLE if little(facts) else ALIKE, facts, **pool)
    named = range(len(drift["features"][:NAMED]))
    for place in named:
        at = f"{WHERE}/features/{place}"
        pool |= {f"feature{place}": (f"{at}/feature", ""), f"share{place}": (f"{at}/share", share)}
    most = as_list([f"{{feature{place}}} ({{share{place}}})" for place in named] or [""])
    by = f", mostly by {most}" if named else ""
    return say("drift", f"{DIFFER}{by}.", facts, **pool)


def _view(facts: Facts) -> View:
    drift = facts["eda"]["drift"]
    alike = "Test rows differ a little from training rows" if little(facts) else "Test rows look like training rows"
    title = "Test rows differ from training rows" if drift["drifted"] else alike
    return {"sentence": _sentence(facts), "title": title, "drifted": drift["drifted"], "close": drift["close"]}


DRIFT = Section("drift", "eda", _view, ("eda#/drift",), pictures=(Picture("3-drift", _draw, "eda#/drift"),))
