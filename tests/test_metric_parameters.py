"""A metric may take parameters: the project file gives them, and nothing but the metric's row says so."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from toy_project import of_metric, project_text, toy_project

from flows.cli import main
from pipelines.core.errors import InputError
from pipelines.core.project import Project
from pipelines.metrics import METRICS, Parameter, metric_of, metrics_beside, metrics_for
from pipelines.metrics.prepared import Floats, Prepared, prepare_ratio

WITH_PARAMETERS = ["partial", *(name for name, metric in METRICS.items() if metric.parameters)]
PART = Parameter("part", 0.1, 4.0, "how much of each error counts", 0.5)


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


@pytest.mark.parametrize(("given", "value"), [("part = 0.25", 0.25), ("part = 3", 3.0), ("part = 4", 4.0)])
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
        ("partial", "", "needs metric.part, a number from 0.1 to 4: how much of each error counts"),
        ("partial", "part = 4.5", "metric.part is 4.5; for 'partial' it may be a number from 0.1 to 4"),
        ("partial", "part = 0.0", "metric.part is 0;"),
        (
            "pinball",
            "level = 1e-320",
            "metric.level is 9.99989e-321; for 'pinball' it may be a number from 0.001 to 0.999",
        ),
        ("pinball", "level = 0.9999999999999999", "metric.level is 1;"),
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


@pytest.mark.parametrize("name", WITH_PARAMETERS)
def test_the_command_line_ends_with_status_2(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of each metric with parameters: one of them missing, beyond its bounds, and given to a metric without it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "projects").mkdir()
    metric = METRICS[name]
    good = {one.name: one.draft for one in metric.parameters}

    def said(primary: str, values: dict[str, float]) -> str:
        lines = of_metric(primary, 0.1, *(f"{key} = {value}" for key, value in values.items()))
        text = project_text(metric.targets[0], metric=lines)
        (tmp_path / "projects" / "small.toml").write_text(text, encoding="utf-8")
        assert main(["check", "small"]) == 2
        return capsys.readouterr().err

    for one in metric.parameters:
        others = {key: value for key, value in good.items() if key != one.name}
        assert f"needs metric.{one.name}" in said(name, others)
        for beyond in (one.low - 0.5, one.high + 0.5):
            assert f"metric.{one.name} is {beyond:g}; for '{name}' it may be" in said(name, good | {one.name: beyond})
        plain = next(other.name for other in metrics_for(metric.targets[0]) if not other.parameters)
        assert f"metric.{one.name} is for {name}, not for '{plain}'" in said(plain, {one.name: one.draft})
    assert "metric." not in said(name, good)  # this is accepted; only the repository around it is missing
