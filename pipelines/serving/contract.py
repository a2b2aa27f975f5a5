"""The contract of a served model: raw rows in, as the project file declares them; features, or what is wrong, out.

A row is read by the same kinds of input that step 1 reads the file with, one cell by itself: what becomes of a row
depends on no other row of the request.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from typing_extensions import TypedDict

from pipelines.core.cells import as_text, written
from pipelines.core.errors import quote
from pipelines.core.project import Column, Project
from pipelines.inputs import INPUTS, Input, Parsed
from pipelines.inputs.missing import missing_numbers
from pipelines.serving.plain import PlainNumbers
from pipelines.texts.encodings import Encodings
from pipelines.validation.checks import describe, kept_columns

Cells = Mapping[str, Sequence[object]]  # values of Python by column, None where there is none; all of one length
NO_VALUE = "no value"
NO_PLAIN_VALUE = "a list or an object, not a plain value"
SHOWN_NAMES = 12  # names of columns in a message


class Wrong(TypedDict):
    """Why a row has no answer."""

    field: str
    found: str  # the value itself only where it was asked for
    allowed: str
    do: str


@dataclass(frozen=True)
class Known:
    """What the training rows held of one column; None, and no levels, where that is not known."""

    low: float | None = None
    high: float | None = None
    levels: frozenset[str] | None = None
    longest: int | None = None  # characters of a text, test rows' texts among them


@dataclass(frozen=True)
class Read:
    """Rows as read. Arrays are (good rows,)."""

    good: np.ndarray  # places of the rows that keep to the contract
    features: Mapping[str, pd.Series | np.ndarray]  # and beside them what stands for texts, made where it is asked for
    wrong: Mapping[int, Wrong]  # by place
    notes: Mapping[int, list[str]]  # by place: values that no training row had
    ignored: list[str]  # columns of the request that nothing needs

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The features of the good rows."""
        return pd.DataFrame(dict(self.features), index=range(len(self.good)), copy=False)


@dataclass(frozen=True)
class _Typed:
    """One column of the request: what Parsed is, with numbers as an array."""

    held: np.ndarray | pd.Series
    missing: np.ndarray
    unreadable: np.ndarray
    clock: pd.Series | None = None


