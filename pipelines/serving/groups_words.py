"""What is said of groups: the verdict on them, and why a row is in one and not in the next likeliest, in sentences."""

from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.report.formats import number

GROUPS, GRADIENT = "groups", "a gradient"  # verdicts of step 7
CUT = (
    "the {} groups served are a cut through one crowd and no natural kinds. Another number of them, or other borders, "
    "would do as well"
)


def verdict_words(verdict: Mapping[str, Any], served: int) -> str:
    """Return what step 7 says of the groups that are served, `served` in number."""
    if verdict["says"] == GROUPS:
        least = verdict["number"]
        more = f" The {served} groups served are more than that shows." if served > least else ""
        return f"Step 7 found groups, at least {least}: rows left out confirm the valleys between them.{more}"
    found = "a gradient and no groups" if verdict["says"] == GRADIENT else "neither groups nor a gradient"
    close = " (some halvings of the rows say groups, others do not)" if verdict["close"] else ""
    return f"Step 7 found {found}{close}: {'one group is served, of all rows' if served == 1 else CUT.format(served)}."


def why_words(reason: Mapping[str, Any], unit_of: Mapping[str, str]) -> str:
    """Return the reason of a row's group in sentences; no value of the row is in it."""
    own, other = reason["group"], reason["next"]
    if reason["by"] is not None:
        return _of_quantiles(reason["by"], own, unit_of)
    if other is None:
        return "There is one group alone, so every row is in it."
    speaking = [one for one in reason["features"] if one["effect"] > 0]
    against = [one for one in reason["features"] if one["effect"] < 0]
    said = f"Group {own} and not group {other}, the next likeliest. "
    said += f"For it {_speak(speaking)} {_listed(speaking, own, other, unit_of)}." if speaking else (
        "No column by itself speaks for it: it is the columns together."
    )  # fmt: skip
    return said + (f" Against it {_speak(against)} {_listed(against, own, other, unit_of)}." if against else "")


def unusual_words(lowest: float) -> str:
    """Return what is noted of a row that lies where rows are sparser than at any training row."""
    return f"the row: rows are sparser here than at any training row (log density below {lowest:.6g})"


def _speak(features: Sequence[object]) -> str:
    return "speaks" if len(features) == 1 else "speak"


def _listed(features: Sequence[Mapping[str, Any]], own: int, other: int, unit_of: Mapping[str, str]) -> str:
    each = [
        f"{one['title']} (median {_with_unit(one['here'], unit_of.get(one['feature'], ''))} in group {own}, "
        f"{_with_unit(one['there'], unit_of.get(one['feature'], ''))} in group {other})"
        for one in features
    ]
    return each[0] if len(each) == 1 else f"{', '.join(each[:-1])} and {each[-1]}"


def _of_quantiles(by: Mapping[str, Any], own: int, unit_of: Mapping[str, str]) -> str:
    unit = unit_of.get(by["feature"], "")
    low, high = by["low"], by["high"]
    ends = [
        *([] if low is None else [f"from {_with_unit(low, unit)} on"]),
        *([] if high is None else [f"below {_with_unit(high, unit)}"]),
    ]
    return (
        f"Groups are quantiles of {by['title']} alone: group {own} holds rows {' and '.join(ends) or 'of any value'}."
    )


def _with_unit(value: float | None, unit: str) -> str:
    return "unknown" if value is None else f"{number(value)} {unit}".strip()
