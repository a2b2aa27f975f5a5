"""The gain of the strong model over the baseline, dealt out to the causes."""

from dataclasses import replace
from itertools import pairwise

import numpy as np

from pipelines.causes import TUNING
from pipelines.facts.reflect.attribution import Attributed, Attribution, Rung
from pipelines.inference.foldwise import score_over_folds
from pipelines.ladder.effects import Contrast, effects
from pipelines.ladder.gains import NO_GAIN
from pipelines.ladder.ladder import Ladder
from pipelines.ladder.study import Study

REST = TUNING.name  # the strong model was tuned, stopped and chosen on the folds


def attribute(
    study: Study, ladder: Ladder, strong: np.ndarray, *, signal: bool, whole: float | None = None
) -> Attributed:
    """Return what each cause gained, and the score of each rung.

    `attribution` has one entry a cause, in the ladder's order and then `tuning`, the strong model's lead over the
    last rung. `gain` and `ci` are measured on the test rows, where the gains add up to the whole difference, or to the
    strong model's lead over the ladder's own baseline where the study has some of the rows (`whole` is then the
    difference that shares are of);
    `confirmed` says whether that interval is above 0. `out_of_fold` holds the same as a mean over the training folds,
    and Holm's `p_adjusted` over the causes that were tried; the folds also decide what is kept and for how many rounds
    it grows, which makes it look slightly better, and which model is the strong one, so that the test rows must confirm
    REST. `matters`, `undecided` and `close` follow `judge`; without a `signal` nothing matters, since a model that
    loses to a constant prediction can be improved by learning less. `tried` names the changes, with the most rows that
    a model was fitted to. `strong` are the strong model's predictions (rows,).
    """
    predictions = ladder.predictions | {REST: strong}
    why = ladder.applicable | {REST: None}
    tested = {REST, *(one.rung for one in ladder.decisions)}
    contrasts = [
        Contrast(predictions[below], predictions[cause], applies=cause in tested, confirm=cause == REST)
        for below, cause in pairwise((*ladder.route.rungs, REST))
    ]
    found = effects(study, contrasts, "attribution")
    total = sum(one.on_test.value for one in found) if whole is None else whole
    attribution: list[Attribution] = []
    for cause, one in zip((*ladder.route.rungs[1:], REST), found, strict=True):
        judged = one.judgement if signal else replace(one.judgement, matters=False, close_to=None)
        attribution.append({
            "factor": cause, "gain": one.on_test.value, "ci": list(one.on_test.ci), "p_adjusted": one.p_adjusted,
            "matters": judged.matters, "undecided": judged.undecided, "close": judged.close,
            "close_to": judged.close_to, "confirmed": one.on_test.ci[0] > 0,
            "applicable": why[cause] is None, "why": why[cause] or _reason(cause, ladder, one.gain == NO_GAIN),
            "share": one.on_test.value / total if total > 0 else None,
            "out_of_fold": {
                "gain": one.gain.value, "ci": list(one.gain.ci), "p_value": one.gain.p_value,
                "p_adjusted": one.p_adjusted, "below_margin": one.gain.value < study.margin,
            },
            "tried": [
                {"change": one.change, "kept": one.kept, "improvement": one.improvement, "se": one.se,
                 "rounds": one.rounds, "rows": one.rows}
                for one in ladder.decisions if one.rung == cause
            ],
        })  # fmt: skip
        if (needed := ladder.needed.get(cause)) is not None:
            attribution[-1]["needed"] = {"worse": needed.worse, "se": needed.se, "sure": needed.sure}
        if (explanation := _explanation(cause, ladder)) is not None:
            attribution[-1]["explained_by"] = explanation
    measure, y, fold = study.metric, study.table.y, study.table.fold
    training, test = study.table.scored, study.table.tested
    rungs: list[Rung] = [
        {
            "rung": "strong" if name == REST else name,
            "test_score": measure.score(y[test], values[test]),
            "out_of_fold_score": score_over_folds(measure, y[training], values[training], fold[training]),
        }
        for name, values in predictions.items()
    ]
    return {"attribution": attribution, "ladder": rungs}


def _reason(cause: str, ladder: Ladder, unchanged: bool) -> str:
    """Return what was changed, in words."""
    if cause == REST:
        return "the strong model against the last rung"
    tried = [one for one in ladder.decisions if one.rung == cause]
    if cause in ladder.needed and not ladder.needed[cause].sure:
        return "kept at first, and taken out: what stands above it is no worse without it"
    if not tried:
        return "not tried: no two of the features that it is about act together beyond chance"
    if (explanation := _explanation(cause, ladder)) is not None:
        return f"tried, and not kept: {explanation} lowers the loss on rows left out as much"
    if unchanged or not any(one.kept for one in tried):
        return "tried, and not kept: the loss on rows left out did not fall beyond noise"
    return "kept: the loss on rows left out fell beyond noise"


def _explanation(cause: str, ladder: Ladder) -> str | None:
    """Return what else says as much as the change that was tried."""
    return next((one.explained_by for one in ladder.decisions if one.rung == cause and one.explained_by), None)
