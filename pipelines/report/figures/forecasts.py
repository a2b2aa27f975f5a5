"""Pictures of forecasts: with bands against what happened, errors and gains by step ahead, and whether bands hold."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from pipelines.facts.compare.forecasts import AtStep, Shown
from pipelines.facts.reflect.forecasts import ByStep
from pipelines.facts.steps import Facts
from pipelines.report import words as plain_words
from pipelines.report.figures.style import (
    AMBER,
    BLUE,
    FAINT,
    GREY,
    INK,
    QUIET,
    ROLES,
    SMALL,
    VERMILION,
    grid,
    new_figure,
    note,
    words,
)
from pipelines.report.formats import compact, share

MODELS = ("dummy", "baseline", "strong")
TICKS = 4  # moments written below a series
COLUMNS = 3  # of small multiples
NAMES = {"dummy": "season before", "baseline": "baseline", "strong": "strong model"}


def draw_ahead(facts: Facts) -> Figure:
    """Draw the last forecasts of some series, each with its band, against what happened."""
    shown = facts["compare"]["forecasts"]["shown"]
    figure = new_figure(0.5 + 2.1 * len(shown))
    panels = np.atleast_1d(figure.subplots(len(shown), 1))
    unit = facts["define"]["unit"]
    for axes, one in zip(panels, shown, strict=True):
        _ahead(axes, one)
        axes.set_ylabel(words(unit) if unit else "value")
    handles, labels = panels[0].get_legend_handles_labels()
    look: dict[str, object] = {"ncols": 4, "frameon": False, "fontsize": SMALL}
    panels[0].legend(handles, labels, loc="lower left", bbox_to_anchor=(0, 1.14), **look)
    return figure


def _ahead(axes: Axes, one: Shown) -> None:
    """Draw one series."""
    at = np.arange(len(one["times"]))
    axes.fill_between(at, one["low"], one["high"], color=VERMILION, alpha=0.14, linewidth=0, label="band")
    axes.plot(at, one["baseline"], color=BLUE, linewidth=1.1, linestyle="--", label="baseline")
    axes.plot(at, one["strong"], color=VERMILION, linewidth=1.8, label="strong model")
    axes.plot(at, one["actual"], ".", color=INK, markersize=4.5, label="what happened")
    ticks = np.unique(np.linspace(0, len(at) - 1, min(TICKS, len(at))).round().astype(int))
    axes.set_xticks(ticks, [one["times"][tick] for tick in ticks])
    name = f"{words(one['series'])}: the {one['why']} series" if one["series"] else "the last forecasts"
    axes.set_title(name, fontsize=SMALL)
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: compact(value)))
    axes.tick_params(axis="y", labelsize=SMALL, labelcolor=QUIET)
    grid(axes, "y")


def draw_errors_by_step(facts: Facts) -> Figure:
    """Draw the mean absolute error by step ahead, of three models with intervals."""
    steps = facts["compare"]["forecasts"]["by_step"]
    figure = new_figure(2.9)
    axes = figure.subplots()
    for name in MODELS:
        color, marker = ROLES[name]
        at = [one["steps"] for one in steps]
        value, low, high = _of_model(steps, name)
        axes.fill_between(at, low, high, color=color, alpha=0.12, linewidth=0)
        axes.plot(at, value, marker=marker, markersize=4, linewidth=1.4, color=color, label=NAMES[name])
    axes.set_xlabel(_ahead_title(facts))
    unit = facts["define"]["unit"]
    axes.set_ylabel(f"mean absolute error{f', {words(unit)}' if unit else ''}")
    axes.xaxis.set_major_locator(MaxNLocator(8, integer=True))
    axes.set_ylim(bottom=0)
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=3, frameon=False, fontsize=SMALL)
    axes.tick_params(axis="y", labelsize=SMALL, labelcolor=QUIET)
    grid(axes, "y")
    return figure


def _of_model(steps: Sequence[AtStep], name: str) -> tuple[list[float], list[float], list[float]]:
    found = [one[name] for one in steps]  # type: ignore[literal-required]
    return [one["value"] for one in found], [one["ci"][0] for one in found], [one["ci"][1] for one in found]


def _ahead_title(facts: Facts) -> str:
    """Return the title of an axis of steps ahead; where all steps of a season are one place each, it says so."""
    forecast = facts["define"]["forecast"]
    same = forecast["horizon"] % forecast["season"][0] == 0
    place = f" (each is one place in the season of {forecast['season'][0]})" if same else ""
    return f"{forecast['step']}s ahead{place}"


def draw_gains_by_step(facts: Facts) -> Figure:
    """Draw what each cause gains by step ahead, one small picture a cause."""
    causes = facts["reflect"]["forecasts"]["by_step"]
    rows = -(-len(causes) // COLUMNS)
    figure = new_figure(0.4 + 1.75 * rows)
    panels = np.atleast_1d(figure.subplots(rows, min(COLUMNS, len(causes)), sharey=True, squeeze=False)).ravel()
    for axes, cause in zip(panels, causes, strict=False):
        _gains(axes, cause)
    for axes in panels[len(causes) :]:
        axes.set_visible(False)
    for axes in panels[(rows - 1) * min(COLUMNS, len(causes)) : len(causes)]:
        axes.set_xlabel(f"{facts['define']['forecast']['step']}s ahead")
    panels[0].set_ylabel("gain")
    return figure


def _gains(axes: Axes, cause: ByStep) -> None:
    """Draw one cause."""
    at = [one["steps"] for one in cause["steps"]]
    axes.axhline(0, color=INK, linewidth=1)
    for one in cause["steps"]:
        axes.plot([one["steps"]] * 2, one["gain"]["ci"], color=VERMILION, linewidth=2, alpha=0.5)
    axes.plot(at, [one["gain"]["value"] for one in cause["steps"]], "D", color=VERMILION, markersize=4)
    axes.set_title(plain_words.capitalised(cause["factor"]), fontsize=SMALL)
    axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.tick_params(axis="y", labelsize=SMALL, labelcolor=QUIET)
    grid(axes, "y")


def draw_bands(facts: Facts) -> Figure:
    """Draw which share of the values lies within the bands, by month and by step ahead."""
    forecasts = facts["compare"]["forecasts"]
    figure = new_figure(2.6)
    left, right = figure.subplots(1, 2, sharey=True, width_ratios=[1.3, 1])
    months = forecasts["by_month"]
    left.plot(range(len(months)), [one["coverage"] for one in months], "D-", color=VERMILION, markersize=5, linewidth=1)
    ticks = np.unique(np.linspace(0, len(months) - 1, min(TICKS, len(months))).round().astype(int))
    left.set_xticks(ticks, [months[tick]["month"] for tick in ticks])
    left.set_xlabel("month of the test time")
    steps = forecasts["by_step"]
    right.plot([one["steps"] for one in steps], [one["coverage"] for one in steps], "D-", color=VERMILION, markersize=5,
               linewidth=1)  # fmt: skip
    right.set_xlabel(f"{facts['define']['forecast']['step']}s ahead")
    right.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    for axes in (left, right):
        axes.axhline(forecasts["bands"]["level"], color=AMBER, linewidth=1.4)
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: share(value)))
        axes.tick_params(axis="y", labelsize=SMALL, labelcolor=QUIET)
        grid(axes, "y")
    low = min(*(one["coverage"] for one in months), *(one["coverage"] for one in steps), 0.8)
    left.set_ylim(max(low - 0.05, 0), 1)
    note(left, 0, forecasts["bands"]["level"], "promised", move=(0, 7), color=QUIET)
    left.set_ylabel("values within the band")
    return figure


def draw_series(facts: Facts) -> Figure:
    """Draw how the places of the longest season lie about the level, and what the calendar leaves of two moments."""
    look = facts["eda"]["series"]
    figure = new_figure(2.6)
    left, right = figure.subplots(1, 2, width_ratios=[1.4, 1])
    places = look["places"]
    left.barh(range(len(places)), [one["effect"] for one in places], color=GREY, height=0.62)
    left.set_yticks(range(len(places)), [words(one["place"]) for one in places])
    left.invert_yaxis()
    left.axvline(0, color=INK, linewidth=1)
    left.set_xlabel("distance from the level")
    grid(left, "x")
    lags = look["autocorrelation"]
    right.bar(range(len(lags)), [one["value"] for one in lags], color=GREY, width=0.55)
    right.set_xticks(range(len(lags)), [str(one["lag"]) for one in lags])
    right.axhline(0, color=FAINT, linewidth=1)
    right.set_xlabel(f"{facts['define']['forecast']['step']}s apart")
    right.set_ylabel("correlation")
    right.tick_params(axis="y", labelsize=SMALL, labelcolor=QUIET)
    grid(right, "y")
    return figure
