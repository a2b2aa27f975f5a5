"""Which metrics are offered and proposed for a kind of target."""

from math import isfinite

import pytest
from metric_oracles import bound

from pipelines.metrics import METRICS, metrics_for, proposed, signal_metric
from pipelines.targets import TARGETS


def test_metrics_are_offered_in_one_order() -> None:
    """Messages and step 2 list the metrics of a target in the same order, the usual ones first."""
    first = {
        "binary": ["roc_auc", "average_precision", "log_loss", "brier"],
        "multiclass": ["log_loss", "brier", "roc_auc", "accuracy", "balanced_accuracy", "f1"],
        "regression": ["rmse", "mae", "r2", "mse", "median_ae", "mape"],
    }
    for target, names in first.items():
        assert [metric.name for metric in metrics_for(target)][: len(names)] == names


@pytest.mark.parametrize("name", sorted(METRICS))
def test_a_draft_finds_a_margin_and_step_2_a_reason(name: str) -> None:
    """A margin of its own, or a share of the spread where errors have the target's unit; and a sentence."""
    metric = bound(name)

    assert (metric.draft_margin is not None) != bool(metric.unit_power)
    assert metric.draft_margin is None or not isfinite(metric.range[1]) or metric.draft_margin < 1
    assert metric.asks(1).endswith(".")
    assert metric.asks(4).endswith(".")


@pytest.mark.parametrize("target", sorted(TARGETS))
def test_each_kind_of_target_has_a_metric_that_is_proposed(target: str) -> None:
    """And one that shows whether there is any signal; a rare event has another proposal than a common one."""
    assert target in proposed(target, 0.5, 0.5)[0].targets
    assert target in signal_metric(target, METRICS["f1"]).targets
    assert proposed("binary", 0.01, 0.99)[0].name == "average_precision"
    assert proposed("binary", 0.05, 0.95)[0].name == "roc_auc"
    assert proposed("binary", 0.0123, 0.9877)[1] == "the rarer class is 1.23 % of the rows"


def test_no_proposal_flatters_who_knows_nothing() -> None:
    """An event of 99 % would have an average precision of .99 by chance; classes of 95, 3 and 2 % a small log loss."""
    assert proposed("binary", 0.01, 0.99, event_is_rarer=False)[0].name == "roc_auc"
    assert proposed("multiclass", 0.02, 0.95)[0].name == "roc_auc"
    assert proposed("multiclass", 0.02, 0.49)[0].name == "log_loss"
