"""Tests of saved models: the same predictions back, the same bytes again, nothing dangerous inside."""

import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from skops.io.exceptions import UntrustedTypesFoundException
from toy_table import APART, OF_ROWS, first_learner, run_now, small_project, small_table

from pipelines.core.errors import InputError
from pipelines.core.project import Task
from pipelines.core.table import Table
from pipelines.models.families import FAMILIES
from pipelines.models.folds import CrossFit, cross_fit
from pipelines.models.forest import ForestLearner
from pipelines.models.mean import MeanModel, combine
from pipelines.models.saving import archive
from pipelines.models.saving.skops_file import read_estimator, write_estimator
from pipelines.models.saving.zip import pack, unpack
from pipelines.targets import Event

ROOT = Path(__file__).parent.parent
PARTS = ("lightgbm", "classic", "linear")  # of the weighted mean


@cache
def table_of(task: Task) -> Table:
    """Return the small table of this file."""
    return small_table(task, rows=200)


@cache
def fitted(family: str, task: Task = "binary") -> CrossFit:
    """Return one model of the family on the folds of `table_of(task)`."""
    table = table_of(task)
    if FAMILIES[family].load_part:
        return combine(table, [fitted(part, task) for part in PARTS], run_now)[0]
    learner = first_learner(family, table)
    if isinstance(learner, ForestLearner):
        learner = replace(learner, settings=learner.settings | {"n_estimators": 3})
    (done,), _ = cross_fit([learner], table, 7, run_now)
    return done


@cache
def archived(family: str, task: Task = "binary") -> bytes:
    """Return the model's archive."""
    return archive.save(fitted(family, task), table_of(task), small_project(task))


@pytest.mark.parametrize("task", APART)
@pytest.mark.parametrize("family", OF_ROWS)
def test_a_loaded_model_predicts_the_same(family: str, task: Task) -> None:
    """To the bit, for test rows with missing values and unseen levels, and from text in place of categories."""
    table, model = table_of(task), fitted(family, task)
    loaded = archive.load(archived(family, task))
    test = table.rows("test")
    np.testing.assert_array_equal(loaded.predict(test.frame), model.prediction[table.fold < 0])
    text = test.x.assign(town=test.x["town"].astype("str"))
    np.testing.assert_array_equal(loaded.predict(text), model.prediction[table.fold < 0])
    assert loaded.family == family
    assert len(loaded.folds) == 5


def test_a_part_of_a_weighted_mean_is_loaded_alone() -> None:
    """The named part of every fold predicts what that model predicts; a name that is no part is refused."""
    table = table_of("binary")
    parts = {fitted(family).name: fitted(family) for family in PARTS}
    whole = archive.load(archived("ensemble")).folds[0]
    assert isinstance(whole, MeanModel)
    name = whole.names[-1]
    loaded = archive.load(archived("ensemble"), name)
    np.testing.assert_array_equal(loaded.predict(table.rows("test").frame), parts[name].prediction[table.fold < 0])
    with pytest.raises(KeyError):
        archive.load(archived("ensemble"), "quadratic")


def test_the_schema_says_what_the_model_is() -> None:
    """Names, kinds and levels of the features, the data's identity and the versions."""
    schema = archive.load(archived("lightgbm")).schema
    assert schema["features"][0] == {"name": "curved", "kind": "numeric"}
    assert schema["features"][2] == {"name": "town", "kind": "category", "levels": ["Bern", "Oslo", "Rome", "rare"]}
    assert schema["model"] == "lightgbm"
    assert schema["target"] == "y"
    assert schema["positive"] == 1
    assert schema["training_rows"] == 160
    assert set(schema["versions"]) == {"numpy", "pandas", "lightgbm"}


def test_the_data_identity_follows_training_rows_only() -> None:
    """Test rows may change, training rows may not."""
    table = small_table()
    test = table.frame["split"] == "test"
    other_test = table.frame.assign(steady=table.frame["steady"].where(~test, 0.0))
    other_training = table.frame.assign(steady=table.frame["steady"].where(test, 0.0))
    identity = archive.training_sha256(table)
    assert len(identity) == 64
    assert archive.training_sha256(Table(other_test, Event())) == identity
    assert archive.training_sha256(Table(other_training, Event())) != identity


def digests() -> list[str]:
    """Return the sha256 of the archive of each family."""
    return [hashlib.sha256(archived(family)).hexdigest() for family in OF_ROWS]


SCRIPT = "import sys; sys.path.insert(0, 'tests'); import test_models_archive as t; print(*t.digests())"


def test_another_process_writes_the_same_bytes() -> None:
    """Hash seeds and memory addresses differ between processes; the archives do not."""
    printed = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": "1", "PYTHONPATH": str(ROOT)},  # which may name BLAS's kind of core
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert printed.split() == digests()


def test_nothing_in_an_archive_is_a_pickle() -> None:
    """Members are JSON, LightGBM's text or a skops file of JSON and arrays without objects; all have the same date."""
    for family in ("random_forest", "linear"):
        with zipfile.ZipFile(io.BytesIO(archived(family))) as zipped:
            assert {entry.date_time for entry in zipped.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            inner = unpack(zipped.read("fold_0/model.skops"))
        for name, member in inner.items():
            if name.endswith(".npy"):
                np.load(io.BytesIO(member), allow_pickle=False)
            else:
                json.loads(member)


def test_a_type_that_nobody_declared_is_refused() -> None:
    """A file that names another type is not loaded."""
    from sklearn.preprocessing import FunctionTransformer

    with pytest.raises(UntrustedTypesFoundException):
        read_estimator(write_estimator(FunctionTransformer(subprocess.getoutput)))


def test_a_missing_feature_is_named() -> None:
    """The message says which column and what is allowed."""
    loaded = archive.load(archived("dummy"))
    with pytest.raises(InputError, match="no column 'steady'"):
        loaded.predict(table_of("binary").x.drop(columns="steady"))


@pytest.mark.parametrize(
    "content",
    [
        b"not a zip",
        pack({"other.json": b"{}"}, compress=True),
        pack({"schema.json": b"{"}, compress=True),
        pack({"schema.json": b'{"format": "something else"}'}, compress=True),
    ],
)
def test_other_bytes_are_refused_in_words(content: bytes) -> None:
    """No traceback of a library for a file that is not ours."""
    with pytest.raises(InputError, match="not a model archive"):
        archive.load(content)


def test_rows_come_back_in_the_order_given() -> None:
    """Their index does not matter."""
    loaded = archive.load(archived("linear"))
    rows = table_of("binary").x.iloc[[5, 3, 8]]
    np.testing.assert_array_equal(loaded.predict(rows), loaded.predict(rows.reset_index(drop=True)))
