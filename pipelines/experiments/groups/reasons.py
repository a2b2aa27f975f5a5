"""What the experiments on groups find."""

from collections.abc import Mapping

from pipelines.experiments.experiment import Experiment, Known
from pipelines.experiments.groups.controls import control_facts
from pipelines.experiments.groups.density import density_rungs
from pipelines.experiments.groups.making import assigned, at_random, columns_explained
from pipelines.experiments.groups.profiles import profiles
from pipelines.experiments.groups.shown import checks_of, maps_of
from pipelines.experiments.groups.verdicts import APART, NOTHING, null_verdicts, said_groups, table_verdict
from pipelines.facts.reflect.groups import GroupReasons
from pipelines.models.grouped.grouped import GroupedModel
from pipelines.models.grouped.way import grouped_target
from pipelines.models.grouped.whole import chosen_way, whole_model


def group_reasons(known: Known) -> GroupReasons:
    """Return all that step 7 says of groups."""
    study = known.study
    table, metric, submit = study.table, study.metric, study.submit
    target = grouped_target(table.target)
    way = chosen_way(table, known.project, known.facts["strong"])
    verdict = submit(table_verdict, table, study.seed, name="groups: the verdict")
    nulls = submit(null_verdicts, table, study.seed, name="groups: tables without groups")
    rungs, one, apart = density_rungs(table, metric, study.seed, submit)
    model = whole_model(table, way)
    explained = submit(columns_explained, table, way, model, metric, study.seed, name="groups: without a column")
    laid = submit(maps_of, table, model.gaussians.groups, study.seed, name="groups: maps")
    usual = submit(checks_of, table, study.seed, name="groups: usual checks")
    labels = model.groups(table.x[table.trained])
    folds = tuple(one for one in known.strong.folds if isinstance(one, GroupedModel))
    without = nulls.result()
    return {
        "verdict": verdict.result(), "rungs": rungs, "density_of_one": one, "density_alone": apart,
        "number": model.gaussians.groups, "way": way.describe(), "columns": explained.result(),
        "profiles": profiles(table, labels, model.gaussians.groups, scored=target.scored),
        "assigned": assigned(table, model, folds), "maps": laid.result(),
        "controls": {
            "nulls": without, "checks": usual.result(),
            "at_random": at_random(table, model.gaussians.groups, metric, study.seed),
            "single_columns": said_groups(without, APART), "passed": not said_groups(without, NOTHING),
        },
    }  # fmt: skip


def _run(known: Known) -> Mapping[str, object]:
    found = group_reasons(known)
    return {"groups": found, "controls": control_facts(known.study, passed=found["controls"]["passed"])}


GROUPS = Experiment("groups", _run, applies=lambda known: known.study.table.grouped, otherwise={}, longest=30.0)
