"""What every kind of input can say of its columns, so that no step needs to know which kind it has."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from pipelines.core.cells import as_text
from pipelines.core.errors import quote
from pipelines.facts.define import Feature
from pipelines.inputs.declared import Declared
from pipelines.inputs.feature import NUMERIC, FeatureKind
from pipelines.inputs.guess import Cells, Guess
from pipelines.inputs.missing import hold_text, missing_numbers, missing_texts

if TYPE_CHECKING:
    import pandera.pandas as pandera

LARGEST = 1e30  # in size, of a number: more is no measurement, and overflows in trees, which hold 32-bit floats
NAMING_ROWS = 2  # kinds no more exacting than this may claim cells only where these do not merely name their rows


@dataclass(frozen=True)
class Parsed:
    """One column, typed: float64 (numbers, booleans), datetime64 (dates) or str, missing also where unreadable."""

    typed: pd.Series
    missing: np.ndarray  # (rows,) bool: the raw cell is empty
    unreadable: np.ndarray  # (rows,) bool: the raw cell holds something that is not of the declared type
    clock: pd.Series | None = None  # moments by the clocks they were written by, where these are not of UTC


@dataclass(frozen=True)
class Part:
    """One of several features that a column becomes, named `column (part)`; numbers, which learn from no other row."""

    name: str
    unit: str
    make: Callable[[pd.Series], pd.Series]  # of the typed values
    low: float | None = None  # inclusive bounds of what may come out
    high: float | None = None
    counts_days: bool = False  # since 1970-01-01, so that it orders the rows in time
    by_clock: bool = False  # of what a clock showed where the cell was written, not of UTC


class Input(ABC):
    """One kind of column; subclasses are frozen dataclasses without fields, and their one object is in `INPUTS`."""

    name: ClassVar[str]  # in the project file: `type = "..."`
    cells: ClassVar[str]  # what they hold, for docs/project-file.md
    features_are: ClassVar[str]  # what models see, for the same
    kind: ClassVar[FeatureKind] = NUMERIC  # of the features that a column becomes
    parts: ClassVar[tuple[Part, ...]] = ()  # the features, where they are not the column itself
    unreadable: ClassVar[str | None] = None  # what a cell is that cannot be read; None: any cell can
    not_allowed: ClassVar[str] = "not among the allowed values"  # why a row is set aside
    as_text: ClassVar[bool] = False  # the reader leaves cells as the file writes them: 007 is no number
    read_as: ClassVar[tuple[str, ...]] = ()  # dtypes that the reader gives to cells which need no reading
    bounded: ClassVar[bool] = False  # may have `min` and `max`
    formatted: ClassVar[bool] = False  # may have `format`
    blank_is_missing: ClassVar[bool] = True  # a cell of blanks alone holds no value
    keys: ClassVar[Mapping[str, Any]] = {}  # of its own in the declaration: (annotation, default), as pydantic has them
    exacting: ClassVar[int] = 0  # the more a kind asks of a column's cells, the earlier it may claim them

    @abstractmethod
    def read(self, raw: pd.Series, column: Declared) -> pd.Series:
        """Return the typed values, missing where a cell is empty or cannot be read; nothing raises."""

    def measured(self, numbers: np.ndarray) -> np.ndarray | None:  # noqa: ARG002 - most kinds read text
        """Return what cells that are numbers already hold, NaN where that cannot be; None where text is read instead.

        Both are float64 (rows,), NaN where a cell is missing.
        """
        return None

    def parse(self, raw: pd.Series, column: Declared) -> Parsed:
        """Return the column's values as declared; nothing raises, unreadable cells are marked."""
        missing = raw.isna().to_numpy()
        if pd.api.types.is_string_dtype(raw.dtype):
            texts = missing_texts(column, self.declared_values(column))
            missing = missing | hold_text(raw, texts, blank=self.blank_is_missing)
            raw = raw.mask(missing) if missing.any() else raw
        typed = self.read(raw, column)
        if column.missing_values and pd.api.types.is_float_dtype(typed.dtype):
            coded = typed.isin(missing_numbers(column)).to_numpy()
            typed, missing = typed.mask(coded), missing | coded
        return Parsed(typed, missing, typed.isna().to_numpy() & ~missing)

    def stands_for_itself(self, raw: pd.Series) -> bool:
        """Return whether the reader already gave what the declaration asks for, unless a cell is unreadable."""
        return bool(self.read_as) and pd.api.types.is_numeric_dtype(raw.dtype)  # truth values count as numbers here

    def why_unreadable(self, cells: pd.Series) -> str:  # noqa: ARG002 - most kinds have one reason
        """Return in words why cells cannot be read."""
        return str(self.unreadable)

    def declare(self, column: dict[str, object]) -> dict[str, object]:
        """Return the declaration with its values as this kind has them; raise ValueError where it cannot have them."""
        return column

    def check(self, column: Declared) -> str | None:
        """Return what is wrong with a declaration of this kind, whose keys are known to be for it; None if nothing."""
        for key, limit in (("min", column.min), ("max", column.max)):
            if limit is not None and (message := self.check_bound(key, limit)) is not None:
                return message
        if column.min is not None and column.max is not None and self.bound(column.min) > self.bound(column.max):
            return f"`min` {column.min} is above `max` {column.max}"
        return self.check_format(column) or self.check_allowed(column) or self.check_missing(column)

    def check_bound(self, key: str, limit: float | date) -> str | None:
        """Return what is wrong with a bound."""
        if isinstance(limit, date):
            return f"`{key}` of a column of type {self.name!r} is a number"
        return (
            None
            if abs(limit) <= LARGEST
            else f"`{key}` is not finite or beyond {LARGEST:g}; " + ("leave it out where there is no bound")
        )

    def check_format(self, column: Declared) -> str | None:  # noqa: ARG002 - most kinds have none
        """Return what is wrong with the declared format."""
        return None

    def check_allowed(self, column: Declared) -> str | None:
        """Return what is wrong with the declared set of values: that of labels may hold all except odd numbers."""
        return check_values(column.allowed, float)  # a whole number as a label may be as long as it likes

    def check_missing(self, column: Declared) -> str | None:
        """Return what is wrong with the cells that are declared to hold no value, or to hold one after all."""
        values = [as_text(value) for value in self.declared_values(column) or ()]
        for value in map(as_text, column.missing_values):
            key = "not_missing" if value in column.not_missing else "levels" if column.allowed is None else "allowed"
            if value in (*column.not_missing, *values):
                return f"`missing_values` and `{key}` both hold {quote(value)}; it is a value, or none"
        return None

    def bound(self, limit: Any) -> Any:  # noqa: ANN401 - a number or a moment, as the kind has it
        """Return a declared bound as the typed values have it."""
        return float(limit)

    def declared_values(self, column: Declared) -> tuple[str | float | bool, ...] | None:
        """Return the only values that the column may hold, as the project file has them; None: any."""
        return column.allowed

    def allowed_values(self, column: Declared) -> list[str] | list[float]:
        """Return the declared values as the typed values have them."""
        return [float(value) for value in self.declared_values(column) or ()]

    def broken(self, column: Declared, values: pd.Series) -> list[tuple[str, np.ndarray]]:
        """Return (reason, rows that break it) for what is declared of the typed `values`; none is by missing ones."""
        rules = []
        if column.min is not None:
            rules.append((f"below {column.min}", (values < self.bound(column.min)).to_numpy()))
        if column.max is not None:
            rules.append((f"above {column.max}", (values > self.bound(column.max)).to_numpy()))
        if self.declared_values(column) is not None:
            within = values.isin(self.allowed_values(column))
            rules.append((self.not_allowed, (values.notna() & ~within).to_numpy()))
        return rules

    def in_words(self, column: Declared) -> list[str]:
        """Return how cells are written, in words, where the declaration says so."""
        return [] if column.format is None else [f"written as {column.format}"]

    def parts_of(self, column: Declared) -> tuple[Part, ...]:  # noqa: ARG002 - of most kinds always the same
        """Return the features that the column becomes, where they are not the column itself."""
        return self.parts

    def feature_names(self, name: str, column: Declared) -> list[str]:
        """Return the names of the features that the column becomes."""
        return [f"{name} ({part.name})" for part in self.parts_of(column)] or [name]

    def titles(self, name: str, column: Declared, title: str) -> dict[str, str]:
        """Return a reader's name for the column and for each feature that it becomes, by their own names."""
        own, shown = self.feature_names(name, column), self.feature_names(title, column)
        return {name: title} | dict(zip(own, shown, strict=True))

    def features(
        self, name: str, column: Declared, values: pd.Series, clock: pd.Series | None = None
    ) -> dict[str, pd.Series]:
        """Return the features of the column's typed `values` by name, in order: float64, NaN where missing.

        `clock` is that of Parsed, for the same rows.
        """
        if not self.parts:
            return {name: self.feature(column, values)}
        parts = self.parts_of(column)
        shown = values if clock is None else clock
        numbers = [part.make(shown if part.by_clock else values).astype(np.float64) for part in parts]
        return dict(zip(self.feature_names(name, column), numbers, strict=True))

    def feature(self, column: Declared, values: pd.Series) -> pd.Series:  # noqa: ARG002 - a kind may need it
        """Return the one feature that the column becomes, where it has no parts."""
        return values

    def describe(self, name: str, column: Declared) -> list[Feature]:
        """Return the facts of the column's features: name, kind, raw column, declared type, unit."""
        units: list[str | None] = [part.unit for part in self.parts_of(column)] or [column.unit]
        return [
            {"name": feature, "kind": self.kind.seen_as, "from": name, "type": self.name, "unit": unit}
            for feature, unit in zip(self.feature_names(name, column), units, strict=True)
        ]

    def schema(self, name: str, column: Declared) -> "dict[str, pandera.Column]":
        """Return what the table may hold as the column's features."""
        import pandera.pandas as pandera

        nullable = column.missing > 0
        if not self.parts:
            dtype, checks = self.feature_checks(column)
            return {name: pandera.Column(dtype, checks, nullable=nullable)}
        return {
            feature: pandera.Column("float64", range_checks(part.low, part.high), nullable=nullable)
            for feature, part in zip(self.feature_names(name, column), self.parts_of(column), strict=True)
        }

    def feature_checks(self, column: Declared) -> "tuple[str | pd.CategoricalDtype, list[pandera.Check]]":
        """Return the dtype and the checks of the one feature that a column without parts becomes."""
        import pandera.pandas as pandera

        low, high = (None if limit is None else self.bound(limit) for limit in (column.min, column.max))
        allowed = [] if column.allowed is None else [pandera.Check.isin(self.allowed_values(column))]
        return "float64", range_checks(low, high) + allowed

    @abstractmethod
    def guess(self, cells: Cells) -> Guess | None:
        """Return the declaration of a column that looks like this kind; None if it does not."""


def check_values(allowed: tuple[str | float | bool, ...] | None, measured: Any) -> str | None:  # noqa: ANN401 - types
    """Return what is wrong with a set of values, of which those of the `measured` types have a size."""
    if allowed is None:
        return None
    if not allowed:
        return "`allowed` is empty; name the values, or leave it out"
    if any(isinstance(value, measured) and not abs(value) <= LARGEST for value in allowed):
        return f"`allowed` holds a number that is not finite or beyond {LARGEST:g}"
    return None


def texts_of(values: tuple[str | float | bool, ...] | None) -> list[str]:
    """Return declared values as a text column of a file writes them."""
    return [as_text(value) for value in values or ()]


def range_checks(low: float | None, high: float | None) -> "list[pandera.Check]":
    """Return the checks for inclusive bounds; infinite values are never allowed."""
    import pandera.pandas as pandera

    checks = [pandera.Check(lambda values: ~np.isinf(values), name="not infinite")]
    checks += [] if low is None else [pandera.Check.ge(low)]
    return checks if high is None else [*checks, pandera.Check.le(high)]
