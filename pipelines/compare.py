"""Step 6: is the strong model better than the baseline, by how much, how sure is that, and what does it cost?"""

from collections.abc import Mapping

import pandas as pd

from pipelines.comparison.complexity import complexity
from pipelines.comparison.paired_comparison import paired_comparison
from pipelines.comparison.refits import refit
from pipelines.core.project import Project
from pipelines.core.submit import Submit
from pipelines.core.table import Table
from pipelines.facts.compare import CompareFacts
from pipelines.facts.steps import Facts

MODELLING = ("baseline", "strong")  # the steps whose models are compared


def compare(
    table: Table,
    project: Project,
    predictions: Mapping[str, pd.DataFrame],
    models: Mapping[str, bytes],
    facts: Facts,
    submit: Submit,
) -> CompareFacts:
    """Return the facts of step 6, the only step that scores test rows.

    `predictions` and `models` are the prediction tables and the saved models of the steps of MODELLING; `facts` are
    those of `metric` and of the same steps. Raises ValueError where a prediction table is not for the rows of `table`.
    """
    scored = paired_comparison(table, project, predictions, facts, submit)
    return {
        **scored,
        **refit(table, project, facts["baseline"], facts["strong"], predictions, models, submit),
        "complexity": complexity(scored, facts["strong"], {step: len(model) for step, model in models.items()}),
    }
