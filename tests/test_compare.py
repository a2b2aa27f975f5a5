"""Step 6 on made-up predictions, whose scores and differences are known or computed beside."""

import json

import numpy as np
import pandas as pd
import pytest
from conftest import Facts
from toy_project import of_metric, toy_project

from pipelines.comparison.paired_comparison import paired_comparison
from pipelines.comparison.scores import other_metrics
from pipelines.core.project import Project
from pipelines.core.submit import run_now
from pipelines.core.table import FOLDS, Table
from pipelines.inference.cost import Costs, best_threshold
from pipelines.metrics import METRICS
from pipelines.targets import target_of

TRAIN, TEST = 600, 600
COSTS = Costs(50, 1200)


def _project(
    task: str = "binary", primary: str = "roc_auc", margin: float = 0.01, more: str = "", problem: str = ""
) -> Project:
    return toy_project(task, problem=problem, metric=of_metric(primary, margin, *filter(None, [more])))


class Case:
    """A table and the prediction tables and facts of steps 4 and 5; `noise` is how far off baseline and strong are."""

    def __init__(self, noise: tuple[float, float], *, task: str = "binary", seed: int = 1, groups: int = 0) -> None:
        """Draw the truth and predictions that blur it."""
        rng = np.random.default_rng(seed)
        rows = TRAIN + TEST
        signal = rng.normal(size=rows)
        chance = 1 / (1 + np.exp(-2 * signal))
        y = (rng.random(rows) < chance).astype(float) if task == "binary" else signal + rng.normal(0, 0.1, rows)
        test = np.arange(rows) >= TRAIN
        keys = {"row_id": np.arange(rows) * 3, "split": np.where(test, "test", "train"),
                "fold": np.where(test, -1, np.arange(rows) % FOLDS), "y_true": y}  # fmt: skip
        more = {"group": rng.integers(0, groups, rows)} if groups else {}
        self.table = Table(pd.DataFrame(keys | more | {"x": signal}), target_of(task, y))
        seen = [signal + scale * rng.normal(size=rows) for scale in (*noise, 1.0)]
        columns = [1 / (1 + np.exp(-2 * s)) for s in seen] if task == "binary" else seen
        self.baseline = pd.DataFrame(keys | {"dummy": np.full(rows, y[~test].mean()), "baseline": columns[0]})
        self.strong = pd.DataFrame(keys | {"forest": columns[2], "boosted": columns[1], "strong": columns[1]})

    def compare(self, project: Project | None = None) -> Facts:
        """Return the facts of step 6."""
        task: str = self.table.target.name
        project = project or _project(task, "roc_auc" if task == "binary" else "rmse")
        steps: list[Facts] = [
            {"models": [self._described(frame, name, role, project) for name, role in roles.items()]}
            for frame, roles in (
                (self.baseline, {"dummy": "dummy", "baseline": "baseline"}),
                (self.strong, {"forest": "ladder", "boosted": "ladder", "strong": "strong"}),
            )
        ]
        facts: Facts = {"metric": {"minimum_detectable": 0.02}, "baseline": steps[0], "strong": steps[1]}
        predictions = {"baseline": self.baseline, "strong": self.strong}
        return paired_comparison(self.table, project, predictions, facts, run_now)

    def _described(self, frame: pd.DataFrame, name: str, role: str, project: Project) -> Facts:
        return {
            "name": name, "role": role, "cv_mean": 0.5, "cv_sd": 0.1,
            "fold_scores": self.fold_scores(frame, name, project),
        }  # fmt: skip

    def fold_scores(self, frame: pd.DataFrame, name: str, project: Project) -> list[float]:
        """Return the model's score on each fold."""
        metric, fold = METRICS[project.metric.primary], self.table.fold
        return [metric.score(self.table.y[fold == f], frame[name].to_numpy()[fold == f]) for f in range(FOLDS)]


def _model(facts: Facts, name: str) -> Facts:
    return next(model for model in facts["models"] if model["name"] == name)


@pytest.fixture(scope="module")
def better() -> tuple[Case, Facts]:
    """Return a case whose strong model is far better, with costs."""
    case = Case((1.0, 0.1))
    return case, case.compare(_project(more="cost = {false_positive = 50, false_negative = 1200}"))


