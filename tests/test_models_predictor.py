"""Tests of the predictor: to the bit what the saved model predicts, row by row or together, with less imported."""

import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np
import pandas as pd
import psutil
import pytest
from conftest import ROOT
from test_models_archive import archived
from toy_forecast import TEXT as FORECAST
from toy_forecast import forward_table
from toy_project import toy_project
from toy_table import APART, OF_ROWS, run_now, small_project, small_table

from pipelines.causes.encoding import Pooled
from pipelines.causes.missingness import Marked
from pipelines.causes.plan import Plan
from pipelines.causes.scale import Ranked
from pipelines.core.errors import InputError
from pipelines.core.project import Task, parse_project
from pipelines.core.table import Table
from pipelines.ladder.repair import RepairedLearner
from pipelines.models.families import FAMILIES, variants
from pipelines.models.family import TRIED
from pipelines.models.folds import cross_fit
from pipelines.models.linear import LinearLearner
from pipelines.models.model import Grower, Learner
from pipelines.models.predicting.groups import Coefficients, in_groups
from pipelines.models.predicting.predictor import Predictor
from pipelines.models.saving import archive
from pipelines.models.size import measure_size

MANY = 2_003  # rows: several pieces, and no whole number of groups
ALONE = 20  # rows predicted one by one
BATCHES = ((0, 3), (3, 5), (8, 17), (25, 31), (56, 33), (89, 111), (200, 601))  # first row, and rows
CANDIDATES = [
    one.name
    for one in variants()
    if one.role == "candidate" and one.rows == "apart" and one.learner is not None and not one.searched
]
OF_SERIES = [one.name for one in variants() if one.role in TRIED and one.rows == "series"]


def many(rows: int = MANY) -> pd.DataFrame:
    """Return rows for models of `small_table`: also values and levels that no training row has, and gaps anywhere."""
    rng = np.random.default_rng(3)
    steady, empty = rng.normal(size=rows), np.ones(rows)
    town = pd.Series(rng.choice(["Bern", "Oslo", "Rome", "rare", "new"], rows), dtype="str")
    return pd.DataFrame(
        {
            "curved": 3 * rng.normal(size=rows),
            "steady": np.where(rng.random(rows) < 0.3, np.nan, steady),
            "town": town.mask(rng.random(rows) < 0.1),
            "empty": np.where(rng.random(rows) < 0.5, np.nan, empty),
            "constant": np.where(rng.random(rows) < 0.1, np.nan, rng.normal(size=rows)),
        }
    )


def plain_columns(frame: pd.DataFrame) -> dict[str, object]:
    """Return the columns of a frame as a reader of JSON has them: lists of numbers, texts and None."""
    return {
        str(name): [None if pd.isna(value) else value for value in column.astype(object)]
        for name, column in frame.items()
    }


def check_equal(content: bytes, frame: pd.DataFrame) -> None:
    """Hold the predictor of an archive against the saved model, to the bit, in many ways of asking."""
    expected = archive.load(content).predict(frame)
    for threads in (1, 3):
        np.testing.assert_array_equal(Predictor.load(content, threads).predict(frame), expected)
    model = Predictor.load(content)
    for row in range(ALONE):
        np.testing.assert_array_equal(model.predict(frame.iloc[[row]])[0], expected[row])
    for first, rows in BATCHES:
        found = model.predict(frame.iloc[first : first + rows])
        np.testing.assert_array_equal(found, expected[first : first + rows])
    backwards = frame.iloc[::-1]
    np.testing.assert_array_equal(model.predict(backwards)[::-1], expected)
    columns = plain_columns(frame[[*model.features, *model.schema.get("beside", [])]])
    np.testing.assert_array_equal(model.predict(columns), expected)  # type: ignore[arg-type]


def saved(learner: Learner | Grower, table: Table, task: Task) -> bytes:
    """Return the archive of one model on the folds of a table."""
    (done,), failures = cross_fit([learner], table, 7, run_now)
    assert not failures
    project = parse_project(FORECAST, "shop", "projects/shop.toml") if task == "forecast" else small_project(task)
    return archive.save(done, table, project)


@cache
def table_of(task: Task) -> Table:
    """Return the small table of this file."""
    return small_table(task, rows=400)


@pytest.mark.parametrize("task", APART)
@pytest.mark.parametrize("family", OF_ROWS)
def test_every_family_predicts_the_same_bits(family: str, task: Task) -> None:
    """Alone, in batches of any size and order, by any number of threads, from frames and from plain columns."""
    check_equal(archived(family, task), many())


@pytest.mark.parametrize("task", APART)
@pytest.mark.parametrize("name", CANDIDATES)
def test_every_candidate_predicts_the_same_bits_quickly(name: str, task: Task) -> None:
    """So whatever the strong model is a mean of, none of it falls back to the way that takes long."""
    table = table_of(task)
    size = measure_size(table.y[table.fold >= 0], len(table.features), table.target, "quick")
    (variant,) = [one for one in variants() if one.name == name]
    assert variant.learner is not None
    learner = variant.learner(size, None)
    if learner is None or name in table.target.engines["classic"]["without"]:
        return
    content = saved(learner, table, task)

    check_equal(content, many())
    assert not falls_back(content)


