"""Pictures of texts in step 7: gains at several numbers of rows and in each control, words and phrases that count."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from pipelines.facts.reflect.texts import AtSize, Control, RowsWorth, TermWeight, TextGain
from pipelines.facts.steps import Facts
from pipelines.findings.texts import causes_tried
from pipelines.report.figures.fits import axis_title
from pipelines.report.figures.style import (
    BLUE,
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
    new_figure,
    note,
    words,
)
from pipelines.report.formats import Formats, count
from pipelines.targets import TARGETS


class Look(NamedTuple):
    """How a cause is drawn."""

    color: str
    marker: str
    hatch: str


LOOKS = {
    "phrases": Look(GREEN, "s", ""), "spelling": Look(BLUE, "o", "////"), "meaning": Look(VERMILION, "D", ""),
}  # fmt: skip
OTHER = Look(PURPLE, "^", "")
LANES = {
    "none": "nothing",
    "shuffled": "word order",
    "masked": "names",
    "scrambled": "dictionary of the network",
    "random": "the embedding\n(random numbers)",
    "labels": "labels",
}
BARE = {"facecolor": PAPER, "edgecolor": "none", "pad": 0.6}  # behind a label, where a line would cross it  # fmt: skip
TERM = 22  # characters of a word or phrase
MINUS = "\N{MINUS SIGN}"


def _look(cause: str) -> Look:
    return LOOKS.get(cause, OTHER)


def _gains(one: AtSize | Control) -> dict[str, TextGain]:
    return {gain["factor"]: gain for gain in one["gains"]}


def draw_rows(facts: Facts) -> Figure:
    """Draw what each cause gains with few rows and with many, and the scores with all causes and with words alone."""
    sizes, causes = facts["reflect"]["texts"]["sizes"], causes_tried(facts)
    figure = new_figure(3.4)
    left, right = figure.subplots(1, 2, width_ratios=[1.9, 1])
    _bars(left, sizes, causes, Formats(facts["metric"]["margin"]))
    left.set_ylabel(f"gain in {words(facts['metric']['label'], 30)}")
    _scores(right, sizes, facts["reflect"]["texts"]["worth"])
    right.set_ylabel(axis_title(facts))
    return figure


def _bars(axes: Axes, sizes: Sequence[AtSize], causes: Sequence[str], formats: Formats) -> None:
    """Draw a group of bars for each number of rows, a bar a cause; what was not kept is said."""
    width = 0.84 / max(len(causes), 1)
    for group, size in enumerate(sizes):
        gains = _gains(size)
        for place, cause in enumerate(causes):
            look, gain, x = _look(cause), gains[cause], group + (place - (len(causes) - 1) / 2) * width
            if not gain["kept"]:
                note(axes, x, 0, "not kept", move=(0, 4), ha="center", va="bottom", color=QUIET, rotation=90)
                continue
            value, ci = gain["gain"]["value"], gain["gain"]["ci"]
            axes.bar(x, value, width=0.88 * width, color=look.color, edgecolor=PAPER, hatch=look.hatch, linewidth=0)
            axes.plot([x, x], ci, color=INK, linewidth=1.4)
            shown = formats.gain(value).replace("-", MINUS)
            note(axes, x, max(*ci, value), shown, move=(0, 4), ha="center", va="bottom", color=INK, fontsize=7)
    for cause in causes:
        look = _look(cause)
        axes.bar([0], [0], color=look.color, edgecolor=PAPER, hatch=look.hatch, linewidth=0, label=cause)
    axes.axhline(0, color=INK, linewidth=1)
    axes.set_xticks(range(len(sizes)), [f"{count(size['rows'])} rows" for size in sizes])
    axes.set_xlim(-0.55, len(sizes) - 0.45)
    axes.margins(y=0.12)
    axes.tick_params(axis="y", labelsize=SMALL, labelcolor=QUIET)
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=len(causes) or 1, frameon=False, fontsize=SMALL)
    grid(axes, "y")


def _scores(axes: Axes, sizes: Sequence[AtSize], worth: RowsWorth | None) -> None:
    """Draw the score against the rows, and from where to where the last cause stands for rows."""
    rows = [size["rows"] for size in sizes]
    axes.plot(rows, [size["best"] for size in sizes], "D-", color=VERMILION, linewidth=1.8, label="all that was kept")
    axes.plot(rows, [size["words"] for size in sizes], "o--", color=BLUE, linewidth=1.4, label="words alone")
    if worth is not None:
        gain = next(one["gain"]["value"] for one in sizes[-1]["gains"] if one["factor"] == worth["factor"])
        better = 1 if sizes[-1]["best"] >= sizes[-1]["words"] else -1
        level = sizes[-1]["best"] - better * gain
        axes.plot([worth["same_with"], worth["rows"]], [level, level], color=GREY, linewidth=1.4, linestyle=(0, (2, 2)))
        for x, marker in ((worth["same_with"], "<"), (worth["rows"], "o")):
            axes.plot([x], [level], marker, color=GREY, markersize=6, markeredgecolor=PAPER)
        note(axes, worth["rows"], level, f"without\n{worth['factor']}", move=(7, 0), color=QUIET, fontsize=7.5)
    axes.set_xscale("log")
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xticks(rows, [count(value) for value in rows])
    axes.margins(x=0.08)
    axes.set_xlabel("training rows (logarithmic axis)")
    axes.tick_params(axis="y", labelsize=SMALL, labelcolor=QUIET)
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=1, frameon=False, fontsize=SMALL)
    grid(axes, "y")


def draw_controls(facts: Facts) -> Figure:
    """Draw a lane for each control and a panel for each cause: its gain with interval where one thing is taken away."""
    controls, causes = facts["reflect"]["texts"]["controls"]["controls"], causes_tried(facts)
    figure = new_figure(0.95 + 0.4 * len(controls))
    panels = figure.subplots(1, max(len(causes), 1), sharey=True, sharex=True, squeeze=False)[0]
    for axes, cause in zip(panels, causes, strict=False):
        _control(axes, cause, controls, Formats(facts["metric"]["margin"]))
    names, sets = [LANES[one["name"]] for one in controls], count_up(one["name"] for one in controls)
    lanes(panels[0], [f"{name} (set {number})" if number else name for name, number in zip(names, sets, strict=True)])
    panels[0].set_ylabel("taken away")
    if all(one["gain"]["value"] == 0 for control in controls for one in control["gains"]):
        panels[0].set_xlim(
            -facts["metric"]["margin"], 4 * facts["metric"]["margin"]
        )  # no gain gives the axis its scale
    figure.supxlabel(f"gain in {words(facts['metric']['label'], 30)} over the folds", fontsize=SMALL, color=QUIET)
    return figure


def count_up(names: Iterable[str]) -> list[int | None]:
    """Return the number of each name among those alike, from one on; None for a name that stands alone."""
    listed = list(names)
    return [listed[: place + 1].count(name) if listed.count(name) > 1 else None for place, name in enumerate(listed)]


def _control(axes: Axes, cause: str, controls: Sequence[Control], formats: Formats) -> None:
    """Draw one cause."""
    look = _look(cause)
    axes.axvline(0, color=GREY, linewidth=1)
    for lane, control in enumerate(controls):
        gain = _gains(control).get(cause)
        if gain is None:
            note(axes, 0, lane, "not affected", move=(5, 0), color=QUIET, style="italic", fontsize=7.5, bbox=BARE)
            continue
        value, ci = gain["gain"]["value"], gain["gain"]["ci"]
        if control["name"] == "none" and gain["kept"]:
            axes.axvline(value, color=look.color, linewidth=1.2, linestyle=(0, (4, 3)), alpha=0.7)
        axes.plot(ci, [lane, lane], color=look.color, linewidth=2.2, alpha=0.55)
        fill = look.color if gain["kept"] else PAPER
        axes.plot([value], [lane], look.marker, color=look.color, markersize=7, markerfacecolor=fill, zorder=3)
        shown = formats.gain(value).replace("-", MINUS) if gain["kept"] else "not kept"
        color = INK if gain["kept"] else QUIET
        note(axes, max(*ci, value), lane, shown, move=(7, 0), fontsize=7.5, color=color, bbox=BARE)
    axes.set_title(cause)
    axes.margins(x=0.28)
    axes.locator_params(axis="x", nbins=3)
    grid(axes, "x")


def draw_terms(facts: Facts) -> Figure:
    """Draw the words and phrases that speak against on the left, those that speak for on the right."""
    terms = sorted(facts["reflect"]["texts"]["terms"], key=lambda one: -abs(one["effect"]["value"]))
    up = [one for one in terms if one["effect"]["value"] > 0]
    down = [one for one in terms if one["effect"]["value"] <= 0]
    figure = new_figure(1.0 + 0.27 * max(len(up), len(down), 1))
    left, right = figure.subplots(1, 2)
    for axes, side, color, sign in ((left, down, BLUE, MINUS), (right, up, VERMILION, "+")):
        _terms(axes, side, color)
        axes.set_title(_side(facts, sign))
    figure.supxlabel(f"effect on the prediction ({_unit(facts)}); in grey: texts that hold it", fontsize=SMALL,
                     color=QUIET)  # fmt: skip
    lengths = [abs(end) for one in terms for end in one["effect"]["ci"]]
    left.set_xlim(-1.3 * max(lengths, default=1), 0)
    right.set_xlim(0, 1.3 * max(lengths, default=1))
    return figure


def _terms(axes: Axes, side: Sequence[TermWeight], color: str) -> None:
    """Draw one side: a bar with its interval a term, with the number of texts at its end."""
    for lane, one in enumerate(side):
        value, ci = one["effect"]["value"], one["effect"]["ci"]
        axes.barh(lane, value, height=0.62, color=color, alpha=0.35 if one["kind"] == "words" else 0.7, linewidth=0)
        axes.plot(ci, [lane, lane], color=color, linewidth=2)
        end, away = max((abs(end), end) for end in (*ci, value))[1], 6 if value > 0 else -6
        note(axes, end, lane, count(one["texts"]), move=(away, 0), ha="left" if value > 0 else "right", fontsize=7.5,
             color=QUIET)  # fmt: skip
    lanes(axes, [words(one["term"], TERM) for one in side])
    axes.locator_params(axis="x", nbins=4)
    axes.axvline(0, color=GREY, linewidth=1)


def _side(facts: Facts, sign: str) -> str:
    """Return what a side stands for: for or against the positive class, up or down."""
    kind, up = TARGETS[facts["define"]["task"]], sign == "+"
    if (positive := facts["define"].get("positive")) is not None:
        return f"{'for' if up else 'against'} {words(positive) if isinstance(positive, str) else 'the positives'}"
    if "confusion" in kind.can:
        return f"{'for' if up else 'against'} the class that it moves most"
    return f"{'up' if up else 'down'}"


def _unit(facts: Facts) -> str:
    """Return in what effects are."""
    kind = TARGETS[facts["define"]["task"]]
    if not kind.raw_in_unit:
        return kind.words.raw_unit
    if facts["define"]["target_scale"] == "log":
        return f"ln of {words(facts['define']['target'])}"
    unit = facts["define"]["unit"]
    return words(unit) if unit else words(facts["define"]["target"])
