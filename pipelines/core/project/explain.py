"""Explaining what is wrong with a section: pydantic's complaints in, an error in the user's words out."""

import difflib
import re

from pydantic import ValidationError

from pipelines.core.errors import InputError, quote
from pipelines.core.project.grouped import Clusters, Entities, Made
from pipelines.core.project.section import Section
from pipelines.core.project.sections import (
    PATTERNS,
    Column,
    Columns,
    Cost,
    Effort,
    Forecast,
    Metric,
    Panel,
    Problem,
    Project,
    Run,
    Source,
    Split,
    Texts,
)
from pipelines.metrics import known_parameters


def explain(error: ValidationError, where: str) -> InputError:
    """Return pydantic's first complaint as one about the user's file, which is `where`."""
    # Unknown keys first: a typo explains what is missing.
    complaints = sorted(error.errors(), key=lambda one: one["type"] != "extra_forbidden")
    first = complaints[0]
    path, model = _place(first["loc"])
    key = ".".join(path)
    same = [one for one in complaints if _place(one["loc"])[0] == path]  # one a member, where several types will do
    more = f" (and {len(complaints) - len(same)} more)" if len(complaints) > len(same) else ""
    if first["type"] == "extra_forbidden":
        near = difflib.get_close_matches(path[-1], keys_of(model), n=1)
        todo = f"did you mean `{near[0]}`?" if near else "remove it"
        if model is Columns and not near:
            todo += f'; a column is declared as `{path[-1]} = {{ type = "number" }}`'
        return InputError(f"unknown key {quote(key)}{more}", where=where, allowed=", ".join(keys_of(model)), todo=todo)
    if first["type"] == "missing":
        return InputError(f"`{key}` is missing{more}", where=where, todo=f"add `{path[-1]}`")
    messages = list(dict.fromkeys(_in_words(one["type"], str(one["msg"]), path[-1:]) for one in same))
    if first["type"] == "value_error":
        place = f"{where}, [{key}]" if key else where
        return InputError(messages[0] + more, where=place, todo="change the project file")
    allowed = "; or ".join(messages)
    found = f"`{key}` is {quote(first['input'])}{more}"
    near = difflib.get_close_matches(str(first["input"]), re.findall("'([^']*)'", allowed), n=1)
    todo = f"did you mean {near[0]!r}?" if near and first["type"] == "literal_error" else "change that value"
    return InputError(found, where=where, allowed=allowed, todo=todo)


def _in_words(kind: str, message: str, key: list[str]) -> str:
    """Return pydantic's message as what is allowed."""
    if kind == "string_pattern_mismatch":
        return PATTERNS[key[0]]
    if key[0] in LISTS and kind in ("tuple_type", "too_short", "too_long"):
        return LISTS[key[0]]
    if kind == "tuple_type":
        return 'a list, such as ["one", "two"]'
    if kind == "model_type":
        return f"a section, [{key[0]}], or a table with its keys"
    for opening in ("Value error, ", "Input should be ", "String should have "):
        message = message.removeprefix(opening)
    return message


def _place(location: tuple[int | str, ...]) -> tuple[list[str], type[Section]]:
    """Return the key as the user wrote it, part by part, and the section that it stands in or is.

    What pydantic adds to the way (the members of a union, `declared`) is left out.
    """
    path: list[str] = []
    model: type[Section] = Project
    for depth, part in enumerate(map(str, location)):
        if model is Source and part.isdecimal():  # of several files, all except the first have a number: source.2
            path += [str(int(part) + 1)] if int(part) else []
            continue
        if (model is Columns and part == "declared") or (model is Metric and part == "parameters"):
            continue
        path.append(part)
        if path == MADE:
            continue
        inner = _inside(model, path)
        if inner is None:
            break
        if depth < len(location) - 1:
            model = inner
    return path, model


def _inside(model: type[Section], path: list[str]) -> type[Section] | None:
    """Return the section that the last part of the way is within another; None where it is a key."""
    if model is Columns:
        return None if path[-1] in Columns.model_fields else Column
    if model is Entities:
        return Made if path[:-1] == MADE else None
    return _SECTIONS.get(path[-1]) if model in (Project, Metric) else None


MADE = ["entities", "columns"]  # the way to the columns that are made of lines
LISTS = {"season": "a list of one to three lengths in steps, the shortest first, such as [7] or [24, 168]"}
_SECTIONS: dict[str, type[Section]] = {
    "problem": Problem,
    "source": Source,
    "columns": Columns,
    "split": Split,
    "forecast": Forecast,
    "panel": Panel,
    "text": Texts,
    "clusters": Clusters,
    "entities": Entities,
    "metric": Metric,
    "cost": Cost,
    "effort": Effort,
    "run": Run,
}


def keys_of(model: type[Section]) -> list[str]:
    """Return the keys that a user may write in that section."""
    hidden = {Project: "name", Columns: "declared", Metric: "parameters"}.get(model)
    return [key for key in model.model_fields if key != hidden] + (known_parameters() if model is Metric else [])
