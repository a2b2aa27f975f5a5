"""Drift in sentences, for a page and for /about: plain text, in which the names of columns stand as they are."""

from collections.abc import Mapping
from typing import Any

from pipelines.metrics import METRICS
from pipelines.report.formats import Formats, count, counted, share
from pipelines.serving.drift_causes import Held, Rest
from pipelines.targets.groups import Density

EXPECTED = (
    "What is expected is how dense the build's rows lie where served rows are: no outcome is known, and none assumed."
)
ASSUMED = (
    "Assumed: rows with the same features have the same outcomes as before, and only the mix of rows changed. "
    "Labels that are sent as feedback show whether that holds."
)


def sentences(judged: Mapping[str, Any]) -> list[str]:
    """Return a judgement of drift in sentences: the verdict first, then the score, what moved, and the causes."""
    rows, to_next = judged["rows"], judged["rows_to_next_look"]
    following = f"the next look is due after {count(to_next)} more"
    if judged["verdict"] == "too early":
        return [f"Too early to judge drift: {counted(rows, 'rows')} served so far; {following}."]
    return [
        _verdict(judged),
        *([] if judged["loss"] is None else [_score(judged)]),
        *([] if not judged["why"] else [f"What score to expect cannot be estimated: {judged['why']}."]),
        *([] if not judged["outside"] else [_outside(judged)]),
        *_moved(judged),
        *(cause["words"] for cause in judged["causes"]),
        f"As of a look at {counted(judged['judged'], 'rows')}; {counted(rows, 'rows')} were served, {following}.",
        EXPECTED if Density.name in METRICS[judged["metric"]].leads else ASSUMED,
    ]


def _verdict(judged: Mapping[str, Any]) -> str:
    if judged["verdict"] == "alarm":
        lost = ["more is lost than the margin"] if judged["loss_alarm"] else []
        causes = [one["cause"] for one in judged["causes"] if one["alarm"]]
        gone = [f"what explained the model's gain no longer holds ({', '.join(causes)})"] if causes else []
        return f"Alarm: {', and '.join(lost + gone)}."
    if judged["verdict"] == "watch":
        return "Watch: the served rows differ from the test rows; a loss beyond the margin is not certain."
    if judged["ci_all_looks"][1] < 0:
        return "No loss: the mix of rows changed, and the model is expected to score better on it."
    held_on = ", and no cause has stopped to hold" if judged["causes"] else ""
    return f"No drift that matters: no loss is seen beyond chance{held_on}."


def _score(judged: Mapping[str, Any]) -> str:
    formats = Formats(judged["margin"])
    low, high = (formats.score(end) for end in judged["expected_ci"])
    loss = judged["loss"]
    what = "loss" if loss >= 0 else "gain"
    ci = judged["ci"] if loss >= 0 else [-judged["ci"][1], -judged["ci"][0]]
    return (
        f"On the served mix of rows, {judged['label']} is expected at {formats.score(judged['expected'])} "
        f"[{low}, {high}]; on the test rows it was {formats.score(judged['test'])}. That is a {what} of "
        f"{formats.gain(abs(loss))} {formats.gain(ci)}; the margin is {formats.gain(judged['margin'])}."
    )


def _outside(judged: Mapping[str, Any]) -> str:
    where = ", ".join(f"{one['feature']} ({one['bin']})" for one in judged["outside_where"][:3])
    return (
        f"{share(judged['outside'])} of the rows have values that no test row has: {where}. Nothing can be said of "
        "their score, and the expected score leaves them out."
    )


def _moved(judged: Mapping[str, Any]) -> list[str]:
    """Return a sentence on each feature, three at most, whose mix alone costs score beyond chance."""
    formats = Formats(judged["margin"])
    said = []
    for one in judged["features"][:3]:
        if not one["ci"][0] > 0:
            continue
        cause = f"; it is part of {one['cause']}, which gained {formats.gain(one['gain'])}" if one["cause"] else ""
        said.append(
            f"{one['feature']} alone: a loss of {formats.gain(one['loss'])} {formats.gain(one['ci'])}. "
            f"{share(one['share_served'])} of the served rows are {one['bin']}, {share(one['share_test'])} of the test "
            f"rows{cause}."
        )
    return said


def cause_words(cause: Mapping[str, Any]) -> str:
    """Return a sentence on whether a cause still holds: of one that does briefly, else with the counts."""
    name = str(cause["cause"]).capitalize()
    if not cause["alarm"] and all(one["state"] == "holds" for one in cause["parts"]):
        return f"{name}: what it rests on still occurs, {' and '.join(one['name'] for one in cause['parts'])}."
    parts = [one for one in cause["parts"] if one["state"] != "holds"] or cause["parts"]
    counts = "; ".join(one["words"] for one in parts)
    return f"{name} no longer holds as it did: {counts}." if cause["alarm"] else f"{name}, too early to say: {counts}."


def part_name(rest: Rest) -> str:
    """Return what a cause rests on in a feature."""
    of = {
        "codes": f"codes ({rest.where}) in",
        "missing values": "missing values of",
        "tail": "the tail of",
        "unseen levels": "known levels of",
        "variation": "different values of",
    }
    return f"{of[rest.what]} {rest.feature}"


def part_words(found: Held) -> str:
    """Return how many served rows have what a cause rests on, as a part of a sentence."""
    rest, rows = found.rest, f"{count(found.rows)} of {counted(found.of, 'rows')}"
    if rest.what == "unseen levels":
        return f"{rows} have a level of {rest.feature} that no training row has"
    what = {
        "codes": f"have a code in {rest.feature} ({rest.where})",
        "missing values": f"have no value of {rest.feature}",
        "tail": f"lie in the tail of {rest.feature}",
        "variation": f"differ from the commonest value of {rest.feature}",
    }
    return f"{rows} {what[rest.what]}, {share(rest.rows / rest.of)} of the training rows did"
