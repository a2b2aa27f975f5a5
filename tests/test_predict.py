"""Tests of `sevenfold predict`: the rows of a file of any kind, or the next steps of series, as the build has them."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from test_series_ahead import HORIZON, built, history
from toy_forecast import DAYS
from toy_service import defined, fits, packed, served, served_project, served_raw

from flows.commands import predict as command
from flows.commands.predict import AskedFor, predict
from pipelines.core.errors import InputError
from pipelines.core.project import Project
from pipelines.models.saving.zip import pack
from pipelines.series.ahead import forecast_ahead
from pipelines.serving.ahead import Forecasts, pack_forecast
from pipelines.serving.service import Service

WRITERS: dict[str, Callable[[pd.DataFrame, Path], object]] = {
    ".csv": lambda rows, path: rows.to_csv(path, index=False),
    ".parquet": lambda rows, path: rows.to_parquet(path, index=False),
    ".xlsx": lambda rows, path: rows.to_excel(path, index=False),
    ".jsonl": lambda rows, path: rows.to_json(path, orient="records", lines=True, double_precision=15),
}


@pytest.fixture
def built_project(monkeypatch: pytest.MonkeyPatch) -> Callable[[Project, bytes], None]:
    """Return what puts a project with its archive where the command looks for them."""

    def put(project: Project, content: bytes) -> None:
        monkeypatch.setattr(command, "project_names", lambda: [project.name])
        monkeypatch.setattr(command, "load_project", lambda _: project)
        monkeypatch.setattr(command, "load_model", lambda _, model: {"service": content}[model])

    return put


def rows_tested(task: str) -> tuple[pd.DataFrame, np.ndarray]:
    """Return the raw test rows and what the build predicted of them."""
    table = defined(task).table
    rows = served_raw(task).iloc[table.frame["row_id"][table.tested]].reset_index(drop=True)
    return rows, fits(task)["strong"].prediction[table.tested]


@pytest.mark.parametrize("suffix", WRITERS)
def test_files_of_all_kinds_have_the_answers_of_the_build(
    suffix: str, tmp_path: Path, built_project: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    """Bit by bit, in the order of the rows; columns that nothing needs are named."""
    built_project(served_project("binary"), packed("binary"))
    rows, expected = rows_tested("binary")
    if suffix == ".xlsx":  # what writes workbooks here loses texts of blanks alone
        blank = (rows["remark"] == " ").to_numpy()
        rows, expected = rows[~blank], expected[~blank]
    path = tmp_path / f"new{suffix}"
    WRITERS[suffix](rows[rows.columns[::-1]], path)

    assert predict("small", AskedFor(path)) == 0

    out, err = capsys.readouterr()
    found = pd.read_csv(io.StringIO(out), float_precision="round_trip")
    assert len(found) == len(expected) > 35
    assert np.array_equal(found["prediction"], expected)
    assert found["act"].tolist() == (expected >= 0.1).tolist()
    assert "not needed: 'note', 'y'" in err


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet"])
def test_answers_are_written_whole(suffix: str, tmp_path: Path, built_project: Callable[..., None]) -> None:
    """By the file's suffix, with no digit lost."""
    built_project(served_project("binary"), packed("binary"))
    rows, expected = rows_tested("binary")
    path, out = tmp_path / "new.parquet", tmp_path / f"answers{suffix}"
    rows.to_parquet(path, index=False)

    predict("small", AskedFor(path, out=out))

    if suffix == ".parquet":
        found = pd.read_parquet(out)["prediction"].to_numpy()
    elif suffix == ".csv":
        found = pd.read_csv(out, float_precision="round_trip")["prediction"].to_numpy()
    else:
        found = np.array([json.loads(line)["prediction"] for line in out.read_text(encoding="utf-8").splitlines()])
    assert np.allclose(found, expected, rtol=0 if suffix != ".jsonl" else 1e-14, atol=0)