@dataclass(frozen=True)
class Field:
    """One column that a model needs."""

    name: str
    column: Column
    known: Known = field(default_factory=Known)

    @cached_property
    def kind(self) -> Input:
        """How its cells are read."""
        return INPUTS[self.column.type]

    @cached_property
    def textual(self) -> bool:
        """Whether its cells are texts, as written: 007 is no number there."""
        return self.kind.as_text or bool(self.column.format)

    @cached_property
    def allowed(self) -> str:
        """What a value may be, in words."""
        unit = "" if self.column.unit is None else f", in {self.column.unit}"
        may = "may be missing" if self.column.missing else "never missing"
        return (
            f"{describe(self.column.model_copy(update={'missing': 0.0})).removesuffix(', never missing')}{unit}, {may}"
        )

    @cached_property
    def codes(self) -> list[float]:
        """Numbers that stand for a missing one."""
        return missing_numbers(self.column)

    @cached_property
    def plain(self) -> frozenset[type]:
        """The types of cells that are numbers as they are, or none; no types where numbers are written in a format."""
        truths = [bool] if "bool" in self.kind.read_as else []
        return frozenset() if self.column.format else frozenset([int, float, type(None), *truths])

    @property
    def numeric(self) -> bool:
        """Whether plain cells are all that bounds speak of: a number, which may be any within them."""
        measured = self.kind.measured(np.zeros(0)) is not None
        return measured and not self.kind.parts and self.kind.declared_values(self.column) is None

    @property
    def usual(self) -> tuple[float, float]:
        """The ends of the numbers that are allowed, and that training rows had."""
        lows = [self.known.low, *(low for _, low, _ in self._limits)]
        highs = [self.known.high, *(high for _, _, high in self._limits)]
        return (
            max((low for low in lows if low is not None), default=-np.inf),
            min((high for high in highs if high is not None), default=np.inf),
        )

    @property
    def may_be_missing(self) -> bool:
        """Whether a row may lack it."""
        return bool(self.column.missing)

    @cached_property
    def _limits(self) -> list[tuple[str, float | None, float | None]]:
        """The bounds of a number: why a value breaks one, and beyond which it does."""
        low, high = self.column.min, self.column.max
        limits: list[tuple[str, float | None, float | None]] = []
        if low is not None:
            limits.append((f"below {low}", self.kind.bound(low), None))
        if high is not None:
            limits.append((f"above {high}", None, self.kind.bound(high)))
        return limits

    def read(self, cells: Sequence[object]) -> _Typed:
        """Return the cells as step 1 types them, each by itself."""
        if self.plain.issuperset(map(type, cells)):
            try:
                numbers = np.array(cells, np.float64)  # None becomes NaN
            except OverflowError:  # an integer that no float is as large as
                numbers = np.array([_as_float(cell) for cell in cells])
            measured = self.kind.measured(numbers)
            if measured is not None:
                return self._measured(numbers, measured)
        return self._parsed(cells)

    def _measured(self, numbers: np.ndarray, measured: np.ndarray) -> _Typed:
        missing = np.isnan(numbers)
        for code in self.codes:
            missing |= measured == code
        unreadable = np.isnan(measured) & ~missing
        return _Typed(np.where(missing, np.nan, measured) if self.codes else measured, missing, unreadable)

    def _parsed(self, cells: Sequence[object]) -> _Typed:
        """Return cells of several kinds: numbers, truth values and texts each as a column of theirs is read."""
        groups: dict[str, list[int]] = {}
        for place, cell in enumerate(cells):
            groups.setdefault(_group(cell, textual=self.textual), []).append(place)
        rows = len(cells)
        missing, unreadable = np.zeros(rows, bool), np.zeros(rows, bool)
        missing[groups.pop("none", [])] = True
        unreadable[groups.pop("other", [])] = True
        parts = [(places, self._part([cells[i] for i in places], group)) for group, places in groups.items()]
        for places, part in parts:
            missing[places], unreadable[places] = part.missing, part.unreadable
        if parts and len(parts[0][0]) == rows:
            typed, clock = parts[0][1].typed, parts[0][1].clock
        else:  # what has no value is read as a column of none
            nothing = self.kind.parse(pd.Series([None] * rows, dtype="str"), self.column).typed
            read = [part.typed.set_axis(places) for places, part in parts]
            typed = pd.concat(read).reindex(range(rows)) if parts else nothing
            clocks = [part.clock.set_axis(places) for places, part in parts if part.clock is not None]
            clock = pd.concat(clocks).reindex(range(rows)) if clocks else None
        numbers = typed.dtype == np.float64 and not self.kind.parts
        return _Typed(typed.to_numpy() if numbers else typed, missing, unreadable, clock)

    def _part(self, cells: list[object], group: str) -> Parsed:
        if group == "text":
            series = pd.Series([written(cell) for cell in cells], dtype="str")
        else:
            series = pd.Series([_as_float(cell) for cell in cells] if group == "number" else cells)
        return self.kind.parse(series, self.column)

    def broken(self, typed: _Typed) -> list[tuple[str, np.ndarray]]:
        """Return why values are outside of the declaration, and which rows, bool (rows,)."""
        if isinstance(typed.held, np.ndarray) and self.kind.declared_values(self.column) is None:
            return [
                (why, typed.held < low if low is not None else typed.held > high) for why, low, high in self._limits
            ]
        return self.kind.broken(self.column, _series(typed.held))

    def features(self, typed: _Typed, good: np.ndarray) -> dict[str, pd.Series | np.ndarray]:
        """Return the features of the rows at `good`."""
        if isinstance(typed.held, np.ndarray) and not self.kind.parts:
            return {self.name: typed.held[good]}
        values = _series(typed.held).iloc[good].reset_index(drop=True)
        clock = None if typed.clock is None else typed.clock.iloc[good].reset_index(drop=True)
        return dict(self.kind.features(self.name, self.column, values, clock))

    def beyond(self, typed: _Typed) -> list[tuple[str, np.ndarray]]:
        """Return what to note of values that no training row had, and which rows, bool (rows,)."""
        if isinstance(typed.held, np.ndarray):
            notes = []
            if self.known.low is not None:
                notes.append((f"below all training rows (lowest {self.known.low:.6g})", typed.held < self.known.low))
            if self.known.high is not None:
                notes.append((f"above all training rows (highest {self.known.high:.6g})", typed.held > self.known.high))
            return notes
        if self.known.levels is None:
            return []
        return [
            (
                "a level that no training row had",
                (~typed.held.isin(self.known.levels) & typed.held.notna()).to_numpy(bool),
            )
        ]

    def wrong(self, cell: object, reason: str, *, echo: bool) -> Wrong:
        """Return why a row has no answer."""
        shown = f"{quote(cell if isinstance(cell, str) else written(cell))}: " if echo and cell is not None else ""
        todo = (
            "give a value: the models have learned from no row without one"
            if reason == NO_VALUE
            else "correct the value; rows with such values were set aside when the models were made"
        )
        return Wrong(field=self.name, found=f"{shown}{reason}", allowed=self.allowed, do=todo)

    def schema(self) -> dict[str, Any]:
        """Return the JSON schema of a value."""
        column = self.column
        plain = {"integer": "integer", "number": "number", "boolean": "boolean"}.get(column.type, "string")
        more = ["string"] if column.format and plain != "string" else []  # amounts as "$1,200.50"
        more += ["integer"] if plain == "boolean" else []  # 1 and 0
        kinds = [plain, *more, *(["null"] if column.missing else [])]
        schema: dict[str, Any] = {"type": kinds if len(kinds) > 1 else plain}
        title = column.title or self.name
        unit = "" if column.unit is None else f", in {column.unit}"
        schema["title"], schema["description"] = title, f"{title}{unit}: {self.allowed}"
        if plain in ("integer", "number"):
            schema |= {} if column.min is None else {"minimum": column.min}
            schema |= {} if column.max is None else {"maximum": column.max}
        only = self.kind.declared_values(column)
        if only is not None:
            schema["enum"] = [*(only if plain != "string" else map(as_text, only)), *([None] if column.missing else [])]
        if column.type == "date":
            schema["format"] = column.format or "date"
        return schema


