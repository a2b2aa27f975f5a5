"""The report of one project: facts in, Markdown and pictures out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pipelines.rendering.figures import compare, define, eda, fits, metric, reflect
from pipelines.rendering.figures.style import to_svg
from pipelines.rendering.numbers import Binding, Facts
from pipelines.rendering.pages import close, fill, open_page

PICTURES: Mapping[str, Callable[..., object]] = {
    "1-target": define.draw_target,
    "2-metrics": metric.draw_metrics,
    "3-relations": eda.draw_relations,
    "3-drift": eda.draw_drift,
    "4-baseline": fits.draw_baseline,
    "5-candidates": fits.draw_candidates,
    "6-scores": compare.draw_scores,
    "6-calibration": compare.draw_calibration,
    "6-cost": compare.draw_cost,
    "6-curves": compare.draw_curves,
    "6-residuals": compare.draw_residuals,
    "7-waterfall": reflect.draw_waterfall,
    "7-shapes": reflect.draw_shapes,
    "7-interactions": reflect.draw_interactions,
    "7-shap": reflect.draw_shap,
}


@dataclass(frozen=True)
class Report:
    """A finished page: its Markdown, its pictures by file name (below figures/), and every number's origin."""

    markdown: str
    figures: dict[str, bytes]
    bindings: tuple[Binding, ...]


def render_report(facts: Facts) -> Report:
    """Return the report that the facts of all seven steps (and of "timings", if measured) make.

    The same facts make the same bytes. Raises BindingError on a number that no fact backs, a pointer to nothing, or a
    sentence whose evidence says other than the facts.
    """
    page = open_page(facts, pictures=True)
    markdown, bindings = close(page, fill(page, "report.md.j2"))
    figures = {f"{name}.svg": to_svg(PICTURES[name], facts) for name in page.shown}
    return Report(markdown, figures, bindings)
