"""The ladder of groups where there is nothing to find: on a shuffled outcome, or on rows of one Gaussian."""

from itertools import pairwise

import numpy as np

from pipelines.causes.groups import OF_GROUPS
from pipelines.causes.plan import Plan
from pipelines.core.submit import apart, run_now
from pipelines.core.table import Table
from pipelines.experiments.signal import signal_facts
from pipelines.facts.reflect.controls import ControlAttribution, Controls, Shuffled
from pipelines.groups.columns import Scaling
from pipelines.groups.nulls import one_gaussian
from pipelines.ladder.effects import Contrast, effects
from pipelines.ladder.ladder import ladder
from pipelines.ladder.linear import fit_rows
from pipelines.ladder.route import BASELINE
from pipelines.ladder.study import Study
from pipelines.metrics import Metric
from pipelines.models.folds import fitted_folds
from pipelines.models.grouped.way import grouped_target

ROWS = 1_500  # training rows, and half as many test rows, that the control runs on


def control_facts(study: Study, *, passed: bool) -> Controls:
    """Return what the ladder finds where there is nothing; `passed` says whether other controls were."""
    small = _small(study.table, study.seed)
    empty = without_causes(small, study.seed)
    asked = empty, study.metric, study.margin, study.seed
    found = study.submit(climbed, *asked, name="control: groups of nothing").result()
    return {
        "passed": passed and not found["effect"], "rows": int(small.scored.sum()), "features": len(small.features),
        "shuffled": found,
    }  # fmt: skip


def without_causes(table: Table, seed: int) -> Table:
    """Return the table with its outcome shuffled, or, without one, with rows of one Gaussian that is as correlated."""
    rng = np.random.default_rng([seed, len(table.y)])
    if grouped_target(table.target).scored:
        frame = table.frame.copy()
        for rows in (np.flatnonzero(table.trained), np.flatnonzero(table.tested)):
            frame.loc[frame.index[rows], "y_true"] = table.y[rng.permutation(rows)]
        return Table(frame, table.target)
    values = table.x.to_numpy(np.float64)
    scaled, _ = Scaling.fit(values, rng).apply(values, rng)
    drawn = one_gaussian(scaled, rng)
    columns = {name: drawn[:, place] for place, name in enumerate(table.features)}
    return Table(table.frame.assign(**columns), table.target)


@apart
def climbed(table: Table, metric: Metric, smallest: float, seed: int) -> Shuffled:
    """Return what the ladder attributes to each cause of a table without any.

    One Gaussian has correlations, so without an outcome that cause may matter. Groups that predict worse than a
    constant are improved by fewer of them, which is no effect: without a signal nothing matters, as in the ladder.
    """
    study = Study(table, metric, smallest, seed, run_now)
    found = ladder(study, _baseline(table))
    signal = signal_facts(study, found.predictions[BASELINE], found.top, found.top)
    tested = {one.rung for one in found.decisions}
    contrasts = [
        Contrast(found.predictions[below], found.predictions[rung], applies=rung in tested)
        for below, rung in pairwise(found.route.rungs)
    ]
    attribution: list[ControlAttribution] = [
        {
            "factor": rung, "gain": one.gain.value, "p_adjusted": one.p_adjusted,
            "matters": one.p_adjusted is not None and one.judgement.matters,
        }
        for rung, one in zip(found.route.rungs[1:], effects(study, contrasts, "control"), strict=True)
    ]  # fmt: skip
    honest = set() if grouped_target(table.target).scored else {cause.name for cause in OF_GROUPS[:3]}
    return {
        "attribution": attribution,
        "effect": signal["present"] and any(one["matters"] for one in attribution if one["factor"] not in honest),
    }


def _baseline(table: Table) -> np.ndarray:
    """Return the baseline's predictions: out-of-fold, and fold means for test rows."""
    prediction = np.zeros(len(table.y))
    folds = fitted_folds(table)
    for fold in folds:
        raw = fit_rows(Plan(), table, table.fits(fold)).raw
        prediction[table.fold == fold] = raw[table.fold == fold]
        prediction[table.tested] += raw[table.tested] / len(folds)
    return prediction


def _small(table: Table, seed: int) -> Table:
    """Return some of the rows, drawn at random."""
    rng = np.random.default_rng(seed)
    sides = ((table.trained, ROWS), (table.tested, ROWS // 2))
    kept = [rng.permutation(np.flatnonzero(side))[:most] for side, most in sides]
    return Table(table.frame.iloc[np.sort(np.concatenate(kept))].reset_index(drop=True), table.target)
