"""The three models under other metrics, and their errors in the target's own unit."""

from pipelines.facts.compare.scores import OtherMetric
from pipelines.facts.shared import Pointer
from pipelines.facts.steps import Facts
from pipelines.metrics import METRICS
from pipelines.report.section import Section, View

OTHERS, ORIGINAL = "compare#/other_metrics", "compare#/original_scale/metrics"
Row = tuple[Pointer, str, str]  # where it stands, how its scores are written, and which direction is better


def _rows(where: Pointer, items: list[OtherMetric], *, relative: bool) -> list[Row]:
    """Return the metrics of a list; without those that are shares of the target where these mean nothing."""
    return [
        (
            f"{where}/{place}",
            "share" if METRICS[one["metric"]].relative else "number",
            "greater" if one["greater_is_better"] else "smaller",
        )
        for place, one in enumerate(items)
        if relative or not METRICS[one["metric"]].relative
    ]


def _view(facts: Facts) -> View:
    compare, logarithm = facts["compare"], facts["define"]["target_scale"] == "log"
    original = compare["original_scale"]
    return {
        "others": _rows(OTHERS, compare["other_metrics"], relative=not logarithm),
        "original": [] if original is None else _rows(ORIGINAL, original["metrics"], relative=True),
        "logarithm": logarithm,
    }


OTHER_METRICS = Section("other_metrics", "compare", _view, (OTHERS,))
