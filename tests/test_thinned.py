"""Very large tables: how many training rows step 7 looks at, which, and that these know the gain well enough."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from pipelines.core.table import FOLDS, Table
from pipelines.inference.truth import Truth
from pipelines.ladder.gains import paired_gains
from pipelines.ladder.thinned import FEWEST, rows_wanted, spaced, thinned_facts
from pipelines.metrics import METRICS
from pipelines.targets import Event

ROWS = 60_000
PAIR = [("a", "b")]


@pytest.fixture(scope="module")
def table() -> Table:
    """Return a table of which a fifth are test rows, with a feature that says something of the target."""
    rng = np.random.default_rng(0)
    y = (rng.random(ROWS) < 0.1).astype(float)
    fold = rng.integers(-1, FOLDS, ROWS)
    frame = pd.DataFrame({
        "row_id": np.arange(ROWS), "split": np.where(fold < 0, "test", "train"), "fold": fold, "y_true": y,
        "x": y + rng.normal(size=ROWS),
    })  # fmt: skip
    return Table(frame, Event())


@pytest.mark.parametrize(
    ("error", "wanted"),
    [
        (0.0001, FEWEST),  # sharp already
        (0.001, 400_000),  # by hand: 100,000 rows times (0.001 / 0.0005)^2
        (0.01, 40_000_000),
        (float("nan"), np.iinfo(np.int64).max),  # not known: all rows
    ],
)
def test_rows_wanted_by_the_standard_error(error: float, wanted: int) -> None:
    """So many rows that the standard error is a tenth of the margin of 0.005, and no fewer than FEWEST."""
    assert rows_wanted(error, 100_000, 0.005) == wanted


def test_test_rows_stay_and_folds_keep_their_shares(table: Table) -> None:
    """Of each fold every fifth row is taken, in order, and no test row is lost."""
    training = int((table.fold >= 0).sum())
    rows = spaced(table, training // 5)
    fold = table.fold[rows]

    assert (np.diff(rows) > 0).all()
    assert (fold < 0).sum() == (table.fold < 0).sum()
    for number in range(FOLDS):
        assert (fold == number).sum() == pytest.approx((table.fold == number).sum() / 5, abs=1)
    assert np.diff(np.flatnonzero(np.isin(np.arange(ROWS), rows[fold >= 0]))).max() < 50  # nowhere a hole


def test_as_many_rows_as_wanted_know_the_gain_as_well_as_said(table: Table) -> None:
    """Held against simulation: the gain over thinned rows has the error that the test rows promise, and is no other."""
    rng = np.random.default_rng(1)
    metric, said, found = METRICS["roc_auc"], [], []
    for _ in range(40):
        noise = rng.normal(size=(2, ROWS))
        models = {"a": table.frame["x"].to_numpy() + noise[0], "b": table.frame["x"].to_numpy() + 0.8 * noise[1]}
        tested = np.flatnonzero(table.fold < 0)
        (on_test,) = paired_gains(Truth.of(table, tested, metric, 1), {k: v[tested] for k, v in models.items()}, PAIR)
        rows = spaced(table, 10_000)
        training = rows[table.fold[rows] >= 0]
        truth = replace(Truth.of(table, training, metric, 1), fold=None)
        (gain,) = paired_gains(truth, {k: v[training] for k, v in models.items()}, PAIR)
        said.append(thinned_facts(table, rows, on_test.half / 1.96)["se"])
        found.append((gain.value, gain.half / 1.96, on_test.value))

    value, error, whole = np.array(found).T
    assert np.mean(said) == pytest.approx(error.mean(), rel=0.1)
    # The rows are the same in all trials, so that only the models' noise differs: less than the whole error.
    assert value.std() < 1.2 * np.mean(said)
    assert abs(value.mean() - whole.mean()) < 3 * np.mean(said)
