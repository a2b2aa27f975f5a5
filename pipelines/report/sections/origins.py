"""How series became a table of targets: events, steps, origins, folds that look back, and the guard."""

from pipelines.facts.steps import Facts
from pipelines.report.section import Section, View
from pipelines.report.views import each

WHERE = "define#/forecast"


def _view(facts: Facts) -> View:
    forecast = facts["define"]["forecast"]
    events = forecast.get("events")
    return {
        "at": WHERE, "step": forecast["step"], "several": forecast["series"] > 1, "yearly": forecast["yearly"],
        "filled": forecast["filled_steps"] > 0, "left_out": bool(forecast["left_out"]),
        "parts": [f"{WHERE}/parts/{place}" for place in range(len(forecast["parts"]))],
        "events": None if events is None else f"{WHERE}/events",
        "left_lines": each(facts, f"{WHERE}/events/left_out"),
        "oracles": bool(forecast["oracle"]),
    }  # fmt: skip


ORIGINS = Section("origins", "define", _view, (WHERE,))
