"""The series whose forecasts err most, by what they usually change."""

from pipelines.facts.steps import Facts
from pipelines.report.section import Section, View

WHERE = "compare#/forecasts/worst_series"


def _view(facts: Facts) -> View | None:
    found = facts["compare"]["forecasts"]["worst_series"]
    return {"rows": [f"{WHERE}/{place}" for place in range(len(found))]} if len(found) > 1 else None


WORST_SERIES = Section("worst_series", "compare", _view, (WHERE,))
