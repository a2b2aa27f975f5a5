"""Pictures of step 3: how the features go with the target, and whether test rows look like training rows."""

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from pipelines.rendering.figures.style import (
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
from pipelines.rendering.formats import share

FEATURES, COLUMNS = 6, 3
LONGEST_TICK = 11


def draw_relations(facts: dict[str, Any]) -> Figure:
    """Draw the target's mean with its interval along the features that tell most about it, alone."""
    define = facts["define"]
    related = [column for column in facts["eda"]["columns"] if column["relation"] and column["relation"]["bins"]]
    top = sorted(related, key=lambda column: -(column["mutual_information"] or 0))[:FEATURES]
    rows = -(-len(top) // COLUMNS)
    figure = new_figure(0.35 + 2.05 * rows)
    panels = figure.subplots(rows, COLUMNS, squeeze=False, sharey=True)
    units = {feature["name"]: feature["unit"] for feature in define["features"]}
    for axes, column in zip(panels.flat, top, strict=False):
        _relation(axes, column, units.get(column["name"]))
        if define["task"] != "regression":
            axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: share(round(y, 6))))
    for axes in list(panels.flat)[len(top) :]:
        axes.set_visible(False)
    figure.supylabel(_target_axis(define), fontsize=SMALL, color=QUIET)
    return figure


def _target_axis(define: dict[str, Any]) -> str:
    """Return the y axis' title."""
    target = words(define["target"])
    if define["task"] == "regression":
        shown = f"ln({target})" if define["target_scale"] == "log" else target
        return f"mean of {shown}" + (f", {words(define['unit'])}" if define["unit"] else "")
    return f"share with {target} = {words(define['positive'], 12)}"


def _relation(axes: Axes, column: dict[str, Any], unit: str | None) -> None:
    """Draw one feature: bins in order, each a dot with its interval."""
    bins = column["relation"]["bins"]
    numeric = column["kind"] == "numeric"
    for place, item in enumerate(bins):
        if item["ci"]:
            axes.plot([place, place], item["ci"], color=BLUE, linewidth=2.2, alpha=0.45)
    places, means = range(len(bins)), [item["target_mean"] for item in bins]
    axes.plot(places, means, "-" if numeric else "", marker="o", color=BLUE, markersize=5, linewidth=1.2)
    step = max(1, -(-len(bins) // 4))
    shown = list(places)[::step] if numeric else list(places)
    axes.set_xticks(shown, [words(bins[place]["label"], LONGEST_TICK) for place in shown])
    if not numeric or len(bins) > 4:  # noqa: PLR2004
        axes.tick_params(axis="x", rotation=30)
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


def draw_drift(facts: dict[str, Any]) -> Figure:
    """Draw how well a model tells test rows from training rows, and by which features."""
    drift = facts["eda"]["drift"]
    figure = new_figure(2.5)
    left, right = figure.subplots(1, 2, width_ratios=[1.15, 1])
    left.axvline(0.5, color=GREY, linewidth=2)
    note(left, 0.5, -0.45, "0.5: cannot tell", move=(6, 0), color=QUIET)
    interval(left, drift["auc"], 0, drift["ci"], "baseline", size=9)
    note(left, drift["auc"], 0, f"{drift['auc']:.3f}", move=(0, -14), ha="center", color=INK, weight="bold")
    left.set_yticks([])
    left.set_ylim(0.6, -0.7)
    left.set_xlim(min(0.45, drift["auc"] - 0.05), max(0.62, drift["auc"] + 0.08))
    grid(left, "x")
    left.set_title("Can a model tell test from training rows?")
    left.set_xlabel("ROC AUC of telling them apart")
    top = drift["features"][:5]
    right.barh(range(len(top)), [item["share"] for item in top], height=0.55, color=PURPLE, alpha=0.8)
    for lane, item in enumerate(top):
        note(right, item["share"], lane, share(item["share"]), move=(4, 0), color=INK)
    lanes(right, [name(item["feature"]) for item in top])
    right.set_xlim(0, 1.3 * max([item["share"] for item in top] or [1]))
    right.set_xticks([])
    right.set_title("By which features")
    right.set_xlabel("share of the model's use")
    return figure
