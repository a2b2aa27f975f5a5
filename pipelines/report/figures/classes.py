"""Pictures of several classes: how often each occurs, and which is taken for which."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from pipelines.facts.compare.confusion import Confusion
from pipelines.facts.define import DefineFacts
from pipelines.facts.pointer import given
from pipelines.facts.steps import Facts
from pipelines.report import words as plain_words
from pipelines.report.figures.style import (
    AMBER,
    BLUE,
    INK,
    PAPER,
    QUIET,
    ROLES,
    SMALL,
    lanes,
    new_figure,
    note,
    words,
)
from pipelines.report.formats import share

SHOWN = 12  # classes, the commonest
LONGEST = 14  # characters of a class's name
PAIR = ("baseline", "strong")
DARK = 0.55  # share of a row from which its number is written in light ink
SMALLEST = 0.005  # share below which a cell stays empty


def class_names(facts: Facts) -> list[str]:
    """Return the classes by their numbers, as a picture shows them."""
    return [words(item["value"], LONGEST) for item in facts["define"]["target_summary"]["classes"]]


def of_class(template: str, number: int | None, facts: Facts) -> str:
    """Return the template filled with the name of a class; nothing where there are not several, and so no number."""
    return "" if number is None else template.format(class_names(facts)[number])


def draw_shares(axes: Axes, define: DefineFacts) -> None:
    """Draw each class's share of the training and of the test rows, the commonest classes first."""
    classes = sorted(define["target_summary"]["classes"], key=lambda item: -item["share"])[:SHOWN]
    for lane, item in enumerate(classes):
        for value, color, marker, size in ((item["train_share"], BLUE, "o", 9), (item["test_share"], AMBER, "D", 6)):
            axes.plot([value], [lane], marker, color=color, markersize=size, markeredgecolor="white", zorder=3)
        axes.plot([0, max(item["train_share"], item["test_share"])], [lane, lane], color=BLUE, linewidth=3, alpha=0.3)
        note(axes, max(item["train_share"], item["test_share"]), lane, share(item["share"]), move=(9, 0), color=INK)
    lanes(axes, [words(item["value"], LONGEST) for item in classes])
    axes.set_xlim(0, 1.35 * max(item["share"] for item in classes))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: share(round(x, 6))))
    axes.locator_params(axis="x", nbins=4)
    axes.set_title("How often each class occurs")
    axes.set_xlabel("dots: training rows, diamonds: test rows")


def draw_confusion(facts: Facts) -> Figure:
    """Draw, for baseline and strong model, the share of each class's test rows that is answered as each class."""
    names = class_names(facts)
    found = [item for item in given(facts["compare"]["confusion"]) if item["model"] in PAIR]
    most = sorted(range(len(names)), key=lambda k: -found[0]["classes"][k]["rows"])[:SHOWN]
    shown = sorted(most)
    figure = new_figure(1.2 + 2.6 * max(len(shown), 4) / 8)
    panels = figure.subplots(1, 2, sharey=True)
    for axes, item in zip(panels, found, strict=True):
        _confusion(axes, item, shown, names)
    panels[0].set_ylabel("the class itself")
    return figure


def _confusion(axes: Axes, item: Confusion, shown: list[int], names: list[str]) -> None:
    """Draw one model's matrix: a row is a class, its numbers are per cent of that class's rows."""
    for y, k in enumerate(shown):
        rows = max(item["classes"][k]["rows"], 1)
        for x, answered in enumerate(shown):
            part = item["counts"][k][answered] / rows
            axes.fill_between(
                [x - 0.47, x + 0.47], y - 0.47, y + 0.47, color=ROLES[item["model"]][0], alpha=part, linewidth=0
            )
            if part >= SMALLEST:
                note(axes, x, y, f"{100 * part:.0f}", ha="center", color=PAPER if part > DARK else INK, fontsize=7.5,
                     weight="bold" if x == y else "normal")  # fmt: skip
    places = list(range(len(shown)))
    axes.set_xticks(places, [names[k] for k in shown], rotation=40, ha="right", rotation_mode="anchor")
    axes.set_yticks(places, [names[k] for k in shown])
    axes.tick_params(axis="both", labelsize=SMALL, labelcolor=QUIET)
    axes.set_xlim(-0.5, len(shown) - 0.5)
    axes.set_ylim(len(shown) - 0.5, -0.5)
    axes.grid(visible=False)
    axes.set_title(plain_words.model(item["model"]).capitalize())
    axes.set_xlabel("the answer, per cent of the class")
