"""Conditions on the rows of a file, as `Quantity > 0`: which rows meet one, and which lines of a file stay."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipelines.core.errors import InputError, quote
from pipelines.facts.shared import LeftLines

PATTERN = r"^(?P<column>.+?) (?P<how>>=|<=|!=|=|>|<) (?P<value>.+)$"
LEFT_OUT = "left out"  # the attribute of a table as read: by condition of source.where, how many rows it leaves out
OF_TEXT = ("=", "!=")
TRUTHS = {"true": 1.0, "false": 0.0}
COMPARE: dict[str, Callable[[np.ndarray, float | np.datetime64], np.ndarray]] = {
    ">": np.greater, ">=": np.greater_equal, "<": np.less, "<=": np.less_equal, "=": np.equal, "!=": np.not_equal,
}  # fmt: skip


@dataclass(frozen=True)
class Condition:
    """One condition of the project file."""

    text: str  # as it is written
    key: str  # in which it stands: panel.where, source.where
    column: str
    how: str
    value: str

    @classmethod
    def read(cls, text: str, key: str) -> "Condition":
        """Return what a condition says."""
        found = re.match(PATTERN, text)
        if found is None:  # the project file's own pattern lets no other through
            message = f"{text!r} is no condition"
            raise ValueError(message)
        return cls(text, key, found["column"], found["how"], found["value"])

    def holds(self, values: pd.Series, where: str) -> NDArray[np.bool_]:
        """Return for which rows it holds, bool (rows,); where a cell is missing it does not.

        `values` are typed, or as the reader gave them. Raises InputError, naming `where`, if they cannot be compared.
        """
        if pd.api.types.is_datetime64_any_dtype(values.dtype):
            moments = values.to_numpy("datetime64[s]")
            return values.notna().to_numpy(bool) & COMPARE[self.how](moments, self._moment(where))
        if not pd.api.types.is_numeric_dtype(values.dtype):
            return self._of_texts(values, where)
        truths = TRUTHS if pd.api.types.is_bool_dtype(values.dtype) else {}
        try:
            number = truths[self.value] if self.value in truths else float(self.value)
        except ValueError:
            found, allowed = ("truth values", "true or false") if truths else ("numbers", "a number")
            raise self._wrong(f"a column of {found} with {quote(self.value)}", allowed, where) from None
        cells = values.to_numpy(np.float64, na_value=np.nan)
        return np.isfinite(cells) & COMPARE[self.how](cells, number)

    def _of_texts(self, values: pd.Series, where: str) -> NDArray[np.bool_]:
        if self.how not in OF_TEXT:
            raise self._wrong("a column of text by size", "= and != for text", where)
        texts = values.astype(object).map(str).to_numpy(object)
        same = (texts == self.value) if self.how == "=" else (texts != self.value)
        return np.asarray(values.notna().to_numpy(bool) & same)

    def _moment(self, where: str) -> np.datetime64:
        try:
            return np.datetime64(self.value.replace(" ", "T"), "s")
        except ValueError:
            allowed = "a date as 2014-05-02, or 2014-05-02 13:00"
            raise self._wrong(f"a column of dates with {quote(self.value)}", allowed, where) from None

    def _wrong(self, compared: str, allowed: str, where: str) -> InputError:
        found = f"{self.key} {quote(self.text)} compares {compared}"
        return InputError(found, where=where, allowed=allowed, todo=f"correct {self.key}")


class Kept:
    """Which lines of a file stay, and how many each reason leaves out, in order: a line counts for the first of them.

    `stay` is bool (lines,).
    """

    def __init__(self, lines: int, where: str) -> None:
        self.stay = np.ones(lines, bool)
        self.left: list[LeftLines] = []
        self._where = where  # the file, for messages

    def leave(self, why: str, out: NDArray[np.bool_]) -> None:
        """Leave lines out, bool (lines,)."""
        self.left.append({"why": why, "lines": int((self.stay & out).sum())})
        self.stay = self.stay & ~out

    def leave_copies(self, whole: pd.DataFrame) -> None:
        """Leave out each line of the file, (lines, raw columns), that repeats an earlier one."""
        self.leave("all cells are those of an earlier line", whole.duplicated().to_numpy(bool))

    def leave_unless(self, condition: Condition, values: pd.Series) -> None:
        """Leave out the lines whose values (lines,) do not meet a condition; raise InputError if it cannot be asked."""
        self.leave(f"not {condition.text}", ~condition.holds(values, self._where))

    def check_some(self, of: str, allowed: str, todo: str) -> None:
        """Raise InputError, with all reasons, where no line stays; `of` names a line."""
        if self.stay.any():
            return
        counted = "; ".join(f"{one['why']}: {one['lines']:,}" for one in self.left) or "the file holds none"
        raise InputError(
            f"no {of} is left of {len(self.stay):,} ({counted})", where=self._where, allowed=allowed, todo=todo
        )
