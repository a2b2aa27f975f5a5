"""The quick look for a special joint effect: a pair that was seen, against its rivals."""

import numpy as np
import pytest
from planted import planted

from pipelines.causes import CAUSES
from pipelines.causes.pair import curve
from pipelines.causes.ranks import normal_scores
from pipelines.core.project import Task
from pipelines.core.table import Table
from pipelines.exploration.intervals import QuickTruth
from pipelines.exploration.joint import screen_joint
from pipelines.facts.eda.screens import Screen
from pipelines.metrics import METRICS

(JOINT,) = (cause.joint for cause in CAUSES if cause.joint is not None)
FOUND: Screen = {
    "applicable": True, "before": 0.5, "score": 0.6, "gain": 0.1, "ci": [0.05, 0.15], "kept": True, "tried": 2,
    "pairs": [
        {"features": ["x2", "x3"], "p_value": 1e-9, "p_adjusted": 1e-8, "seen": True},
        {"features": ["x0", "x1"], "p_value": 1e-6, "p_adjusted": 1e-5, "seen": True},
    ],
}  # fmt: skip


def looked_at(case: str, task: Task, found: Screen, missing: float = 0.0) -> Screen:
    """Return the screen of a planted table, on top of all that curves say of its truth, with some of x1 missing."""
    sample = planted(case, 4_000, seed=1, columns=7, task=task)
    train = sample.table.rows("train")
    gone = np.random.default_rng(1).random(len(train.y)) < missing
    frame = train.frame.assign(x1=train.frame["x1"].mask(gone))
    truth = QuickTruth.of(
        Table(frame, train.target), np.arange(len(train.y)), METRICS["roc_auc" if task == "binary" else "r2"]
    )
    values = train.frame[train.features].to_numpy(np.float64)
    bent = [one for column in values.T for one in curve(normal_scores(column, column))]
    curves = np.column_stack([np.ones(len(values)), *bent])
    oracle = sample.oracle[(sample.table.frame["split"] == "train").to_numpy()]
    additive = curves @ np.linalg.lstsq(curves, oracle, rcond=None)[0]
    return screen_joint(frame[train.features], truth, additive, found, JOINT, 0.005)


@pytest.mark.parametrize("task", ["binary", "regression"])
@pytest.mark.parametrize(("case", "kept"), [("exceeds", True), ("product_of_amounts", False), ("inverse", False)])
def test_a_ratio_is_seen_and_what_else_it_could_be_is_not(case: str, kept: bool, task: Task) -> None:
    """The surest pair of amounts is tried, and kept only where no curve and no product says as much."""
    found = looked_at(case, task, FOUND)

    assert found["applicable"]
    assert [pair["features"] for pair in found["pairs"]] == [["x0", "x1"]]
    assert found["kept"] == kept


def test_rows_without_a_value_are_left_out() -> None:
    """With two fifths of one amount missing the ratio is seen still; with nearly all there is nothing to look at."""
    assert looked_at("exceeds", "regression", FOUND, missing=0.4)["kept"]
    assert not looked_at("exceeds", "regression", FOUND, missing=0.99)["applicable"]


def test_without_a_pair_of_amounts_nothing_is_tried() -> None:
    """Neither a pair that was not seen nor one with a signed feature is looked at."""
    unseen: Screen = {**FOUND, "pairs": [{**pair, "seen": False} for pair in FOUND["pairs"]]}
    signed: Screen = {**FOUND, "pairs": FOUND["pairs"][:1]}

    for found in (unseen, signed):
        assert looked_at("exceeds", "regression", found) == {
            "applicable": False, "before": None, "score": None, "gain": None, "ci": None, "kept": False, "pairs": [],
        }  # fmt: skip
