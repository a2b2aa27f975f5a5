"""The picture of the overview: every project's scores, and where its difference comes from."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pipelines.facts.steps import Facts
from pipelines.report import words as plain_words
from pipelines.report.figures.style import (
    FAINT,
    GREEN,
    GREY,
    INK,
    QUIET,
    ROLES,
    SMALL,
    VERMILION,
    grid,
    interval,
    lanes,
    new_figure,
    note,
    words,
)
from pipelines.report.formats import Formats


def draw_overview(summaries: Sequence[Facts]) -> Figure:
    """Draw one row a project: scores on its own axis at the left, gains by cause at the right."""
    figure = new_figure(0.3 + 2.0 * len(summaries))
    panels = figure.subplots(len(summaries), 2, squeeze=False, width_ratios=[1.1, 1])
    for (left, right), summary in zip(panels, summaries, strict=True):
        _scores(left, summary)
        _causes(right, summary)
    return figure


def _scores(axes: Axes, summary: Facts) -> None:
    formats = Formats(summary["metric"]["margin"])
    models = [model for model in summary["compare"]["models"] if model["role"] in ("dummy", "baseline", "strong")]
    for lane, model in enumerate(models):
        interval(axes, model["score"], lane, model["ci"], model["role"], size=8)
        axes.annotate(formats.score(model["score"]), (1.01, lane), xycoords=("axes fraction", "data"), va="center",
                      color=ROLES[model["role"]][0], weight="bold", fontsize=SMALL)  # fmt: skip
    lanes(axes, [plain_words.model(model["role"]) for model in models])
    axes.margins(x=0.08)
    axes.locator_params(axis="x", nbins=5)
    axes.set_title(plain_words.title(words(summary["define"]["project"])))
    direction = "greater" if summary["metric"]["greater_is_better"] else "smaller"
    axes.set_xlabel(f"{plain_words.primary(summary)} on test rows ({direction} is better)")


def _causes(axes: Axes, summary: Facts) -> None:
    formats = Formats(summary["metric"]["margin"])
    causes = summary["reflect"]["attribution"]
    for lane, item in enumerate(causes):
        color = (GREEN if item["gain"] >= 0 else VERMILION) if item["matters"] else GREY
        axes.barh(lane, item["gain"], height=0.62, color=color if item["matters"] else FAINT, edgecolor=color,
                  hatch=None if item["matters"] else "////", linewidth=1)  # fmt: skip
        text = formats.gain(item["gain"]) if item["applicable"] else "not applicable"
        note(axes, max(item["gain"], 0), lane, text, move=(4, 0), color=INK if item["matters"] else QUIET,
             weight="bold" if item["matters"] else "normal", fontsize=7.5)  # fmt: skip
    lanes(axes, [item["factor"] for item in causes])
    axes.tick_params(axis="y", labelsize=SMALL)
    axes.axvline(0, color=GREY, linewidth=1)
    axes.margins(x=0.28)
    axes.locator_params(axis="x", nbins=4)
    axes.set_title(
        f"Difference {formats.gain(summary['compare']['difference']['value'])}, by cause", fontweight="normal"
    )
    axes.set_xlabel(f"gain in {plain_words.primary(summary)}")
    grid(axes, "x")
