"""Learning curves: what is drawn, what is scored, and what is read off planted cases."""

from typing import Any, cast

import numpy as np
import pandas as pd
import pytest
from conftest import Facts

from pipelines.comparison.curve_reading import limit_of, read_curve
from pipelines.comparison.learning_curve import (
    MIN_ROWS,
    SHARES,
    Whole,
    Yardstick,
    _refused,
    learning_curves,
    nested_order,
    score_parts,
)
from pipelines.core.submit import run_now
from pipelines.core.table import FOLDS, Table
from pipelines.metrics import METRICS
from pipelines.models.classic import ClassicLearner
from pipelines.models.classic_kinds import KINDS
from pipelines.models.folds import cross_fit, fold_data
from pipelines.models.lightgbm import LightGBMLearner, lightgbm_settings
from pipelines.models.linear import LinearLearner
from pipelines.models.model import FoldData, Learner
from pipelines.models.refittable import Refittable, chosen_in
from pipelines.models.size import measure_size
from pipelines.targets import Classes, Number

RMSE, AUC = METRICS["rmse"], METRICS["roc_auc"]


def _table(signal: str, rows: int = 2_000, seed: int = 1, groups: int = 0) -> Table:
    """Return a regression whose target is linear in eight features, wavy in them, or noise; five are test rows."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(rows, 8))
    weights = np.linspace(1, 0.3, 8)
    shapes = {"linear": x @ weights, "wavy": np.sin(2 * x) @ weights + x[:, 0] * x[:, 1], "noise": np.zeros(rows)}
    frame = pd.DataFrame({
        "row_id": np.arange(rows), "split": "train", "fold": np.where(np.arange(rows) < 5, -1, np.arange(rows) % FOLDS),
        "y_true": shapes[signal] + rng.normal(0, 0.5, rows),
    })  # fmt: skip
    if groups:
        frame["group"] = rng.integers(0, groups, rows)
        frame["fold"] = frame["group"] % FOLDS
        frame.loc[:4, "fold"] = -1
    return Table(pd.concat([frame, pd.DataFrame(x, columns=[f"x{i}" for i in range(8)])], axis=1), Number())


def _booster(table: Table) -> Learner:
    return LightGBMLearner(lightgbm_settings(measure_size(table.y, 8, table.target, "quick")))


def _refittable(learner: Learner, table: Table) -> Refittable:
    """Return what steps 4 and 5 leave of a model."""
    (fitted,), _ = cross_fit([learner], table, 7, run_now)
    return Refittable("strong", learner, 1.0, {part.fold: part.model for part in fitted.folds}, fitted.prediction)


def _curve(learner: Learner, table: Table, margin: float = 0.02) -> Facts:
    dummy = [float(np.std(table.y[table.fold == fold])) for fold in range(FOLDS)]
    (found,) = learning_curves([_refittable(learner, table)], table, Yardstick(RMSE, margin, dummy), 7, run_now)
    return found


def test_a_linear_model_on_linear_data_is_soon_done() -> None:
    """Its curves meet, more rows do not help: bias, here the noise that no model foresees."""
    found = _curve(LinearLearner(Number()), _table("linear"), margin=0.03)
    assert (found["reading"]["limit"], found["reading"]["more_rows"]) == ("bias", "do not help")
    assert found["points"][-1]["validation"] == pytest.approx(0.5, abs=0.02)


def test_a_boosted_model_on_few_rows_varies() -> None:
    """On 800 wavy rows it knows its own far better than others, and every doubling helps."""
    table = _table("wavy", 800)
    found = _curve(_booster(table), table)
    assert (found["reading"]["limit"], found["reading"]["more_rows"]) == ("variance", "help")


@pytest.mark.parametrize("kind", ["linear", "boosted"])
def test_noise_is_nothing(kind: str) -> None:
    """Whatever it remembers of its own rows, no model learns from noise, and more rows are not said to help."""
    table = _table("noise", 800)
    found = _curve(LinearLearner(Number()) if kind == "linear" else _booster(table), table)
    assert found["reading"]["limit"] == "nothing"
    assert found["reading"]["more_rows"] != "help"


def test_points_are_those_of_the_folds() -> None:
    """The last one scores the models that are there already; parts too small are left out and told."""
    table = _table("linear", 405)
    learner = LinearLearner(Number())
    refittable = _refittable(learner, table)
    found = _curve(learner, table)
    assert [point["share"] for point in found["points"]] == [1 / 2, 1.0]
    assert [(part["share"], part["why"]) for part in found["left_out"]] == [(s, "too few rows") for s in SHARES[:2]]
    scores = [RMSE.score(table.y[table.fold == f], refittable.prediction[table.fold == f]) for f in range(FOLDS)]
    assert found["points"][-1]["validation"] == pytest.approx(np.mean(scores))
    assert found["points"][-1]["validation_sd"] == pytest.approx(np.std(scores, ddof=1))
    own = [(table.fold >= 0) & (table.fold != fold) for fold in range(FOLDS)]
    known = [RMSE.score(table.y[rows], refittable.models[f].predict(table.x[rows])) for f, rows in enumerate(own)]
    assert found["points"][-1]["train"] == pytest.approx(np.mean(known))


def test_large_parts_are_left_out_at_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of a fold's 640 rows of eight features are 2,560 cells: too many where 2,000 are allowed, not 3,000."""
    table = _table("linear", 800)
    refittable = _refittable(LinearLearner(Number()), table)
    monkeypatch.setattr("pipelines.comparison.learning_curve.MOST_CELLS", {"quick": 2_000, "standard": 3_000})
    quick, standard = (
        learning_curves([refittable], table, Yardstick(RMSE, 0.02, None), 7, run_now, level)[0]
        for level in ("quick", "standard")
    )
    assert [point["share"] for point in quick["points"]] == [1 / 4, 1.0]
    assert quick["left_out"][-1] == {"share": 1 / 2, "rows": 318, "why": "too many rows to fit them again"}
    assert [point["share"] for point in standard["points"]] == [1 / 4, 1 / 2, 1.0]


