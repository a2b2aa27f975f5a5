"""Where a metric misleads on this target: each check returns a warning with its evidence, or nothing.

Every number in a warning is one of step 2's own facts, to which its evidence points.
"""

from collections.abc import Callable

import numpy as np

from pipelines.core.plural import agree
from pipelines.facts.metric import Warned, Yardsticks
from pipelines.facts.pointer import given
from pipelines.facts.shared import Evidence
from pipelines.metrics import LABEL_THRESHOLD, METRICS, Metric

NEARLY_PERFECT = 0.1  # a trivial score this near a perfect one reads as a good model
WORTHLESS = 0.5  # precision below which most of the flagged are false alarms
FEW_POSITIVES = 100  # below it one positive more or less moves the score by over a hundredth
TOO_FEW = 20  # with ten, 95 % intervals of differences covered 90 to 92 % in simulations (docs/statistics.md)
OTHER_THRESHOLD = 0.1  # how far the costs' own threshold may lie from 0.5 before 0.5 is the wrong one
HEAVY = 0.25  # of all squared deviation in that share; a normal target has 0.08

Check = Callable[[Yardsticks], Warned | None]


def find_pitfalls(facts: Yardsticks) -> list[Warned]:
    """Return the warnings that hold for the facts of step 2, those about the primary metric first."""
    found = [warning for check in CHECKS if (warning := check(facts))]
    return sorted(found, key=lambda warning: not warning["primary"])


def _warn(facts: Yardsticks, metric: str, text: str, **evidence: float) -> Warned:
    pointers: list[Evidence] = [{"fact": "metric#" + path, "value": value} for path, value in evidence.items()]
    return {"metric": metric, "primary": metric == facts["primary"], "text": text, "evidence": pointers}


def _candidate(facts: Yardsticks, has: Callable[[Metric], bool]) -> Metric | None:
    """Return the first of the candidates of which something holds."""
    metrics = (METRICS[candidate["metric"]] for candidate in facts["candidates"])
    return next((metric for metric in metrics if has(metric)), None)


def _accuracy_praises_the_ignorant(facts: Yardsticks) -> Warned | None:
    judged = _candidate(facts, lambda metric: metric.flatters_the_commonest)
    return _trivial_is_nearly_perfect(facts, judged.name) if judged else None


def _primary_praises_the_ignorant(facts: Yardsticks) -> Warned | None:
    primary = METRICS[facts["primary"]]
    checked = primary.bounded and not primary.flatters_the_commonest
    return _trivial_is_nearly_perfect(facts, primary.name) if checked else None


def _trivial_is_nearly_perfect(facts: Yardsticks, name: str) -> Warned | None:
    place, candidate = next((i, c) for i, c in enumerate(facts["candidates"]) if c["metric"] == name)
    perfect = given(candidate["perfect"])
    gaps = [abs(given(t["score"]) - perfect) for t in candidate["trivial"]]
    best = int(np.argmin(gaps))
    if gaps[best] > NEARLY_PERFECT:
        return None
    trivial, score = candidate["trivial"][best], given(candidate["trivial"][best]["score"])
    text = (
        f'{candidate["label"]} misleads here: the predictor "{trivial["predictor"]}" scores {score:.4g} '
        f"without looking at a single feature, and {perfect:.0f} is perfect."
    )
    path = f"/candidates/{place}"
    return _warn(
        facts,
        name,
        text,
        **{f"{path}/trivial/{best}/score": score, f"{path}/perfect": perfect},
    )


def _auc_hides_false_alarms(facts: Yardsticks) -> Warned | None:
    point, base_rate = facts["target"].get("excellent_point"), facts["base_rate"]
    metric = _candidate(facts, lambda metric: metric.hides_false_alarms)
    if not metric or not point or base_rate is None or point["precision"] >= WORTHLESS:
        return None
    text = (
        f"{metric.label} looks too good here: with {_percent(base_rate)} positives, even a model that finds "
        f"{_percent(point['true_positive_rate'])} of them at a false positive rate of "
        f"{_percent(point['false_positive_rate'])} has a precision of {point['precision']:.3g}: "
        f"{point['false_alarms_per_hit']:.3g} false alarms for each positive found."
    )
    evidence = {
        "/base_rate": base_rate,
        "/target/excellent_point/true_positive_rate": point["true_positive_rate"],
        "/target/excellent_point/false_positive_rate": point["false_positive_rate"],
        "/target/excellent_point/precision": point["precision"],
        "/target/excellent_point/false_alarms_per_hit": point["false_alarms_per_hit"],
    }
    return _warn(facts, metric.name, text, **evidence)


def _threshold_is_not_the_costs(facts: Yardsticks) -> Warned | None:
    metric, cost = METRICS[facts["primary"]], facts["cost"]
    if not metric.uses_threshold or not cost or cost["threshold_ideal"] is None:
        return None
    if abs(cost["threshold_ideal"] - LABEL_THRESHOLD) <= OTHER_THRESHOLD:
        return None
    text = (
        f"{_capital(metric.label)} judges decisions taken from a probability of {LABEL_THRESHOLD} on; with these costs "
        f"the best decisions are taken from {cost['threshold_ideal']:.3g} on. So it ranks models by decisions "
        "that cost too much."
    )
    evidence = {"/label_threshold": LABEL_THRESHOLD, "/cost/threshold_ideal": cost["threshold_ideal"]}
    return _warn(facts, metric.name, text, **evidence)


