"""Pictures of step 1: the rows, their split and the target."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator

from pipelines.facts.define import DefineFacts
from pipelines.facts.steps import Facts
from pipelines.report.figures.classes import SHOWN, draw_shares
from pipelines.report.figures.style import AMBER, BLUE, GREY, INK, QUIET, SMALL, grid, lanes, new_figure, note, words
from pipelines.report.formats import count, number, share
from pipelines.targets import TARGETS


def draw_target(facts: Facts) -> Figure:
    """Draw how many rows went where, and how the target is distributed among training and test rows."""
    define = facts["define"]
    kind = TARGETS[define["task"]]
    if "probabilities" not in kind.can:
        return _amounts(define)
    several = min(len(define["target_summary"]["classes"]), SHOWN)
    figure = new_figure(max(3.1, 1.0 + 0.28 * several))
    left, right = figure.subplots(1, 2, width_ratios=[1.25, 1])
    _rows(left, define)
    if "event" not in kind.can:
        draw_shares(right, define)
        return figure
    event = define["target_summary"]["classes"][-1]
    for lane, value, color, marker in ((0, event["train_share"], BLUE, "o"), (1, event["test_share"], AMBER, "D")):
        right.plot([0, value], [lane, lane], color=color, linewidth=3, alpha=0.5)
        right.plot([value], [lane], marker, color=color, markersize=9)
        note(right, value, lane, share(value), move=(9, 0), color=INK, weight="bold")
    lanes(right, ["training rows", "test rows"])
    right.set_xlim(0, 1.45 * max(event["train_share"], event["test_share"]) or 1)
    right.xaxis.set_major_formatter(FuncFormatter(lambda x, _: share(round(x, 6))))
    right.locator_params(axis="x", nbins=4)
    right.set_title("Share of positives")
    right.set_xlabel(f"share of rows with {words(define['target'])} = {words(define['positive'], 12)}")
    return figure


def _rows(axes: Axes, define: DefineFacts) -> None:
    """Draw one bar for each place where raw rows went."""
    split = define["split"]
    places = [
        ("training", split["train"], BLUE),
        ("test", split["test"], AMBER),
        ("set aside", define["quarantined"]["count"], GREY),
    ]
    for lane, (_, rows, color) in enumerate(places):
        axes.barh(lane, rows, height=0.55, color=color, alpha=0.85)
        note(axes, rows, lane, count(rows), move=(5, 0), color=INK, weight="bold")
    lanes(axes, [name for name, *_ in places])
    axes.set_xlim(0, 1.25 * max(rows for _, rows, _ in places))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: count(x)))
    axes.locator_params(axis="x", nbins=4)
    axes.set_title("Where the raw rows went")
    axes.set_xlabel("rows")


def _amounts(define: DefineFacts) -> Figure:
    """Draw the target's histogram, training rows above test rows, on one axis in the target's own unit."""
    summary, split = define["target_summary"], define["split"]
    histogram, logarithmic = summary["histogram"], summary["scale"] == "log"
    figure = new_figure(3.9)
    panels = figure.subplots(2, 1, sharex=True)
    sides = (
        ("Training", histogram["train"], split["train"], BLUE),
        ("Test", histogram["test"], split["test"], AMBER),
    )
    for axes, (side, heights, rows, color) in zip(panels, sides, strict=True):
        axes.stairs(heights, histogram["edges"], fill=True, color=color, alpha=0.85)
        grid(axes, "y")
        axes.locator_params(axis="y", nbins=3)
        axes.tick_params(axis="y", labelsize=SMALL, labelcolor=QUIET)
        axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: count(y)))
        axes.set_ylabel("rows")
        axes.set_title(f"{side} rows ({count(rows)})")
    bottom = panels[1]
    if logarithmic:
        bottom.set_xscale("log")
        bottom.xaxis.set_major_locator(LogLocator(base=10, subs=(1, 2, 5), numticks=20))
        bottom.xaxis.set_minor_formatter(lambda *_: "")
    bottom.xaxis.set_major_formatter(FuncFormatter(lambda x, _: number(float(f"{x:.6g}"))))
    unit = f" ({words(define['unit'])}{', logarithmic axis' if logarithmic else ''})" if define["unit"] else ""
    bottom.set_xlabel(f"{words(define['target'])}{unit}")
    return figure
