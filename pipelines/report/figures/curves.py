"""Pictures of step 6 about rows: learning curves, and scores over folds and seeds."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pipelines.facts.compare.learning import LearningCurve, LearningPoint
from pipelines.facts.pointer import given
from pipelines.facts.steps import Facts
from pipelines.report import words as plain_words
from pipelines.report.figures.fits import axis_title
from pipelines.report.figures.style import PAPER, QUIET, ROLES, SMALL, lanes, new_figure, note, words
from pipelines.report.formats import Formats, compact, number

DASHES = (0, (5, 2))
CLEAR = {
    "facecolor": PAPER,
    "edgecolor": "none",
    "alpha": 0.8,
    "pad": 1.0,
}  # behind a label, so that no line crosses it


def draw_learning_curves(facts: Facts) -> Figure:
    """Draw each model's score on its own rows and on held-out ones against the number of rows."""
    curves = [curve for curve in facts["compare"]["learning_curves"] if curve["points"]]
    figure = new_figure(3.6)
    # Each on a scale of its own: on one, the distance between the models would flatten every curve.
    panels = figure.subplots(1, len(curves), squeeze=False)[0]
    for axes, curve in zip(panels, curves, strict=True):
        _curve(axes, curve)
    panels[0].set_ylabel(axis_title(facts))
    return figure


def _curve(axes: Axes, curve: LearningCurve) -> None:
    """Draw one model's two curves, each with its band, and name them at their right ends."""
    color, marker = ROLES[curve["role"]]
    points = curve["points"]
    rows = [point["rows"] for point in points]
    for mean, spread, line, face in (
        ([point["train"] for point in points], [point["train_sd"] for point in points], DASHES, PAPER),
        ([point["validation"] for point in points], [point["validation_sd"] for point in points], "-", color),
    ):
        sd = [s or 0.0 for s in spread]
        low, high = ([m + sign * s for m, s in zip(mean, sd, strict=True)] for sign in (-1, 1))
        axes.fill_between(rows, low, high, color=color, alpha=0.14, linewidth=0)
        axes.plot(rows, mean, marker, linestyle=line, color=color, linewidth=1.8, markersize=6, markerfacecolor=face)
    _name_lines(axes, points[-1], color)
    axes.set_xscale("log")
    axes.set_xticks(rows, [compact(value) for value in rows])
    axes.set_xticks([], minor=True)
    axes.tick_params(axis="y", labelsize=SMALL, labelcolor=QUIET)
    axes.margins(x=0.08, y=0.14)
    axes.set_title(words(plain_words.capitalised(plain_words.model(curve["model"])), 34))
    axes.set_xlabel("training rows (logarithmic axis)")


def _name_lines(axes: Axes, last: LearningPoint, color: str) -> None:
    """Write beside the last points which curve is which, the better one's name above."""
    ends = sorted((("own rows", last["train"]), ("held-out rows", last["validation"])), key=lambda end: end[1])
    for (text, y), (move, place) in zip(ends, ((-15, "top"), (15, "bottom")), strict=True):
        note(axes, last["rows"], y, text, move=(4, move), ha="right", va=place, color=color, weight="bold", bbox=CLEAR)


def draw_stability(facts: Facts) -> Figure:
    """Draw the score of every fold against the interval of their mean, and of every seed on the worst fold."""
    stability, formats = given(facts["compare"]["stability"]), Formats(facts["metric"]["margin"])
    folds, seeds = stability["folds"], stability["seeds"]
    color, marker = ROLES["strong"]
    figure = new_figure(2.1)
    axes = figure.subplots()
    low, high = folds["ci"]
    axes.axvspan(low, high, color=color, alpha=0.14, linewidth=0)
    axes.axvline(low - stability["allowed"], color=QUIET, linewidth=1.2, linestyle=(0, (4, 3)))
    for lane, scores in enumerate((folds["scores"], seeds["scores"])):
        axes.plot(scores, [lane] * len(scores), marker, color=color, markersize=8, alpha=0.7, markeredgewidth=0)
        note(axes, min(scores), lane, formats.score(min(scores)), move=(0, 14), ha="center", weight="bold", bbox=CLEAR)
    floor = low - stability["allowed"]
    note(axes, floor, 1.45, f"{number(stability['allowed'])} below the interval", move=(4, 0), color=QUIET)
    lanes(axes, ["strong model,\neach fold", words(plain_words.model(seeds["model"])) + ",\nworst fold by seed"])
    axes.margins(x=0.08)
    axes.set_ylim(1.7, -0.8)
    axes.set_title("Scores by fold and by seed, and the interval of the folds' mean")
    axes.set_xlabel(axis_title(facts))
    return figure
