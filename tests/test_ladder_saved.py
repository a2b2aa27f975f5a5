"""The saved ladder: what it predicts of new rows, that nothing else is in it, and that damaged bytes are refused."""

import io
import json
import pickletools
import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
from planted import planted
from sklearn.preprocessing import FunctionTransformer
from toy_project import usual_metric
from toy_table import APART, run_now, small_project, small_table

from pipelines.causes.cause import Columns
from pipelines.causes.joint import beyond_curves, learn_beyond
from pipelines.causes.pair import Pair
from pipelines.causes.ratio import plain_ratio, products, ratios
from pipelines.core.errors import InputError
from pipelines.core.project import Task
from pipelines.core.rowwise import row_products
from pipelines.core.table import FOLDS, Table
from pipelines.experiments.controls import linear_baseline
from pipelines.ladder.ladder import Ladder, fold_raw, ladder
from pipelines.ladder.saved import WHY_NOT, SavedRungs, load, save
from pipelines.ladder.study import Study
from pipelines.metrics import METRICS
from pipelines.models.saving.skops_file import write_estimator
from pipelines.models.saving.zip import pack, unpack
from pipelines.targets import Forecast

NEAR = 1e-12  # of the raw predictions, which are about 1 here: what other orders of adding up can move
PLANTED: list[tuple[str, Task, str]] = [  # mechanism, task, and the rung that must be kept
    ("levels", "regression", "encoding"),
    ("missing", "binary", "missingness"),
    ("heavy", "count", "scale"),
    ("scale_and_product", "binary", "interaction"),
    ("ratio", "regression", "ratio"),
    ("exceeds", "multiclass", "ratio"),
    ("exceeds", "count", "ratio"),
]


class Climbed(NamedTuple):
    """A ladder with its table and its file."""

    table: Table
    ladder: Ladder
    content: bytes

    @property
    def tested(self) -> pd.DataFrame:
        """The test rows."""
        return self.table.rows("test").frame

    def at_test(self) -> dict[str, np.ndarray]:
        """Return what the rungs predict of the test rows."""
        return {rung: one[self.table.tested] for rung, one in self.ladder.predictions.items()}

    @property
    def rungs(self) -> SavedRungs:
        """The ladder out of its file."""
        return load(self.content)


def climb(table: Table, task: Task, of: int | None = None) -> Climbed:
    """Return the ladder over a table; `of`: it stands for one of so many training rows."""
    study = Study(table, METRICS[usual_metric(task)], 0.01, 3, run_now, of)
    climbed = ladder(study, linear_baseline(table))
    return Climbed(table, climbed, save(climbed, table, small_project(task), of=of))


@cache
def small(task: Task, of: int | None = None) -> Climbed:
    """Return the ladder over the small table."""
    return climb(small_table(task, rows=900), task, of)


@cache
def of_planted(case: str, task: Task) -> Climbed:
    """Return the ladder over a table with a planted cause."""
    return climb(planted(case, 2_000, seed=1, columns=7, task=task).table, task)


def assert_same(found: dict[str, np.ndarray], expected: dict[str, np.ndarray]) -> None:
    """Hold two ladders' predictions against each other."""
    assert list(found) == list(expected)
    for rung, values in expected.items():
        assert found[rung].shape == values.shape
        np.testing.assert_allclose(found[rung], values, rtol=NEAR, atol=NEAR)


@pytest.mark.parametrize(("task", "of"), [*((task, None) for task in APART), ("binary", 6_000), ("count", 6_000)])
def test_test_rows_get_the_ladders_predictions(task: Task, of: int | None) -> None:
    """From the bytes and raw features, with missing values, unseen levels, and text in place of categories."""
    climbed = small(task, of)
    text = climbed.tested.assign(town=climbed.tested["town"].astype("str").mask(climbed.tested["town"].isna()))

    assert_same(climbed.rungs.predict(climbed.tested), climbed.at_test())
    assert_same(climbed.rungs.predict(text), climbed.at_test())
    assert "shape" in climbed.rungs.gained
    assert climbed.rungs.of == of


@pytest.mark.parametrize(("case", "task", "rung"), PLANTED)
def test_every_sort_of_rung_is_read_back(case: str, task: Task, rung: str) -> None:
    """Levels, marks, ranks, boosters and a pair's columns, each where it was planted and kept."""
    climbed = of_planted(case, task)
    found = climbed.rungs

    assert rung in found.gained
    assert_same(found.predict(climbed.tested), climbed.at_test())
    for below, above in pairwise(found.rungs):
        kept = climbed.ladder.standings[above] is not climbed.ladder.standings[below]
        assert (above in found.gained) == kept


