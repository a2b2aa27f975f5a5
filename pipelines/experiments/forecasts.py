"""Forecasts: how far ahead each cause helps, what a look ahead would have shown, and what oracles would be worth.

Looks ahead are planted on purpose: a mean that ends one step before the target rather than at the origin, a mean about
the target, the value one step before it. A table with one of them looks better, sometimes by little; the guard of step
1 refuses it. Oracles are covariates of the target's own time that no one has in time: they say what better knowledge
could be worth, and enter no verdict.
"""

from collections.abc import Mapping
from itertools import pairwise
from typing import cast

import numpy as np
import pandas as pd

from pipelines.core.keys import SERIES, STEP, TIME
from pipelines.core.submit import Pending
from pipelines.core.table import TEST, Table
from pipelines.experiments.experiment import Experiment, Known
from pipelines.facts.define import ForecastFacts
from pipelines.facts.reflect.forecasts import ByStep, CauseAtStep, ForecastReasons, Piece
from pipelines.facts.shared import Estimate
from pipelines.inference.truth import Truth
from pipelines.inputs import level_codes
from pipelines.ladder.gains import paired_gains
from pipelines.ladder.ladder import Ladder
from pipelines.ladder.study import Study
from pipelines.metrics.prepared import Floats
from pipelines.models.boosting import MIN_HESSIAN, SHRINKAGE
from pipelines.models.folds import fold_data
from pipelines.models.levelled import LevelledLearner
from pipelines.models.lightgbm import FAMILY
from pipelines.targets.forecast import ORACLE, Forecast
from pipelines.targets.sampled import evenly

MOST_STEPS = 14  # reported one by one; of longer horizons neighbours together
TREES, LEAVES, RATE = 150, 31, 0.1
FIT_ROWS = 40_000
CENTRED = 3  # values on either side of the target


def _reasons(known: Known) -> Mapping[str, object]:
    study, facts = known.study, known.facts["define"]["forecast"]
    target = cast("Forecast", study.table.target)
    found: ForecastReasons = {
        "unit": "squared error" if target.aim == "mean" else "absolute error",
        "by_step": gains_by_step(study.table, known.ladder),
        "information": {"honest": 0.0, "pieces": []},
    }
    honest, pieces = worth_of_knowing(study, facts)
    found["information"] = {"honest": honest, "pieces": pieces}
    return {"forecasts": found}


def gains_by_step(table: Table, ladder: Ladder) -> list[ByStep]:
    """Return what each cause that was kept gains at each step ahead, on the training rows out of fold.

    Intervals are those of whole units, by Student's t.
    """
    rows = table.scored
    step = table.frame[STEP].to_numpy(np.int64)[rows]
    unit = table.frame["time_block"].to_numpy(np.int64)[rows]
    horizon = int(step.max())
    edges = np.unique(np.linspace(0, horizon, min(horizon, MOST_STEPS) + 1).round().astype(int))
    found: list[ByStep] = []
    for below, cause in pairwise(ladder.route.rungs):
        if ladder.predictions[below] is ladder.predictions[cause]:
            continue
        losses = [table.target.loss(table.y[rows], ladder.predictions[one][rows]) for one in (below, cause)]
        better = losses[0] - losses[1]
        steps: list[CauseAtStep] = [
            {"steps": int(high), "gain": mean_by_unit(better[some], unit[some])}
            for low, high in pairwise(edges)
            if (some := (step > low) & (step <= high)).any()
        ]
        sure = [one["gain"]["ci"][0] > 0 for one in steps]
        until = next((place for place, one in enumerate(sure) if not one), len(sure))
        found.append({
            "factor": cause, "steps": steps, "helps_until": steps[until - 1]["steps"] if until else None,
        })  # fmt: skip
    return found


def mean_by_unit(values: Floats, unit: np.ndarray) -> Estimate:
    """Return the mean of the rows' values with its interval by units."""
    from scipy.stats import t as student

    mean = float(values.mean())
    _, place = np.unique(unit, return_inverse=True)
    moved = np.bincount(place, values - mean) / len(values)
    count = len(moved)
    error = float(np.sqrt(np.square(moved).sum() * count / max(count - 1, 1)))
    half = float(student.ppf(0.975, max(count - 1, 1))) * error
    return {"value": mean, "ci": [mean - half, mean + half]}


