"""Pictures of step 6 for regressions: errors by prediction and against a normal distribution, and intervals."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from pipelines.facts.compare.intervals import Covered
from pipelines.facts.compare.residuals import Residuals
from pipelines.facts.define import DefineFacts
from pipelines.facts.pointer import given
from pipelines.facts.steps import Facts
from pipelines.report import words as plain_words
from pipelines.report.figures.style import GREY, INK, QUIET, ROLES, SMALL, grid, lanes, new_figure, words
from pipelines.report.formats import share

PAIR = ("baseline", "strong")  # the two models that the report compares
STEP = 0.16  # of a lane, by which the two models' marks lie apart


def draw_residuals(facts: Facts) -> Figure:
    """Draw the spread of errors along the predictions, and the errors' quantiles against a normal distribution's."""
    parts = [part for part in given(facts["compare"]["residuals"]) if part["model"] in PAIR]
    figure = new_figure(6.4)
    above, below = figure.subplots(2, 2, sharey="row", height_ratios=[1.1, 1])
    for axes, part in zip(above, parts, strict=True):
        _along(axes, part)
    for axes, part in zip(below, parts, strict=True):
        _quantiles(axes, part)
    above[0].set_ylabel(f"true value \N{MINUS SIGN} prediction, {_shown(facts['define'])}")
    below[0].set_ylabel("errors, in standard deviations")
    for axes in above:
        axes.set_xlabel(f"prediction, {_shown(facts['define'])}")
    for axes in below:
        axes.set_xlabel("were they normal, in standard deviations")
    return figure


def _along(axes: Axes, part: Residuals) -> None:
    """Draw the bands that hold half and nine tenths of the errors, their median, and each tenth's mean."""
    color, marker = ROLES[part["model"]]
    deciles = part["deciles"]
    at = [item["predicted"] for item in deciles]

    def quantile(name: str) -> list[float]:
        return [item["quantiles"][name] for item in deciles]

    axes.fill_between(at, quantile("5"), quantile("95"), color=color, alpha=0.14, linewidth=0)
    axes.fill_between(at, quantile("25"), quantile("75"), color=color, alpha=0.28, linewidth=0)
    axes.axhline(0, color=INK, linewidth=1)
    for item in deciles:
        axes.plot([item["predicted"]] * 2, item["ci"], color=color, linewidth=2.2, alpha=0.7)
    axes.plot(at, [item["mean"] for item in deciles], marker, color=color, markeredgecolor="white", markersize=6)
    axes.set_title(plain_words.model(part["model"]).capitalize())
    axes.tick_params(axis="y", labelsize=SMALL, labelcolor=QUIET)
    axes.grid(visible=True)


def _quantiles(axes: Axes, part: Residuals) -> None:
    """Draw the quantile-quantile plot; on the dashed line the errors are normal."""
    color, marker = ROLES[part["model"]]
    x, y = [point["normal"] for point in part["normal"]], [point["error"] for point in part["normal"]]
    ends = [-3, 3]
    axes.plot(ends, ends, color=GREY, linewidth=1.4, linestyle=(0, (4, 3)))
    axes.plot(x, y, marker, color=color, markersize=4.5, markeredgewidth=0)
    axes.tick_params(axis="y", labelsize=SMALL, labelcolor=QUIET)
    axes.set_xticks(range(-3, 4))
    axes.grid(visible=True)


def draw_intervals(facts: Facts) -> Figure:
    """Draw promised against measured coverage, and the coverage of one level from low to high predictions."""
    found = given(facts["compare"]["intervals"])
    figure = new_figure(3.2)
    left, right = figure.subplots(1, 2, width_ratios=[1, 1])
    levels = [level["level"] for level in found["models"][0]["levels"]]
    for place, model in enumerate(found["models"]):
        _marks(left, model["model"], model["levels"], place)
        fifths = next(one for one in model["levels"] if one["level"] == found["shown_level"])["fifths"]
        _marks(right, model["model"], fifths, place)
    for lane, level in enumerate(levels):
        left.plot([level, level], [lane - 0.36, lane + 0.36], color=INK, linewidth=1.6)
    right.axvline(found["shown_level"], color=INK, linewidth=1.6)
    lanes(left, [share(level) for level in levels])
    lanes(right, [fifth["name"] for fifth in fifths])
    left.set_title("All test rows")
    right.set_title(f"{share(found['shown_level'])} intervals, by fifth")
    left.set_ylabel("promised")
    for axes in (left, right):
        axes.set_xlabel("share of true values inside")
        axes.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: share(round(value, 6))))
        axes.margins(x=0.08)
        grid(axes, "x")
    _key(left)
    return figure


def _marks(axes: Axes, model: str, covered: Sequence[Covered], place: int) -> None:
    """Draw one model's coverage with its interval in every lane, a little above or below the other model's."""
    color, marker = ROLES[model]
    for lane, item in enumerate(covered):
        y = lane + (STEP if place else -STEP)
        axes.plot(item["ci"], [y, y], color=color, linewidth=2.2, alpha=0.55)
        axes.plot([item["coverage"]], [y], marker, color=color, markersize=6.5, markeredgecolor="white", zorder=3)


def _key(axes: Axes) -> None:
    """Write in the empty lower left corner whose mark is whose."""
    for place, name in enumerate(PAIR):
        color, marker = ROLES[name]
        y = 0.2 - 0.1 * place
        axes.plot([0.05], [y], marker, color=color, markersize=6.5, transform=axes.transAxes)
        axes.annotate(plain_words.model(name), (0.09, y), xycoords="axes fraction", color=color, va="center",
                      fontsize=SMALL, weight="bold")  # fmt: skip


def _shown(define: DefineFacts) -> str:
    """Return what is predicted, with its unit, or as a logarithm."""
    target = words(define["target"])
    if define["target_scale"] == "log":
        return f"ln({target})"
    return target + (f", {words(define['unit'])}" if define["unit"] else "")
