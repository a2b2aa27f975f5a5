"""How far the score could still rise: a learning curve, extrapolated with honest width, and whether more rows pay."""

from collections.abc import Mapping
from itertools import combinations
from typing import NamedTuple

import numpy as np

from pipelines.experiments.ceiling import ceiling_facts
from pipelines.experiments.experiment import Experiment, Known, of_labels
from pipelines.experiments.learning import TIMES, extrapolate, learning_curve
from pipelines.experiments.signal import CONSTANT, best_constant
from pipelines.facts.reflect.headroom import Advice, Agreement, Ceiling, Headroom
from pipelines.facts.shared import TRIED
from pipelines.inference.bootstrap import score_error
from pipelines.inference.foldwise import prepare_over_folds, score_over_folds
from pipelines.inference.truth import Draw
from pipelines.ladder.ladder import LADDER, Standing
from pipelines.ladder.study import Study
from pipelines.metrics.ranks import mid_ranks
from pipelines.splits import SPLITS

REFITTING = 0.15  # of a score's standard error: what fitting to other rows moves a point by, on planted flat curves
SURE = 1.96  # standard errors on either side: more than nine cases of ten ask for, since the curve's form is a guess
COUNT = 200  # replicates; only a standard error is wanted
# Which to look for, where so many times the rows pay.
ADVICE: tuple[tuple[int, Advice], ...] = ((2, "more rows"), (10, "many more rows"))


class Measured(NamedTuple):
    """A model's score and its standard error, over all rows that count, and the error over the folds alone."""

    score: float
    se: float
    se_over_folds: float


class Reach(NamedTuple):
    """The range in which the best score lies that these features can give; higher is better."""

    low: float
    high: float
    reached_by: str  # the model that it begins at


