"""Counts as a target: what is refused, the Poisson loss and its derivatives, the baseline, and planted causes."""

import numpy as np
import pandas as pd
import pytest
from planted import planted
from scipy.special import xlogy
from scipy.stats import poisson
from sklearn.metrics import mean_poisson_deviance
from small_exploration import table_of
from toy_project import toy_project

from pipelines.core.errors import InputError
from pipelines.core.project import Problem
from pipelines.core.submit import run_now
from pipelines.define import define
from pipelines.experiments.controls import linear_baseline
from pipelines.ladder.attribute import attribute
from pipelines.ladder.ladder import ladder
from pipelines.ladder.study import Study
from pipelines.metric import metric
from pipelines.metrics import METRICS, metrics_for
from pipelines.models.linear import fit_linear
from pipelines.models.saving.skops_file import read_estimator, write_estimator
from pipelines.targets import TARGETS, Count

COUNTS = Count()
PROBLEM = Problem.model_validate({"question": "?", "decision": "?", "target": "calls", "task": "count"})


@pytest.mark.parametrize(("wrong", "shown", "helps"), [(-1.0, "-1", "min = 0"), (2.5, "2.5", "allowed = [0, 1, 2]")])
def test_what_is_no_count_is_refused(wrong: float, shown: str, helps: str) -> None:
    """A negative and a fractional value: the message names file, column, row and value, and what sets the row aside."""
    values = pd.Series([0.0, 3.0, wrong], index=[4, 5, 9])

    with pytest.raises(InputError) as caught:
        Count.encode(values, None, PROBLEM, "data/raw/calls.csv")

    assert "1 value(s) of the target 'calls' are no counts" in str(caught.value)
    assert f"data/raw/calls.csv, row 9: {shown}" in str(caught.value)
    assert "whole numbers, 0 and up" in str(caught.value)
    assert f"`{helps}`" in str(caught.value)


@pytest.mark.parametrize(("wrong", "helps"), [(-1.0, "min = 0"), (0.5, "allowed = [0, 1, 2]")])
def test_what_the_message_advises_sets_the_row_aside(wrong: float, helps: str) -> None:
    """A project that declares it passes step 1, with that row alone in quarantine."""
    x = np.arange(200)
    frame = pd.DataFrame({"x": x * 1.0, "y": np.where(x == 5, wrong, x % 3)})
    columns = f'x = {{ type = "number" }}\ny = {{ type = "number", {helps} }}'

    found = define(frame, toy_project("count", columns=columns), "0" * 64, run_now)

    assert found.quarantine["row_id"].tolist() == [5]


def test_the_loss_is_half_the_deviance_but_for_a_constant() -> None:
    """Two predictions' losses differ by half of what scikit-learn's deviances differ by."""
    y = np.array([0.0, 1, 4, 2])
    one, other = np.array([0.5, 1, 2, 2]), np.array([1.0, 2, 3, 1])

    difference = COUNTS.loss(y, one).mean() - COUNTS.loss(y, other).mean()

    assert difference == pytest.approx((mean_poisson_deviance(y, one) - mean_poisson_deviance(y, other)) / 2)
    assert COUNTS.raw_loss(y, np.log(one)) == pytest.approx(COUNTS.loss(y, one))
    assert np.isfinite(COUNTS.loss(y, np.zeros(4))).all()


def test_derivatives_are_those_of_the_loss() -> None:
    """Central differences of the loss by the logarithm of the mean, once and twice."""
    y, raw, step = np.array([0.0, 1, 7]), np.array([-1.0, 0.3, 1.5]), 1e-4

    gradient, hessian = COUNTS.gradient_hessian(y, raw)

    up, middle, down = (COUNTS.raw_loss(y, raw + move) for move in (step, 0, -step))
    assert gradient == pytest.approx((up - down) / (2 * step), abs=1e-6)
    assert hessian == pytest.approx((up - 2 * middle + down) / step**2, abs=1e-5)


def test_the_baseline_finds_the_logarithm_of_the_mean() -> None:
    """Of 20,000 counts with log mean 0.5 + 0.4 x it finds both numbers; its raw predictions are on that line."""
    rng = np.random.default_rng(1)
    x = rng.standard_normal((20_000, 1))
    y = rng.poisson(np.exp(0.5 + 0.4 * x[:, 0])).astype(float)

    fitted = COUNTS.linear_estimator(x).fit(x, COUNTS.as_fitted(y))
    COUNTS.check_converged(fitted)

    assert (fitted.intercept_, fitted.coef_[0]) == pytest.approx((0.5, 0.4), abs=0.02)
    assert COUNTS.raw_predicted(fitted, x) == pytest.approx(fitted.intercept_ + fitted.coef_[0] * x[:, 0])


def test_counts_of_zero_alone_teach_nothing() -> None:
    """Boosters and forests refuse to fit them: the logarithm of a mean of 0 has no end."""
    assert not COUNTS.learnable(np.zeros(5))
    assert COUNTS.learnable(np.array([0.0, 0, 2]))


