"""Rows that were set aside, and rows that repeat others."""

from pipelines.facts.steps import Facts
from pipelines.report.section import Section, View
from pipelines.report.views import each


def _view(facts: Facts) -> View:
    same = facts["define"]["duplicates"]
    natural = same.get("natural")
    return {
        "reasons": each(facts, "define#/quarantined/reasons"),
        "repeats": "row repeats" if same["rows"] == 1 else "rows repeat" if same["rows"] else None,
        "conflicting": same["conflicting"] > 0,
        "by_chance": natural is not None,
        "copied": natural is not None and natural["copied"] > 0,
        "treated": same["rows"] > 0 or same["conflicting"] > 0,
        "across": "row has" if same["across_split"] == 1 else "rows have" if same["across_split"] else None,
    }


SET_ASIDE = Section("set_aside", "define", _view, ("define#/duplicates",))
