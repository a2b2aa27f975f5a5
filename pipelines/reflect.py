"""Step 7: why the strong model differs from the baseline, by controlled experiments."""

from collections.abc import Mapping
from typing import NamedTuple, cast

import pandas as pd

from pipelines.core.project import Project
from pipelines.core.submit import Submit, import_first
from pipelines.core.table import Table
from pipelines.experiments import EXPERIMENTS, Known
from pipelines.experiments.codes import find_codes, suspected
from pipelines.experiments.signal import signal_facts
from pipelines.facts.claims import check_claims
from pipelines.facts.reflect import Findings, ReflectFacts
from pipelines.facts.steps import Facts
from pipelines.findings.findings import story
from pipelines.ladder.attribute import attribute
from pipelines.ladder.ladder import TOP, ladder
from pipelines.ladder.repair import repair
from pipelines.ladder.study import Study
from pipelines.metrics import metric_of
from pipelines.models.fit import predictions_by_model
from pipelines.models.lightgbm import FAMILY as LIGHTGBM
from pipelines.models.linear import FAMILY as LINEAR
from pipelines.models.saving.archive import load


class Reflected(NamedTuple):
    """The outcome of step 7."""

    facts: ReflectFacts
    repaired: bytes  # the archive of the repaired baseline; of the baseline itself where there is nothing to repair


def reflect(
    table: Table, project: Project, predictions: Mapping[str, pd.DataFrame], strong_model: bytes, facts: Facts,
    submit: Submit,
) -> Reflected:  # fmt: skip
    """Return the facts of step 7, and the saved repaired baseline.

    `predictions` are the prediction tables of steps `baseline` and `strong`; `facts` are those of the earlier
    steps. All gains are in the primary metric, positive meaning better.
    """
    import_first(*LINEAR.imports, *LIGHTGBM.imports)
    study = Study(table, metric_of(project.metric), project.metric.margin, project.split.seed, submit)
    predicted = predictions_by_model(table, predictions)
    baseline, strong = predicted["baseline"], predicted["strong"]
    climbed = ladder(study, baseline)
    signal = signal_facts(study, baseline, climbed.predictions[TOP], strong)
    attributed = attribute(study, climbed, strong, signal=signal["present"])
    suspects = suspected(table, facts["eda"])
    codes = find_codes(study, climbed, suspects)
    matter = suspects if codes and codes["matters"] and signal["present"] else {}
    repaired = repair(study, project, climbed, attributed["attribution"], matter)
    known = Known(
        study, project, facts, predicted, load(strong_model), climbed, attributed["attribution"], codes, repaired,
        signal=signal["present"],
    )  # fmt: skip
    found: dict[str, object] = {**attributed, "signal": signal, "codes": codes}
    for experiment in EXPERIMENTS:
        found |= experiment.facts(known)
    return Reflected(_in_sentences(cast("Findings", found), facts), repaired.saved)


def _in_sentences(found: Findings, facts: Facts) -> ReflectFacts:
    """Return what was found together with the claims that it allows."""
    told: Facts = {**facts, "reflect": {**found, "claims": []}}
    claims = story(told)
    check_claims(claims, told)
    return {**found, "claims": claims}
