"""Leaks of the split: rows that are nearly those trained on, and a future that was trained on. Confirmed by refitting.

A split at random lets a model see near copies of the rows that it predicts, or rows later than these; in use it will
have neither. To measure how much of the score comes from them, a quick model is fitted once with such rows and once
without, on equally many rows, and predicts the same rows.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

import numpy as np
import pandas as pd

from pipelines.core.table import Table
from pipelines.experiments.belonging import one_thing
from pipelines.experiments.experiment import Experiment, Given, of_labels
from pipelines.experiments.neighbours import in_order
from pipelines.experiments.refitted import MIN_ROWS, Question, measured, scorable, untested
from pipelines.facts.define import DefineFacts
from pipelines.facts.reflect.split_leaks import DatesTested, SplitLeak, SplitLooked
from pipelines.inputs import counts_days, is_category, level_codes, level_names
from pipelines.ladder.fitting import thinned
from pipelines.ladder.study import Study
from pipelines.models.quick import Rows
from pipelines.splits import SPLITS

ASKED = 3_000  # training rows that are asked for their nearest neighbour in another fold
BY_CHANCE = 300  # of them that are also asked where every column is shuffled
NEAR = 0.1  # of the median distance there: nearer than that nothing comes by chance
MIN_FEATURES = 3  # with fewer, many rows are near each other
MIN_SHARE = 0.01  # of the rows asked that must have a near copy before it is worth a refit
DATES = 3  # that rows are put in order by: each costs ten fits
LATER = 0.2  # share of the training rows that counts as the future
DATED = 200_000  # training rows that order in time is judged on; more are thinned
PARTS = 5  # of the future, each predicted by a model that saw the others


def split_leak_facts(study: Study, define: DefineFacts) -> list[SplitLeak]:
    """Return one entry for near copies, and one for each of the first DATES dates where the split is not by time.

    Rows of one thing and neighbours in an order come first, where there are any. `share` of the `rows` asked have a
    near copy in another fold, belong to the future, or to a thing that is in another fold too. `gain`, paired over the
    same rows, is how much of the score comes from the leak. Test rows play no part.
    """
    table, asked = study.table, Question(study.metric, study.margin, study.seed)
    dates = _dates(define)[:DATES]
    pending = [study.submit(near_copies, table, asked, name="leaks: near copies")]
    pending += [study.submit(time_order, table, name, asked, name=f"leaks: order by {name}") for name in dates]
    found = [one.result() for one in pending]
    if SPLITS[define["split"]["kind"]].later:
        return found
    together = study.submit(one_thing, table, asked, name="leaks: rows of one thing")
    beside = study.submit(in_order, table, _dates(define), asked, name="leaks: neighbours")
    return [*([] if (one := together.result()) is None else [one]), *beside.result(), *found]


def dates_tested_facts(define: DefineFacts) -> DatesTested:
    """Return by how many of the dates the order in time is judged."""
    return {"dates": min(len(_dates(define)), DATES), "of": len(_dates(define))}


def _dates(define: DefineFacts) -> list[str]:
    names = [str(one["name"]) for one in define["features"] if counts_days(one)]
    return [] if SPLITS[define["split"]["kind"]].later else names


def near_copies(table: Table, by: Question) -> SplitLeak:
    """Return how much of the score on rows with near copies in other folds comes from those copies."""
    training = np.flatnonzero(table.scored)
    rng = np.random.default_rng([by.seed, 2])
    asked = np.sort(rng.permutation(training)[:ASKED])
    looked = _looked("near copies", None, len(asked), len(training))
    if len(table.features) < MIN_FEATURES:
        return {**looked, **untested(f"fewer than {MIN_FEATURES} features")}
    space = rank_space(table.x, by.seed)
    limit = NEAR * _chance_distance(space[training], rng)
    if limit == 0:
        return {**looked, **untested("values repeat so often that rows are alike by chance")}
    near = {int(fold): _near(space, table, asked, int(fold), limit) for fold in np.unique(table.fold[training])}
    copied = np.concatenate([rows[has] for rows, has, _ in near.values()])
    looked["share"] = len(copied) / len(asked)
    if looked["share"] < MIN_SHARE:
        return {**looked, **untested("hardly any row has a near copy")}
    if not scorable(table, copied):
        return {**looked, **untested("too few rows with a near copy to score on")}
    without, control = [], []
    for fold, (rows, has, copies) in near.items():
        fit = training[table.fold[training] != fold]
        others = fit[~np.isin(fit, copies)]
        without.append(Rows(others, rows[has]))
        control.append(Rows(np.sort(rng.permutation(fit)[: len(others)]), rows[has]))
    return {**looked, **measured(table, by, control, without)}


def time_order(table: Table, name: str, by: Question) -> SplitLeak:
    """Return how much of the score on the latest training rows comes from models that saw rows of their time or later.

    Of more than DATED rows, as many of them, evenly spaced.
    """
    training = np.flatnonzero(table.scored)
    dated = training[np.isfinite(table.x[name].to_numpy(np.float64)[training])]
    training = thinned(dated, table, DATED)
    moments = table.x[name].to_numpy(np.float64)[training]
    order = np.argsort(moments, kind="stable")
    looked = _looked("time order", name, len(training), len(dated))
    if not len(order):
        return {**looked, **untested("no row has a date")}
    border = moments[order][int((1 - LATER) * len(order))]
    future, past = training[moments >= border], training[moments < border]
    looked["share"] = len(future) / len(training)
    if len(past) < MIN_ROWS or not scorable(table, future):
        return {**looked, **untested("too few rows before or after to fit and to score")}
    rng = np.random.default_rng([by.seed, 3])
    part = rng.permutation(len(future)) % PARTS
    with_future, without = [], []
    for number in range(PARTS):
        seen = np.concatenate([past, future[part != number]])
        with_future.append(Rows(np.sort(rng.permutation(seen)[: len(past)]), future[part == number]))
        without.append(Rows(past, future[part == number]))
    return {**looked, **measured(table, by, with_future, without)}


def _looked(kind: Literal["near copies", "time order"], feature: str | None, rows: int, of: int) -> SplitLooked:
    """Return what was looked at, and of how many rows where it is a sample; none of them has shown anything."""
    looked: SplitLooked = {"kind": kind, "feature": feature, "rows": rows, "share": 0.0}
    return looked if rows == of else {**looked, "of": of}


def rank_space(x: pd.DataFrame, seed: int) -> np.ndarray:
    """Return rows as points, float32 (rows, coordinates), equal values together and others far apart.

    Numbers by rank from 0 to 1, missing -0.5; each level of a category at a place of its own in a square.
    """
    rng = np.random.default_rng([seed, 4])
    columns: list[np.ndarray] = []
    for name in x.columns:
        values = x[name]
        if is_category(values):
            places = rng.random((len(level_names(values)) + 1, 2))
            columns.append(places[level_codes(values)])
        else:
            columns.append(values.rank(pct=True).fillna(-0.5).to_numpy(np.float64)[:, None])
    return np.concatenate(columns, axis=1).astype(np.float32)


def _chance_distance(space: np.ndarray, rng: np.random.Generator) -> float:
    """Return the median distance to the nearest neighbour where every coordinate is shuffled by itself."""
    shuffled = rng.permuted(space, axis=0)
    asked = min(BY_CHANCE, len(space) // 2)
    distance, _ = _nearest(shuffled[asked:], shuffled[:asked])
    return float(np.median(distance))


def _near(space: np.ndarray, table: Table, asked: np.ndarray, fold: int, limit: float) -> tuple[np.ndarray, ...]:
    """Return the fold's rows that are asked, which of them have a near copy outside it, and all such copies."""
    from sklearn.neighbors import NearestNeighbors

    rows = asked[table.fold[asked] == fold]
    fit = np.flatnonzero(table.fits(fold))
    found = (
        NearestNeighbors(radius=limit, algorithm="brute")
        .fit(space[fit])
        .radius_neighbors(space[rows], return_distance=False)
    )
    has = np.array([len(one) > 0 for one in found], bool)
    copies = fit[np.unique(np.concatenate([*found, np.empty(0, np.int64)]).astype(np.int64))]
    return rows, has, copies


def _nearest(among: np.ndarray, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    from sklearn.neighbors import NearestNeighbors

    distance, place = NearestNeighbors(n_neighbors=1, algorithm="brute").fit(among).kneighbors(points)
    return distance[:, 0], place[:, 0]


def _run(given: Given) -> Mapping[str, object]:
    define = given.facts["define"]
    # Between thinned rows few neighbours and copies are left.
    study = given.study if given.whole is None else replace(given.study, table=given.whole)
    return {"split_leaks": split_leak_facts(study, define), "dates_tested": dates_tested_facts(define)}


# What forecasts see of the future, the guard of step 1 has looked at.
SPLIT_LEAKS = Experiment(
    "split leaks", _run, applies=lambda given: of_labels(given) and not given.study.table.forward,
    otherwise={"split_leaks": [], "dates_tested": {"dates": 0, "of": 0}}, longest=2.0, early=True,
)  # fmt: skip
