"""The learning curve of a quick model on the ladder's linear rung, and what it promises of more rows."""

from functools import partial
from typing import NamedTuple

import numpy as np

from pipelines.causes.plan import Plan
from pipelines.core.submit import Pending, apart_where
from pipelines.core.table import Table, slow_in_threads
from pipelines.inference.foldwise import score_over_folds
from pipelines.ladder.fitting import Part, inside, thinned
from pipelines.ladder.ladder import Standing
from pipelines.ladder.linear import FittedPlan, fit_plan, raw_of_fewer
from pipelines.ladder.study import Study
from pipelines.metrics import Metric
from pipelines.models import on_top
from pipelines.models.folds import fold_numbers
from pipelines.models.quick import Rows, quick_model

SHARES = (0.125, 0.25, 0.5, 1.0)  # of the rows that a fold's models are fitted to, or of MOST_ROWS
MIN_ROWS = 100  # that a point of the curve needs, outside the commonest class where there are more than MOST_ROWS
MOST_ROWS = 60_000  # of the last point: from there on the curve is drawn, not measured
MOST_TEXTS = 30_000  # the same of tables with texts, whose models take ten times as long
RATES = (0.25, 0.5, 0.75, 1.0)  # powers of 1/rows by which errors shrink: slowly in rough problems, fast in smooth ones
EXACT = 1e-9  # residuals below this are rounding errors
TIMES = (2, 10)  # as many rows


class Promise(NamedTuple):
    """What a learning curve promises; higher is better."""

    rises: dict[float, float]  # what is left to its end, by each of RATES
    gains: dict[int, float]  # from as many TIMES the rows
    wobble: float  # how far the points lie from the fits

    def left(self, ahead: float) -> dict[int, float]:
        """Return what a model that is `ahead` of the curve has yet to learn from as many TIMES the rows.

        What the quick model will learn, it may know; but no less is left than the fastest rate leaves.
        """
        fastest = self.rises[RATES[-1]]
        return {times: max(self.gains[times] - ahead, fastest * (1 - 1 / times)) for times in TIMES}


def learning_curve(study: Study, standing: Standing) -> tuple[list[int], int, list[Pending[float]]]:
    """Return the sizes of the curve's points, the rows that a fold's models are fitted to, and the pending points.

    Where the study's table has some of the training rows, the strong model's folds were fitted to more: those count.
    """
    table = study.table
    fold = table.fold[table.scored]
    fits = min(int(inside(table, (one,)).sum()) for one in np.unique(fold))
    most = _most(table, fits)
    sizes = [int(share * most) for share in SHARES]
    sizes = [size for size in sizes if size >= MIN_ROWS] or [fits]
    pending = [
        study.submit(
            curve_point, table, standing.plan, size, standing.linear if table.texts or size == fits else None,
            study.metric, study.seed, name=f"learning curve {size}",
        )
        for size in reversed(sizes)  # the longest first
    ]  # fmt: skip
    return sizes, fits if study.of is None else fits * study.of // len(fold), pending[::-1]


def _most(table: Table, fits: int) -> int:
    """Return the rows of the curve's last point: as many as are measured, all where the first would hold few events."""
    most, training = MOST_TEXTS if table.texts else MOST_ROWS, np.flatnonzero(table.scored)
    evidence = table.target.evidence(table.y[thinned(training, table, most)])
    return min(fits, most) if SHARES[0] * evidence >= MIN_ROWS else fits


@apart_where(slow_in_threads)
def curve_point(
    table: Table, plan: Plan, size: int, fitted: dict[Part, FittedPlan] | None, metric: Metric, seed: int
) -> float:
    """Return the out-of-fold score of the quick model fitted to `size` rows a fold, evenly spaced.

    `fitted` are the folds' linear models of `plan`, where they are there already for that size, or for all rows of a
    table with texts.
    """
    parts = []
    for fold in fold_numbers(table):
        fit, held = np.flatnonzero(inside(table, (fold,))), np.flatnonzero(table.fold == fold)
        rows = thinned(fit, table, size)
        raw = None if fitted is None else raw_of_fewer(fitted[fold,], table, rows, held, whole=len(fit))
        if table.target.learnable(table.y[rows]):
            parts.append(Rows(rows, held, raw))
    quick = quick_model(table, parts, seed, partial(fit_plan, plan), on_top.FIT_ROWS)
    training = table.scored
    return score_over_folds(metric, table.y[training], quick.boosted[training], table.fold[training])


def extrapolate(sizes: np.ndarray, points: np.ndarray, rows: int, noise: float = 0.0) -> Promise:
    """Return what a learning curve promises from `rows` rows on.

    Points are higher-is-better; `noise` is what a point may be off by. A rise is that of a + b / rows^c to
    its end; gains and wobble are means over the rates c, weighted by how well each fits. A curve that does not rise
    promises nothing.
    """
    if len(sizes) < 3:  # noqa: PLR2004 - two parameters and a residual
        return Promise(dict.fromkeys(RATES, 0.0), dict.fromkeys(TIMES, 0.0), 0.0)
    rises: dict[float, float] = {}
    promises, wobbles = [], []
    for rate in RATES:
        shrunk = sizes.astype(np.float64) ** -rate
        design = np.column_stack([np.ones(len(sizes)), shrunk])
        # Larger samples measure the curve better, and are nearer to the part of it that is needed.
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
    return Promise(rises, promised, float(likely @ wobbles))
