"""Tests of an exported folder: alone, with its own requirements and no more, it answers as the build predicted."""

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT
from exported import environment, required, running
from toy_service import defined, fits, packed, served_raw

from flows.commands.export import export, fill
from flows.serving.used import with_requirements
from pipelines.core.errors import InputError
from pipelines.serving.archive import cell_of

TRAINING = (
    "dvc", "prefect", "optuna", "great-expectations", "pandera", "matplotlib", "dask", "shap", "onnxruntime",
    "tokenizers",
)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a small project."""
    made = tmp_path_factory.mktemp("exported")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        fill(made, "small", packed("binary"))
    return made


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """Return where the folder is served."""
    with running(folder, environment(folder)) as at:
        yield at


def test_it_holds_what_the_readme_names(folder: Path) -> None:
    """Archive, requirements with hashes, container file, and the code that serves."""
    assert {"README.md", "Dockerfile", "requirements.txt", "service.zip", "flows", "pipelines"} <= {
        path.name for path in folder.iterdir()
    }
    assert "--hash=sha256:" in (folder / "requirements.txt").read_text(encoding="utf-8")
    readme = (folder / "README.md").read_text(encoding="utf-8")
    assert "python -m flows.serving.standalone" in readme
    example = readme.partition('{"rows": [')[2].partition("]}'")[0]
    assert set(json.loads(example)) == set(served_raw("binary").columns) - {"y", "note"}


def test_no_training_library_is_required(folder: Path) -> None:
    """And what is required is closed: nothing asks for a package that is not there."""
    packages = required(folder)
    assert {"lightgbm", "scikit-learn", "fastapi", "uvicorn", "numpy", "pandas"} <= set(packages)
    assert not set(TRAINING) & set(packages)
    assert with_requirements(packages) == sorted(packages)


def test_it_answers_as_the_build_predicted(folder: Path, address: str) -> None:
    """Every raw test row, bit by bit, from the folder and its environment alone."""
    table = defined("binary").table
    rows = served_raw("binary").iloc[table.frame["row_id"][table.tested]]
    cells = [{str(name): cell_of(cell) for name, cell in row.items()} for row in rows.to_dict(orient="records")]
    body = json.dumps({"rows": cells}).encode()
    request = urllib.request.Request(f"{address}/predict", body, {"content-type": "application/json"})
    results = json.loads(urllib.request.urlopen(request).read())["results"]
    expected = fits("binary")["strong"].prediction[table.tested]
    assert len(results) == len(expected) > 50
    assert np.array_equal([one["prediction"] for one in results], expected)
    about = json.loads(urllib.request.urlopen(f"{address}/about").read())
    assert "small" in json.dumps(about)
    assert (folder / "state").is_dir()


def test_a_folder_that_is_not_empty_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With what to do."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr("flows.commands.export.check_served", lambda options: options)
    (tmp_path / "kept.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        export("loan_default", tmp_path)
    assert "another folder" in str(caught.value)
    assert (tmp_path / "kept.txt").read_text(encoding="utf-8") == "mine"