def test_a_part_that_fails_is_left_out() -> None:
    """A learner that cannot be fitted again leaves its last point, and its reason."""

    class Failing(LinearLearner):
        def fit(self, data: object) -> Any:  # noqa: ANN401, ARG002 - it never returns
            message = "no memory"
            raise RuntimeError(message)

    table = _table("linear", 800)
    refittable = _refittable(LinearLearner(Number()), table)
    failing = Refittable("strong", Failing(Number()), 1.0, refittable.models, refittable.prediction)
    found: Facts
    (found,) = learning_curves([failing], table, Yardstick(RMSE, 0.02, None), 7, run_now)
    assert len(found["points"]) == 1
    assert {part["why"] for part in found["left_out"]} == {"too few rows", "RuntimeError: no memory"}
    assert found["reading"]["more_rows"] == "unclear"


def test_parts_are_fitted_with_the_settings_that_each_fold_chose() -> None:
    """A model that chooses a setting does not choose again of fewer rows; what folds chose stands in the facts."""
    table = _table("linear", 800)
    learner = ClassicLearner("lasso", Number())
    (fitted,), _ = cross_fit([learner], table, 7, run_now)
    own = list(KINDS["lasso"].choices[:FOLDS])
    folds = {part.fold: part.model for part in fitted.folds}
    facts: Any = {"chosen": {KINDS["lasso"].setting: [own[fold % len(own)] for fold in folds]}}
    refittable = Refittable("strong", learner, 1.0, folds, fitted.prediction, chosen=chosen_in(facts, list(folds)))

    settled = [refittable.settled(fold) for fold in folds]

    assert len(own) > 1
    assert [cast("ClassicLearner", one).chosen for one in settled] == [own[fold % len(own)] for fold in folds]
    assert refittable.settled(FOLDS) is learner  # of which the facts say nothing
    found: Facts
    (found,) = learning_curves([refittable], table, Yardstick(RMSE, 0.02, None), 7, run_now)
    data = [fold_data(table, fold, 7) for fold in folds]
    rows = [nested_order(len(one.y), None, one.seed) for one in data]
    scores = [
        RMSE.score(one.held_y, learner_of.fit(one.some(order[: round(len(order) / 2)])).predict(one.held))
        for one, order, learner_of in zip(data, rows, settled, strict=True)
    ]
    assert found["points"][-2]["validation"] == pytest.approx(np.mean(scores))


def test_parts_are_nested_and_repeatable() -> None:
    """The same seed draws the same order, another one another; every row comes once."""
    order = nested_order(500, None, 3)
    assert sorted(order) == list(range(500))
    assert (order == nested_order(500, None, 3)).all()
    assert (order != nested_order(500, None, 4)).any()


def test_groups_are_drawn_whole() -> None:
    """Any beginning of the order cuts at most one group."""
    group = np.random.default_rng(1).integers(0, 40, 500)
    drawn = group[nested_order(500, group, 3)]
    assert (np.diff(drawn) != 0).sum() == len(np.unique(group)) - 1


