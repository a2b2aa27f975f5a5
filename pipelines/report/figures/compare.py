"""Pictures of step 6: scores and their difference, calibration, costs, ROC and precision-recall curves."""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from pipelines.facts.compare import CompareFacts
from pipelines.facts.compare.decisions import CostPoint
from pipelines.facts.pointer import given
from pipelines.facts.shared import TRIED, Compared, Interval
from pipelines.facts.steps import Facts
from pipelines.report import words as plain_words
from pipelines.report.figures.fits import axis_title
from pipelines.report.figures.style import (
    GREY,
    QUIET,
    ROLES,
    SMALL,
    interval,
    lanes,
    new_figure,
    note,
    words,
)
from pipelines.report.formats import Formats, count, money, number, share

CEILING = 1.8  # times the lower cost of the two policies that need no model: what costs more is off the scale
ROOM = 0.075  # of the axis, that one label takes
PAIR: tuple[Compared, ...] = ("baseline", "strong")  # the two models that the report compares
BAND: Mapping[Compared, Literal["baseline_ci", "strong_ci"]] = {"baseline": "baseline_ci", "strong": "strong_ci"}


def draw_scores(facts: Facts) -> Figure:
    """Draw the scores of the models that a reader may choose, and below them the difference against the margin."""
    compare = facts["compare"]
    shown = [(model["role"], model) for model in compare["models"] if model["role"] in PAIR]
    repaired = facts["reflect"].get("repaired") if "reflect" in facts else None
    lanes_of = [Lane(role, plain_words.model(model["name"]), model["score"], model["ci"]) for role, model in shown]
    if repaired is not None:
        lanes_of.insert(1, Lane("repaired", "repaired baseline", repaired["score"], repaired["ci"]))
    figure = new_figure(2.15 + 0.36 * len(lanes_of))
    top, bottom = figure.subplots(2, 1, height_ratios=[0.5 + 0.36 * len(lanes_of), 0.75])
    _scores(top, lanes_of, facts)
    _difference(bottom, compare, Formats(facts["metric"]["margin"]))
    return figure


def draw_models(facts: Facts) -> Figure:
    """Draw every model's test score with its interval."""
    chosen = facts["strong"]["chosen"]
    lanes_of = [
        Lane(model["role"], plain_words.model(model["name"]), model["score"], model["ci"])
        for model in facts["compare"]["models"]
        if model["role"] != "dummy" and (model["role"], model["name"]) != (TRIED, chosen)
    ]
    figure = new_figure(0.9 + 0.36 * len(lanes_of))
    _scores(figure.subplots(), lanes_of, facts)
    return figure


class Lane(NamedTuple):
    """One model's score in a picture."""

    role: str
    name: str
    score: float
    ci: Interval


def _scores(axes: Axes, lanes_of: Sequence[Lane], facts: Facts) -> None:
    """Draw one lane a model: its score with its interval, and the number at the right."""
    formats = Formats(facts["metric"]["margin"])
    for place, lane in enumerate(lanes_of):
        interval(axes, lane.score, place, lane.ci, lane.role, size=8)
        axes.annotate(
            formats.score(lane.score), (1.01, place), xycoords=("axes fraction", "data"), va="center", weight="bold"
        )
    lanes(axes, [words(lane.name) for lane in lanes_of])
    axes.margins(x=0.06)
    axes.set_title(f"Scores on the {count(facts['compare']['test_rows'])} test rows")
    axes.set_xlabel(axis_title(facts))


