"""Step 7: why the strong model differs from the baseline, by controlled experiments."""

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple, cast

import numpy as np
import pandas as pd

from pipelines.core.project import Project
from pipelines.core.submit import Submit, import_first, side_by_side
from pipelines.core.table import Table
from pipelines.experiments import EXPERIMENTS, Given, Known, run_early, run_late
from pipelines.experiments.codes import find_codes, suspected
from pipelines.experiments.signal import signal_facts
from pipelines.facts.claims import check_claims
from pipelines.facts.reflect import Findings, ReflectFacts
from pipelines.facts.reflect.thinned import Thinned
from pipelines.facts.steps import Facts
from pipelines.findings.findings import story
from pipelines.ladder.attribute import attribute
from pipelines.ladder.ladder import ladder
from pipelines.ladder.repair import repair
from pipelines.ladder.route import BASELINE
from pipelines.ladder.saved import save
from pipelines.ladder.study import Study
from pipelines.ladder.thinned import FEWEST, rows_wanted, spaced, thinned_facts
from pipelines.metrics import metric_of
from pipelines.models.fit import predictions_by_model
from pipelines.models.lightgbm import FAMILY as LIGHTGBM
from pipelines.models.linear import FAMILY as LINEAR
from pipelines.models.refittable import heaviest
from pipelines.models.saving.archive import load


class Reflected(NamedTuple):
    """The outcome of step 7."""

    facts: ReflectFacts
    repaired: bytes  # the archive of the repaired baseline; of the baseline itself where there is nothing to repair
    rungs: bytes  # what each rung of the ladder predicts of new rows, see `ladder/saved.py`


def reflect(
    table: Table, project: Project, predictions: Mapping[str, pd.DataFrame], strong_model: bytes, facts: Facts,
    submit: Submit, changed: pd.DataFrame | None = None,
) -> Reflected:  # fmt: skip
    """Return the facts of step 7, the saved repaired baseline and the saved ladder.

    `predictions` are the prediction tables of steps `baseline` and `strong`; `facts` are those of the earlier
    steps; `changed` are, of a table with texts, rows from whose texts something was taken (see
    `texts/controls.py`). All gains are in the primary metric, positive meaning better.
    """
    import_first(*LINEAR.imports, *LIGHTGBM.imports)
    looked = _look(table, project, predictions, facts)
    study = Study(looked.table, metric_of(project.metric), project.metric.margin, project.seed, submit, looked.of)
    explained = load(strong_model, heaviest(facts["strong"])[0])  # the other parts of a weighted mean take seconds
    given = Given(study, project, facts, looked.predictions, explained, whole=looked.whole, changed=changed)

    def climb() -> _Climbed:
        return _climb(given, looked)

    def early() -> dict[str, Mapping[str, object]]:
        return run_early(given)

    climbed, found_early = cast(
        "tuple[_Climbed, dict[str, Mapping[str, object]]]", side_by_side([climb, early], submit)
    )
    by_name = {**climbed.by_name, **found_early}
    found = {**climbed.facts, "thinned": looked.thinned}
    for experiment in EXPERIMENTS:
        found |= by_name[experiment.name]
    return Reflected(_in_sentences(cast("Findings", found), facts), climbed.repaired, climbed.rungs)


class _Climbed(NamedTuple):
    """What the ladder shows, and the experiments on top of it."""

    facts: dict[str, object]
    by_name: dict[str, Mapping[str, object]]  # facts of these experiments
    repaired: bytes
    rungs: bytes


def _climb(given: Given, looked: "_Looked") -> _Climbed:
    """Return what the ladder shows, and the experiments on top of it."""
    study, eda = given.study, given.facts["eda"]
    baseline, strong = given.predictions["baseline"], given.predictions["strong"]
    climbed = ladder(study, baseline)
    unchanged = climbed.top is climbed.predictions[BASELINE]
    signal = signal_facts(study, baseline, baseline if unchanged else climbed.top, strong)
    whole = None if looked.thinned is None else given.facts["compare"]["difference"]["value"]
    attributed = attribute(study, climbed, strong, signal=signal["present"], whole=whole)
    suspects = suspected(study.table, eda)
    codes = find_codes(study, climbed, suspects, looked.whole)
    matter = suspects if codes and codes["matters"] and signal["present"] else {}
    repaired = repair(study, given.project, climbed, attributed["attribution"], matter, looked.whole)
    known = Known(
        study, given.project, given.facts, given.predictions, given.strong, climbed, attributed["attribution"], codes,
        repaired.at(looked.rows), signal=signal["present"], whole=looked.whole, changed=given.changed,
    )  # fmt: skip
    rungs = save(climbed, study.table, given.project, of=study.of, repaired=repaired.causes)
    return _Climbed({**attributed, "signal": signal, "codes": codes}, run_late(known), repaired.saved, rungs)


class _Looked(NamedTuple):
    """The rows that are looked at."""

    table: Table
    predictions: dict[str, np.ndarray]  # of these rows, by model
    rows: np.ndarray | None = None  # their places in the whole table, where that has more
    whole: Table | None = None
    of: int | None = None  # training rows of the whole table
    thinned: Thinned | None = None


def _look(table: Table, project: Project, predictions: Mapping[str, pd.DataFrame], facts: Facts) -> _Looked:
    """Return the table, or as much of a very large one as knows the gain well enough, with all models' predictions."""
    by_model = predictions_by_model(table, predictions)
    training = int(table.trained.sum())
    if training <= FEWEST:
        return _Looked(table, by_model)
    difference = facts["compare"]["difference"]
    # Of series stretches of time are what counts, and all of them stay.
    asked = difference["se"], facts["compare"]["test_rows"], project.metric.margin
    wanted = FEWEST if table.forward else rows_wanted(*asked)
    if training <= wanted:
        return _Looked(table, by_model)
    rows = spaced(table, wanted)
    some = replace(table, frame=table.frame.iloc[rows].reset_index(drop=True))
    thinned = thinned_facts(table, rows, difference["se"])
    return _Looked(some, {name: one[rows] for name, one in by_model.items()}, rows, table, training, thinned)


def _in_sentences(found: Findings, facts: Facts) -> ReflectFacts:
    """Return what was found together with the claims that it allows."""
    told: Facts = {**facts, "reflect": {**found, "claims": []}}
    claims = story(told)
    check_claims(claims, told)
    return {**found, "claims": claims}
