"""The steps of a series: hours, days, weeks or months, and where a moment lies among them.

Times are without a zone. A step of days, weeks or hours has a fixed length; months have none, so they are counted.
"""

import re
from dataclasses import dataclass
from typing import Literal

import numpy as np

from pipelines.targets.arrays import Booleans, Integers

Unit = Literal["h", "d", "w", "mo"]
PATTERN = r"^[1-9][0-9]{0,2}(h|d|w|mo)$"
HOURS: dict[str, int] = {"h": 1, "d": 24, "w": 168}
NAMES = {"h": ("hour", "hours"), "d": ("day", "days"), "w": ("week", "weeks"), "mo": ("month", "months")}
WEEK = 168  # hours
YEAR_HOURS, YEAR_MONTHS = 365.25 * 24, 12
Times = np.ndarray  # datetime64[s]


@dataclass(frozen=True)
class Frequency:
    """The length of a step: so many of a unit."""

    count: int
    unit: Unit

    @classmethod
    def of(cls, text: str) -> "Frequency":
        """Return the frequency that is written as "1h", "1d", "2w" or "3mo"; raise ValueError for another text."""
        if not re.fullmatch(PATTERN, text):
            message = f"{text!r} is no frequency"
            raise ValueError(message)
        digits = re.match(r"\d+", text)
        count = int(digits.group()) if digits else 1
        unit: Unit = text.lstrip("0123456789")  # type: ignore[assignment]
        return cls(count, unit)

    def __str__(self) -> str:
        """Return the text that `of` reads."""
        return f"{self.count}{self.unit}"

    @property
    def name(self) -> str:
        """A step in words: "day", "3 months"."""
        one, several = NAMES[self.unit]
        return one if self.count == 1 else f"{self.count} {several}"

    def spell(self, steps: int) -> str:
        """Return a number of steps in words: "1 day", "9 months"."""
        one, several = NAMES[self.unit]
        number = steps * self.count
        return f"{number:,} {one if number == 1 else several}"

    @property
    def per_week(self) -> int | None:
        """Steps of a week; None where a week is no whole number of steps, or a step is longer."""
        if self.unit == "mo" or WEEK % self._hours:
            return None
        return WEEK // self._hours

    @property
    def per_year(self) -> float:
        """Steps of a year, on average."""
        return YEAR_MONTHS / self.count if self.unit == "mo" else YEAR_HOURS / self._hours

    @property
    def _hours(self) -> int:
        return self.count * HOURS[self.unit]

    def numbers(self, times: Times) -> tuple[Integers, Booleans]:
        """Return the number of the step that each time begins, and which times begin one.

        Steps of months are counted from the month 0 of the calendar and begin with a month, whichever of its days the
        first time names; all others are counted from the earliest time.
        """
        if self.unit == "mo":
            months = times.astype("datetime64[M]")
            whole = months.astype(np.int64)
            first = int(whole.min())
            within = (times - months).astype("timedelta64[s]").astype(np.int64)
            return (whole - first) // self.count, ((whole - first) % self.count == 0) & (within == within[0])
        seconds = (times - times.min()).astype("timedelta64[s]").astype(np.int64)
        length = self._hours * 3600
        return seconds // length, seconds % length == 0

    def times(self, first: np.datetime64, steps: int) -> Times:
        """Return the moments at which so many steps begin, from `first` on, datetime64[s]."""
        if self.unit == "mo":
            month = first.astype("datetime64[M]")
            within = first - month.astype(first.dtype)
            whole = month + np.arange(steps) * self.count
            return (whole.astype("datetime64[s]") + within.astype("timedelta64[s]")).astype("datetime64[s]")
        return first.astype("datetime64[s]") + np.arange(steps) * np.timedelta64(self._hours * 3600, "s")

    def label(self, time: np.datetime64) -> str:
        """Return a time as a reader writes it: a month, a day, or a day with its hour."""
        text = str(time.astype("datetime64[s]"))
        if self.unit == "mo":
            return text[: len("2024-01")]
        return (
            text[: len("2024-01-31")] if self.unit in ("d", "w") else text[: len("2024-01-31T12:00")].replace("T", " ")
        )