def test_a_thinned_ladders_baseline_is_its_own() -> None:
    """It is fitted to the rows that were looked at: the first rung is the mean of the folds' own raw predictions."""
    climbed = small("binary", 6_000)
    by_fold = fold_raw(climbed.ladder.standings["baseline"])
    expected = np.mean([1 / (1 + np.exp(-raw)) for raw in by_fold.values()], axis=0)[climbed.table.tested]

    assert climbed.rungs.predict(climbed.tested)["baseline"] == pytest.approx(expected, abs=NEAR)
    assert json.loads(unpack(climbed.content)["schema.json"])["training_rows"] == 720


@pytest.mark.parametrize("task", APART)
def test_a_row_is_predicted_alone_as_among_others(task: Task) -> None:
    """To the bit: alone, in reverse order, and among other rows."""
    climbed = small(task)
    found, rows = climbed.rungs, climbed.tested.head(40)
    together = found.predict(rows)

    for place in range(0, 40, 7):
        alone = found.predict(rows.iloc[[place]])
        assert all(np.array_equal(alone[rung][0], together[rung][place]) for rung in found.rungs)
    backwards = found.predict(rows[::-1])
    assert all(np.array_equal(backwards[rung][::-1], together[rung]) for rung in found.rungs)


def test_a_pairs_row_is_predicted_alone_as_among_others() -> None:
    """Also where one of the pair is missing, so that its columns say nothing."""
    climbed = of_planted("ratio", "regression")
    rows = climbed.tested.head(20).copy()
    rows.loc[3, "x1"] = np.nan
    found = climbed.rungs
    together = found.predict(rows)

    for place in range(20):
        alone = found.predict(rows.iloc[[place]])
        assert all(alone[rung][0] == together[rung][place] for rung in found.rungs)
    assert together["ratio"][3] == together["shape"][3]
    assert (np.delete(together["ratio"], 3) != np.delete(together["shape"], 3)).all()


@pytest.mark.parametrize("make", [plain_ratio, ratios, products])
def test_a_pairs_columns_of_other_rows(make: Callable[[Pair], list[np.ndarray]]) -> None:
    """What was learned makes of rows left out the columns that they have among all; of new rows finite ones."""
    rng = np.random.default_rng(4)
    first, second = np.exp(rng.normal(size=(2, 900))).round(1)
    columns, fit = Columns("any", make), np.arange(900) % 3 > 0
    expected, beyond = learn_beyond(Pair(first, second, fit), columns)

    assert np.array_equal(expected, beyond_curves(Pair(first, second, fit), columns))
    assert beyond.of(first[~fit], second[~fit], columns) == pytest.approx(expected[~fit], abs=1e-9)
    assert np.isfinite(beyond.of(np.array([0.0, 1e30, -5.0]), np.array([0.0, 1e-30, 1e30]), columns)).all()


def test_row_products_are_products() -> None:
    """Dense or sparse, of one output or several, in any layout; a row's own do not depend on the others."""
    from scipy.sparse import csr_matrix

    rng = np.random.default_rng(0)
    matrix, coefficients = rng.normal(size=(50, 37)), rng.normal(size=(37, 3))

    for given in (matrix, csr_matrix(matrix), np.asfortranarray(matrix)):
        together = row_products(given, coefficients)
        assert together == pytest.approx(matrix @ coefficients, abs=1e-12)
        assert np.array_equal(row_products(given[7:8], coefficients), together[7:8])
        single = row_products(given, coefficients[:, 1])
        assert np.array_equal(single, together[:, 1])
        assert np.array_equal(row_products(given[7:8], coefficients[:, 1]), single[7:8])


def test_equal_ladders_give_equal_bytes() -> None:
    """Climbed again over the same rows, pair and all."""
    first = of_planted("ratio", "regression")

    assert (
        climb(planted("ratio", 2_000, seed=1, columns=7, task="regression").table, "regression").content
        == first.content
    )


def test_the_file_names_what_it_holds() -> None:
    """Folds, chains, rungs, versions, and the rungs that the repaired baseline has taken over."""
    climbed = of_planted("scale_and_product", "binary")
    content = save(climbed.ladder, climbed.table, small_project(), repaired=["scale"])
    schema = json.loads(unpack(content)["schema.json"])

    assert load(content).repaired == ["scale"]
    assert schema["folds"] == list(range(FOLDS))
    assert len(schema["parts"]) == 10  # pairs of five folds
    assert [one["rung"] for one in schema["rungs"]] == list(climbed.ladder.route.rungs)
    assert schema["standings"][0] == {"line": 0, "additions": 0, "changes": "none"}
    assert set(schema["versions"]) == {"numpy", "pandas", "sklearn", "skops", "lightgbm"}
    assert load(content).why_not is None


