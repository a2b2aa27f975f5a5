"""Doubts as a list: what is told, in which order, and what is not told twice."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import f_oneway
from toy_project import toy_project

import pipelines.doubts as listed
from pipelines.core.project import Project
from pipelines.core.submit import run_now
from pipelines.core.table import Table
from pipelines.define import define
from pipelines.doubts import DOUBTS, Doubting, Reading, find_doubts
from pipelines.doubts.codes import CODES, ONE_IN, measure_disorder
from pipelines.facts.define import Doubt

ROWS = 3_000
PATIENTS = 60


def _visits(rng: np.random.Generator) -> pd.DataFrame:
    """Return patients' visits: the age is the patient's, and so is how ill they are, whatever the age."""
    age = rng.permutation(np.arange(20, 20 + PATIENTS))
    ill = rng.normal(0, 2, PATIENTS)
    patient = np.repeat(np.arange(PATIENTS), ROWS // PATIENTS)
    chance = 1 / (1 + np.exp(-ill[patient]))
    return pd.DataFrame({
        "patient": patient, "age": age[patient], "pulse": rng.normal(70, 9, ROWS).round(1),
        "y": (rng.random(ROWS) < chance).astype(int),
    })  # fmt: skip


COLUMNS = """patient = { type = "integer" }
age = { type = "integer" }
pulse = { type = "number" }
y = { type = "integer" }"""


def _reading(split: str, columns: str = COLUMNS) -> Reading:
    project: Project = toy_project("binary", columns=columns, split=split)
    raw = _visits(np.random.default_rng(3))
    table: Table = define(raw, project, "0" * 64, run_now).table
    return Reading(raw, project, table)


def test_rows_of_a_group_are_no_evidence_of_codes() -> None:
    """Ages differ as their patients do: with one row of each patient nothing is left of it."""
    drawn = _reading('kind = "stratified"', COLUMNS.replace("patient =", 'drop = ["patient"]\npatient ='))
    assert [doubt["column"] for doubt in CODES.find(drawn)] == ["age"]
    assert not CODES.find(_reading('kind = "group"\ncolumn = "patient"'))


def _always(name: str, weight: float, unless: tuple[str, ...] = ()) -> Doubting:
    doubt: Doubt = {"kind": name, "column": name, "found": "", "done": "", "decide": "", "weight": weight}
    return Doubting(name, lambda _: [doubt], unless)


def test_the_heaviest_comes_first_and_none_that_another_explains(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of three kinds the light one comes last, and one that the heavy one explains is not told; nor a sure column."""
    kinds = (_always("pulse", 0.1), _always("age", 0.9), _always("codes", 0.5, unless=("age",)))
    monkeypatch.setattr(listed, "DOUBTS", kinds)
    reading = _reading('kind = "stratified"')
    assert [doubt["kind"] for doubt in find_doubts(reading)] == ["age", "pulse"]
    columns = reading.project.columns.model_copy(update={"sure": ("age",)})
    sure = replace(reading, project=reading.project.model_copy(update={"columns": columns}))
    assert [doubt["kind"] for doubt in find_doubts(sure)] == ["pulse"]


def test_what_explains_is_a_kind() -> None:
    """A kind names others of the list as its explanations, each kind once."""
    names = [kind.name for kind in DOUBTS]
    assert len(set(names)) == len(names) > 5
    assert {name for kind in DOUBTS for name in kind.unless} <= set(names)


def test_the_chance_of_a_disorder_is_that_of_an_f_test() -> None:
    """The oracle is scipy's one-way analysis of variance of the numbers that count, here all but those set aside."""
    rng = np.random.default_rng(0)
    numbers = np.repeat(np.arange(40), 50)
    measure = rng.normal(size=40)[numbers] / 2 + rng.normal(size=2000)
    disorder = measure_disorder(numbers, measure)
    sums = np.bincount(numbers, measure - measure.mean())
    kept = np.argsort(-(sums**2), kind="stable")[1 + 40 // ONE_IN :]

    assert disorder is not None
    assert disorder.chance == pytest.approx(f_oneway(*[measure[numbers == one] for one in kept]).pvalue, rel=1e-9)


def test_measuring_disorder_does_without_scipy_stats() -> None:
    """Its import would be a good part of what `sevenfold new` takes for a small table."""
    code = (
        "import sys\nimport numpy as np\nfrom pipelines.doubts.codes import measure_disorder\n"
        "numbers = np.repeat(np.arange(40), 50)\nmeasure = np.sin(numbers * 17.0) + np.tile([0.0, 0.1], 1000)\n"
        "print(measure_disorder(numbers, measure) is not None, 'scipy.stats' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == (
        "True False\n"
    )
