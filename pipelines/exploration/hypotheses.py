"""What the look at the data predicts for step 7: for each cause a sentence with its evidence."""

from pipelines.causes import causes_in
from pipelines.exploration.sentences import SCORE, say
from pipelines.facts.eda import EdaLook
from pipelines.facts.eda.expected import Hypothesis, Prediction
from pipelines.facts.shared import Sentence


def find_hypotheses(facts: EdaLook) -> list[Hypothesis]:
    """Return one hypothesis a cause, in step 7's order."""
    found: list[Hypothesis] = []
    for cause in causes_in(facts["screens"]["factors"]):
        matters, features, sentence = cause.guess(facts)
        predicts: Prediction = "matters" if matters else "does not matter"
        found.append({
            "id": f"H{len(found) + 1}", "factor": cause.name, "features": features, "predicts": predicts,
            "close": _close(facts, cause.name), "text": sentence["text"], "evidence": sentence["evidence"],
        })  # fmt: skip
    return found


def conclude(facts: EdaLook, hypotheses: list[Hypothesis]) -> Sentence:
    """Return the sentence {text, evidence} that sums the hypotheses up, or says that there is nothing to explain."""
    if not facts["screens"]["signal"]:
        return say(
            facts,
            "No quick fit is better than a constant beyond chance ({score} in {label}): "
            "the features seem to say nothing about the target, and no cause is expected to matter.",
            score=("screens/best/score", SCORE),
            label=("screens/label", ""),
        )
    named = [item["factor"] for item in hypotheses if item["predicts"] == "matters"]
    if not named:
        text = "Only straight lines were seen: no cause is expected to matter."
        return {"text": text, "evidence": []}
    listed = ", ".join(named[:-1]) + (" and " if named[:-1] else "") + named[-1]
    return {"text": f"Expected to matter: {listed}.", "evidence": []}


def _close(facts: EdaLook, cause: str) -> bool:
    """Return whether the interval of the quick fit's gain holds the smallest gain that matters."""
    found = facts["screens"]["factors"].get(cause)
    if found is None or found["ci"] is None:
        return False
    return bool(found["ci"][0] < facts["screens"]["material"] <= found["ci"][1])