def worth_of_knowing(study: Study, facts: ForecastFacts) -> tuple[float, list[Piece]]:
    """Return the quick model's score on the test rows, and what each piece of information would add to it."""
    table = study.table
    cheats = looks_ahead(table, facts["season"][0])
    oracles = {name.removeprefix(ORACLE): table.frame[name].to_numpy(np.float64) for name in table.target.methods
               if name.startswith(ORACLE)}  # fmt: skip
    pieces: list[tuple[str, str, dict[str, Floats]]] = [(name, "cheat", {name: one}) for name, one in cheats.items()]
    pieces += [(name, "oracle", {name: one}) for name, one in oracles.items()]
    if len(oracles) > 1:
        pieces.append(("all of them", "oracle", oracles))
    asked: list[dict[str, Floats]] = [{}, *(columns for *_, columns in pieces)]
    pending: list[Pending[Floats]] = [
        study.submit(quick_forecast, table, columns, study.seed, name=f"worth of knowing {number}")
        for number, columns in enumerate(asked)
    ]
    honest, *others = (one.result() for one in pending)
    tested = np.flatnonzero(table.tested)
    truth = Truth.of(table, tested, study.metric, study.seed)
    predictions = {"honest": honest} | {str(place): one for place, one in enumerate(others)}
    gains = paired_gains(truth, predictions, [("honest", str(place)) for place in range(len(others))])
    y = table.y[tested]
    found: list[Piece] = [
        {
            "name": name, "kind": cast("object", kind), "score": study.metric.score(y, prediction),  # type: ignore[typeddict-item]
            "gain": {"value": gain.value, "ci": list(gain.ci)},
        }
        for (name, kind, _), prediction, gain in zip(pieces, others, gains, strict=True)
    ]  # fmt: skip
    return study.metric.score(y, honest), found


def looks_ahead(table: Table, season: int) -> dict[str, Floats]:
    """Return features that use values between origin and target, (rows,), made on purpose."""
    frame = table.frame
    series = level_codes(frame[SERIES]).astype(np.int64)
    _, at = np.unique(frame[TIME].to_numpy("datetime64[s]"), return_inverse=True)
    grid = np.full((int(series.max()) + 1, int(at.max()) + 1), np.nan)
    raw = table.target.label(table.y)
    grid[series, at] = raw

    def shifted(by: int) -> Floats:
        moved = np.full(grid.shape, np.nan)
        if by > 0:
            moved[:, by:] = grid[:, :-by]
        elif by < 0:
            moved[:, :by] = grid[:, -by:]
        return moved[series, at]

    level = table.target.offset(table.x)
    base = level if level is not None else np.zeros(len(raw))
    last = [shifted(back) for back in range(1, season + 1)]
    about = [shifted(by) for by in range(-CENTRED, CENTRED + 1) if by]
    found = {
        f"the mean of the {season} steps before the target": _mean(last) - base,
        f"the mean of {CENTRED} steps on either side of it": _mean(about) - base,
    }
    horizon = int(frame[STEP].max())
    return found | ({"the value one step before it": shifted(1) - base} if horizon > 1 else {})


def _mean(several: list[Floats]) -> Floats:
    stacked = np.stack(several)
    there = np.isfinite(stacked)
    count = there.sum(axis=0)
    return np.divide(np.where(there, stacked, 0).sum(axis=0), count, out=np.full(len(count), np.nan), where=count > 0)


def quick_forecast(table: Table, columns: Mapping[str, Floats], seed: int) -> Floats:
    """Return the test rows' forecasts by a quick model of all features and these columns.

    It is fitted to all training rows, of many to FIT_ROWS.
    """
    target = cast("Forecast", table.target)
    data = fold_data(table, TEST, seed)
    added = pd.DataFrame(dict(columns), index=table.frame.index)
    fit = evenly(np.arange(len(data.y)), min(len(data.y), FIT_ROWS))
    x = pd.concat([data.x, added[table.fits(TEST)].set_axis(data.x.index)], axis="columns").iloc[fit]
    settings = {
        **target.engine(FAMILY.name), "learning_rate": RATE, "num_leaves": LEAVES, "lambda_l2": SHRINKAGE,
        "min_sum_hessian_in_leaf": MIN_HESSIAN, "min_data_in_leaf": 20, "feature_fraction": 0.7,
    }  # fmt: skip
    learner = LevelledLearner(settings, target=target)
    part = type(data)(x, data.y[fit], x.iloc[:0], data.y[:0], data.seed, trees=TREES)
    model = learner.grow(part).stopped_at(TREES)
    rows = table.tested
    return model.predict(pd.concat([table.x[rows], added[rows]], axis="columns"))


FORECASTS = Experiment(
    "forecasts", _reasons, applies=lambda known: known.study.table.forward, otherwise={}, longest=2.0
)
