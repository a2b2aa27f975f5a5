"""Step 2: the yardsticks. What "good" means here, what knowing nothing scores, and what the test set can see."""

from math import isfinite, sqrt

from pipelines.core.project import Project
from pipelines.core.submit import Submit
from pipelines.core.table import Table
from pipelines.facts.metric import Cost, Detectable, MetricFacts, PilotCost, Yardsticks
from pipelines.inference.cost import Costs, row_costs
from pipelines.inference.power import ALPHA, POWER, minimum_detectable
from pipelines.metrics import LABEL_THRESHOLD, Metric, metric_of
from pipelines.metrics.prepared import Floats
from pipelines.yardsticks.pilot import RESAMPLES, Failed, Pilot, evidence, run_pilot
from pipelines.yardsticks.pitfalls import find_pitfalls
from pipelines.yardsticks.trivial import candidate_scores

OF_LOGARITHM = "The target is modelled as its logarithm, so errors are relative ones."


def metric(table: Table, project: Project, submit: Submit) -> MetricFacts:
    """Return the facts of step 2.

    Everything is measured on training rows; of the test rows only their number (and that of each class and group) is
    used; step 1 has checked that they are enough.
    """
    chosen = metric_of(project.metric)
    train, test = table.rows("train"), table.rows("test")
    pilot = run_pilot(train, chosen, project.seed, submit)
    rates = table.target.rates(train.y, test.y)
    minimum, how = detectable_facts(pilot, chosen, test.y)
    measured: Yardsticks = {
        "primary": chosen.name,
        "label": chosen.label,
        "greater_is_better": chosen.greater_is_better,
        "why": chosen.asks(table.target.outputs)
        + (f" {OF_LOGARITHM}" if project.problem.target_scale == "log" else ""),
        "margin": project.metric.margin,
        "base_rate": rates.base_rate,
        "test_positives": rates.test_positives,
        "test_rarest": rates.test_rarest,
        "label_threshold": LABEL_THRESHOLD if "event" in table.target.can else None,
        "scored_on": "training rows",
        "candidates": candidate_scores(train, chosen, project.seed),
        "target": table.target.traits(train.y, project.problem),
        "minimum_detectable": minimum,
        "minimum_detectable_how": how,
        "cost": cost_facts(train.y, project, pilot),
    }
    return {**measured, "warnings": find_pitfalls(measured)}


def detectable_facts(pilot: Pilot | Failed, metric: Metric, test_y: Floats) -> tuple[float | None, Detectable]:
    """Return the smallest true difference that the test set finds, and how it was worked out."""
    if isinstance(pilot, Failed):
        return None, {"why": f"the pilot failed: {pilot.why}"}
    available = evidence(metric, test_y)
    se = pilot.se * sqrt(pilot.evidence / available)
    how: Detectable = {
        "pilot": f"{pilot.what}, each fitted without one fold to predict it, fold after fold",
        "folds": pilot.folds,
        "rows": pilot.rows,
        "held": pilot.held,
        "evidence": pilot.evidence,
        "evidence_of": "rows of the rarer class that the metric needs" if metric.needs_classes else "rows",
        "test_evidence": available,
        "test_rows": len(test_y),
        "scores": [{"model": model, "score": score} for model, score in pilot.scores.items()],
        "se": se,
        "freedom": pilot.freedom if isfinite(pilot.freedom) else None,
        "resamples": RESAMPLES,
        "power": POWER,
        "alpha": ALPHA,
        "why": None,
    }
    return minimum_detectable(se, pilot.freedom), how


def cost_facts(y: Floats, project: Project, pilot: Pilot | Failed) -> Cost | None:
    """Return the expected cost of a decision under the simplest policies, per row; None without costs."""
    given = project.metric.cost
    if given is None:
        return None
    costs = Costs(given.false_positive, given.false_negative)
    ideal = costs.ideal_threshold
    at_ideal: list[PilotCost] = (
        []
        if isinstance(pilot, Failed) or ideal is None
        else [
            {"model": model, "cost": float(row_costs(pilot.y, prediction, ideal, costs).mean())}
            for model, prediction in pilot.predictions.items()
        ]
    )
    return {
        "false_positive": given.false_positive,
        "false_negative": given.false_negative,
        "currency": project.metric.currency,
        "per": "row",
        "threshold_ideal": ideal,
        "of_nobody": float(y.mean() * costs.false_negative),
        "of_everybody": float((1 - y.mean()) * costs.false_positive),
        "of_pilot_at_ideal": at_ideal,
    }
