"""Tests of the linear model against arithmetic done by hand."""

import numpy as np
import pandas as pd
import pytest
from sklearn.exceptions import ConvergenceWarning

from pipelines.models import preparation
from pipelines.models.coefficients import linear_coefficients
from pipelines.models.linear import fit_linear
from pipelines.targets import Event, Number, Target, labelled


def prepared(numbers: np.ndarray) -> np.ndarray:
    """Return numbers with the median for missing ones, then mean 0 and standard deviation 1."""
    filled = np.where(np.isnan(numbers), np.nanmedian(numbers), numbers)
    return np.asarray((filled - filled.mean()) / filled.std())


@pytest.fixture
def frame() -> pd.DataFrame:
    """Return sixty rows of a number and a category, both with missing values."""
    rng = np.random.default_rng(1)
    town = pd.Series(rng.choice(["Bern", "Oslo", "Rome"], 60, p=[0.2, 0.6, 0.2]), dtype="str")
    return pd.DataFrame(
        {
            "size": np.where(rng.random(60) < 0.2, np.nan, rng.lognormal(size=60)),
            "town": town.mask(rng.random(60) < 0.2).astype("category"),
        },
    )


def by_hand(frame: pd.DataFrame) -> np.ndarray:
    """Return the matrix that the docstring of `fit_linear` promises; Oslo is the most frequent town."""
    town = frame["town"].astype(object).where(frame["town"].notna(), "Oslo")
    levels = [(town == name).to_numpy(float) for name in ("Bern", "Oslo", "Rome")]
    return np.column_stack([prepared(frame["size"].to_numpy()), *levels])


def test_regression_is_the_ridge_solution(frame: pd.DataFrame) -> None:
    """The coefficients are (X'X + I)^-1 X'y on the centred matrix, penalty 1."""
    y = np.random.default_rng(2).normal(size=60)
    matrix = by_hand(frame)
    centred = matrix - matrix.mean(axis=0)
    expected = np.linalg.solve(centred.T @ centred + np.eye(4), centred.T @ (y - y.mean()))
    model = fit_linear(frame, y, Number())
    found = linear_coefficients(model)
    assert [entry[:2] for entry in found] == [("size", None), ("town", "Bern"), ("town", "Oslo"), ("town", "Rome")]
    np.testing.assert_allclose([entry.value for entry in found], expected, rtol=1e-9)
    np.testing.assert_allclose(Number().predicted(model, frame), centred @ expected + y.mean(), rtol=1e-9)


def test_logistic_regression_is_at_its_optimum(frame: pd.DataFrame) -> None:
    """There the gradient of log loss plus half the squared coefficients is zero: X'(p - y) + w = 0, sum(p - y) = 0."""
    y = (np.random.default_rng(3).random(60) < 0.4).astype(float)
    model = fit_linear(frame, y, Event())
    error = Event().predicted(model, frame) - y
    weights = np.array([entry.value for entry in linear_coefficients(model)])
    np.testing.assert_allclose(by_hand(frame).T @ error + weights, 0, atol=1e-4)
    assert error.sum() == pytest.approx(0, abs=1e-4)


def test_later_rows_may_hold_unseen_levels(frame: pd.DataFrame) -> None:
    """An unseen level adds nothing, so two of them with the same number are predicted alike."""
    model = fit_linear(frame, np.arange(60.0), Number())
    later = pd.DataFrame({"size": [1.0, 1.0], "town": pd.Categorical(["Paris", "Rome"])})
    other = pd.DataFrame({"size": [1.0, 1.0], "town": pd.Categorical(["Lima", "Rome"])})
    np.testing.assert_array_equal(Number().predicted(model, later), Number().predicted(model, other))


def test_columns_without_a_value_are_left_out(frame: pd.DataFrame) -> None:
    """They change nothing, be they numbers or categories; constants get no weight."""
    y = np.arange(60.0)
    wider = frame.assign(empty=np.nan, none=pd.Categorical([None] * 60, categories=["x"]), constant=3.0)
    plain, model = fit_linear(frame, y, Number()), fit_linear(wider, y, Number())
    np.testing.assert_allclose(Number().predicted(model, wider), Number().predicted(plain, frame), rtol=1e-12)
    assert ("constant", None, None, 0.0) in linear_coefficients(model)


def test_a_table_of_nothing_is_refused() -> None:
    """Without a single value there is nothing to fit."""
    with pytest.raises(ValueError, match="no feature has a single value"):
        fit_linear(pd.DataFrame({"empty": [np.nan, np.nan]}), np.array([0.0, 1.0]), Event())


@pytest.mark.parametrize("target", [Event(), Number()], ids=lambda target: target.name)
def test_wide_tables_are_kept_sparse_and_give_the_same_model(
    frame: pd.DataFrame, target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A table that counts as wide gives the dense solution to five digits: other solvers, the same optimum."""
    y = (np.random.default_rng(4).random(60) < 0.4).astype(float)
    dense = target.predicted(fit_linear(frame, y, target), frame)
    monkeypatch.setattr(preparation, "MAX_DENSE_COLUMNS", 1)
    np.testing.assert_allclose(target.predicted(fit_linear(frame, y, target), frame), dense, rtol=1e-5)


def test_no_convergence_is_an_error(frame: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    """A model stopped half-way is not passed off as fitted."""
    monkeypatch.setattr(labelled, "MAX_ITERATIONS", 1)
    y = (np.random.default_rng(5).random(60) < 0.4).astype(float)
    with pytest.warns(ConvergenceWarning), pytest.raises(RuntimeError, match="did not converge"):
        fit_linear(frame, y, Event())
