"""What is predicted, from which file, and what becomes of rows that break a rule."""

from pipelines.facts.steps import Facts
from pipelines.report.section import Section, View
from pipelines.report.views import each, reads_words
from pipelines.report.words import LISTED
from pipelines.targets import TARGETS


def _view(facts: Facts) -> View:
    define = facts["define"]
    dropped, broken = each(facts, "define#/dropped"), define["quarantined"]["count"]
    return {
        "groups": each(facts, "define#/clusters/columns"),
        "describes": each(facts, "define#/clusters/describe"),
        "event": "event" in TARGETS[define["task"]].can,
        "logarithm": define["target_scale"] == "log",
        "made": "feature was" if len(define["features"]) == 1 else "features were",
        "words": reads_words(facts),
        "dropped": dropped[:LISTED],
        "more": len(dropped) > LISTED,
        "were": "was" if len(dropped) == 1 else "were",
        "broken": ("row breaks", "was") if broken == 1 else ("rows break", "were") if broken else None,
    }


ASKED = Section("asked", "define", _view, ("define#",))
