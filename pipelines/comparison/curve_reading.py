"""What a learning curve says: do more rows still help, and is it variance or bias that limits the model?"""

from collections.abc import Sequence

import numpy as np

from pipelines.facts.compare.learning import LastStep, Limit, MoreRows, Reading
from pipelines.facts.shared import UnsureEstimate
from pipelines.inference.crossvalidated import MIN_FOLDS, nadeau_bengio
from pipelines.inference.verdict import verdict
from pipelines.metrics.metric import Metric

# Twice the rows close about half of a gap. Where even the largest gap that the folds allow is smaller than two margins,
# half of it is smaller than the margin: closing it, by rows or by restraint, would gain less than is worth acting on.
CLOSED = 2.0
MORE_ROWS: dict[str, MoreRows] = {
    "better": "help", "tie": "do not help", "worse": "hurt", "underpowered": "unclear",
}  # fmt: skip


def read_curve(
    train: np.ndarray, validation: np.ndarray, rows: Sequence[int], metric: Metric, margin: float,
    dummy: Sequence[float | None] | None,
) -> Reading:  # fmt: skip
    """Return what one model's curve says.

    `train` and `validation` are scores (sizes, folds), sizes ascending as `rows`; `dummy` the folds' scores of a model
    that knows no feature. All three differences are paired by fold, positive where the second is better, with the
    interval of Nadeau and Bengio: `last_step` from the size before the last to the last, read as every verdict is read
    (None with one size); `gap` from the validation rows to the fit's own rows; `over_dummy` from the dummy to the model
    at full size.

    `limit` is `nothing` where the model is not better than the dummy by the margin, and `unclear` where it is so by no
    more than noise; `variance` where it does better on
    its own rows by more than the margin and more than noise: what it learned depends on which rows it saw; `bias` where
    the two scores have met, the whole interval of the gap below CLOSED margins: the model says as little on its own
    rows, for lack of shape, of features, or since the rest is chance; `unclear` between the two, where the folds differ
    too much. Source: Hastie, Tibshirani and Friedman, The Elements of Statistical Learning, 7.2-7.3.
    """
    step: LastStep | None = None
    if len(rows) > 1:
        last = _paired(validation[-2], validation[-1], metric)
        step = {"value": last["value"], "ci": last["ci"], "from_rows": rows[-2], "to_rows": rows[-1]}
    gap = _paired(validation[-1], train[-1], metric)
    known = [score for score in dummy or [] if score is not None]
    over = _paired(np.array(known), validation[-1], metric) if len(known) == validation.shape[1] else None
    return {
        "more_rows": _more_rows(step, margin, rows[-1]), "last_step": step,
        "limit": limit_of(gap, over, margin), "gap": gap, "over_dummy": over,
    }  # fmt: skip


def _paired(base: np.ndarray, other: np.ndarray, metric: Metric) -> UnsureEstimate:
    """Return how much better `other` (folds,) is than `base`, with interval; no interval from a single fold."""
    gains = [metric.gain(float(a), float(b)) for a, b in zip(base, other, strict=True)]
    if len(gains) < MIN_FOLDS:
        return {"value": float(np.mean(gains)), "ci": None}
    found = nadeau_bengio(gains, test_share=1 / len(gains))
    return {"value": found.mean, "ci": list(found.ci)}


def _more_rows(step: LastStep | None, margin: float, rows: int) -> MoreRows:
    if step is None or step["ci"] is None:
        return "unclear"
    low, high = step["ci"]
    return MORE_ROWS[verdict(step["value"], (low, high), margin, rows).name]


def limit_of(gap: UnsureEstimate, over: UnsureEstimate | None, margin: float) -> Limit:
    """Return what limits a model whose lead on its own rows is `gap`, and over the dummy `over`; see `read_curve`."""
    if over is not None and not _beyond(over, margin):
        return "nothing" if over["value"] <= margin else "unclear"
    if gap["value"] > margin:
        return "variance" if _beyond(gap, margin) else "unclear"
    return "bias" if _largest(gap) < CLOSED * margin else "unclear"


def _beyond(difference: UnsureEstimate, margin: float) -> bool:
    """Return whether a difference exceeds the margin and noise."""
    return difference["value"] > margin and (difference["ci"] is None or difference["ci"][0] > 0)


def _largest(difference: UnsureEstimate) -> float:
    """Return the upper end of a difference's interval; from a single fold, which has none, the difference."""
    return difference["value"] if difference["ci"] is None else difference["ci"][1]
