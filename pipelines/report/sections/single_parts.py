"""What each part of a further cause gains alone: the ratio of one pair, the encoding of one feature."""

from typing import TypedDict

from pipelines.facts.shared import Pointer
from pipelines.facts.steps import Facts
from pipelines.report.section import Section, View
from pipelines.report.views import Judged, judged
from pipelines.report.words import CAUSE_TITLES, SHOWN


class Part(TypedDict):
    """One cause whose parts were tried alone."""

    cause: Pointer
    title: str
    rows: list[Judged]


def _view(facts: Facts) -> View | None:
    details = facts["reflect"]["details"]
    parts: list[Part] = [
        {
            "cause": f"reflect#/attribution/{place}",
            "title": CAUSE_TITLES[item["factor"]],
            "rows": judged(f"reflect#/details/{item['factor']}", details[item["factor"]])[:SHOWN],
        }
        for place, item in enumerate(facts["reflect"]["attribution"])
        if details.get(item["factor"])
    ]
    return {"parts": parts} if parts else None


SINGLE_PARTS = Section("single_parts", "reflect", _view, ("reflect#/details",))
