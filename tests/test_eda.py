"""Tests of step 3 as a whole: what is planted is expected to matter, and nothing else is."""

import json

import numpy as np
import pandas as pd
import pytest
from conftest import Facts
from planted import planted
from small_exploration import table_of
from toy_table import APART, run_backwards, run_now, small_project, small_table

from pipelines.causes import CAUSES
from pipelines.core.project import Task
from pipelines.core.table import Table
from pipelines.eda import eda
from pipelines.facts.claims import check_claims
from pipelines.targets import Event


def explore(table: Table, metric: str | None = None) -> Facts:
    """Return the facts of step 3."""
    usual = "r2" if table.target.raw_in_unit else None
    return eda(table, small_project(table.target.name, metric or usual), defined(table), run_now)


def defined(table: Table) -> Facts:
    """Return what step 3 reads of step 1's facts; the classes are called c0, c1..."""
    of_classes = "probabilities" in table.target.can
    classes = [{"value": f"c{k:.0f}"} for k in np.unique(table.y)] if of_classes else []
    return {
        "features": [{"name": name, "type": "number", "from": name} for name in table.features],
        "target_summary": {"classes": classes},
    }


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


@pytest.mark.parametrize("task", APART)
def test_facts_are_plain_and_evidence_holds(task: Task) -> None:
    """A table with gaps, a category, an empty and a constant column: JSON, one entry a feature, every pointer true."""
    table = small_table(task, rows=600)
    facts = explore(table)
    assert json.loads(json.dumps(facts, allow_nan=False)) == facts
    assert [column["name"] for column in facts["columns"]] == table.features
    suspects: list[Facts] = [
        {"id": one["feature"], "text": one["why"], "evidence": one["evidence"]} for one in facts["leak_suspects"]
    ]
    check_claims([*facts["hypotheses"], {"id": "conclusion"} | facts["conclusion"], *suspects], {"eda": facts})


def test_the_order_of_work_changes_nothing() -> None:
    """Facts are equal to the last digit when pieces of work run last first, and when run again."""
    table, project = small_table(rows=200), small_project()
    facts = [eda(table, project, defined(table), submit) for submit in (run_now, run_now, run_backwards([]))]
    assert facts[0] == facts[1] == facts[2]


def test_only_training_rows_are_looked_at() -> None:
    """Other test rows, other targets there: all facts but drift and duplicates stay as they are."""
    table = small_table(rows=400)
    frame = table.frame.copy()
    test = frame["split"] == "test"
    frame.loc[test, "y_true"] = 1 - frame.loc[test, "y_true"]
    frame.loc[test, ["curved", "steady"]] = 5.0
    frame.loc[test, "town"] = "new"
    before, after = explore(table), explore(Table(frame, Event()))
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
    facts = explore(Table(pd.DataFrame(frame), Event()))
    low, high = facts["columns"][0]["score_alone_ci"]
    assert high - low > 0.2
    assert not facts["screens"]["signal"]


def classes_of(x: np.ndarray, **more: np.ndarray) -> Table:
    """Return a table of three classes: `x` (rows, 3) are the log-odds of each, up to a constant."""
    rng = np.random.default_rng(1)
    y = (x + rng.gumbel(size=x.shape)).argmax(axis=1)
    return table_of(more, y, "multiclass")


def test_a_bend_that_only_one_of_three_classes_follows_is_expected() -> None:
    """One class in the middle of a feature, the others at either end: shape matters, a peak is told, noise is none."""
    rng = np.random.default_rng(0)
    bent, noise = rng.standard_normal((2, 2500))
    facts = explore(classes_of(np.column_stack([2 - 2 * bent**2, 0 * bent, 0 * bent]), bent=bent, noise=noise))
    assert {one["factor"] for one in facts["hypotheses"] if one["predicts"] == "matters"} - {"tuning"} == {"shape"}
    assert facts["columns"][0]["relation"] | {"bins": []} == {"bins": [], "form": "peak", "class": "c0"}
    assert "Along bent the share of class c0 rises and falls again" in facts["hypotheses"][3]["text"]
    assert facts["columns"][1]["score_alone"] < 0.01 < facts["columns"][0]["score_alone"]
    assert facts["score_alone_metric"] == "r2"


def test_a_pair_that_one_of_three_classes_hangs_on_is_found() -> None:
    """A class that is frequent where two features have one sign: interaction is expected, and the pair is named."""
    rng = np.random.default_rng(0)
    a, b, c = rng.standard_normal((3, 4000))
    facts = explore(classes_of(np.column_stack([0 * a, 1.5 * np.sign(a * b), 0 * a]), a=a, b=b, c=c))
    assert {one["factor"] for one in facts["hypotheses"] if one["predicts"] == "matters"} - {"tuning"} == {
        "interaction"
    }
    assert facts["screens"]["factors"]["interaction"]["pairs"][0]["features"] == ["a", "b"]


def test_a_gap_that_gives_one_of_three_classes_away_is_a_suspect() -> None:
    """Missing only where the class is the last: the sentence names it; an honest gap is no suspect."""
    rng = np.random.default_rng(0)
    y = rng.integers(0, 3, 2000)
    told = np.where((y == 2) & (rng.random(2000) < 0.9), np.nan, rng.standard_normal(2000))
    honest = np.where(rng.random(2000) < 0.3, np.nan, rng.standard_normal(2000))
    facts = explore(table_of({"told": told, "honest": honest}, y, "multiclass"))
    assert [one["feature"] for one in facts["leak_suspects"]] == ["told"]
    assert "in ROC AUC for class c2" in facts["leak_suspects"][0]["why"]


def test_three_classes_of_noise_promise_nothing() -> None:
    """No signal, no suspect, nothing expected but restraint."""
    rng = np.random.default_rng(5)
    facts = explore(table_of({"a": rng.standard_normal(1500), "b": rng.standard_normal(1500)},
                             rng.integers(0, 3, 1500), "multiclass"))  # fmt: skip
    assert not facts["screens"]["signal"]
    assert facts["leak_suspects"] == []
    assert {one["factor"] for one in facts["hypotheses"] if one["predicts"] == "matters"} <= {"tuning"}


@pytest.mark.parametrize("rows", [30, 60])
def test_tiny_tables_are_explored(rows: int) -> None:
    """Six training rows a fold and every kind of column: no error, and no claim that anything will matter."""
    facts = explore(small_table(rows=rows, seed=3))
    assert len(facts["hypotheses"]) == len(CAUSES)
    assert not facts["drift"]["drifted"]
