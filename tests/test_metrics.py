"""The table of metrics: each row against its oracle, and against what it says of itself."""

from itertools import product

import numpy as np
import pytest
from metric_oracles import ORACLES, bound

from pipelines.metrics import METRICS
from pipelines.targets import TARGETS

OF_EVENTS = sorted(name for name, metric in METRICS.items() if "binary" in metric.targets)
OF_CLASSES = sorted(name for name, metric in METRICS.items() if "multiclass" in metric.targets)
OF_NUMBERS = sorted(name for name, metric in METRICS.items() if "regression" in metric.targets)
STEP = 1e-6  # of a weight


def _event(seed: int, rows: int, share: float, decimals: int) -> tuple[np.ndarray, np.ndarray]:
    """Return 0/1 and predictions, tied where few decimals are kept."""
    rng = np.random.default_rng(seed)
    y = (rng.random(rows) < share).astype(float)
    y[:2] = [0, 1]
    return y, np.round(1 / (1 + np.exp(-rng.normal(y * 1.5 - 1, 1))), decimals)


def _classes(seed: int, rows: int = 120) -> tuple[np.ndarray, np.ndarray]:
    """Return classes, one of them rare, and probabilities that know something, some of them tied."""
    rng = np.random.default_rng(seed)
    y = rng.choice(4, rows, p=[0.5, 0.3, 0.15, 0.05]).astype(float)
    y[:8] = np.tile(np.arange(4.0), 2)
    raw = np.exp(np.round(rng.normal(size=(rows, 4)) + 1.5 * (y[:, None] == np.arange(4)), 1))
    return y, raw / raw.sum(axis=1, keepdims=True)


def _number(seed: int, rows: int = 130, far: float = 1000.0) -> tuple[np.ndarray, np.ndarray]:
    """Return numbers far from zero, and predictions whose errors have heavy tails."""
    rng = np.random.default_rng(seed)
    y = rng.lognormal(1, 1, rows) + far
    return y, y + rng.standard_t(3, rows)


def _counts(seed: int, replicates: int, rows: int, kept: int = 2) -> np.ndarray:
    """Return how often each row is drawn, 0 to 3 times; the first rows, one of each class, stay."""
    counts = np.random.default_rng(seed).integers(0, 4, size=(replicates, rows)).astype(float)
    counts[:, :kept] += 1
    return counts


