"""How far the score could still rise: a learning curve, extrapolated with honest width, and whether more rows pay."""

from functools import partial
from itertools import combinations
from typing import NamedTuple

import numpy as np

from pipelines.causes.plan import Plan
from pipelines.core.submit import Pending
from pipelines.core.table import Table
from pipelines.experiments.ceiling import ceiling_facts
from pipelines.experiments.signal import CONSTANT, best_constant
from pipelines.facts.reflect import Advice, Agreement, Ceiling, Headroom
from pipelines.inference.bootstrap import resample
from pipelines.inference.foldwise import prepare_over_folds, score_over_folds
from pipelines.inference.truth import Draw
from pipelines.ladder.fitting import FittedPlan, Part, inside, thinned
from pipelines.ladder.ladder import LADDER, Standing
from pipelines.ladder.linear import fit_plan
from pipelines.ladder.study import Study
from pipelines.metrics import Metric
from pipelines.metrics.ranks import mid_ranks
from pipelines.models import on_top
from pipelines.models.folds import fold_numbers
from pipelines.models.quick import Rows, quick_model

SHARES = (0.125, 0.25, 0.5, 1.0)  # of the rows that a fold's models are fitted to
MIN_ROWS = 100  # that a point of the curve needs
RATES = (0.25, 0.5, 0.75, 1.0)  # powers of 1/rows by which errors shrink: slowly in rough problems, fast in smooth ones
REFITTING = 0.15  # of a score's standard error: what fitting to other rows moves a point by, on planted flat curves
EXACT = 1e-9  # residuals below this are none
SURE = 1.96  # standard errors on either side: more than nine cases of ten ask for, since the curve's form is a guess
COUNT = 200  # replicates; only a standard error is wanted
TIMES = (2, 10)  # as many rows
# Which to look for, where so many times the rows pay.
ADVICE: tuple[tuple[int, Advice], ...] = ((2, "more rows"), (10, "many more rows"))


