"""The target as numbers: which class is the event, the logarithm, and the summary of both sides of the split."""

import math

import numpy as np
import pandas as pd
import pytest

from pipelines.core.errors import InputError
from pipelines.core.project import Problem
from pipelines.targets import TARGETS


def problem(task: str, **keys: object) -> Problem:
    """Return the first section of a project file."""
    return Problem.model_validate({"question": "?", "decision": "?", "target": "y", "task": task} | keys)


@pytest.mark.parametrize(
    ("values", "positive", "labels", "y"),
    [
        ([0.0, 1.0, 1.0], 1, ["0", "1"], [0, 1, 1]),
        ([0.0, 1.0, 1.0], 0, ["1", "0"], [1, 0, 0]),
        ([0.0, 1.0], True, ["0", "1"], [0, 1]),
        ([1.0, 2.0, 2.0], 2.0, ["1", "2"], [0, 1, 1]),
        ([0.5, 2.0], 0.5, ["2", "0.5"], [1, 0]),
        (["yes", "no", "yes"], "yes", ["no", "yes"], [1, 0, 1]),
        (["1", "0"], 1, ["0", "1"], [1, 0]),
        (["true", "false"], True, ["false", "true"], [1, 0]),
    ],
)
def test_binary_targets(values: list[object], positive: object, labels: list[str], y: list[int]) -> None:
    """The event is 1, whatever it is called and however the column is typed."""
    column, asked = pd.Series(values), problem("binary", positive=positive)
    assert TARGETS[asked.task].labels(column, asked, "f.csv") == labels
    assert TARGETS[asked.task].encode(column, labels, asked, "f.csv").tolist() == y


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ([0.0, 0.0], "the target holds only one class: '0'"),
        ([], "no row with a target is left"),
        ([0.0, 1.0, 2.0], "the target holds '0', '1', '2'"),
        ([0.0, 2.0], "the target holds '0', '2'"),
    ],
)
def test_targets_without_two_classes(values: list[float], told: str) -> None:
    """One class, three, or two without the event: the message names the file and the column."""
    with pytest.raises(InputError, match=told) as caught:
        TARGETS["binary"].labels(pd.Series(values, dtype=float), problem("binary", positive=1), "f.csv")
    assert "f.csv, column 'y'" in str(caught.value)


@pytest.mark.parametrize(("values", "told"), [([1.0, 2.0], 'take task = "binary"'), (list(range(101)), "up to 100")])
def test_several_classes_are_three_to_a_hundred(values: list[float], told: str) -> None:
    """Two are a binary target; a number of another kind is a regression."""
    with pytest.raises(InputError, match=told):
        TARGETS["multiclass"].labels(pd.Series(values, dtype=float), problem("multiclass"), "f.csv")


def test_several_classes_are_numbered_in_order() -> None:
    """Classes are numbered in alphabetical, or numerical, order."""
    column, asked = pd.Series(["b", "a", "c", "a"]), problem("multiclass")
    assert TARGETS[asked.task].labels(column, asked, "") == ["a", "b", "c"]
    assert TARGETS[asked.task].encode(column, ["a", "b", "c"], asked, "").tolist() == [1, 0, 2, 0]
    assert TARGETS[asked.task].labels(pd.Series([10.0, 9.0, 2.0]), asked, "") == ["2", "9", "10"]


def test_logarithms() -> None:
    """A log target is the natural logarithm; a value of 0 has none, and its row is named."""
    asked = problem("regression", target_scale="log")
    assert TARGETS[asked.task].encode(pd.Series([1.0, math.e]), None, asked, "").tolist() == [0.0, 1.0]
    with pytest.raises(InputError, match=r"f\.csv, row 4: 0"):
        TARGETS[asked.task].encode(pd.Series([1.0, 0.0], index=[2, 4]), None, asked, "f.csv")


def test_summary_of_classes() -> None:
    """Two of five rows are events: one of three in training, one of two in the test set."""
    summary = TARGETS["binary"].summary(
        np.array([0.0, 1, 0, 1, 0]),
        np.array([False, False, False, True, True]),
        ["0", "1"],
        problem("binary", positive=1),
    )
    assert summary == {
        "classes": [
            {"value": "0", "rows": 3, "share": 0.6, "train_share": 2 / 3, "test_share": 0.5},
            {"value": "1", "rows": 2, "share": 0.4, "train_share": 1 / 3, "test_share": 0.5},
        ]
    }


def test_summary_of_amounts_is_in_their_own_unit() -> None:
    """Of 1, 10 ... 10,000 dollars the median is 100, and the histogram's edges run from 1 to 10,000 in equal ratios."""
    y, test = np.log([1.0, 10, 100, 1000, 10_000]), np.array([False] * 4 + [True])
    summary = TARGETS["regression"].summary(y, test, None, problem("regression", target_scale="log", unit="USD"))
    assert summary["quantiles"]["50"] == pytest.approx(100)
    assert summary["unit"] == "USD"
    histogram = summary["histogram"]
    assert np.allclose(np.diff(np.log(histogram["edges"])), math.log(10_000) / 30)
    assert sum(histogram["train"]) == 4
    assert histogram["test"][-1] == 1


