"""What each change was worth: paired intervals, Holm's adjustment, and whether it matters."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import product
from typing import Any

import numpy as np
from scipy.special import ndtr, ndtri

from pipelines.attribution.study import Study
from pipelines.statistics.bootstrap import replicates
from pipelines.statistics.metrics import METRICS
from pipelines.statistics.multiple import holm

COUNT = 500  # bootstrap replicates; p-values come from studentised errors, not from counting replicates
ALPHA = 0.05
TOLERANCE = 0.05  # of half an interval's width: what another processor's last digits can move a gain by


@dataclass(frozen=True)
class Gain:
    """How much better one prediction is than another on the same rows; positive is better."""

    value: float
    ci: tuple[float, float]
    p_value: float

    @property
    def half(self) -> float:
        """Half the width of the interval."""
        return (self.ci[1] - self.ci[0]) / 2


NO_GAIN = Gain(0.0, (0.0, 0.0), 1.0)


@dataclass(frozen=True)
class Judgement:
    """Whether a gain matters, and whether a hair's breadth would decide otherwise."""

    matters: bool
    close: bool
    close_to: str | None


def paired_gains(
    metric: str, y: np.ndarray, group: np.ndarray | None, predictions: Mapping[str, np.ndarray],
    pairs: Sequence[tuple[str, str]], seed: int,
) -> list[Gain]:  # fmt: skip
    """Return the gain of `other` over `base` for each (base, other) of `pairs`, on the same resamples.

    Equal predictions gain exactly nothing. So does everything on rows where the metric is undefined.
    """
    tested = [pair for pair in pairs if not np.array_equal(predictions[pair[0]], predictions[pair[1]])]
    used = {name: predictions[name] for name in predictions if any(name in pair for pair in tested)}
    found: dict[tuple[str, str], Gain] = {}
    if tested:
        drawn = replicates(METRICS[metric], y, used, seed=seed, group=group, count=COUNT, pairs=tested)
        for base, other in tested:
            estimate = drawn.gain(base, other)
            sure = np.isfinite([estimate.value, *estimate.ci, estimate.p_value]).all()
            low, high = estimate.ci
            found[base, other] = (
                Gain(float(estimate.value), (float(low), float(high)), float(estimate.p_value)) if sure else NO_GAIN
            )
    return [found.get((base, other), NO_GAIN) for base, other in pairs]


def both_sides(
    study: Study, predictions: Mapping[str, np.ndarray], pairs: Sequence[tuple[str, str]], name: str
) -> tuple[list[Gain], list[Gain]]:
    """Return the gains on the training rows (out-of-fold) and on the test rows; `predictions` cover the table."""
    pending, table = [], study.table
    for side, rows in (("training rows", table.fold >= 0), ("test rows", table.fold < 0)):
        group = None if table.group is None else table.group[rows]
        part = {key: values[rows] for key, values in predictions.items()}
        pending.append(
            study.submit(
                paired_gains, study.metric, table.y[rows], group, part, list(pairs), study.seed, name=f"{name}: {side}"
            )
        )
    return pending[0].result(), pending[1].result()


def judge(out_of_fold: Gain, p_adjusted: float, test: Gain | None, margin: float) -> Judgement:
    """Return whether a gain matters.

    It does if Holm's adjusted p-value of the out-of-fold gain, where the power is, is below 0.05, that gain
    reaches the margin (the smallest difference that anyone would act on), and the test rows do not contradict it:
    the upper end of their interval is not below 0. `close` where moving these three by a twentieth of half an
    interval would change the answer.
    """
    matters = _matters(out_of_fold.value, p_adjusted, test.ci[1] if test else 0.0, margin)
    move = TOLERANCE * out_of_fold.half
    test_move = TOLERANCE * test.half if test else 0.0
    deviate = float(ndtri(1 - min(p_adjusted, 1.0) / 2)) if p_adjusted > 0 else np.inf
    shift = TOLERANCE * float(ndtri(1 - ALPHA / 2))
    for a, b, c in product((-1, 0, 1), repeat=3):
        p = float(2 * (1 - ndtr(max(deviate + b * shift, 0.0))))
        top = test.ci[1] + c * test_move if test else 0.0
        if _matters(out_of_fold.value + a * move, p, top, margin) != matters:
            names = ((a, "the margin"), (b, "the level of significance"), (c, "a contradiction on the test rows"))
            near = [word for moved, word in names if moved]
            return Judgement(matters, close=True, close_to=" and ".join(near))
    return Judgement(matters, close=False, close_to=None)


def _matters(gain: float, p_adjusted: float, test_top: float, margin: float) -> bool:
    return bool(p_adjusted < ALPHA and gain >= margin and test_top >= 0)


def adjusted(gains: Sequence[Gain], tested: Sequence[bool]) -> list[float | None]:
    """Return Holm's adjusted p-value of each gain that was tested, None for the others."""
    values = iter(holm([gain.p_value for gain, use in zip(gains, tested, strict=True) if use]))
    return [next(values) if use else None for use in tested]


def gain_facts(gain: Gain) -> dict[str, Any]:
    """Return a gain as plain values."""
    return {"gain": gain.value, "ci": list(gain.ci), "p_value": gain.p_value}


def judgement_facts(judgement: Judgement) -> dict[str, Any]:
    """Return a judgement as plain values."""
    return asdict(judgement)
