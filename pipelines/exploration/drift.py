"""Do test rows look like training rows? A small model tries to distinguish them."""

import numpy as np
import pandas as pd

from pipelines.core.submit import Submit
from pipelines.core.table import FOLDS, Table
from pipelines.duplicates import identical_features, kept_together
from pipelines.exploration.intervals import QuickTruth
from pipelines.facts.eda.rows import Drift, UnseenLevels
from pipelines.inputs import is_category, level_codes
from pipelines.metrics import look_at
from pipelines.targets import Event

MAX_ROWS = 10_000  # of each side
MAX_CELLS = 2_000_000  # rows times columns: wide tables get fewer rows
FEWEST = 500  # rows of each side kept however wide the table
THRESHOLD = 0.55  # of AUC: weaker differences hardly move a score
NEAR = 0.01  # of the threshold: said to be close
COPIED = 0.1  # of the rows: fewer copies hardly move a score
ROUNDS = 60
SETTINGS = {  # being a test row is the event
    "objective": Event.engines["lightgbm"]["objective"], "learning_rate": 0.1, "num_leaves": 15,
    "min_data_in_leaf": 50, "min_data_per_group": 100, "cat_smooth": 50.0, "verbosity": -1,
    "num_threads": 1, "deterministic": True, "force_col_wise": True,
}  # fmt: skip
SHOWN = 10  # features listed
RARE_TEST_ROWS = 5  # test rows with unknown levels from which a column is listed


def find_drift(table: Table, seed: int, submit: Submit, same: np.ndarray | None = None) -> Drift:
    """Return the facts of the adversarial validation (Pan et al. 2020, arXiv:2004.03045).

    `same` numbers the rows that are equal in all features, int64 of shape (rows,), where that is known already.

    `auc` of a boosted model that distinguishes test from training rows, out of fold, with its interval `ci`; `drifted`
    where the interval's lower end is above `threshold`, `close` where that end is near it; `features` [{feature,
    share}] by share of the model's splitting gain; `unseen_levels` [{feature, rows}], the test rows whose category no
    training row has. Rows of one group, and copies of one row where there are many, are in one fold and count as one
    observation: who has seen one of them knows the side of the others. So are the rows of one stretch of time where
    folds go forward: what the series have in common at a moment says when it was, and so the side of all of them.
    """
    table = table.moving()
    together = _together(table, same)
    rows, test, fold = _deal(table, together, seed)
    x = _matrix(table.x.iloc[rows])
    categories = [i for i, name in enumerate(table.features) if name in set(table.categorical)]
    group = None if together is None else together[rows]
    pending = [
        submit(tell_apart, x, test, fold, held, categories, seed, name=f"drift fold {held}") for held in range(FOLDS)
    ]
    prediction, gains = np.zeros(len(rows)), np.zeros(len(table.features))
    for held, work in enumerate(pending):
        prediction[fold == held], part = work.result()
        gains += part
    auc = QuickTruth(look_at(Event.name), test.astype(np.float64), fold, group).score(prediction)
    order = np.argsort(-gains, kind="stable")[:SHOWN]
    total = max(float(gains.sum()), 1e-300)
    return {
        "auc": auc.value, "ci": auc.ci, "threshold": THRESHOLD,
        "drifted": auc.lo > THRESHOLD, "close": abs(auc.lo - THRESHOLD) <= NEAR,
        "rows": {"train": int((~test).sum()), "test": int(test.sum())},
        "features": [{"feature": table.features[i], "share": float(gains[i] / total)} for i in order if gains[i] > 0],
        "unseen_levels": _unseen(table),
    }  # fmt: skip


def tell_apart(
    x: np.ndarray, test: np.ndarray, fold: np.ndarray, held: int, categories: list[int], seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the log-odds of being a test row for the rows of fold `held`, and each column's splitting gain.

    `x` (rows, columns) float64, `test` (rows,) bool, `fold` (rows,) int64.
    """
    import lightgbm

    fit = fold != held
    if len(np.unique(test[fit])) < 2:  # noqa: PLR2004 - nothing to distinguish
        return np.zeros(int((~fit).sum())), np.zeros(x.shape[1])
    quiet = {"verbosity": -1}
    data = lightgbm.Dataset(x[fit], test[fit].astype(np.float64), categorical_feature=categories, params=quiet)
    model = lightgbm.train(SETTINGS | {"seed": seed}, data, num_boost_round=ROUNDS)
    prediction = np.asarray(model.predict(x[~fit], raw_score=True, num_threads=1), np.float64)
    return prediction, np.asarray(model.feature_importance("gain"), np.float64)


def _together(table: Table, same: np.ndarray | None) -> np.ndarray | None:
    """Return each row's stretch of time, its group, or what many are copies of; None where rows stand alone."""
    if table.forward:
        return table.unit
    if table.group is not None:
        return table.group
    same = identical_features(table.known, len(table.y)) if same is None else same
    if (np.bincount(same)[same] > 1).mean() < COPIED:
        return None
    units, _ = kept_together(table.known, same)
    return units if (np.bincount(units)[units] > 1).mean() >= COPIED else None


def _deal(table: Table, together: np.ndarray | None, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the rows used, which of them are test rows, and the fold of each; a group's rows share a fold."""
    rng = np.random.default_rng(seed)
    test = table.tested
    cap = int(np.clip(MAX_CELLS // max(len(table.features), 1) // 2, FEWEST, MAX_ROWS))
    sides = [np.flatnonzero(test == side) for side in (False, True)]
    rows = np.sort(np.concatenate([rng.permutation(side)[:cap] for side in sides]))
    chosen = test[rows]
    fold = np.empty(len(rows), np.int64)
    if together is not None:
        groups, place = np.unique(together[rows], return_inverse=True)
        fold = (rng.permutation(len(groups)) % FOLDS)[place]
    else:
        for side in (False, True):
            fold[chosen == side] = rng.permutation(int((chosen == side).sum())) % FOLDS
    return rows, chosen, fold


def _matrix(x: pd.DataFrame) -> np.ndarray:
    """Return the features as float64 (rows, columns): numbers as they are, categories as codes, NaN where missing."""
    matrix = np.empty(x.shape)
    for i, name in enumerate(x.columns):
        column = x[name]
        if is_category(column):
            codes = level_codes(column)
            matrix[:, i] = np.where(codes >= 0, codes, np.nan)
        else:
            matrix[:, i] = column.to_numpy(np.float64)
    return matrix


def _unseen(table: Table) -> list[UnseenLevels]:
    """Return the categories whose test rows hold levels without a training row."""
    test = table.tested
    facts: list[UnseenLevels] = []
    for name in table.categorical:
        codes = level_codes(table.frame[name])
        seen = np.unique(codes[~test])
        rows = int((~np.isin(codes[test], seen) & (codes[test] >= 0)).sum())
        if rows >= RARE_TEST_ROWS:
            facts.append({"feature": name, "rows": rows})
    return facts
