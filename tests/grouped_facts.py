"""Facts of groups by hand, beside those of a sample: a verdict each, with an outcome and without one."""

from typing import Literal

import sample_facts
from conftest import Facts

Says = Literal["groups", "a gradient", "nothing"]
TITLES = {"recency": "days since the last purchase"}
COLUMNS = ("recency", "frequency", "monetary")
NULLS = ("one Gaussian", "same marginals and rank correlation")
RUNGS = {
    "k-means": -4.924, "scaling": 0.289, "correlation": 0.463, "number": 0.523, "method": 0.57,
}  # fmt: skip


def estimate(value: float, half: float) -> Facts:
    """Return a number with its interval."""
    return {"value": value, "ci": [value - half, value + half]}


def tested(value: float, half: float) -> Facts:
    """Return a difference with its interval and p-value."""
    return estimate(value, half) | {"p_value": 0.001 if abs(value) > half else 0.4}


def line(low: int, peaks: tuple[int, int], p: float, humps: tuple[int, ...] = ()) -> Facts:
    """Return the rows along a line, 30 of whose parts are drawn."""
    counts = [max(0, 40 - abs(place - 9) * 6, 34 - abs(place - 20) * 5) for place in range(30)]
    return {
        "humps": list(humps), "counts": counts, "edges": [-2.5 + place * 0.25 for place in range(31)], "lowest": 1.6,
        "peaks": [0.0, 3.1], "reach": 0.7, "at_lowest": low, "at_peaks": list(peaks), "lower": int(peaks[1] < peaks[0]),
        "p_value": p, "depth": 0.52,
    }  # fmt: skip


def verdict(says: Says, votes: int) -> Facts:
    """Return what five halvings say."""
    groups = says == "groups"
    valley = {"at_lowest": 229, "at_lower_peak": 224, "p_value": 0.6, "depth": 0.52, "confirmed": False}
    if groups:
        valley = {"at_lowest": 31, "at_lower_peak": 140, "p_value": 1e-9, "depth": 1.4, "confirmed": True}
    halvings = [
        {
            "says": "groups" if place < votes else says, "number": 3 if place < votes else 0,
            "alike": 0.93 if groups else 0.31,
            "together": 0.0 if says == "nothing" else 0.81, "ci": [-0.02, 0.02] if says == "nothing" else [0.77, 0.85],
            "valleys": [] if says == "nothing" else [valley, valley | {"p_value": 0.9}],
        }
        for place in range(5)
    ]  # fmt: skip
    along = [line(31, (140, 190), 1e-9, (1, 2)), line(52, (140, 120), 1e-4, (1, 3))] if groups else []
    return {
        "says": says, "number": 3 if groups else 0, "close": 0 < votes < 5, "votes": votes, "rows": 5281,
        "halvings": halvings, "nearest": valley,
        "along": along if groups else [line(229, (240, 224), 0.6)],
    }  # fmt: skip


def profile(group: int, rows: int, places: tuple[float, ...], outcome: float | None) -> Facts:
    """Return a group whose medians are above such shares of all rows."""
    ranges = [
        {
            "column": column, "median": 1234.5 * place + 1, "ci": [1200 * place + 1, 1270 * place + 1],
            "low": 700 * place, "high": 1700 * place, "place": place, "place_ci": [place - 0.02, place + 0.02],
        }
        for column, place in zip(COLUMNS, places, strict=True)
    ]  # fmt: skip
    described = [
        {"column": "country", "level": "United Kingdom", "share": 0.9, "ci": [0.88, 0.92], "of_all": 0.91},
        {"column": "country", "level": "Germany", "share": 0.06, "ci": [0.05, 0.07], "of_all": 0.02},
    ]
    return {
        "group": group, "rows": rows, "share": rows / 4225,
        "outcome": None if outcome is None else estimate(outcome, 0.2),
        "columns": ranges, "described": described,
    }  # fmt: skip


def maps(islands: tuple[int, int, int]) -> Facts:
    """Return maps of twenty rows, with so many islands by UMAP in each table."""
    tables = [
        {
            "name": name, "groups": [place % 5 + 1 for place in range(20)],
            "maps": [
                {"method": method, "x": [place * 50 for place in range(20)],
                 "y": [place * 37 % 1000 for place in range(20)], "islands": islands[table] if method == "UMAP" else 1}
                for method in ("PCA", "t-SNE", "UMAP")
            ],
        }
        for table, name in enumerate(("the table", *NULLS))
    ]  # fmt: skip
    return {"rows": 3000, "shown": 20, "number": 5, "tables": tables}


