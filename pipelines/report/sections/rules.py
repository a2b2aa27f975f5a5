"""The rules of the project file as checks, which of them the raw file breaks, and the features with their rules."""

from typing import TypedDict

from pipelines.facts.define import Feature
from pipelines.facts.shared import Pointer
from pipelines.facts.steps import Facts
from pipelines.report.section import Section, View
from pipelines.report.words import LISTED

WHERE = "define#/expectations"


class Row(TypedDict):
    """One feature, and the rules of the column that it is made of."""

    at: Pointer
    rules: list[Pointer]


def _is_column(facts: Facts, one: Feature) -> bool:
    """Return whether a feature is a column of the file; those of forecasts are made of what was known in time."""
    return "forecast" not in facts["define"] or one["name"] == one["from"]


def _view(facts: Facts) -> View:
    define = facts["define"]
    rules: dict[str | None, list[Pointer]] = {}
    for place, one in enumerate(define["expectations"]):
        rules.setdefault(one["column"], []).append(f"{WHERE}/{place}/allowed")
    rows: list[Row] = [
        {"at": f"define#/features/{place}", "rules": rules.get(one["from"], []) if _is_column(facts, one) else []}
        for place, one in enumerate(define["features"][:LISTED])
    ]
    more = len(define["features"]) > LISTED
    return {
        "checked": bool(define["expectations"]),
        "broken": [f"{WHERE}/{place}" for place, one in enumerate(define["expectations"]) if not one["success"]],
        "only": define["quarantined"]["count"] == 1,
        "rows": rows,
        "more": more,
        "summary": f"{'The first' if more else 'All'} features, and the rules of their columns",
        "docs": f"../../data/{define['project']}/data_docs/index.html",
    }


RULES = Section("rules", "define", _view, ("define#/features",))
