"""Special columns of a pair: what is left of them beyond curves, how they are fitted, and what passes for them."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from planted import planted
from scipy.optimize import minimize

from pipelines.causes import CAUSES
from pipelines.causes.cause import Cause, Columns, Joint
from pipelines.causes.joint import beyond_curves, coefficients_on_top
from pipelines.causes.pair import Pair, curve
from pipelines.causes.ratio import amounts
from pipelines.core.project import Task
from pipelines.core.submit import run_now
from pipelines.core.table import Table
from pipelines.experiments.controls import linear_baseline
from pipelines.ladder import ladder as ladders
from pipelines.ladder.attribute import attribute
from pipelines.ladder.joint import PENALTIES, Raws, joint_fits
from pipelines.ladder.ladder import ladder, training_rows
from pipelines.ladder.parts import pair_effects
from pipelines.ladder.route import route_of
from pipelines.ladder.study import Study
from pipelines.metrics import METRICS
from pipelines.targets import TARGETS, Classes, Event, Number, Target

ROWS = 600
JOINT = [(cause, cause.joint) for cause in CAUSES if cause.joint is not None]
EVERY = [*dict.fromkeys(one for _, joint in JOINT for one in (*joint.forms, *joint.rivals))]


def pair_of(rows: int = ROWS, seed: int = 1) -> Pair:
    """Return two amounts, of which the last third of the rows is left out."""
    first, second = 1 + 9 * np.random.default_rng(seed).random((2, rows))
    return Pair(first, second, np.arange(rows) < rows * 2 // 3)


def test_of_curves_nothing_is_left() -> None:
    """Any sum of two curves vanishes in all rows, fitted or not; of a product much is left, without any curve in it."""
    pair = pair_of()
    bent = curve(pair.scores(pair.second))
    additive = 3 * bent[0] - 2 * bent[4] + pair.scores(pair.first)
    columns = Columns("two sums of curves, and a product", lambda one: [additive, bent[7], one.first * one.second])

    left = beyond_curves(pair, columns)

    assert left.shape == (ROWS, 1)
    assert left[pair.fit].std() == pytest.approx(1)
    for values in (pair.first, pair.second):
        told = np.column_stack(curve(pair.scores(values)))[pair.fit]
        assert np.abs(told.T @ left[pair.fit]).max() < 1e-6 * pair.fit.sum()


@pytest.mark.parametrize("columns", EVERY, ids=lambda one: one.change)
def test_columns_know_nothing_of_rows_left_out(columns: Columns) -> None:
    """Other values in rows left out change no column of the fitting rows; the same rows get the same columns."""
    pair = pair_of()
    other = replace(pair, first=np.where(pair.fit, pair.first, 55.0))

    before, after = (beyond_curves(one, columns) for one in (pair, other))

    assert before.shape[1] > 1
    assert np.array_equal(before[pair.fit], after[pair.fit])
    assert not np.array_equal(before[~pair.fit], after[~pair.fit])


@pytest.mark.parametrize("columns", EVERY, ids=lambda one: one.change)
def test_zeros_and_huge_values_are_no_accident(columns: Columns) -> None:
    """A zero divisor, and values whose products no number holds, give finite columns or none."""
    pair = pair_of()
    zero = replace(pair, second=np.where(np.arange(ROWS) % 3, pair.second, 0.0))
    huge = replace(pair, first=pair.first * 1e200, second=pair.second * 1e200)

    for one in (zero, huge, replace(pair, second=np.zeros(ROWS))):
        assert np.isfinite(beyond_curves(one, columns)).all()


@pytest.mark.parametrize("target", [Number(), Event(), Classes(3)], ids=lambda one: one.name)
def test_coefficients_are_those_of_the_penalised_loss(target: Target) -> None:
    """A general minimiser, given the same penalty, finds them too, but for what classes share."""
    rng = np.random.default_rng(2)
    x, weight = rng.standard_normal((ROWS, 3)), rng.choice([1.0, 2.0], ROWS)
    start = 0.3 * rng.standard_normal(target.zeros(ROWS).shape)
    y = (x[:, 0] + rng.standard_normal(ROWS) > 0).astype(float) + (0 if target.outputs == 1 else (x[:, 1] > 1))

    found = coefficients_on_top(x, y, start, weight, 10.0, target)

    _, curvature = target.gradient_hessian(y, start)
    ridge = 10.0 * (curvature.reshape(ROWS, -1) * weight[:, None]).mean(axis=0)

    def gradient(coefficients: np.ndarray) -> np.ndarray:
        slope, _ = target.gradient_hessian(y, start + x @ coefficients.reshape(found.shape))
        return (x.T @ (slope.reshape(ROWS, -1) * weight[:, None]) + ridge * coefficients.reshape(3, -1)).ravel()

    best = minimize(lambda c: float(gradient(c) @ gradient(c)), np.zeros(found.size), method="BFGS")
    wanted = best.x.reshape(found.shape)
    assert np.allclose(target.centred(found), target.centred(wanted), atol=2e-3)
    assert np.abs(found).max() > 0.1


@pytest.mark.parametrize("kind", TARGETS.values(), ids=TARGETS)
def test_steps_from_a_bad_start_do_not_run_away(kind: type[Target]) -> None:
    """From raw predictions that are sure of the wrong answer the fit arrives at finite coefficients that are better."""
    rng = np.random.default_rng(3)
    x, y = rng.standard_normal((ROWS, 4)), np.asarray(np.arange(ROWS) % (3 if kind is Classes else 2), np.float64)
    target = kind.of(y)
    start = np.asarray(np.subtract(target.zeros(ROWS), 8.0 * target.one_hot(y)), np.float64)

    found = coefficients_on_top(x, y, start, np.ones(ROWS), 1.0, target)

    assert np.isfinite(found).all()
    assert target.raw_loss(y, start + x @ found).sum() < target.raw_loss(y, start).sum()


def test_rows_with_a_missing_value_get_nothing_and_no_part_sees_its_own_rows() -> None:
    """What the columns add is zero where a value is missing; other targets in a part's own rows change nothing."""
    table = planted("ratio", 1_000, seed=1, task="regression").table
    frame = table.frame.copy()
    gap = np.arange(len(frame)) % 7 == 0
    frame.loc[gap, "x1"] = np.nan
    other = frame.copy()
    other.loc[table.fold == 2, "y_true"] *= -3
    start: Raws = {(2,): np.zeros(len(frame))}
    _, joint = JOINT[0]

    both = [
        joint_fits(Table(one, table.target), [(2,)], start, ("x0", "x1"), joint.forms[0])[2,] for one in (frame, other)
    ]
    before, after = ([fit.added for fit in fits] for fits in both)

    assert len(before) == len(PENALTIES)
    assert all(np.array_equal(*fits) for fits in zip(before, after, strict=True))
    assert not before[0][gap].any()
    assert before[0][~gap].all()


