"""Which rows are for testing, and how the target is spread among them and among the training rows."""

from typing import TYPE_CHECKING

from pipelines.answer.places import say
from pipelines.facts.claims import Place
from pipelines.facts.define import DefineFacts
from pipelines.facts.shared import Claim
from pipelines.facts.steps import Facts
from pipelines.report.formats import share as written
from pipelines.report.section import Picture, Section, View
from pipelines.report.sections.split_leaks import share
from pipelines.report.words import QUANTILES, SHOWN
from pipelines.splits import SPLITS
from pipelines.targets import TARGETS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SUMMARY = "define#/target_summary"
READING = {
    "event": "The two marks on the right should be close together: training and test rows then ask the same question.",
    "classes": "The two marks of a class should be close together: training and test rows then ask the same question.",
    "amount": "The two shapes should be alike: training and test rows then ask the same question.",
}


def _draw(facts: Facts) -> "Figure":
    from pipelines.report.figures.define import draw_target

    return draw_target(facts)


def _kind(define: DefineFacts) -> str:
    """Return which table and reading of the picture the target asks for."""
    can = TARGETS[define["task"]].can
    return "event" if "event" in can else "classes" if "confusion" in can else "amount"


def _title(facts: Facts) -> Claim:
    """Return how often the event occurs on either side, the commonest class, or where most values lie."""
    define = facts["define"]
    if _kind(define) == "amount":
        ends: dict[str, Place] = {
            "low": (f"{SUMMARY}/quantiles/5", number), "high": (f"{SUMMARY}/quantiles/95", number),
            "unit": ("define#/unit", ""),
        }  # fmt: skip
        unit = "" if define["unit"] is None else " {unit}"
        return say("title", f"Nine of ten values of the target lie between {{low}} and {{high}}{unit}", facts, **ends)
    classes = define["target_summary"]["classes"]
    event = _kind(define) == "event"
    place = len(classes) - 1 if event else max(range(len(classes)), key=lambda i: classes[i]["rows"])
    where = f"{SUMMARY}/classes/{place}"
    pool: dict[str, Place] = {
        "train": (f"{where}/train_share", share), "test": (f"{where}/test_share", share),
        "name": (f"{where}/value", ""),
    }  # fmt: skip
    of = "Positives" if event else "The commonest class, {name},"
    same = written(classes[place]["train_share"]) == written(classes[place]["test_share"])
    shares = "{train} of each" if same else "{train} and {test}"
    return say("title", f"{of} among training and test rows: {shares}", facts, **pool)


def number(value: float) -> str:
    """Return the form of a value in the target's own unit: about three significant digits."""
    size = abs(value)
    return ",.0f" if size >= 100 else ",.1f" if size >= 10 else ".3g"  # noqa: PLR2004 - digits before the point


def _view(facts: Facts) -> View:
    define = facts["define"]
    kind, split = TARGETS[define["task"]], SPLITS[define["split"]["kind"]]
    summary = define["target_summary"]
    classes = summary.get("classes", [])
    return {
        "title": _title(facts) if summary else None,
        "reading": READING[_kind(define)],
        "spread": _kind(define),
        "event": f"{SUMMARY}/classes/{len(classes) - 1}",
        "classes": [f"{SUMMARY}/classes/{place}" for place in range(len(classes))][: 2 * SHOWN],
        "more": len(classes) > 2 * SHOWN,
        "quantiles": [f"{SUMMARY}/quantiles/{name}" for name in summary.get("quantiles", {}) if name in QUANTILES],
        "stratifies": split.stratifies, "keeps_groups": split.keeps_groups, "later": split.later, "given": split.given,
        "each_class": "positives" if _kind(define) == "event" else kind.words.each_class,
    }  # fmt: skip


TARGET = Section("target", "define", _view, ("define#/split",), pictures=(Picture("1-target", _draw, SUMMARY),))
