"""Several classes from the yardsticks to the comparison: what is asked of two classes is asked of them too."""

import json

import numpy as np
import pytest
from conftest import Facts
from toy_table import run_now, small_project, small_table

from pipelines.baseline import baseline
from pipelines.comparison.confusion import confusion_of_classes
from pipelines.comparison.paired_comparison import paired_comparison
from pipelines.core.table import Table
from pipelines.metric import metric
from pipelines.metrics import METRICS
from pipelines.models.fit import predictions_of
from pipelines.strong import strong
from pipelines.targets import Classes, target_of

TABLE = small_table("multiclass", 900)


@pytest.fixture(scope="module")
def facts() -> Facts:
    """Return the facts of steps 2, 4, 5 and 6 on the small table."""
    project = small_project("multiclass")
    plain, best = baseline(TABLE, project, run_now), strong(TABLE, project, run_now)
    yardsticks = metric(TABLE, project, run_now)
    predictions = {"baseline": plain.predictions, "strong": best.predictions}
    earlier: Facts = {"metric": yardsticks, "baseline": plain.facts, "strong": best.facts}
    compared = paired_comparison(TABLE, project, predictions, earlier, run_now)
    found = {"metric": yardsticks, "compare": compared, "predictions": best.predictions}
    assert json.loads(json.dumps(found | {"predictions": None}, allow_nan=False))
    return found


def test_the_strong_model_is_better_on_a_curve(facts: Facts) -> None:
    """Classes at either end and in the middle of a feature: the linear model cannot follow."""
    difference = facts["compare"]["difference"]

    assert difference["verdict"] == "better"
    assert difference["minimum_detectable"] < difference["value"]
    assert difference["delong"] is None
    others = [name for name, metric in METRICS.items() if Classes.name in metric.targets and name != "log_loss"]
    assert [one["metric"] for one in facts["compare"]["other_metrics"]] == others
    assert others[:5] == ["roc_auc", "brier", "accuracy", "balanced_accuracy", "f1"]


def test_predictions_come_back_as_they_were_written(facts: Facts) -> None:
    """One column a class in the table, one array a model out of it; each row's probabilities sum to one."""
    found = predictions_of(facts["predictions"])

    assert {values.shape for values in found.values()} == {(900, 3)}
    assert list(facts["predictions"].columns[-3:]) == ["strong[0]", "strong[1]", "strong[2]"]
    np.testing.assert_allclose(found["strong"].sum(axis=1), 1)
    test = TABLE.fold < 0
    score = next(model["score"] for model in facts["compare"]["models"] if model["name"] == "strong")
    assert score == pytest.approx(METRICS["log_loss"].score(TABLE.y[test], found["strong"][test]))


def test_confusion_is_counted(facts: Facts) -> None:
    """Against a loop over the rows; recall and precision are its shares."""
    test = TABLE.fold < 0
    prediction = predictions_of(facts["predictions"])["strong"][test]
    counts = np.zeros((3, 3), int)
    for truth, answer in zip(TABLE.y[test], prediction.argmax(axis=1), strict=True):
        counts[int(truth), answer] += 1
    found = facts["compare"]["confusion"][1]

    assert (found["model"], found["counts"]) == ("strong", counts.tolist())
    for k, one in enumerate(found["classes"]):
        assert one["recall"] == pytest.approx(counts[k, k] / counts[k].sum())
        assert one["precision"] == pytest.approx(counts[k, k] / counts[:, k].sum())
        assert one["ci"][0] < one["recall"] < one["ci"][1]


def test_a_class_that_is_never_answered_has_no_precision() -> None:
    """And one without a row no recall."""
    found = confusion_of_classes("baseline", np.array([0.0, 1.0]), np.array([[0.8, 0.1, 0.1], [0.6, 0.3, 0.1]]))

    assert [one["precision"] for one in found["classes"]] == [0.5, None, None]
    assert [one["recall"] for one in found["classes"]] == [1.0, 0.0, None]


def test_calibration_looks_at_all_classes(facts: Facts) -> None:
    """The Brier score over all (row, class) pairs is a third of the sum over classes, and its parts add up."""
    for one in facts["compare"]["calibration"]:
        brier = next(row for row in facts["compare"]["other_metrics"] if row["metric"] == "brier")[one["model"]]
        assert one["brier"] == pytest.approx(brier / 3)
        parts = one["reliability"] - one["resolution"] + one["uncertainty"] + one["within_bins"]
        assert one["brier"] == pytest.approx(parts)
        assert one["ece_ci"][0] <= one["ece"] <= one["ece_ci"][1]


def test_trivial_scores_by_hand() -> None:
    """Half, three tenths, a fifth: shares cost their entropy, the commonest class is right half the time."""
    y = np.repeat([0.0, 1.0, 2.0], [500, 300, 200])
    table = small_table("multiclass", 1000)
    facts = metric(
        Table(table.frame.assign(y_true=y), target_of("multiclass", y)), small_project("multiclass"), run_now
    )
    trivial = {one["metric"]: {t["predictor"]: t["score"] for t in one["trivial"]} for one in facts["candidates"]}
    shares = np.bincount(y[table.fold >= 0].astype(int)) / (table.fold >= 0).sum()

    assert trivial["log_loss"]["always the classes' shares"] == pytest.approx(-(shares * np.log(shares)).sum())
    assert trivial["accuracy"]["always the commonest class"] == pytest.approx(shares.max())
    assert trivial["roc_auc"]["always the classes' shares"] == pytest.approx(0.5)
    assert trivial["balanced_accuracy"]["always the commonest class"] == pytest.approx(1 / 3)


def test_a_rare_class_is_warned_of() -> None:
    """A mean over classes rests on the rarest one; a mean over rows does not."""
    rng = np.random.default_rng(0)
    y = np.where(rng.random(900) < 0.05, 2.0, rng.integers(0, 2, 900))
    table = Table(TABLE.frame.assign(y_true=y), target_of("multiclass", y))
    warned = {
        name: [one["text"] for one in metric(table, small_project("multiclass", name), run_now)["warnings"]]
        for name in ("balanced_accuracy", "log_loss")
    }

    assert any("rarest class has" in text for text in warned["balanced_accuracy"])
    assert not any("rarest class" in text for text in warned["log_loss"])
