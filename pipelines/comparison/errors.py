"""How both models err on amounts: by size of the prediction, and against the normal distribution."""

from collections.abc import Mapping
from math import isfinite

from pipelines.comparison.scores import PAIR
from pipelines.core.table import Table
from pipelines.facts.compare.residuals import Residuals
from pipelines.facts.shared import Compared
from pipelines.inference.bias import mean_error
from pipelines.inference.residuals import residuals
from pipelines.metrics.prepared import Floats


def residual_facts(rows: Table, test: Mapping[str, Floats]) -> list[Residuals] | None:
    """Return both models' errors on the test `rows`; None where errors have no size."""
    if "residuals" not in rows.target.can:
        return None
    return [_facts(name, rows, test[name]) for name in PAIR]


def _facts(name: Compared, rows: Table, prediction: Floats) -> Residuals:
    found = residuals(rows.y, prediction)
    mean, ci = mean_error(rows.y - prediction, rows.unit)
    return {
        "model": name,
        "mean": {"value": mean, "ci": list(ci)} if isfinite(ci[0]) else None,
        "deciles": [
            {
                "bin": i, "tenth": i + 1, "predicted": one.predicted, "rows": one.rows, "mean": one.mean,
                "ci": list(one.ci), "quantiles": one.quantiles,
            }
            for i, one in enumerate(found.deciles)
        ],
        "histogram": {"edges": found.edges, "counts": found.counts},
        "normal": [{"normal": at, "error": error} for at, error in found.normal],
    }  # fmt: skip