@dataclass(frozen=True)
class Contract:
    """Which columns a row needs, and what else it may have."""

    fields: tuple[Field, ...]
    known_names: frozenset[str]  # all columns of the project file
    encodings: Encodings = field(default_factory=Encodings)  # of its texts

    @classmethod
    def of(
        cls, project: Project, known: Mapping[str, Known] | None = None, encodings: Encodings | None = None
    ) -> "Contract":
        """Return the contract of a project whose rows stand by themselves; `known` by column."""
        told = known or {}
        kept = kept_columns(project)
        fields = tuple(
            Field(name, column, told.get(name, Known()))
            for name, column in kept.items()
            if name not in project.not_features
        )
        names = frozenset([*project.columns.declared, *project.columns.drop])
        return cls(fields, names, encodings or Encodings())

    @cached_property
    def _numbers(self) -> PlainNumbers:
        return PlainNumbers.of([one for one in self.fields if one.numeric])

    @property
    def names(self) -> list[str]:
        """The columns that a row needs."""
        return [one.name for one in self.fields]

    def undeclared(self, cells: Cells) -> list[str]:
        """Return the columns that the project file does not know."""
        return [name for name in cells if name not in self.known_names]

    def of_text(self, cells: Mapping[str, Sequence[str | None]]) -> dict[str, Sequence[object]]:
        """Return cells of a file of text: numbers where a column may hold them, as the reader of raw files has them."""
        found: dict[str, Sequence[object]] = dict(cells)
        for one in self.fields:
            if one.name in cells and not one.textual:
                texts = pd.Series(list(cells[one.name]), dtype="str")
                numbers = pd.to_numeric(texts, errors="coerce").astype(np.float64)
                found[one.name] = texts.astype(object).where(numbers.isna(), numbers).tolist()
        return found

    def read(self, cells: Cells, rows: int, *, echo: bool = False) -> Read:
        """Return what each of so many rows holds: its features, or the first thing that is wrong with it.

        A column that is not given has no value in any row. With `echo`, what is wrong repeats the value.
        """
        wrong: dict[int, Wrong] = {}
        notes: dict[int, list[str]] = {}
        usual = self._numbers.usual(cells)  # of these there is nothing to say
        read: dict[str, _Typed] = {}
        nothing = [None] * rows
        for one in self.fields:
            if one.name in usual:
                continue
            column = cells.get(one.name, nothing)
            typed = one.read(column)
            read[one.name] = typed
            faults = [] if one.column.missing else [(NO_VALUE, typed.missing)]
            for reason, mask in [*faults, *one.broken(typed)]:
                for place in np.flatnonzero(mask).tolist() if mask.any() else ():
                    wrong.setdefault(place, one.wrong(column[place], reason, echo=echo))
            for place in np.flatnonzero(typed.unreadable).tolist() if typed.unreadable.any() else ():
                wrong.setdefault(place, one.wrong(column[place], _why_unreadable(one, column[place]), echo=echo))
            for note, mask in one.beyond(typed):
                for place in np.flatnonzero(mask).tolist() if mask.any() else ():
                    notes.setdefault(place, []).append(f"{one.name}: {note}")
        good = np.array([place for place in range(rows) if place not in wrong], np.int64) if wrong else np.arange(rows)
        features: dict[str, pd.Series | np.ndarray] = {}
        for one in self.fields:
            if one.name in usual:
                features[one.name] = usual[one.name][good] if wrong else usual[one.name]
            else:
                features |= one.features(read[one.name], good)
        needed = {one.name for one in self.fields}
        ignored = [name for name in cells if name not in needed]
        return Read(good, self.encodings.beside(features), wrong, notes, ignored)

    def schema(self) -> dict[str, Any]:
        """Return the JSON schema of a row."""
        return {
            "type": "object",
            "properties": {one.name: one.schema() for one in self.fields},
            "required": [one.name for one in self.fields if not one.column.missing],
            "additionalProperties": True,
        }


