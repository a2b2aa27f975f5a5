"""The kinds of split: the project file's list is the registry's, and each kind says what follows from it."""

from typing import get_args

import numpy as np
import pandas as pd
import pytest
from toy_project import toy_project

from pipelines.core.errors import InputError
from pipelines.core.project import Split as Section
from pipelines.inputs import INPUTS
from pipelines.splits import SPLITS, Rows

BY = {name: "part" for name, split in SPLITS.items() if split.columns}


def _asked(kind: str) -> Section:
    column = f'column = "{BY[kind]}"' if kind in BY else ""
    return Section.model_validate({"kind": kind, "test": 0.25, "seed": 3} | ({"column": "part"} if column else {}))


def _rows(kind: str, rows: int = 80) -> Rows:
    marks = pd.Series(np.where(np.arange(rows) % 4 == 0, "test", "train"))
    by = {"time": pd.Series(np.arange(rows, dtype=float)), "column": marks, "group": pd.Series(np.arange(rows) // 4)}
    groups = SPLITS[kind].groups(by[kind]) if kind in by else None
    units = np.arange(rows) if groups is None else groups
    return Rows(units, np.arange(rows) % 2, by.get(kind), "data/raw/small.csv")


def test_the_project_file_lists_the_registry() -> None:
    """What a user may write as `kind` is what there is, and a column is asked for where a kind needs one."""
    assert list(get_args(Section.model_fields["kind"].annotation)) == list(SPLITS)
    for kind in SPLITS:
        wrong = {"kind": kind} | ({} if kind in BY else {"column": "part"})
        with pytest.raises(ValueError, match="`column` is needed for kinds 'group', 'time' and 'column'"):
            Section.model_validate(wrong)
        assert _asked(kind).kind == kind


@pytest.mark.parametrize("kind", sorted(set(SPLITS) - {"origins"}))  # forecasts are laid out with their table
def test_each_kind_gives_every_row_a_place(kind: str) -> None:
    """A quarter of 80 rows is for testing; training rows are in one of five folds, test rows in none."""
    rows = _rows(kind)

    found = SPLITS[kind].assign(rows, _asked(kind))

    assert found.test.sum() == 20
    assert set(found.fold[~found.test]) == set(range(5))
    assert (found.fold[found.test] == -1).all()
    assert (found.boundary is not None) == SPLITS[kind].later


@pytest.mark.parametrize("kind", sorted(set(SPLITS) - {"origins"}))  # forecasts are laid out with their table
def test_each_kind_keeps_what_it_says(kind: str) -> None:
    """Groups whole, classes in equal shares, test rows last, marks obeyed: each kind that declares it, and it alone."""
    split, rows = SPLITS[kind], _rows(kind)

    found = split.assign(rows, _asked(kind))

    if split.keeps_groups:
        assert all(len(set(found.test[rows.units == unit])) == 1 for unit in np.unique(rows.units))
        assert split.exchangeable == "groups"
    if split.stratifies:
        assert rows.strata[found.test].mean() == 0.5
    if split.later:
        assert found.test[-20:].all()
    if split.given:
        assert (found.test == (rows.given == "test")).all()
    assert (split.exchangeable is None) == (split.later or split.given)


@pytest.mark.parametrize("kind", sorted(BY))
def test_columns_are_of_declared_types(kind: str) -> None:
    """They are types of [columns]; a project that splits by another type is told which ones will do."""
    allowed = SPLITS[kind].column_types()
    assert set(allowed) < set(INPUTS)
    other = min(set(INPUTS) - set(allowed))

    with pytest.raises(InputError, match=f"for kind '{kind}' it may be .*{allowed[0]}"):
        toy_project(
            columns=f'x = {{ type = "number" }}\ny = {{ type = "integer" }}\npart = {{ type = "{other}" }}',
            split=f'kind = "{kind}"\ncolumn = "part"',
        )


@pytest.mark.parametrize("kind", sorted(BY))
def test_a_split_by_a_column_cannot_do_without_it(kind: str) -> None:
    """A group split falls back on the units; the others say what is missing."""
    rows = Rows(np.arange(40), np.zeros(40, np.int64), None, "small.csv")
    if SPLITS[kind].keeps_groups:
        assert SPLITS[kind].assign(rows, _asked(kind)).test.sum() == 10
        return

    with pytest.raises(ValueError, match="needs a column"):
        SPLITS[kind].assign(rows, _asked(kind))
