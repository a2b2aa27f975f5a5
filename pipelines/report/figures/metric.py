"""Picture of step 2: what predictors that use no feature score in each candidate metric."""

from matplotlib.figure import Figure

from pipelines.facts.steps import Facts
from pipelines.report import words as plain_words
from pipelines.report.figures.style import GREEN, GREY, INK, QUIET, VERMILION, lanes, new_figure, note, words

COLUMNS = 3


def draw_metrics(facts: Facts) -> Figure:
    """Draw one small panel a metric: a dot for each trivial predictor, a line for a perfect one."""
    metric = facts["metric"]
    candidates = metric["candidates"]
    predictors = [item["predictor"] for item in candidates[0]["trivial"]]
    rows = -(-len(candidates) // COLUMNS)
    figure = new_figure(0.5 + rows * (0.62 + 0.24 * len(predictors)))
    panels = figure.subplots(rows, COLUMNS, squeeze=False)
    for index, (axes, candidate) in enumerate(zip(panels.flat, candidates, strict=False)):
        primary = candidate["metric"] == metric["primary"]
        lanes(axes, [words(name) for name in predictors] if index % COLUMNS == 0 else [""] * len(predictors))
        scores = [item["score"] for item in candidate["trivial"]]
        known = [score for score in scores if score is not None]
        perfect = candidate["perfect"]
        ends = known if perfect is None else [*known, perfect]
        low, high = min(ends), max(ends)
        room = (high - low or 1) * 0.34
        axes.set_xlim(low - room * (0.4 if candidate["greater_is_better"] else 0.25), high + room)
        axes.set_xticks([])
        if perfect is not None:
            axes.axvline(perfect, color=GREEN, linewidth=2)
        for lane, score in enumerate(scores):
            if score is None:
                note(axes, low, lane, "not defined", color=QUIET, style="italic")
                continue
            axes.plot([score], [lane], "o", color=VERMILION if primary else GREY, markersize=7)
            inside = score > low + 0.6 * (high - low)
            note(
                axes,
                score,
                lane,
                f"{score:.3g}",
                move=(-8 if inside else 8, 0),
                ha="right" if inside else "left",
                color=INK,
            )
        axes.set_title(
            plain_words.primary(facts) if primary else words(candidate["label"]), color=VERMILION if primary else INK
        )
        direction = "greater is better" if candidate["greater_is_better"] else "smaller is better"
        axes.set_xlabel(("chosen: " if primary else "") + direction, fontsize=7.5)
    for axes in list(panels.flat)[len(candidates) :]:
        axes.set_visible(False)
    return figure
