"""Drift by its consequence: counts of served rows, the mix that they make, and the causes that still hold."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import drifting
import numpy as np
import pandas as pd
import pytest
from drifting import CODE, NONE, SHIFTS, Shift, draw, expected, made
from scipy.optimize import minimize
from scipy.stats import binom

from pipelines.core.errors import InputError
from pipelines.metrics import METRICS, metrics_for
from pipelines.models.saving.zip import unpack
from pipelines.serving import drift as drift_module
from pipelines.serving.drift import Drift
from pipelines.serving.drift_bins import Bins, bins_of
from pipelines.serving.drift_causes import Rest, clopper_pearson, held
from pipelines.serving.drift_counts import Counts
from pipelines.serving.drift_mix import SPREAD, Design, expect, mixed
from pipelines.serving.drift_reference import Reference


@pytest.fixture(scope="module")
def reference() -> Reference:
    """Return the reference of 1,000 test rows of classes."""
    return made(np.random.default_rng(0), 1_000, "log_loss")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at one feature alone, so that a look takes a tenth of a second."""
    monkeypatch.setattr(drift_module, "SHOWN", 1)


def place_by_hand(bins: Bins, value: Any) -> int:  # noqa: ANN401 - a number or a level
    """Return a value's bin, by going through them."""
    if pd.isna(value):
        return bins.sorts.index("missing")
    if bins.levels is not None:
        return dict(bins.levels).get(value, bins.sorts.index("unseen"))
    for code, place in bins.codes:
        if value == code:
            return place
    return sum(value > cut for cut in bins.cuts)


@pytest.mark.parametrize("rows", [1, 500])
def test_rows_are_counted_where_each_value_by_itself_belongs(reference: Reference, rows: int) -> None:
    """Values within, below, above, codes, missing ones, known and unknown levels, of few rows and of many."""
    served = draw(np.random.default_rng(1), rows, Shift(size=1.0, codes=0.3, missing=0.3))
    served["level"] = np.where(np.arange(rows) % 7 == 3, "new", served["level"].astype(str))
    served.loc[np.arange(rows) % 11 == 5, "level"] = None
    served.loc[np.arange(rows) % 13 == 6, "debt"] = [-1.0, 1e9][rows % 2]

    counts = Counts.of(reference, served)
    of_arrays = Counts.of(reference, {bins.feature: served[bins.feature].to_numpy() for bins in reference.bins})

    by_hand = np.zeros_like(counts.every)
    outside = 0
    for row in range(rows):
        flat = [
            int(start) + place_by_hand(bins, served[bins.feature].iloc[row])
            for start, bins in zip(reference.offsets[:-1], reference.bins, strict=True)
        ]
        by_hand[flat] += 1
        outside += any(reference.test[place] == 0 for place in flat)
    assert counts.every.tolist() == by_hand.tolist() == of_arrays.every.tolist()
    assert (counts.rows, counts.outside) == (rows, outside)
    assert counts.inside[: len(reference.bins[0].sorts)].sum() == rows - outside


def test_bins_have_about_the_shares_of_their_quantiles_and_ten_test_rows_each() -> None:
    """Of 3,000 normal numbers; codes and missing values stand apart, and what lies beyond all training rows."""
    random = np.random.default_rng(0)
    train, test = (pd.Series(random.normal(size=rows)) for rows in (3_000, 1_000))
    train[:60], train[60:90], test[:20] = CODE, np.nan, CODE

    bins = bins_of("x", train, test, [CODE])
    counts = np.bincount(bins.place(train), minlength=len(bins.sorts))
    tested = np.bincount(bins.place(test), minlength=len(bins.sorts))

    assert counts[bins.of_sort("code")].tolist() == [60]
    assert counts[bins.missing] == 30
    assert counts[bins.of_sort("below", "above")].tolist() == [0, 0]
    assert tested[bins.of_sort("values")].min() >= 10
    assert counts[bins.of_sort("values")].max() <= 0.11 * 3_000
    assert bins.place(pd.Series([-99.0, 99.0])).tolist() == [0, bins.of_sort("above")[0]]
    assert bins.labels[-2:] == ("98", "missing")


def test_few_values_and_levels_have_bins_of_their_own() -> None:
    """Grades 1 to 5, where 5 has too few test rows; 30 levels, of which 20 are common."""
    grades = pd.Series(np.repeat([1.0, 2.0, 3.0, 4.0, 5.0], [50, 50, 50, 50, 2]))
    names = pd.Series(np.repeat([f"n{i:02}" for i in range(30)], [*[20] * 22, *[3] * 8])).astype("category")

    of_grades, of_names = bins_of("grade", grades, grades), bins_of("name", names, names)

    assert of_grades.labels == ("below 1", "1", "2", "3", "4 to 5", "above 5", "missing")
    assert of_names.labels[:20] == tuple(f"n{i:02}" for i in range(20))
    assert of_names.sorts[20:] == ("other", "unseen", "missing")
    assert of_names.place(pd.Series(["n00", "n29", "x", None])).tolist() == [0, 20, 21, 22]


