"""How far the score could still rise: a learning curve, extrapolated with honest width, and whether more rows pay."""

from itertools import combinations
from typing import Any

import numpy as np

from pipelines.attribution.boosting_rungs import Recipe, Rows, best_rounds, boost
from pipelines.attribution.fitting import ANY, LEAVES, Linear, Part, inside, thinned
from pipelines.attribution.ladder import LADDER, Standing
from pipelines.attribution.linear_rungs import Plan, fit_plan, margin
from pipelines.attribution.links import no_margin, starting, to_prediction
from pipelines.attribution.study import Study
from pipelines.core.table import Table
from pipelines.estimators.encode import tree_matrix, tree_schema
from pipelines.estimators.folds import fold_numbers
from pipelines.statistics.bootstrap import resample
from pipelines.statistics.foldwise import prepare_over_folds, score_over_folds
from pipelines.statistics.metrics import METRICS
from pipelines.statistics.ranks import mid_ranks

SHARES = (0.125, 0.25, 0.5, 1.0)  # of the rows that a fold's models are fitted to
ROUNDS = 150  # of the quick model
MIN_ROWS = 100  # that a point of the curve needs
RATES = (0.25, 0.5, 1.0)  # powers of 1/rows by which errors shrink: slowly in rough problems, fast in smooth ones
EXACT = 1e-9  # residuals below this are none
SURE = 1.96  # standard errors on either side: more than nine cases of ten ask for, since the curve's form is a guess
COUNT = 200  # replicates; only a standard error is wanted
TIMES = (2, 10)  # as many rows
ADVICE = ((2, "more rows"), (10, "many more rows"))  # which to look for, where so many times the rows pay


def headroom_facts(
    study: Study, standing: Standing, predictions: dict[str, np.ndarray], *, leads: bool
) -> dict[str, Any]:
    """Return `{reachable, reached_by, best, curve, more_rows, agreement, advice, how}`.

    `predictions` are those of the strong models and of LADDER, the ladder's top, (rows,), by name. `reachable` is the
    range in which the best score that these features can give on such rows lies in nine cases of ten: from what a
    model reached over folds, less its error, to the best model's score or the end of the learning curve (see
    `extrapolate`), whichever is higher, and its error. The best model was chosen by these very scores, so what it
    reached counts only where the strong model's lead over the ladder matters (`leads`); otherwise the range begins at
    the ladder's. `reached_by` names it.
    `curve` is a list of `{rows, score}` of a quick model on the ladder's linear rung `standing`; `more_rows` what that
    curve promises at twice and ten times the rows; `agreement` how alike the models are and what their mean
    gains over the best of them.
    """
    table, metric, seed, submit = study.table, study.metric, study.seed, study.submit
    measure = METRICS[metric]
    training = table.fold >= 0
    y, fold = table.y[training], table.fold[training]
    fits = min(int(inside(table, (fold,)).sum()) for fold in fold_numbers(table))
    sizes = [int(share * fits) for share in SHARES]
    sizes = [size for size in sizes if size >= MIN_ROWS] or [fits]
    pending = [
        submit(
            curve_point, table, standing.plan, size, standing.linear if size == fits else None, metric, seed,
            name=f"learning curve {size}",
        )
        for size in reversed(sizes)  # the longest first
    ]  # fmt: skip
    scores = {name: score_over_folds(measure, y, values[training], fold) for name, values in predictions.items()}
    best = max(scores, key=lambda name: measure.gain(0.0, scores[name]))
    group = None if table.group is None else table.group[training]
    reached_by = best if leads or LADDER not in scores else LADDER
    measured = dict.fromkeys((best, reached_by))
    prepared = {name: prepare_over_folds(measure, y, predictions[name][training], fold) for name in measured}
    drawn = resample(prepared, len(y), seed=seed, group=group, count=COUNT)
    se = {name: drawn.score(name).se for name in measured}
    points = [one.result() for one in reversed(pending)]
    sign = 1.0 if measure.greater_is_better else -1.0
    limit, promised, wobble = extrapolate(np.array(sizes), sign * np.array(points), fits)
    low = sign * scores[reached_by] - SURE * se[reached_by]
    end = max(sign * scores[best], sign * points[-1] + limit)  # what the quick model will learn, the best may know
    high = end + SURE * float(np.hypot(se[best], wobble))
    reachable = sorted(_within(sign * end, measure.perfect, measure.greater_is_better) for end in (low, high))
    pays = promised[TIMES[0]] >= study.margin
    return {
        "reachable": reachable,
        "reached_by": reached_by,
        "best": {"model": best, "score": scores[best], "se": se[best]},
        "curve": [{"rows": size, "score": point} for size, point in zip(sizes, points, strict=True)],
        "more_rows": {
            "pays": bool(pays),
            "times": [{"times": times, "rows": times * fits, "gain": promised[times]} for times in TIMES],
        },
        "agreement": _agreement(study, {name: values[training] for name, values in predictions.items()}, scores[best]),
        "advice": next((advice for times, advice in ADVICE if promised[times] >= study.margin), "better features"),
        "how": "learning curve of a quick booster on the ladder's linear rung, extrapolated as a + b / rows^c",
    }


