"""Cells that may mean something else: words among numbers, units and currencies in one column, classes called None."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from pipelines.core.errors import quote
from pipelines.core.project import Column
from pipelines.doubts.doubt import LOOKED_AT, SEED, Doubting, Reading
from pipelines.doubts.within import amounts_within
from pipelines.facts.define import Doubt
from pipelines.inputs import INPUTS, Date, Integer, Number, Text, holds_numbers
from pipelines.inputs.amounts import CURRENCY, MIXED, unit_stem
from pipelines.inputs.missing import NO_VALUE
from pipelines.inputs.placeholders import is_placeholder
from pipelines.inputs.written import units_of

SHOWN = 3  # cells that a doubt shows
FEW = 0.01  # share of cells from which they count
ASIDE = 0.01  # share of rows without a target from which it is said
NEARLY = 0.95  # share of texts that carry a unit, from which a column is one of measurements
MANY = 50  # different numbers, from which a column is one of amounts
MOSTLY = 0.9  # share of cells that are numbers, from which the others are odd
NOUGHT = frozenset({"none", "nil", "no", "zero"})  # that may also be 0
UNITS = (  # that measure the same
    {"mg", "g", "kg", "t", "lb", "oz", "gram", "kilogram", "pound", "ton", "tonne"},
    {"mm", "cm", "m", "km", "in", "ft", "mi", "inch", "metre", "meter", "mile", "feet"},
    {"ms", "s", "sec", "min", "h", "hr", "hour", "minute", "second", "d", "day", "wk", "week", "mo", "month", "y", "yr",
     "year"},
    {"ml", "cl", "dl", "l", "litre", "liter", "gal"},
    {"b", "kb", "mb", "gb", "tb"}, {"w", "kw", "mw", "kwh", "wh", "mwh"}, {"k", "m", "b", "bn", "mn", "mio", "mrd"},
    {"\u00b0c", "\u00b0f", "c", "f"}, {"m\u00b2", "ha", "acre", "sqft", "ft\u00b2"},
)  # fmt: skip
SYMBOLS = {"$": "USD", "US$": "USD", "\u20ac": "EUR", "\u00a3": "GBP", "\u00a5": "JPY", "Rs.": "INR", "Rs": "INR"}


def _find(reading: Reading) -> list[Doubt]:
    """Return the doubts about single columns' cells."""
    found = [_target(reading)]
    held: Mapping[str, Mapping[str, int]] = reading.raw.attrs.get(NO_VALUE, {})
    for name in map(str, reading.raw.columns):
        column = reading.project.columns.with_missing(name) if name in reading.project.columns.declared else None
        cells = reading.raw[name]
        if column is not None and name not in reading.project.columns.drop:
            found.append(_words(name, reading.project.columns.declared[name], held.get(name, {}), len(cells)))
            if column.type in (Integer.name, Number.name):
                found.append(_written(name, column, cells) if column.format else _thousands(name, column, cells))
                continue
            if column.type == Date.name:
                continue
        if name != reading.project.problem.target and not holds_numbers(cells):
            found.append(_as_labels(name, column, cells))
    return [doubt for doubt in found if doubt is not None]


def _doubt(column: str, found: str, done: str, decide: str, weight: float) -> Doubt:
    return {
        "kind": CELLS.name,
        "column": column,
        "found": found,
        "done": done,
        "decide": decide,
        "weight": float(min(0.95, weight)),
    }


