"""Boosters are read from LightGBM's text only if every tree in it leads to its own nodes, leaves and features."""

import re
from collections.abc import Callable
from functools import cache

import lightgbm
import numpy as np
import pytest

from pipelines.core.errors import InputError
from pipelines.models.saving.lightgbm_text import read_booster

PLAIN = {"verbosity": -1, "num_threads": 1, "min_data_in_leaf": 5, "num_leaves": 6, "min_data_per_group": 5}


@cache
def grown(objective: str = "regression") -> lightgbm.Booster:
    """Return a booster of three rounds, on a number and on a category."""
    rng = np.random.default_rng(0)
    x = np.column_stack([rng.normal(size=400), rng.integers(0, 12, 400)])
    y = x[:, 0] + (x[:, 1] % 3 == 0)
    settings = PLAIN | {"objective": objective} | ({"num_class": 3} if objective == "multiclass" else {})
    labels = y if objective == "regression" else np.digitize(y, [0, 1])
    return lightgbm.train(settings, lightgbm.Dataset(x, labels, categorical_feature=[1]), 3)


def text() -> str:
    """Return a booster's text."""
    return str(grown().model_to_string())


@pytest.mark.parametrize("objective", ["regression", "multiclass"])
def test_what_lightgbm_wrote_predicts_the_same(objective: str) -> None:
    """To the bit, categories and several classes as well, and the first rounds alone."""
    rows = np.array([[0.1, 3.0], [-2.0, 4.0], [np.nan, np.nan], [0.5, 99.0]])
    booster = grown(objective)

    for rounds in (1, 3):
        read = read_booster(booster.model_to_string(num_iteration=rounds).encode())
        assert np.array_equal(read.predict(rows), booster.predict(rows, num_iteration=rounds))


def test_a_constant_is_read() -> None:
    """A tree of one leaf has no nodes."""
    flat = lightgbm.train(PLAIN | {"objective": "regression"}, lightgbm.Dataset(np.ones((50, 1)), np.ones(50)), 2)

    assert read_booster(flat.model_to_string().encode()).predict([[5.0]]) == pytest.approx(flat.predict([[5.0]]))


def resized(text: str) -> str:
    """Return a booster's text with the sizes of its trees as they are: LightGBM finds its trees by them."""
    starts = [found.start() for found in re.finditer(r"^Tree=", text, re.MULTILINE)]
    sizes = np.diff([*starts, text.index("end of trees")]).tolist()
    return re.sub(r"^tree_sizes=.*$", f"tree_sizes={' '.join(map(str, sizes))}", text, count=1, flags=re.MULTILINE)


def with_first(key: str, change: Callable[[list[str]], list[str]]) -> str:
    """Return the text with other values of a key in the first tree."""
    changed = re.sub(rf"(?m)^{key}=(.*)$", lambda found: f"{key}={' '.join(change(found[1].split()))}", text(), count=1)
    return resized(changed)


@pytest.mark.parametrize(
    ("damaged", "said"),
    [
        (lambda: "", "not LightGBM's text"),
        (lambda: text()[:600], "no trees"),
        (lambda: text().replace("tree\n", "forest\n", 1), "not LightGBM's text"),
        (lambda: with_first("left_child", lambda values: ["9", *values[1:]]), "no node of its tree"),
        (lambda: with_first("left_child", lambda values: ["0", *values[1:]]), "two ways"),  # to itself
        (lambda: with_first("right_child", lambda values: ["-7", *values[1:]]), "no node of its tree"),
        (lambda: with_first("right_child", lambda values: values[1:]), "not an entry a node"),
        (lambda: with_first("split_feature", lambda values: ["2", *values[1:]]), "feature 2 of 2"),
        (lambda: with_first("leaf_value", lambda values: values[1:]), "leaves"),
        (lambda: with_first("num_leaves", lambda _: ["0"]), "leaves"),
        (lambda: with_first("cat_boundaries", lambda values: [*values[:-1], "50"]), "do not add up"),
        (lambda: with_first("decision_type", lambda values: ["1"] * len(values)), "set of categories"),
        (lambda: with_first("num_leaves", lambda _: []), "num_leaves is ''"),
        (lambda: resized(text().replace("leaf_value", "leaf_worth", 1)), "no leaf_value"),
        (lambda: with_first("threshold", lambda values: ["x"] * len(values)), "in place of a number"),
        (lambda: text().replace("objective=regression", "objective=nothing"), "Unknown objective"),
    ],
)
def test_a_tree_that_leads_nowhere_is_refused(damaged: Callable[[], str], said: str) -> None:
    """Before LightGBM sees it, which would follow it; what LightGBM itself does not know is refused alike."""
    with pytest.raises(InputError, match=said):
        read_booster(damaged().encode())
