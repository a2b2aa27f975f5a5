"""Does a pair that acts together do so in a special way, such as by its ratio? A quick look, against its rivals."""

import numpy as np
import pandas as pd

from pipelines.causes.cause import Columns, Joint
from pipelines.causes.joint import beyond_curves
from pipelines.causes.pair import Pair
from pipelines.causes.plan import Features
from pipelines.exploration.intervals import QuickTruth
from pipelines.exploration.pairs import searched
from pipelines.exploration.screens import NOT_APPLICABLE, fit_linear_predictor, judge
from pipelines.facts.eda.screens import Screen
from pipelines.inputs import by_kind

PENALTY = 30.0  # between those of step 7
FEWEST = 100  # rows in which both are known, on either side


def screen_joint(
    x: pd.DataFrame, truth: QuickTruth, predictor: np.ndarray, found: Screen, joint: Joint, material: float
) -> Screen:  # fmt: skip
    """Return what the best form of the surest pair seen in `found` adds to the quick fit, or to the best of its rivals.

    `predictor` is the out-of-fold linear predictor of the best additive fit. Columns are fitted beside it on the folds
    that were searched for pairs, and judged on the others. Not applicable where no pair of the cause's features was
    seen to act together.
    """
    features = set(joint.features(Features(x, *by_kind(x))))
    seen = [pair for pair in found.get("pairs", []) if pair["seen"] and features.issuperset(pair["features"])]
    names = seen[0]["features"] if seen else []
    known = x[names].notna().all(axis=1).to_numpy() & bool(seen)
    fit = searched(truth)[known]
    if min(fit.sum(), (~fit).sum()) < FEWEST:
        return {**NOT_APPLICABLE, "pairs": []}
    first, second = x.loc[known, names].to_numpy(np.float64).T
    pair = Pair(first, second, fit)
    y, below, held = truth.y[known], predictor[known], truth.take(np.flatnonzero(known)[~fit])
    forms, rivals = (
        [_predict(pair, columns, truth.binary, y, below) for columns in several]
        for several in (joint.forms, joint.rivals)
    )
    before, after = (max(fits, key=lambda one: held.score(one).value) for fits in ([below[~fit], *rivals], forms))
    return {**judge(held, before, after, material), "pairs": seen[:1]}


def _predict(pair: Pair, columns: Columns, binary: bool, y: np.ndarray, below: np.ndarray) -> np.ndarray:
    """Return the predictor of the rows that are not fitted, with the columns of a pair beside it."""
    matrix = np.column_stack([below, beyond_curves(pair, columns)])
    return fit_linear_predictor(binary, matrix[pair.fit], y[pair.fit], matrix[~pair.fit], PENALTY)