def curve_point(
    table: Table, plan: Plan, size: int, fitted: dict[Part, Linear] | None, metric: str, seed: int
) -> float:
    """Return the out-of-fold score of the quick model fitted to `size` rows a fold, evenly spaced.

    `fitted` are the folds' linear models of `plan`, where they are there already for that size.
    """
    training = table.fold >= 0
    boosted, held = {}, {}
    at = no_margin(table)
    for fold in fold_numbers(table):
        fit, out = np.flatnonzero(inside(table, (fold,))), table.fold == fold
        fit = thinned(fit, table, size)
        x, y = table.x.iloc[fit], table.y[fit]
        if table.task == "binary" and len(np.unique(y)) < 2:  # noqa: PLR2004 - both classes
            continue
        if fitted is None or len(fit) < int(inside(table, (fold,)).sum()):
            model = fit_plan(plan, x, y, table.task)
            below, at[out] = margin(model, x), margin(model, table.x[out])
        else:
            below, at[out] = fitted[fold,].margin[fit], fitted[fold,].margin[out]
        schema = tree_schema(x)
        spread = table.y[training]
        start, check = starting(below, spread, table.task), starting(at[out], spread, table.task)
        categorical = tuple(schema.categorical_positions)
        recipe = Recipe(table.task, LEAVES[ANY], seed, categorical, rounds=ROUNDS)
        held[fold] = tree_matrix(table.x[out], schema)
        boosted[fold] = boost(Rows(tree_matrix(x, schema), y, start), Rows(held[fold], table.y[out], check), recipe)
    rounds = best_rounds([one.losses for one in boosted.values()])
    for fold, one in boosted.items():
        if rounds:
            at[table.fold == fold] += one.added(held[fold], rounds)
    return score_over_folds(
        METRICS[metric], table.y[training], to_prediction(at[training], table.task), table.fold[training]
    )


def extrapolate(sizes: np.ndarray, points: np.ndarray, rows: int) -> tuple[float, dict[int, float], float]:
    """Return how far above its value at `rows` the curve ends, what it promises at more rows, and the fits' wobble.

    Points are higher-is-better. The promise is the rates' mean, weighted by how well each fits; the end is that of
    RATES[1:], whichever is higher, and no less than the promise at ten times the rows: at the slowest rate no end is in
    sight. A curve that does not rise promises nothing.
    """
    if len(sizes) < 3:  # noqa: PLR2004 - two parameters and a residual
        return 0.0, dict.fromkeys(TIMES, 0.0), 0.0
    limits, promises, wobbles = [], [], []
    for rate in RATES:
        shrunk = sizes.astype(np.float64) ** -rate
        design = np.column_stack([np.ones(len(sizes)), shrunk])
        # Larger samples measure the curve better, and are nearer to where it is asked about.
        weight = np.sqrt(sizes / sizes.max())
        fitted, *_ = np.linalg.lstsq(design * weight[:, None], points * weight, rcond=None)
        drop = max(-float(fitted[1]), 0.0)
        here = float(rows) ** -rate
        residual = (points - design @ fitted) * weight
        limits.append(drop * here)
        promises.append([drop * (here - float(times * rows) ** -rate) for times in TIMES])
        wobbles.append(float(np.sqrt((residual**2).sum() / (len(sizes) - 2))))
    likely = 1 / (np.square(wobbles) + EXACT**2)
    promised = dict(zip(TIMES, (np.array(promises).T @ likely / likely.sum()).tolist(), strict=True))
    return max(*limits[1:], promised[TIMES[-1]]), promised, max(wobbles[1:])


def _within(score: float, perfect: float, greater_is_better: bool) -> float:
    """Return the score, no better than perfect."""
    return min(score, perfect) if greater_is_better else max(score, perfect)


def _agreement(study: Study, predictions: dict[str, np.ndarray], best: float) -> dict[str, Any] | None:
    """Return the models' mean rank correlation, over classes too, and what their mean gains over the best of them."""
    if len(predictions) < 2:  # noqa: PLR2004 - a pair
        return None
    columns = {name: values.reshape(len(values), -1).T for name, values in predictions.items()}
    ranks = {name: [mid_ranks(column) for column in own] for name, own in columns.items()}
    correlations = [
        float(np.mean([np.corrcoef(*both)[0, 1] for both in zip(ranks[a], ranks[b], strict=True)]))
        for a, b in combinations(predictions, 2)
    ]
    measure, table = METRICS[study.metric], study.table
    training = table.fold >= 0
    mean = np.mean(list(predictions.values()), axis=0)
    together = score_over_folds(measure, table.y[training], mean, table.fold[training])
    gain = measure.gain(best, together)
    return {
        "models": list(predictions), "rank_correlation": float(np.mean(correlations)), "gain_of_mean": gain,
        "pays": bool(gain >= study.margin),
    }  # fmt: skip