def _group(cell: object, *, textual: bool) -> str:
    """Return as what a cell is read."""
    if cell is None or (isinstance(cell, float) and np.isnan(cell)):
        return "none"
    if isinstance(cell, str):
        return "text" if _is_text(cell) else "other"
    if isinstance(cell, bool):
        return "text" if textual else "truth"
    if isinstance(cell, int | float):
        return "text" if textual else "number"
    return "text" if hasattr(cell, "isoformat") else "other"


def _is_text(cell: str) -> bool:
    """Return whether a text is one that a file can hold: UTF-8 without zero bytes."""
    try:
        cell.encode()
    except UnicodeEncodeError:  # JSON can hold half a character
        return False
    return "\0" not in cell


def _as_float(cell: object) -> float:
    """Return a number as a float, infinite where no float is as large, NaN of none."""
    if cell is None:
        return np.nan
    try:
        return float(cell)  # type: ignore[arg-type] # numbers alone come here
    except OverflowError:
        return np.inf


def _series(values: np.ndarray | pd.Series) -> pd.Series:
    return pd.Series(values) if isinstance(values, np.ndarray) else values


def _why_unreadable(one: Field, cell: object) -> str:
    if not isinstance(cell, str | int | float) and not hasattr(cell, "isoformat"):
        return NO_PLAIN_VALUE
    if isinstance(cell, str) and not _is_text(cell):
        return "a text that holds an invalid character"
    return one.kind.why_unreadable(pd.Series([written(cell)], dtype="str"))