def checks() -> list[Facts]:
    """Return the usual checks, of which three are fooled."""
    found = [
        ("silhouette", 0.31, 4, 2),
        ("stability", 0.95, 3, 3),
        ("prediction strength", 0.87, 2, 2),
        ("gap statistic", 0.4, 1, 1),
    ]
    return [
        {"check": check, "value": value, "says": says,
         "nulls": [{"name": name, "value": value - 0.04, "says": many} for name in NULLS]}
        for check, value, says, many in found
    ]  # fmt: skip


def pairs(*, scored: bool) -> list[Facts]:
    """Return the comparisons with what has no groups, as measured on customers, rounded."""
    found = [
        ("strong", "numbers_boosted", "do trees on the numbers say more than the groups",
         0.261, 0.344, 0.083, 0.013, "more"),
        ("numbers_straight", "numbers_and_groups_straight", "do groups say anything that a straight line does not",
         0.324, 0.331, 0.007, 0.004, "neither"),
        ("numbers_boosted", "numbers_and_groups_boosted", "do groups say anything that trees on the numbers do not",
         0.344, 0.341, -0.003, 0.003, "neither"),
    ] if scored else [
        ("one_gaussian", "strong", "do groups say anything that one hump does not", 0.332, 0.57, 0.238, 0.02, "more")
    ]  # fmt: skip
    return [
        {"asks": asks, "base": base, "other": other, "base_score": low, "other_score": high, "rows": 4225,
         "out_of_fold": tested(gain, half), "on_test": tested(gain, 2 * half), "says": says}
        for base, other, asks, low, high, gain, half, says in found
    ]  # fmt: skip


def reasons(says: Says, votes: int, *, scored: bool) -> Facts:
    """Return what the experiments on groups find."""
    names = list(RUNGS)
    return {
        "verdict": verdict(says, votes),
        "rungs": [
            {"rung": name, "way": f"{name}, in words", "density": RUNGS[name],
             "gain": None if not place else estimate(RUNGS[name] - RUNGS[names[place - 1]], 0.01),
             "score": (0.207, 0.261, 0.25, 0.22, 0.199)[place] if scored else None}
            for place, name in enumerate(names)
        ],
        "density_of_one": 0.332, "density_alone": -0.235, "number": 5, "way": "k-means on Yeo-Johnson values, 5 groups",
        "columns": [
            {"column": column, "explained": share, "alike": 1 - share, "loss": estimate(0.03, 0.01) if scored else None}
            for column, share in zip(("frequency", "monetary", "recency"), (0.83, 0.71, 0.4), strict=True)
        ],
        "profiles": [
            profile(1, 2225, (0.8, 0.2, 0.25), 1.1 if scored else None),
            profile(2, 1000, (0.5, 0.55, 0.6), 3.0 if scored else None),
            profile(3, 1000, (0.1, 0.9, 0.93), 5.2 if scored else None),
        ],
        "assigned": {
            "how": "the group of the nearest centre", "sure": 0.83, "unsure_share": 0.041, "steady": 0.94, "rows": 1056,
        },
        "controls": {
            "nulls": [{"name": name, "says": "a gradient", "number": 0} for name in NULLS]
            + [{"name": "columns shuffled", "says": "nothing", "number": 0}],
            "single_columns": False, "at_random": -0.002 if scored else None, "passed": True, "checks": checks(),
        },
        "maps": maps((4, 11, 4)),
    }  # fmt: skip


def grouped(says: Says = "a gradient", votes: int | None = None, *, scored: bool = True) -> Facts:
    """Return the facts of a sample as they would be of groups, with an outcome or without."""
    facts = sample_facts.load("regression")
    given = 5 if says == "groups" else 0
    facts["define"] |= {
        "task": "clustering", "rows": 5281, "target_scale": "linear", "unit": None,
        "clusters": {
            "columns": list(COLUMNS), "describe": ["country"], "outcome": "spend_90" if scored else None,
            "outcome_scale": "log1p" if scored else "linear", "baseline": "quantiles", "by": "monetary", "groups": 5,
            "missing": 0, "halvings": 5, "looked": [],
        },
    }  # fmt: skip
    facts["metric"] |= {"label": "R²" if scored else "log density", "greater_is_better": True, "margin": 0.01}
    facts["reflect"]["groups"] = reasons(says, given if votes is None else votes, scored=scored)
    quantiles = [{"rows": 845, "predicted": 1.0 + place, "outcome": estimate(1.1 + place, 0.2)} for place in range(5)]
    facts["compare"]["groups"] = {
        "pairs": pairs(scored=scored),
        "margin": 0.01,
        "quantiles": quantiles if scored else None,
    }
    return sample_facts.told_again(facts)
