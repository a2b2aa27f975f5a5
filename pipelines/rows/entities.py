"""A file of events becomes one row for each entity, such as a customer: what it did before a cut, and after it.

Columns are made of lines before the cut alone, an outcome of lines from then on alone. That is tried, not believed:
each column is made again of a file without the lines that it may not know, and has to come out bit by bit.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd

from pipelines.core.errors import InputError, quote
from pipelines.core.project import Entities, Made
from pipelines.core.steady import steady
from pipelines.facts.clusters import EntitiesFacts, EntitiesGuard
from pipelines.inputs.conditions import Condition, Kept
from pipelines.targets.arrays import Booleans, Integers

DAY = 86_400  # seconds
ADDED = ("lines", "sum", "different", "days")  # of no line they are 0; all else is missing then
LATE = 1  # days before the end of the outcome's time by which the last line may come


@dataclass(frozen=True)
class Lines:
    """The lines that count, of entities that are numbered."""

    frame: pd.DataFrame  # (lines,) columns of the file and products, numbered from 0
    entity: Integers  # (lines,) place of each line's entity among all
    moment: np.ndarray  # (lines,) datetime64[s]
    entities: int  # how many there are
    where: str  # the file, for messages

    def only(self, some: Booleans) -> Self:
        """Return some of the lines; the entities stay as they are."""
        frame = self.frame[some].reset_index(drop=True)
        return type(self)(frame, self.entity[some], self.moment[some], self.entities, self.where)


@dataclass(frozen=True)
class Gathered:
    """Entities as rows, and what became of the lines."""

    columns: Mapping[str, pd.Series]  # by name, (rows,), float64 or category
    row_id: Integers  # (rows,) place of each among all entities of the file, in the order of their names
    facts: EntitiesFacts


Make = Callable[[Lines, Entities], Mapping[str, pd.Series]]


def gather(
    values: Mapping[str, pd.Series], whole: pd.DataFrame, asked: Entities, where: str, make: Make | None = None
) -> Gathered:
    """Return a row for each entity that has lines enough before the cut.

    `values` are the file's columns, typed (lines,), `whole` the same lines with all raw columns. `make` makes the
    columns of all entities; without it they are made as `asked`. Raises InputError where no line counts, one side of
    the cut has none, the file ends before the outcome's time does, or a column knows the other side of the cut.
    """
    make = make or make_columns
    kept = _kept(values, whole, asked, where)
    lines, names = _lines(values, kept.stay, asked, where)
    cut, until = np.datetime64(asked.cut, "s"), _until(asked)
    before = lines.moment < cut
    after = ~before & (lines.moment < until) if until is not None else ~before
    _both_sides(lines, before, after, asked, cut, until)
    columns, guarded = guard(make, lines, asked, cut)
    enough = _enough(lines.only(before), asked)
    if not enough.any():
        raise InputError(
            f"no {asked.by} has {asked.least:,} line(s) before {_label(cut)} that meet entities.needs",
            where=where,
            allowed="entities with such lines",
            todo="correct entities.needs, or make entities.least smaller",
        )
    seen = np.bincount(lines.entity[before], minlength=lines.entities) > 0
    later = np.bincount(lines.entity[after], minlength=lines.entities) > 0
    facts: EntitiesFacts = {
        "by": asked.by, "time": asked.time, "cut": _label(cut), "until": None if until is None else _label(until),
        "first": _label(lines.moment.min()), "last": _label(lines.moment.max()),
        "lines": len(whole), "kept": int(kept.stay.sum()), "left_out": kept.left,
        "before": int(before.sum()), "after": int(after.sum()), "found": len(names), "rows": int(enough.sum()),
        "only_after": int((~seen).sum()), "few": int((seen & ~enough).sum()), "silent": int((enough & ~later).sum()),
        "columns": [
            {"name": name, "take": one.take, "of": one.of, "where": list(one.where), "after": one.after}
            for name, one in asked.columns.items()
        ],
        "guard": guarded,
    }  # fmt: skip
    made = {name: column[enough].reset_index(drop=True) for name, column in columns.items()}
    return Gathered(made, np.flatnonzero(enough).astype(np.int64), facts)


def make_columns(lines: Lines, asked: Entities) -> dict[str, pd.Series]:
    """Return the columns of all entities, each (entities,), of lines on its own side of the cut."""
    cut, until = np.datetime64(asked.cut, "s"), _until(asked)
    before = lines.only(lines.moment < cut)
    after = lines.only((lines.moment >= cut) & (True if until is None else lines.moment < until))
    return {name: _take(after if one.after else before, name, one, cut) for name, one in asked.columns.items()}


def guard(
    make: Make, lines: Lines, asked: Entities, cut: np.datetime64
) -> tuple[Mapping[str, pd.Series], EntitiesGuard]:
    """Return the columns and what was compared; raise InputError naming those that know the other side of the cut."""
    before = lines.moment < cut
    whole, of_past, of_future = make(lines, asked), make(lines.only(before), asked), make(lines.only(~before), asked)
    leaking = [
        name for name, one in asked.columns.items()
        if not whole[name].equals(of_future[name] if one.after else of_past[name])
    ]  # fmt: skip
    if leaking:
        raise InputError(
            f"the guard found columns that know the other side of the cut: {', '.join(map(quote, leaking))}",
            where=lines.where,
            allowed="columns made of lines before the cut, and outcomes made of lines from then on",
            todo="this is an error of Sevenfold or of a changed module below pipelines/rows; report it",
        )
    return whole, {
        "columns": len(whole), "compared": len(whole) * lines.entities,
        "removed_after": int((~before).sum()), "removed_before": int(before.sum()),
    }  # fmt: skip


def _take(lines: Lines, name: str, made: Made, cut: np.datetime64) -> pd.Series:
    """Return one column of all entities, (entities,)."""
    some = lines.only(_holding(made.where, lines, f"entities.columns.{name}.where"))
    frame = pd.DataFrame({"entity": some.entity, "of": some.frame[made.of] if made.of else some.moment})
    found = TAKING[made.take](frame, cut)
    whole = found.reindex(np.arange(lines.entities))
    if made.take == "commonest":
        return pd.Series(pd.Categorical(whole.astype("str")))
    return pd.Series(steady(whole.fillna(0.0) if made.take in ADDED else whole))


def _of(how: str) -> Callable[[pd.DataFrame, np.datetime64], pd.Series]:
    """Return what takes a statistic of each entity's values, as pandas calls it; missing values count in none."""
    return lambda frame, _: frame.groupby("entity")["of"].agg(how).astype(np.float64)


