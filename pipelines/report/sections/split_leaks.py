"""Whether the split makes models look too good: rows in training that a model in use would not have, and repeats."""

from collections.abc import Callable
from typing import NamedTuple

from pipelines.answer.places import every, say
from pipelines.answer.splits import remedy
from pipelines.facts.claims import Place
from pipelines.facts.reflect.split_leaks import SplitLeak
from pipelines.facts.shared import Claim, Pointer
from pipelines.facts.steps import Facts
from pipelines.findings.wording import as_list, gain_form, score_form
from pipelines.report.section import Section, View

NEAR_WHOLE, SMALL = 0.1, 0.01  # from here on a share is written without decimals, and below here with two


class Looked(NamedTuple):
    """One kind of such rows: what was looked at, what refitting said, and how to split otherwise."""

    seen: Claim
    refitted: Claim | None
    why: Pointer  # why nothing was refitted
    leak: bool
    remedy: Claim | None


def share(value: float) -> str:
    """Return the form of a share."""
    return ".0%" if value >= NEAR_WHOLE or value == 0 else ".2%" if value < SMALL else ".1%"


def _copies(item: SplitLeak, rows: str) -> str:  # noqa: ARG001 - one signature for every kind
    return f"Of {rows}, {{share}} have a near copy in another fold."


def _things(item: SplitLeak, rows: str) -> str:
    columns = as_list([f"{{item{place}}}" for place in range(len(item["features"]))])
    return (
        f"{columns} repeat together far more often than by chance, so they name {{things}} things (a patient, a shop, "
        f"a machine) of several rows. Of {rows}, {{share}} have a row of their own thing in another fold."
    )


def _neighbours(item: SplitLeak, rows: str) -> str:
    order = "of the file" if item["feature"] is None else "of {feature}"
    return (
        f"In the order {order}, rows beside each other are alike. {rows[:1].upper()}{rows[1:]} were predicted with the "
        "rows beside them, and in whole blocks."
    )


def _later(item: SplitLeak, rows: str) -> str:  # noqa: ARG001 - one signature for every kind
    return f"The last {{share}} of {rows} by {{feature}} were predicted with and without rows of their own time."


SEEN: dict[str, Callable[[SplitLeak, str], str]] = {
    "near copies": _copies, "one thing": _things, "neighbours": _neighbours, "time order": _later,
}  # fmt: skip
THEM = {"near copies": "the copies", "one thing": "rows of the same things", "neighbours": "their neighbours"}
REFITTED = (
    "With {them} a quick model reaches {metric} {with_it} on those rows, without {without}: a difference of "
    "{gain} {ci}."
)


def _looked(facts: Facts, place: int, item: SplitLeak) -> Looked:
    """Return what is said of one group of rows."""
    where, score, gain = f"reflect#/split_leaks/{place}", score_form(facts), gain_form(facts)
    train = facts["define"]["split"]["train"]
    of = f"{where}/of" if item.get("of") else "define#/split/train"
    rows = "a sample of {rows} of the {of} training rows" if item["rows"] < train else "{rows} training rows"
    pool: dict[str, Place] = {
        "rows": (f"{where}/rows", ",.0f"), "of": (of, ",.0f"), "share": (f"{where}/share", share),
        "feature": (f"{where}/feature", ""), "things": (f"{where}/things", ",.0f"), "metric": ("metric#/label", ""),
        "with_it": (f"{where}/score_with", score), "without": (f"{where}/score_without", score),
        "gain": (f"{where}/gain", gain), "ci": (f"{where}/ci", gain),
        **every(f"{where}/features", len(item.get("features", []))),
    }  # fmt: skip
    refitted = REFITTED.replace("{them}", THEM.get(item["kind"], "them"))
    return Looked(
        seen=say("seen", SEEN[item["kind"]](item, rows), facts, **pool),
        refitted=None if item["gain"] is None else say("refitted", refitted, facts, **pool),
        why=f"{where}/why",
        leak=item["leak"],
        remedy=remedy(facts, where, item) if item["leak"] else None,
    )


def _repeated(facts: Facts) -> Claim | None:
    """Return how many test rows repeat a training row; None where none does."""
    found = facts["eda"]["duplicates"]
    if not found["test_rows"]:
        return None
    where = "eda#/duplicates"
    pool: dict[str, Place] = {
        "rows": (f"{where}/test_rows", ",.0f"), "share": (f"{where}/share", share),
        "same": (f"{where}/same_target", share),
    }  # fmt: skip
    verb = "test row has" if found["test_rows"] == 1 else "test rows have"
    same = "" if found["same_target"] is None else ", and {same} of these the same target"
    return say("repeated", f"{{rows}} {verb} the features of a training row ({{share}}){same}.", facts, **pool)


def _view(facts: Facts) -> View | None:
    if "forecast" in facts["define"]:  # what forecasts see of the future has a section of its own
        return None
    tested = facts["reflect"]["dates_tested"]
    caveat = any(claim["id"] == "across_split" for claim in facts["answer"]["caveats"]) if "answer" in facts else False
    return {
        "looks": [_looked(facts, place, item) for place, item in enumerate(facts["reflect"]["split_leaks"])],
        "repeated": None if caveat else _repeated(facts),
        "dates_in_part": tested["dates"] < tested["of"],
    }


SPLIT_LEAKS = Section("split_leaks", "reflect", _view, ("reflect#/dates_tested",))