def _few_test_positives(facts: Yardsticks) -> Warned | None:
    metric, positives = METRICS[facts["primary"]], facts["test_positives"]
    if not metric.needs_classes or positives is None or positives >= FEW_POSITIVES:
        return None
    weighs = "weighs both classes alike" if len(metric.needs_classes) > 1 else "depends on them alone"
    held = f"{positives} {agree(positives, 'positives')}"
    text = f"The test set holds {held}; {metric.label} {weighs}, so its interval is wide."
    if positives < TOO_FEW:
        text += (
            " With so few the interval is even slightly too narrow, and it detects only larger differences than stated."
        )
    return _warn(facts, metric.name, text, **{"/test_positives": positives})


def _few_test_rows_of_a_class(facts: Yardsticks) -> Warned | None:
    metric, rows = METRICS[facts["primary"]], facts["test_rarest"]
    if not metric.needs_classes or rows is None or rows >= FEW_POSITIVES:
        return None
    text = (
        f"The rarest class has {rows} {agree(rows, 'test rows')}, and {metric.label} weighs all classes alike, so its "
        "interval is wide."
    )
    return _warn(facts, metric.name, text, **{"/test_rarest": rows})


def _no_room_for_a_difference(facts: Yardsticks) -> Warned | None:
    metric, least = METRICS[facts["primary"]], facts["minimum_detectable"]
    if least is None:
        return None
    pilot = facts["minimum_detectable_how"]["scores"][0]
    if metric.gain(pilot["score"], metric.perfect) >= least:
        return None
    place = next(i for i, candidate in enumerate(facts["candidates"]) if candidate["metric"] == metric.name)
    text = (
        f"A quick {pilot['model']} model reaches {_number(pilot['score'])}. From there to a perfect "
        f"{metric.perfect:.0f} is less than the {_number(least)} that this test set detects reliably: a real "
        "improvement may stay unproven."
    )
    evidence = {
        "/minimum_detectable_how/scores/0/score": pilot["score"],
        f"/candidates/{place}/perfect": metric.perfect,
        "/minimum_detectable": least,
    }
    return _warn(facts, metric.name, text, **evidence)


def _mape_divides_by_nothing(facts: Yardsticks) -> Warned | None:
    near, metric = facts["target"].get("near_zero"), _candidate(facts, lambda metric: metric.relative)
    if not near or not metric or near["share"] == 0 or facts["target"].get("logarithm"):
        return None
    text = (
        f"{metric.label} misleads here: {_percent(near['share'])} of the rows have a target below "
        f"{_percent(near['below'])} of the typical size, where any error is a huge percentage."
    )
    evidence = {"/target/near_zero/share": near["share"], "/target/near_zero/below": near["below"]}
    return _warn(facts, metric.name, text, **evidence)


def _squares_count_only_the_tail(facts: Yardsticks) -> Warned | None:
    tails = facts["target"].get("tails")
    if not tails or not METRICS[facts["primary"]].squares_errors or tails["squared_deviation"] < HEAVY:
        return None
    text = (
        f"{_capital(facts['label'])} squares errors, and the most extreme {_percent(tails['rows'])} of the rows hold "
        f"{_percent(tails['squared_deviation'])} of the target's squared deviation: it compares models on those few "
        "rows. A logarithm of the target, or mean absolute error, would count the other rows too."
    )
    evidence = {
        "/target/tails/rows": tails["rows"],
        "/target/tails/squared_deviation": tails["squared_deviation"],
    }
    return _warn(facts, facts["primary"], text, **evidence)


def _deviance_counts_only_the_tail(facts: Yardsticks) -> Warned | None:
    tails = facts["target"].get("tails")
    held = tails.get("deviance", 0.0) if tails and METRICS[facts["primary"]].is_deviance else 0.0
    if not tails or held < HEAVY:
        return None
    text = (
        f"{_capital(facts['label'])} depends on few rows here: the most extreme {_percent(tails['rows'])} of the rows "
        f"hold {_percent(held)} of the target's deviance from its mean. Mean absolute error would count the other rows "
        "too."
    )
    evidence = {"/target/tails/rows": tails["rows"], "/target/tails/deviance": held}
    return _warn(facts, facts["primary"], text, **evidence)


def _mape_of_a_logarithm(facts: Yardsticks) -> Warned | None:
    metric = _candidate(facts, lambda metric: metric.relative)
    if not metric or not facts["target"].get("logarithm"):
        return None
    return _warn(
        facts,
        metric.name,
        f"{metric.label} misleads here: it divides the error of a logarithm by a logarithm, which is no percentage of "
        "the target. RMSE and mean absolute error of the logarithm are the relative errors.",
    )


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:.3g}"  # noqa: PLR2004 - no powers of ten


def _capital(label: str) -> str:
    return label[:1].upper() + label[1:]


CHECKS: tuple[Check, ...] = (
    _accuracy_praises_the_ignorant,
    _primary_praises_the_ignorant,
    _auc_hides_false_alarms,
    _threshold_is_not_the_costs,
    _few_test_positives,
    _few_test_rows_of_a_class,
    _no_room_for_a_difference,
    _mape_divides_by_nothing,
    _mape_of_a_logarithm,
    _squares_count_only_the_tail,
    _deviance_counts_only_the_tail,
)
