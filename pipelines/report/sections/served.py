"""The model in use: what answers raw rows, what a row needs, and whether answers are the build's predictions."""

from pipelines.answer.places import model, say
from pipelines.facts.claims import Place
from pipelines.facts.serving import Sent, ServingFacts
from pipelines.facts.shared import Claim
from pipelines.facts.steps import Facts
from pipelines.report.section import Section, View

WHERE = "serving#"
SAME = (
    "All {rows} test rows were sent to it as raw rows, in requests of {batch} and one by one, and every answer was the "
    "prediction that the build made, bit by bit."
)
NOT_SAME = (
    "{sent} raw test rows were sent to it, and {equal} answers were the prediction that the build made, bit by bit. "
    "**The others were not: it should not be used before that is explained.**"
)
PART = (
    "{sent} raw test rows were sent to it, in requests of {batch} or one by one, and every answer was the prediction "
    "that the build made, bit by bit."
)
PREDICTED, PLACED = (
    "the prediction that the build made",
    "the group and the answer that the build's groups give the row",
)
NEEDS = "A row needs {count} columns; a value may be missing in {may} of them."
NONE_MISSING = "A row needs {count} columns, and no value may be missing."


def parity(facts: Facts) -> Claim:
    """Return whether the served strong model answers as the build predicted."""
    served = facts["serving"]
    pool: dict[str, Place] = {
        "rows": (f"{WHERE}/test_rows", ",.0f"),
        "batch": (f"{WHERE}/batch_rows", ",.0f"),
        "sent": (f"{WHERE}/models/0/batched/sent", ",.0f"),
        "equal": (f"{WHERE}/models/0/batched/equal", ",.0f"),
    }
    looks: list[tuple[str, Sent]] = []
    for place, one in enumerate(served["models"]):
        at = f"{WHERE}/models/{place}"
        looks += [(f"{at}/batched", one["batched"]), (f"{at}/single", one["single"])]
    wrong = next((at for at, look in looks if look["equal"] < look["sent"]), None)
    if wrong is not None:
        pool |= {"sent": (f"{wrong}/sent", ",.0f"), "equal": (f"{wrong}/equal", ",.0f")}
        return say("parity", _of_groups(NOT_SAME, served), facts, **pool)
    whole = all(look["sent"] == served["test_rows"] for _, look in looks)
    return say("parity", _of_groups(SAME if whole else PART, served), facts, **pool)


def _of_groups(template: str, served: ServingFacts) -> str:
    """Return a sentence as it is said of what is served."""
    return template.replace(PREDICTED, PLACED) if "groups" in served else template


def same(facts: Facts) -> bool:
    """Return whether every answer was the build's prediction."""
    models = facts["serving"]["models"]
    return all(look["equal"] == look["sent"] for one in models for look in (one["batched"], one["single"]))


def needs(facts: Facts) -> Claim:
    """Return what a row needs."""
    template = NEEDS if facts["serving"]["may_be_missing"] else NONE_MISSING
    pool: dict[str, Place] = {"count": (f"{WHERE}/columns", ""), "may": (f"{WHERE}/may_be_missing", "")}
    return say("needs", template, facts, **pool)


def _view(facts: Facts) -> View:
    served: ServingFacts = facts["serving"]
    return {
        "parity": parity(facts),
        "needed": needs(facts),
        "event": facts["compare"]["threshold"] is not None,
        "intervals": facts["compare"]["intervals"] is not None,
        "strong": model(facts, "strong"),
        "models": [f"{WHERE}/models/{place}" for place in range(len(served["models"]))],
        "groups": f"{WHERE}/groups" if "groups" in served else None,
        "scored": facts["define"].get("clusters", {}).get("outcome") is not None,
        "made": "entities" in facts["define"].get("clusters", {}),
    }


SERVED = Section("served", "reflect", _view, (WHERE,))