def _difference(axes: Axes, compare: CompareFacts, formats: Formats) -> None:
    """Draw the difference with its interval, over the margin, the band in which it is not worth acting on."""
    difference = compare["difference"]
    margin = difference["margin"]
    axes.axvspan(-margin, margin, color=GREY, alpha=0.25, linewidth=0)
    axes.axvline(0, color=GREY, linewidth=1)
    interval(axes, difference["value"], 0, difference["ci"], "strong", size=9)
    axes.annotate(
        formats.gain(difference["value"]), (1.01, 0), xycoords=("axes fraction", "data"), va="center", weight="bold"
    )
    lanes(axes, ["strong - baseline".replace("-", "\N{MINUS SIGN}")])
    reach = max(abs(bound) for bound in [*difference["ci"], margin])
    low = min(-1.6 * margin, difference["ci"][0] - 0.08 * reach)
    axes.set_xlim(low, max(1.6 * margin, difference["ci"][1] + 0.08 * reach))
    axes.set_title(f"Difference, with the margin of \N{PLUS-MINUS SIGN}{number(margin)} as a grey band")
    axes.set_xlabel("improvement (right of zero: the strong model is better)")


def draw_calibration(facts: Facts) -> Figure:
    """Draw how often the event happened against how often each model said it would."""
    figure = new_figure(3.7)
    panels = figure.subplots(1, 2, sharex=True, sharey=True)
    for axes, part in zip(
        panels, [item for item in given(facts["compare"]["calibration"]) if item["model"] in PAIR], strict=False
    ):
        color, marker = ROLES[part["model"]]
        bins = part["bins"]
        top = max([max(item["predicted"], item["hi"]) for item in bins])
        axes.plot([0, top], [0, top], color=GREY, linewidth=1.4, linestyle=(0, (4, 3)))
        for item in bins:
            axes.plot([item["predicted"]] * 2, [item["lo"], item["hi"]], color=color, alpha=0.5, linewidth=2.2)
        axes.plot(
            [i["predicted"] for i in bins],
            [i["observed"] for i in bins],
            marker + "-",
            color=color,
            linewidth=1.2,
            markersize=6,
        )
        axes.set_title(plain_words.model(part["model"]).capitalize())
        axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: share(round(x, 6))))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: share(round(y, 6))))
        axes.tick_params(axis="y", labelsize=SMALL, labelcolor=QUIET)
        axes.set_xlabel("predicted probability")
        axes.grid(visible=True)
    panels[0].set_ylabel("share that came true")
    return figure


def draw_cost(facts: Facts) -> Figure:
    """Draw the cost per row at every threshold, with those chosen on training rows, and below it the saving."""
    threshold, currency = given(facts["compare"]["threshold"]), given(facts["metric"]["cost"])["currency"]
    curve = threshold["curve"]
    figure = new_figure(5.0)
    axes, below = figure.subplots(2, 1, sharex=True, height_ratios=[2.1, 1])
    policies = {"flag none": threshold["of_nobody"], "flag all": threshold["of_everybody"]}
    top = CEILING * min(policies.values())
    labels = []
    for model in PAIR:
        color, marker = ROLES[model]
        dashes = "-" if model == "strong" else (0, (5, 2))
        x, y = [point["threshold"] for point in curve], [point[model] for point in curve]
        low, high = zip(*(point[BAND[model]] for point in curve), strict=True)
        axes.fill_between(x, low, high, color=color, alpha=0.16, linewidth=0)
        axes.plot(x, y, color=color, linewidth=2, linestyle=dashes)
        chosen = threshold[model]
        size = 7 if model == "strong" else 14  # drawn later and smaller, it hides nothing
        axes.plot([chosen["threshold"]], [chosen["expected_cost"]], marker, color=color, markersize=size, zorder=3,
                  markeredgecolor="white")  # fmt: skip
        labels.append((min(y[-1], top), plain_words.model(model), color))
    for text, cost in policies.items():
        if cost <= top:
            axes.axhline(cost, color=GREY, linewidth=1.2, linestyle=(0, (1, 2)))
        labels.append((min(cost, top), text if cost <= top else f"{text}: {money(cost)}", QUIET))
    _label_lines(axes, labels, top)
    axes.set_xlim(curve[0]["threshold"], curve[-1]["threshold"])
    axes.set_ylim(0, top)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: number(round(x, 8))))
    axes.set_title("What a decision costs at each threshold")
    axes.set_ylabel("cost per row" + (f", {words(currency)}" if currency else ""))
    _saving(below, curve, min(threshold[model]["threshold"] for model in PAIR) / 2)
    below.set_ylabel("saved per row" + (f", {words(currency)}" if currency else ""))
    below.set_xlabel("threshold: say yes from this predicted probability on")
    for panel in (axes, below):
        panel.tick_params(axis="y", labelsize=SMALL, labelcolor=QUIET)
        panel.grid(visible=True)
    return figure


