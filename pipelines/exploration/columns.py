"""What one feature holds, whatever the target: missing, distinct, quantiles, outliers, codes, levels."""

import numpy as np
import pandas as pd

from pipelines.facts.eda.column import Code, Described, Numbering
from pipelines.inputs import kind_of, level_codes, level_names

QUANTILES = (0, 1, 5, 25, 50, 75, 95, 99, 100)  # per cent
FAR = 3.0  # spreads beyond which a value is far out: Tukey 1977, one normal value in 400,000
TOP = 10  # levels listed
RARE_ROWS = 20  # a level with fewer training rows says little about the target
CODE_ROWS = 10  # rows that must share far-out values before these look like codes and not like measurements
CODES = 5  # distinct codes at one end
NUMBERED = 0.95  # distinct share from which whole numbers may be a numbering of the rows


def describe_column(column: pd.Series, row_id: np.ndarray) -> Described:
    """Return the facts of one feature's training rows; `row_id` (rows,) is their place in the raw file."""
    missing = float(column.isna().mean()) if len(column) else 0.0
    if kind_of(column).named:
        return _describe_levels(column, missing)
    return _describe_numbers(column.to_numpy(np.float64), row_id, missing)


def _describe_numbers(values: np.ndarray, row_id: np.ndarray, missing: float) -> Described:
    known = ~np.isnan(values)
    ordered, counts = np.unique(values[known], return_counts=True)
    if not len(ordered):
        return {"missing": missing, "distinct": 0, "quantiles": None, "outliers": None, "codes": [], "numbering": None}
    at = np.quantile(values[known], np.array(QUANTILES) / 100)
    quantiles = {str(q): float(value) for q, value in zip(QUANTILES, at, strict=True)}
    low, high, rule = fences(quantiles)
    far = (values < low) | (values > high)
    return {
        "missing": missing,
        "distinct": len(ordered),
        "quantiles": quantiles,
        "outliers": {"count": int(far.sum()), "share": float(far.mean()), "rule": rule, "low": low, "high": high},
        "codes": find_codes(ordered, counts, low, high),
        "numbering": _numbering(values[known], ordered, row_id[known]),
    }


def fences(quantiles: dict[str, float]) -> tuple[float, float, str]:
    """Return the bounds beyond which a value is an outlier, and the rule in words.

    Tukey's outer fences (Exploratory Data Analysis, 1977, section 2D); where the quartiles coincide, as in counts that
    are mostly zero, the same with the range from the 1 % to the 99 % quantile.
    """
    quartile, upper = quantiles["25"], quantiles["75"]
    if upper > quartile:
        spread = upper - quartile
        rule = "more than three interquartile ranges beyond the quartiles"
        return quartile - FAR * spread, upper + FAR * spread, rule
    low, high = quantiles["1"], quantiles["99"]
    spread = high - low
    rule = "beyond all except the outermost hundredths by more than three times their range, as the quartiles coincide"
    return low - FAR * spread, high + FAR * spread, rule


def find_codes(ordered: np.ndarray, counts: np.ndarray, low: float, high: float) -> list[Code]:
    """Return the values that look like codes {value, rows}, the commonest first: 98 among counts below 18.

    At most CODES distinct values at either end, beyond the fences, that CODE_ROWS rows or more share, and that lie
    further from the rest than the rest reaches among itself. `ordered` are the distinct values, `counts` their rows.
    """
    upper = _upper_codes(ordered[ordered >= low], counts[ordered >= low], high)
    mirrored, rows_mirrored = -ordered[::-1], counts[::-1]
    lower = _upper_codes(mirrored[mirrored >= -high], rows_mirrored[mirrored >= -high], -low)
    found = upper + [(-value, rows) for value, rows in lower]
    found.sort(key=lambda code: (-code[1], code[0]))
    return [{"value": value, "rows": rows} for value, rows in found]


def _upper_codes(ordered: np.ndarray, counts: np.ndarray, high: float) -> list[tuple[float, int]]:
    for start in range(max(len(ordered) - CODES, 2), len(ordered)):
        gap, reach = ordered[start] - ordered[start - 1], ordered[start - 1] - ordered[0]
        if gap > reach and ordered[start] > high and counts[start:].sum() >= CODE_ROWS:
            return [(float(ordered[i]), int(counts[i])) for i in range(start, len(ordered))]
    return []


def _numbering(values: np.ndarray, ordered: np.ndarray, row_id: np.ndarray) -> Numbering | None:
    """Return how whole numbers, nearly all distinct, go with the rows' order; None for any other column.

    `order` is the absolute rank correlation with the row's place in the file, `filling` the share of the numbers
    between the smallest and the largest that occur.
    """
    share = len(ordered) / len(values)
    if share < NUMBERED or len(values) < RARE_ROWS or not np.array_equal(ordered, np.round(ordered)):
        return None
    ranks = np.argsort(np.argsort(values, kind="stable"), kind="stable")
    places = np.argsort(np.argsort(row_id, kind="stable"), kind="stable")
    order = abs(float(np.corrcoef(ranks, places)[0, 1]))
    filling = len(ordered) / float(ordered[-1] - ordered[0] + 1)
    return {"distinct_share": share, "order": order, "filling": filling}


def _describe_levels(column: pd.Series, missing: float) -> Described:
    codes, names = level_codes(column), level_names(column)
    counts = np.bincount(codes[codes >= 0], minlength=len(names))
    common = np.argsort(-counts, kind="stable")[:TOP]
    rare = (counts > 0) & (counts < RARE_ROWS)
    rows = max(len(codes), 1)
    known = max(int(counts.sum()), 1)
    return {
        "missing": missing,
        "distinct": int((counts > 0).sum()),
        "distinct_share": float((counts > 0).sum() / known),
        "rows_per_level": float(known / max((counts > 0).sum(), 1)),
        "top": [{"value": names[i], "share": float(counts[i] / rows)} for i in common if counts[i] > 0],
        "rare_levels": {"levels": int(rare.sum()), "share": float(counts[rare].sum() / rows), "fewer_than": RARE_ROWS},
        "outliers": None,
    }