def _case(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Return a target that the metric judges in its single form, and predictions."""
    return _event(1, 157, 0.3, 2) if "binary" in METRICS[name].targets else _number(3, far=5.0)


def test_every_metric_has_an_oracle() -> None:
    """What a project may ask for is tested here, in each form that it has."""
    assert ORACLES.keys() == METRICS.keys()
    assert all(name == metric.name for name, metric in METRICS.items())
    for name, metric in METRICS.items():
        assert (metric.prepare_several is not None) == (ORACLES[name].several is not None)
        assert (metric.prepare_several is not None) == ("multiclass" in metric.targets)


@pytest.mark.parametrize("name", OF_EVENTS)
@pytest.mark.parametrize(("share", "decimals"), [(0.5, 12), (0.1, 12), (0.9, 12), (0.3, 1), (0.02, 2), (0.5, 0)])
def test_metrics_of_events_are_their_oracles(name: str, share: float, decimals: int) -> None:
    """Every replicate's score is the oracle's with those sample weights, with ties and rare classes."""
    y, prediction = _event(1, 157, share, decimals)
    weights = _counts(2, 5, y.size)

    expected = [ORACLES[name].single(y, prediction, row) for row in weights]

    assert bound(name).score(y, prediction, weights) == pytest.approx(expected, rel=1e-12, abs=1e-12)
    assert bound(name).score(y, prediction) == pytest.approx(
        ORACLES[name].single(y, prediction, None), rel=1e-12, abs=1e-12
    )


@pytest.mark.parametrize("name", OF_NUMBERS)
def test_metrics_of_numbers_are_their_oracles(name: str) -> None:
    """Every replicate's score is the oracle's with those sample weights, far from zero too."""
    y, prediction = _number(3)
    weights = _counts(4, 5, y.size)

    expected = [ORACLES[name].single(y, prediction, row) for row in weights]

    assert bound(name).score(y, prediction, weights) == pytest.approx(expected, rel=1e-9)
    assert bound(name).score(y, prediction) == pytest.approx(ORACLES[name].single(y, prediction, None), rel=1e-9)


@pytest.mark.parametrize(
    ("task", "name"), [(task, name) for task in TARGETS for name, metric in METRICS.items() if task in metric.targets]
)
def test_metrics_are_their_oracles_on_every_kind_of_target(task: str, name: str) -> None:
    """On targets drawn by their kind around raw predictions, and predictions some way off, with sample weights."""
    rng = np.random.default_rng(5)
    target = TARGETS[task].of(np.arange(4.0))
    raw = rng.normal(0.2, 0.5, target.zeros(140).shape)
    y, prediction = target.simulate(raw, rng), target.inverse(raw + rng.normal(0, 0.2, raw.shape))
    oracle = ORACLES[name].several if target.outputs > 1 else ORACLES[name].single
    weights = _counts(6, 5, y.size)
    assert oracle is not None

    expected = [oracle(y, prediction, row) for row in weights]

    assert bound(name).score(y, prediction, weights) == pytest.approx(expected, rel=1e-9)
    assert bound(name).score(y, prediction) == pytest.approx(oracle(y, prediction, None), rel=1e-9)


@pytest.mark.parametrize("name", OF_CLASSES)
@pytest.mark.parametrize("seed", range(3))
def test_metrics_of_several_classes_are_their_oracles(name: str, seed: int) -> None:
    """The score of the rows, and of replicates in which rows count 0 to 3 times."""
    several = ORACLES[name].several
    assert several is not None
    y, prediction = _classes(seed)
    counts = _counts(seed, 20, len(y), kept=8)

    found = bound(name).score(y, prediction, counts)

    assert bound(name).score(y, prediction) == pytest.approx(several(y, prediction, None), rel=1e-9)
    np.testing.assert_allclose(found, [several(y, prediction, w) for w in counts], rtol=1e-9)


@pytest.mark.parametrize("name", sorted(METRICS))
def test_weights_repeat_rows(name: str) -> None:
    """A row of weight 3 is three rows."""
    y, prediction = _case(name)
    counts = _counts(6, 10, y.size)

    repeated = [np.repeat(np.arange(y.size), row.astype(int)) for row in counts]
    expected = [bound(name).score(y[rows], prediction[rows]) for rows in repeated]

    assert bound(name).score(y, prediction, counts) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("name", sorted(name for name, one in METRICS.items() if np.isfinite(one.perfect)))
def test_nearer_the_truth_is_no_worse(name: str) -> None:
    """Predictions half-way to the truth gain, whatever the direction; the truth itself is perfect."""
    y, prediction = _case(name)
    metric = bound(name)

    scores = [metric.score(y, one) for one in (prediction, (prediction + y) / 2, y)]

    assert metric.gain(scores[0], scores[1]) > 0
    assert metric.gain(scores[1], scores[2]) >= 0
    assert scores[2] == pytest.approx(metric.perfect, abs=1e-12)


@pytest.mark.parametrize("name", sorted(METRICS))
def test_scores_lie_in_the_declared_range(name: str) -> None:
    """Those of guesses, of opposites of the truth, and of the truth."""
    metric, (y, _) = bound(name), _case(name)
    rng = np.random.default_rng(5)
    low, high = metric.range

    for guess in (rng.random(y.size), y.max() - y, np.full(y.size, y.mean()), y):
        assert low - 1e-12 <= metric.score(y, guess) <= high + 1e-12
    assert metric.perfect in {low, high}


@pytest.mark.parametrize("name", sorted(name for name, metric in METRICS.items() if metric.best_constant))
def test_no_constant_beats_the_best_one(name: str) -> None:
    """None on a fine grid, for one group of rows; of several classes, none on a grid of shares."""
    metric, (y, _) = bound(name), _case(name)
    y = y[:41]
    first, size = np.array([0]), np.array([y.size])

    best = metric.best(np.sort(y), first, size)
    reached = metric.score(y, np.full(y.size, best[0]))

    for constant in np.linspace(y.min(), y.max(), 1001):
        assert metric.gain(reached, metric.score(y, np.full(y.size, constant))) <= 1e-12


@pytest.mark.parametrize("name", sorted(set(OF_CLASSES) & {n for n, metric in METRICS.items() if metric.best_constant}))
def test_no_shares_beat_the_best_ones(name: str) -> None:
    """Nor any shares of four classes, in steps of a tenth."""
    metric, (y, _) = bound(name), _classes(1, 60)
    y = np.sort(y)

    (best,) = metric.best((y[:, None] == np.arange(4)) * 1.0, np.array([0]), np.array([y.size]))
    reached = metric.score(y, np.tile(best, (y.size, 1)))

    grid = [np.array(shares) / 10 for shares in product(range(11), repeat=4) if sum(shares) == 10]
    assert len(grid) == 286
    for shares in grid:
        assert metric.gain(reached, metric.score(y, np.tile(shares, (y.size, 1)))) <= 1e-12


@pytest.mark.parametrize("name", sorted(set(METRICS) - {"median_ae"}))
def test_influence_is_the_derivative_by_each_rows_weight(name: str) -> None:
    """Central differences: every row's weight a millionth up and down; ties and tied positives included."""
    y, prediction = _event(7, 60, 0.3, 1)
    if name in OF_NUMBERS:
        y = y + prediction + np.random.default_rng(8).normal(2, 1, 60)

    up, down = (bound(name).score(y, prediction, 1 + sign * STEP * np.eye(60)) for sign in (1, -1))
    influence = bound(name).prepare(y, prediction).influence

    assert influence is not None
    assert influence() == pytest.approx((up - down) / (2 * STEP), abs=1e-8)
    assert influence().sum() == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("name", OF_CLASSES)
def test_influence_on_several_classes_is_the_derivative_by_each_rows_weight(name: str) -> None:
    """Against a finite difference in the weight of each row."""
    y, prediction = _classes(7, 60)
    prepared = bound(name).prepare(y, prediction)
    assert prepared.influence is not None

    one = np.ones((len(y), 1))
    moved = (prepared.score(one + STEP * np.eye(len(y))) - prepared.score(one - STEP * np.eye(len(y)))) / (2 * STEP)

    np.testing.assert_allclose(prepared.influence(), moved, atol=1e-8)


@pytest.mark.parametrize("name", sorted(set(METRICS) - {"median_ae"}))
def test_influence_of_a_degenerate_prediction_is_finite(name: str) -> None:
    """Nobody flagged, one value for all, no error at all: every influence is a number."""
    y = np.array([1.0, 0, 0, 1])

    for prediction in (np.zeros(4), np.full(4, 0.25), y):
        influence = bound(name).prepare(y, prediction).influence
        assert influence is not None
        assert np.isfinite(influence()).all()


@pytest.mark.parametrize("constant", [0.0, 0.3, 0.5, 1.0])
def test_a_constant_prediction_ranks_nothing(constant: float) -> None:
    """One value for all: AUC one half, average precision the share of positives."""
    y = np.array([1.0, 0, 0, 0])
    prediction = np.full(4, constant)

    assert METRICS["roc_auc"].score(y, prediction) == 0.5
    assert METRICS["average_precision"].score(y, prediction) == 0.25


def test_a_missing_class_is_undefined_not_wrong() -> None:
    """A replicate without positives has no AUC, average precision or balanced accuracy."""
    y, prediction = np.array([1.0, 0, 0]), np.array([0.9, 0.1, 0.2])
    weights = np.array([[0.0, 2, 1], [1.0, 1, 1]])

    for name in ("roc_auc", "average_precision", "balanced_accuracy"):
        scores = METRICS[name].score(y, prediction, weights)
        assert np.isnan(scores[0])
        assert scores[1] == 1.0


def test_the_median_of_an_even_number_of_errors_is_between_them() -> None:
    """Errors 0, 1, 2 and 3 have the median 1.5."""
    assert METRICS["median_ae"].score(np.arange(4.0), np.array([0.0, 0, 0, 0])) == 1.5


def test_a_constant_target_has_no_r2() -> None:
    """There is no variance to explain."""
    assert np.isnan(METRICS["r2"].score(np.ones(3), np.array([1.0, 2.0, 3.0])))
    assert METRICS["r2"].needs_spread


def test_gain_is_positive_for_the_better_model() -> None:
    """Whatever the metric's direction."""
    assert METRICS["roc_auc"].gain(0.7, 0.75) == pytest.approx(0.05)
    assert METRICS["rmse"].gain(3.0, 2.5) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("name", "needed"),
    [("roc_auc", (0, 1, 2, 3)), ("balanced_accuracy", (0, 1, 2, 3)), ("log_loss", ()), ("accuracy", ())],
)
def test_a_metric_names_the_classes_that_it_needs(name: str, needed: tuple[int, ...]) -> None:
    """Ranking and per-class metrics need them all, sums over rows none; without one the score is undefined."""
    y, prediction = _classes(1)
    weights = np.where(y == 3, 0.0, 1.0)[None, :]

    assert METRICS[name].needed(y) == needed
    assert np.isnan(METRICS[name].score(y, prediction, weights)[0]) == bool(needed)
    assert METRICS[name].needed((y > 1).astype(float)) == METRICS[name].needs_classes


def test_metrics_of_two_classes_alone_say_so() -> None:
    """Average precision of several classes is not defined here."""
    y, prediction = _classes(1)

    with pytest.raises(ValueError, match="average_precision is not defined for several classes"):
        METRICS["average_precision"].score(y, prediction)
