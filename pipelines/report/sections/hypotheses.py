"""What the training rows led to expect of each cause, before any model was scored, and why."""

from pipelines.facts.steps import Facts
from pipelines.report.section import Section, View


def _view(facts: Facts) -> View:
    found = facts["eda"]["hypotheses"]
    return {"rows": [(f"eda#/hypotheses/{place}", one["close"]) for place, one in enumerate(found)]}


HYPOTHESES = Section("hypotheses", "eda", _view, ("eda#/hypotheses",))
