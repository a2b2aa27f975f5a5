"""Pictures of steps 4 and 5: scores on each fold, what the baseline leans on, how long the trees grew."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pipelines.facts.baseline import Coefficient
from pipelines.facts.pointer import given
from pipelines.facts.shared import TRIED, Model
from pipelines.facts.steps import Facts
from pipelines.report import words as plain_words
from pipelines.report.figures.classes import of_class
from pipelines.report.figures.style import (
    BLUE,
    GREY,
    INK,
    QUIET,
    ROLES,
    SMALL,
    grid,
    lanes,
    name,
    new_figure,
    note,
    words,
)
from pipelines.report.formats import Formats, count
from pipelines.targets import TARGETS

COEFFICIENTS = 8
LANE, NARROW = 0.62, 0.46  # inches a model, where they are FEW and where they are more
FEW = 8


def _fold_lanes(axes: Axes, models: Sequence[Model], chosen: str, formats: Formats) -> None:
    """Draw one lane a model: a ring for each fold's score, a line for their mean with its number."""
    for lane, model in enumerate(models):
        color, marker = ROLES["strong" if model["name"] == chosen and model["role"] == TRIED else model["role"]]
        scores = [score for score in model["fold_scores"] if score is not None]
        axes.plot(scores, [lane] * len(scores), marker, color=color, markersize=6.5, alpha=0.55, markeredgewidth=0)
        mean = given(model["cv_mean"])
        axes.plot([mean], [lane], "|", color=color, markersize=20, markeredgewidth=2.6)
        note(
            axes,
            mean,
            lane,
            formats.score(mean),
            move=(0, 17),
            ha="center",
            color=INK,
            weight="bold",
        )
    lanes(axes, [words(plain_words.model(model["name"])) for model in models])
    axes.set_ylim(len(models) - 0.45, -0.75)
    axes.margins(x=0.08)


def draw_baseline(facts: Facts) -> Figure:
    """Draw the baseline's coefficients, where there are any, beside its score on every fold."""
    baseline, metric = facts["baseline"], facts["metric"]
    coefficients = baseline["coefficients"]
    lane = 0.42 if "confusion" in TARGETS[facts["define"]["task"]].can else 0.33
    figure = new_figure(2.2 if not coefficients else 0.9 + lane * len(coefficients[:COEFFICIENTS]))
    if coefficients:
        left, right = figure.subplots(1, 2, width_ratios=[1.1, 1])
        _coefficients(left, coefficients[:COEFFICIENTS], facts)
    else:
        right = figure.subplots()
    _fold_lanes(right, baseline["models"], baseline["chosen"], Formats(metric["margin"]))
    right.set_title("Score on each held-out fold")
    right.set_xlabel(axis_title(facts))
    return figure


def _coefficients(axes: Axes, coefficients: list[Coefficient], facts: Facts) -> None:
    """Draw how far the features move the baseline most, as bars to the left and right of none."""
    for lane, item in enumerate(coefficients):
        positive = item["move"] >= 0
        axes.barh(lane, item["move"], height=0.6, color=BLUE, alpha=0.85)
        note(
            axes,
            item["move"],
            lane,
            f"{item['move']:+.2f}",
            move=(4 if positive else -4, 0),
            ha="left" if positive else "right",
        )
    lanes(
        axes,
        [
            name(item["feature"] if item["level"] is None else f"{item['feature']} = {item['level']}")
            + of_class("\nfor {}", item["class"], facts)
            for item in coefficients
        ],
    )
    axes.tick_params(axis="y", labelsize=SMALL)
    axes.axvline(0, color=GREY, linewidth=1)
    axes.margins(x=0.25)
    axes.set_title("What the baseline leans on")
    axes.set_xlabel("coefficient times standard deviation")


def draw_candidates(facts: Facts) -> Figure:
    """Draw each model's score on every fold, best first, a line joining those of one fold, and the trees it grew."""
    strong, metric = facts["strong"], facts["metric"]
    models = [model for model in strong["models"] if model["role"] != "strong"]
    models.sort(key=lambda model: given(model["cv_mean"]), reverse=metric["greater_is_better"])
    reference = [model for model in facts["baseline"]["models"] if model["role"] == "baseline"]
    shown: list[Model] = [*models, *reference]
    figure = new_figure(0.95 + (LANE if len(models) <= FEW else NARROW) * len(shown))
    axes = figure.subplots()
    for scores in zip(*(model["fold_scores"] for model in shown), strict=True):
        axes.plot(scores, range(len(scores)), color=GREY, linewidth=0.8, alpha=0.7, zorder=1)
    _fold_lanes(axes, shown, strong["chosen"], Formats(metric["margin"]))
    for lane, model in enumerate(models):
        if model.get("trees"):
            ends = dict.fromkeys(count(end) for end in (min(model["trees"]), max(model["trees"])))
            trees = " to ".join(ends) + " trees"
            axes.annotate(
                trees, (1.01, lane), xycoords=("axes fraction", "data"), fontsize=SMALL, color=QUIET, va="center"
            )
    axes.set_title("Score on each held-out fold, and trees grown")
    axes.set_xlabel(axis_title(facts))
    grid(axes, "x")
    return figure


def axis_title(facts: Facts) -> str:
    """Return the title of an axis that shows the primary metric."""
    direction = "greater" if facts["metric"]["greater_is_better"] else "smaller"
    return f"{plain_words.primary(facts)} ({direction} is better)"
