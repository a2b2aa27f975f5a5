"""What a reader must know before trusting a report: each check returns the name of its caveat, or nothing.

The sentences are in templates/caveats.md.j2, one macro a name. The order is the order of weight: the first that
fires is the report's main caveat.
"""

from collections.abc import Callable
from typing import Any

from pipelines.rendering.numbers import Facts

Check = Callable[[dict[str, Any]], bool]


def _controls_failed(facts: dict[str, Any]) -> bool:
    return (facts.get("reflect", {}).get("controls") or {}).get("passed") is False


def _leak(facts: dict[str, Any]) -> bool:
    return bool(facts.get("reflect", {}).get("leak_verdict"))


def _split_leak(facts: dict[str, Any]) -> bool:
    return any(item["leak"] for item in facts.get("reflect", {}).get("split_leaks") or [])


def _drift(facts: dict[str, Any]) -> bool:
    return bool(facts["eda"]["drift"] and facts["eda"]["drift"]["drifted"])


def _close(facts: dict[str, Any]) -> bool:
    return bool(facts["compare"]["difference"]["close"])


def _folds_disagree(facts: dict[str, Any]) -> bool:
    difference = facts["compare"]["difference"]
    folds = difference["nadeau_bengio"]
    return difference["verdict"] in ("better", "worse") and bool(folds) and folds["ci"][0] <= 0 <= folds["ci"][1]


def _no_saving(facts: dict[str, Any]) -> bool:
    threshold = facts["compare"]["threshold"]
    better = facts["compare"]["difference"]["verdict"] == "better"
    return better and bool(threshold) and threshold["saving"]["ci"][0] <= 0 <= threshold["saving"]["ci"][1]


def _across(facts: dict[str, Any]) -> bool:
    return bool(facts["eda"]["duplicates"]["suspect"])


def _in_time(facts: dict[str, Any]) -> bool:
    return bool(facts["define"]["split"]["kind"] == "time")


def _unstable(facts: dict[str, Any]) -> bool:
    return bool((facts["compare"].get("stability") or {}).get("flagged"))


def _always(facts: dict[str, Any]) -> bool:  # noqa: ARG001 -- a check like the others
    return True


def _capped(facts: dict[str, Any]) -> bool:
    models = [model for model in facts["strong"].get("models") or [] if model["candidate"]]
    most = max((model["rows_used"] for model in models), default=0)
    return any(model["rows_used"] < most for model in models)


def _at_random(facts: dict[str, Any]) -> bool:
    return not _in_time(facts)


CHECKS: dict[str, Check] = {
    "controls_failed": _controls_failed, "leak": _leak, "split_leak": _split_leak, "folds_disagree": _folds_disagree,
    "no_saving": _no_saving, "unstable": _unstable, "drift": _drift, "close_call": _close, "across_split": _across,
    "one_period": _in_time, "same_source": _at_random, "shared_credit": _always, "capped_rows": _capped,
}  # fmt: skip


def find_caveats(facts: Facts) -> list[str]:
    """Return the names of the caveats that hold, the gravest first. There is always at least one."""
    return [name for name, holds in CHECKS.items() if holds(dict(facts))]
