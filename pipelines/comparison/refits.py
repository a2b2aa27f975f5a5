"""What step 6 learns from further fits: learning curves by rows, and stability over folds and seeds."""

from collections.abc import Mapping

import pandas as pd

from pipelines.comparison.learning_curve import Yardstick, learning_curves
from pipelines.comparison.stability import stability
from pipelines.core.project import Project
from pipelines.core.submit import Submit
from pipelines.core.table import Table
from pipelines.facts.baseline import BaselineFacts
from pipelines.facts.compare import RefitFacts
from pipelines.facts.strong import StrongFacts
from pipelines.metrics import metric_of
from pipelines.models.fit import predictions_of
from pipelines.models.refittable import heaviest, refittable_baseline, refittable_strong
from pipelines.models.saving.archive import load


def refit(
    table: Table, project: Project, baseline_facts: BaselineFacts, strong_facts: StrongFacts,
    predictions: Mapping[str, pd.DataFrame], archives: Mapping[str, bytes], submit: Submit,
) -> RefitFacts:  # fmt: skip
    """Return `learning_curves` and `stability` of step 6; test rows play no part.

    `predictions` and `archives` are the tables and the saved models of steps `baseline` and `strong`.
    """
    if table.forward:  # fewer rows of the same time say nothing of a longer history
        return {"learning_curves": [], "stability": None}
    metric, seed = metric_of(project.metric), project.seed
    saved = load(archives["strong"], heaviest(strong_facts)[0])  # the other parts of a weighted mean take seconds
    strong = refittable_strong(table, project, strong_facts, saved, predictions["strong"])
    baseline = refittable_baseline(table, baseline_facts, load(archives["baseline"]), predictions["baseline"])
    dummy = next((model["fold_scores"] for model in baseline_facts["models"] if model["role"] == "dummy"), None)
    by = Yardstick(metric, project.metric.margin, dummy)
    curves = learning_curves([strong, baseline], table, by, seed, submit, project.effort.level)
    return {
        "learning_curves": list(reversed(curves)),
        "stability": stability(table, metric, predictions_of(predictions["strong"])["strong"], strong, seed, submit),
    }