def test_amounts_vary_and_are_never_negative() -> None:
    """Of normal columns none is an amount, nor is one of few values."""
    table = planted("ratio", 1_000, seed=1, task="regression").table
    frame = table.frame.assign(x2=np.arange(1_000) % 5, x3=table.frame["x3"].abs())

    assert amounts(training_rows(Table(frame, table.target))) == ["x0", "x1", "x3"]


@pytest.mark.parametrize(
    ("case", "task"), [("ratio", "regression"), ("gap", "regression"), ("exceeds", "multiclass"), ("exceeds", "count")]
)
def test_a_planted_ratio_is_named_with_its_pair(case: str, task: Task) -> None:
    """The pair is the planted one, its gain is that of the rung, and nothing is left for an interaction to matter."""
    sample = planted(case, 2_000, seed=1, columns=7, task=task)
    study = Study(sample.table, METRICS["r2" if task in ("regression", "count") else "log_loss"], 0.005, 1, run_now)
    (cause, _), *_ = JOINT

    climbed = ladder(study, linear_baseline(sample.table))

    told = {one["factor"]: one for one in attribute(study, climbed, climbed.top, signal=True)["attribution"]}
    (pair,) = pair_effects(study, climbed, cause)
    assert set(pair["features"]) == sample.pair
    assert pair["gain"] == told[cause.name]["out_of_fold"]["gain"]
    assert {name for name, one in told.items() if one["matters"]} == sample.causes


@pytest.mark.parametrize("task", ["binary", "regression"])
@pytest.mark.parametrize("case", ["inverse", "product_of_amounts", "corner", "u_shape", "product", "xor", "wave"])
@pytest.mark.parametrize("positive", [np.exp, lambda column: column - column.min() + 0.5], ids=["stretched", "shifted"])
def test_neither_curves_nor_other_interactions_pass_for_a_ratio(
    case: str, task: Task, positive: Callable[[pd.Series], pd.Series]
) -> None:
    """With all features made amounts, tables without a ratio are given none."""
    table = planted(case, 2_000, seed=1, columns=7, task=task).table
    named = {name: positive(table.frame[name]) for name in table.features if table.frame[name].min() < 0}
    amounts_only = Table(table.frame.assign(**named), table.target)
    study = Study(amounts_only, METRICS["r2" if task == "regression" else "roc_auc"], 0.005, 1, run_now)

    climbed = ladder(study, linear_baseline(amounts_only))

    assert climbed.pairs == {}
    assert amounts(training_rows(amounts_only)) == table.features


@pytest.mark.parametrize(("cause", "joint"), JOINT, ids=[cause.name for cause, _ in JOINT])
def test_a_rival_that_says_the_same_takes_the_cause_back(
    cause: Cause, joint: Joint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With its own form among the rivals the planted ratio is not kept, and what explains it is told."""
    sample = planted("ratio", 2_000, seed=1, columns=7, task="regression")
    study = Study(sample.table, METRICS["r2"], 0.005, 1, run_now)
    disputed = replace(cause, joint=replace(joint, rivals=joint.forms))
    route = route_of(sample.table.rows_are)
    causes = tuple(disputed if one is cause else one for one in route.causes)
    monkeypatch.setattr(ladders, "route_of", lambda _: replace(route, causes=causes))

    climbed = ladder(study, linear_baseline(sample.table))

    told = {one["factor"]: one for one in attribute(study, climbed, climbed.top, signal=True)["attribution"]}
    assert climbed.pairs == {}
    assert pair_effects(study, climbed, cause) == []
    assert told[cause.name]["out_of_fold"]["gain"] == 0
    assert told[cause.name]["why"].startswith(f"tried, and not kept: {joint.forms[0].change}")
    assert told["interaction"]["matters"]
