"""The evidence around the ladder: leaks, headroom, slices, SHAP, controls, the scale of single features."""

from functools import partial
from typing import Any

import lightgbm
import numpy as np
import pandas as pd
import pytest
import xgboost
from conftest import Facts
from planted import planted
from toy_table import OF_TREES, first_learner

from pipelines.causes.plan import Plan
from pipelines.core.submit import run_now
from pipelines.core.table import Table
from pipelines.experiments.codes import code_facts, suspected
from pipelines.experiments.controls import linear_baseline
from pipelines.experiments.headroom import headroom_facts
from pipelines.experiments.leaks import leakage_facts
from pipelines.experiments.learning import curve_point, extrapolate
from pipelines.experiments.shap import shap_sample, shap_values
from pipelines.experiments.slices import slice_facts
from pipelines.experiments.without import refit_with_all, refit_without
from pipelines.ladder.fitting import Part, linear_fits
from pipelines.ladder.ladder import Standing, ladder
from pipelines.ladder.parts import part_facts
from pipelines.ladder.study import Study
from pipelines.metrics import METRICS
from pipelines.models.encode import tree_matrix, tree_schema
from pipelines.models.folds import fold_data
from pipelines.models.lightgbm import LightGBMModel
from pipelines.models.xgboost import XGBoostModel
from pipelines.targets import Event


def _study(table: Table, metric: str = "roc_auc") -> Study:
    return Study(table, METRICS[metric], 0.005, 1, run_now)


def _standing(table: Table) -> Standing:
    """Return the ladder's first rung."""
    parts: list[Part] = [(fold,) for fold in range(5)]
    return Standing(Plan(), {part: models[0] for part, models in linear_fits(table, parts, [Plan()]).items()})


def _eda(table: Table, scores: dict[str, float], suspects: dict[str, str]) -> Facts:
    return {
        "columns": [{"name": name, "score_alone": scores.get(name, 0.5)} for name in table.features],
        "leak_suspects": [{"feature": name, "why": why} for name, why in suspects.items()],
    }


def _leaks(table: Table, eda: Facts) -> Facts:
    study = _study(table)
    return leakage_facts(study, refit_with_all(study, _standing(table)), eda, better=True)


def test_a_leak_takes_the_score_with_it() -> None:
    """Without the leaking column nearly all of the score is gone; without an honest one, little."""
    sample = planted("leak", 1_200, seed=1, columns=7)
    eda = _eda(sample.table, {"leak": 1.0, "x3": 0.6}, {"leak": "it all but tells the target"})
    facts = _leaks(sample.table, eda)
    (leak,), verdict = facts["leakage"], facts["leak_verdict"]
    assert leak["suspect"]
    assert leak["feature"] == "leak"
    assert leak["score_with"] > 0.99
    assert leak["score_without"] < 0.7
    assert leak["share_lost"] > 0.6
    assert verdict["features"] == ["leak"]
    assert (verdict["score_without"], verdict["share_lost"]) == (leak["score_without"], leak["share_lost"])
    assert not verdict["is_the_gain"]  # the baseline knows the leak as well


def test_the_strongest_single_column_is_no_suspect_by_itself() -> None:
    """An honest table: its best column is refitted without, and not called a leak."""
    sample = planted("linear", 1_200, seed=1, columns=7)
    facts = _leaks(sample.table, _eda(sample.table, {"x0": 0.7}, {}))
    (strongest,) = facts["leakage"]
    assert facts["leak_verdict"] is None
    assert (strongest["feature"], strongest["suspect"]) == ("x0", False)
    assert 0 < strongest["share_lost"] < 0.6


def test_extrapolation_finds_the_limit_of_a_known_curve() -> None:
    """0.9 - 200 / rows at 10,000 ends 0.02 higher, half of it at twice the rows; 0.9 - 2 / sqrt(rows) learns slower."""
    sizes = np.array([1250, 2500, 5000, 10000])
    rises, promised, wobble = extrapolate(sizes, 0.9 - 200 / sizes, 10000)
    assert (rises[1.0], promised[2], promised[10]) == pytest.approx((0.02, 0.01, 0.018))
    assert wobble < 1e-9
    rises, promised, _ = extrapolate(sizes, 0.9 - 2 / np.sqrt(sizes), 10000)
    assert rises[0.5] == pytest.approx(0.02)
    assert promised == pytest.approx({2: 0.02 - 2 / np.sqrt(20000), 10: 0.02 - 2 / np.sqrt(100000)})
    assert 0 < rises[1.0] < promised[10]
    _, vague, _ = extrapolate(sizes, 0.9 - 2 / np.sqrt(sizes), 10000, noise=0.01)  # every rate is possible
    assert rises[1.0] < vague[10] < promised[10]
    assert set(extrapolate(sizes, np.array([0.8, 0.79, 0.8, 0.78]), 10000)[0].values()) == {0.0}


