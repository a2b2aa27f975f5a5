"""Pictures of step 7: where the gain comes from, the effects of single features, features acting together, SHAP."""

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

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
from pipelines.rendering.formats import Formats, compact, number

SIZES = {True: 10.5, False: SMALL}  # of a step's number, by whether it matters
SHAPES, COLUMNS, PAIRS, BARS = 6, 3, 5, 10
FEW_LEVELS = 4  # whose names fit side by side
LOUD = 0.4  # of the strongest joint effect: what carries a sign


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
    value = _signed(formats, item["gain"])
    weight, ink = ("bold", INK) if item["matters"] else ("normal", QUIET)
    note(axes, place, max(*ends, before, after), value, move=(0, 5), ha="center", va="bottom",
         fontsize=SIZES[item["matters"]], weight=weight, color=ink)  # fmt: skip


def draw_shapes(facts: dict[str, Any]) -> Figure:
    """Draw the effect of the features whose bending gained most, with the baseline's straight one beside it."""
    shapes = [item for item in facts["reflect"]["shapes"] if item["curve"]][:SHAPES]
    rows = -(-len(shapes) // COLUMNS)
    figure = new_figure(0.5 + 2.05 * rows)
    panels = figure.subplots(rows, COLUMNS, squeeze=False, sharey=True)
    formats = Formats(facts["metric"]["margin"])
    for axes, item in zip(panels.flat, shapes, strict=False):
        _shape(axes, item)
        axes.set_xlabel(f"gain {_signed(formats, item['gain'])}", color=INK if item["matters"] else QUIET)
    for axes in list(panels.flat)[len(shapes) :]:
        axes.set_visible(False)
    figure.supylabel("effect on the prediction" + _scale(facts["define"]), fontsize=SMALL, color=QUIET)
    return figure


def _shape(axes: Axes, item: dict[str, Any]) -> None:
    """Draw one feature's effect at its quantiles or levels, equally spaced, so that crowded values are not squeezed."""
    curve, color = item["curve"], GREEN if item["matters"] else GREY
    categories = isinstance(curve[0]["x"], str)
    places = range(len(curve))
    axes.axhline(0, color=FAINT, linewidth=1.5)
    axes.plot(places, [point["linear"] for point in curve], marker="o" if categories else "", color=BLUE, markersize=4,
              linestyle="" if categories else (0, (3, 2)), linewidth=1.5)  # fmt: skip
    axes.plot(places, [point["effect"] for point in curve], marker="D" if categories else "", color=color, markersize=5,
              linestyle="" if categories else "-", linewidth=2.2)  # fmt: skip
    ticks = list(places) if categories else sorted({0, len(curve) // 2, len(curve) - 1})
    axes.set_xticks(ticks, [words(x if categories else compact(x), 9) for x in (curve[place]["x"] for place in ticks)])
    axes.tick_params(axis="both", labelsize=7.5, labelcolor=QUIET)
    axes.tick_params(axis="x", rotation=45 if categories and len(curve) > FEW_LEVELS else 0)
    axes.set_title(name(item["feature"]))


def _scale(define: dict[str, Any]) -> str:
    """Return in which unit effects are: log-odds, or the target's own on the modelling scale."""
    if define["task"] != "regression":
        return " (log-odds)"
    if define["target_scale"] == "log":
        return f" (ln of {words(define['target'])})"
    return f" ({words(define['unit'])})" if define["unit"] else ""


def _signed(formats: Formats, gain: float) -> str:
    """Return a gain with a proper minus sign."""
    return formats.gain(gain).replace("-", "\N{MINUS SIGN}")


def draw_interactions(facts: dict[str, Any]) -> Figure:
    """Draw the gain of each pair of features when it alone may act together, and the strongest joint effects."""
    pairs, formats = facts["reflect"]["interactions"][:PAIRS], Formats(facts["metric"]["margin"])
    drawn = [item for item in pairs if item.get("surface")][:COLUMNS]
    forest, maps = 0.75 + 0.42 * len(pairs), 2.75 if drawn else 0
    figure = new_figure(forest + maps)
    top, *bottom = figure.subfigures(2, 1, height_ratios=[forest, maps]) if drawn else [figure]
    axes = top.subplots()
    for lane, item in enumerate(pairs):
        color = GREEN if item["matters"] else GREY
        axes.plot(item["ci"], [lane, lane], color=color, linewidth=2.2, alpha=0.6)
        axes.plot([item["gain"]], [lane], "D" if item["matters"] else "o", color=color, markersize=8)
        axes.annotate(_signed(formats, item["gain"]), (1.01, lane), xycoords=("axes fraction", "data"), va="center",
                      weight="bold" if item["matters"] else "normal")  # fmt: skip
    lanes(axes, [" \N{MULTIPLICATION SIGN}\n".join(words(part, 32) for part in item["features"]) for item in pairs])
    axes.tick_params(axis="y", labelsize=7.5)
    axes.axvline(0, color=GREY, linewidth=1)
    axes.set_xlabel(f"gain in {facts['metric']['label']} when only this pair may act together")
    for below in bottom:
        below.set_facecolor(PAPER)
        for panel, item in zip(below.subplots(1, COLUMNS, squeeze=False)[0], [*drawn, None, None], strict=False):
            _surface(panel, item)
    return figure


def _surface(axes: Axes, item: dict[str, Any] | None) -> None:
    """Draw a pair's joint effect as tiles: up is orange with a plus, down is blue with a minus."""
    if item is None:
        axes.set_visible(False)
        return
    surface = item["surface"]
    across, along = len(surface["x"]), len(surface["y"])
    strongest = max(abs(effect) for row in surface["effect"] for effect in row) or 1
    for i, row in enumerate(surface["effect"]):
        for j, effect in enumerate(row):
            strength = abs(effect) / strongest
            axes.add_patch(Rectangle((i - 0.5, j - 0.5), 1, 1, color=VERMILION if effect > 0 else BLUE, alpha=strength,
                                     linewidth=0))  # fmt: skip
            if strength > LOUD:
                note(axes, i, j, "+" if effect > 0 else "\N{MINUS SIGN}", ha="center", color=INK, fontsize=7.5)
    axes.set_xlim(-0.5, across - 0.5)
    axes.set_ylim(-0.5, along - 0.5)
    for axis, labels, feature in ((axes.xaxis, surface["x"], 0), (axes.yaxis, surface["y"], 1)):
        shown = sorted({0, len(labels) // 2, len(labels) - 1})
        texts = [words(label if isinstance(label, str) else compact(label), 8) for label in (labels[k] for k in shown)]
        axis.set_ticks(shown, texts)
        axis.set_label_text(words(item["features"][feature], 26), fontsize=7.5)
    axes.tick_params(axis="both", labelsize=7, labelcolor=QUIET)
    axes.grid(visible=False)


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
