"""What is unknown after this report, apart from what the opening has said."""

from pipelines.facts.steps import Facts
from pipelines.report.section import Section, View
from pipelines.report.views import each


def _view(facts: Facts) -> View | None:
    rest = each(facts, "answer#/not_tested")[1:]
    return {"rest": rest} if rest else None


NOT_TESTED = Section("not_tested", "reflect", _view, ("answer#/not_tested",))