def _days(frame: pd.DataFrame, cut: np.datetime64) -> pd.Series:  # noqa: ARG001 - all are called alike
    """Return on how many days each entity has lines."""
    return frame["of"].dt.floor("D").groupby(frame["entity"]).nunique()


def _since(which: str) -> Callable[[pd.DataFrame, np.datetime64], pd.Series]:
    """Return what takes the days from each entity's first or last line to the cut."""
    return lambda frame, cut: _in_days(pd.Timestamp(cut) - frame.groupby("entity")["of"].agg(which))


def _in_days(lengths: pd.Series) -> pd.Series:
    """Return lengths of time as days, with fractions."""
    return lengths.dt.total_seconds() / DAY


def _span(frame: pd.DataFrame, cut: np.datetime64) -> pd.Series:  # noqa: ARG001 - all are called alike
    """Return the days from each entity's first line to its last."""
    moments = frame.groupby("entity")["of"]
    return _in_days(moments.max() - moments.min())


def _commonest(frame: pd.DataFrame, cut: np.datetime64) -> pd.Series:  # noqa: ARG001 - all are called alike
    """Return each entity's commonest label; of several the first in their order."""
    texts = frame.assign(of=frame["of"].astype(object)).dropna(subset=["of"])
    counted = texts.groupby(["entity", "of"], observed=True).size().rename("lines").reset_index()
    ordered = counted.sort_values(["entity", "lines", "of"], ascending=[True, False, True], kind="stable")
    return ordered.drop_duplicates("entity").set_index("entity")["of"]


