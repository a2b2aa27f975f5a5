"""What each change was worth: paired intervals, Holm's adjustment, and whether it matters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from scipy.special import ndtr, ndtri

from pipelines.core.submit import Pending
from pipelines.inference.bootstrap import CONFIDENCE, Contrast, resample, settled_errors
from pipelines.inference.foldwise import folds_of, prepare_over_folds, spread_between_folds
from pipelines.inference.multiple import holm
from pipelines.inference.truth import Truth
from pipelines.ladder.alpha import ALPHA
from pipelines.ladder.study import Study
from pipelines.metrics.prepared import Prepared

COUNT = 500  # bootstrap replicates; p-values come from studentised errors, not from counting replicates
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
    undecided: bool  # it does not, but may be more than the margin as well as nothing
    close_to: str | None

    @property
    def close(self) -> bool:
        """Whether a slightly different measurement would decide otherwise."""
        return self.close_to is not None


def paired_gains(truth: Truth, predictions: Mapping[str, np.ndarray], pairs: Sequence[tuple[str, str]]) -> list[Gain]:
    """Return the gain of `other` over `base` for each (base, other) of `pairs`, on the same resamples.

    Where the truth has folds, predictions are out-of-fold: a gain is the mean of the folds' own, and its interval
    covers what the rows could have been and how the folds differ beyond that (see `foldwise`). Equal predictions gain
    exactly nothing. So does everything on rows where the metric is undefined. Resamples are drawn only for pairs whose
    standard errors are not known well enough without them (see `settled_errors`).
    """
    tested = [pair for pair in pairs if not np.array_equal(predictions[pair[0]], predictions[pair[1]])]
    used = {name: predictions[name] for name in predictions if any(name in pair for pair in tested)}
    found: dict[tuple[str, str], Gain] = {}
    if tested:
        metric, y, folds = truth.metric, truth.y, folds_of(truth)
        prepared = {name: prepare_over_folds(metric, y, values, folds) for name, values in used.items()}
        errors = settled_errors(prepared, tested, len(y), truth.group)
        errors |= _drawn_errors(truth, prepared, [pair for pair in tested if pair not in errors])
        one = np.ones((len(y), 1))
        score = {name: float(statistic.score(one)[0]) for name, statistic in prepared.items()}
        between = spread_between_folds(truth, used, tested)
        for (base, other), spread in zip(tested, between, strict=True):
            found[base, other] = _widened(metric.gain(score[base], score[other]), errors[base, other], spread)
    return [found.get((base, other), NO_GAIN) for base, other in pairs]


def _drawn_errors(
    truth: Truth, prepared: Mapping[str, Prepared], pairs: Sequence[tuple[str, str]]
) -> dict[Contrast, float]:
    """Return the standard errors of the pairs' gains by resamples."""
    if not pairs:
        return {}
    metric = truth.metric
    used = {name: prepared[name] for name in dict.fromkeys(name for pair in pairs for name in pair)}
    drawn = resample(
        used, len(truth.y), truth.draw(COUNT), pairs=pairs,
        greater_is_better=metric.greater_is_better, scale=metric.scale,
    )  # fmt: skip
    return {pair: drawn.gain(*pair).se for pair in pairs}


def _widened(value: float, error: float, spread: float) -> Gain:
    """Return the gain of that value, with another standard error on top of its own."""
    se = float(np.hypot(error, spread))
    if not np.isfinite([value, se]).all():
        return NO_GAIN
    reach = float(ndtri((1 + CONFIDENCE) / 2)) * se
    p_value = float(2 * ndtr(-abs(value) / se)) if se > 0 else float(value == 0)
    return Gain(value, (value - reach, value + reach), p_value)


def both_sides(
    study: Study, predictions: Mapping[str, np.ndarray], pairs: Sequence[tuple[str, str]], name: str
) -> tuple[list[Gain], list[Gain]]:
    """Return the gains on the training rows (out-of-fold) and on the test rows; `predictions` cover the table.

    Pairs are handed out in two halves, which changes nothing: all see the same resamples.
    """
    table = study.table
    halves = [list(half) for half in np.array_split(np.arange(len(pairs)), 2) if len(half)]
    pending: list[list[Pending[list[Gain]]]] = []
    for side, rows in (("training rows", table.scored), ("test rows", table.tested)):
        truth, handed = Truth.of(table, rows, study.metric, study.seed), []
        for half in halves:
            asked = [pairs[i] for i in half]
            part = {key: values[rows] for key, values in predictions.items() if any(key in pair for pair in asked)}
            handed.append(study.submit(paired_gains, truth, part, asked, name=f"{name}: {side}"))
        pending.append(handed)
    train, test = ([gain for one in handed for gain in one.result()] for handed in pending)
    return train, test


def judge(out_of_fold: Gain, p_adjusted: float, test: Gain, margin: float, *, confirm: bool = False) -> Judgement:
    """Return whether a gain matters.

    It does if Holm's adjusted p-value of the out-of-fold gain, where the power is, is below 0.05, that gain
    reaches the margin (the smallest difference that is worth acting on), and the test rows do not contradict it:
    the upper end of their interval reaches the margin too. Where the gain looks too large on the folds, as for a
    model that they chose, the test rows must `confirm` it: the lower end of their interval is above 0. `close` where
    moving these by a twentieth of half an interval would change the answer; `undecided` where it does not matter, but
    its interval holds both 0 and the margin, on the test rows where those alone stand against it.
    """
    rule = _Rule(margin, confirm)
    matters = rule.matters(out_of_fold.value, p_adjusted, test.ci)
    deciding = test if confirm and rule.seems(out_of_fold.value, p_adjusted) else out_of_fold
    undecided = not matters and deciding.ci[0] <= 0 and deciding.ci[1] >= margin
    deviate = float(ndtri(1 - min(p_adjusted, 1.0) / 2)) if p_adjusted > 0 else np.inf
    shift = TOLERANCE * float(ndtri(1 - ALPHA / 2))
    for a, b, c in product((-1, 0, 1), repeat=3):
        p = float(2 * (1 - ndtr(max(deviate + b * shift, 0.0))))
        moved = c * TOLERANCE * test.half
        gain, on_test = out_of_fold.value + a * TOLERANCE * out_of_fold.half, (test.ci[0] + moved, test.ci[1] + moved)
        if rule.matters(gain, p, on_test) != matters:
            names = ((a, "the margin"), (b, "the level of significance"), (c, "a contradiction on the test rows"))
            near = [word for moved, word in names if moved]
            return Judgement(matters, undecided, " and ".join(near))
    return Judgement(matters, undecided, None)


@dataclass(frozen=True)
class _Rule:
    """When a gain matters."""

    margin: float
    confirm: bool

    def seems(self, gain: float, p_adjusted: float) -> bool:
        """Return whether the folds say that it does."""
        return p_adjusted < ALPHA and gain >= self.margin

    def matters(self, gain: float, p_adjusted: float, test: tuple[float, float]) -> bool:
        """Return whether it does, given its interval on the test rows."""
        return bool(self.seems(gain, p_adjusted) and test[1] >= self.margin and (test[0] > 0 or not self.confirm))


def adjusted(gains: Sequence[Gain], tested: Sequence[bool]) -> list[float | None]:
    """Return Holm's adjusted p-value of each gain that was tested, None for the others."""
    values = iter(holm([gain.p_value for gain, use in zip(gains, tested, strict=True) if use]))
    return [next(values) if use else None for use in tested]
