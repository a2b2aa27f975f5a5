"""Where the data come from, where each number stands, and how long the steps took, where that was measured."""

from pipelines.core.steps import MEASURED, SEVEN
from pipelines.facts.pointer import has
from pipelines.facts.steps import Facts
from pipelines.report.section import Section, View
from pipelines.report.views import each


def _view(facts: Facts) -> View:
    timed, measured = "timings" in facts, [name for name in MEASURED if name in facts]
    return {
        "files": [f"{name}.json" for name in (*SEVEN, *measured)],
        "answer": "answer" in facts,
        "times": each(facts, "timings#/steps") if timed else [],
        "package": has(facts, "define#/source/package"),
    }


MAKING = Section("making", "reflect", _view, ("define#/source",))
