"""Pictures of step 7: where the gain comes from, the effects of single features, features acting together, SHAP."""

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from pipelines.facts.define import DefineFacts
from pipelines.facts.pointer import given
from pipelines.facts.reflect.attribution import Attribution
from pipelines.facts.reflect.effects import Effect, Interaction, Shape
from pipelines.facts.reflect.shap import ShapPoint
from pipelines.facts.steps import Facts
from pipelines.report import words as plain_words
from pipelines.report.figures.classes import of_class
from pipelines.report.figures.fits import axis_title
from pipelines.report.figures.style import (
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
from pipelines.report.formats import Formats, compact, count
from pipelines.targets import TARGETS

SIZES = {True: 10.5, False: SMALL}  # of a step's number, by whether it matters
SHAPES, COLUMNS, PAIRS = 6, 3, 5
FEW_LEVELS = 4  # whose names fit side by side
GOLDEN, SPREAD = 0.6180339887, 0.62  # spreads a cloud evenly over so much of its lane
SHADES = ((BLUE, "o"), (GREY, "s"), (VERMILION, "D"), (PURPLE, "^"))  # low, medium, high; without order
CROWDED = 10  # causes, from which their names would touch side by side
LOUD, DARK = 0.4, 0.75  # of the strongest joint effect: what carries a sign, and from where that is light


def draw_waterfall(facts: Facts) -> Figure:
    """Draw the way from the baseline's score to the strong model's, one step a cause."""
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
    if places >= CROWDED:
        axes.tick_params(axis="x", rotation=35)
        for tick in axes.get_xticklabels():
            tick.set(horizontalalignment="right", rotation_mode="anchor")
    for tick, item in zip(axes.get_xticklabels()[1:-1], reflect["attribution"], strict=True):
        tick.set_fontweight("bold" if item["matters"] else "normal")
        tick.set_color(INK if item["matters"] else QUIET)
    axes.set_xlim(-0.55, places + 0.55)
    axes.use_sticky_edges = False  # else bars that start at the lowest score are cut
    axes.margins(y=0.14)
    axes.tick_params(axis="y", labelsize=SMALL, labelcolor=QUIET)
    grid(axes, "y")
    axes.set_title("From the baseline to the strong model, one controlled change at a time")
    axes.set_ylabel(axis_title(facts))
    return figure


def _end(axes: Axes, place: int, level: float, color: str, marker: str, formats: Formats) -> None:
    """Draw one end of the way: a score with its number."""
    axes.plot([place - 0.36, place + 0.36], [level, level], color=color, linewidth=3)
    axes.plot([place], [level], marker, color=color, markersize=10, markeredgecolor=PAPER)
    note(axes, place, level, formats.score(level), move=(0, 15), ha="center", weight="bold", color=color, fontsize=11)


def _step(
    axes: Axes, place: int, before: float, after: float, item: Attribution, better: int, formats: Formats
) -> None:
    """Draw one cause's gain as a floating bar, its interval as a line, its number beside the line's end."""
    axes.plot([place - 1 + 0.36, place - 0.36], [before, before], color=GREY, linewidth=1, linestyle=(0, (2, 2)))
    if not item["applicable"]:
        note(axes, place, before, "not\napplicable", move=(0, 16), ha="center", color=QUIET, style="italic",
             fontsize=7)  # fmt: skip
        return
    color, fill, hatch = (GREEN, GREEN, None) if item["matters"] else (GREY, FAINT, "///")
    axes.bar(place, after - before, bottom=before, width=0.72, color=fill, edgecolor=color, linewidth=1.4, hatch=hatch)
    ends = [before + better * bound for bound in item["ci"]]
    axes.plot([place, place], ends, color=INK, linewidth=1.6)
    value = _signed(formats, item["gain"])
    weight, ink = ("bold", INK) if item["matters"] else ("normal", QUIET)
    note(axes, place, max(*ends, before, after), value, move=(0, 5), ha="center", va="bottom",
         fontsize=SIZES[item["matters"]], weight=weight, color=ink)  # fmt: skip


def draw_shapes(facts: Facts) -> Figure:
    """Draw the effect of the features whose bending gained most, with the baseline's straight one beside it."""
    shapes = [item for item in facts["reflect"]["shapes"] if item["curve"]][:SHAPES]
    rows = -(-len(shapes) // COLUMNS)
    figure = new_figure(0.5 + 2.05 * rows)
    panels = figure.subplots(rows, COLUMNS, squeeze=False, sharey=True)
    formats = Formats(facts["metric"]["margin"])
    for axes, item in zip(panels.flat, shapes, strict=False):
        _shape(axes, item)
        gain = f"gain {_signed(formats, item['gain'])}"
        axes.set_xlabel(of_class("{}: ", item["class"], facts) + gain, color=INK if item["matters"] else QUIET)
    for axes in list(panels.flat)[len(shapes) :]:
        axes.set_visible(False)
    figure.supylabel("effect on the prediction" + _scale(facts["define"]), fontsize=SMALL, color=QUIET)
    return figure


def _shape(axes: Axes, item: Shape) -> None:
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
    axes.set_xticks(
        ticks, [words(x if isinstance(x, str) else compact(x), 9) for x in (curve[place]["x"] for place in ticks)]
    )
    axes.tick_params(axis="both", labelsize=7.5, labelcolor=QUIET)
    axes.tick_params(axis="x", rotation=45 if categories and len(curve) > FEW_LEVELS else 0)
    axes.set_title(name(item["feature"]))


def _scale(define: DefineFacts) -> str:
    """Return in which unit effects are: that of raw predictions, or the target's own on the modelling scale."""
    kind = TARGETS[define["task"]]
    if not kind.raw_in_unit:
        return f" ({kind.words.raw_unit})"
    if define["target_scale"] == "log":
        return f" (ln of {words(define['target'])})"
    return f" ({words(define['unit'])})" if define["unit"] else ""


def _signed(formats: Formats, gain: float) -> str:
    """Return a gain with a proper minus sign."""
    return formats.gain(gain).replace("-", "\N{MINUS SIGN}")


def draw_scales(facts: Facts) -> Figure:
    """Draw the gain of ranking one feature alone."""
    found = facts["reflect"]["scales"]
    figure = new_figure(0.75 + 0.38 * len(found))
    _forest(figure.subplots(), found, [name(item["feature"], 30) for item in found], facts)
    return figure


def _forest(axes: Axes, found: Sequence[Effect], labels: list[str], facts: Facts) -> None:
    """Draw one lane a finding: its gain with interval and number; a diamond if it matters, a ring if not."""
    formats = Formats(facts["metric"]["margin"])
    for lane, item in enumerate(found):
        color = GREEN if item["matters"] else GREY
        axes.plot(item["ci"], [lane, lane], color=color, linewidth=2.2, alpha=0.6)
        axes.plot([item["gain"]], [lane], "D" if item["matters"] else "o", color=color, markersize=8)
        weight = "bold" if item["matters"] else "normal"
        axes.annotate(
            _signed(formats, item["gain"]), (1.01, lane), xycoords=("axes fraction", "data"), va="center", weight=weight
        )
    lanes(axes, labels)
    axes.tick_params(axis="y", labelsize=7.5)
    axes.axvline(0, color=GREY, linewidth=1)
    axes.margins(x=0.06)
    axes.locator_params(axis="x", nbins=6)
    axes.set_xlabel(f"gain in {plain_words.primary(facts)} over the folds, alone")


def draw_interactions(facts: Facts) -> Figure:
    """Draw the gain of each pair of features when it alone may act together, and the strongest joint effects."""
    pairs = facts["reflect"]["interactions"][:PAIRS]
    drawn = [item for item in pairs if item["surface"]][:COLUMNS]
    forest, maps = 0.75 + 0.42 * len(pairs), 2.75 if drawn else 0
    figure = new_figure(forest + maps)
    parts: Any = figure.subfigures(2, 1, height_ratios=[forest, maps]) if drawn else [figure]
    top, *bottom = parts
    labels = [" \N{MULTIPLICATION SIGN}\n".join(words(part, 32) for part in item["features"]) for item in pairs]
    _forest(top.subplots(), pairs, labels, facts)
    for below in bottom:
        below.set_facecolor(PAPER)
        for panel, item in zip(below.subplots(1, COLUMNS, squeeze=False)[0], [*drawn, None, None], strict=False):
            _surface(panel, item, facts)
    return figure


def _surface(axes: Axes, item: Interaction | None, facts: Facts) -> None:
    """Draw a pair's joint effect as tiles: up is orange with a plus, down is blue with a minus."""
    if item is None or (surface := item["surface"]) is None:
        axes.set_visible(False)
        return
    across, along = len(surface["x"]), len(surface["y"])
    strongest = max(abs(effect) for row in surface["effect"] for effect in row) or 1
    for i, row in enumerate(surface["effect"]):
        for j, effect in enumerate(row):
            strength = abs(effect) / strongest
            axes.add_patch(Rectangle((i - 0.5, j - 0.5), 1, 1, color=VERMILION if effect > 0 else BLUE, alpha=strength,
                                     linewidth=0))  # fmt: skip
            if strength > LOUD:
                note(
                    axes,
                    i,
                    j,
                    "+" if effect > 0 else "\N{MINUS SIGN}",
                    ha="center",
                    color=INK if strength < DARK else PAPER,
                    fontsize=8,
                )
    axes.set_xlim(-0.5, across - 0.5)
    axes.set_ylim(-0.5, along - 0.5)
    for axis, labels, feature in ((axes.xaxis, surface["x"], 0), (axes.yaxis, surface["y"], 1)):
        categories = isinstance(labels[0], str)
        shown = list(range(len(labels))) if categories else sorted({0, len(labels) // 2, len(labels) - 1})
        texts = [words(label if isinstance(label, str) else compact(label), 8) for label in (labels[k] for k in shown)]
        axis.set_ticks(shown, texts)
        if categories and len(labels) > FEW_LEVELS and axis is axes.xaxis:
            axes.tick_params(axis="x", rotation=90)
        axis.set_label_text(words(item["features"][feature], 26), fontsize=7.5)
    axes.tick_params(axis="both", labelsize=7, labelcolor=QUIET)
    axes.grid(visible=False)
    if surface["class"] is not None:
        axes.set_title(of_class("on {}", surface["class"], facts), fontsize=SMALL)


def draw_shap(facts: Facts) -> Figure:
    """Draw for the features that move predictions most a cloud of rows: where they push, by high and low values."""
    shap = given(facts["reflect"]["shap"])
    clouds = shap["points"]
    figure = new_figure(0.95 + 0.44 * len(clouds))
    axes = figure.subplots()
    axes.axvline(0, color=GREY, linewidth=1)
    for lane, cloud in enumerate(clouds):
        for shade, points in _by_shade(cloud["values"]).items():
            heights = [lane + SPREAD * (GOLDEN * place % 1 - 0.5) for place, _ in points]
            axes.plot([point["effect"] for _, point in points], heights, SHADES[shade][1], color=SHADES[shade][0],
                      markersize=4, markeredgewidth=0)  # fmt: skip
    lanes(axes, [name(cloud["feature"], 26) + of_class("\non {}", cloud["class"], facts) for cloud in clouds])
    axes.tick_params(axis="y", labelsize=SMALL)
    unit = shap["unit"] if shap["unit"] != "value" else "the modelled target's unit"
    axes.set_xlabel(f"SHAP value: what the feature adds to a row's prediction, {unit}")
    axes.set_title("low values", loc="left", color=SHADES[0][0], fontsize=SMALL)
    axes.set_title("medium values", loc="center", color=SHADES[1][0], fontsize=SMALL, fontweight="bold")
    axes.set_title("high values", loc="right", color=SHADES[2][0], fontsize=SMALL, fontweight="bold")
    return figure


def _by_shade(values: list[ShapPoint]) -> dict[int, list[tuple[int, ShapPoint]]]:
    """Return the points, with their places, by third of the feature's values; 3 for categories and missing values."""
    found: dict[int, list[tuple[int, ShapPoint]]] = {}
    for place, point in enumerate(values):
        shade = 3 if point["position"] is None else min(int(point["position"] * 3), 2)
        found.setdefault(shade, []).append((place, point))
    return found


def draw_headroom(facts: Facts) -> Figure:
    """Draw the learning curve of a quick model, the best model's score, and the range that can be reached."""
    headroom, formats = given(facts["reflect"]["headroom"]), Formats(facts["metric"]["margin"])
    figure = new_figure(3.0)
    axes = figure.subplots()
    low, high = headroom["reachable"]
    axes.axhspan(low, high, color=GREEN, alpha=0.16, linewidth=0)
    rows = [point["rows"] for point in headroom["curve"]]
    axes.plot(rows, [point["score"] for point in headroom["curve"]], "o-", color=BLUE, linewidth=1.8, markersize=6)
    best = headroom["best"]["score"]
    axes.axhline(best, color=VERMILION, linewidth=1.8, linestyle=(0, (4, 2)))
    middle = (low + high) / 2
    apart = 8 if abs(middle - best) < (high - low) / 6 else 0  # points, where the two labels would meet
    up = 1 if best >= middle else -1
    for y, text, color, move in (
        (middle, "reachable", GREEN, -up * apart), (best, f"best, {formats.score(best)}", VERMILION, up * apart),
    ):  # fmt: skip
        axes.annotate(text, (1.01, y), xytext=(0, move), xycoords=("axes fraction", "data"), color=color,
                      textcoords="offset points", va="center", weight="bold", fontsize=SMALL)  # fmt: skip
    axes.set_xscale("log")
    axes.set_xticks(rows, [count(value) for value in rows])
    axes.set_xticks([], minor=True)
    axes.tick_params(axis="y", labelsize=SMALL, labelcolor=QUIET)
    axes.set_xlabel("training rows of a quick model (logarithmic axis)")
    axes.set_ylabel(axis_title(facts))
    return figure
