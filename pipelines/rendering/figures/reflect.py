"""Pictures of step 7: where the gain comes from, the effects of single features, features acting together, SHAP."""

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from pipelines.rendering.figures.fits import axis_title
from pipelines.rendering.figures.style import (
    BLUE,
    FAINT,
    GREEN,
    GREY,
    INK,
    PAPER,
    QUIET,
    SMALL,
    VERMILION,
    grid,
    lanes,
    name,
    new_figure,
    note,
    words,
)  # fmt: skip
from pipelines.rendering.formats import Formats, number

SIZES = {True: 10.5, False: SMALL}  # of a step's number, by whether it matters
SHAPES, COLUMNS, PAIRS, BARS = 6, 3, 8, 10


def draw_waterfall(facts: dict[str, Any]) -> Figure:
    """Draw the way from the baseline's score to the strong model's, one step a factor."""
    reflect, compare, formats = facts["reflect"], facts["compare"], Formats(facts["metric"]["margin"])
    ends = {model["role"]: model for model in compare["models"]}
    better = 1 if compare["greater_is_better"] else -1
    level = ends["baseline"]["score"]
    figure = new_figure(4.3)
    axes = figure.subplots()
    _end(axes, 0, level, BLUE, "o", formats)
    for place, item in enumerate(reflect["attribution"], start=1):
        after = level + better * item["gain"]
        _step(axes, place, level, after, item, better, formats)
        level = after
    places = len(reflect["attribution"]) + 1
    _end(axes, places, ends["strong"]["score"], VERMILION, "D", formats)
    axes.set_xticks(range(places + 1), ["baseline", *[item["factor"] for item in reflect["attribution"]], "strong"])
    for tick, item in zip(axes.get_xticklabels()[1:-1], reflect["attribution"], strict=True):
        tick.set_fontweight("bold" if item["matters"] else "normal")
        tick.set_color(INK if item["matters"] else QUIET)
    axes.set_xlim(-0.55, places + 0.55)
    axes.use_sticky_edges = False  # else bars that start at the lowest score are cut
    axes.margins(y=0.14)
    axes.tick_params(axis="y", labelsize=SMALL, labelcolor=QUIET)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: number(round(y, 8))))
    grid(axes, "y")
    axes.set_title("From the baseline to the strong model, one controlled change at a time")
    axes.set_ylabel(axis_title(facts["metric"]))
    return figure


def _end(axes: Axes, place: int, level: float, color: str, marker: str, formats: Formats) -> None:
    """Draw one end of the way: a score with its number."""
    axes.plot([place - 0.36, place + 0.36], [level, level], color=color, linewidth=3)
    axes.plot([place], [level], marker, color=color, markersize=10, markeredgecolor=PAPER)
    note(axes, place, level, formats.score(level), move=(0, 15), ha="center", weight="bold", color=color, fontsize=11)


def _step(
    axes: Axes, place: int, before: float, after: float, item: dict[str, Any], better: int, formats: Formats
) -> None:
    """Draw one factor's gain as a floating bar, its interval as a stroke, its number beside the stroke's end."""
    axes.plot([place - 1 + 0.36, place - 0.36], [before, before], color=GREY, linewidth=1, linestyle=(0, (2, 2)))
    if not item["applicable"]:
        note(axes, place, before, "not\napplicable", move=(0, 16), ha="center", color=QUIET, style="italic")
        return
    color, fill, hatch = (GREEN, GREEN, None) if item["matters"] else (GREY, FAINT, "///")
    axes.bar(place, after - before, bottom=before, width=0.72, color=fill, edgecolor=color, linewidth=1.4, hatch=hatch)
    ends = [before + better * bound for bound in item["ci"]] if item["ci"] else [after, after]
    axes.plot([place, place], ends, color=INK, linewidth=1.6)
    number = formats.gain(item["gain"]).replace("-", "\N{MINUS SIGN}")
    weight, ink = ("bold", INK) if item["matters"] else ("normal", QUIET)
    note(axes, place, max(*ends, before, after), number, move=(0, 5), ha="center", va="bottom",
         fontsize=SIZES[item["matters"]], weight=weight, color=ink)  # fmt: skip


def draw_shapes(facts: dict[str, Any]) -> Figure:
    """Draw the bent effect of the features whose bending gained most."""
    shapes = [item for item in facts["reflect"]["shapes"] if item["curve"]][:SHAPES]
    rows = -(-len(shapes) // COLUMNS)
    figure = new_figure(0.4 + 2.0 * rows)
    panels = figure.subplots(rows, COLUMNS, squeeze=False, sharey=True)
    formats = Formats(facts["metric"]["margin"])
    for axes, item in zip(panels.flat, shapes, strict=False):
        color = GREEN if item["matters"] else GREY
        axes.plot(
            [point["x"] for point in item["curve"]],
            [point["effect"] for point in item["curve"]],
            color=color,
            linewidth=2,
        )
        axes.axhline(0, color=GREY, linewidth=1)
        axes.set_title(name(item["feature"]))
        axes.set_xlabel(f"gain {formats.gain(item['gain'])}", color=INK if item["matters"] else QUIET)
        axes.tick_params(axis="both", labelsize=7.5, labelcolor=QUIET)
        axes.locator_params(axis="x", nbins=4)
        axes.grid(visible=True)
    for axes in list(panels.flat)[len(shapes) :]:
        axes.set_visible(False)
    figure.supylabel("effect on the prediction", fontsize=SMALL, color=QUIET)
    return figure


def draw_interactions(facts: dict[str, Any]) -> Figure:
    """Draw the gain of each pair of features when it alone may act together."""
    pairs, formats = facts["reflect"]["interactions"][:PAIRS], Formats(facts["metric"]["margin"])
    figure = new_figure(0.85 + 0.34 * len(pairs))
    axes = figure.subplots()
    for lane, item in enumerate(pairs):
        color = GREEN if item["matters"] else GREY
        axes.plot(item["ci"], [lane, lane], color=color, linewidth=2.2, alpha=0.6)
        axes.plot([item["gain"]], [lane], "D" if item["matters"] else "o", color=color, markersize=8)
        axes.annotate(formats.gain(item["gain"]), (1.01, lane), xycoords=("axes fraction", "data"), va="center",
                      weight="bold" if item["matters"] else "normal")  # fmt: skip
    lanes(
        axes, [" \N{MULTIPLICATION SIGN} ".join(words(feature, 24) for feature in item["features"]) for item in pairs]
    )
    axes.axvline(0, color=GREY, linewidth=1)
    axes.set_xlabel(f"gain in {facts['metric']['label']} when only this pair may act together")
    return figure


def draw_shap(facts: dict[str, Any]) -> Figure:
    """Draw each feature's mean absolute SHAP value, largest first."""
    shap = facts["reflect"]["shap"]
    top = shap["features"][:BARS]
    figure = new_figure(0.75 + 0.3 * len(top))
    axes = figure.subplots()
    for lane, item in enumerate(top):
        axes.barh(lane, item["mean_abs"], height=0.6, color=BLUE, alpha=0.85)
        note(axes, item["mean_abs"], lane, number(item["mean_abs"]), move=(4, 0), color=INK)
    lanes(axes, [name(item["feature"], 30) for item in top])
    axes.margins(x=0.12)
    axes.set_xlabel("mean absolute SHAP value")
    return figure
