"""Pictures of groups: rows left out along a valley, the outcome by group, and groups by their places in each column."""

from collections.abc import Sequence
from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pipelines.facts.reflect.groups import GroupsProfile, GroupsRange
from pipelines.facts.reflect.groups_shown import GroupsAlong
from pipelines.facts.shared import Estimate
from pipelines.facts.steps import Facts
from pipelines.findings.groups import lines
from pipelines.report.figures.style import (
    AMBER,
    BLUE,
    FAINT,
    GREEN,
    GREY,
    INK,
    PAPER,
    PURPLE,
    QUIET,
    SMALL,
    VERMILION,
    grid,
    lanes,
    name,
    new_figure,
    note,
    words,
)
from pipelines.report.formats import brief, count, share

VALLEYS, COLUMNS = 6, 3  # drawn at most, the least clear first; side by side
LOOKS = (
    (BLUE, "o"),
    (VERMILION, "D"),
    (GREEN, "s"),
    (PURPLE, "^"),
    (AMBER, "v"),
    (GREY, "P"),
    (INK, "X"),
    (QUIET, "*"),
)
"""Colour and shape of each group, by its number; further ones begin again."""
APART = 0.55  # of a lane, over which the marks of groups are spread so that they do not hide each other


def look(group: int) -> tuple[str, str]:
    """Return the colour and the shape of a group, whose number begins at 1."""
    return LOOKS[(group - 1) % len(LOOKS)]