def falls_back(content: bytes) -> bool:
    """Return whether a fold model is predicted by the loaded model."""
    return any("ready" in fold.__qualname__ for fold in Predictor.load(content)._folds)


@pytest.mark.parametrize("task", APART)
@pytest.mark.parametrize(
    ("plan", "codes"),
    [
        (Plan((Ranked(("curved",)), Marked())), {}),
        (Plan((Pooled(5.0),)), {}),
        (Plan((Pooled(0.2), Marked(), Ranked(("curved", "steady")))), {"steady": [1.0], "constant": [1.0]}),
        (Plan(), {"curved": [0.0], "constant": [1.0]}),
    ],
)
def test_repaired_models_predict_the_same_bits(plan: Plan, codes: Mapping[str, list[float]], task: Task) -> None:
    """Ranks, marks, levels held closer to the mean on sparse columns, and codes read as missing."""
    content = saved(RepairedLearner(many_levels(task).target, plan, codes), many_levels(task), task)
    rows = many().assign(constant=np.where(np.arange(MANY) % 3, 1.0, 2.0), town=levels(MANY))

    check_equal(content, rows)
    assert not falls_back(content)


def many_levels(task: Task) -> Table:
    """Return the small table with more levels of its category than are encoded as they are."""
    table = table_of(task)
    return Table(table.frame.assign(town=levels(len(table.frame)).astype("category")), table.target)


def levels(rows: int, most: int = 30) -> pd.Series:
    """Return a column of so many levels, a tenth of it missing."""
    rng = np.random.default_rng(5)
    return pd.Series(rng.integers(0, most, rows).astype(str), dtype="str").mask(rng.random(rows) < 0.1)


@pytest.mark.parametrize("task", ["binary", "regression"])
def test_more_levels_than_a_dense_matrix_holds(task: Task) -> None:
    """Then the linear model's columns are sparse."""
    table = small_table(task, rows=2_000)
    wide = Table(table.frame.assign(town=levels(2_000, 900).astype("category")), table.target)

    content = saved(LinearLearner(wide.target), wide, task)

    check_equal(content, many().assign(town=levels(MANY, 1_200)))
    assert not falls_back(content)


@pytest.mark.parametrize("name", OF_SERIES)
def test_forecasts_are_the_same_bits(name: str) -> None:
    """From features, the series and the forecasts by rules, of the one model that all training rows were given to."""
    table = forward_table()
    size = measure_size(table.y[table.fold >= 0], len(table.features), table.target, "quick")
    (variant,) = [one for one in variants() if one.name == name]
    assert variant.learner is not None
    learner = variant.learner(size, None)
    if learner is None:
        return
    content = saved(learner, table, "forecast")

    check_equal(content, table.rows("test").seen)


def test_the_baseline_of_forecasts_is_quick_too() -> None:
    """It adds to the level what a line on the calendar says."""
    table = forward_table()
    content = saved(LinearLearner(table.target), table, "forecast")

    check_equal(content, table.rows("test").seen)
    assert not falls_back(content)


@pytest.mark.parametrize("columns", [1, 3, 7, 10, 31, 200])
@pytest.mark.parametrize("outputs", [0, 1, 3])
@pytest.mark.parametrize("order", ["C", "F"])
def test_a_row_of_a_product_has_the_same_bits_in_any_company(columns: int, outputs: int, order: str) -> None:
    """Unrounded, alone and at any place, as the rows of a large matrix that stand in whole groups have."""
    rng = np.random.default_rng(columns)
    matrix = np.asarray(rng.normal(size=(4_096, columns)), order=order)  # type: ignore[call-overload]
    coefficients = rng.normal(size=(outputs, columns) if outputs else columns)
    whole = matrix @ coefficients.T

    for first, rows in ((0, 1), (1, 1), (5, 2), (9, 3), (100, 50), (1_000, 1_999)):
        part = in_groups(np.asarray(matrix[first : first + rows], order=order))  # type: ignore[call-overload]
        found = Coefficients(coefficients).times(np.asarray(part, order=order))  # type: ignore[call-overload]
        np.testing.assert_array_equal(found[:rows], whole[first : first + rows])


