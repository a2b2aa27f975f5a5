"""What codes among the numbers cost the baseline: a 98 that means "unknown" drags a straight line like no tail does."""

from collections.abc import Mapping

import numpy as np

from pipelines.causes.codes import codes_as_missing
from pipelines.causes.plan import Plan
from pipelines.core.table import Table
from pipelines.facts.eda import EdaFacts
from pipelines.facts.reflect.effects import CodedCoefficient, Codes
from pipelines.ladder.effects import Contrast, effects
from pipelines.ladder.fitting import Part, linear_fits
from pipelines.ladder.ladder import Ladder, Standing, predict
from pipelines.ladder.linear import FittedPlan
from pipelines.ladder.route import BASELINE
from pipelines.ladder.study import Study
from pipelines.models.coefficients import linear_coefficients
from pipelines.models.folds import fold_numbers


def suspected(table: Table, eda: EdaFacts) -> dict[str, list[float]]:
    """Return the values that step 3 takes for codes, by feature; none of series, whose features are made here.

    Groups without a label need a value in every column, so nothing can be missing instead.
    """
    if table.forward or table.grouped:
        return {}
    return {
        column["name"]: [item["value"] for item in column["codes"]]
        for column in eda["columns"]
        if column.get("codes") and column["name"] in table.numeric
    }


def find_codes(
    study: Study, ladder: Ladder, suspects: Mapping[str, list[float]], whole: Table | None = None
) -> Codes | None:
    """Return `code_facts` of the `suspected` codes; None where step 3 suspects none."""
    return code_facts(study, ladder, suspects, whole) if suspects else None


def code_facts(study: Study, ladder: Ladder, codes: Mapping[str, list[float]], whole: Table | None = None) -> Codes:
    """Return `{features, values, rows, gain, ci, p_value, matters, close, coefficients}` of the `suspected` codes.

    `gain` is out-of-fold: what the baseline gains when those values (`values`, ascending) are missing instead, in
    `rows` training rows, of the `whole` table where the study has some of it; it matters by the rule of `judge`. Ranks
    repair codes too, so this is a part of what the scale gains, not an addition to it. `coefficients` are the
    baseline's of these features, with the codes as numbers and as missing.
    """
    table = study.table
    every = table if whole is None else whole
    hit = [every.frame[name].isin(values) for name, values in codes.items()]
    masked = Table(codes_as_missing(table.frame, codes), table.target)
    pending = [
        study.submit(linear_fits, masked, [(fold,)], [Plan()], name=f"codes as missing: fold {fold}")
        for fold in fold_numbers(table)
    ]
    fitted: dict[Part, FittedPlan] = {part: one[0] for done in pending for part, one in done.result().items()}
    without = predict(Standing(Plan(), fitted), masked)
    (effect,) = effects(study, [Contrast(ladder.predictions[BASELINE], without)], "codes as missing")
    rows = int((np.any(hit, axis=0) & every.scored).sum())
    return {
        "features": list(codes), "values": sorted({value for values in codes.values() for value in values}),
        "rows": rows, "gain": effect.gain.value, "ci": list(effect.gain.ci), "p_value": effect.gain.p_value,
        "matters": effect.judgement.matters, "close": effect.judgement.close,
        "coefficients": _coefficients(ladder.standings[BASELINE].linear, fitted, codes),
    }  # fmt: skip


def _coefficients(
    as_read: Mapping[Part, FittedPlan], as_missing: Mapping[Part, FittedPlan], codes: Mapping[str, list[float]]
) -> list[CodedCoefficient]:
    """Return the coefficients of the features with codes, means over the folds, from both ways of reading them."""
    read, missing = _means(as_read), _means(as_missing)
    return [
        {"feature": feature, "class": of_class, "as_read": value, "as_missing": missing[feature, of_class]}
        for (feature, of_class), value in read.items()
        if feature in codes and (feature, of_class) in missing
    ]


def _means(fitted: Mapping[Part, FittedPlan]) -> dict[tuple[str, int | None], float]:
    """Return the mean of each number's coefficient over the models that leave one fold out, by feature and class."""
    found: dict[tuple[str, int | None], list[float]] = {}
    for part, one in sorted(fitted.items()):
        if len(part) > 1:
            continue
        for coefficient in linear_coefficients(one.model):
            if coefficient.level is None:
                found.setdefault((coefficient.feature, coefficient.of_class), []).append(coefficient.value)
    return {key: float(np.mean(values)) for key, values in found.items()}
