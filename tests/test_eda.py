"""Tests of step 3 as a whole: what is planted is expected to matter, and nothing else is."""

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
from planted import planted
from small_models import run_backwards, run_now, small_project, small_table

from pipelines.claims import check_claims
from pipelines.core.errors import InputError
from pipelines.core.project import Task
from pipelines.core.table import Table
from pipelines.eda import eda


def explore(table: Table, metric: str | None = None) -> dict[str, Any]:
    """Return the facts of step 3."""
    features = [{"name": name, "type": "number"} for name in table.features]
    project = small_project(table.task, metric or ("roc_auc" if table.task == "binary" else "r2"))
    return eda(table, project, {"features": features}, run_now)


@pytest.mark.parametrize(
    ("case", "task"),
    [
        ("missing_at_random", "binary"), ("noise", "binary"), ("scale_and_product", "regression"),
        ("u_shape", "binary"), ("gated", "binary"), ("missing", "regression"), ("leak", "regression"),
    ],
)  # fmt: skip
def test_what_is_planted_is_expected_and_nothing_else(case: str, task: Task) -> None:
    """The causes, the pair and the leak that the table was made with; no drift, no groups, no false alarm."""
    made = planted(case, 2500, 1, task=task)
    facts = explore(made.table)
    expected = {item["factor"] for item in facts["hypotheses"] if item["predicts"] == "matters"}
    assert expected - {"tuning"} == made.causes
    assert {suspect["feature"] for suspect in facts["leak_suspects"]} == ({made.leak} if made.leak else set())
    assert not facts["drift"]["drifted"]
    assert facts["correlated"] == []
    assert not facts["duplicates"]["suspect"]
    assert facts["screens"]["signal"] == (case != "noise")
    if made.pair:
        assert set(facts["screens"]["factors"]["interaction"]["pairs"][0]["features"]) == made.pair


@pytest.mark.parametrize("task", ["binary", "regression"])
def test_facts_are_plain_and_evidence_holds(task: Task) -> None:
    """A table with gaps, a category, an empty and a constant column: JSON, one entry a feature, every pointer true."""
    table = small_table(task, rows=600)
    facts = explore(table)
    assert json.loads(json.dumps(facts, allow_nan=False)) == facts
    assert [column["name"] for column in facts["columns"]] == table.features
    suspects = [
        {"id": one["feature"], "text": one["why"], "evidence": one["evidence"]} for one in facts["leak_suspects"]
    ]
    check_claims([*facts["hypotheses"], {"id": "conclusion"} | facts["conclusion"], *suspects], {"eda": facts})


def test_the_order_of_work_changes_nothing() -> None:
    """Facts are equal to the last digit when pieces of work run last first, and when run again."""
    table, project = small_table(rows=200), small_project()
    facts = [eda(table, project, {"features": []}, submit) for submit in (run_now, run_now, run_backwards([]))]
    assert facts[0] == facts[1] == facts[2]


def test_only_training_rows_are_looked_at() -> None:
    """Other test rows, other targets there: all facts but drift and duplicates stay as they are."""
    table = small_table(rows=400)
    frame = table.frame.copy()
    test = frame["split"] == "test"
    frame.loc[test, "y_true"] = 1 - frame.loc[test, "y_true"]
    frame.loc[test, ["curved", "steady"]] = 5.0
    frame.loc[test, "town"] = "new"
    before, after = explore(table), explore(Table(frame, "binary"))
    changed = {key for key in before if before[key] != after[key]}
    assert changed <= {"drift", "duplicates", "duplicates_across_split"}
    assert "drift" in changed


def test_rare_events_are_screened_by_average_precision() -> None:
    """Where that is the project's metric the quick fits use it; what columns tell alone stays ROC AUC."""
    made = planted("u_shape", 3000, 2, base_rate=0.05)
    facts = explore(made.table, "average_precision")
    assert (facts["screens"]["metric"], facts["score_alone_metric"]) == ("average_precision", "roc_auc")
    assert facts["hypotheses"][3]["predicts"] == "matters"
    assert "average precision" in facts["hypotheses"][3]["text"]


def test_groups_are_one_observation_each() -> None:
    """A feature that names the group, targets that depend on the group: copies of rows do not make it surer."""
    rng = np.random.default_rng(0)
    group = np.repeat(np.arange(100), 12)
    level, fold = rng.standard_normal(100)[group], np.arange(100) % 5
    frame = {
        "row_id": np.arange(1200), "split": np.where(group < 80, "train", "test"),
        "fold": np.where(group < 80, fold[group], -1), "y_true": (rng.random(100) < 0.5)[group].astype(float),
        "group": group, "level": level, "noise": rng.standard_normal(1200),
    }  # fmt: skip
    facts = explore(Table(pd.DataFrame(frame), "binary"))
    low, high = facts["columns"][0]["score_alone_ci"]
    assert high - low > 0.2
    assert not facts["screens"]["signal"]


def test_three_classes_are_refused_with_a_way_out() -> None:
    """The message says what is allowed and what to ask instead."""
    with pytest.raises(InputError, match="task 'multiclass'"):
        explore(Table(small_table(rows=60).frame, "multiclass"), "log_loss")


@pytest.mark.parametrize("rows", [30, 60])
def test_tiny_tables_are_explored(rows: int) -> None:
    """Six training rows a fold and every kind of column: no error, and no claim that anything will matter."""
    facts = explore(small_table(rows=rows, seed=3))
    assert len(facts["hypotheses"]) == 6
    assert not facts["drift"]["drifted"]