def test_numbers_levels_and_ranks_may_come_in_any_type() -> None:
    """Whole numbers, truth values, float32, numbers as text, categories of other order, ordered levels."""
    project = toy_project("binary", columns='x = { type = "number" }\ny = { type = "integer" }')
    table = small_table("binary", rows=300)
    sizes = pd.Categorical(
        np.resize(["small", "large", "medium", None], 300), ["small", "medium", "large"], ordered=True
    )
    mixed = Table(table.frame.assign(size=sizes, constant=np.resize([0.0, 1.0, 2.0], 300)), table.target)
    size = measure_size(table.y[table.fold >= 0], 6, table.target, "quick")
    variant = FAMILIES["lightgbm"].variants[0]
    assert variant.learner is not None
    learner = variant.learner(size, None)
    assert learner is not None
    (done,), _ = cross_fit([learner], mixed, 7, run_now)
    content = archive.save(done, mixed, project)
    rows = many().assign(size=np.resize(["large", "small", "huge", None], MANY), constant=np.arange(MANY) % 3)

    expected = archive.load(content).predict(rows)
    model = Predictor.load(content)

    for other in (
        rows,
        rows.assign(constant=rows["constant"].astype(np.int8)),
        rows.assign(constant=rows["constant"].astype(str), town=rows["town"].astype(object)),
        rows.assign(
            town=rows["town"].astype("category").cat.reorder_categories(["new", "rare", "Rome", "Oslo", "Bern"])
        ),
        rows.assign(size=rows["size"].astype("category")),
        rows[rows.columns[::-1]].assign(more=1),
    ):
        np.testing.assert_array_equal(model.predict(other), expected)
    whole = rows.assign(constant=1, curved=rows["curved"].astype(np.float32))
    np.testing.assert_array_equal(model.predict(whole), archive.load(content).predict(whole))
    flags = rows.assign(constant=rows["constant"] > 0)
    np.testing.assert_array_equal(model.predict(flags), archive.load(content).predict(flags))


def test_no_rows_and_missing_columns_are_refused() -> None:
    """A missing column is named as the saved model names it."""
    content = archived("linear")
    model = Predictor.load(content)

    with pytest.raises(InputError, match="no rows"):
        model.predict(many().iloc[:0])
    assert model.features == ["curved", "steady", "town", "empty", "constant"]
    messages = []
    for one in (model, archive.load(content)):
        with pytest.raises(InputError) as raised:
            one.predict(many().drop(columns="steady"))
        messages.append(str(raised.value))
    assert messages[0] == messages[1]


def test_many_may_ask_at_a_time() -> None:
    """Eight threads, each with other rows, of a weighted mean and of xgboost, which keeps results by thread."""
    frame = many()
    for family in ("ensemble", "xgboost", "random_forest"):
        model = Predictor.load(archived(family), threads=2)
        expected = model.predict(frame)

        def ask(start: int, model: Predictor = model) -> np.ndarray:
            return np.concatenate([model.predict(frame.iloc[row : row + 1]) for row in range(start, start + 60)])

        with ThreadPoolExecutor(8) as threads:
            found = list(threads.map(ask, range(0, 480, 60)))
        np.testing.assert_array_equal(np.concatenate(found), expected[:480])


def test_memory_stays_flat() -> None:
    """After 400 single rows and batches, 4,000 more take no memory: a leak of 1 kB a row would be 4 MB."""
    frame = many(64)
    models = [Predictor.load(archived(family)) for family in ("linear", "random_forest", "lightgbm", "xgboost")]
    columns = [plain_columns(frame.iloc[[row]]) for row in range(len(frame))]

    def ask(times: int) -> int:
        for turn in range(times):
            for model in models:
                model.predict(columns[turn % len(columns)])  # type: ignore[arg-type]
        return int(psutil.Process().memory_info().rss)

    before = ask(400)
    after = ask(4_000)

    assert after - before < 2_000_000


IMPORTED = """
import sys
sys.path.insert(0, "tests")
from pipelines.models.predicting.predictor import Predictor
content = open(sys.argv[1], "rb").read()
model = Predictor.load(content)
model.predict({"curved": [1.0], "steady": [None], "town": ["Oslo"], "empty": [1.0], "constant": [1.0]})
print(*sys.modules)
"""


@pytest.mark.parametrize("family", ["linear", "ensemble", "xgboost", "random_forest"])
def test_what_predicts_quickly_imports_little(family: str, tmp_path: object) -> None:
    """Neither scikit-learn nor skops nor the Python packages of the boosters, which import scikit-learn."""
    path = f"{tmp_path}/model.zip"
    with open(path, "wb") as file:  # noqa: PTH123 - a path as text, for another process
        file.write(archived(family))

    done = subprocess.run([sys.executable, "-c", IMPORTED, path], cwd=ROOT, capture_output=True, text=True, check=True)

    assert not {"sklearn", "skops", "lightgbm", "xgboost", "scipy.stats"} & set(done.stdout.split())


def test_a_part_that_is_not_known_is_predicted_by_the_loaded_model() -> None:
    """Nearest neighbours are no part of a strong model, and are predicted as they always were."""
    table = table_of("binary")
    size = measure_size(table.y[table.fold >= 0], len(table.features), table.target, "quick")
    (variant,) = [one for one in variants() if one.name == "k_nearest"]
    assert variant.learner is not None
    learner = variant.learner(size, None)
    assert learner is not None
    content = saved(learner, table, "binary")

    assert falls_back(content)
    np.testing.assert_array_equal(Predictor.load(content, 2).predict(many()), archive.load(content).predict(many()))
