"""The frame on which the gate's expectations are checked: the raw file, and beside it how its cells were read."""

import numpy as np
import pandas as pd

from pipelines.core.project import Column, Project
from pipelines.inputs import INPUTS, Parsed
from pipelines.validation.checks import kept_columns


def gate_frame(raw: pd.DataFrame, parsed: dict[str, Parsed], project: Project) -> pd.DataFrame:
    """Return the raw frame with two more columns where cells had to be read, and may not have been readable.

    `<name> (as <type>)` holds the values as read; `<name> (<what it is not>)` the cells that could not be read, and is
    otherwise empty. Columns that the file's reader gave as numbers, all of them good, stand for themselves.
    """
    columns = {str(name): raw[name] for name in raw.columns}
    for name, column in kept_columns(project).items():
        if INPUTS[column.type].unreadable is None:
            columns[name] = parsed[name].typed
        elif not stands_for_itself(raw[name], column, parsed[name].unreadable):
            bad = parsed[name].unreadable
            columns[as_read(name, column)] = parsed[name].typed
            columns[not_read(name, column)] = raw[name].where(bad).astype("str").where(bad)
    return pd.DataFrame(columns, copy=False)


def stands_for_itself(raw: pd.Series, column: Column, unreadable: np.ndarray) -> bool:
    """Return whether the reader already gave numbers (or truth values), and every one is of the declared type."""
    return INPUTS[column.type].stands_for_itself(raw) and not unreadable.any()


def as_read(name: str, column: Column) -> str:
    """Return the name of the column that holds the values as read."""
    return f"{name} (as {column.type})"


def not_read(name: str, column: Column) -> str:
    """Return the name of the column that holds the cells which could not be read."""
    return f"{name} ({INPUTS[column.type].unreadable})"