def test_the_mean_explains_no_deviance() -> None:
    """Not a last digit of it, however large the counts: a report would show that digit."""
    counts = np.random.default_rng(3).poisson(2e5, 301).astype(float)

    assert METRICS["d2_poisson"].score(counts, np.full(301, counts.mean())) == 0


def test_overdispersion_is_measured() -> None:
    """Counts whose variance is their mean have 1; those of a mixture of means 1 and 9, seen as 5, have 1 + 16 / 5."""
    rng = np.random.default_rng(2)
    mixed = rng.poisson(rng.choice([1.0, 9.0], 40_000)).astype(float)

    assert COUNTS.dispersion(poisson.rvs(5, size=40_000, random_state=3).astype(float), np.full(40_000, 5.0)) == (
        pytest.approx(1, abs=0.03)
    )
    assert COUNTS.dispersion(mixed, np.full(40_000, 5.0)) == pytest.approx(4.2, abs=0.1)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([*range(12), *[0, 1, 2, 1] * 9], "count"),
        (list(range(1, 60)), "regression"),
        ([0, *range(40, 90)], "regression"),
        ([0, 1, 2] * 9, "multiclass"),
    ],
)
def test_a_draft_guesses_counts(values: list[int], kind: str) -> None:
    """Whole numbers from 0, most of them small; from 1, mostly large, or few different ones are something else."""
    present = pd.Series(values, dtype=float)

    guesses = {name: why for name, one in TARGETS.items() if (why := one.guess(present, "integer"))}

    assert next(iter(guesses)) == kind
    assert ("count" in guesses["multiclass"]) if kind == "multiclass" else True  # few counts look like classes


@pytest.mark.parametrize("case", ["levels", "gated", "scale_and_product", "missing_and_linear"])
def test_further_causes_planted_in_counts_are_named(case: str) -> None:
    """Those that are not planted in every kind of target: what is planted in the log mean, and nothing else."""
    sample = planted(case, 2_000, seed=1, columns=7, task="count")
    study = Study(sample.table, METRICS["d2_poisson"], 0.005, 1, run_now)

    climbed = ladder(study, linear_baseline(sample.table))
    found = attribute(study, climbed, climbed.predictions["interaction"], signal=True)["attribution"]

    assert {item["factor"] for item in found if item["matters"]} == sample.causes


def test_poisson_regression_predicts_no_mean_above_the_largest_count() -> None:
    """A row far out in a feature gets the largest count of the training rows, also from a saved model."""
    rng = np.random.default_rng(5)
    feature = np.exp(rng.normal(0, 2, 400))
    y = rng.poisson(np.minimum(0.2 + 0.01 * feature, 3.0)).astype(np.float64)
    pipeline = fit_linear(pd.DataFrame({"x": feature}), y, Count())
    far = pd.DataFrame({"x": [feature.mean(), 1e6]})

    saved = read_estimator(write_estimator(pipeline))

    for model in (pipeline, saved):
        near, capped = Count.predicted(model, far)
        assert 0 < near < y.max()
        assert capped == y.max()
        assert Count().raw_predicted(model, far)[1] == pytest.approx(np.log(y.max()))


def test_the_deviance_is_offered_first() -> None:
    """Messages and step 2 list the metrics of counts in this order."""
    offered = [metric.name for metric in metrics_for("count")]

    assert offered[:5] == ["poisson_deviance", "d2_poisson", "rmse", "mae", "r2"]


def test_a_deviance_that_few_rows_decide_is_warned_of() -> None:
    """Of 900 counts nine are 400 and hold most of the deviance; among Poisson counts no hundredth holds much."""
    rng = np.random.default_rng(4)
    tame, x = rng.poisson(3, 900).astype(float), rng.normal(size=900)
    heavy = np.where(np.arange(900) % 100 == 0, 400.0, tame)
    told = []

    for y in (tame, heavy):
        facts = metric(table_of({"x": x}, y, "count"), toy_project("count"), run_now)
        told += [one["text"] for one in facts["warnings"] if "depends on few rows" in one["text"]]
        tails = COUNTS.traits(y, PROBLEM)["tails"]
        own = np.sort(2 * (xlogy(y, y / y.mean()) - y + y.mean()))[::-1]
        assert tails["deviance"] == pytest.approx(own[:9].sum() / own.sum(), rel=1e-4)

    assert len(told) == 1
    assert told[0].startswith("Poisson deviance depends on few rows here: the most extreme 1 % of the rows hold 7")


@pytest.mark.parametrize(("largest", "wide"), [(4, 1), (29, 1), (30, 2), (34, 2), (400, 14)])
def test_bins_hold_as_many_whole_numbers_each(largest: int, wide: int) -> None:
    """Of every whole number up to the largest three times, a full bin holds three rows for each of its numbers."""
    y = np.repeat(np.arange(largest + 1.0), 3)

    histogram = COUNTS.summary(y, np.arange(y.size) % 3 == 0, None, PROBLEM)["histogram"]

    assert set(histogram["train"][:-1]) == {2 * wide}
    assert set(histogram["test"][:-1]) == {wide}
    assert 0 < histogram["test"][-1] <= wide
    assert sum(histogram["train"]) + sum(histogram["test"]) == y.size
    assert len(histogram["train"]) <= 30
