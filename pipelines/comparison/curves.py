"""The ROC and precision-recall curves of both models."""

from collections.abc import Callable, Mapping

from pipelines.comparison.scores import BASELINE, STRONG
from pipelines.core.table import Table
from pipelines.facts.compare.curves import CurvePair, Curves
from pipelines.facts.shared import Point as PointFacts
from pipelines.inference.curves import Point, precision_recall_curve, roc_curve
from pipelines.metrics.prepared import Floats


def curve_facts(rows: Table, test: Mapping[str, Floats]) -> Curves | None:
    """Return the points of both curves by model on the test `rows`; None where the target is no event."""
    if "curves" not in rows.target.can:
        return None

    def both(curve: Callable[[Floats, Floats], list[Point]]) -> CurvePair:
        return {"baseline": plain(curve(rows.y, test[BASELINE])), "strong": plain(curve(rows.y, test[STRONG]))}

    def plain(points: list[Point]) -> list[PointFacts]:
        return [{"x": point.x, "y": point.y} for point in points]

    return {"roc": both(roc_curve), "precision_recall": both(precision_recall_curve)}
