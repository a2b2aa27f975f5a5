"""Parsing a project file: TOML in, sections that agree with each other out, or an error in the user's words."""

import re
import tomllib

from pydantic import ValidationError

from pipelines.core.errors import InputError, quote
from pipelines.core.project.agreement import CHECKS
from pipelines.core.project.explain import explain, keys_of
from pipelines.core.project.sections import Project

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
        allowed = ", ".join(keys_of(Project))
        raise InputError("unknown section or key 'name'", where=where, allowed=allowed, todo="remove it")
    try:
        project = Project.model_validate(sections | {"name": name})
    except ValidationError as error:
        raise explain(error, where) from None
    for check in CHECKS:
        if (found := check(project)) is not None:
            raise InputError(found, where=where, todo="change the project file")
    return project


def check_project_name(name: str, where: str, todo: str) -> None:
    """Raise InputError unless the name is one that a project can have: it becomes the name of files and folders."""
    if not NAME.fullmatch(name):
        allowed = "a lower-case letter, then at most 59 lower-case letters, digits or underscores"
        raise InputError(f"project name {quote(name)}", where=where, allowed=allowed, todo=todo)
