"""Values that look like codes, and features that say much the same."""

from pipelines.facts.steps import Facts
from pipelines.report.section import Section, View
from pipelines.report.views import each


def _view(facts: Facts) -> View | None:
    coded = [f"eda#/columns/{place}" for place, one in enumerate(facts["eda"]["columns"]) if one.get("codes")]
    alike = each(facts, "eda#/correlated")
    return {"coded": coded, "alike": alike} if coded or alike else None


SIGNS = Section("signs", "eda", _view, ("eda#/columns",))
