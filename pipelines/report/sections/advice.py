"""What to do next, whether the strong model is worth its size, and what is not known yet."""

from pipelines.answer.worth import SETTLED
from pipelines.facts.steps import Facts
from pipelines.report.section import Section, View


def _view(facts: Facts) -> View:
    found = facts["answer"]
    return {
        "advice": [f"answer#/advice/{i}" for i in range(len(found["advice"]))],
        "settled": found["action"] in SETTLED,
        "gravest": "answer#/caveats/0" if found["caveats"] else None,
    }


ADVICE = Section("advice", "reflect", _view, ("answer#/advice",))
