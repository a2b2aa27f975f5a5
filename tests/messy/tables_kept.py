"""Tables that were read wrongly once, each made small after what users of other tools had reported: kept as files.

Values and names are made up. The clean twin of each is the same table with the one fault mended.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from messy.case import Case, Judge, Outcome, undoubted
from pipelines.core.submit import run_now
from pipelines.eda import eda
from pipelines.facts.pointer import given

TABLES = Path(__file__).parent / "tables"
Mend = Callable[[pd.DataFrame, np.random.Generator], pd.DataFrame]
PRESENT = (pd.Timestamp("2005-01-01") - pd.Timestamp("1970-01-01")).days  # after the youngest customer's birth
PLAIN_KINDS = {"far better than the rest", "near-perfect alone"}  # of suspects that may be strong and honest


def _read(name: str) -> pd.DataFrame:
    """Return a table, every cell as its file writes it."""
    return pd.read_csv(TABLES / f"{name}.csv.gz", dtype=str, keep_default_na=False)


def _kept(
    name: str, target: str, right: Judge, mend: Mend, clean: Judge = undoubted, *, whole: bool = False, **flags: object
) -> Case:
    """Return the case of one table; its faulty form does not depend on random numbers."""
    return Case(
        "tables kept", name, lambda _: _read(name), right, lambda rng: mend(_read(name), rng), clean,
        flags={"target": target, **flags}, whole=whole,
    )  # fmt: skip


def _exchanged(*columns: str) -> Mend:
    """Return what breaks every tie of single columns to the others: each in an order of its own."""

    def mend(table: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
        return table.assign(**{name: rng.permutation(table[name].to_numpy()) for name in columns})

    return mend


def _replaced(column: str, values: Callable[[pd.Series], pd.Series]) -> Mend:
    return lambda table, _: table.assign(**{column: values(table[column])})


def _is(column: str, kind: str) -> Judge:
    return lambda outcome: outcome.types[column] == kind and undoubted(outcome)


def _suspects(outcome: Outcome) -> dict[str, str]:
    """Return what step 3 suspects, and as what."""
    defined = outcome.draft.defined
    found = eda(defined.table, outcome.project, defined.facts, run_now)["leak_suspects"]
    return {one["feature"]: one["kind"] for one in found}


def _suspected(*columns: str) -> Judge:
    return lambda outcome: set(columns) <= set(_suspects(outcome))


def _unsuspected(outcome: Outcome) -> bool:
    return set(_suspects(outcome).values()) <= PLAIN_KINDS


def _accounting(cells: pd.Series) -> pd.Series:
    return cells.str.replace(r"^\((.*)\)$", r"-\1", regex=True)


def _negative(outcome: Outcome) -> bool:
    return _is("balance", "number")(outcome) and bool((outcome.draft.defined.table.frame["balance"] < 0).any())


def _months_first(outcome: Outcome) -> bool:
    return outcome.project.columns.declared["month_start"].format == "%m/%d/%Y"


def _iso(cells: pd.Series) -> pd.Series:
    return pd.to_datetime(cells, format="%m/%d/%Y").dt.strftime("%Y-%m-%d")


def _in_the_past(outcome: Outcome) -> bool:
    return bool((outcome.draft.defined.table.frame["born (days)"] < PRESENT).all())


def _whole_years(cells: pd.Series) -> pd.Series:
    return cells.str.replace(r"/(\d\d)$", lambda found: f"/{'20' if found[1] < '10' else '19'}{found[1]}", regex=True)


def _has_hour(outcome: Outcome) -> bool:
    return "called_at (hour)" in outcome.draft.defined.table.features


def _no_repeats(outcome: Outcome) -> bool:
    return undoubted(outcome) and "natural" not in outcome.draft.defined.facts["duplicates"]


def _with_noise(table: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return the table with a column of amounts, so that no two rows are equal."""
    return table.assign(weight=rng.normal(70, 12, len(table)).round(4))


def _many_hospitals(table: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    return table.assign(hospital=[f"H{place}" for place in rng.integers(0, 80, len(table))])


def _no_gain_from_a_bad_baseline(outcome: Outcome) -> bool:
    facts = outcome.facts
    return facts["compare"]["difference"]["verdict"] != "better" and not facts["reflect"]["signal"]["present"]


def _driven(table: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return the series with a price that the wind makes."""
    price = 50 - 3 * table["wind"].astype(float) + rng.normal(0, 1, len(table))
    return table.assign(price=price.round(3))


def _has_signal(outcome: Outcome) -> bool:
    return bool(outcome.facts["reflect"]["signal"]["present"])


def _promises_nothing(outcome: Outcome) -> bool:
    return all(one["gain"] <= 0 for one in given(outcome.facts["reflect"]["headroom"])["more_rows"]["times"])


CASES = [
    _kept("question_marks", "bought", _is("income", "number"), _replaced("income", lambda c: c.replace("?", "")),
          _is("income", "number")),
    _kept("blank_charges", "left", _is("charges", "number"), lambda t, _: t[t["charges"].str.strip() != ""],
          _is("charges", "number")),
    _kept("accounting_negatives", "late", _negative, _replaced("balance", _accounting), _negative),
    _kept("us_months", "sales", _months_first, _replaced("month_start", _iso), _is("month_start", "date")),
    _kept("two_digit_birth", "premium", _in_the_past, _replaced("born", _whole_years), _in_the_past),
    _kept("when_called", "refused", _has_hour, _replaced("called_at", lambda c: c.str.slice(0, 10)),
          lambda one: undoubted(one) and not _has_hour(one)),
    _kept("none_level", "reaction", lambda one: one.project.problem.task == "multiclass",
          _replaced("reaction", lambda c: c.replace("None", "Absent")), _is("reaction", "category")),
    _kept("rank_column", "defaulted", lambda one: one.types["risk_rank"] is not None or one.doubted("risk_rank"),
          _exchanged("risk_rank")),
    _kept("nominal_integers", "state", lambda one: one.doubted("state") or one.project.problem.task == "multiclass",
          _replaced("state", lambda c: "s" + c), _is("state", "category")),
    _kept("rarer_is_false", "repaid", lambda one: one.project.problem.positive is False,
          _replaced("repaid", lambda c: c.map({"true": "false", "false": "true"})),
          lambda one: undoubted(one) and one.project.problem.positive is True),
    _kept("coarse_rows", "would_buy", lambda one: "natural" in one.draft.defined.facts["duplicates"], _with_noise,
          _no_repeats),
    _kept("two_by_three", "bought", undoubted, _with_noise, _no_repeats),
    _kept("few_hospitals", "readmitted", undoubted, _many_hospitals,
          lambda one: undoubted(one) and one.project.split.test == 0.2, group="hospital"),
    _kept("patient_dropped", "ill", lambda one: one.doubted("age", "rows of one thing"),
          _exchanged("age", "height", "marker"), drop=("patient",)),
    _kept("epoch_seconds", "price", lambda one: one.doubted("at", "rows in an order"), _exchanged("at")),
    _kept("series_by_time", "price", _no_gain_from_a_bad_baseline, _driven, _has_signal, whole=True, time="at"),
    _kept("zero_unless_event", "defaulted", _suspected("recovered"), _exchanged("recovered"), _unsuspected),
    _kept("banded_target", "price", _suspected("segment"), _exchanged("segment"), _unsuspected),
    _kept("label_from_two_columns", "late", _suspected("days_promised", "days_taken"), _exchanged("late"),
          _unsuspected),
    _kept("beyond_perfect", "ill", _promises_nothing, _exchanged("ill"), _promises_nothing, whole=True),
]  # fmt: skip