def test_scores_are_those_of_the_test_rows(better: tuple[Case, Facts]) -> None:
    """Every model in the steps' order, scored on the same rows, within its interval; the difference is their gap."""
    case, facts = better
    y = case.table.y[TRAIN:]

    assert [m["name"] for m in facts["models"]] == ["dummy", "baseline", "forest", "boosted", "strong"]
    for name, frame in (("baseline", case.baseline), ("forest", case.strong), ("strong", case.strong)):
        model = _model(facts, name)
        assert model["score"] == pytest.approx(METRICS["roc_auc"].score(y, frame[name].to_numpy()[TRAIN:]), abs=1e-12)
        assert model["ci"][0] < model["score"] < model["ci"][1]
    gap = _model(facts, "strong")["score"] - _model(facts, "baseline")["score"]
    assert facts["difference"]["value"] == pytest.approx(gap, abs=1e-12)
    assert facts["difference"]["delong"]["value"] == pytest.approx(gap, abs=1e-12)
    assert facts["difference"]["verdict"] == "better"
    assert facts["test_rows"] == TEST
    assert _model(facts, "baseline")["versus_baseline"] is None


def test_facts_are_plain_and_finite(better: tuple[Case, Facts]) -> None:
    """They survive JSON without NaN."""
    assert json.loads(json.dumps(better[1], allow_nan=False)) == better[1]


def test_a_model_and_its_copy_count_once_under_holm(better: tuple[Case, Facts]) -> None:
    """`strong` repeats `boosted`: three distinct models, so the smallest p-value is multiplied by three."""
    gains = {m["name"]: m["versus_baseline"] for m in better[1]["models"] if m["name"] != "baseline"}

    assert gains["strong"] == gains["boosted"]
    ordered = sorted({gain["p_value"]: gain["p_adjusted"] for gain in gains.values()}.items())
    assert len(ordered) == 3
    assert ordered[0][1] == pytest.approx(3 * ordered[0][0])


def test_folds_are_compared_by_nadeau_bengio(better: tuple[Case, Facts]) -> None:
    """The mean of the five fold differences, its interval as wide as variance (1/5 + 1/4) s^2 and t(4) make it."""
    case, facts = better
    project = _project()
    gains = np.subtract(
        case.fold_scores(case.strong, "strong", project), case.fold_scores(case.baseline, "baseline", project)
    )
    found = facts["difference"]["nadeau_bengio"]

    assert found["value"] == pytest.approx(gains.mean())
    half = 2.7764451 * np.sqrt(0.45 * gains.var(ddof=1))
    assert found["ci"] == pytest.approx([gains.mean() - half, gains.mean() + half], rel=1e-6)


def test_a_constant_dummy_is_sane(better: tuple[Case, Facts]) -> None:
    """AUC one half with a point for an interval, surely worse than the baseline, no calibration or cost of its own."""
    dummy = _model(better[1], "dummy")

    assert (dummy["score"], dummy["ci"]) == (0.5, [0.5, 0.5])
    assert dummy["versus_baseline"]["value"] < 0
    assert [part["model"] for part in better[1]["calibration"]] == ["baseline", "strong"]


def test_equal_models_tie() -> None:
    """The strong model repeats the baseline: no difference at all, whatever the metric."""
    case = Case((0.5, 0.5))
    case.strong["strong"] = case.baseline["baseline"]
    for primary in ("roc_auc", "f1"):
        difference = case.compare(_project(primary=primary))["difference"]
        assert difference["value"] == 0
        assert difference["ci"] == [0, 0]
        assert difference["p_value"] == 1
        assert difference["verdict"] == "tie"
        assert difference["close"] is False
        assert difference["rows_needed"] is None


def test_constant_models_on_both_sides_tie() -> None:
    """A degenerate strong model beside a degenerate baseline: a tie at one half, and curves that are lines."""
    case = Case((0.5, 0.5))
    case.baseline["baseline"], case.strong["strong"] = 0.4, 0.6
    facts = case.compare()

    assert facts["difference"]["verdict"] == "tie"
    assert facts["curves"]["roc"]["strong"] == [{"x": 0.0, "y": 0.0}, {"x": 1.0, "y": 1.0}]
    assert len(facts["calibration"][0]["bins"]) == 1


def test_a_degenerate_strong_model_is_worse() -> None:
    """A constant prediction against a good baseline."""
    case = Case((0.1, 0.1))
    case.strong["strong"] = 0.3

    assert case.compare()["difference"]["verdict"] == "worse"


def test_too_few_rows_for_the_margin_are_said_to_be() -> None:
    """Nearly equal models and a tiny margin: underpowered, and how many rows it would take."""
    difference = Case((0.5, 0.5)).compare(_project(margin=0.0005))["difference"]

    assert difference["verdict"] == "underpowered"
    assert difference["rows_needed"] is None or difference["rows_needed"] > TEST


