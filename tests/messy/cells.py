"""Cells that stand for no value, amounts as people write them, words that are levels, and codes that are no amounts."""

from collections.abc import Callable, Sequence
from io import BytesIO

import numpy as np
import pandas as pd

from messy.case import Case, Judge, Outcome

Texts = Callable[[np.ndarray, np.random.Generator], Sequence[object]]  # cells of amounts
ROWS = 1_200


def _table(rng: np.random.Generator, write: Texts, *, rows: int = ROWS, name: str = "income") -> pd.DataFrame:
    """Return customers with an amount, written as asked, that tells whether they left."""
    amount = np.round(rng.lognormal(3.5, 0.6, rows), 2)
    age = rng.integers(18, 80, rows)
    left = rng.random(rows) < 1 / (1 + np.exp(-1.5 * (np.log(amount) - 3.5) + 0.02 * (age - 49)))
    return pd.DataFrame({"age": age, name: write(amount, rng), "kind": rng.choice(["a", "b", "c"], rows),
                         "left": np.where(left, "yes", "no")})  # fmt: skip


def _plain(amount: np.ndarray, _: np.random.Generator) -> list[str]:
    return [f"{one:.2f}" for one in amount]


def _some(texts: Sequence[str], share: float, write: Texts = _plain) -> Texts:
    """Return cells of which a share, at least three, are some of the texts."""

    def written(amount: np.ndarray, rng: np.random.Generator) -> list[str]:
        cells = [str(cell) for cell in write(amount, rng)]
        for place in rng.permutation(len(cells))[: max(3, round(share * len(cells)))]:
            cells[place] = str(rng.choice(list(texts)))
        return cells

    return written


def _each(write: Callable[[float], str]) -> Texts:
    return lambda amount, _: [write(float(one)) for one in amount]


def _number(name: str, *, sure: bool = False) -> Judge:
    """Return that the column is one of numbers or doubted; `sure`: of numbers, and nothing else is said."""

    def judge(outcome: Outcome) -> bool:
        is_number = outcome.types[name] in ("number", "integer")
        return (is_number and not outcome.doubts) if sure else (is_number or outcome.doubted(name))

    return judge


def _is(name: str, kind: str) -> Judge:
    return lambda outcome: outcome.types[name] == kind and not outcome.doubts


def _written(what: str, faulty: Texts, twin: Texts = _plain, name: str = "income") -> Case:
    """Return a case of a column of amounts, whose twin is written plainly unless said otherwise."""
    return Case(
        "placeholders and amounts", what, lambda rng: _table(rng, faulty, name=name), _number(name),
        lambda rng: _table(rng, twin, name=name), _number(name, sure=True), flags={"target": "left"},
    )  # fmt: skip


def _sign_or_level(sign: str, levels: Sequence[str]) -> Case:
    """Return a case of a sign among amounts; in the twin it is a level of a category."""
    return Case(
        "placeholders and amounts", f"{sign} among amounts, {'/'.join(levels)} in the twin",
        lambda rng: _table(rng, _some([sign], 0.1)), _number("income"),
        lambda rng: _table(rng, lambda amount, rng: list(rng.choice(list(levels), len(amount))), name="test"),
        _is("test", "category"), flags={"target": "left"},
    )  # fmt: skip


def _leveled(rng: np.random.Generator, levels: Sequence[str], shares: Sequence[float], rows: int) -> pd.DataFrame:
    """Return doses with a reaction, one of the levels in their order, that rises with the dose."""
    dose = rng.gamma(3, 3, rows).round(2)
    score = np.argsort(np.argsort(dose + rng.normal(0, 3, rows))) / rows
    place = np.searchsorted(np.cumsum(shares)[:-1], score)
    return pd.DataFrame({"dose": dose, "age": rng.integers(18, 80, rows), "reaction": np.array(levels)[place]})