def test_the_reference_survives_a_file_and_holds_no_row_of_the_table(reference: Reference) -> None:
    """Equal bytes from equal references; of features only numbers of bins, in an order that predictions give."""
    files = reference.to_files()
    again = Reference.from_files(files)

    assert again.to_files() == files
    assert set(unpack(files["drift.npz"])) == {"y.npy", "places.npy", "prediction_0.npy"}
    assert again.places.max() < 30
    assert (np.diff(again.predictions["strong"]) >= 0).all()
    assert again.metric.score(again.y, again.predictions["strong"]) == pytest.approx(
        reference.metric.score(reference.y, reference.predictions["strong"])
    )


def test_files_of_another_format_are_refused(reference: Reference) -> None:
    """The message says how to get the right one."""
    files = reference.to_files()
    files["drift.json"] = files["drift.json"].replace(b"sevenfold drift 1", b"sevenfold drift 0")

    with pytest.raises(InputError, match="dvc repro"):
        Reference.from_files(files)


@pytest.mark.parametrize("metric", [one.name for one in metrics_for("binary")])
def test_one_feature_alone_is_post_stratified(metric: str) -> None:
    """Rows of a bin weigh its served share by its test share: the metric with these weights, worked out by hand."""
    of = made(np.random.default_rng(0), 4_000, metric)
    level = next(place for place, bins in enumerate(of.bins) if bins.feature == "level")
    counts = Counts.of(of, draw(np.random.default_rng(1), 40_000, SHIFTS["levels"]))
    own = slice(*of.offsets[level : level + 2])
    filled = np.maximum(of.test[own], 1)
    by_hand = (counts.inside[own] / counts.inside[own].sum() / (filled / 4_000))[of.places[:, level]]

    mix = mixed(of, counts.inside, [level])
    found = expect(of, mix, "strong", replicates=20)

    assert found is not None
    assert mix.weights == pytest.approx(by_hand, rel=0.01)  # up to the prior
    assert found.score == pytest.approx(
        METRICS[metric].score(of.y, of.predictions["strong"], by_hand[None])[0], rel=0.01
    )
    assert found.loss == METRICS[metric].gain(found.score, found.test)


def test_all_features_together_have_the_served_shares() -> None:
    """The weighted test rows have in each bin the share that the served rows have, up to what chance explains."""
    of = made(np.random.default_rng(0), 4_000, "rmse")
    counts = Counts.of(of, draw(np.random.default_rng(1), 8_000, SHIFTS["all"]))

    mix = mixed(of, counts.inside, range(len(of.bins)))
    weighted = np.bincount(of.flat.ravel(), np.repeat(mix.weights, len(of.bins)), minlength=len(of.test)) / 4_000
    served = counts.inside / counts.inside[: len(of.bins[0].sorts)].sum()
    chance = np.sqrt(served * (1 / 4_000 + 1 / 8_000))

    assert (np.abs(weighted - served) <= 0.5 * chance + 1e-9).all()
    assert np.abs(of.test / 4_000 - served).max() > 0.05


def test_the_weights_are_those_of_a_general_optimiser() -> None:
    """The penalised dual of raking, written down again and given to SciPy, has its least value at the same weights."""
    of = made(np.random.default_rng(0), 300, "rmse")
    counts = Counts.of(of, draw(np.random.default_rng(1), 400, SHIFTS["all"]))
    features = [0, 3, 4]
    design = Design(of, features)
    ones = (design.places[:, :, None] == np.arange(len(design.bins))).sum(axis=1)
    served = counts.inside[: len(of.bins[0].sorts)].sum()
    target = counts.inside[design.bins] / served
    prior = (1 / 300 + 1 / served) / SPREAD**2

    def dual(numbers: np.ndarray) -> float:
        return float(np.log(np.exp(ones @ numbers).mean()) - numbers @ target + prior * np.square(numbers).sum() / 2)

    best = minimize(dual, np.zeros(len(target)), method="BFGS", options={"gtol": 1e-7})
    weights = np.exp(ones @ best.x)

    mix = mixed(of, counts.inside, features)

    assert mix.weights == pytest.approx(weights / weights.mean(), rel=1e-3)
    assert mix.effective_rows == pytest.approx(weights.sum() ** 2 / np.square(weights).sum(), rel=1e-3)