def headroom_facts(
    study: Study, standing: Standing, predictions: dict[str, np.ndarray], *, leads: bool, signal: bool, alike: bool
) -> Headroom:
    """Return what these features can still give.

    `predictions` are those of the strong models and of LADDER, the ladder's top, (rows,), by name. `reachable` is the
    range in which the best score that these features can give on such rows lies in nine cases of ten: from what a model
    reached, less its error, to what the best model reached, what it has yet to learn, and its error. What it has yet to
    learn is what the learning curve promises at ten times the rows, less what the best is ahead of that curve, but no
    less than what learning at the target's fastest rate leaves (see `extrapolate`). The best was chosen by these very
    scores, so what it reached counts only where the strong model's lead over the ladder matters (`leads`); otherwise
    the range begins at the ladder's. A constant reaches what it reaches, so no range begins below, and it begins there
    without a `signal`. `reached_by` names where it begins. Scores are those over the folds and, where test rows are
    `alike` (the split draws rows or groups at random), those on the test rows, weighted by rows. `ceiling` is what rows
    that contradict each other leave to be reached (see `ceiling_facts`): no range ends beyond it and its error, and
    nothing promises more than what is left to there, or to a perfect score. `curve`
    is a list of `{rows, score}` of a quick model on the ladder's linear rung `standing`; `more_rows` what the
    best model has yet to learn from twice and ten times the rows; `agreement` how alike the models are and what
    their mean gains over the best of them.
    """
    table, measure = study.table, study.metric
    training = table.fold >= 0
    y, fold = table.y[training], table.fold[training]
    sizes, fits, pending = _curve(study, standing)
    scores = {name: score_over_folds(measure, y, values[training], fold) for name, values in predictions.items()}
    best = max(scores, key=lambda name: measure.gain(0.0, scores[name]))
    reached_by = best if leads or LADDER not in scores else LADDER
    sign = 1.0 if measure.greater_is_better else -1.0
    told = {name: _measured(study, predictions[name], alike=alike) for name in dict.fromkeys((best, reached_by))}
    points = [one.result() for one in pending]
    error = told[best].se
    rises, promised, wobble = extrapolate(np.array(sizes), sign * np.array(points), fits, REFITTING * error)
    lead = sign * (scores[best] - points[-1])  # what the quick model will learn, the best may know
    left = {times: max(promised[times] - lead, rises[RATES[-1]] * (1 - 1 / times)) for times in TIMES}
    further = {times: min(left[times], max(promised[times], 0.0)) for times in TIMES}
    high = sign * told[best].score + max(left[TIMES[-1]], rises[table.target.fastest_learning])
    high = max(high + SURE * float(np.hypot(error, wobble)), sign * scores[best])
    low = sign * told[reached_by].score - SURE * told[reached_by].se
    if not measure.uses_threshold:  # there a constant may be anything, from useless to unbeatable
        constant = _measured(study, best_constant(table, measure), alike=alike)
        known = sign * constant.score
        if not signal or known > low:
            low, high, reached_by = known, max(high, known + SURE * constant.se), CONSTANT
        if not signal:  # what brings a model nearer to a constant is no gain
            behind = known - sign * told[best].score
            further = {times: max(min(gain, gain - behind), 0.0) for times, gain in further.items()}
    limit, ceiling = ceiling_facts(table, measure, study.seed), None
    ends = [sign * measure.perfect]
    if limit is not None:
        ends.append(sign * limit["score"] + SURE * limit["se"])
        ceiling = Ceiling(**limit, binds=bool(ends[-1] < min(high, ends[0])))
    high = max(low, min(high, *ends))
    room = max(min(ends) - sign * scores[best], 0.0)
    further = {times: min(gain, room) for times, gain in further.items()}
    return {
        "reachable": sorted([sign * low, sign * high]),
        "reached_by": reached_by,
        "best": {"model": best, "score": scores[best], "se": told[best].se_over_folds},
        "curve": [{"rows": size, "score": point} for size, point in zip(sizes, points, strict=True)],
        "more_rows": {
            "pays": bool(further[TIMES[0]] >= study.margin),
            "times": [{"times": times, "rows": times * fits, "gain": further[times]} for times in TIMES],
        },
        "ceiling": ceiling,
        "agreement": _agreement(study, {name: values[training] for name, values in predictions.items()}, scores[best]),
        "advice": next((advice for times, advice in ADVICE if further[times] >= study.margin), "better features"),
        "how": "learning curve of a quick booster on the ladder's linear rung, extrapolated as a + b / rows^c",
    }


class Measured(NamedTuple):
    """A model's score and its standard error, over all rows that count, and the error over the folds alone."""

    score: float
    se: float
    se_over_folds: float


def _measured(study: Study, prediction: np.ndarray, *, alike: bool) -> Measured:
    """Return the score over the folds; with `alike` test rows, together with that on these, by numbers of rows."""
    table, measure = study.table, study.metric
    sides = []
    for rows in (table.fold >= 0, table.fold < 0):
        y, fold, group = table.y[rows], table.fold[rows], None if table.group is None else table.group[rows]
        prepared = {"model": prepare_over_folds(measure, y, prediction[rows], fold)}
        drawn = resample(prepared, len(y), Draw(study.seed, group, COUNT)).score("model")
        sides.append((score_over_folds(measure, y, prediction[rows], fold), drawn.se, len(y)))
        if not alike:
            break
    score, se, rows = np.array(sides).T
    share = rows / rows.sum()
    together = Measured(float(share @ score), float(np.hypot.reduce(share * se)), float(se[0]))
    usable = bool(np.isfinite(together).all())  # the metric may be undefined on few test rows
    return together if usable else Measured(float(score[0]), float(se[0]), float(se[0]))


def _curve(study: Study, standing: Standing) -> tuple[list[int], int, list[Pending[float]]]:
    """Return the sizes of the curve's points, the rows that a fold's models are fitted to, and the pending points."""
    table = study.table
    fold = table.fold[table.fold >= 0]
    fits = min(int(inside(table, (one,)).sum()) for one in np.unique(fold))
    sizes = [int(share * fits) for share in SHARES]
    sizes = [size for size in sizes if size >= MIN_ROWS] or [fits]
    pending = [
        study.submit(
            curve_point, table, standing.plan, size, standing.linear if size == fits else None, study.metric,
            study.seed, name=f"learning curve {size}",
        )
        for size in reversed(sizes)  # the longest first
    ]  # fmt: skip
    return sizes, fits, pending[::-1]


