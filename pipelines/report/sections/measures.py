"""Every measure of the forecasts, and the test of Diebold and Mariano beside the verdict."""

from pipelines.facts.steps import Facts
from pipelines.metrics.of_forecasts import BIAS
from pipelines.report.section import Section, View

WHERE = "compare#/forecasts"


def _view(facts: Facts) -> View:
    measures = facts["compare"]["forecasts"]["accuracy"]
    return {
        "rows": [(f"{WHERE}/accuracy/{place}", one["metric"] == BIAS) for place, one in enumerate(measures)],
        "opinion": f"{WHERE}/diebold_mariano",
    }  # fmt: skip


MEASURES = Section("measures", "compare", _view, (WHERE,))
