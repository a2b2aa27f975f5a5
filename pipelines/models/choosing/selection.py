"""Which of several models to take, by their scores on the shared folds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from pipelines.core.table import Table
from pipelines.facts.strong import Rank
from pipelines.inference.foldwise import gain_over_folds
from pipelines.inference.truth import Truth
from pipelines.metrics.metric import Metric

SURE = 1.0  # standard errors within which a weighted mean and a single model are tied, as single models are


class Against(NamedTuple):
    """How much better one model is than another."""

    gain: float
    standard_error: float

    @property
    def better(self) -> bool:
        """Whether the gain is beyond noise."""
        return self.gain > SURE * self.standard_error

    @property
    def worse(self) -> bool:
        """Whether there is a loss, beyond noise."""
        return self.gain < -SURE * self.standard_error


@dataclass(frozen=True)
class Choice:
    """The model taken, why, and how far the others are behind the best."""

    name: str
    why: str  # a sentence without numbers; they are in `ranking`
    ranking: list[Rank]  # best first


def choose(
    scores: Mapping[str, np.ndarray], metric: Metric, preference: Sequence[str], margin: float = np.inf
) -> Choice:
    """Return the best model by mean score over folds, or one tied with it that `preference` names earlier.

    `scores` maps a model to its score on each fold, shape (folds,), NaN where undefined. A model is tied with the
    best where the mean of the paired fold differences is at most one standard error of that mean: the
    one-standard-error rule (Breiman et al. 1984, section 3.4.3), on differences, since all models meet the same
    easy and hard folds. A model further behind than `margin`, the smallest difference worth acting on, never is.
    """
    # `max` keeps the first of equals, so the preferred one.
    best = max(preference, key=lambda name: metric.gain(0.0, float(np.nanmean(scores[name]))))
    ranking = [_behind(name, metric.gain(scores[name], scores[best])) for name in preference]
    for entry in ranking:  # a model that is good on some folds and bad on others has a large error, and is no equal
        entry["tied"] = entry["tied"] and entry["behind"] <= margin
    ranking.sort(key=lambda entry: entry["behind"])
    tied = {entry["name"] for entry in ranking if entry["tied"]}
    chosen = next(name for name in preference if name in tied)
    return Choice(chosen, _why(chosen, best, [name for name in preference if name in tied]), ranking)


def chosen_elsewhere(
    scores: Mapping[str, np.ndarray], predictions: Mapping[str, np.ndarray], fold: np.ndarray, metric: Metric
) -> np.ndarray:
    """Return the predictions of the best model for each fold's rows, best being judged on the other folds alone.

    `scores` maps a model to its score on each fold, in order (folds,), `predictions` to its predictions out of fold,
    `fold` (rows,) numbers the folds, below 0 where a row is in none: its prediction is NaN. The best of several,
    chosen and judged on the same rows, looks too good (Cawley and Talbot 2010, JMLR 11, 2079-2107), and would be hard
    to beat for weights that were chosen on other rows than those that judge them.
    """
    names = list(scores)
    table = np.array([metric.gain(np.zeros_like(scores[name]), scores[name]) for name in names])
    found = np.full_like(predictions[names[0]], np.nan)
    for place, number in enumerate(np.unique(fold[fold >= 0])):
        others = np.delete(table, place, axis=1)
        known = np.isfinite(others).any(axis=0)  # a fold without events has no score
        best = names[int(np.argmax(others[:, known].mean(axis=1)))] if known.any() else names[0]
        found[fold == number] = predictions[best][fold == number]
    return found


def against(table: Table, metric: Metric, other: np.ndarray, best: np.ndarray, seed: int) -> Against:
    """Return how much better one model's predictions are than another's.

    `other` and `best` are predictions of all rows of the table, out of fold on training rows. Noise is one standard
    error on all training rows (see `gain_over_folds`), so of two equal models one is said to be better every sixth
    time; five fold differences alone show less: by their standard error it was every second time in simulations of
    useless weighted means.
    """
    rows = table.scored
    return Against(*gain_over_folds(Truth.of(table, rows, metric, seed), best[rows], other[rows]))


def _behind(name: str, gains: np.ndarray) -> Rank:
    """Return how far a model is behind the best, positive is worse, from the paired differences of the folds."""
    known = gains[np.isfinite(gains)]
    behind = float(known.mean())
    error = float(known.std(ddof=1) / np.sqrt(len(known))) if len(known) > 1 else 0.0
    return {"name": name, "behind": behind, "standard_error": error, "tied": behind <= error}


def _why(chosen: str, best: str, tied: list[str]) -> str:
    if chosen != best:
        return (
            f"{best} has the best mean score over the folds, but by no more than one standard error of the "
            f"paired fold differences; {chosen} is faster to run and easier to explain"
        )
    others = [name for name in tied if name != chosen]
    if others:
        return (
            f"{chosen} has the best mean score over the folds; within one standard error of the paired "
            f"fold differences: {', '.join(others)}"
        )
    return (
        f"{chosen} has the best mean score over the folds, by more than one standard error of the paired "
        f"fold differences"
    )
