"""What could be wrong, as a list: the caveats of the answer, each with a link to where its evidence stands."""

from collections.abc import Mapping
from typing import NamedTuple

from pipelines.facts.steps import Facts
from pipelines.report.section import Section, View


class Link(NamedTuple):
    """Where the evidence of a caveat stands on the page."""

    words: str
    anchor: str


LINKS: Mapping[str, Link] = {
    "doubted": Link("doubts", "how-the-table-is-read"),
    "controls_failed": Link("controls", "negative-controls"), "leak": Link("leaks", "leaks"),
    "too_good": Link("leaks", "leaks"), "split_leak": Link("split", "the-split"),
    "across_split": Link("split", "the-split"), "folds_disagree": Link("difference", "is-it-real"),
    "close_call": Link("difference", "is-it-real"), "unstable": Link("stability", "stability"),
    "drift": Link("drift", "drift"), "biased": Link("errors", "errors"),
    "intervals_broken": Link("intervals", "prediction-intervals"), "words": Link("texts", "the-texts"),
}  # fmt: skip
"""The caveats without one, such as the target's level, say all that there is to say."""


def _view(facts: Facts) -> View:
    found = facts["answer"]["caveats"]
    return {"found": [(f"answer#/caveats/{place}", LINKS.get(claim["id"])) for place, claim in enumerate(found)]}


CAVEAT_LIST = Section("caveat_list", "reflect", _view, ("answer#",))