def test_a_target_that_never_varies_is_refused() -> None:
    """Nothing can be learned from one value; the error names the column and the value."""
    values = pd.Series([3.0, 3.0, 3.0])
    with pytest.raises(InputError, match="only one value: 3"):
        TARGETS["regression"].encode(values, None, problem("regression"), "data/raw/x.csv")


def some_values(name: str) -> np.ndarray:
    """Return 400 values that a kind of target may have: about 7 % of events, of three classes 78, 17 and 5 %."""
    target = TARGETS[name].of(np.arange(3.0))
    raw = np.array([0.5, -1.0, -2.25]) if target.outputs > 1 else np.array(-2.5 if "event" in target.can else 0.7)
    return target.simulate(np.broadcast_to(raw, (400, *raw.shape)), np.random.default_rng(1))


@pytest.mark.parametrize("name", TARGETS)
def test_the_gradient_is_the_derivative_of_the_loss(name: str) -> None:
    """Central differences of the raw loss by each number of a raw prediction; of numbers, half the squared error's."""
    y = some_values(name)
    target, step = TARGETS[name].of(y), 1e-5
    raw = np.random.default_rng(2).normal(size=target.zeros(len(y)).shape)

    gradient, hessian = target.gradient_hessian(y, raw)

    for place in range(target.outputs):
        move = np.zeros(target.outputs) if target.outputs > 1 else np.zeros(())
        move[place if target.outputs > 1 else ()] = step
        moved = (target.raw_loss(y, raw + move) - target.raw_loss(y, raw - move)) / (2 * step)
        own = gradient[:, place] if target.outputs > 1 else gradient
        assert moved / (2 if target.raw_in_unit else 1) == pytest.approx(own, abs=1e-6)
    assert (hessian > 0).all()


@pytest.mark.parametrize("name", TARGETS)
def test_the_loss_of_a_prediction_is_that_of_its_raw_prediction(name: str) -> None:
    """The inverse link leads from one to the other, and the constant predicts the mean, or the classes' shares."""
    y = some_values(name)
    target = TARGETS[name].of(y)
    raw = np.random.default_rng(3).normal(size=target.zeros(len(y)).shape)

    assert target.loss(y, target.inverse(raw)) == pytest.approx(target.raw_loss(y, raw), rel=1e-6)
    assert target.constant(y, 2)[0] == pytest.approx(target.one_hot(y).mean(axis=0))
    assert target.inverse(target.start(y, raw)) == pytest.approx(target.inverse(raw), abs=1e-3)


@pytest.mark.parametrize("name", TARGETS)
def test_simulated_targets_are_what_their_raw_predictions_say(name: str) -> None:
    """Of 100,000 rows the mean, or the classes' shares, are those of the inverse link; each value may be a target."""
    target = TARGETS[name].of(np.arange(3.0))
    raw = np.random.default_rng(6).normal(size=target.zeros(100_000).shape)

    y = target.simulate(raw, np.random.default_rng(7))

    assert target.valid(pd.Series(y)).all()
    assert target.one_hot(y).mean(axis=0) == pytest.approx(target.inverse(raw).mean(axis=0), abs=0.02)


@pytest.mark.parametrize("name", TARGETS)
@pytest.mark.parametrize("most", [50, 399, 1_000])
def test_samples_are_no_larger_than_asked_for(name: str, most: int) -> None:
    """Each is of distinct places, ascending where it is drawn for fitting; rare classes come first where one asks."""
    y = some_values(name)
    target = TARGETS[name].of(y)

    drawn, (thinned, weights) = target.sample(y, most, seed=1), target.thin(y, most)

    for places in (drawn, thinned):
        assert len(places) == min(most, len(y))
        assert (np.diff(places) > 0).all()
    assert weights is None or weights.sum() == pytest.approx(len(y))
    assert len(np.unique(target.rare_first(y, most))) == min(most, len(y))
    assert target.complete(y[target.spaced(y, most, few=2)], y) or target.outputs == 1
    assert target.evidence(y) <= len(y)


@pytest.mark.parametrize("name", [name for name, kind in TARGETS.items() if kind.rows == "apart"])
def test_the_linear_model_predicts_what_its_raw_prediction_says(name: str) -> None:
    """Of scikit-learn's model of the kind, fitted to two columns of noise and one that knows something."""
    y = some_values(name)
    target = TARGETS[name].of(y)
    x = np.column_stack(
        [np.random.default_rng(4).normal(size=(len(y), 2)), y + np.random.default_rng(5).normal(size=len(y))]
    )

    fitted = target.linear_estimator(x).fit(x, target.as_fitted(y))
    target.check_converged(fitted)

    assert target.predicted(fitted, x) == pytest.approx(target.inverse(target.raw_predicted(fitted, x)))
    assert target.loss(y, target.predicted(fitted, x)).mean() < target.loss(y, target.constant(y, len(y))).mean()


@pytest.mark.parametrize("name", TARGETS)
def test_every_engine_has_its_settings(name: str) -> None:
    """A kind says all that the libraries ask of it, and every word that pages use."""
    kind = TARGETS[name]

    assert kind.engines.keys() == TARGETS["regression"].engines.keys()
    assert all(getattr(kind.words, word) for word in ("average", "knows", "linear_model", "loss", "raw_unit", "mean"))
    assert ("num_class" in kind.of(some_values(name)).engine("lightgbm")) == (kind.of(some_values(name)).outputs > 1)
