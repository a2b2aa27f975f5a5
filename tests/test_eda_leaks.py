"""Tests of leak suspects and of rows that are on both sides of the split."""

import numpy as np
import pytest
from conftest import Facts
from small_exploration import column_facts, table_of

from pipelines.exploration.leaks import find_suspects
from pipelines.exploration.twins import count_twins
from pipelines.facts.claims import check_claims

GAPS = {
    "rows": 100, "target_mean": 0.3, "ci": [0.22, 0.4], "spread": 0.46,
    "known_rows": 900, "others": 0.3, "others_ci": [0.27, 0.33], "others_spread": 0.46,
    "difference": 0.0, "difference_ci": [-0.1, 0.1], "score": 0.5, "auc": 0.5, "class": None,
}  # fmt: skip
SELDOM_KNOWN = GAPS | {"rows": 800, "known_rows": 200, "others": 1.0, "others_ci": [0.981, 1.0]}


def facts_of(*columns: Facts, metric: str = "roc_auc", **more: object) -> Facts:
    """Return facts that hold these columns."""
    label = {"roc_auc": "ROC AUC", "r2": "explained variance"}[metric]
    return {
        "columns": list(columns), "correlated": [], "score_alone_metric": metric, "score_alone_label": label,
        "target": {"task": "binary", "spread": 0.46},
    } | more  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"score_alone": 0.98}, "near-perfect alone"),
        ({"score_alone": 0.93}, "far better than the rest"),
        ({"missing_alone": GAPS | {"score": 0.95, "auc": 0.95}}, "missing values give it away"),
        ({"missing_alone": SELDOM_KNOWN}, "missing values give it away"),  # as the reason why a customer left
        ({"missing_alone": GAPS | {"target_mean": 1.0, "ci": [0.97, 1.0]}}, "missing values give it away"),
        ({"missing_alone": GAPS | {"target_mean": 0.0, "ci": [0.0, 0.01]}}, "missing values give it away"),
        ({"numbering": {"distinct_share": 1.0, "order": 0.99, "filling": 0.001}}, "identifier"),
        ({"numbering": {"distinct_share": 1.0, "order": 0.0, "filling": 0.8}}, "identifier"),
        ({"kind": "category", "straight": None, "distinct_share": 0.99}, "identifier"),
    ],
)
def test_each_kind_of_leak_is_found(changes: Facts, kind: str) -> None:
    """One suspicious column among two harmless ones; its reason quotes the facts."""
    facts = facts_of(column_facts(name="a"), column_facts(name="leak", **changes), column_facts(name="b"))
    found = find_suspects(facts)
    assert [(suspect["feature"], suspect["kind"]) for suspect in found] == [("leak", kind)]
    check_claims([{"id": kind, "text": found[0]["why"], "evidence": found[0]["evidence"]}], {"eda": facts})


@pytest.mark.parametrize(
    "changes",
    [
        {"score_alone": 0.89},
        {"missing_alone": GAPS | {"others": 0.0, "others_ci": [0.0, 0.004]}},  # most rows are known, and few are yes
        {"missing_alone": SELDOM_KNOWN | {"known_rows": 20}},
        {"missing_alone": GAPS | {"rows": 3, "auc": 0.99, "score": 0.99}},  # two or three rows are alike by chance
        {"missing_alone": GAPS | {"score": 0.7, "auc": 0.7, "target_mean": 0.6, "ci": [0.5, 0.7]}},  # informative
        {"missing_alone": GAPS | {"rows": 20, "target_mean": 1.0, "ci": [0.99, 1.0]}},  # too few rows to say
        {"numbering": {"distinct_share": 0.99, "order": 0.1, "filling": 0.01}},  # amounts in cents
        {"kind": "category", "straight": None, "distinct_share": 0.5},
    ],
)
def test_honest_columns_are_not_suspected(changes: Facts) -> None:
    """Good, informative or many-valued columns raise no alarm."""
    assert find_suspects(facts_of(column_facts(name="a"), column_facts(name="honest", **changes))) == []


def test_several_strong_columns_do_not_accuse_each_other() -> None:
    """As on card fraud, where five columns score .93 to .95 alone: strong is usual there."""
    scores = [0.95, 0.94, 0.93, 0.9]
    columns = [column_facts(name=f"V{i}", score_alone=score) for i, score in enumerate(scores)]
    assert find_suspects(facts_of(*columns)) == []


def test_a_leaks_copy_does_not_hide_it() -> None:
    """Two columns that say the same are each compared with the rest only."""
    columns = [column_facts(name=name, score_alone=score) for name, score in (("a", 0.94), ("b", 0.93), ("c", 0.6))]
    group = {"features": ["a", "b"], "strength": 0.99, "kind": "Spearman", "links": []}
    found = find_suspects(facts_of(*columns, correlated=[group]))
    assert [suspect["feature"] for suspect in found] == ["a", "b"]


def test_regression_has_its_own_bounds() -> None:
    """An R2 of .9 next to .85 is no leak; .96 is; missing rows that all share one target are."""
    assert find_suspects(facts_of(column_facts(score_alone=0.9), column_facts(score_alone=0.85), metric="r2")) == []
    found = find_suspects(facts_of(column_facts(score_alone=0.96), column_facts(score_alone=0.85), metric="r2"))
    assert [suspect["kind"] for suspect in found] == ["near-perfect alone"]
    for changes in ({"spread": 0.0, "score": 0.1}, {"score": 0.38, "auc": 0.95}):
        column = column_facts(score_alone=0.1, missing_alone=GAPS | changes)
        found = find_suspects(facts_of(column, metric="r2", target={"task": "regression", "spread": 0.46}))
        assert [suspect["kind"] for suspect in found] == ["missing values give it away"]


def test_twins_by_hand() -> None:
    """Two of twenty test rows repeat a training row, one with another target."""
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal(100), np.zeros(100)
    x[80], x[81] = x[3], x[4]
    y[81] = 1
    twins = count_twins(table_of({"x": x}, y))
    assert twins["test_rows"] == 2
    assert twins["share"] == 0.1
    assert twins["same_target"] == 0.5
    assert twins["suspect"]


def test_twins_in_a_coarse_table_are_chance() -> None:
    """One yes-no feature: every row has twins, and nothing is copied."""
    rng = np.random.default_rng(0)
    twins = count_twins(table_of({"x": rng.integers(0, 2, 100).astype(float)}, rng.integers(0, 2, 100)))
    assert (twins["test_rows"], twins["suspect"]) == (20, False)


def test_no_twins() -> None:
    """All rows differ: nothing to report, and no target to compare."""
    twins = count_twins(table_of({"x": np.arange(100.0)}, np.zeros(100)))
    assert twins == {"test_rows": 0, "share": 0.0, "same_target": None, "repeated": 0.0, "suspect": False}
