"""What a look ahead would have shown, what the guard compared, and what better knowledge could be worth."""

from pipelines.facts.steps import Facts
from pipelines.report.section import Section, View

WHERE = "reflect#/forecasts/information"


def _view(facts: Facts) -> View:
    pieces = facts["reflect"]["forecasts"]["information"]["pieces"]
    by_kind = {
        kind: [f"{WHERE}/pieces/{place}" for place, one in enumerate(pieces) if one["kind"] == kind]
        for kind in ("cheat", "oracle")
    }
    return {"cheats": by_kind["cheat"], "oracles": by_kind["oracle"], "honest": f"{WHERE}/honest"}


LOOKS_AHEAD = Section("looks_ahead", "reflect", _view, ("reflect#/forecasts", "define#/forecast"))
