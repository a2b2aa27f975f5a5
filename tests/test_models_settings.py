"""Tests of the rules that turn a table's size into settings."""

import numpy as np
import pytest

from pipelines.models.forest import forest_settings
from pipelines.models.lightgbm import lightgbm_settings
from pipelines.models.size import Level, Size, measure_size
from pipelines.models.xgboost import xgboost_settings
from pipelines.targets import Event, Number, Target


def test_evidence_is_the_rarer_class_or_every_row() -> None:
    """Three events in ten rows are three pieces of evidence; ten amounts are ten."""
    y = np.array([1.0] * 3 + [0.0] * 7)
    assert measure_size(y, 4, Event(), "standard") == Size(Event(), 10, 4, 3, "standard")
    assert measure_size(y, 4, Number(), "standard").evidence == 10


@pytest.mark.parametrize(
    ("evidence", "leaves", "depth"), [(384, 7, 3), (499, 7, 3), (500, 15, 4), (9_999, 15, 4), (10_000, 31, 5)]
)
def test_little_evidence_means_small_trees(evidence: int, leaves: int, depth: int) -> None:
    """Both boosted families follow the same steps."""
    size = Size(Event(), 50_000, 10, evidence, "standard")
    assert lightgbm_settings(size)["num_leaves"] == leaves
    assert xgboost_settings(size)["max_depth"] == depth


@pytest.mark.parametrize(
    ("rows", "level", "rate"),
    [
        (100_000, "standard", 0.05),
        (300_000, "standard", 0.1),
        (100_000, "quick", 0.1),
        (300_000, "thorough", 0.05),
    ],
)
def test_steps_are_larger_where_a_tree_is_expensive_or_effort_small(rows: int, level: Level, rate: float) -> None:
    """Ten features: 1 million cells are cheap, 3 million are not."""
    size = Size(Event(), rows, 10, 5_000, level)
    assert lightgbm_settings(size)["learning_rate"] == rate
    assert xgboost_settings(size)["learning_rate"] == rate


@pytest.mark.parametrize(("target", "evidence", "leaf"), [(Event(), 400, 2), (Event(), 8_000, 10), (Number(), 400, 3)])
def test_forest_leaves_fit_the_task(target: Target, evidence: int, leaf: int) -> None:
    """Probabilities need larger leaves, but events must not drown in them."""
    assert forest_settings(Size(target, 10_000, 10, evidence, "standard"))["min_samples_leaf"] == leaf


def test_small_tables_may_have_small_leaves() -> None:
    """From a thousand rows on, a leaf and a category group need twenty."""
    small, large = (lightgbm_settings(Size(Number(), rows, 5, rows, "standard")) for rows in (999, 1_000))
    assert (small["min_data_in_leaf"], small["min_data_per_group"]) == (5, 5)
    assert (large["min_data_in_leaf"], large["min_data_per_group"]) == (20, 20)
