"""Whether a column gives the target away: models fitted again without the suspects, and without the strongest one."""

from pipelines.answer.places import every, say
from pipelines.facts.claims import Place
from pipelines.facts.pointer import has
from pipelines.facts.shared import Claim
from pipelines.facts.steps import Facts
from pipelines.findings.wording import as_list, gain_form, score_form
from pipelines.report.section import Section, View

VERDICT = "reflect#/leak_verdict"
STRONGEST = (
    "No column is suspected of giving the target away. Without the strongest one, {feature}, a quick model goes from "
    "{metric} {with_it} to {without}."
)
NONE = "No column is suspected of giving the target away."
NOTHING = "There is no outcome that a column could give away."


def _sentence(facts: Facts) -> Claim:
    """Return what is left without the suspects; where there are none, without the strongest column."""
    verdict, found = facts["reflect"]["leak_verdict"], facts["reflect"]["leakage"]
    score, gain = score_form(facts), gain_form(facts)
    if verdict is None:
        where = "reflect#/leakage/0"
        pool: dict[str, Place] = {
            "feature": (f"{where}/feature", ""), "metric": ("metric#/label", ""),
            "with_it": (f"{where}/score_with", score), "without": (f"{where}/score_without", score),
        }  # fmt: skip
        if not has(facts, "eda#/target/spread"):
            return say("leaks", NOTHING, facts)
        return say("leaks", STRONGEST if found else NONE, facts, **pool)
    names = every(f"{VERDICT}/features", len(verdict["features"]))
    return say(
        "leaks",
        f"Without {as_list([f'{{{name}}}' for name in names])} the lead over the baseline goes from {{lead}} to "
        "{left} {ci}, and the score of a quick model from {metric} {with_it} to {without}.",
        facts,
        **names, metric=("metric#/label", ""), with_it=(f"{VERDICT}/score_with", score),
        without=(f"{VERDICT}/score_without", score), lead=(f"{VERDICT}/gain_with", gain),
        left=(f"{VERDICT}/gain_without", gain), ci=(f"{VERDICT}/ci", gain),
    )  # fmt: skip


def _view(facts: Facts) -> View | None:
    if "forecast" in facts["define"]:  # what forecasts see of the future has a section of its own
        return None
    verdict, found = facts["reflect"]["leak_verdict"], facts["reflect"]["leakage"]
    refitted = {item["feature"] for item in found}
    suspected = facts["eda"]["leak_suspects"]
    return {
        "sentence": _sentence(facts),
        "suspects": verdict is not None,
        "several": verdict is not None and len(verdict["features"]) > 1,
        "is_the_gain": verdict is not None and verdict["is_the_gain"],
        "rows": [(f"reflect#/leakage/{place}", item["suspect"]) for place, item in enumerate(found)],
        "others": [f"eda#/leak_suspects/{i}" for i, one in enumerate(suspected) if one["feature"] not in refitted],
        "logarithm": facts["define"]["target_scale"] == "log",
    }


LEAKS = Section("leaks", "reflect", _view, ("reflect#/claims",))