def test_only_what_was_kept_is_saved() -> None:
    """Of a table that a straight line explains the file holds the baseline's models and no trees."""
    climbed = climb(planted("noise", 600, seed=2, columns=7).table, "binary")
    files = unpack(climbed.content)

    assert climbed.rungs.gained == []
    assert set(files) == {"schema.json", *(f"line_0/fold_{fold}/model.skops" for fold in range(FOLDS))}
    found = climbed.rungs.predict(climbed.tested)
    assert all(one is found["baseline"] for one in found.values())


def test_nothing_in_the_file_is_a_pickle() -> None:
    """Members are JSON, LightGBM's text, arrays without objects, and skops files of JSON and such arrays."""
    content = of_planted("ratio", "regression").content
    files = unpack(content)
    inner = {
        f"{name}/{part}": one
        for name, file in files.items()
        if name.endswith("skops")
        for part, one in unpack(file).items()
    }
    plain = {name: file for name, file in files.items() if not name.endswith("skops")}

    for name, file in (plain | inner).items():
        if name.endswith(".npy"):
            np.load(io.BytesIO(file), allow_pickle=False)
        elif name.endswith(".txt"):
            assert file.startswith(b"tree\n")
        else:
            json.loads(file)
        with pytest.raises(ValueError):  # noqa: PT011 - a stream that is no pickle
            pickletools.dis(file, out=io.StringIO())
    with zipfile.ZipFile(io.BytesIO(content)) as zipped:
        assert {entry.date_time for entry in zipped.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_of_forecasts_the_file_says_that_it_holds_none() -> None:
    """It is well formed, and has no rungs."""
    climbed = small("regression")
    forecast = replace(climbed.table, target=Forecast())
    found = load(save(climbed.ladder, forecast, small_project("regression")))

    assert found.why_not == WHY_NOT["series"]
    assert (found.rungs, found.gained, found.additions, found.lines) == ([], [], (), ())
    assert found.predict(climbed.tested) == {}


def test_a_missing_feature_is_named() -> None:
    """The message lists what is needed."""
    climbed = small("binary")
    with pytest.raises(InputError, match="no column 'steady'") as raised:
        climbed.rungs.predict(climbed.tested.drop(columns="steady"))
    assert raised.value.where == "the rows given to the rungs"


def changed(**schema: object) -> bytes:
    """Return the file with other entries in its schema."""
    files = unpack(small("binary").content)
    return pack(files | {"schema.json": json.dumps(json.loads(files["schema.json"]) | schema).encode()}, compress=True)


def without(name: str) -> bytes:
    """Return the file without the first member whose name ends so."""
    files = unpack(small("binary").content)
    del files[next(one for one in sorted(files) if one.endswith(name))]
    return pack(files, compress=True)


def in_place_of(name: str, content: bytes) -> bytes:
    """Return a file with other content in the first member whose name ends so."""
    files = unpack(of_planted("scale_and_product", "binary").content)
    files[next(one for one in sorted(files) if one.endswith(name))] = content
    return pack(files, compress=True)


def torn() -> bytes:
    """Return the file with a byte changed in the middle of a member."""
    content = bytearray(small("binary").content)
    content[len(content) // 2] ^= 0xFF
    return bytes(content)


@pytest.mark.parametrize(
    "damaged",
    [
        lambda: b"",
        lambda: b"no zip",
        lambda: small("binary").content[:-200],
        torn,
        lambda: pack({}, compress=True),
        lambda: pack({"schema.json": b"[]"}, compress=True),
        lambda: changed(format="sevenfold model 1"),
        lambda: changed(task="poetry"),
        lambda: changed(standings=[{"line": 3, "additions": 0, "changes": ""}]),
        lambda: changed(rungs=[{"rung": "baseline", "standing": 9}]),
        lambda: changed(features=[{"name": "curved", "kind": "numeric"}]),
        lambda: changed(kept=[{"rung": "ratio", "parts": [[0, 1]], "pair": ["curved", "steady"], "columns": "magic"}]),
        lambda: without("fold_3/model.skops"),
        lambda: without("curves.json"),
        lambda: without("tree_schema.json"),
        lambda: in_place_of("model.txt", b"tree\n"),
        lambda: in_place_of("trees.json", b'{"columns": [0, 99], "rounds": 1}'),
        lambda: in_place_of("model.skops", b"nothing"),
        lambda: in_place_of("model.skops", write_estimator(FunctionTransformer(zipfile.ZipFile.extractall))),
    ],
)
def test_a_damaged_file_is_refused(damaged: Callable[[], bytes]) -> None:
    """Whatever is wrong with it, the message says what to do."""
    with pytest.raises(InputError, match="no saved rungs|a damaged model") as raised:
        load(damaged())
    assert "dvc repro" in raised.value.todo
