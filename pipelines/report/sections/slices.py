"""Groups of rows where the baseline is better; those where the strong model gains most are folded."""

from pipelines.facts.steps import Facts
from pipelines.report.section import Section, View

MOST = 5  # groups that everyone sees


def _view(facts: Facts) -> View:
    found = [(f"reflect#/slices/{place}", item["better"]) for place, item in enumerate(facts["reflect"]["slices"])]
    worse = [at for at, better in found if better == "baseline"]
    return {"worse": worse[:MOST], "rest": worse[MOST:] + [at for at, better in found if better == "strong"]}


SLICES = Section("slices", "reflect", _view, ("reflect#/claims",))