def headroom_facts(
    study: Study, standing: Standing, predictions: Mapping[str, np.ndarray], *, leads: bool, signal: bool, alike: bool
) -> Headroom:
    """Return what these features can still give.

    `predictions` are those of the strong models and of LADDER, the ladder's top, (rows,), by name. `reachable` is the
    range in which the best score that these features can give on such rows lies in nine cases of ten: from what a model
    reached, less its error, to what the best model reached, what it has yet to learn (see `Promise.left`), and its
    error. What it has yet to learn is no less than what learning at the target's fastest rate leaves. The best was
    chosen by these very scores, so what it reached counts only where the strong model's lead over the ladder matters
    (`leads`); otherwise the range begins at the ladder's. `reached_by` names where it begins, after a constant and the
    ceiling had their say (`_not_below_a_constant`, `_below_the_ceiling`); nothing promises more than what is left to
    the ceiling. Scores are those over the folds and, where test rows are `alike` (the split draws rows or groups at
    random), those on the test rows, weighted by rows. `curve` is a list of `{rows, score}` of a quick model on the
    ladder's linear rung `standing`; `more_rows` what the best model has yet to learn from twice and ten times the rows;
    `agreement` how alike the models are and what their mean gains over the best of them.
    """
    table, measure = study.table, study.metric
    training = table.scored
    y, fold = table.y[training], table.fold[training]
    sign = 1.0 if measure.greater_is_better else -1.0
    sizes, fits, pending = learning_curve(study, standing)
    scores = {name: score_over_folds(measure, y, values[training], fold) for name, values in predictions.items()}
    best = max(scores, key=lambda name: measure.gain(0.0, scores[name]))
    reached_by = best if leads or LADDER not in scores else LADDER
    told = {name: _measured(study, predictions[name], alike=alike) for name in dict.fromkeys((best, reached_by))}
    points = [one.result() for one in pending]
    promise = extrapolate(np.array(sizes), sign * np.array(points), fits, REFITTING * told[best].se)
    left = promise.left(sign * (scores[best] - points[-1]))
    further = {times: min(left[times], max(promise.gains[times], 0.0)) for times in TIMES}
    high = sign * told[best].score + max(left[TIMES[-1]], promise.rises[table.target.fastest_learning])
    high = max(high + SURE * float(np.hypot(told[best].se, promise.wobble)), sign * scores[best])
    reach = Reach(sign * told[reached_by].score - SURE * told[reached_by].se, high, reached_by)
    if not measure.uses_threshold:  # there a constant may be anything, from useless to unbeatable
        constant = _measured(study, best_constant(table, measure), alike=alike)
        reach = _not_below_a_constant(reach, sign * constant.score, constant.se, signal=signal)
    if not signal:  # without a signal a model's curve rises by chance, and towards a constant at best
        further = dict.fromkeys(TIMES, 0.0)
    reach, ceiling, end = _below_the_ceiling(study, reach, sign)
    room = max(end - sign * scores[best], 0.0)
    further = {times: min(gain, room) for times, gain in further.items()}
    return {
        "reachable": sorted([sign * reach.low, sign * reach.high]),
        "reached_by": reach.reached_by,
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


def _not_below_a_constant(reach: Reach, known: float, se: float, *, signal: bool) -> Reach:
    """Return the range that begins no lower than what a constant reaches, and there where there is no `signal`."""
    if signal and known <= reach.low:
        return reach
    return Reach(known, max(reach.high, known + SURE * se), CONSTANT)


def _below_the_ceiling(study: Study, reach: Reach, sign: float) -> tuple[Reach, Ceiling | None, float]:
    """Return the range up to where it must end, what contradicting rows say of that, and where that is.

    No range ends beyond a perfect score, nor beyond what rows that contradict each other leave to be reached, and its
    error (see `ceiling_facts`).
    """
    limit, ceiling = ceiling_facts(study.table, study.metric, study.seed), None
    ends = [sign * study.metric.perfect]
    if limit is not None:
        ends.append(sign * limit["score"] + SURE * limit["se"])
        ceiling = Ceiling(**limit, binds=bool(ends[-1] < min(reach.high, ends[0])))
    return reach._replace(high=max(reach.low, min(reach.high, *ends))), ceiling, min(ends)


def _measured(study: Study, prediction: np.ndarray, *, alike: bool) -> Measured:
    """Return the score over the folds; with `alike` test rows, together with that on these, by numbers of rows."""
    table, measure = study.table, study.metric
    sides = []
    for rows in (table.scored, table.tested):
        y, fold, group = table.y[rows], table.fold[rows], None if table.unit is None else table.unit[rows]
        prepared = prepare_over_folds(measure, y, prediction[rows], fold)
        error = score_error(prepared, len(y), Draw(study.seed, group, COUNT))
        sides.append((float(prepared.score(np.ones((len(y), 1)))[0]), error, len(y)))
        if not alike:
            break
    score, se, rows = np.array(sides).T
    share = rows / rows.sum()
    together = Measured(float(share @ score), float(np.hypot.reduce(share * se)), float(se[0]))
    usable = bool(np.isfinite(together).all())  # the metric may be undefined on few test rows
    return together if usable else Measured(float(score[0]), float(se[0]), float(se[0]))


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
    training = table.scored
    mean = np.mean(list(predictions.values()), axis=0)
    together = score_over_folds(measure, table.y[training], mean, table.fold[training])
    gain = measure.gain(best, together)
    return {
        "models": list(predictions),
        "rank_correlation": correlation,
        "gain_of_mean": gain,
        "pays": bool(gain >= study.margin),
    }


def _run(known: Known) -> Mapping[str, object]:
    facts, ladder = known.facts, known.ladder
    tried = [model["name"] for model in facts["strong"]["models"] if model["candidate"] and model["role"] == TRIED]
    headroom = headroom_facts(
        known.study,
        ladder.linear_top,
        {name: known.predictions[name] for name in tried} | {LADDER: ladder.top},
        leads=known.attribution[-1]["matters"],
        signal=known.signal,
        alike=SPLITS[facts["define"]["split"]["kind"]].exchangeable is not None,
    )
    return {"headroom": headroom}


# What fewer rows of a series would have taught is a shorter history, and what a longer one would teach is not in it.
HEADROOM = Experiment(
    "headroom", _run, applies=lambda known: of_labels(known) and not known.study.table.forward,
    otherwise={"headroom": None}, longest=6.0,
)  # fmt: skip
