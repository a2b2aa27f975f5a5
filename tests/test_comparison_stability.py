"""Stability over folds and seeds, what complexity costs, and which refittable stands for the strong model."""

import numpy as np
import pandas as pd
import pytest
from conftest import Facts

from pipelines.comparison.complexity import complexity, judge
from pipelines.comparison.stability import ALLOWED, OTHER_SEEDS, applies, stability
from pipelines.core.submit import run_now
from pipelines.core.table import FOLDS, Table
from pipelines.metrics import METRICS
from pipelines.models.folds import cross_fit
from pipelines.models.lightgbm import LightGBMLearner, lightgbm_settings
from pipelines.models.refittable import Refittable, heaviest, parts
from pipelines.models.size import measure_size
from pipelines.targets import Event

AP = METRICS["average_precision"]
ROWS = 2_000


def _rare(share: float, seed: int = 1) -> Table:
    """Return rows of which that share is positive and known by one feature but for luck; ten are test rows."""
    rng = np.random.default_rng(seed)
    signal = rng.normal(size=ROWS)
    y = (signal + rng.normal(0, 0.4, ROWS) > np.quantile(signal, 1 - share)).astype(float)
    fold = np.where(np.arange(ROWS) < 10, -1, np.arange(ROWS) % FOLDS)
    frame = {"row_id": np.arange(ROWS), "split": "train", "fold": fold, "y_true": y, "signal": signal}
    return Table(pd.DataFrame(frame), Event())


def _refittable(table: Table) -> Refittable:
    learner = LightGBMLearner(lightgbm_settings(measure_size(table.y, 1, table.target, "quick")))
    (fitted,), _ = cross_fit([learner], table, 7, run_now)
    return Refittable("strong", learner, 1.0, {part.fold: part.model for part in fitted.folds}, fitted.prediction)


@pytest.fixture(scope="module")
def case() -> tuple[Table, Refittable]:
    """Return rare events and a model of them."""
    table = _rare(0.06)
    return table, _refittable(table)


def _stability(table: Table, refittable: Refittable, prediction: np.ndarray) -> Facts:
    found = stability(table, AP, prediction, refittable, 7, run_now)
    assert found is not None
    return found


def test_an_even_model_is_stable(case: tuple[Table, Refittable]) -> None:
    """No fold lies far below the interval of the mean; scores are those of the folds, the first seed's its own."""
    table, refittable = case
    found = _stability(table, refittable, refittable.prediction)
    scores = [AP.score(table.y[table.fold == f], refittable.prediction[table.fold == f]) for f in range(FOLDS)]
    assert found["folds"]["scores"] == pytest.approx(scores)
    assert found["folds"]["mean"] == pytest.approx(np.mean(scores))
    assert found["folds"]["ci"][0] < np.mean(scores) < found["folds"]["ci"][1]
    assert found["folds"]["below"] == pytest.approx(max(0, found["folds"]["ci"][0] - min(scores)))
    assert not found["folds"]["flagged"]
    seeds = found["seeds"]
    assert (seeds["fold"], seeds["scores"][0]) == (int(np.argmin(scores)), pytest.approx(min(scores)))
    assert len(seeds["scores"]) == OTHER_SEEDS + 1
    assert seeds["move"] == pytest.approx(max(seeds["scores"]) - min(seeds["scores"]))
    assert found["rarer_class"] == pytest.approx(table.y[table.fold >= 0].mean())


def test_a_fold_that_collapses_is_flagged(case: tuple[Table, Refittable]) -> None:
    """One fold predicted at random falls far below the interval of the mean."""
    table, refittable = case
    prediction = refittable.prediction.copy()
    collapsed = table.fold == 3
    prediction[collapsed] = np.random.default_rng(1).random(collapsed.sum())
    found = _stability(table, refittable, prediction)
    assert found["flagged"]
    assert found["folds"]["flagged"]
    assert found["folds"]["below"] > ALLOWED
    assert found["seeds"]["fold"] == 3


def test_it_is_asked_of_rare_events_only() -> None:
    """Not of balanced classes, of errors without an upper bound, or where a fold holds too few events to be scored."""
    assert applies(_rare(0.06), AP)
    assert not applies(_rare(0.4), AP)
    assert not applies(_rare(0.06), METRICS["log_loss"])
    assert not applies(_rare(0.005), AP)


@pytest.mark.parametrize(
    ("verdict", "saving", "worth"),
    [
        ("better", None, "gains"), ("better", [1.0, 2.0], "saves"), ("better", [-1.0, 2.0], "no saving"),
        ("better", [-2.0, -1.0], "costs more"), ("tie", [1.0, 2.0], "no gain"), ("worse", None, "worse"),
        ("underpowered", None, "not shown"),
    ],
)  # fmt: skip
def test_money_decides_where_there_is_any(verdict: str, saving: list[float] | None, worth: str) -> None:
    """A better score that saves nothing is worth nothing; what is not better is not worth more."""
    assert judge(verdict, saving) == worth


STRONG: Facts = {
    "chosen": "ensemble",
    "models": [
        {"name": "linear_ranks", "family": "classic"},
        {"name": "lightgbm", "family": "lightgbm", "trees": [100, 120]},
        {"name": "random_forest", "family": "random_forest", "trees": [60, 60]},
        {"name": "ensemble", "family": "ensemble"},
    ],
    "ensemble": {"kept": True, "gain": 0.001, "weights": {"linear_ranks": 0.6, "lightgbm": 0.3, "random_forest": 0.1}},
}


def test_what_a_model_costs_to_keep() -> None:
    """Three parts and 340 trees in 40 times the bytes, for a gain of three margins; the mean gains too little."""
    compared: Facts = {"difference": {"verdict": "better", "value": 0.03, "margin": 0.01}, "threshold": None}
    found = complexity(compared, STRONG, {"baseline": 100, "strong": 4_000})
    assert found["strong"] == {"bytes": 4_000, "parts": 3, "trees": 340}
    assert found["baseline"] == {"bytes": 100, "parts": 1, "trees": None}
    assert found["times_bytes"] == 40
    assert found["worth"] == "gains"
    assert found["mean_pays"] is False
    assert found["gain_in_margins"] == pytest.approx(3)


def test_the_heaviest_part_of_trees_stands_for_a_mean() -> None:
    """Not the linear one, though it weighs more; a single model stands for itself."""
    assert heaviest(STRONG) == ("lightgbm", 0.3)
    single = STRONG | {"chosen": "linear_ranks", "ensemble": {"kept": False, "gain": 0.0, "weights": {"lightgbm": 1.0}}}
    assert heaviest(single) == ("linear_ranks", 1.0)
    assert parts(single) == ["linear_ranks"]
    assert parts(STRONG) == ["linear_ranks", "lightgbm", "random_forest"]
