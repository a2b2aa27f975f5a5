"""Prediction intervals of both models of an amount: how wide, and do they hold what they promise?"""

from collections.abc import Mapping

from pipelines.comparison.scores import PAIR
from pipelines.core.project import Project
from pipelines.core.table import Table
from pipelines.facts.compare.intervals import Covered as CoveredFacts
from pipelines.facts.compare.intervals import Fifth, IntervalLevel, ModelIntervals
from pipelines.facts.compare.intervals import Intervals as IntervalsFacts
from pipelines.inference.conformal import Covered, Intervals, conformal
from pipelines.metrics.prepared import Floats
from pipelines.splits import SPLITS

SHOWN_LEVEL = 0.9  # of which reports show the fifths
NAMES = ("lowest", "second", "middle", "fourth", "highest")  # of the fifths


def prediction_intervals(
    table: Table, train: Mapping[str, Floats], test: Mapping[str, Floats], project: Project
) -> IntervalsFacts | None:
    """Return prediction intervals of both models; see `inference/conformal.py`.

    `train` are out-of-fold predictions of the training rows by model, `test` those of the test rows. `exchangeable`
    says what the promise rests on: rows drawn at random, whole groups drawn at random, or, of a split in time or by the
    user's own column, nothing: None. `narrower` is by how much the strong model's intervals of SHOWN_LEVEL are narrower
    on average, as a share of the baseline's. None where a prediction has no lower and upper end.
    """
    if "intervals" not in table.target.can:
        return None
    log = project.problem.target_scale == "log"
    y_train, y_test = table.y[table.scored], table.y[table.tested]
    models: list[ModelIntervals] = [
        {
            "model": name,
            "levels": [_plain(one) for one in conformal(y_train, train[name], y_test, test[name], log=log)],
        }
        for name in PAIR
    ]
    widths = [level["width"] for model in models for level in model["levels"] if level["level"] == SHOWN_LEVEL]
    return {
        "exchangeable": SPLITS[project.split_kind].exchangeable,
        "unit": project.problem.unit, "log": log, "shown_level": SHOWN_LEVEL, "models": models,
        "narrower": 1 - widths[1] / widths[0] if widths and widths[0] > 0 else None,
    }  # fmt: skip


def _plain(found: Intervals) -> IntervalLevel:
    """Return one level as facts; `broken` and `exceeded` name the fifths in which the promise is not kept."""
    fifths: list[Fifth] = [{"name": name, **_covered(fifth)} for name, fifth in zip(NAMES, found.fifths, strict=False)]
    broken, exceeded = (
        [fifth["name"] for fifth in fifths if fifth["promise"] == promise] for promise in ("broken", "exceeded")
    )
    return {
        "level": found.level, "reach": found.reach, "factor": found.factor, "width": found.width,
        **_covered(found.all), "fifths": fifths, "broken": broken, "exceeded": exceeded,
    }  # fmt: skip


def _covered(found: Covered) -> CoveredFacts:
    return {
        "rows": found.rows, "predicted": found.predicted, "coverage": found.coverage, "ci": list(found.ci),
        "promise": found.promise,
    }  # fmt: skip