def test_groups_of_test_rows_are_drawn_together() -> None:
    """Where each test row stands four times, and the four are one group, the error is that of a quarter of the rows."""
    of = made(np.random.default_rng(0), 500, "log_loss")
    four = {name: np.repeat(one, 4) for name, one in of.predictions.items()}
    copied = replace(
        of, y=np.repeat(of.y, 4), predictions=four, places=np.repeat(of.places, 4, axis=0), unit=np.arange(2_000) // 4
    )
    served = draw(np.random.default_rng(1), 2_000, SHIFTS["missing"])

    errors = [expected(one, served, [3]).se for one in (of, copied, replace(copied, unit=None))]

    assert errors[1] == pytest.approx(errors[0], rel=0.2)
    assert errors[2] < 0.7 * errors[0]


@pytest.mark.parametrize(
    ("metric", "shift"),
    [("log_loss", "none"), ("log_loss", "missing"), ("log_loss", "levels"), ("median_ae", "missing")],
)
def test_the_interval_covers_the_true_loss(metric: str, shift: str) -> None:
    """Of 20 test sets at least 17 intervals hold the loss of the whole population, where outcomes stay as they were."""
    found = np.array(list(drifting.coverage(metric, SHIFTS[shift], 500, 1_000, 20)))

    assert found[:, 2].sum() >= 17
    assert abs(found[:, 0].mean()) < 3 * found[:, 1].mean() / np.sqrt(20) + 0.002


@pytest.mark.usefixtures("quick")
def test_no_drift_raises_no_alarm_and_a_planted_one_does() -> None:
    """Of eight paths as before at most one raises an alarm at any look; where large rows come, most do by the end."""
    still = [drifting.path("rmse", NONE, 1_000, 2_000, seed, margin=0.02) for seed in range(8)]
    moved = [drifting.path("rmse", Shift(size=1.0), 1_000, 2_000, seed, margin=0.02) for seed in range(8)]

    assert sum(any(one["verdict"] == "alarm" for one in looks) for looks in still) <= 1
    assert sum(looks[-1]["loss_alarm"] for looks in moved) >= 6


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    ("shift", "cause"), [(Shift(codes=0.0), "codes"), (Shift(missing=0.0), "missingness"), (NONE, None)]
)
def test_a_cause_that_vanishes_raises_an_alarm_though_no_score_is_lost(shift: Shift, cause: str | None) -> None:
    """Without codes, or without missing values, the cause is named, with what was expected; as before, none is."""
    last = drifting.path("log_loss", shift, 1_000, 4_000, 5)[-1]
    alarms = [one["cause"] for one in last["causes"] if one["alarm"]]

    assert ("codes" in alarms, "missingness" in alarms) == (cause == "codes", cause == "missingness")
    assert last["verdict"] == ("alarm" if cause else "none")
    if cause == "codes":
        assert not last["loss_alarm"]
        assert "0 of 4,000 rows have a code in debt (98)" in " ".join(last["words"])
    if cause is None:
        assert "Codes: what it rests on still occurs, codes (98) in debt." in last["words"]


def test_the_interval_of_a_ratio_covers_it() -> None:
    """Exactly, by the binomial distribution: a rate of 1 % in both samples is called lost in at most 1 % of cases."""
    rest = Rest("codes", 0.1, [0.0, 0.2], "x", "codes", "98", [0], 30, 3_000)
    hits = np.arange(200)
    states = [held(rest, np.array([hit]), 2_000, 0.01).state for hit in hits]
    as_half = binom.pmf(hits, 2_000, 0.005)

    assert states[0] == "gone"
    assert "rarer" in states
    assert as_half[[state in {"gone", "rarer"} for state in states]].sum() <= 0.01
    assert held(rest, np.array([20]), 2_000, 0.01).ratio == pytest.approx(1.0)
    assert held(rest, np.array([400]), 40_000, 0.01).state == "holds"


@pytest.mark.parametrize("share", [0.0, 0.01, 0.3, 1.0])
def test_the_interval_of_a_share_is_exact(share: float) -> None:
    """Each end is missed with at most 2.5 %, whatever the share: summed over all counts of 50."""
    chance = binom.pmf(np.arange(51), 50, share)
    ends = np.array([clopper_pearson(hits, 50, 0.05) for hits in range(51)])

    assert chance[ends[:, 0] > share].sum() <= 0.025
    assert chance[ends[:, 1] < share].sum() <= 0.025


