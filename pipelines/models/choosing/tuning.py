"""Tuning LightGBM: a seeded search by number of trials, started from settings known to be good on tables.

Tree-structured Parzen estimator (Bergstra et al. 2011; Optuna's, multivariate), on a part of the training rows and two
of the shared folds. The search ends after its first trials if none at random beats the starting settings. Never by
clock, so a rebuild searches the same way. Losses are rounded before the search sees them, and settings before LightGBM
does, so that another processor's last digits do not lead it elsewhere.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from pipelines.core.submit import Submit
from pipelines.core.table import Table
from pipelines.facts.strong import Tuning
from pipelines.models.families import variants
from pipelines.models.folds import fit_fold
from pipelines.models.lightgbm import LightGBMLearner, lightgbm_portfolio
from pipelines.models.model import Settings
from pipelines.models.size import Level, Size

TRIALS: dict[Level, int] = {"quick": 0, "standard": 20, "thorough": 80}
ROWS = 10_000  # of the training rows; which settings are good hardly changes beyond
FOLDS = (0, 1)
AT_RANDOM = 8  # trials before the search begins to learn, the starting settings among them
MIN_EVIDENCE = 2_000  # rows outside the commonest class (or all rows of a regression); with fewer, settings look alike
FASTER = 2.0  # times the learning rate of the model itself: a trial takes half as long
DIGITS = 4  # of a loss, and of a setting
EDGE = 0.05  # of a range, on its own scale: an optimum so near its end may lie beyond

SPACE: dict[str, tuple[float, float, str]] = {  # smallest, largest, scale
    "num_leaves": (4, 255, "log integer"),
    "min_data_in_leaf": (2, 200, "log integer"),
    "lambda_l2": (0.1, 100.0, "log"),
    "feature_fraction": (0.2, 1.0, "linear"),
}


@dataclass(frozen=True)
class Tuned:
    """The outcome of a search: `facts` hold `trials`, and `why` where there were none, or all that `tune` returns."""

    settings: Settings | None  # None where nothing better than one of the starting settings was found
    facts: Tuning


def tune(table: Table, size: Size, seed: int, submit: Submit) -> Tuned | None:
    """Return the best settings found for a table's training rows; None where the effort has no trials.

    So it is where no model of such rows takes settings that a search finds. `best` and `best_start` in the facts are
    mean losses on the rows that were searched on, so the search looks better there than it is.
    """
    trials = TRIALS[size.level]
    # Of stretches of time one after another no two stand for the others.
    if not trials or table.forward or not any_searched(table):
        return None
    part = _part(table, seed)
    if size.target.evidence(part.y) < MIN_EVIDENCE:
        rows = "rows" if size.target.evidence(part.y) == len(part.y) else "rows outside the commonest class"
        return Tuned(None, {"trials": 0, "why": f"fewer than {MIN_EVIDENCE:,} {rows} to judge settings by"})
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    starts = lightgbm_portfolio(size)
    own = starts["lightgbm"]
    sampler = optuna.samplers.TPESampler(seed=seed, multivariate=True, n_startup_trials=AT_RANDOM)
    study = optuna.create_study(sampler=sampler)
    for start in starts.values():
        study.enqueue_trial({name: start[name] for name in SPACE})
    losses: list[float] = []
    for number in range(trials):
        if number == AT_RANDOM and min(losses[len(starts) :]) >= min(losses[: len(starts)]):
            break
        trial = study.ask()
        settings = {name: _suggest(trial, name) for name in SPACE} | {"learning_rate": FASTER * own["learning_rate"]}
        learner = LightGBMLearner(own | settings, "lightgbm_tuned")
        pending = [submit(fold_loss, learner, part, fold, seed, name=f"trial {number} fold {fold}") for fold in FOLDS]
        losses.append(_rounded(float(np.mean([one.result() for one in pending]))))
        study.tell(trial, losses[-1])
    best = own | {name: _rounded(study.best_params[name]) for name in SPACE}
    same = [name for name, start in starts.items() if all(start[key] == best[key] for key in SPACE)]
    return Tuned(
        None if same else best,
        {
            "trials": len(losses),
            "rows": int(part.trained.sum()),
            "folds": len(FOLDS),
            "started_from": list(starts),
            "best_start": min(losses[: len(starts)]),
            "best": min(losses),
            "ended_at": same[0] if same else None,
            "settings": {name: best[name] for name in SPACE},
            "at_the_edge": [name for name in SPACE if _at_edge(name, best[name])],
        },
    )


def any_searched(table: Table) -> bool:
    """Return whether there is a model for such rows that takes settings of a search."""
    return any(one.searched and one.rows in (table.target.rows, table.rows_are) for one in variants())


def fold_loss(learner: LightGBMLearner, table: Table, fold: int, seed: int) -> float:
    """Return the mean loss on a fold's rows of the model fitted without them."""
    fitted = fit_fold(learner, table, fold, seed)
    return float(table.target.loss(table.y[table.fold == fold], fitted.held_out).mean())


def _part(table: Table, seed: int) -> Table:
    """Return at most ROWS of the training rows, drawn at random, in the table's order."""
    places = np.flatnonzero(table.trained)
    if len(places) > ROWS:
        places = np.sort(np.random.default_rng(seed).choice(places, ROWS, replace=False))
    return Table(table.frame.iloc[places].reset_index(drop=True), table.target)


def _suggest(trial: Any, name: str) -> float:  # noqa: ANN401 - an Optuna trial
    low, high, scale = SPACE[name]
    if scale == "log integer":
        return int(trial.suggest_int(name, int(low), int(high), log=True))
    return _rounded(trial.suggest_float(name, low, high, log=scale == "log"))


def _rounded(value: float) -> float:
    """Return a float with DIGITS significant digits; a whole number as it is."""
    return value if isinstance(value, int) else float(f"{value:.{DIGITS}g}")


def _at_edge(name: str, value: float) -> bool:
    """Return whether a value lies within EDGE of either end of its range."""
    low, high, scale = SPACE[name]
    if scale != "linear":
        low, high, value = np.log(low), np.log(high), np.log(value)
    return not EDGE <= (value - low) / (high - low) <= 1 - EDGE
