"""Small tables and truths for tests of step 3."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from conftest import Facts

from pipelines.core.project import Task
from pipelines.core.table import FOLDS, Table
from pipelines.exploration.intervals import QuickTruth
from pipelines.metrics import METRICS
from pipelines.targets import target_of


def truth_of(y: np.ndarray, metric: str = "roc_auc", group: np.ndarray | None = None) -> QuickTruth:
    """Return the truth of rows that are dealt to the folds in turn."""
    return QuickTruth(METRICS[metric], np.asarray(y, np.float64), np.arange(len(y)) % FOLDS, group)


def table_of(features: Mapping[str, object], y: np.ndarray, task: Task = "binary", **keys: np.ndarray) -> Table:
    """Return a table of these features whose last fifth is for testing; `keys` replace split or fold, or add group."""
    rows = len(y)
    test = np.arange(rows) >= rows - rows // 5
    frame = {
        "row_id": np.arange(rows),
        "split": np.where(test, "test", "train"),
        "fold": np.where(test, -1, np.arange(rows) % FOLDS),
        "y_true": np.asarray(y, np.float64),
    }
    return Table(pd.DataFrame(frame | keys | dict(features)), target_of(task, np.asarray(frame["y_true"], np.float64)))


def column_facts(**changes: object) -> Facts:
    """Return the facts of one harmless number column, with changes."""
    return {
        "name": "x", "kind": "numeric", "missing": 0.0, "distinct": 900, "codes": [], "numbering": None,
        "quantiles": {"50": 1.5, "100": 40.25}, "score_alone": 0.6, "score_alone_ci": [0.58, 0.62],
        "missing_alone": None, "default_alone": None, "bands": None,
        "relation": {"bins": [], "form": "rises", "class": None},
        "straight": {
            "raw": 0.02, "ranks": 0.02, "tree": 0.02, "ranks_gain": 0.0, "ranks_gain_ci": [-0.01, 0.01],
            "bends_gain": 0.0, "bends_gain_ci": [-0.01, 0.01],
        },
    } | changes  # fmt: skip