def test_models_that_are_there_already_change_nothing() -> None:
    """The last point and the refit with everything are the same, from the ladder's models or fresh ones."""
    table = planted("linear", 1_200, seed=2, columns=7).table
    fits = min(int(((table.fold >= 0) & (table.fold != fold)).sum()) for fold in range(5))
    there = _standing(table).linear
    point, refit = (partial(curve_point, table, Plan(), fits), partial(refit_without, table, ()))
    assert point(there, METRICS["roc_auc"], 1) == point(None, METRICS["roc_auc"], 1)
    for one, other in zip(refit(there, 1), refit(None, 1), strict=True):
        np.testing.assert_array_equal(one, other)


def test_headroom_holds_the_oracle() -> None:
    """The true margin's own score lies in the reachable range, which is narrow enough to be of use."""
    sample = planted("linear", 4_000, seed=3, columns=7)
    predictions = {"ladder": linear_baseline(sample.table), "other": 1 / (1 + np.exp(-sample.oracle))}
    study, random = _study(sample.table), {"signal": True, "alike": True}
    facts = headroom_facts(study, _standing(sample.table), {"ladder": predictions["ladder"]}, leads=False, **random)
    oracle = METRICS["roc_auc"].score(sample.table.y, predictions["other"])
    low, high = facts["reachable"]
    assert low <= oracle <= high
    assert high - low < 0.05
    assert facts["agreement"] is None
    both: Facts = headroom_facts(study, _standing(sample.table), predictions, leads=False, **random)
    assert both["agreement"]["rank_correlation"] > 0.9
    assert (both["best"]["model"], both["reached_by"]) == ("other", "ladder")
    assert both["reachable"][0] == pytest.approx(low)  # a lead that does not matter raises no lower end
    leading = headroom_facts(study, _standing(sample.table), predictions, leads=True, **random)
    assert leading["reached_by"] == "other"
    assert leading["reachable"][0] > low
    fits = min(int(((sample.table.fold >= 0) & (sample.table.fold != fold)).sum()) for fold in range(5))
    assert [point["rows"] for point in both["curve"]] == [fits // 8, fits // 4, fits // 2, fits]


def test_a_constant_correlates_with_nothing() -> None:
    """Where a model predicts the same for every row, models agree to no degree that could be told."""
    sample = planted("linear", 1_200, seed=3, columns=7)
    predictions = {"ladder": linear_baseline(sample.table), "other": np.full(len(sample.table.y), 0.5)}
    how = {"leads": False, "signal": True, "alike": True}
    facts: Facts = headroom_facts(_study(sample.table), _standing(sample.table), predictions, **how)
    assert facts["agreement"]["rank_correlation"] is None


def test_slices_tell_where_it_is_better_and_where_worse() -> None:
    """Ours is right for one kind of row and wrong for another: both are found, and only those of that feature."""
    rng = np.random.default_rng(4)
    sample = planted("noise", 6_000, seed=4, columns=7, base_rate=0.5)
    frame = sample.table.frame.assign(kind=pd.Categorical(rng.choice(["good", "bad", "same"], 6_000)))
    table = Table(frame, Event())
    base, signal = rng.random(6_000), 0.6 * (table.y - 0.5)
    shift = np.select([frame["kind"] == "good", frame["kind"] == "bad"], [signal, -signal], 0.0)
    predictions = {"baseline": base, "strong": base + shift}
    found = slice_facts(_study(table), predictions, _eda(table, {"kind": 0.9}, {}))
    by_place = {item["where"]: item["better"] for item in found}
    assert by_place["kind is good"] == "strong"
    assert by_place["kind is bad"] == "baseline"
    assert found[0]["where"] == "kind is good"
    assert "kind is same" not in by_place


@pytest.mark.parametrize(
    ("name", "kind", "smallest", "where"),
    [
        ("sold (days)", "date", 20_000.75, "sold (days) is 20000.75 (2024-10-04)"),
        ("open (days)", "number", 20_000.75, "open (days) is 20001"),
        ("worth", "number", 12_345.0, "worth is 12345"),
        ("dose", "number", 0.0012345, "dose is 0.001234"),
    ],
)
def test_slices_of_amounts_and_dates_are_readable(name: str, kind: str, smallest: float, where: str) -> None:
    """No powers of ten, one value as itself, the date beside days since 1970; a user's own days are no dates."""
    rng = np.random.default_rng(4)
    sample = planted("noise", 6_000, seed=4, columns=7, base_rate=0.5)
    values = smallest * np.where(rng.random(6_000) < 0.6, 1, 2)
    table = Table(sample.table.frame.assign(**{name: values}), Event())
    base = rng.random(6_000)
    shift = np.where(values == smallest, 0.6, -0.6) * (table.y - 0.5)
    eda = _eda(table, {name: 0.9}, {})
    eda["columns"] = [one | {"type": kind} for one in eda["columns"]]
    found = slice_facts(_study(table), {"baseline": base, "strong": base + shift}, eda)
    assert where in {item["where"] for item in found}


def test_slices_of_many_values_are_quarters() -> None:
    """Ours is right only in the second quarter of 1 to 6,000: that quarter is named by its borders."""
    sample = planted("noise", 6_000, seed=4, columns=7, base_rate=0.5)
    values = np.random.default_rng(4).permutation(6_000) + 1.0
    table = Table(sample.table.frame.assign(worth=values), Event())
    base = np.random.default_rng(5).random(6_000)
    shift = np.where((values > 1_500) & (values <= 3_000), 0.6, -0.6) * (table.y - 0.5)
    found = slice_facts(_study(table), {"baseline": base, "strong": base + shift}, _eda(table, {"worth": 0.9}, {}))
    cuts = [f"{cut:.0f}" for cut in np.quantile(values[table.fold >= 0], [0.25, 0.5])]
    assert found[0]["where"] == f"worth is above {cuts[0]} and at most {cuts[1]}"
    assert found[0]["better"] == "strong"


def test_slices_are_silent_where_the_models_agree() -> None:
    """Two models that differ by noise alone differ nowhere."""
    rng = np.random.default_rng(5)
    table = planted("linear", 4_000, seed=5, columns=7).table
    base = rng.random(4_000)
    predictions = {"baseline": base, "strong": base + 0.01 * rng.normal(size=4_000)}
    assert slice_facts(_study(table), predictions, _eda(table, {}, {})) == []


def test_shap_values_add_up_to_the_margin() -> None:
    """TreeSHAP is exact: with the mean they give LightGBM's own raw prediction of each row."""
    table = planted("u_shape", 600, seed=6, columns=7).table
    schema = tree_schema(table.x)
    matrix = tree_matrix(table.x, schema)
    booster = lightgbm.train(
        {"objective": "binary", "verbosity": -1, "num_threads": 1}, lightgbm.Dataset(matrix, table.y), 20
    )
    values = shap_values(LightGBMModel(schema, booster), table)
    rest = booster.predict(matrix, raw_score=True) - values[:, :, 0].sum(axis=1)
    assert rest == pytest.approx(np.full(600, rest[0]))
    assert np.abs(values).mean(axis=(0, 2)).argmax() == 0


@pytest.mark.parametrize("family", OF_TREES)
def test_shap_values_of_several_classes(family: str) -> None:
    """Of each class they add up to the model's own output, but for a constant of the class."""
    table = planted("u_shape", 400, seed=6, columns=7, task="multiclass").table
    model: Any = first_learner(family, table).fit(fold_data(table, 0, 1))
    values = shap_values(model, table)
    assert values.shape == (400, len(table.features), 3)
    raw = model.predict(table.x)
    matrix = tree_matrix(table.x, model.schema)
    if isinstance(model, LightGBMModel):
        raw = model.booster.predict(matrix, raw_score=True)
    if isinstance(model, XGBoostModel):
        given = xgboost.DMatrix(matrix, feature_types=["q"] * matrix.shape[1])
        raw = model.booster.predict(given, output_margin=True)
    rest = raw - values.sum(axis=1)
    np.testing.assert_allclose(rest, np.tile(rest[0], (400, 1)), atol=1e-4)


@pytest.mark.parametrize(("events", "expected", "added"), [(120, 12, True), (3_000, 300, False)])
def test_shap_rows_hold_rare_events(events: int, expected: int, added: bool) -> None:
    """1,000 of 10,000 rows would hold 12 of 120 events, so 120 are added; of 3,000 they hold 300, which is plenty."""
    y = np.zeros(10_000)
    y[np.arange(events) * (10_000 // events)] = 1
    frame = pd.DataFrame({"row_id": np.arange(10_000), "split": "test", "fold": -1, "y_true": y, "x": y})
    take, rare = shap_sample(Table(frame, Event()), 1_000)
    assert rare is not None
    assert len(np.unique(take)) == len(take)
    assert rare[take].sum() == pytest.approx(events if added else expected, abs=30)
    assert (len(take) > 1_000) == added


def _coded(share: float) -> Table:
    """Return a table whose x0 moves the target along a line, apart from a share of rows where it says 98."""
    sample = planted("linear", 3_000, seed=9, columns=7)
    coded = np.random.default_rng(9).random(3_000) < share
    return Table(sample.table.frame.assign(x0=sample.table.frame["x0"].mask(coded, 98.0)), Event())


def test_codes_cost_what_taking_them_as_missing_gains() -> None:
    """One row in 50 says 98 where numbers are normal: that drags the line, and taking it as missing repairs it."""
    table = _coded(0.02)
    eda = _eda(table, {}, {})
    study = _study(table)
    climbed = ladder(study, linear_baseline(table))
    assert suspected(table, eda) == {}
    eda["columns"][table.features.index("x0")]["codes"] = [{"value": 98.0, "rows": 48}]
    facts = code_facts(study, climbed, suspected(table, eda))
    assert facts["matters"]
    assert facts["gain"] > 0.02
    assert facts["features"] == ["x0"]
    assert facts["rows"] == int((table.frame["x0"].eq(98.0) & (table.fold >= 0)).sum())


def test_codes_may_turn_the_sign_of_a_coefficient() -> None:
    """Negatives hold the code: the line falls with it and rises without, as fits by hand of each fold say."""
    table = _coded(0.02)
    frame = table.frame.assign(x0=table.frame["x0"].mask(table.frame["x0"].eq(98.0) & (table.y == 1), 0.0))
    table = Table(frame, Event())
    study = _study(table)
    (found,) = code_facts(study, ladder(study, linear_baseline(table)), {"x0": [98.0]})["coefficients"]

    assert (found["feature"], found["class"]) == ("x0", None)
    assert found["as_read"] < 0 < found["as_missing"]
    reads = {"as_read": frame, "as_missing": frame.assign(x0=frame["x0"].replace(98.0, np.nan))}
    for key, read in reads.items():
        assert dict(found)[key] == pytest.approx(
            np.mean([_fitted_by_hand(read, table, fold) for fold in range(5)]), rel=1e-3
        )


def _fitted_by_hand(frame: pd.DataFrame, table: Table, fold: int) -> float:
    """Return the coefficient of x0 without a fold: medians, scaling and the penalised likelihood, each written out."""
    rows = (table.fold >= 0) & (table.fold != fold)
    x = frame.loc[rows, table.features].to_numpy(float)
    x = np.where(np.isnan(x), np.nanmedian(x, axis=0), x)
    x = np.column_stack([(x - x.mean(axis=0)) / x.std(axis=0), np.ones(len(x))])
    penalty, found = np.append(np.ones(len(table.features)), 0.0), np.zeros(len(table.features) + 1)
    for _ in range(30):
        p = 1 / (1 + np.exp(-x @ found))
        hessian = x.T @ (x * (p * (1 - p))[:, None]) + np.diag(penalty)
        found -= np.linalg.solve(hessian, x.T @ (p - table.y[rows]) + penalty * found)
    return float(found[table.features.index("x0")])


def test_scale_of_single_features() -> None:
    """Of two heavy-tailed features the stronger gains more, and a normal one nothing that matters."""
    sample = planted("heavy", 2_000, seed=8, columns=7)
    study = _study(sample.table)
    facts = part_facts(study, ladder(study, linear_baseline(sample.table)))["scales"]
    assert {item["feature"] for item in facts if item["matters"]} == {"x0", "x1"}
    assert [item["feature"] for item in facts[:2]] == ["x0", "x1"]
