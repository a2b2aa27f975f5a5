"""Pictures of texts in step 3: which words say most of the target alone."""

from matplotlib.figure import Figure

from pipelines.facts.eda.texts import TokenSeen
from pipelines.facts.steps import Facts
from pipelines.report.figures.style import BLUE, GREY, PAPER, QUIET, VERMILION, lanes, new_figure, note, words
from pipelines.report.formats import share
from pipelines.texts.tokens import HIGH

WORDS = 12  # drawn
ROOM = 0.04  # of the axis beyond the outermost dot


def draw_tokens(facts: Facts) -> Figure:
    """Draw the AUC alone of the words of the first column of text, suspects in another colour and shape."""
    tokens = facts["eda"]["texts"]["columns"][0]["tokens"][:WORDS]
    figure = new_figure(0.9 + 0.24 * len(tokens))
    axes = figure.subplots()
    for place, style in ((0.5, "-"), (HIGH, (0, (3, 2))), (1 - HIGH, (0, (3, 2)))):
        axes.axvline(place, color=GREY, linewidth=1.4, linestyle=style)
    for lane, one in enumerate(tokens):
        color, marker = (VERMILION, "D") if one["suspect"] else (BLUE, "o")
        axes.plot([0.5, one["auc"]], [lane, lane], color=color, linewidth=1.6, alpha=0.5)
        axes.plot([one["auc"]], [lane], marker, color=color, markersize=6.5, markeredgecolor=PAPER)
        right = one["auc"] >= 0.5  # noqa: PLR2004 - a word that says nothing
        note(axes, one["auc"], lane, _label(one), move=(7 if right else -7, 0), ha="left" if right else "right",
             color=QUIET, bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1})  # fmt: skip
    lanes(axes, [words(one["word"], 20) for one in tokens])
    far = max([HIGH, *(max(one["auc"], 1 - one["auc"]) for one in tokens)])
    axes.set_xlim(max(0.5 - (far - 0.5) * 1.6 - ROOM, -0.2), min(0.5 + (far - 0.5) * 1.6 + ROOM, 1.2))
    axes.set_xlabel("AUC alone: left of one half, rows with the word are lower or not of the class")
    return figure


def _label(one: TokenSeen) -> str:
    """Return in how many rows the word stands, and which class it is about."""
    of_class = "" if one["class"] is None else f", {words(one['class'], 14)}"
    pure = f", {share(one['purity'])} pure" if one["suspect"] == "purity" else ""
    return f"{share(one['share'])} of the rows{of_class}{pure}"
