"""Planted causes: the ladder names the right causes, the right pair, and nothing else."""

import numpy as np
import pytest
from mechanisms import NAMED
from planted import planted

from pipelines.causes import CAUSES
from pipelines.causes.interaction import ANY
from pipelines.causes.shape import BENDS
from pipelines.core.project import Task
from pipelines.core.submit import run_now
from pipelines.core.table import Table
from pipelines.experiments.controls import linear_baseline
from pipelines.ladder import shapes
from pipelines.ladder.attribute import attribute
from pipelines.ladder.fitting import Part, boosters, part_matrix
from pipelines.ladder.interactions import interaction_facts
from pipelines.ladder.ladder import ladder
from pipelines.ladder.shapes import shape_facts
from pipelines.ladder.study import Study
from pipelines.metrics import METRICS, metrics_for
from pipelines.targets import Event

ROWS, COLUMNS = 2_000, 7
SMALLEST = 0.005
NULL = 0.003  # the population gain of a cause that is not planted stays below 0.002


@pytest.mark.parametrize(("case", "task"), NAMED)
def test_the_planted_causes_are_named_and_no_others(case: str, task: Task) -> None:
    """Every planted cause matters, nothing else does, and what is absent gains next to nothing."""
    sample = planted(case, ROWS, seed=1, columns=COLUMNS, task=task)
    first, *others = metrics_for(task)
    in_unit = "probabilities" not in sample.table.target.can  # then what is small depends on the unit
    metric = next(one for one in others if one.scale == "explained") if in_unit else first
    study = Study(sample.table, metric, SMALLEST, 1, run_now)
    baseline = linear_baseline(sample.table)
    climbed = ladder(study, baseline)
    found = attribute(study, climbed, climbed.predictions["interaction"], signal=True)["attribution"]
    assert {item["factor"] for item in found if item["matters"]} == sample.causes
    gated = case == "gated"  # through the logistic link, a flipped sign has a small additive part of its own
    absent = [item["out_of_fold"]["gain"] for item in found if item["factor"] not in sample.causes and not gated]
    assert max(map(abs, absent), default=0.0) < NULL
    joint = [cause.name for cause in CAUSES if cause.joint and cause.name in sample.causes]
    assert {name: set(pair) for name, pair in climbed.pairs.items()} == dict.fromkeys(joint, sample.pair)
    if sample.pair and not joint:
        assert set(interaction_facts(study, climbed)[0]["features"]) == sample.pair
    if "shape" in sample.causes:
        shape = shape_facts(study, climbed)[0]
        assert shape["feature"] == "x0"
        assert shape["matters"]
        bottom = min(shape["curve"], key=lambda point: abs(float(point["x"])))
        assert bottom["effect"] != pytest.approx(shape["curve"][0]["effect"], abs=0.3)


def test_of_many_features_the_likely_ones_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where two of seven curves are worked out, the planted bend is among them, with the same curve and gain."""
    sample = planted("u_shape", ROWS, seed=1, columns=COLUMNS)
    study = Study(sample.table, METRICS["roc_auc"], SMALLEST, 1, run_now)
    climbed = ladder(study, linear_baseline(sample.table))
    whole = shape_facts(study, climbed)
    monkeypatch.setattr(shapes, "MOST", 2)
    few = shape_facts(study, climbed)
    assert len(few) <= 2 < len(whole)
    assert few[0] == whole[0] | {"p_adjusted": few[0]["p_adjusted"]}  # of fewer features, so Holm asks less
    assert few[0]["feature"] == "x0"


def test_the_first_rung_is_the_stored_baseline_and_gains_add_up() -> None:
    """Gains on the test rows sum to the strong model's lead, and so do those over the folds."""
    sample = planted("product", 1_500, seed=2, columns=COLUMNS)
    study = Study(sample.table, METRICS["log_loss"], SMALLEST, 2, run_now)
    baseline = linear_baseline(sample.table)
    strong = 1 / (1 + np.exp(-sample.oracle))
    climbed = ladder(study, baseline)
    assert climbed.predictions["baseline"] is baseline
    facts = attribute(study, climbed, strong, signal=True)
    first, last = facts["ladder"][0], facts["ladder"][-1]
    gains = [item["gain"] for item in facts["attribution"]]
    assert sum(gains) == pytest.approx(first["test_score"] - last["test_score"], abs=1e-12)
    over_folds = [item["out_of_fold"]["gain"] for item in facts["attribution"]]
    assert sum(over_folds) == pytest.approx(first["out_of_fold_score"] - last["out_of_fold_score"], abs=1e-12)
    assert [item["factor"] for item in facts["attribution"]] == [cause.name for cause in CAUSES]
    assert not facts["attribution"][0]["applicable"]


def test_no_rung_sees_the_rows_that_it_predicts() -> None:
    """Changing the targets of one fold changes neither its linear raw prediction nor what a booster adds to it."""
    sample = planted("product", 1_500, seed=3, columns=COLUMNS)
    table = sample.table
    out = table.fold == 2
    frame = table.frame.copy()
    frame.loc[out, "y_true"] = 1 - frame.loc[out, "y_true"]
    first, second = (
        ladder(Study(one, METRICS["roc_auc"], SMALLEST, 3, run_now), np.full(len(table.y), 0.3))
        for one in (table, Table(frame, Event()))
    )
    raw = [one.standings["baseline"].linear[2,].raw[out] for one in (first, second)]
    assert np.array_equal(*raw)
    start: dict[Part, np.ndarray] = {(2,): np.zeros(len(table.y))}
    for trees in (BENDS, ANY):  # rows left out decide how many trees are read, never what is in them
        grown = [boosters(one, [(2,)], start, trees, 3)[2,] for one in (table, Table(frame, Event()))]
        added = [one.added(part_matrix(table, (2,))[1], 5) for one in grown]
        assert np.ptp(added[0]) > 0
        assert np.array_equal(added[0], added[1])
    other = table.fold == 1
    assert not np.array_equal(*(one.standings["baseline"].linear[1,].raw[other] for one in (first, second)))