def _target(reading: Reading) -> Doubt | None:
    """Return the doubt of a target that is called None, NA, unknown or the like in many rows."""
    name, rows = reading.project.problem.target, len(reading.raw)
    column = reading.project.columns.with_missing(name)
    if "probabilities" not in reading.table.target.can:
        return None
    held = reading.raw.attrs.get(NO_VALUE, {}).get(name, {})
    aside = {text: count for text, count in held.items() if text not in map(str, column.missing_values)}
    if sum(aside.values()) >= ASIDE * rows:
        return _doubt(
            name,
            f"{_listed(aside)} stands in {sum(aside.values()):,} of {rows:,} rows of the target",
            "taken for no value: these rows are set aside",
            f"`not_missing = [{_quoted(aside)}]` for {quote(name)} in [columns] makes a class of them; "
            f"`missing_values = [{_quoted(aside)}]` confirms that they hold no value",
            0.5 + sum(aside.values()) / rows,
        )
    cells = reading.raw[name]
    if holds_numbers(cells):
        return None
    counts = cells.dropna().value_counts()
    odd = {str(text): int(count) for text, count in counts.items() if is_placeholder(str(text))}
    if not odd or len(odd) == len(counts) or all(len(str(text).strip()) == 1 for text in counts.index):
        return None
    return _doubt(
        name,
        f"{_listed(odd)} stands in {sum(odd.values()):,} of {rows:,} rows of the target",
        "taken for a class of its own",
        f"`missing_values = [{_quoted(odd)}]` for {quote(name)} in [columns] sets these rows aside (with two classes "
        f"left, `task` and `positive` change too); name it in `sure` if it is a class",
        0.5 + sum(odd.values()) / rows,
    )


def _words(name: str, column: Column, held: Mapping[str, int], rows: int) -> Doubt | None:
    """Return the doubt of a column of amounts or dates in which words were taken for no value that may be one."""
    if column.type not in (Integer.name, Number.name, Date.name):
        return None
    declared = [str(text) for text in column.missing_values if not np.isfinite(pd.to_numeric(text, errors="coerce"))]
    odd = {text: count for text, count in held.items() if text in declared and not is_placeholder(text)}
    nought = {text: count for text, count in held.items() if text in declared and text.casefold() in NOUGHT}
    doubted = odd or nought
    if not doubted:
        return None
    share = sum(doubted.values()) / rows
    what = "which may mean 0" if not odd else "not written as the others"
    return _doubt(
        name,
        f"{_listed(doubted)} in {sum(doubted.values()):,} cells ({100 * share:.2g} %), {what}",
        "taken for no value",
        f"correct these cells in the file, or declare {quote(name)} with another `type`; "
        f"name it in `sure` if they hold no value",
        0.15 + share,
    )


def _written(name: str, column: Column, cells: pd.Series) -> Doubt | None:
    """Return the doubt of amounts in several currencies, partly in per cent, or with both decimal marks."""
    texts = cells.dropna().astype("str")
    texts = texts.sample(min(len(texts), LOOKED_AT), random_state=SEED)
    if texts.empty:
        return None
    money = texts.str.extract(rf"({CURRENCY})")[0].dropna().map(lambda sign: SYMBOLS.get(sign, sign)).value_counts()
    money = money[money >= FEW * len(texts)]
    per_cent = float(texts.str.contains("%", regex=False).mean())
    fix = f"write them alike in the file; name {quote(name)} in `sure` if they are"
    if len(money) > 1:
        signs = ", ".join(map(str, money.index[:SHOWN]))
        return _doubt(name, f"amounts in several currencies: {signs}", "read as if they were one", fix, 0.5)
    if FEW <= per_cent <= 1 - FEW:
        found = f"{100 * per_cent:.2g} % of the amounts have a sign of per cent, the others none"
        return _doubt(name, found, "the sign is ignored: 5 % is 5", fix, 0.4)
    if column.unit and 2 * FEW <= (bare := float(texts.str.contains(r"\d\s*$").mean())) <= 1 - 2 * FEW:
        found = f"{100 * bare:.2g} % of the amounts have no unit, the others are in {column.unit}"
        return _doubt(name, found, f"all are read as {column.unit}", fix, 0.3)
    if column.format == MIXED:
        comma = float(texts.str.contains(",", regex=False).mean())
        found = f"both decimal marks: a comma in {100 * comma:.2g} % of the amounts, a point in others"
        return _doubt(name, found, "both are read as decimal marks", fix, 0.4)
    return None


