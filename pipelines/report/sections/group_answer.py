"""Whether there are groups, and whether they say more than the numbers; the evidence stands further down."""

from pipelines.facts.steps import Facts
from pipelines.report.section import Section, View
from pipelines.report.sections.group_numbers import beside_one_hump, said
from pipelines.report.sections.group_verdict import verdict


def _view(facts: Facts) -> View:
    return {"verdict": verdict(facts), "first": next(iter(said(facts)), None), "nats": beside_one_hump(facts)}


GROUP_ANSWER = Section("group_answer", "reflect", _view, ("reflect#/groups",))
