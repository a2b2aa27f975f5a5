"""The sections of projects that look for groups: which columns make them, and how events become rows."""

from contextlib import suppress
from datetime import date, datetime
from typing import Annotated, Literal, get_args

from pydantic import BeforeValidator, Field, model_validator

from pipelines.core.errors import quote
from pipelines.core.project.section import Conditions, Section, Text, Title

Take = Literal[
    "lines", "sum", "mean", "median", "min", "max", "different", "days", "recency", "tenure", "span",
    "commonest",
]  # fmt: skip
TAKES: tuple[str, ...] = get_args(Take)
OF_LINES = ("lines", "days", "recency", "tenure", "span")  # of the lines themselves, and so of no column
OF_VALUES = ("sum", "mean", "median", "min", "max")  # of columns of numbers
OF_LABELS = ("commonest",)  # which give a label, not a number

Factors = Annotated[tuple[Text, Text], Field(strict=False)]


class Clusters(Section):
    """Which columns make groups, which describe them, and what they are compared with."""

    columns: tuple[Text, ...] = Field(strict=False)
    describe: tuple[Text, ...] = Field(default=(), strict=False)  # shown by group, and never used
    baseline: Literal["quantiles", "kmeans"] = "quantiles"
    by: Text | None = None  # the one column whose quantiles are the baseline
    groups: Annotated[int, Field(ge=2, le=20)] = 5  # of the baseline, and for the outcome
    missing: Literal["refuse", "leave_out"] = "refuse"  # what becomes of rows without a value in one of `columns`

    @model_validator(mode="after")
    def _keys_fit_each_other(self) -> "Clusters":
        named = (*self.columns, *self.describe)
        twice = next((name for name in named if named.count(name) > 1), None)
        if twice is not None:
            message = f"column {quote(twice)} is named twice; it may be in one of columns and describe, once"
            raise ValueError(message)
        if (self.baseline == "quantiles") != (self.by is not None):
            found = 'is "quantiles"' if self.by is None else 'is "kmeans"'
            message = f"`baseline` {found}; `by` names the one column of quantiles, and is needed there and only there"
            raise ValueError(message)
        if self.by is not None and self.by not in self.columns:
            message = f"`by` is {quote(self.by)}; it may be one of `columns`: {', '.join(map(quote, self.columns))}"
            raise ValueError(message)
        return self


class Made(Section):
    """A column that is made of the lines of each entity."""

    take: Take
    of: Text | None = None  # the column of the file, or of `product`, that it is taken of
    where: Conditions = Field(default=(), strict=False)  # of the lines that it is taken of
    after: bool = False  # of lines from the cut on: an outcome
    title: Title | None = None  # a reader's name for it
    unit: str | None = None

    @model_validator(mode="after")
    def _of_what_it_takes(self) -> "Made":
        if (self.take in OF_LINES) != (self.of is None):
            allowed = "names the column that it is taken of" if self.of is None else "is left out: lines are counted"
            message = f"`take` is {self.take!r}, for which `of` {allowed}"
            raise ValueError(message)
        if self.after and self.take in ("recency", "tenure"):
            message = f"`take` is {self.take!r}, which looks back from the cut; leave `after` out"
            raise ValueError(message)
        return self


def _in_quotes(value: object) -> date | datetime:
    """Return a date, or a date with a time, that is written in quotes; raise ValueError for anything else.

    DVC keeps the settings of a stage as JSON, which has no dates as TOML has.
    """
    if isinstance(value, str):
        for read in (date.fromisoformat, datetime.fromisoformat):
            with suppress(ValueError):
                return read(value)
    message = (
        f'`entities.cut` is {str(value)!r}, not a valid date, or a date with a time, in quotes such as "2011-09-10"'
    )
    raise ValueError(message)


class Entities(Section):
    """How the lines of a file of events become one row for each entity, such as a customer."""

    by: Text  # the column that names the entity
    time: Text  # of a line
    cut: Annotated[
        date | datetime, BeforeValidator(_in_quotes)
    ]  # columns are made of lines before it, those with `after` of lines from then on
    days: Annotated[int, Field(ge=1, le=36_500)] | None = None  # after the cut; None: all that the file holds
    once: bool = False  # a line whose cells are all those of an earlier one does not count
    where: Conditions = Field(default=(), strict=False)  # of lines that count
    needs: Conditions = Field(default=(), strict=False)  # of the lines before the cut of which an entity needs `least`
    least: Annotated[int, Field(ge=1)] = 1
    product: dict[str, Factors] = Field(default={})  # of two columns, line by line
    columns: dict[str, Made]

    @property
    def before(self) -> list[str]:
        """The columns that are made of lines before the cut."""
        return [name for name, made in self.columns.items() if not made.after]