TAKING: Mapping[str, Callable[[pd.DataFrame, np.datetime64], pd.Series]] = {
    "lines": _of("size"), "sum": _of("sum"), "mean": _of("mean"), "median": _of("median"), "min": _of("min"),
    "max": _of("max"), "different": _of("nunique"), "days": _days, "recency": _since("max"), "tenure": _since("min"),
    "span": _span, "commonest": _commonest,
}  # fmt: skip


def _kept(values: Mapping[str, pd.Series], whole: pd.DataFrame, asked: Entities, where: str) -> Kept:
    """Return which lines count, and how many each reason leaves out, in order."""
    kept = Kept(len(whole), where)
    if asked.once:
        kept.leave_copies(whole)
    for name in (asked.by, asked.time):
        kept.leave(f"no {name}", values[name].isna().to_numpy(bool))
    known = dict(values) | _products(values, asked)
    for condition in (Condition.read(text, "entities.where") for text in asked.where):
        kept.leave_unless(condition, known[condition.column])
    allowed = f"lines with a {asked.by} and a {asked.time} that meet entities.where"
    kept.check_some("line", allowed, "correct entities.where")
    return kept


def _products(values: Mapping[str, pd.Series], asked: Entities) -> dict[str, pd.Series]:
    """Return the products of two columns, line by line."""
    return {
        name: pd.Series(
            values[one].to_numpy(np.float64, na_value=np.nan) * values[other].to_numpy(np.float64, na_value=np.nan),
            index=values[one].index,
        )
        for name, (one, other) in asked.product.items()
    }


def _lines(
    values: Mapping[str, pd.Series], kept: Booleans, asked: Entities, where: str
) -> tuple[Lines, list[str]]:  # fmt: skip
    """Return the lines that count, and the names of their entities in order."""
    known = {**values, **_products(values, asked)}
    frame = pd.DataFrame({name: column[kept].to_numpy() for name, column in known.items()})
    codes, names = pd.factorize(pd.Series(values[asked.by][kept].to_numpy()), sort=True)
    moment = frame[asked.time].to_numpy("datetime64[s]")
    return Lines(frame, codes.astype(np.int64), moment, len(names), where), [str(name) for name in names]


def _holding(conditions: tuple[str, ...], lines: Lines, key: str) -> Booleans:
    """Return which lines meet all conditions."""
    holds = np.ones(len(lines.entity), bool)
    for condition in (Condition.read(text, key) for text in conditions):
        holds &= condition.holds(lines.frame[condition.column], lines.where)
    return holds


def _enough(before: Lines, asked: Entities) -> Booleans:
    """Return which entities have enough of the lines that they need, (entities,)."""
    some = before.entity[_holding(asked.needs, before, "entities.needs")]
    return np.bincount(some, minlength=before.entities) >= asked.least


def _until(asked: Entities) -> np.datetime64 | None:
    """Return the end of the outcome's time; None where it is the file's."""
    if asked.days is None:
        return None
    return np.datetime64(asked.cut, "s") + np.timedelta64(asked.days * DAY, "s")


def _both_sides(
    lines: Lines, before: Booleans, after: Booleans, asked: Entities, cut: np.datetime64, until: np.datetime64 | None
) -> None:
    """Raise InputError where a side of the cut that something is made of has no lines, or the file ends too early."""
    sides = (("before", before, True), ("from then on", after, any(one.after for one in asked.columns.values())))
    for side, some, needed in sides:
        if needed and not some.any():
            raise InputError(
                f"entities.cut is {_label(cut)}, and no line is {side}",
                where=f"{lines.where}, lines of {_label(lines.moment.min())} to {_label(lines.moment.max())}",
                allowed="a cut with lines on both sides",
                todo="move entities.cut, or correct entities.where",
            )
    last = lines.moment.max()
    if until is not None and last < until - np.timedelta64(LATE * DAY, "s"):
        raise InputError(
            f"the outcome's time ends at {_label(until)}, and the last line is of {_label(last)}",
            where=lines.where,
            allowed="a file that holds all of the outcome's time: one that is cut looks like less",
            todo="make entities.days smaller, or move entities.cut",
        )


def _label(moment: np.datetime64) -> str:
    """Return a moment without a time of day that says nothing."""
    return str(moment).removesuffix("T00:00:00").replace("T", " ")