def _level(levels: Sequence[str], shares: Sequence[float], other: str) -> Case:
    """Return a case of a target of which a word for no value is a class; in the twin it has another name."""
    word = next(one for one in levels if one.lower() in ("none", "na", "n/a", "unknown", "not known", "null"))

    def right(outcome: Outcome) -> bool:
        classes = outcome.draft.defined.facts["target_summary"]
        return outcome.doubted("reaction") or word in str(classes)

    return Case(
        "words as levels", f"{word} in {'/'.join(levels)}",
        lambda rng: _leveled(rng, levels, shares, ROWS), right,
        lambda rng: _leveled(rng, [other if one == word else one for one in levels], shares, ROWS),
        flags={"target": "reaction"},
    )  # fmt: skip


def _coded(what: str, code: float, share: float, draw: Callable[[np.random.Generator, int], np.ndarray],
           twin: Callable[[np.random.Generator, int], np.ndarray] | None = None) -> Case:  # fmt: skip
    """Return a case of a number that stands for no value; the twin has none, or one that is an amount."""

    def made(rng: np.random.Generator, amounts: np.ndarray) -> pd.DataFrame:
        return _table(rng, lambda *_: list(amounts), rows=len(amounts), name="measured")

    def faulty(rng: np.random.Generator) -> pd.DataFrame:
        amounts = draw(rng, ROWS).astype(np.float64)
        amounts[rng.permutation(ROWS)[: round(share * ROWS)]] = code
        return made(rng, amounts)

    def right(outcome: Outcome) -> bool:
        return outcome.doubted("measured") or f"{code:g}" in str(outcome.project.columns)

    return Case(
        "numbers for no value", what, faulty, right, lambda rng: made(rng, (twin or draw)(rng, ROWS)),
        flags={"target": "left"},
    )  # fmt: skip


