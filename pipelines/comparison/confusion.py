"""Which classes are taken for which."""

from collections.abc import Mapping

import numpy as np

from pipelines.comparison.scores import PAIR
from pipelines.core.table import Table
from pipelines.facts.compare.confusion import Confusion
from pipelines.facts.shared import Compared
from pipelines.inference.calibration import wilson
from pipelines.metrics.prepared import Floats


def confusion_facts(rows: Table, test: Mapping[str, Floats]) -> list[Confusion] | None:
    """Return both models' confusions on the test `rows`; None where the target has not several classes."""
    if "confusion" not in rows.target.can:
        return None
    return [confusion_of_classes(model, rows.y, test[model]) for model in PAIR]


def confusion_of_classes(model: Compared, y: Floats, prediction: Floats) -> Confusion:
    """Return how often each class (row) is answered as each class (column).

    `y` (n,) are classes, `prediction` (n, K) their probabilities; the answer is the likeliest class. `classes` has for
    each class its `rows`, the share recognised (`recall`, with Wilson's `ci`), and the share of the answers naming it
    that are right (`precision`, None where it is never the answer).
    """
    count = prediction.shape[1]
    cells = y.astype(np.int64) * count + prediction.argmax(axis=1)
    counts = np.bincount(cells, minlength=count * count).reshape(count, count)
    rows, answers, right = counts.sum(axis=1), counts.sum(axis=0), np.diag(counts)
    low, high = wilson(right.astype(np.float64), np.maximum(rows, 1).astype(np.float64))
    return {
        "model": model,
        "counts": counts.tolist(),
        "classes": [
            {
                "class": k,
                "rows": int(rows[k]),
                "recall": float(right[k] / rows[k]) if rows[k] else None,
                "ci": [float(low[k]), float(high[k])] if rows[k] else None,
                "precision": float(right[k] / answers[k]) if answers[k] else None,
            }
            for k in range(count)
        ],
    }
