"""What every section of a project file is, and what many of their keys may hold."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from pipelines.core.errors import quote, seen

CONDITION = r"^.+ (>=|<=|!=|=|>|<) .+$"  # of source.where, panel.where and entities.where


class Section(BaseModel):
    """A frozen table of the project file without unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


def _in_one_line(title: str) -> str:
    """Return the title; raise ValueError where a reader would not see each character of it, on one line."""
    if not all(map(seen, title)):
        message = f"`title` is {quote(title)}; it may be 1 to 60 printable characters on one line"
        raise ValueError(message)
    return title


Text = Annotated[str, Field(min_length=1, max_length=2000)]
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
MissingValues = tuple[Annotated[str, Field(min_length=1)] | int | float, ...]  # cells that hold no value
Conditions = tuple[Annotated[str, Field(pattern=CONDITION)], ...]
Share = Annotated[float, Field(ge=0, le=1)]
Title = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60), AfterValidator(_in_one_line)
]
