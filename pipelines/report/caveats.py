"""What a reader must know before trusting a report: each check returns whether its caveat holds.

The sentences are in templates/caveats.md.j2, one macro a name. The order is the order of weight: the first that
fires is the report's main caveat.
"""

from collections.abc import Callable

from pipelines.facts.define import is_doubted
from pipelines.facts.shared import Pointer
from pipelines.facts.steps import Facts
from pipelines.metrics import METRICS
from pipelines.splits import SPLITS

PAIR = ("baseline", "strong")
ROLES = ("dummy", *PAIR)
Check = Callable[[Facts], bool]


def _controls_failed(facts: Facts) -> bool:
    return not facts["reflect"]["controls"]["passed"]


def _leak(facts: Facts) -> bool:
    return facts["reflect"]["leak_verdict"] is not None


def _doubted(facts: Facts) -> bool:
    return is_doubted(facts["define"])


def _split_leak(facts: Facts) -> bool:
    return any(item["leak"] for item in facts["reflect"]["split_leaks"])


def _too_good(facts: Facts) -> bool:
    return facts["reflect"].get("too_good") is not None


def _drift(facts: Facts) -> bool:
    return facts["eda"]["drift"]["drifted"]


def _close(facts: Facts) -> bool:
    return facts["compare"]["difference"]["close"]


def _folds_disagree(facts: Facts) -> bool:
    difference = facts["compare"]["difference"]
    folds = difference["nadeau_bengio"]
    established = difference["verdict"] in ("better", "worse") and difference.get("against") != "constant"
    return established and folds is not None and _holds_zero(folds["ci"])


def _no_saving(facts: Facts) -> bool:
    threshold = facts["compare"]["threshold"]
    better = facts["compare"]["difference"]["verdict"] == "better"
    return better and threshold is not None and _holds_zero(threshold["saving"]["ci"])


def _holds_zero(ci: list[float]) -> bool:
    return ci[0] <= 0 <= ci[1]


def _across(facts: Facts) -> bool:
    return facts["eda"]["duplicates"]["suspect"]


def _in_time(facts: Facts) -> bool:
    return SPLITS[facts["define"]["split"]["kind"]].later


def _unstable(facts: Facts) -> bool:
    stability = facts["compare"]["stability"]
    return stability is not None and stability["flagged"]


def behind_the_mean(facts: Facts) -> dict[str, Pointer] | None:
    """Return where both models' explained shares of the test rows' spread stand, if below zero despite a signal.

    The mean of those rows would then have been the better prediction: the target's level is not what it was, or a few
    rows are far off. None where it is not so, where no metric tells such a share, and where nothing was learned anyway.
    """
    if not facts["reflect"]["signal"]["present"]:
        return None
    compare, primary = facts["compare"], METRICS[facts["metric"]["primary"]]
    if primary.scale == "explained":
        scores: dict[str, float | None] = {model["role"]: model["score"] for model in compare["models"]}
        place: dict[str, int] = {model["role"]: i for i, model in enumerate(compare["models"])}
        found = {role: f"compare#/models/{place[role]}/score" for role in ROLES} | {"label": "metric#/label"}
    else:
        shares = [i for i, row in enumerate(compare["other_metrics"]) if METRICS[row["metric"]].scale == "explained"]
        if not shares:
            return None
        found = {name: f"compare#/other_metrics/{shares[0]}/{name}" for name in (*ROLES, "label")}
        row = compare["other_metrics"][shares[0]]
        scores = {"baseline": row["baseline"], "strong": row["strong"]}
    told = [scores[role] for role in PAIR]
    return found if all(score is not None and score < 0 for score in told) else None


def _behind_the_mean(facts: Facts) -> bool:
    return behind_the_mean(facts) is not None


def _always(facts: Facts) -> bool:  # noqa: ARG001 -- a check like the others
    return True


def _capped(facts: Facts) -> bool:
    rows = [model["rows_used"] for model in facts["strong"]["models"] if model["candidate"]]
    return min(rows, default=0) < max(rows, default=0)


def _at_random(facts: Facts) -> bool:
    return not _in_time(facts)


CHECKS: dict[str, Check] = {
    "controls_failed": _controls_failed, "leak": _leak, "split_leak": _split_leak, "doubted": _doubted,
    "too_good": _too_good, "level": _behind_the_mean,
    "folds_disagree": _folds_disagree, "no_saving": _no_saving, "unstable": _unstable,
    "drift": _drift, "close_call": _close, "across_split": _across, "one_period": _in_time, "same_source": _at_random,
    "shared_credit": _always, "capped_rows": _capped,
}  # fmt: skip


def find_caveats(facts: Facts) -> list[str]:
    """Return the names of the caveats that hold, the gravest first. There is always at least one."""
    return [name for name, holds in CHECKS.items() if holds(facts)]
