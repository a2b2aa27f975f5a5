"""The greedy ensemble: its weights, what they are judged on, and what is saved."""

from itertools import product

import numpy as np
import pytest
from toy_table import APART, run_now, small_table

from pipelines.core.project import Task
from pipelines.core.table import Table
from pipelines.models.families import family_of
from pipelines.models.family import Loading
from pipelines.models.folds import CrossFit, cross_fit
from pipelines.models.forest import ForestLearner
from pipelines.models.linear import LinearLearner
from pipelines.models.mean import MeanModel, combine, greedy_weights
from pipelines.models.model import Learner
from pipelines.targets import Classes, Event, Floats, Number, Target

NUMBER = Number()
SINGLE = pytest.mark.parametrize("target", [Event(), NUMBER], ids=lambda target: target.name)


def loss(y: np.ndarray, prediction: np.ndarray, target: Target = NUMBER) -> float:
    """Return the mean loss."""
    return float(target.loss(y, prediction).mean())


def fits(table: Table) -> list[CrossFit]:
    """Return a linear model and a small forest on the folds of a table."""
    forest = ForestLearner(table.target, {"n_estimators": 20, "min_samples_leaf": 5, "max_rows": 1000})
    learners: list[Learner] = [LinearLearner(table.target), forest]
    return cross_fit(learners, table, 3, run_now)[0]


def test_losses_are_scikit_learns() -> None:
    """Log loss and squared error, against scikit-learn."""
    from sklearn.metrics import log_loss, mean_squared_error

    rng = np.random.default_rng(0)
    y, p = (rng.random(50) < 0.4).astype(float), rng.uniform(0.01, 0.99, 50)
    assert loss(y, p, Event()) == pytest.approx(log_loss(y, p))
    assert loss(y, p) == pytest.approx(mean_squared_error(y, p))
    several, chances = rng.integers(0, 3, 50).astype(float), rng.dirichlet([2, 2, 2], 50)
    assert loss(several, chances, Classes(3)) == pytest.approx(log_loss(several, chances))


def test_two_equally_good_models_weigh_the_same() -> None:
    """Independent errors of one size: the mean of both halves the error's variance, and no other weights do better."""
    rng = np.random.default_rng(1)
    y = rng.normal(size=20_000)
    both = np.column_stack([y + rng.normal(size=len(y)), y + rng.normal(size=len(y))])
    weights = greedy_weights(y, both, NUMBER)
    assert weights == pytest.approx([0.5, 0.5], abs=0.03)
    assert loss(y, both @ weights) == pytest.approx(0.5, abs=0.02)


@SINGLE
@pytest.mark.parametrize("seed", range(4))
def test_weights_are_nearly_the_best_of_all(target: Target, seed: int) -> None:
    """Of all weights in steps of a tenth, none has a loss that is smaller by more than a hair."""
    rng = np.random.default_rng(seed)
    signal = rng.normal(size=500)
    classes = "probabilities" in target.can
    draw, noise = rng.random(500), rng.normal(size=500)
    y: Floats = (draw < target.inverse(signal)).astype(np.float64) if classes else signal + noise
    noisy: Floats = signal[:, None] + rng.normal(size=(500, 3)) * [0.5, 1.0, 2.0]
    predictions = target.inverse(noisy)
    seen = np.column_stack([target.judged(y, p) for p in predictions.T])
    weights = greedy_weights(y, seen, target)
    grid = [np.array(w) / 10 for w in product(range(11), repeat=3) if sum(w) == 10]
    best = min(loss(y, predictions @ w, target) for w in grid)
    assert weights.sum() == pytest.approx(1)
    assert loss(y, predictions @ weights, target) <= best * 1.005
    assert loss(y, predictions @ weights, target) <= min(loss(y, p, target) for p in predictions.T)


def test_a_perfect_model_needs_no_company() -> None:
    """Whatever is mixed into the truth makes it worse."""
    y = np.arange(10.0)
    assert greedy_weights(y, np.column_stack([y + 1, y, y - 1]), NUMBER).tolist() == [0, 1, 0]


def test_no_row_helps_to_choose_its_own_weights() -> None:
    """With another target in one fold, the predictions of that fold stay as they are; others change."""
    table = small_table("regression", 400)
    before, _ = combine(table, fits(table), run_now)
    frame = table.frame.copy()
    held = table.fold == 1
    frame.loc[held, "y_true"] = -3 * frame.loc[held, "y_true"]
    after, _ = combine(Table(frame, Number()), fits(table), run_now)
    np.testing.assert_array_equal(after.prediction[held], before.prediction[held])
    assert not np.array_equal(after.prediction[~held], before.prediction[~held])


@pytest.mark.parametrize("task", APART)
def test_what_is_saved_predicts_the_test_rows(task: Task) -> None:
    """The fold models of the ensemble, read back, give the test rows' predictions; the weights are theirs."""
    table = small_table(task)
    combined, weights = combine(table, fits(table), run_now)
    test = table.fold < 0
    again = [MeanModel.load(part.model.save(), Loading(type(table.target), family_of)) for part in combined.folds]
    found = np.mean([model.predict(table.x[test]) for model in again], axis=0)
    np.testing.assert_allclose(found, combined.prediction[test], rtol=1e-12)
    assert dict(zip(again[0].names, again[0].weights, strict=True)) == weights
    assert sum(weights.values()) == pytest.approx(1)
