"""The pictures of one project's report: facts in, SVG out."""

from collections.abc import Callable
from typing import NamedTuple

from matplotlib.figure import Figure

from pipelines.facts.pointer import has
from pipelines.facts.steps import Facts
from pipelines.report.figures import classes, compare, curves, define, eda, errors, fits, metric, reflect
from pipelines.report.figures.style import to_svg


class Picture(NamedTuple):
    """A picture: its name on the page, how it is drawn, and the facts without which there is nothing to draw."""

    name: str
    draw: Callable[..., Figure]
    needs: str


PICTURES = (
    Picture("1-target", define.draw_target, "define#"),
    Picture("2-metrics", metric.draw_metrics, "metric#"),
    Picture("3-relations", eda.draw_relations, "eda#"),
    Picture("3-drift", eda.draw_drift, "eda#/drift"),
    Picture("4-baseline", fits.draw_baseline, "baseline#"),
    Picture("5-candidates", fits.draw_candidates, "strong#"),
    Picture("6-scores", compare.draw_scores, "compare#"),
    Picture("6-confusion", classes.draw_confusion, "compare#/confusion"),
    Picture("6-calibration", compare.draw_calibration, "compare#/calibration"),
    Picture("6-cost", compare.draw_cost, "compare#/threshold"),
    Picture("6-curves", compare.draw_curves, "compare#/curves"),
    Picture("6-residuals", errors.draw_residuals, "compare#/residuals"),
    Picture("6-intervals", errors.draw_intervals, "compare#/intervals"),
    Picture("6-stability", curves.draw_stability, "compare#/stability"),
    Picture("6-learning", curves.draw_learning_curves, "compare#/learning_curves"),
    Picture("7-waterfall", reflect.draw_waterfall, "reflect#"),
    Picture("7-scales", reflect.draw_scales, "reflect#/scales"),
    Picture("7-shapes", reflect.draw_shapes, "reflect#/shapes"),
    Picture("7-interactions", reflect.draw_interactions, "reflect#/interactions"),
    Picture("7-shap", reflect.draw_shap, "reflect#/shap"),
    Picture("7-headroom", reflect.draw_headroom, "reflect#"),
)


def draw_pictures(facts: Facts) -> dict[str, bytes]:
    """Return the pictures that the report of these facts shows, by file name; the same facts make the same bytes."""
    return {f"{name}.svg": to_svg(draw, facts) for name, draw, needs in PICTURES if has(facts, needs)}
