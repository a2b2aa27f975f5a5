"""Numbers that stand for "no value": 9999, -999, 99 or -1 where they are no amounts."""

import numpy as np

from pipelines.core.errors import quote
from pipelines.doubts.doubt import Doubting, Reading
from pipelines.facts.define import Doubt
from pipelines.inputs import Integer, Number, holds_numbers

FEWEST = 5  # rows that hold a code; fewer may be chance
USUAL = 0.5  # share of rows from which a number is what most rows have, and no gap
RARE = 0.001  # share of rows below which a repeated number is no code
OFTEN = 0.01  # share of rows from which a number near to the others may be a code
# A code that is near to the others: how many times as many rows hold it as hold a number beside it, at how many typical
# gaps and at what share of the others' range it lies away.
NEAR = ((5.0, 5.0, 0.05), (2.0, 10.0, 0.2))
PRICED = 0.5  # share of the others that end in a nine too, from which they are prices
WIDE = 20.0  # the range of amounts among which -1 is a code
BEYOND = 3.0  # standard errors by which the target is further off than at the largest amounts: then it is an amount
OUTERMOST = 0.2  # share of the rest's rows that are nearest to the code


def find_numbers_for_none(values: np.ndarray, y: np.ndarray | None) -> list[tuple[float, int]]:
    """Return the numbers that seem to stand for "no value" in an amount's known values, with their rows.

    A code repeats one digit (or is -1), is the column's smallest or largest number and is held by many rows. It lies
    further from the others than they span; or it is near to them, but leaves a gap, and far more rows hold it than
    hold any number beside it. A far one is an amount after all where the target `y`, amounts or 0 and 1, goes on there
    as the largest amounts have it begin.
    """
    distinct, counts = np.unique(values, return_counts=True)
    often = counts >= max(FEWEST, RARE * len(values))
    coded = np.zeros(len(distinct), bool)
    coded[often] = [_repeats_digits(value) for value in distinct[often]]
    found = []
    for side in (-1, 1):
        order = np.argsort(-side * distinct, kind="stable")  # from the outermost inwards
        codes = _outermost(side * distinct[order], coded[order])
        rest = order[codes:]
        if not codes or len(rest) < 2:  # noqa: PLR2004 - a range needs two
            continue
        others, outer = distinct[rest], order[:codes]
        code, held = float(distinct[outer[-1]]), int(counts[outer].sum())
        if held > USUAL * len(values):
            continue
        near = _is_near(code, side, others, counts[rest], held, len(values))
        apart = (near or _is_far(code, side, others)) and not _goes_on(code, side, values, others, y)
        if apart and np.mean([f"{one:.10g}".endswith("9") for one in others]) < PRICED:
            found += [(float(distinct[place]), int(counts[place])) for place in outer[::-1]]
    return found


def _repeats_digits(value: float) -> bool:
    digits = f"{abs(value):.10g}".replace(".", "")
    return value in (-1.0, -9.0) or (len(digits) > 1 and len(set(digits)) == 1 and digits[0] in "789" and value != 0)


def _outermost(sizes: np.ndarray, coded: np.ndarray) -> int:
    """Return how many of the numbers, from the outermost inwards, are codes: 99 and, close to it, 98 and 97."""
    count = 0
    for size, code in zip(sizes, coded, strict=True):
        beside = count > 0 and sizes[count - 1] - size <= 1 and sizes[0] - size <= 3  # noqa: PLR2004 - 99, 98, 97, 96
        if not code and not (beside and abs(size) > 9):  # noqa: PLR2004 - 8 beside 9 is a number
            break
        count += 1
    return count


def _is_far(code: float, side: int, rest: np.ndarray) -> bool:
    """Return whether the code lies further off the rest than the rest spans."""
    gap = side * code - (side * rest).max()
    return bool(gap >= np.ptp(rest) and gap > 1)


def _is_near(code: float, side: int, rest: np.ndarray, counts: np.ndarray, held: int, rows: int) -> bool:
    """Return whether a code close to the rest leaves a gap, and stands out by the rows that hold it."""
    if held < OFTEN * rows:
        return False
    spike = held / counts[np.argsort(-side * rest, kind="stable")[:10]].mean()
    gap, span = float(side * code - (side * rest).max()), float(np.ptp(rest))
    if side < 0 and rest.min() >= 0 and span >= WIDE and spike >= NEAR[0][0]:
        return True
    typical = float(np.median(np.diff(np.sort(rest)))) if len(rest) > 2 else span  # noqa: PLR2004 - two have one gap
    return any(spike >= times and gap >= max(gaps * typical, share * span) for times, gaps, share in NEAR)


def _goes_on(code: float, side: int, values: np.ndarray, rest: np.ndarray, y: np.ndarray | None) -> bool:
    """Return whether the target at the code is further from its mean than at the outermost amounts, the same way."""
    if y is None:
        return False
    amounts = np.isin(values, rest)
    edge = np.quantile(side * values[amounts], 1 - OUTERMOST)
    outer, at_code = y[amounts & (side * values >= edge)], y[values == code]
    mean = y[amounts].mean()
    start, there = outer.mean() - mean, at_code.mean() - mean
    noise = np.sqrt(y.var() * (1 / len(outer) + 1 / len(at_code))) + 1e-12
    return bool(start * there > 0 and abs(there) > abs(start) and abs(start) > noise and abs(there) > BEYOND * noise)


def _find(reading: Reading) -> list[Doubt]:
    """Return a doubt for each column of amounts, the target too, of which a number seems to stand for "no value"."""
    frame, target, name_of_target = reading.table.frame, reading.table.target, reading.project.problem.target
    y = reading.table.y if target.outputs == 1 else None
    found: list[Doubt] = []
    for name, column in reading.project.columns.declared.items():
        if column.type not in (Integer.name, Number.name):
            continue
        if name == name_of_target and "probabilities" not in target.can and holds_numbers(reading.raw[name]):
            values, truth = reading.raw[name].to_numpy(np.float64), None
        elif name in frame.columns:
            values, truth = frame[name].to_numpy(np.float64), y
        else:
            continue
        known = np.isfinite(values)
        codes = find_numbers_for_none(values[known], None if truth is None else truth[known])
        codes = [(code, rows) for code, rows in codes if code not in (column.allowed or ())]
        if codes:
            found.append(_doubt(name, codes, len(values), heavy=name == name_of_target))
    return found


def _doubt(name: str, codes: list[tuple[float, int]], rows: int, *, heavy: bool) -> Doubt:
    written = [f"{code:.10g}" for code, _ in codes]
    held = sum(count for _, count in codes)
    flags = " ".join(f"--missing={code}" for code in written)
    return {
        "kind": NUMBERS_FOR_NONE.name,
        "column": name,
        "found": f"{' and '.join(written)}, in {held:,} rows ({100 * held / rows:.2g} %), apart from all other "
        f"numbers: it looks like a code for no value",
        "done": "predicted as an amount" if heavy else "read as an amount",
        "decide": f"`{flags}`, or `missing_values = [{', '.join(written)}]` for {quote(name)}; "
        f"name it in `sure` if it is an amount",
        "weight": 0.8 if heavy else float(min(0.6, 0.2 + held / rows)),
    }


NUMBERS_FOR_NONE = Doubting("numbers for none", _find)
