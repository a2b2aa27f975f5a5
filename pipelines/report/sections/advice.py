"""What to do next, whether the strong model is worth its size, and what nobody knows yet."""

from pipelines.facts.steps import Facts
from pipelines.report.section import Section, View


def _view(facts: Facts) -> View:
    found = facts["answer"]
    return {
        "advice": [f"answer#/advice/{i}" for i in range(len(found["advice"]))],
        "gravest": "answer#/caveats/0" if found["caveats"] else None,
    }


ADVICE = Section("advice", "reflect", _view, ("answer#/advice",))
