"""Groups beside what has none: the columns as numbers where there is an outcome, one hump where there is not."""

from collections.abc import Mapping
from typing import Literal

import numpy as np

from pipelines.comparison.by_quantiles import by_quantiles
from pipelines.core.table import Table
from pipelines.facts.compare.by_quantiles import OutcomeQuantile
from pipelines.facts.compare.groups import GroupsCompared, GroupsComparedAll
from pipelines.facts.shared import Tested
from pipelines.inference.truth import Truth
from pipelines.ladder.gains import Gain, paired_gains
from pipelines.metrics import Metric
from pipelines.metrics.prepared import Floats
from pipelines.models.grouped.learner import APART
from pipelines.models.grouped.names import BOOSTED, BOOSTED_TOO, ONE_HUMP, STRAIGHT, STRAIGHT_TOO
from pipelines.models.grouped.way import grouped_target

STRONG = "strong"
ASKED: tuple[tuple[str, str, str], ...] = (  # base, other, and what is asked
    (STRONG, STRAIGHT, "does a straight line through the numbers say more than the groups"),
    (STRONG, BOOSTED, "do trees on the numbers say more than the groups"),
    (STRAIGHT, STRAIGHT_TOO, "do groups say anything that a straight line through the numbers does not"),
    (BOOSTED, BOOSTED_TOO, "do groups say anything that trees on the numbers do not"),
    (APART, ONE_HUMP, "do the columns say anything of each other"),
    (ONE_HUMP, STRONG, "do groups say anything that one hump does not"),
)


def groups_compared(
    table: Table, known: Mapping[str, Floats], metric: Metric, margin: float, seed: int
) -> GroupsComparedAll:  # fmt: skip
    """Return the comparisons of those models that were fitted; predictions are of all rows, NaN where there is none."""
    there = [one for one in ASKED if one[0] in known and one[1] in known]
    return {
        "pairs": [_compared(table, known, metric, margin, seed, one) for one in there], "margin": margin,
        "quantiles": _sliced(table, known[BOOSTED]) if BOOSTED in known else None,
    }  # fmt: skip


def _sliced(table: Table, predicted: Floats) -> list[OutcomeQuantile]:
    """Return the outcome by as many slices of the predictions, out of fold, as there are groups in the baseline."""
    rows = table.scored & np.isfinite(predicted)
    return by_quantiles(table.y[rows], predicted[rows], grouped_target(table.target).count)


def _compared(
    table: Table, known: Mapping[str, Floats], metric: Metric, margin: float, seed: int, asked: tuple[str, str, str]
) -> GroupsCompared:  # fmt: skip
    base, other, what = asked
    predicted = np.isfinite(known[base]) & np.isfinite(known[other])
    rows = table.scored & predicted
    inside, outside = (_gain(table, known, metric, seed, some, (base, other)) for some in (rows, table.tested))
    return {
        "asks": what, "base": base, "other": other,
        "base_score": metric.score(table.y[rows], known[base][rows]),
        "other_score": metric.score(table.y[rows], known[other][rows]),
        "rows": int(rows.sum()), "out_of_fold": _tested(inside), "on_test": _tested(outside),
        "says": _says(inside, margin),
    }  # fmt: skip


def _gain(
    table: Table, known: Mapping[str, Floats], metric: Metric, seed: int, rows: np.ndarray, pair: tuple[str, str]
) -> Gain:  # fmt: skip
    truth = Truth.of(table, rows, metric, seed)
    return paired_gains(truth, {name: known[name][rows] for name in pair}, [pair])[0]


def _tested(gain: Gain) -> Tested:
    return {"value": gain.value, "ci": list(gain.ci), "p_value": gain.p_value}


def _says(gain: Gain, margin: float) -> Literal["more", "less", "neither"]:
    if abs(gain.value) < margin or gain.ci[0] <= 0 <= gain.ci[1]:
        return "neither"
    return "more" if gain.value > 0 else "less"