def test_less_error_is_a_positive_difference() -> None:
    """RMSE falls, the gain is positive; residuals by tenth, no curves, no calibration, no DeLong."""
    case = Case((0.5, 0.2), task="regression")
    facts = case.compare()
    y = case.table.y[TRAIN:]
    errors = [
        np.sqrt(np.mean((y - frame.to_numpy()[TRAIN:]) ** 2))
        for frame in (case.baseline["baseline"], case.strong["strong"])
    ]

    assert facts["difference"]["value"] == pytest.approx(errors[0] - errors[1])
    assert facts["difference"]["verdict"] == "better"
    assert facts["difference"]["delong"] is None
    assert facts["calibration"] is None
    assert facts["threshold"] is None
    assert facts["curves"] is None
    assert facts["original_scale"] is None
    assert [part["model"] for part in facts["residuals"]] == ["baseline", "strong"]
    assert sum(decile["rows"] for decile in facts["residuals"][0]["deciles"]) == TEST
    assert json.dumps(facts, allow_nan=False)


def test_logarithms_are_told_in_the_targets_unit_too() -> None:
    """The mean absolute error of the exponentials."""
    case = Case((0.5, 0.2), task="regression")
    problem = 'target_scale = "log"\nunit = "USD"'
    told = case.compare(_project("regression", "rmse", problem=problem))["original_scale"]
    y, prediction = case.table.y[TRAIN:], case.strong["strong"].to_numpy()[TRAIN:]
    expected = np.abs(np.exp(y) - np.exp(prediction)).mean()

    assert told["unit"] == "USD"
    assert next(m for m in told["metrics"] if m["metric"] == "mae")["strong"] == pytest.approx(expected)


def test_thresholds_are_chosen_on_training_rows_and_judged_on_test_rows(better: tuple[Case, Facts]) -> None:
    """The threshold is the cheapest on out-of-fold rows; cost, confusion and saving are of the test rows."""
    case, facts = better
    y, threshold = case.table.y, facts["threshold"]
    for name, frame in (("baseline", case.baseline), ("strong", case.strong)):
        prediction, judged = frame[name].to_numpy(), threshold[name]
        assert judged["threshold"] == best_threshold(y[:TRAIN], prediction[:TRAIN], COSTS)
        acted, positive = prediction[TRAIN:] >= judged["threshold"], y[TRAIN:] == 1
        cost = (50 * (acted & ~positive).sum() + 1200 * (~acted & positive).sum()) / TEST
        assert judged["expected_cost"] == pytest.approx(cost)
        assert judged["ci"][0] < cost < judged["ci"][1]
        assert sum(judged["confusion"].values()) == TEST
    gap = threshold["baseline"]["expected_cost"] - threshold["strong"]["expected_cost"]

    assert threshold["saving"]["value"] == pytest.approx(gap)
    assert threshold["saving_per_thousand"]["value"] == pytest.approx(1_000 * gap)
    assert threshold["of_everybody"] == pytest.approx(50 * (1 - y[TRAIN:].mean()))


def test_without_costs_there_is_no_threshold() -> None:
    """Nothing to weigh."""
    assert Case((0.5, 0.2)).compare()["threshold"] is None


def test_curves_are_short(better: tuple[Case, Facts]) -> None:
    """At most 101 points each."""
    curves = better[1]["curves"]

    assert all(len(points) <= 101 for kind in curves.values() for points in kind.values())
    assert len(better[1]["threshold"]["curve"]) <= 101


def test_grouped_rows_are_drawn_by_group() -> None:
    """Groups are named, DeLong, which needs independent rows, is left out."""
    facts = Case((1.0, 0.1), groups=40).compare()

    assert facts["test_groups"] == 40
    assert "groups" in facts["difference"]["method"]
    assert facts["difference"]["delong"] is None


def test_other_metrics_leave_out_the_primary(better: tuple[Case, Facts]) -> None:
    """All of the task's metrics but the one that is compared anyway."""
    names = [row["metric"] for row in better[1]["other_metrics"]]

    assert "roc_auc" not in names
    assert {"average_precision", "log_loss", "f1"} <= set(names)


def test_no_relative_error_of_nothing() -> None:
    """MAPE is told of amounts, and not where one of them is 0."""
    guess = {"dummy": np.ones(3), "baseline": np.ones(3), "strong": np.ones(3)}
    told = {
        low: {row["metric"] for row in other_metrics(METRICS["rmse"], np.array([low, 1.0, 2.0]), guess, "regression")}
        for low in (0.0, 0.5)
    }

    assert told[0.5] - told[0.0] == {"mape"}


def test_predictions_for_other_rows_are_refused() -> None:
    """A stale prediction table is not compared."""
    case = Case((0.5, 0.2))
    case.strong["row_id"] += 1
    with pytest.raises(ValueError, match="step strong are not for the rows"):
        case.compare()
