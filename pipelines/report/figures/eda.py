"""Pictures of step 3: how the features go with the target, and whether test rows look like training rows."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from pipelines.facts.define import DefineFacts
from pipelines.facts.eda.column import Bin, Column
from pipelines.facts.eda.rows import Drift
from pipelines.facts.steps import Facts
from pipelines.report.figures.style import (
    BLUE,
    GREY,
    INK,
    PURPLE,
    QUIET,
    SMALL,
    grid,
    interval,
    lanes,
    name,
    new_figure,
    note,
    words,
)
from pipelines.report.formats import compact, share
from pipelines.targets import TARGETS

FEATURES, COLUMNS = 6, 3
LONGEST_TICK = 11  # characters
FEW_BINS = 4  # whose labels fit side by side


def draw_relations(facts: Facts) -> Figure:
    """Draw the target's mean with its interval along the features that say most about it, alone."""
    define, kind = facts["define"], TARGETS[facts["define"]["task"]]
    related = [column for column in facts["eda"]["columns"] if column["relation"]["bins"]]
    top = sorted(related, key=lambda column: -column["score_alone"])[:FEATURES]  # as in the table below
    rows = -(-len(top) // COLUMNS)
    figure = new_figure(0.35 + 2.05 * rows)
    panels = figure.subplots(rows, COLUMNS, squeeze=False, sharey="confusion" not in kind.can)
    units = {feature["name"]: feature["unit"] for feature in define["features"]}
    for axes, column in zip(panels.flat, top, strict=False):
        _relation(axes, column, units.get(column["name"]))
        if "confusion" in kind.can:
            axes.set_xlabel(f"share of {words(column['relation']['class'], 16)}", fontsize=7.5)
        if "probabilities" in kind.can:
            axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: share(round(y, 6))))
    for axes in list(panels.flat)[len(top) :]:
        axes.set_visible(False)
    figure.supylabel(_target_axis(define), fontsize=SMALL, color=QUIET)
    return figure


def _target_axis(define: DefineFacts) -> str:
    """Return the y axis' title."""
    target, can = words(define["target"]), TARGETS[define["task"]].can
    if "probabilities" not in can:
        shown = f"ln({target})" if define["target_scale"] == "log" else target
        return f"mean of {shown}" + (f", {words(define['unit'])}" if define["unit"] else "")
    if "confusion" in can:
        return f"share of the rows with the class of {target} named below"
    return f"share with {target} = {words(define['positive'], 12)}"


def _relation(axes: Axes, column: Column, unit: str | None) -> None:
    """Draw one feature: bins in order, each a dot with its interval; a line joins the bins of a number."""
    bins = column["relation"]["bins"]
    for place, item in enumerate(bins):
        if item["ci"]:
            axes.plot([place, place], item["ci"], color=BLUE, linewidth=2.2, alpha=0.45)
        axes.plot([place], [item["target_mean"]], "o", color=BLUE, markersize=5)
    numbers = [place for place, item in enumerate(bins) if item["lo"] is not None]
    axes.plot(numbers, [bins[place]["target_mean"] for place in numbers], color=BLUE, linewidth=1.2)
    shown = list(range(len(bins)))
    if len(numbers) > FEW_BINS:
        shown = sorted({numbers[0], numbers[len(numbers) // 2], numbers[-1]} | (set(shown) - set(numbers)))
    last = numbers[-1] if numbers else None
    ticks = [_tick(bins[place], last=place == last) for place in shown]
    if last is not None and last < len(bins) - 1 and "\n" in ticks[-2]:  # no room for "missing" beside two lines
        ticks[-1] = f"\n\n{ticks[-1]}"
    axes.set_xticks(shown, ticks)
    if not numbers:
        axes.tick_params(axis="x", rotation=40)
        for tick in axes.get_xticklabels():
            tick.set_horizontalalignment("right")
            tick.set_rotation_mode("anchor")
    axes.tick_params(axis="both", labelsize=7.5, labelcolor=QUIET)
    axes.locator_params(axis="y", nbins=5)
    axes.set_xlim(-0.6, len(bins) - 0.4)
    grid(axes, "y")
    axes.set_title(name(column["name"]))
    if unit:
        axes.set_xlabel(words(unit, 30), fontsize=7.5)


def _tick(item: Bin, *, last: bool) -> str:
    """Return what stands below a bin: the name of a category, or where a number's bin begins."""
    if item["lo"] is None or item["hi"] is None:
        return words(item["label"], LONGEST_TICK)
    if last and item["hi"] > item["lo"]:
        return f"{compact(item['lo'])} to\n{compact(item['hi'])}"
    return compact(item["lo"])


def draw_drift(facts: Facts) -> Figure:
    """Draw how well a model distinguishes test rows from training rows, and by which features where it can."""
    drift = facts["eda"]["drift"]
    if not drift["drifted"]:
        figure = new_figure(1.5)
        _telling_apart(figure.subplots(), drift)
        return figure
    top = drift["features"][:5]
    figure = new_figure(2.6)
    left, right = figure.subplots(1, 2, width_ratios=[1.15, 1])
    _telling_apart(left, drift)
    right.barh(range(len(top)), [item["share"] for item in top], height=0.55, color=PURPLE, alpha=0.8)
    for lane, item in enumerate(top):
        note(right, item["share"], lane, share(item["share"]), move=(4, 0), color=INK)
    lanes(right, [name(item["feature"]) for item in top])
    right.set_xlim(0, 1.3 * max([item["share"] for item in top] or [1]))
    right.set_xticks([])
    right.set_title("By which features")
    right.set_xlabel("share of what the model's splits gain")
    return figure


def _telling_apart(axes: Axes, drift: Drift) -> None:
    """Draw the model's score between the line of no difference and the one from which the report speaks of drift."""
    for place, text in ((0.5, "by chance"), (drift["threshold"], "drift")):
        axes.axvline(place, color=GREY, linewidth=2, linestyle="-" if place == 0.5 else (0, (3, 2)))  # noqa: PLR2004
        left = place == 0.5  # noqa: PLR2004
        note(axes, place, -0.5, text, move=(-6 if left else 6, 0), ha="right" if left else "left", color=QUIET)
    interval(axes, drift["auc"], 0, drift["ci"], "baseline", size=9)
    note(axes, drift["auc"], 0, f"{drift['auc']:.3f}", move=(0, -14), ha="center", color=INK, weight="bold")
    axes.set_yticks([])
    axes.set_ylim(0.7, -0.8)
    axes.set_xlim(min(0.36 if drift["drifted"] else 0.45, drift["ci"][0] - 0.03), max(0.62, drift["ci"][1] + 0.05))
    grid(axes, "x")
    axes.set_title("Does a model distinguish test from training rows?")
    axes.set_xlabel("ROC AUC of distinguishing them")
