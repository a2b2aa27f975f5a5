"""What the project file may have wrong about the table, and what decides otherwise."""

from pipelines.facts.steps import Facts
from pipelines.report.section import Section, View
from pipelines.report.views import each


def _view(facts: Facts) -> View:
    return {"doubts": each(facts, "define#/doubts")}


DOUBTS = Section("doubts", "define", _view, ("define#/doubts",))
