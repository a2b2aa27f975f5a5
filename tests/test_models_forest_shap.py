"""SHAP values of forests: against Shapley values by their definition, and they add up to the prediction."""

from collections.abc import Callable
from itertools import combinations
from math import factorial
from typing import Any

import numpy as np
import pytest
from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor, RandomForestClassifier, RandomForestRegressor

from pipelines.models.forest_shap import Forest, Tree, forest_shap

FEATURES, EXPLAINED = 4, 12
FORESTS: dict[str, tuple[Any, Callable[[np.ndarray], np.ndarray]]] = {
    "number": (RandomForestRegressor, lambda x: x[:, 0] * x[:, 1] + x[:, 2]),
    "number cut at random": (ExtraTreesRegressor, lambda x: x[:, 0] * x[:, 1] + x[:, 2]),
    "two classes": (RandomForestClassifier, lambda x: x[:, 0] * x[:, 1] > 0),
    "three classes": (ExtraTreesClassifier, lambda x: np.digitize(x[:, 0] + x[:, 1], [-1, 1])),
}


def _fitted(case: str) -> tuple[Forest, np.ndarray]:
    """Return a forest that saw missing values, and rows of which some have them."""
    kind, target = FORESTS[case]
    rng = np.random.default_rng(4)
    known = rng.normal(size=(400, FEATURES)).astype(np.float32)
    x = np.where(rng.random(known.shape) < 0.15, np.float32("nan"), known)
    forest = kind(6, min_samples_leaf=10, bootstrap=True, max_samples=300, random_state=2)
    return forest.fit(x, target(known)), x[:EXPLAINED]


def _expected(tree: Tree, row: np.ndarray, given: frozenset[int], node: int = 0) -> np.ndarray:
    """Return what a tree predicts where only the features `given` are known: else both ways, by their rows."""
    left, right = tree.children_left[node], tree.children_right[node]
    if left == right:  # a leaf
        value: np.ndarray = tree.value[node, 0]
        return value
    feature = tree.feature[node]
    if feature in given:
        missing = np.isnan(row[feature])
        to_left = tree.missing_go_to_left[node] if missing else row[feature] <= tree.threshold[node]
        return _expected(tree, row, given, left if to_left else right)
    rows = tree.weighted_n_node_samples
    share = rows[left] / rows[node]
    return share * _expected(tree, row, given, left) + (1 - share) * _expected(tree, row, given, right)


def _shapley(forest: Forest, row: np.ndarray) -> np.ndarray:
    """Return the Shapley values of one row by their definition, (features, outputs)."""

    def value(given: tuple[int, ...]) -> np.ndarray:
        return np.mean([_expected(one.tree_, row, frozenset(given)) for one in forest.estimators_], axis=0)

    values = []
    for feature in range(FEATURES):
        others = [i for i in range(FEATURES) if i != feature]
        gains = [
            factorial(size) * factorial(FEATURES - size - 1) * (value((*given, feature)) - value(given))
            for size in range(FEATURES)
            for given in combinations(others, size)
        ]
        values.append(sum(gains) / factorial(FEATURES))
    return np.asarray(values)


@pytest.mark.parametrize("case", FORESTS)
def test_shap_values_are_the_shapley_values(case: str) -> None:
    """Of every feature and class, missing values included; of two classes the second's."""
    forest, rows = _fitted(case)
    assert np.isnan(rows).any()

    values = forest_shap(forest, rows)

    expected = np.asarray([_shapley(forest, row) for row in rows])
    np.testing.assert_allclose(values, expected[:, :, 1:] if case == "two classes" else expected, atol=1e-12)


@pytest.mark.parametrize("case", FORESTS)
def test_shap_values_add_up_to_the_prediction(case: str) -> None:
    """But for a constant that is the same for every row."""
    forest, rows = _fitted(case)
    predicted = forest.predict_proba(rows) if hasattr(forest, "predict_proba") else forest.predict(rows)[:, None]
    predicted = predicted[:, 1:] if case == "two classes" else predicted

    rest = predicted - forest_shap(forest, rows).sum(axis=1)

    np.testing.assert_allclose(rest, np.tile(rest[0], (EXPLAINED, 1)), atol=1e-12)


def test_a_forest_that_never_cut_moves_nothing() -> None:
    """A constant target leaves trees of one leaf."""
    rows = np.zeros((5, FEATURES), np.float32)
    forest = RandomForestRegressor(3).fit(rows, np.ones(5))
    assert not forest_shap(forest, rows).any()
