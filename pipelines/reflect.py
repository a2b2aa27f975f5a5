"""Step 7: why the strong model differs from the baseline, by controlled experiments."""

from collections.abc import Mapping
from typing import cast

import pandas as pd

from pipelines.core.project import Project
from pipelines.core.submit import Submit, import_first
from pipelines.core.table import Table
from pipelines.experiments.codes import code_facts
from pipelines.experiments.controls import control_facts
from pipelines.experiments.headroom import headroom_facts
from pipelines.experiments.leaks import leakage_facts
from pipelines.experiments.shap import shap_facts
from pipelines.experiments.signal import signal_facts
from pipelines.experiments.slices import slice_facts
from pipelines.experiments.split_leaks import dates_tested_facts, split_leak_facts
from pipelines.experiments.too_good import too_good_facts
from pipelines.facts.claims import check_claims
from pipelines.facts.reflect import Findings, ReflectFacts
from pipelines.facts.shared import TRIED
from pipelines.facts.steps import Facts
from pipelines.findings.findings import story
from pipelines.ladder.attribute import attribute
from pipelines.ladder.interactions import interaction_facts, screened_facts
from pipelines.ladder.ladder import BASELINE, LADDER, TOP, ladder
from pipelines.ladder.outcomes import hypothesis_facts
from pipelines.ladder.parts import part_facts
from pipelines.ladder.shapes import shape_facts
from pipelines.ladder.study import Study
from pipelines.metrics import metric_of
from pipelines.models.fit import predictions_by_model
from pipelines.models.lightgbm import FAMILY as LIGHTGBM
from pipelines.models.linear import FAMILY as LINEAR
from pipelines.splits import SPLITS


def reflect(
    table: Table, project: Project, predictions: Mapping[str, pd.DataFrame], strong_model: bytes, facts: Facts,
    submit: Submit,
) -> ReflectFacts:  # fmt: skip
    """Return the facts of step 7.

    `predictions` are the prediction tables of steps `baseline` and `strong`; `facts` are those of the earlier
    steps. All gains are in the primary metric, positive meaning better.
    """
    import_first(*LINEAR.imports, *LIGHTGBM.imports)
    study = Study(table, metric_of(project.metric), project.metric.margin, project.split.seed, submit)
    predicted = predictions_by_model(table, predictions)
    baseline, strong = predicted["baseline"], predicted["strong"]
    climbed = ladder(study, baseline)
    tried = [model for model in facts["strong"]["models"] if model["candidate"] and model["role"] == TRIED]
    models = {model["name"]: predicted[model["name"]] for model in tried}
    signal = signal_facts(study, baseline, climbed.predictions[TOP], strong)
    better = signal["present"] and facts["compare"]["difference"]["verdict"] == "better"
    attributed = attribute(study, climbed, strong, signal=signal["present"])
    found = cast("Findings", {  # causes name keys of their own
        **attributed,
        "signal": signal,
        **part_facts(study, climbed),
        "codes": code_facts(study, climbed, facts["eda"]),
        "shapes": shape_facts(study, climbed),
        "interactions": interaction_facts(study, climbed),
        "pairs_screened": screened_facts(study),
        "shap": shap_facts(table, strong_model, submit),
        **leakage_facts(study, climbed.standings[BASELINE], facts["eda"], better=better),
        "too_good": too_good_facts(table, {"baseline": baseline, "strong": strong}),
        "split_leaks": split_leak_facts(study, facts["define"]),
        "dates_tested": dates_tested_facts(facts["define"]),
        "headroom": headroom_facts(
            study,
            climbed.linear_top,
            models | {LADDER: climbed.predictions[TOP]},
            leads=attributed["attribution"][-1]["matters"],
            signal=signal["present"],
            alike=SPLITS[facts["define"]["split"]["kind"]].exchangeable is not None,
        ),
        "slices": slice_facts(study, predicted, facts["eda"]),
        "hypotheses": hypothesis_facts(facts["eda"], attributed["attribution"]),
        "controls": control_facts(study),
    })  # fmt: skip
    told: Facts = {**facts, "reflect": {**found, "claims": []}}
    claims = story(told)
    check_claims(claims, told)
    return {**found, "claims": claims}
