"""Negative controls: the same machinery where there is nothing to find.

Once the target is shuffled, no cause may matter; and a column of pure noise beside the real features may neither
bend nor interact. If either shows an effect, the findings of this run are not to be trusted.
"""

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

import numpy as np

from pipelines.causes.plan import Plan
from pipelines.core.keys import SERIES
from pipelines.core.submit import apart_where, run_now
from pipelines.core.table import Table, slow_in_threads
from pipelines.experiments.experiment import Experiment, Given, of_labels
from pipelines.facts.reflect.controls import ControlAttribution, Controls, Noise, Shuffled
from pipelines.inputs import level_codes
from pipelines.ladder.effects import Contrast, effects
from pipelines.ladder.interactions import interaction_facts
from pipelines.ladder.ladder import ladder
from pipelines.ladder.linear import fit_rows
from pipelines.ladder.shapes import shape_facts
from pipelines.ladder.study import Study
from pipelines.metrics import Metric
from pipelines.models.folds import fitted_folds

ROWS = 2_000  # training rows, and half as many test rows, that the controls run on
FEATURES = 12  # that they keep
NOISE = "pure noise"  # the added column's name


def control_facts(study: Study) -> Controls:
    """Return what the same machinery finds where there is nothing to find.

    `attribution` is the ladder's on a shuffled target; `shape` and `interaction` say whether the noise column alone,
    or a pair with it, seems to matter with the real one. `passed` if neither has an effect.
    """
    small = _small(study.table, study.seed)
    asked = small, study.metric, study.margin, study.seed
    mixed = study.submit(shuffled, *asked, name="control: shuffled target")
    added = study.submit(noise, *asked, name="control: noise column")
    passed = not (mixed.result()["effect"] or added.result()["effect"])
    return {
        "passed": passed, "rows": int(small.scored.sum()), "features": len(small.features),
        "shuffled": mixed.result(), "noise": added.result(),
    }  # fmt: skip


@apart_where(slow_in_threads)
def shuffled(table: Table, metric: Metric, smallest: float, seed: int) -> Shuffled:
    """Return what the ladder attributes to each cause when the target is shuffled."""
    frame = table.frame.copy()
    for split in ("train", "test"):
        rows = np.flatnonzero(frame["split"] == split)
        order = _mixed(table, rows, np.random.default_rng([seed, len(rows)]))
        frame.loc[frame.index[rows], "y_true"] = _dealt_again(table, rows, order)
    study = Study(Table(frame, table.target), metric, smallest, seed, run_now)
    climbed = ladder(study, linear_baseline(study.table))
    tested = {one.rung for one in climbed.decisions}
    contrasts = [
        Contrast(climbed.predictions[below], climbed.predictions[rung], applies=rung in tested)
        for below, rung in pairwise(climbed.route.rungs)
    ]
    attribution: list[ControlAttribution] = [
        {
            "factor": rung,
            "gain": one.gain.value,
            "p_adjusted": one.p_adjusted,
            "matters": one.p_adjusted is not None and one.judgement.matters,
        }
        for rung, one in zip(climbed.route.rungs[1:], effects(study, contrasts, "control"), strict=True)
    ]
    return {"attribution": attribution, "effect": any(item["matters"] for item in attribution)}


def _mixed(table: Table, rows: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return the rows in random order; of several series each within itself, since they differ in size and spread."""
    if SERIES not in table.frame:
        return rng.permutation(rows)
    codes, order = level_codes(table.frame[SERIES])[rows], rows.copy()
    for one in np.unique(codes):
        order[codes == one] = rng.permutation(rows[codes == one])
    return order


def _dealt_again(table: Table, rows: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Return the target of the rows `order` for the rows `rows`; of series its distance from the level."""
    level = table.target.offset(table.x)
    if level is None:
        return table.y[order]
    # With signs at random, or a lopsided target would stay lopsided, and its median something to find.
    signs = np.random.default_rng(len(order)).choice([-1.0, 1.0], len(order))
    return table.target.inverse(level[rows] + signs * (table.target.label(table.y) - level)[order])


@apart_where(slow_in_threads)
def noise(table: Table, metric: Metric, smallest: float, seed: int) -> Noise:
    """Return whether a column of normal noise seems to bend, or to interact with a real feature."""
    column = np.random.default_rng([seed, 1]).standard_normal(len(table.frame))
    study = Study(Table(table.frame.assign(**{NOISE: column}), table.target), metric, smallest, seed, run_now)
    climbed = ladder(study, linear_baseline(study.table))
    shapes, pairs = shape_facts(study, climbed), interaction_facts(study, climbed)
    bends = any(item["matters"] for item in shapes if item["feature"] == NOISE)
    meets = any(item["matters"] for item in pairs if NOISE in item["features"])
    return {"shape": bends, "interaction": meets, "effect": bends or meets}


def _small(table: Table, seed: int) -> Table:
    """Return a small table: few features, few rows, and of a rare class as many as can be."""
    kept = table.features if table.forward else table.features[:FEATURES]
    frame = table.frame[[*(name for name in table.frame if name not in table.features), *kept]]
    rng = np.random.default_rng(seed)
    keep: list[np.ndarray] = []
    for split, most in (("train", ROWS), ("test", ROWS // 2)):
        rows = np.flatnonzero(frame["split"] == split)
        rows = rng.permutation(rows)
        keep.append(rows[table.target.rare_first(table.y[rows], most)])
    small = frame.iloc[np.sort(np.concatenate(keep))].reset_index(drop=True)
    return replace(table, frame=small)


def linear_baseline(table: Table) -> np.ndarray:
    """Return the linear baseline's predictions: out-of-fold, and fold means for test rows."""
    prediction = table.target.zeros(len(table.y))
    folds = fitted_folds(table)
    for fold in folds:
        fit, out, test = table.fits(fold), table.fold == fold, table.tested
        predicted = table.target.inverse(fit_rows(Plan(), table, fit).raw)
        prediction[out] = predicted[out]
        if not table.forward:
            prediction[test] += predicted[test] / len(folds)
    return prediction


def _run(given: Given) -> Mapping[str, object]:
    return {"controls": control_facts(given.study)}


# Groups have controls of their own, which stand in the same place.
CONTROLS = Experiment("controls", _run, applies=of_labels, otherwise={}, longest=2.5, early=True)