@pytest.mark.usefixtures("quick")
def test_levels_that_no_training_row_has_are_outside_of_what_can_be_said(reference: Reference) -> None:
    """A third of new levels: the share is given, the score is that of the others, and it is something to watch."""
    drift = Drift(reference)
    served = draw(np.random.default_rng(1), 900)
    served["level"] = np.where(np.arange(900) % 3 == 0, "new", served["level"].astype(str))
    drift.add(served)

    judged = drift.judge()

    assert judged["outside"] == pytest.approx(1 / 3, abs=0.01)
    assert judged["outside_where"][0] == {"feature": "level", "bin": "a level never seen", "share": 1 / 3}
    assert judged["verdict"] == "watch"
    assert judged["expected"] is not None
    assert any("33 % of the rows have values that no test row has: level" in one for one in judged["words"])


@pytest.mark.usefixtures("quick")
def test_rows_of_which_none_is_like_a_test_row_have_no_expected_score(reference: Reference) -> None:
    """All levels are new: nothing is estimated, and that is said."""
    drift = Drift(reference)
    drift.add(draw(np.random.default_rng(1), 600).assign(level="new"))

    judged = drift.judge()

    assert (judged["expected"], judged["loss"], judged["verdict"]) == (None, None, "watch")
    assert judged["why"] == "no served row is like any test row"


@pytest.mark.usefixtures("quick")
def test_between_looks_the_last_one_stands(reference: Reference) -> None:
    """499 rows are too early; at 500 there is a look, at 999 still the same, and at 1,000 the next."""
    drift = Drift(reference)
    served = draw(np.random.default_rng(1), 1_000)
    judged = []
    for start, stop in ((0, 499), (499, 500), (500, 999), (999, 1_000)):
        drift.add(served.iloc[start:stop])
        judged.append(drift.judge())

    assert [one["look"] for one in judged] == [0, 1, 1, 2]
    assert [one["judged"] for one in judged] == [0, 500, 500, 1_000]
    assert [one["rows_to_next_look"] for one in judged] == [1, 500, 1, 1_000]
    assert judged[0]["words"] == [
        "Too early to judge drift: 499 rows served so far; the next look is due after 1 more."
    ]
    json.dumps(judged, allow_nan=False)


@pytest.mark.usefixtures("quick")
def test_processes_count_apart_and_are_judged_together(reference: Reference) -> None:
    """Two objects that count half of the rows each, merged through JSON, say what one says that counts all."""
    served = draw(np.random.default_rng(1), 1_200, SHIFTS["missing"])
    one, *halves, merged = (Drift(reference) for _ in range(4))
    one.add(served)
    for half, rows in zip(halves, (slice(0, 600), slice(600, 1_200)), strict=True):
        half.add(served.iloc[rows])
    for half in halves:
        merged.merge(json.loads(json.dumps(half.to_dict())))

    assert merged.judge() == one.judge()
    halves[0].remember(merged)
    later = Drift(reference)
    for half in halves:
        later.merge(json.loads(json.dumps(half.to_dict())))
    assert later.judge()["look"] == 1


def test_counts_of_another_archive_are_refused(reference: Reference) -> None:
    """They are of other bins."""
    saved = Drift(reference).to_dict()
    saved["counts"]["inside"] = saved["counts"]["inside"][:-1]

    with pytest.raises(InputError, match="counts of"):
        Drift(reference).merge(saved)


def test_threads_lose_no_row(reference: Reference) -> None:
    """Eight threads add single rows at once."""
    drift = Drift(reference)
    rows = [draw(np.random.default_rng(seed), 1) for seed in range(200)]

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(drift.add, rows))

    assert drift.rows == 200
    assert drift.counts.every.tolist() == Counts.of(reference, pd.concat(rows)).every.tolist()


def test_memory_does_not_grow_with_rows(reference: Reference) -> None:
    """What is kept of 20,000 rows is as many numbers as of one."""
    few, many = Drift(reference), Drift(reference)
    few.add(draw(np.random.default_rng(1), 1))
    many.add(draw(np.random.default_rng(1), 20_000))

    assert few.counts.every.nbytes == many.counts.every.nbytes
    assert len(json.dumps(many.to_dict())) < 5 * len(json.dumps(few.to_dict()))


def test_features_come_with_their_cause_and_its_gain(reference: Reference) -> None:
    """`debt` is part of codes and of scale, `income` of missingness, each with the gain of step 7; `age` of none."""
    assert [one.cause for one in reference.belong["debt"]] == ["codes", "scale"]
    assert reference.belong["income"][0].gain == 0.05
    assert "age" not in reference.belong
    assert {(one.cause, one.feature, one.what) for one in reference.rests} == {
        ("missingness", "income", "missing values"), ("scale", "debt", "tail"), ("codes", "debt", "codes"),
    }  # fmt: skip


def test_an_unknown_model_is_refused(reference: Reference) -> None:
    """The message lists those that there are."""
    with pytest.raises(InputError, match="strong"):
        Drift(reference).judge("best")