def _saving(axes: Axes, curve: list[CostPoint], least: float) -> None:
    """Draw what the strong model saves at the same threshold, with the band of pairs.

    The scale is made for thresholds from `least` on: below, nearly all rows are flagged, and no decision is left.
    """
    color, x = ROLES["strong"][0], [point["threshold"] for point in curve]
    axes.axhline(0, color=GREY, linewidth=1)
    low, high = zip(*(point["saving_ci"] for point in curve), strict=True)
    axes.fill_between(x, low, high, color=color, alpha=0.16, linewidth=0)
    axes.plot(x, [point["saving"] for point in curve], color=color, linewidth=2)
    ends = [end for point in curve if point["threshold"] >= least for end in point["saving_ci"]] or [*low, *high]
    room = 0.06 * (max(*ends, 0.0) - min(*ends, 0.0))
    if room > 0:
        axes.set_ylim(min(*ends, 0.0) - room, max(*ends, 0.0) + room)
    axes.set_title("What the strong model saves against the baseline at the same threshold")


def _label_lines(axes: Axes, labels: list[tuple[float, str, str]], top: float) -> None:
    """Write names at the right ends of lines, moved up where they would touch; `labels` are (y, text, color)."""
    free = 0.0
    for y, text, color in sorted(labels):
        place = max(y, free)
        free = place + ROOM * top
        axes.annotate(text, (1.01, place), xycoords=("axes fraction", "data"), color=color, va="center", fontsize=SMALL,
                      weight="normal" if color == QUIET else "bold", annotation_clip=False)  # fmt: skip


def draw_curves(facts: Facts) -> Figure:
    """Draw the ROC curve and the precision-recall curve of baseline and strong model."""
    curves = given(facts["compare"]["curves"])
    figure = new_figure(3.6)
    left, right = figure.subplots(1, 2)
    for axes, pair in ((left, curves["roc"]), (right, curves["precision_recall"])):
        for name in PAIR:
            points = pair[name]
            x, y = [point["x"] for point in points], [point["y"] for point in points]
            axes.plot(x, y, color=ROLES[name][0], linewidth=2, linestyle="-" if name == "strong" else (0, (5, 2)))
        axes.set_xlim(0, 1)
        axes.set_ylim(0, 1.02)
        axes.set_aspect("equal")
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter(FuncFormatter(lambda value, _: number(round(value, 6))))
        axes.tick_params(axis="y", labelsize=SMALL, labelcolor=QUIET)
        axes.grid(visible=True)
    left.plot([0, 1], [0, 1], color=GREY, linewidth=1.2, linestyle=(0, (1, 2)))
    left.set_title("ROC curve")
    left.set_xlabel("false alarms: share of the negatives flagged")
    left.set_ylabel("recall: share of the positives found")
    right.axhline(given(facts["metric"]["base_rate"]), color=GREY, linewidth=1.2, linestyle=(0, (1, 2)))
    right.set_title("Precision-recall curve")
    right.set_xlabel("recall: share of the positives found")
    right.set_ylabel("precision: share of the flagged that are right")
    _key(left)
    return figure


def _key(axes: Axes) -> None:
    """Write in the empty lower right corner which line is whose."""
    for place, name in enumerate(PAIR):
        color = ROLES[name][0]
        y = 0.22 - 0.09 * place
        axes.plot([0.4, 0.52], [y, y], color=color, linewidth=2, linestyle="-" if name == "strong" else (0, (5, 2)))
        note(axes, 0.55, y, plain_words.model(name), color=color, weight="bold")
