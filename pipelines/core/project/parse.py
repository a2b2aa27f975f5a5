"""Parsing a project file: TOML in, sections that agree with each other out, or an error in the user's words."""

import difflib
import re
import tomllib

from pydantic import ValidationError

from pipelines.core.agreement import CHECKS
from pipelines.core.errors import InputError, quote
from pipelines.core.project import (
    PATTERNS,
    Column,
    Columns,
    Cost,
    Effort,
    Metric,
    Problem,
    Project,
    Run,
    Section,
    Source,
    Split,
)

NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")


def parse_project(text: str, name: str, where: str) -> Project:
    """Return the project that the TOML `text` describes.

    `name` is the project's name (the file's stem), `where` the file's path for messages.
    Raises InputError with the key, what is allowed and the nearest known key.
    """
    check_project_name(name, where, "rename the file")
    try:
        sections = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # numbers of thousands of digits, brackets a thousand deep
        raise InputError(f"not valid TOML: {error}", where=where, todo="fix that line") from None
    if "name" in sections:
        allowed = ", ".join(_keys(Project))
        raise InputError("unknown section or key 'name'", where=where, allowed=allowed, todo="remove it")
    try:
        project = Project.model_validate(sections | {"name": name})
    except ValidationError as error:
        raise _explain(error, where) from None
    for check in CHECKS:
        if (found := check(project)) is not None:
            raise InputError(found, where=where, todo="change the project file")
    return project


def check_project_name(name: str, where: str, todo: str) -> None:
    """Raise InputError unless the name is one that a project can have: it becomes the name of files and folders."""
    if not NAME.fullmatch(name):
        allowed = "a lower-case letter, then at most 59 lower-case letters, digits or underscores"
        raise InputError(f"project name {quote(name)}", where=where, allowed=allowed, todo=todo)


def _explain(error: ValidationError, where: str) -> InputError:
    """Turn pydantic's first complaint into one about the user's file."""
    # Unknown keys first: a typo explains what is missing.
    complaints = sorted(error.errors(), key=lambda one: one["type"] != "extra_forbidden")
    first = complaints[0]
    path, model = _place(first["loc"])
    key = ".".join(path)
    same = [one for one in complaints if _place(one["loc"])[0] == path]  # one a member, where several types will do
    more = f" (and {len(complaints) - len(same)} more)" if len(complaints) > len(same) else ""
    if first["type"] == "extra_forbidden":
        near = difflib.get_close_matches(path[-1], _keys(model), n=1)
        todo = f"did you mean `{near[0]}`?" if near else "remove it"
        if model is Columns and not near:
            todo += f'; a column is declared as `{path[-1]} = {{ type = "number" }}`'
        return InputError(f"unknown key {quote(key)}{more}", where=where, allowed=", ".join(_keys(model)), todo=todo)
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
        if (model is Columns and part == "declared") or (model is Metric and part == "parameters"):
            continue
        path.append(part)
        inner = Column if model is Columns and part not in Columns.model_fields else _SECTIONS.get(part)
        if inner is None or model not in (Project, Columns, Metric):
            break
        if depth < len(location) - 1:
            model = inner
    return path, model


_SECTIONS: dict[str, type[Section]] = {
    "problem": Problem,
    "source": Source,
    "columns": Columns,
    "split": Split,
    "metric": Metric,
    "cost": Cost,
    "effort": Effort,
    "run": Run,
}


def _keys(model: type[Section]) -> list[str]:
    """Return the keys that a user may write in that section."""
    from pipelines.metrics import known_parameters

    hidden = {Project: "name", Columns: "declared", Metric: "parameters"}.get(model)
    return [key for key in model.model_fields if key != hidden] + (known_parameters() if model is Metric else [])
