"""The report of one project: facts in, Markdown and pictures out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import zip_longest

from matplotlib.figure import Figure

from pipelines.rendering.figures import compare, define, eda, fits, metric, reflect
from pipelines.rendering.figures.style import to_svg
from pipelines.rendering.numbers import Binding, BindingError, Facts
from pipelines.rendering.pages import close, fill, open_page

PICTURES: Mapping[str, Callable[..., Figure]] = {
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
    "7-scales": reflect.draw_scales,
    "7-shapes": reflect.draw_shapes,
    "7-interactions": reflect.draw_interactions,
    "7-shap": reflect.draw_shap,
    "7-headroom": reflect.draw_headroom,
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
    markdown, bindings, pictures = _write(facts)
    return Report(markdown, {f"{name}.svg": to_svg(PICTURES[name], facts) for name in pictures}, bindings)


def render_markdown(facts: Facts) -> str:
    """Return the report's Markdown alone, for checks that need no pictures."""
    return _write(facts)[0]


def check_report(markdown: str, facts: Facts) -> None:
    """Raise BindingError, quoting the first line that differs, where a finished report is not what the facts say."""
    for said, says in zip_longest(markdown.splitlines(), render_markdown(facts).splitlines()):
        if said != says:
            message = f"the report says {said!r} where the facts say {says!r}"
            raise BindingError(message)


def _write(facts: Facts) -> tuple[str, tuple[Binding, ...], list[str]]:
    """Return the report's Markdown, its bindings and the names of the pictures that it shows."""
    page = open_page(facts, pictures=True)
    markdown, bindings = close(page, fill(page, "report.md.j2"))
    return markdown, bindings, page.shown
