"""What a reader can do, each choice with its score and with what its decisions cost and find."""

from collections.abc import Mapping

from pipelines.facts.answer import Choice, Option
from pipelines.facts.compare.decisions import Answers, Decision, Threshold
from pipelines.facts.shared import Interval
from pipelines.facts.steps import Facts

PER = 1000  # rows that costs and decisions are counted per


def options(facts: Facts) -> list[Option]:
    """Return the choices: doing nothing first, then the baseline, the repaired baseline if there is one, the strong."""
    compare, repaired = facts["compare"], facts["reflect"].get("repaired")
    threshold = compare["threshold"]
    scored = {model["role"]: model for model in compare["models"]}
    baseline, strong = scored["baseline"], scored["strong"]
    decided: Mapping[Choice, Decision | None] = {
        "baseline": threshold and threshold["baseline"],
        "repaired": repaired and repaired["threshold"],
        "strong": threshold and threshold["strong"],
    }
    found = _nothing(facts, threshold)
    found.append(_option("baseline", baseline["score"], baseline["ci"], decided["baseline"]))
    if repaired is not None:
        found.append(_option("repaired", repaired["score"], repaired["ci"], decided["repaired"]))
    found.append(_option("strong", strong["score"], strong["ci"], decided["strong"]))
    return found


def _nothing(facts: Facts, threshold: Threshold | None) -> list[Option]:
    """Return what is done without a model: the answer that costs least for all rows, or the constant prediction."""
    dummy = next(model for model in facts["compare"]["models"] if model["role"] == "dummy")
    if threshold is None:
        return [_option("constant", dummy["score"], dummy["ci"], None)]
    none_flagged = threshold["of_nobody"] <= threshold["of_everybody"]
    answers = threshold["strong"]["confusion"]
    positives = (answers["tp"] + answers["fn"]) / _rows(answers)
    return [
        {
            "choice": "none flagged" if none_flagged else "all flagged",
            "score": None, "ci": None,
            "cost": PER * min(threshold["of_nobody"], threshold["of_everybody"]), "cost_ci": None,
            "found": 0.0 if none_flagged else PER * positives,
            "missed": PER * positives if none_flagged else 0.0,
            "false_alarms": 0.0 if none_flagged else PER * (1 - positives),
        }
    ]  # fmt: skip


def _rows(answers: Answers) -> int:
    """Return how many rows were answered."""
    return answers["tp"] + answers["fp"] + answers["fn"] + answers["tn"]


def _option(choice: Choice, score: float | None, ci: Interval | None, decision: Decision | None) -> Option:
    """Return one choice; without costs nothing is decided."""
    option: Option = {
        "choice": choice, "score": score, "ci": ci, "cost": None, "cost_ci": None, "found": None, "missed": None,
        "false_alarms": None,
    }  # fmt: skip
    if decision is not None:
        answers = decision["confusion"]
        rows = _rows(answers)
        option["cost"] = PER * decision["expected_cost"]
        option["cost_ci"] = [PER * end for end in decision["ci"]]
        option["found"] = PER * answers["tp"] / rows
        option["missed"] = PER * answers["fn"] / rows
        option["false_alarms"] = PER * answers["fp"] / rows
    return option