def test_a_bad_row_costs_one_row(
    tmp_path: Path, built_project: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    """It says why, the others are answered; only where none has an answer is the status 2."""
    built_project(served_project("binary"), packed("binary"))
    rows, expected = rows_tested("binary")
    rows = rows.iloc[:4].assign(age=[20, 5, 30, 40])
    path = tmp_path / "new.csv"
    rows.to_csv(path, index=False)

    assert predict("small", AskedFor(path)) == 0

    out, err = capsys.readouterr()
    found = pd.read_csv(io.StringIO(out))
    assert found["prediction"].isna().tolist() == [False, True, False, False]
    assert found["error_found"][1] == "below 18"
    assert "1 of 4 rows have no answer" in err
    rows.assign(age=5).to_csv(path, index=False)
    assert predict("small", AskedFor(path)) == 2
    assert len(expected) > 4


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"model": "best"}, "strong, baseline"), ({"out": Path("a.doc")}, ".csv, .jsonl, .parquet"),
        ({"strict": True}, "'shoe'"), ({"until": "2020-01-01"}, "makes no forecast"),
        ({"data": Path("a.csv")}, "there is no file 'a.csv'"), ({"data": Path("/")}, "is a folder"),
        ({"ahead": Path("a.csv")}, "there is no file 'a.csv'"),
    ],
)  # fmt: skip
def test_what_is_refused(
    change: dict[str, object], words: str, tmp_path: Path, built_project: Callable[..., None]
) -> None:
    """With what is allowed."""
    built_project(served_project("binary"), packed("binary"))
    rows, _ = rows_tested("binary")
    path = tmp_path / "new.csv"
    rows.assign(shoe=42).to_csv(path, index=False)

    with pytest.raises(InputError) as caught:
        predict("small", AskedFor(**{"data": path} | change))  # type: ignore[arg-type]

    assert words in str(caught.value)


def test_an_unknown_project_is_named(built_project: Callable[..., None]) -> None:
    """With the nearest one."""
    built_project(served_project("binary"), packed("binary"))

    with pytest.raises(InputError, match="did you mean `small`"):
        predict("smal", AskedFor(Path("new.csv")))


def forecast_archive(metric: str) -> bytes:
    """Return the archive of a small forecast."""
    one = built(metric)
    facts = {"define": one.defined.facts, "compare": {"forecasts": {"bands": one.bands}}}
    saved = pack_strong(metric)
    return pack_forecast(one.project, facts, {"strong": saved, "baseline": saved})  # type: ignore[arg-type]


def pack_strong(metric: str) -> bytes:
    """Return the saved model of the small forecast."""
    from toy_table import run_now

    from pipelines.strong import strong

    one = built(metric)
    return strong(one.defined.table, one.project, run_now).model


def test_a_forecast_is_the_builds(
    tmp_path: Path, built_project: Callable[..., None], monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """The next steps of each series with their bands, as the function has them; another model has no bands."""
    one, rows = built("mae"), history(DAYS - HORIZON)
    built_project(one.project, forecast_archive("mae"))
    (tmp_path / "history.csv").write_text("read below", encoding="utf-8")
    monkeypatch.setattr(command, "read_raw", lambda *_: rows)

    assert predict("shop", AskedFor(tmp_path / "history.csv")) == 0

    found = pd.read_csv(io.StringIO(capsys.readouterr().out), float_precision="round_trip", dtype={"series": str})
    wanted = forecast_ahead(rows, one.project, one.model, one.facts, one.bands)
    assert list(found) == ["series", "time", "step", "forecast", "low", "high"]
    for name in ("forecast", "low", "high"):
        assert np.array_equal(found[name], wanted[name]), name
    predict("shop", AskedFor(tmp_path / "history.csv", model="baseline"))
    assert "low" not in capsys.readouterr().out.splitlines()[0]
    for change, words in ({"model": "best"}, "strong, baseline"), ({"until": "soon"}, "as 2014-05-02"):
        with pytest.raises(InputError) as caught:
            predict("shop", AskedFor(tmp_path / "history.csv", **change))  # type: ignore[arg-type]
        assert words in str(caught.value)


def test_archives_of_the_other_kind_are_refused() -> None:
    """Rows that stand apart make no forecast, and a forecast answers no rows."""
    with pytest.raises(InputError):
        Forecasts.load(packed("binary"))
    with pytest.raises(InputError):
        Service.load(forecast_archive("mae"))


def test_an_archive_with_half_of_what_reasons_need_is_refused() -> None:
    """At once, and not when the first reason is asked for."""
    from pipelines.models.saving.zip import unpack

    files = unpack(packed("binary"))
    assert served("binary").explainers == {}
    half = {name: content for name, content in files.items() if name != "means.json"} | {"rungs.zip": b""}
    with pytest.raises(InputError, match=r"means\.json"):
        Service.load(pack(half, compress=True))
