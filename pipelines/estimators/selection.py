"""Which of several models to take, by their scores on the shared folds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipelines.core.table import Table
from pipelines.statistics.foldwise import gain_over_folds
from pipelines.statistics.metrics import Metric

SURE = 1.645  # standard errors: a one-sided test at 5 %


@dataclass(frozen=True)
class Choice:
    """The model taken, why, and how far the others are behind the best."""

    name: str
    why: str  # a sentence without numbers; they are in `ranking`
    ranking: list[dict[str, Any]]  # best first: name, behind, standard_error, tied


def choose(
    scores: Mapping[str, np.ndarray], metric: Metric, preference: Sequence[str], margin: float = np.inf
) -> Choice:
    """Return the best model by mean score over folds, or one tied with it that `preference` names earlier.

    `scores` maps a model to its score on each fold, shape (folds,), NaN where undefined. A model is tied with the
    best where the mean of the paired fold differences is at most one standard error of that mean: the
    one-standard-error rule (Breiman et al. 1984, section 3.4.3), on differences, since all models meet the same
    easy and hard folds. A model further behind than `margin`, the smallest difference anyone would act on, never is.
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


def beats(table: Table, metric: Metric, other: np.ndarray, best: np.ndarray, seed: int) -> dict[str, Any]:
    """Return `{gain, standard_error, kept}`: whether one model's predictions beat another's beyond chance, out of fold.

    `other` and `best` are predictions of all rows of the table. `kept` is a one-sided test at 5 % on all training rows
    (see `gain_over_folds`); five fold differences alone tell next to nothing: with the mean above one standard error
    of theirs, useless means of equal models were kept every second time in simulations.
    """
    rows = table.fold >= 0
    group = None if table.group is None else table.group[rows]
    gain, error = gain_over_folds(
        metric, table.y[rows], best[rows], other[rows], table.fold[rows], seed=seed, group=group
    )
    return {"gain": gain, "standard_error": error, "kept": bool(gain > SURE * error)}


def _behind(name: str, gains: np.ndarray) -> dict[str, Any]:
    """Return how far a model is behind the best, positive is worse, from the paired differences of the folds."""
    known = gains[np.isfinite(gains)]
    behind = float(known.mean())
    error = float(known.std(ddof=1) / np.sqrt(len(known))) if len(known) > 1 else 0.0
    return {"name": name, "behind": behind, "standard_error": error, "tied": behind <= error}


def _why(chosen: str, best: str, tied: list[str]) -> str:
    if chosen != best:
        return (
            f"{best} has the best mean score over the folds, but by no more than one standard error of the "
            f"paired fold differences; {chosen} is cheaper to run and to explain"
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
