"""What a reader can do: each choice with its score, and with what it costs where errors have a price."""

from pipelines.facts.answer import Choice
from pipelines.facts.steps import Facts
from pipelines.report.section import Section, View
from pipelines.report.spoken.speech import without_outcome
from pipelines.targets import TARGETS

NAMES: dict[Choice, str] = {
    "none flagged": "Flag none", "all flagged": "Flag all", "baseline": "Baseline", "repaired": "Repaired baseline",
    "strong": "Strong model",
}  # fmt: skip
APART = "One normal distribution a column"  # the constant of densities


def _view(facts: Facts) -> View:
    average = TARGETS[facts["define"]["task"]].words.average
    names = NAMES | {"constant": APART if without_outcome(facts) else f"Predict the {average}"}
    found = facts["answer"]["options"]
    return {
        "rows": [(f"answer#/options/{i}", names[option["choice"]]) for i, option in enumerate(found)],
        "logarithm": facts["define"]["target_scale"] == "log",
        "costs": any(option["cost"] is not None for option in found),
    }


OPTIONS = Section("options", "reflect", _view, ("answer#/options",))