def curve_point(
    table: Table, plan: Plan, size: int, fitted: dict[Part, FittedPlan] | None, metric: Metric, seed: int
) -> float:
    """Return the out-of-fold score of the quick model fitted to `size` rows a fold, evenly spaced.

    `fitted` are the folds' linear models of `plan`, where they are there already for that size.
    """
    parts = []
    for fold in fold_numbers(table):
        fit, held = np.flatnonzero(inside(table, (fold,))), np.flatnonzero(table.fold == fold)
        rows = thinned(fit, table, size)
        raw = fitted[fold,].raw if fitted is not None and len(rows) == len(fit) else None
        if table.target.learnable(table.y[rows]):
            parts.append(Rows(rows, held, raw))
    quick = quick_model(table, parts, seed, partial(fit_plan, plan), on_top.FIT_ROWS)
    training = table.fold >= 0
    return score_over_folds(metric, table.y[training], quick.boosted[training], table.fold[training])


def extrapolate(
    sizes: np.ndarray, points: np.ndarray, rows: int, noise: float = 0.0
) -> tuple[dict[float, float], dict[int, float], float]:
    """Return the rise that is left at `rows` by each of RATES, what more rows promise, and the fits' wobble.

    Points are higher-is-better; `noise` is what a point may be off by. What is left is the rise of a + b / rows^c to
    its end; promise and wobble are means over the rates c, weighted by how well each fits. A curve that does not rise
    promises nothing.
    """
    if len(sizes) < 3:  # noqa: PLR2004 - two parameters and a residual
        return dict.fromkeys(RATES, 0.0), dict.fromkeys(TIMES, 0.0), 0.0
    rises: dict[float, float] = {}
    promises, wobbles = [], []
    for rate in RATES:
        shrunk = sizes.astype(np.float64) ** -rate
        design = np.column_stack([np.ones(len(sizes)), shrunk])
        # Larger samples measure the curve better, and are nearer to where it is asked about.
        weight = np.sqrt(sizes / sizes.max())
        fitted, *_ = np.linalg.lstsq(design * weight[:, None], points * weight, rcond=None)
        drop = max(-float(fitted[1]), 0.0)
        here = float(rows) ** -rate
        residual = (points - design @ fitted) * weight
        rises[rate] = drop * here
        promises.append([drop * (here - float(times * rows) ** -rate) for times in TIMES])
        wobbles.append(float(np.sqrt((residual**2).sum() / (len(sizes) - 2))))
    likely = 1 / (np.square(wobbles) + noise**2 + EXACT**2)
    likely /= likely.sum()
    promised = dict(zip(TIMES, (np.array(promises).T @ likely).tolist(), strict=True))
    return rises, promised, float(likely @ wobbles)


def _agreement(study: Study, predictions: dict[str, np.ndarray], best: float) -> Agreement | None:
    """Return the models' mean rank correlation, over classes too, and what their mean gains over the best of them.

    There is no correlation where a model predicts a constant.
    """
    if len(predictions) < 2:  # noqa: PLR2004 - a pair
        return None
    columns = {name: values.reshape(len(values), -1).T for name, values in predictions.items()}
    ranks = {name: [mid_ranks(column) for column in own] for name, own in columns.items()}
    with np.errstate(invalid="ignore"):
        correlations = [
            float(np.mean([np.corrcoef(*both)[0, 1] for both in zip(ranks[a], ranks[b], strict=True)]))
            for a, b in combinations(predictions, 2)
        ]
    correlation = None if np.isnan(correlations).any() else float(np.mean(correlations))
    measure, table = study.metric, study.table
    training = table.fold >= 0
    mean = np.mean(list(predictions.values()), axis=0)
    together = score_over_folds(measure, table.y[training], mean, table.fold[training])
    gain = measure.gain(best, together)
    return {
        "models": list(predictions), "rank_correlation": correlation, "gain_of_mean": gain,
        "pays": bool(gain >= study.margin),
    }  # fmt: skip