def _thousands(name: str, column: Column, cells: pd.Series) -> Doubt | None:
    """Return the doubt of numbers whose points may separate thousands: 950 beside 1.234, always three digits behind."""
    if not holds_numbers(cells) or column.allowed is not None:
        return None
    values = np.abs(cells.dropna().to_numpy(np.float64))
    whole = values == np.floor(values)
    parted, others = values[~whole], values[whole]
    few = len(np.unique(parted)) < MANY or len(others) < FEW * len(values)
    if few or (parted < 1).any() or parted.max() >= 1000:  # noqa: PLR2004 - 1.234.567 is no number
        return None
    thousands = np.round(parted * 1000, 6)
    three = (thousands == np.floor(thousands)).all() and (thousands % 10 != 0).mean() > 0.8  # noqa: PLR2004 - 9 of 10
    if not three or others.max() >= 1000 or np.median(others) <= np.median(parted):  # noqa: PLR2004 - then parted
        return None
    return _doubt(
        name,
        f"{100 * len(others) / len(values):.2g} % of the numbers are whole and below 1,000, all others have three "
        f"digits behind the point, which may separate thousands",
        "read as a decimal point",
        f'`format = "1.234,5"` for {quote(name)} in [columns]; name it in `sure` if it is a decimal point',
        0.5,
    )


def _as_labels(name: str, column: Column | None, cells: pd.Series) -> Doubt | None:
    """Return the doubt of labels, or of a dropped column, whose cells are measurements or nearly all numbers."""
    distinct = pd.Series(cells.dropna().unique(), dtype="str").str.strip()
    if len(distinct) < MANY:
        return None
    done = "dropped" if column is None else f"used as {INPUTS[column.type].cells.split(',')[0]}"
    example = None if column is None else amounts_within(distinct)
    if example is not None:
        found = f"nearly all cells hold an amount among other signs, as {quote(example)}"
        decide = (
            f"write the amounts alone in the file, several in columns of their own; "
            f"name {quote(name)} in `sure` if they are labels"
        )
        return _doubt(name, found, done, decide, 0.5)
    if column is not None and column.type == Text.name:
        return None
    units = units_of(distinct)
    same = next((group for group in UNITS if sum(unit_stem(unit) in group for unit in units) > 1), None)
    if same is not None:
        measured = {unit: count for unit, count in units.items() if unit_stem(unit) in same}
        common = [unit for unit, count in measured.items() if count >= FEW * len(distinct)]
        if len(common) > 1 and sum(measured.values()) >= NEARLY * len(distinct):
            found = f"amounts in several units: {', '.join(common[:SHOWN])}"
            return _doubt(name, found, done, "write them in one unit in the file; `--drop` leaves the column out", 0.5)
    numbers = pd.to_numeric(distinct, errors="coerce").notna()
    fine = distinct[numbers]
    codes = fine.str.fullmatch(r"\d+").all() and (len(set(fine.str.len())) == 1 or fine.str.match(r"0\d").any())
    if MOSTLY <= numbers.mean() < 1 and len(fine) >= MANY and not codes:
        odd = distinct[~numbers & ~distinct.map(is_placeholder).astype(bool)]
        if len(odd):
            found = f"numbers except for {len(odd):,} texts, as {', '.join(map(quote, odd.iloc[:SHOWN]))}"
            decide = (
                f'correct these cells in the file, or declare {quote(name)} as `type = "number"` with them in '
                f"`missing_values`; name it in `sure` if they are labels"
            )
            return _doubt(name, found, done, decide, 0.5)
    return None


def _listed(texts: Mapping[str, int]) -> str:
    return ", ".join(map(quote, list(texts)[:SHOWN])) + (", …" if len(texts) > SHOWN else "")


def _quoted(texts: Mapping[str, int]) -> str:
    return ", ".join(f'"{text}"' for text in texts)


CELLS = Doubting("cells", _find)