def _in_no_order(effects: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return the effects in an order in which neighbours are not alike by chance."""
    drawn = rng.permutation(effects)
    while (np.diff(drawn) ** 2).mean() < 1.4 * effects.var():
        drawn = rng.permutation(effects)
    return drawn


def _coded_target(code: float, share: float) -> Case:
    """Return a case of a target of which a number stands for no value; the twin has none."""

    def made(rng: np.random.Generator, *, coded: bool) -> pd.DataFrame:
        x = rng.normal(size=(ROWS, 2)).round(3)
        price = np.round(100 + 20 * x[:, 0] + rng.normal(0, 10, ROWS), 1)
        if coded:
            price[rng.permutation(ROWS)[: round(share * ROWS)]] = code
        return pd.DataFrame({"x1": x[:, 0], "x2": x[:, 1], "price": price})

    return Case(
        "numbers for no value", f"{code:g} in the target", lambda rng: made(rng, coded=True),
        lambda outcome: outcome.doubted("price"), lambda rng: made(rng, coded=False), flags={"target": "price"},
    )  # fmt: skip


def _feature(named: str, levels: int, spread: float, rows: int = 2_500, gaps: int = 1) -> Case:
    """Return a case of codes of which each has its own rate; in the twin the rate rises with the number."""

    def made(rng: np.random.Generator, effects: np.ndarray) -> pd.DataFrame:
        place = rng.integers(0, levels, rows)
        x = rng.normal(size=rows)
        left = rng.random(rows) < 1 / (1 + np.exp(-effects[place] - 0.5 * x))
        numbers = np.sort(rng.choice(np.arange(1, gaps * levels + 1), levels, replace=False))[place]
        return pd.DataFrame({named: numbers, "x": x.round(3), "left": np.where(left, "yes", "no")})

    return Case(
        "codes without an order", f"{named}, {levels} codes",
        lambda rng: made(rng, _in_no_order(np.linspace(-spread, spread, levels), rng)),
        lambda outcome: outcome.types[named] == "category" or outcome.doubted(named),
        lambda rng: made(rng, np.linspace(-spread, spread, levels)), flags={"target": "left"},
    )  # fmt: skip


def _target(named: str, levels: int, rows: int = 2_500) -> Case:
    """Return a case of a target of codes; in the twin it is a score from the same columns."""

    def made(rng: np.random.Generator, *, ordered: bool) -> pd.DataFrame:
        centres = rng.normal(0, 2, (levels, 2))
        if ordered:
            centres = np.linspace(-3, 3, levels)[:, None] * np.ones(2)
        place = rng.integers(0, levels, rows)
        x = (centres[place] + rng.normal(size=(rows, 2))).round(3)
        return pd.DataFrame({"x1": x[:, 0], "x2": x[:, 1], named: place + 1})

    def right(outcome: Outcome) -> bool:
        return outcome.project.problem.task == "multiclass" or outcome.doubted(named)

    return Case(
        "codes without an order", f"target {named}, {levels} codes", lambda rng: made(rng, ordered=False), right,
        lambda rng: made(rng, ordered=True), flags={"target": named},
    )  # fmt: skip


def _zero_led(what: str, suffix: str, rows: int, first: int) -> Case:
    """Return a case of codes with leading zeros that begin at a row; in the twin no code has one."""

    def made(rng: np.random.Generator, low: int, high: int) -> bytes:
        table = _table(rng, _plain, rows=rows)
        codes = rng.integers(10_000, 99_999, rows)
        codes[first:] = rng.integers(low, high, rows - first)
        table["branch"] = pd.Series(codes).astype("str").str.zfill(5)
        file = BytesIO()
        if suffix == ".parquet":
            table.to_parquet(file)
        elif suffix == ".xlsx":
            table.to_excel(file, index=False)
        else:
            table.to_csv(file, index=False)
        return file.getvalue()

    return Case(
        "leading zeros", what, lambda rng: made(rng, 100, 9_999), lambda outcome: outcome.types["branch"] == "category",
        lambda rng: made(rng, 10_000, 99_999), lambda outcome: outcome.types["branch"] == "integer",
        flags={"target": "left"}, suffix=suffix,
    )  # fmt: skip


def _grouped(one: float, sign: str = ",", mark: str = ".") -> str:
    text = f"{1000 * one:,.2f}"
    return text.replace(",", "t").replace(".", mark).replace("t", sign)


def _signed(write: Callable[[float], str]) -> Texts:
    """Return amounts, a third of which are below zero."""
    return lambda amount, _: [write(float(one - np.quantile(amount, 0.33))) for one in amount]


CASES = [
    _written("? in 15 %", _some(["?"], 0.15)),
    _written("one blank in eleven cells", _some([" "], 0.009)),
    _written("several blanks", _some([" ", "   ", "\t"], 0.05)),
    _written("words and signs", _some(["n.a.", "--", "Unknown", "not known"], 0.08), name="price"),
    _written("NA, null and #N/A", _some(["NA", "null", "#N/A", "N/A"], 0.3), _some([""], 0.3)),
    _written("one word that none knows", _some(["closed"], 0.01)),
    _written("three slips", _some(["12,,5", "o.5", "1l"], 0.002)),
    _written("accountants' brackets", _signed(lambda one: f"({-one:.2f})" if one < 0 else f"{one:.2f}"),
             _signed(lambda one: f"{one:.2f}"), "balance"),
    _written("brackets, currency and blanks",
             _some(["-", " "], 0.05, _signed(lambda one: f"($ {-one:,.2f})" if one < 0 else f"$ {one:,.2f}")),
             _signed(lambda one: f"{one:.2f}")),
    _written("a minus behind", _signed(lambda one: f"{-one:.2f}-" if one < 0 else f"{one:.2f}"),
             _signed(lambda one: f"{one:.2f}")),
    _written("typesetters' minus", _signed(lambda one: f"{one:.2f}".replace("-", "\N{MINUS SIGN}"))),
    _written("plus signs", _signed(lambda one: f"{one:+.2f}".replace(".", ","))),
    _written("euros behind", _each(lambda one: f"{_grouped(one, '.', ',')} \u20ac"), name="price"),
    _written("a code before", _each(lambda one: f"CHF {_grouped(one, chr(39))}")),
    _written("thin spaces", _each(lambda one: _grouped(one, "\u2009"))),
    _written("per cent and gaps", _some(["-"], 0.1, _each(lambda one: f"{one:.1f} %"))),
    _written("kilograms", _each(lambda one: f"{one:.2f} kg"), name="weight"),
    _written("hours, with gaps", _some(["n/a", "?"], 0.1, _each(lambda one: f"{one:.1f}h")), name="wait"),
    _written("grams and kilograms", lambda amount, rng: [
        f"{one:.2f} kg" if heavy else f"{1000 * one:.0f} g" for one, heavy in zip(amount, rng.random(len(amount)) < 0.5,
                                                                                  strict=True)], name="weight"),
    _written("two decimal marks", lambda amount, rng: [
        f"{one:.2f}".replace(".", "," if comma else ".") for one, comma in zip(amount, rng.random(len(amount)) < 0.3,
                                                                              strict=True)]),
    _written("exponents", _some(["."], 0.05, _each(lambda one: f"{1e6 * one:.4E}".replace(".", ",")))),
    _written("dollars and euros", lambda amount, rng: [
        f"{sign}{one:.2f}" for one, sign in zip(amount, rng.choice(["$", "\u20ac"], len(amount)), strict=True)]),
    _sign_or_level("-", ["+", "-"]), _sign_or_level("?", ["A", "B", "unknown"]),
    _sign_or_level(".", ["low", "high", "x"]),
    _level(["None", "Mild", "Severe"], [0.6, 0.25, 0.15], "No"),
    _level(["None", "Partial", "Total"], [0.2, 0.5, 0.3], "Nothing"),
    _level(["EU", "NA", "AS", "SA"], [0.3, 0.3, 0.2, 0.2], "US"),
    _level(["APAC", "EMEA", "NA"], [0.4, 0.4, 0.2], "US"),
    _level(["email", "phone", "n/a"], [0.3, 0.4, 0.3], "letter"),
    _level(["guilty", "not guilty", "unknown"], [0.3, 0.5, 0.2], "acquitted"),
    _coded("999 among ages", 999, 0.05, lambda rng, rows: rng.integers(18, 90, rows)),
    _coded("9999 among amounts", 9999, 0.03, lambda rng, rows: rng.gamma(2, 300, rows).round(),
           lambda rng, rows: np.minimum(rng.gamma(2, 3_000, rows).round(), 9999)),
    _coded("-999 among temperatures", -999, 0.02, lambda rng, rows: rng.normal(8, 9, rows).round(1)),
    _coded("-1 among days", -1, 0.1, lambda rng, rows: rng.integers(0, 365, rows),
           lambda rng, rows: rng.integers(-1, 30, rows)),
    _coded("-9 among ages", -9, 0.04, lambda rng, rows: rng.integers(18, 80, rows),
           lambda rng, rows: rng.integers(-9, 40, rows)),
    _coded("99 among ratings", 99, 0.06, lambda rng, rows: rng.integers(0, 11, rows),
           lambda rng, rows: rng.integers(0, 100, rows)),
    _coded("99 among ages", 99, 0.06, lambda rng, rows: rng.integers(18, 80, rows),
           lambda rng, rows: np.minimum(rng.gamma(9, 6, rows).round(), 99)),
    _coded_target(-999, 0.03), _coded_target(9999, 0.01),
    _feature("state", 30, 2), _feature("shop", 14, 1.5), _feature("product", 50, 2, 4_000, gaps=20),
    _feature("sector", 12, 1.5, gaps=3), _target("state", 14), _target("route", 9), _target("model_no", 25, 4_000),
    _zero_led("from row 100 on", ".csv", 600, 100), _zero_led("far behind", ".csv", 150_000, 149_000),
    _zero_led("in Parquet", ".parquet", 600, 300), _zero_led("in a workbook", ".xlsx", 600, 300),
]  # fmt: skip