def test_a_fold_is_scored_the_same_twice() -> None:
    """Nothing but seed and rows decides."""
    table = _table("wavy", 800, groups=80)
    refittable = _refittable(_booster(table), table)
    held = refittable.prediction[table.fold == 0]
    whole = Whole(refittable.learner, refittable.models[0], held)
    once, again = (score_parts(whole, table, 0, METRICS["rmse"], 7, 10_000) for _ in range(2))
    assert once == again
    assert once[1].rows >= MIN_ROWS


def _read(train: float, validation: list[float], **more: Any) -> Facts:  # noqa: ANN401 - what read_curve takes
    """Read a curve of two sizes and five folds whose AUC differs by a thousandth from fold to fold."""
    jitter = np.array([-2, -1, 0, 1, 2]) / 1_000
    sides = np.array([[train] * 5] * 2) + jitter, np.array(validation)[:, None] + jitter * np.array([[1], [1.2]])
    return read_curve(*sides, [100, 200], AUC, 0.005, more.get("dummy", [0.5] * 5))


@pytest.mark.parametrize(
    ("train", "validation", "limit", "more_rows"),
    [
        (0.90, [0.80, 0.85], "variance", "help"), (0.90, [0.85, 0.851], "variance", "do not help"),
        (0.853, [0.85, 0.851], "bias", "do not help"), (0.9, [0.85, 0.80], "variance", "hurt"),
        (0.9, [0.501, 0.502], "nothing", "do not help"), (0.851, [0.83, 0.85], "bias", "help"),
    ],
)  # fmt: skip
def test_readings_by_hand(train: float, validation: list[float], limit: str, more_rows: str) -> None:
    """The gap decides what limits, the last doubling whether rows help; both against a margin of 0.005."""
    found = _read(train, validation)
    assert (found["limit"], found["more_rows"]) == (limit, more_rows)
    assert found["last_step"]["value"] == pytest.approx(validation[1] - validation[0])
    assert found["gap"]["value"] == pytest.approx(train - validation[1])


@pytest.mark.parametrize(
    ("gap", "ci", "limit"),
    [
        (0.003, [0.001, 0.005], "bias"), (0.003, [-0.003, 0.009], "bias"), (-0.004, [-0.009, 0.001], "bias"),
        (0.003, [-0.004, 0.010], "unclear"),  # the folds allow a gap of two margins: twice the rows may pay
        (0.003, [-0.044, 0.050], "unclear"),  # nine margins wide on either side
        (0.005, [0.004, 0.006], "bias"), (0.006, [0.004, 0.008], "variance"), (0.006, [-0.001, 0.013], "unclear"),
        (0.050, [0.020, 0.080], "variance"), (0.050, [-0.010, 0.110], "unclear"),
        (0.003, None, "bias"), (0.050, None, "variance"),  # a single fold has no interval
    ],
)  # fmt: skip
def test_bias_and_variance_look_at_the_interval(gap: float, ci: list[float] | None, limit: str) -> None:
    """At a margin of 0.005 the whole interval of a gap has to be below 0.010 to be called bias."""
    assert limit_of({"value": gap, "ci": ci}, None, 0.005) == limit


def test_what_differs_between_folds_is_unclear() -> None:
    """A last step of +0.02 with folds from -0.06 to +0.10 decides nothing, nor does such a gap."""
    spread = np.array([-0.08, -0.04, 0.0, 0.04, 0.08])
    validation = np.array([np.full(5, 0.80), 0.82 + spread])
    found = read_curve(np.full((2, 5), 0.84), validation, [100, 200], AUC, 0.005, None)
    assert found["limit"] == "unclear"
    assert found["more_rows"] == "unclear"
    assert found["over_dummy"] is None


def test_a_lead_over_the_dummy_that_may_be_luck_is_unclear() -> None:
    """+0.32 with folds from -0.68 to +1.32 does not say that the model understands nothing."""
    spread = np.array([-1.0, -0.5, 0.0, 0.5, 1.0])
    validation = np.full((2, 5), 0.82) + spread
    found = read_curve(np.full((2, 5), 0.84), validation, [100, 200], AUC, 0.005, [0.5] * 5)
    assert found["limit"] == "unclear"


def test_a_part_without_one_of_three_classes_is_left_out() -> None:
    """Its model would know two classes only, and their columns would be taken for the first two of three."""
    rng = np.random.default_rng(0)
    x = pd.DataFrame({"x": rng.normal(size=300)})
    y = np.where(np.arange(300) < 200, np.arange(300) % 2 * 2.0, 1.0)
    data, target = FoldData(x, y, x, y, 1), Classes(3)
    assert _refused(data, np.arange(200), target, 10_000) == "a class is missing from the rows drawn"
    assert _refused(data, np.arange(300), target, 10_000) is None
