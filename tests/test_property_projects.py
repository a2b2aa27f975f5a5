"""Whatever a project file holds, it is one, or is told to be none in a few lines: searched for by hypothesis."""

import copy
import tomllib
from datetime import UTC
from typing import Any

import tomlkit
from hypothesis import given, settings
from hypothesis import strategies as st
from searches import SETTINGS, check_error
from toy_raw import TOML

from pipelines.core.errors import InputError
from pipelines.core.project import Project, parse_project

VALUES = st.recursive(
    st.one_of(
        st.text(st.characters(codec="utf-8"), max_size=8), st.integers(), st.integers(-3, 3), st.booleans(),
        st.floats(), st.dates(), st.times(), st.datetimes(), st.datetimes(timezones=st.just(UTC)),
        st.sampled_from(["category", "date", "time", "group", "regression", "left", "age", "town", "2020-01-01"]),
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abctype", max_size=4), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


def paths(section: dict[str, Any], above: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Return the way to every key."""
    found = []
    for key, value in section.items():
        found.append((*above, key))
        if isinstance(value, dict):
            found += paths(value, (*above, key))
    return found


@st.composite
def mutated_projects(draw: st.DrawFn) -> str:
    """Return a project file of which a few keys are renamed, removed, added or hold something else."""
    document = copy.deepcopy(tomllib.loads(TOML))
    for _ in range(draw(st.integers(1, 3))):
        *above, key = draw(st.sampled_from(paths(document)))
        section = document
        for part in above:
            section = section[part]
        act = draw(st.sampled_from(["replace", "replace", "remove", "rename", "add"]))
        if act == "replace":
            section[key] = draw(VALUES)
        elif act == "add":
            names = st.sampled_from(["min", "max", "allowed", "missing", "format", "cost", "column", "test_value"])
            section[draw(names | st.text(st.characters(codec="utf-8"), max_size=5))] = draw(VALUES)
        else:
            value = section.pop(key)
            if act == "rename":
                section[draw(st.text(st.characters(codec="utf-8"), max_size=8))] = value
        if not document:
            break
    return tomlkit.dumps(document)


@st.composite
def mutated_texts(draw: st.DrawFn) -> str:
    """Return the text of a project file with a slice of it replaced by some other text."""
    start = draw(st.integers(0, len(TOML)))
    end = min(len(TOML), start + draw(st.integers(0, 30)))
    return TOML[:start] + draw(st.text(max_size=10)) + TOML[end:]


@settings(max_examples=400, **SETTINGS)
@given(st.one_of(mutated_projects(), mutated_projects(), mutated_texts(), st.text(max_size=60)))
def test_any_project_file(text: str) -> None:
    """A project file is one, or is told to be none."""
    try:
        assert isinstance(parse_project(text, "small", "projects/small.toml"), Project)
    except InputError as error:
        check_error(error)
