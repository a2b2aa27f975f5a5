"""Tests of scores next to perfect: when they are a question, what is said of them, and that nothing is left to gain."""

import numpy as np
import pytest
from conftest import Facts
from sample_facts import SAMPLES, told_again
from small_exploration import table_of

from pipelines.answer.caveats import caveats
from pipelines.core.project import Task
from pipelines.core.table import Table
from pipelines.experiments.too_good import too_good_facts
from pipelines.facts.claims import check_claims

ROWS = 1000
TOO_GOOD = {
    "metric": "roc_auc",
    "label": "ROC AUC",
    "bound": 0.997,
    "models": [
        {"model": "baseline", "out_of_fold": 0.9975, "test": 0.998},
        {"model": "strong", "out_of_fold": 1.0, "test": 1.0},
    ],
}


def _table(task: Task) -> tuple[Table, np.ndarray]:
    """Return a table and the predictions of the truth itself."""
    rng = np.random.default_rng(0)
    if task == "regression":
        y = rng.normal(size=ROWS)
        return table_of({"x": y}, y, task), y
    y = rng.integers(0, 2 if task == "binary" else 3, ROWS).astype(float)
    return table_of({"x": y}, y, task), y if task == "binary" else np.eye(3)[y.astype(int)]


@pytest.mark.parametrize("task", ["binary", "multiclass", "regression"])
def test_the_truth_itself_is_too_good(task: Task) -> None:
    """Predicted exactly: 1 out of fold and on the test rows, of whatever target."""
    table, truth = _table(task)
    found = too_good_facts(table, {"baseline": truth})
    assert found is not None
    assert found["models"] == [{"model": "baseline", "out_of_fold": 1.0, "test": 1.0}]


@pytest.mark.parametrize(("task", "noise"), [("binary", 0.4), ("multiclass", 0.3), ("regression", 0.15)])
def test_a_very_good_score_is_none(task: Task, noise: float) -> None:
    """Predictions that miss by so much: an AUC of about .96, nine tenths, and .98 of the variance."""
    table, truth = _table(task)
    blurred = truth + noise * np.random.default_rng(1).normal(size=truth.shape)
    assert too_good_facts(table, {"baseline": blurred}) is None


def test_luck_on_few_test_rows_is_none() -> None:
    """Perfect on the test rows, and merely good out of fold."""
    table, truth = _table("binary")
    lucky = np.where(table.fold < 0, truth, truth + 0.5 * np.random.default_rng(2).normal(size=ROWS))
    assert too_good_facts(table, {"strong": lucky}) is None


@pytest.mark.parametrize("verdict", ["better", "tie", "worse", "underpowered"])
def test_it_is_said_whatever_the_verdict(verdict: str) -> None:
    """The claim stands, its numbers are bound, and it is a caveat that comes before those of the split."""
    facts: Facts = SAMPLES["binary"]()
    assert "too_good" not in [claim["id"] for claim in caveats(facts)]
    facts["compare"]["difference"]["verdict"] = verdict
    facts["reflect"]["too_good"] = TOO_GOOD
    claims = told_again(facts)["reflect"]["claims"]
    told = [one for one in claims if one["id"] == "too_good"]
    assert len(told) == 1
    assert told[0]["text"].startswith("A score next to perfect is suspicious: the strong model has ROC AUC 1.000")
    check_claims(claims, facts)
    assert caveats(facts)[0]["id"] == "too_good"


def test_it_names_the_suspects() -> None:
    """Where columns are suspected, they are why, and the score without them is told."""
    facts: Facts = SAMPLES["binary"]()
    facts["reflect"]["too_good"] = TOO_GOOD
    facts["reflect"]["leak_verdict"] = {
        "features": ["taken", "promised"], "score_with": 1.0, "score_without": 0.6, "gain_with": 0.0,
        "gain_without": 0.0, "share_lost": 0.8, "ci": [-0.01, 0.01], "is_the_gain": False,
    }  # fmt: skip
    claims = told_again(facts)["reflect"]["claims"]
    text = next(one["text"] for one in claims if one["id"] == "too_good")
    assert "taken and promised may give the target away" in text
    assert "0.6" in text
    check_claims(claims, facts)


def test_within_the_margin_of_perfect_nothing_is_promised() -> None:
    """An AUC of .999 with a margin of .005: the next step is no search for rows or features."""
    facts: Facts = SAMPLES["binary"]()
    facts["metric"]["primary"] = "roc_auc"
    facts["reflect"]["headroom"]["best"]["score"] = 0.999
    text = next(one["text"] for one in told_again(facts)["reflect"]["claims"] if one["id"] == "what_next")
    assert "within the margin of a perfect score" in text
