"""Leaks, confirmed by refitting: what is left of the score, and of the gain, without a suspicious column."""

from typing import Any

import numpy as np

from pipelines.attribution.boosting_rungs import Recipe, Rows, best_rounds, boost
from pipelines.attribution.fitting import ANY, LEAVES, Linear, Part, inside, part_matrix
from pipelines.attribution.ladder import Standing
from pipelines.attribution.linear_rungs import Plan, fit_plan, margin
from pipelines.attribution.links import no_margin, starting, to_prediction
from pipelines.attribution.study import Study
from pipelines.core.table import Table
from pipelines.estimators.folds import fold_numbers
from pipelines.statistics.foldwise import score_over_folds
from pipelines.statistics.metrics import METRICS

SUSPECTS = 3  # refitted without, one at a time; the strongest single column comes on top
FIT_ROWS = 30_000  # of a fold that the quick booster is fitted to
ROUNDS = 150


def leakage_facts(study: Study, baseline: Standing, eda: dict[str, Any]) -> list[dict[str, Any]]:
    """Return, for the suspects of step 3 and the strongest single column, what the models lose without each.

    Each is `{feature, score_alone, suspect, why, score_with, score_without, gain_with, gain_without, share_lost}`:
    scores are those of a quick strong model (boosting on top of the baseline's margin), gains are its lead over the
    baseline, both refitted, out-of-fold; `share_lost` is the share of the score above (or error below) that of
    a constant prediction that goes with the column. `suspect` and `why` are what step 3 said. `baseline` is the
    ladder's first rung.
    """
    table, metric, seed, submit = study.table, study.metric, study.seed, study.submit
    alone = {column["name"]: column.get("score_alone") for column in eda["columns"]}
    why = {item["feature"]: item["why"] for item in eda["leak_suspects"] if item["feature"] in table.features}
    scored = [name for name in table.features if alone.get(name) is not None]
    strongest = sorted(scored, key=lambda name: (-alone[name], name))[:1]
    names = list(dict.fromkeys([*list(why)[:SUSPECTS], *strongest]))
    if not names or len(table.features) < 2:  # noqa: PLR2004 - something must be left
        return []
    pending = [
        submit(refit_without, table, name, None, metric, seed, name=f"leaks: refit without {name}") for name in names
    ]
    everything = submit(refit_without, table, None, baseline.linear, metric, seed, name="leaks: refit with everything")
    base, with_all = everything.result()
    without = [one.result() for one in pending]
    measure = METRICS[metric]
    training = table.fold >= 0
    y = table.y[training]
    trivial = score_over_folds(measure, y, _constant(table)[training], table.fold[training])
    skill = measure.gain(trivial, with_all)
    facts = []
    for name, (base_without, score_without) in zip(names, without, strict=True):
        lost = measure.gain(score_without, with_all)
        facts.append(
            {
                "feature": name,
                "score_alone": alone.get(name),
                "suspect": name in why,
                "why": why.get(name, "the strongest single column; step 3 found nothing suspicious in it"),
                "score_with": with_all,
                "score_without": score_without,
                "gain_with": measure.gain(base, with_all),
                "gain_without": measure.gain(base_without, score_without),
                "share_lost": lost / skill if skill > 0 else None,
            },
        )
    return facts


def _constant(table: Table) -> np.ndarray:
    """Return the prediction of every row that knows only the training target's mean, or its classes' shares."""
    y = table.y[table.fold >= 0]
    if table.task != "multiclass":
        return np.full(len(table.y), y.mean())
    return np.broadcast_to(np.bincount(y.astype(np.int64)) / len(y), (len(table.y), int(table.y.max()) + 1))


def refit_without(
    table: Table, dropped: str | None, fitted: dict[Part, Linear] | None, metric: str, seed: int
) -> tuple[float, float]:
    """Return the out-of-fold scores of the baseline and of a quick strong model, fitted without one feature.

    `fitted` are the folds' baselines, where they are there already.
    """
    training = table.fold >= 0
    frame = table.frame[training].drop(columns=[dropped] if dropped else [])
    kept = Table(frame, table.task)
    boosted, held = {}, {}
    base = no_margin(kept)
    for fold in fold_numbers(kept):
        fit, out = inside(kept, (fold,)), kept.fold == fold
        if fitted is None:
            line = margin(fit_plan(Plan(), kept.x[fit], kept.y[fit], kept.task), kept.x)
        else:
            line = fitted[fold,].margin[training]
        base[out] = line[out]
        start = starting(line, kept.y, kept.task)
        schema, matrix = part_matrix(kept, (fold,))
        recipe = Recipe(
            kept.task, LEAVES[ANY], seed, tuple(schema.categorical_positions), fit_rows=FIT_ROWS, rounds=ROUNDS
        )
        boosted[fold] = boost(
            Rows(matrix[fit], kept.y[fit], start[fit]), Rows(matrix[out], kept.y[out], start[out]), recipe
        )
        held[fold] = matrix[out]
    rounds = best_rounds([one.losses for one in boosted.values()])
    strong = base.copy()
    for fold, one in boosted.items():
        if rounds:
            strong[kept.fold == fold] += one.added(held[fold], rounds)
    first, second = (
        score_over_folds(METRICS[metric], kept.y, to_prediction(at, kept.task), kept.fold) for at in (base, strong)
    )
    return first, second
