"""Which features say much the same: pairs above a threshold, joined into groups."""

import numpy as np
import pandas as pd

from pipelines.facts.eda.groups import Group, Groups
from pipelines.facts.eda.groups import Link as LinkFacts
from pipelines.inputs import by_kind, level_codes, level_names
from pipelines.inputs.bins import level_places

THRESHOLD = 0.9  # of |Spearman|, Cramer's V or the correlation ratio: four fifths of one explain the other
MAX_NUMBERS = 500  # 125,000 pairs in one matrix product
MAX_CATEGORIES = 60
LEVELS = 100  # of a category, commonest first; the rest together
FEWEST = 20  # rows in which both must be known
LINKS = 20  # listed a group


def find_groups(x: pd.DataFrame) -> Groups:
    """Return `groups` [{features, strength, kind, links}] of the features of `x`, and `left_out` {features, why}.

    Two features are linked where |Spearman| (two numbers: of ranks, on the rows where both are known), Cramer's V
    with Bergsma's (2013, Journal of the Korean Statistical Society 42) correction (two categories) or the correlation
    ratio of the number's ranks (one of each, corrected for chance as epsilon squared: Kelley 1935, PNAS 21) is at least
    THRESHOLD. Groups are what links connect; `strength` is a group's strongest link.
    """
    numbers, categories = by_kind(x)
    left_out = len(numbers[MAX_NUMBERS:]) + len(categories[MAX_CATEGORIES:])
    numbers, categories = numbers[:MAX_NUMBERS], categories[:MAX_CATEGORIES]
    ranks = {name: _ranks(x[name].to_numpy(np.float64)) for name in numbers}
    codes = {name: _codes(x[name]) for name in categories}
    links = _number_links(numbers, ranks)
    for i, a in enumerate(categories):
        links += [(a, b, cramers_v(codes[a], codes[b]), "Cramér's V") for b in categories[i + 1 :]]
        links += [(a, b, correlation_ratio(codes[a], ranks[b]), "correlation ratio") for b in numbers]
    strong = [link for link in links if link[2] >= THRESHOLD]
    why = f"only the {MAX_NUMBERS} best numbers and {MAX_CATEGORIES} best categories are paired" if left_out else None
    return {"groups": _connect(strong, list(x.columns)), "left_out": {"features": left_out, "why": why}}


def cramers_v(a: np.ndarray, b: np.ndarray) -> float:
    """Return Cramer's V, corrected for chance, of two arrays of codes (rows,), -1 for missing; 0 for a constant."""
    known = (a >= 0) & (b >= 0)
    rows = int(known.sum())
    if rows < FEWEST:
        return 0.0
    a, b = np.unique(a[known], return_inverse=True)[1], np.unique(b[known], return_inverse=True)[1]
    shape = (int(a.max()) + 1, int(b.max()) + 1)
    if min(shape) < 2:  # noqa: PLR2004 - a constant
        return 0.0
    table = np.bincount(a * shape[1] + b, minlength=shape[0] * shape[1]).reshape(shape).astype(float)
    expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0, keepdims=True) / rows
    phi2 = float(np.sum((table - expected) ** 2 / expected)) / rows
    corrected = max(0.0, phi2 - (shape[0] - 1) * (shape[1] - 1) / (rows - 1))
    smallest = min(size - (size - 1) ** 2 / (rows - 1) for size in shape)
    return float(np.sqrt(corrected / (smallest - 1))) if smallest > 1 else 0.0


def correlation_ratio(codes: np.ndarray, values: np.ndarray) -> float:
    """Return the share of spread in `values` (rows,) between the levels of `codes` (rows,), corrected, as a root.

    Codes are -1 and values NaN where missing. 0 where either is constant, or there are as many levels as rows.
    """
    known = (codes >= 0) & ~np.isnan(values)
    rows = int(known.sum())
    if rows < FEWEST:
        return 0.0
    level = np.unique(codes[known], return_inverse=True)[1]
    y = values[known] - values[known].mean()
    counts = np.bincount(level)
    total, free = float(y @ y), rows - len(counts)
    if total <= 0 or free < 1 or len(counts) < 2:  # noqa: PLR2004 - a constant
        return 0.0
    between = float(np.sum(np.bincount(level, weights=y) ** 2 / counts))
    return float(np.sqrt(max(0.0, 1 - (total - between) / free / (total / (rows - 1)))))


Link = tuple[str, str, float, str]


def _number_links(names: list[str], ranks: dict[str, np.ndarray]) -> list[Link]:
    """Return the linked pairs of numbers: four matrix products give every pair's sums over its own known rows."""
    if len(names) < 2:  # noqa: PLR2004 - a pair
        return []
    matrix = np.column_stack([ranks[name] for name in names])
    known = (~np.isnan(matrix)).astype(np.float64)
    filled = np.nan_to_num(matrix)
    rows, sums, squares = known.T @ known, filled.T @ known, (filled**2).T @ known
    with np.errstate(divide="ignore", invalid="ignore"):
        covariance = filled.T @ filled / rows - sums * sums.T / rows**2
        variance = squares / rows - (sums / rows) ** 2
        correlation = np.abs(covariance) / np.sqrt(variance * variance.T)
    sure = (rows >= FEWEST) & (np.minimum(variance, variance.T) > 1e-12)  # noqa: PLR2004 - a constant
    correlation = np.where(sure, np.minimum(correlation, 1.0), 0.0)
    pairs = np.argwhere(np.triu(correlation >= THRESHOLD, 1))
    return [(names[i], names[j], float(correlation[i, j]), "Spearman") for i, j in pairs]


def _ranks(values: np.ndarray) -> np.ndarray:
    """Return mid-ranks between -.5 and .5, NaN where missing."""
    known = ~np.isnan(values)
    ordered = np.sort(values[known])
    below, upto = (np.searchsorted(ordered, values, side) for side in ("left", "right"))
    return np.where(known, (below + upto) / 2 / max(len(ordered), 1) - 0.5, np.nan)


def _codes(column: pd.Series) -> np.ndarray:
    return level_places(level_codes(column), len(level_names(column)), LEVELS + 1)


def _connect(links: list[Link], order: list[str]) -> list[Group]:
    """Return the connected groups, the largest first, each with its features in the given order."""
    group = {name: name for link in links for name in link[:2]}

    def root(name: str) -> str:
        while group[name] != name:
            name = group[name]
        return name

    for a, b, _, _ in links:
        group[root(a)] = root(b)
    members: dict[str, list[str]] = {}
    for name in order:
        if name in group:
            members.setdefault(root(name), []).append(name)
    facts: list[Group] = []
    for features in sorted(members.values(), key=lambda names: (-len(names), order.index(names[0]))):
        own = sorted((link for link in links if link[0] in features), key=lambda link: -link[2])
        listed: list[LinkFacts] = [
            {"features": [a, b], "strength": strength, "kind": kind} for a, b, strength, kind in own[:LINKS]
        ]
        kinds = " and ".join(dict.fromkeys(link[3] for link in own))
        facts.append({"features": features, "strength": own[0][2], "kind": kinds, "links": listed})
    return facts
