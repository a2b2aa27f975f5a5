"""Groups as a target: an outcome or none, what is known without a model, and how densities are judged."""

from types import SimpleNamespace
from typing import cast

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from pipelines.core.table import Table
from pipelines.facts.clusters import ClustersFacts
from pipelines.metrics import METRICS, metrics_for, signal_metric
from pipelines.metrics.of_groups import ROWS
from pipelines.targets import TARGETS, Density, Groups, target_of
from pipelines.yardsticks.trivial import candidate_scores

TASK = Groups.name


def _columns(rows: int = 400) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    return pd.DataFrame({"a": rng.lognormal(size=rows), "b": rng.normal(3.0, 2.0, rows)})


def test_an_outcome_of_zeros_is_none() -> None:
    """Then rows are judged by their density, and by no metric of an outcome."""
    scored, dense = target_of(TASK, np.array([0.0, 1.0])), target_of(TASK, np.zeros(2))

    assert (scored.name, dense.name) == (Groups.name, Density.name)
    assert isinstance(dense, Density)
    assert [one.name for one in metrics_for(dense.name)] == [ROWS[0].name]
    assert ROWS[0].name not in {one.name for one in metrics_for(scored.name)}
    assert signal_metric(dense.name, ROWS[0]) is ROWS[0]
    assert TARGETS[TASK].judged_as("spend") == Groups.name
    assert TARGETS[TASK].judged_as("") == Density.name
    assert TARGETS["regression"].judged_as("") == "regression"


def test_a_target_knows_what_groups_are_compared_with() -> None:
    """The column of the quantiles, and how many groups."""
    clusters = cast(ClustersFacts, {"by": "monetary", "groups": 4})

    for y in (np.arange(3.0), np.zeros(3)):
        told = target_of(TASK, y).knowing(squares_errors=True, forecast=None, clusters=clusters)
        assert isinstance(told, Groups)
        assert (told.by, told.count) == ("monetary", 4)


def test_the_loss_of_a_density_is_its_negative_logarithm() -> None:
    """Of predictions, of what they are judged by, of raw ones, and of several at once."""
    target, said = Density(), np.array([[1.0, -2.0], [0.5, 3.0]])

    assert (target.loss(np.zeros(2), said[0]) == -said[0]).all()
    assert (target.raw_loss(np.zeros(2), target.inverse(said[0])) == -said[0]).all()
    assert (target.judged_loss(np.zeros(2), target.judged(np.zeros(2), said)) == -said).all()
    assert METRICS[ROWS[0].name].score(np.zeros(2), said[0]) == said[0].mean()


def test_the_density_without_a_model_is_a_normal_distribution_a_column() -> None:
    """SciPy's, in units of the standard deviations of the rows fitted to, of which no other row is one."""
    x, fitted = _columns(), np.arange(400) < 300
    changed = x.copy()
    changed.loc[~fitted, "a"] = 1e3

    found = Density().unmodelled(x, fitted)

    z = (x - x[fitted].mean()) / x[fitted].std(ddof=0)
    assert found == pytest.approx(norm.logpdf(z).sum(axis=1))
    assert (Density().unmodelled(changed, fitted)[fitted] == found[fitted]).all()
    assert Groups().unmodelled(x, fitted) is None


def test_trivial_densities_integrate_to_one() -> None:
    """A box has the same density inside, one over its volume in standard deviations; it beats no fitted normal here."""
    x = _columns()
    trivial = Density().trivial_of(x)

    volume = np.prod((x.max() - x.min()) / x.std(ddof=0))
    assert trivial["every value of a column's range alike"] == pytest.approx(np.full(400, -np.log(volume)))
    assert trivial["a normal distribution for each column"].mean() == pytest.approx(-(1 + np.log(2 * np.pi)), abs=1e-9)


@pytest.mark.parametrize("outcome", [True, False])
def test_step_two_scores_what_knows_nothing(outcome: bool) -> None:
    """With an outcome the mean has an R2 of 0; without, the two densities are scored, and none is perfect."""
    x = _columns()
    y = x["b"].to_numpy() if outcome else np.zeros(len(x))
    frame = pd.DataFrame({"row_id": range(400), "split": "train", "fold": 0, "y_true": y})
    table = Table(pd.concat([frame, x.rename(columns={"b": "c"})], axis="columns"), target_of(TASK, y))
    (metric,) = metrics_for(table.target.name)[:1]

    found = candidate_scores(table, metric, 7)

    (only,) = [one for one in found if one["metric"] == metric.name]
    scores = {one["predictor"]: one["score"] for one in only["trivial"]}
    assert only["perfect"] == (1.0 if outcome else None)
    assert len(scores) == 2
    if outcome:
        assert scores["always the mean"] == pytest.approx(0.0)


def test_an_outcome_has_traits_and_a_density_none() -> None:
    """Nothing may mislead a metric where there is no outcome."""
    asked = SimpleNamespace(target_scale="linear", outcome_scale="linear", outcome="")

    assert Density().traits(np.zeros(4), asked) == {}
    assert Density.valid(pd.Series([0.0, 1.0])).tolist() == [True, False]
