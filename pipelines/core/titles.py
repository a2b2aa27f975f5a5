"""Readers' names for columns and features, where a project file gives them."""

from pipelines.core.project import Project
from pipelines.inputs import INPUTS


def titles(project: Project) -> dict[str, str]:
    """Return the title of each column that has one, and of the features that it becomes, by their own names.

    Columns are those that are declared, and those that are made of an entity's lines. A date `sold` with the title "day
    of sale" gives `sold (days)` the title "day of sale (days)".
    """
    made = {} if project.entities is None else project.entities.columns
    return {name: one.title for name, one in made.items() if one.title is not None} | {
        name: title
        for raw, column in project.columns.declared.items()
        if column.title is not None
        for name, title in INPUTS[column.type].titles(raw, column, column.title).items()
    }