def draw_valley(facts: Facts) -> Figure:
    """Draw the histogram of rows left out along each line, with the rows counted at both peaks and between."""
    found = [one for _, one in lines(facts)[:VALLEYS]]
    across = min(len(found), COLUMNS)
    figure = new_figure(0.5 + 2.5 * -(-len(found) // across))
    panels = figure.subplots(-(-len(found) // across), across, squeeze=False)
    for axes, one in zip(panels.flat, found, strict=False):
        _valley(axes, one)
    for axes in list(panels.flat)[len(found) :]:
        axes.set_visible(False)
    for row in panels:
        row[0].set_ylabel("rows left out")
    figure.supxlabel("along the line between two humps of the fitted density, in standard deviations", fontsize=SMALL,
                     color=QUIET)  # fmt: skip
    return figure


def _valley(axes: Axes, one: GroupsAlong) -> None:
    """Draw one line."""
    edges, counts = one["edges"], one["counts"]
    axes.bar(edges[:-1], counts, width=[b - a for a, b in pairwise(edges)], align="edge",
             color=BLUE, alpha=0.55, edgecolor=PAPER, linewidth=0.6)  # fmt: skip
    top = max(counts, default=1) or 1
    peaks = zip(one["peaks"], one["at_peaks"], strict=True)
    at = [(one["lowest"], one["at_lowest"], VERMILION, "emptiest"), *((*peak, GREEN, "peak") for peak in peaks)]
    for place, number, color, what in at:
        axes.axvspan(place - one["reach"], place + one["reach"], color=color, alpha=0.13, linewidth=0)
        axes.plot([place], [top * 1.05], "v" if what == "emptiest" else "o", color=color, markersize=5)
        note(axes, place, top * 1.05, f"{count(number)}\n{what}", move=(0, 5), ha="center", va="bottom", color=color,
             fontsize=7.5)  # fmt: skip
    axes.set_ylim(0, top * 1.34)
    axes.set_xlim(edges[0], edges[-1])
    if one["humps"]:
        axes.set_title("humps " + " and ".join(map(str, one["humps"])))
    axes.tick_params(axis="y", labelsize=SMALL, labelcolor=QUIET)
    grid(axes, "y")


def draw_outcome(facts: Facts) -> Figure:
    """Draw the mean outcome of each group beside that of each slice of what the boosted numbers predict."""
    profiles = [one for one in facts["reflect"]["groups"]["profiles"] if one["outcome"] is not None]
    profiles.sort(key=lambda one: one["outcome"]["value"])  # type: ignore[index]
    slices = facts["compare"]["groups"]["quantiles"] or []
    figure = new_figure(3.1)
    left, right = figure.subplots(1, 2, sharey=True)
    _stairs(
        left, [(one["outcome"], one["rows"], f"group {one['group']}") for one in profiles if one["outcome"]], VERMILION
    )
    left.set_title("by group")
    left.set_ylabel(_outcome(facts))
    numbered = [(one["outcome"], one["rows"], f"slice {place}") for place, one in enumerate(slices, 1)]
    _stairs(right, numbered, BLUE)
    whole = sum(one["rows"] for one in slices) or 1
    middles, done = [], 0
    for one in slices:
        middles.append((done + one["rows"] / 2) / whole)
        done += one["rows"]
    right.plot(middles, [one["predicted"] for one in slices], color=INK, linewidth=1.4, linestyle=(0, (3, 2)),
               label="mean prediction")  # fmt: skip
    right.set_title("by slices of the trees' predictions")
    right.legend(loc="upper left", frameon=False, fontsize=SMALL)
    figure.supxlabel(
        "groups and slices from low to high, as wide as their shares of the rows", fontsize=SMALL, color=QUIET
    )
    return figure


def _outcome(facts: Facts) -> str:
    clusters = facts["define"]["clusters"]
    shown = {"log": "mean of ln({})", "log1p": "mean of ln(1 + {})"}.get(clusters["outcome_scale"], "mean {}")
    return shown.format(words(clusters["outcome"], 20))


def _stairs(axes: Axes, steps: Sequence[tuple[Estimate, int, str]], color: str) -> None:
    """Draw steps as wide as their shares of the rows, with intervals, and their values above."""
    whole, left = sum(rows for _, rows, _ in steps) or 1, 0.0
    for estimate, rows, label in steps:
        width = rows / whole
        axes.bar(left, estimate["value"], width=width, align="edge", color=color, alpha=0.4, edgecolor=PAPER)
        axes.plot([left, left + width], [estimate["value"]] * 2, color=color, linewidth=2)
        middle = left + width / 2
        axes.plot([middle, middle], estimate["ci"], color=INK, linewidth=1.6)
        note(axes, middle, max(estimate["ci"]), brief(estimate["value"]), move=(0, 3), ha="center", va="bottom",
             fontsize=7.5, color=INK)  # fmt: skip
        note(axes, middle, 0, label.split()[1], move=(0, -3), ha="center", va="top", fontsize=7.5, color=QUIET)
        left += width
    axes.set_xlim(-0.01, 1.01)
    axes.set_xticks([])
    axes.axhline(0, color=INK, linewidth=1)
    axes.margins(y=0.14)
    axes.tick_params(axis="y", labelsize=SMALL, labelcolor=QUIET)
    grid(axes, "y")


def draw_profiles(facts: Facts) -> Figure:
    """Draw a lane for each column, and each group's median in it by its place among all rows."""
    profiles = [one for one in facts["reflect"]["groups"]["profiles"] if one["columns"]]
    columns = [one["column"] for one in profiles[0]["columns"]]
    titles = facts["answer"]["titles"] if "answer" in facts else {}
    figure = new_figure(1.0 + 0.42 * len(columns))
    axes = figure.subplots()
    axes.axvline(0.5, color=GREY, linewidth=1.2)
    for lane in range(len(columns) - 1):
        axes.axhline(lane + 0.5, color=FAINT, linewidth=0.8)
    for place, one in enumerate(profiles):
        move = APART * ((place + 0.5) / len(profiles) - 0.5)
        _profile(axes, one, move)
    lanes(axes, [name(titles.get(column, column)) for column in columns])
    axes.set_xlim(-0.02, 1.02)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], [share(at) for at in (0, 0.25, 0.5, 0.75, 1)])
    axes.set_xlabel("share of all rows below the group's median")
    figure.legend(loc="outside upper left", ncols=3, frameon=False, fontsize=SMALL)
    return figure


def _profile(axes: Axes, one: GroupsProfile, move: float) -> None:
    """Draw one group, a little above or below the middle of each lane."""
    color, marker = look(one["group"])
    for lane, column in enumerate(one["columns"]):
        axes.plot(_ends(column), [lane + move] * 2, color=color, linewidth=2.2, alpha=0.55)
    at = [column["place"] for column in one["columns"]]
    lanes_of = [lane + move for lane in range(len(at))]
    axes.plot(at, lanes_of, marker, color=color, markersize=6.5, markeredgecolor=PAPER, linestyle="none",
              label=f"group {one['group']}, {share(one['share'])} of the rows")  # fmt: skip


def _ends(column: GroupsRange) -> list[float]:
    return list(column.get("place_ci", [column["place"]] * 2))
