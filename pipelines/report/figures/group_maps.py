"""Maps of a table and of tables without groups, side by side."""

from collections.abc import Sequence
from math import nan

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pipelines.facts.reflect.groups_shown import GroupsMap, MappedTable
from pipelines.facts.steps import Facts
from pipelines.report.figures.groups import look
from pipelines.report.figures.style import INK, QUIET, SMALL, new_figure
from pipelines.report.formats import counted

NAMES = {
    "the table": "the table", "one Gaussian": "one Gaussian:\nno groups",
    "same marginals and rank correlation": "same marginals,\nsame rank correlation",
}  # fmt: skip
POINT = 2.6  # points wide


def draw_maps(facts: Facts) -> Figure:
    """Draw a row of maps for each table, a column for each method, rows coloured by k-means."""
    tables = facts["reflect"]["groups"]["maps"]["tables"]
    methods = [one["method"] for one in tables[0]["maps"]]
    figure = new_figure(0.3 + 2.25 * len(tables))
    panels = figure.subplots(len(tables), len(methods), squeeze=False)
    for row, table in zip(panels, tables, strict=True):
        for axes, one in zip(row, table["maps"], strict=True):
            _map(axes, one, table)
        row[0].set_ylabel(NAMES[table["name"]], color=INK)
    for axes, method in zip(panels[0], methods, strict=True):
        axes.set_title(method)
    return figure


def _map(axes: Axes, one: GroupsMap, table: MappedTable) -> None:
    """Draw one map. Each group is one path of lines without length, whose round ends are the points: a small file."""
    for group in sorted(set(table["groups"])):
        color, _ = look(group)
        inside = [place for place, own in enumerate(table["groups"]) if own == group]
        axes.plot(_dots([one["x"][i] for i in inside]), _dots([one["y"][i] for i in inside]), color=color,
                  linewidth=POINT, solid_capstyle="round", alpha=0.75)  # fmt: skip
    axes.set_xlim(-30, 1030)
    axes.set_ylim(-30, 1030)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.grid(visible=False)
    for spine in axes.spines.values():
        spine.set(visible=True, color=QUIET, linewidth=0.4)
    if one["islands"] > 1:
        axes.set_xlabel(counted(one["islands"], "islands"), fontsize=SMALL)
    else:
        axes.set_xlabel("one piece", fontsize=SMALL)


def _dots(values: Sequence[int]) -> list[float]:
    """Return each value as both ends of a line, and a gap after it; a tenth apart, since none would not be drawn."""
    return [part for value in values for part in (float(value), value + 0.1, nan)]
