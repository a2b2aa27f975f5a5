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
