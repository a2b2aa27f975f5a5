"""A metric may take parameters: the project file gives them, and nothing but the metric's row says so."""

from dataclasses import replace

import numpy as np
import pytest
from toy_project import of_metric, toy_project

from pipelines.core.errors import InputError
from pipelines.core.project import Project
from pipelines.metrics import METRICS, Parameter, metric_of, metrics_beside
from pipelines.metrics.prepared import Floats, Prepared, prepare_ratio

PART = Parameter("part", 0.0, 4.0, "how much of each error counts", 0.5)


def _part_of_the_error(y: Floats, prediction: Floats, part: float) -> Prepared:
    return prepare_ratio(part * np.abs(y - prediction))


@pytest.fixture(autouse=True)
def _planted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a metric with a parameter into the table."""
    row = replace(
        METRICS["mae"], name="partial", label="{part:g} of the error", parameters=(PART,),
        prepare_single=_part_of_the_error,
    )  # fmt: skip
    monkeypatch.setitem(METRICS, "partial", row)


def _project(primary: str, *more: str) -> Project:
    return toy_project("regression", metric=of_metric(primary, 0.1, *more))


@pytest.mark.parametrize(("given", "value"), [("part = 0.25", 0.25), ("part = 3", 3.0)])
def test_the_project_files_value_reaches_the_score(given: str, value: float) -> None:
    """Errors of 2 and 4 are 3 on average; the label says the value, and other metrics stand beside it."""
    metric = metric_of(_project("partial", given).metric)

    assert metric.label == f"{value:g} of the error"
    assert metric.score(np.zeros(2), np.array([2.0, 4.0])) == 3 * value
    assert metric in metrics_beside(metric)


def test_without_a_value_it_stands_beside_no_other_metric() -> None:
    """It could not score; a metric without parameters is what the project asks for, as it stands in the table."""
    metric = metric_of(_project("mae").metric)

    assert metric is METRICS["mae"]
    assert "partial" not in {one.name for one in metrics_beside(metric)}


@pytest.mark.parametrize(
    ("primary", "more", "message"),
    [
        ("partial", "", "needs metric.part, a number between 0 and 4: how much of each error counts"),
        ("partial", "part = 4", "metric.part is 4; for 'partial' it may be a number between 0 and 4"),
        ("partial", "part = 0.0", "metric.part is 0;"),
        ("partial", "part = -1e300", "metric.part is -1e+300;"),
        ("partial", "part = nan", "metric.part is nan;"),
        ("partial", "part = inf", "metric.part is inf;"),
        ("partial", 'part = "half"', "`metric.part` is 'half'"),
        ("partial", "part = true", "`metric.part` is"),
        ("mae", "part = 0.5", "metric.part is for partial, not for 'mae'; leave it out"),
        ("partial", "prat = 0.5", "did you mean `part`?"),
        ("partial", "parameters = { part = 0.5 }", "`parameters` is no key of [metric]"),
    ],
)
def test_a_wrong_value_is_bad_input(primary: str, more: str, message: str) -> None:
    """Missing, out of bounds, no number, of another metric, mistyped: said with what is allowed."""
    with pytest.raises(InputError) as caught:
        _project(primary, more)

    assert message in str(caught.value)
    assert str(caught.value).startswith("error: ")
