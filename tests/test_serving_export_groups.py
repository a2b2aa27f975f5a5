"""An exported folder of groups: alone, with its own requirements and no more, rows get the groups of the build."""

import json
import urllib.request
from pathlib import Path

import pytest
from conftest import ROOT
from exported import environment, required, running
from toy_service_groups import Kind, client_rows, grouped_models, packed_groups, table_of

from flows.commands.export import fill

KIND: Kind = "entities"
TRAINING = ("dvc", "prefect", "optuna", "great-expectations", "pandera", "matplotlib", "shap", "onnxruntime")


def test_it_answers_from_the_folder_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test row, with reasons, from the folder and an environment of its requirements."""
    folder = tmp_path / "crowd"
    folder.mkdir()
    monkeypatch.chdir(ROOT)
    fill(folder, "crowd", packed_groups(KIND))
    readme = (folder / "README.md").read_text(encoding="utf-8")
    example = readme.partition('{"rows": [')[2].partition("]}'")[0]
    assert list(json.loads(example)) == ["recency", "money", "dearest"]
    assert not set(TRAINING) & set(required(folder))
    assert not (folder / "pipelines" / "serving" / "groups_archive.py").exists()

    with running(folder, environment(folder)) as address:
        body = json.dumps({"rows": client_rows(KIND), "why": True}).encode()
        request = urllib.request.Request(f"{address}/predict", body, {"content-type": "application/json"})
        results = json.loads(urllib.request.urlopen(request).read())["results"]

    table = table_of(KIND)
    groups = grouped_models(KIND)["strong"].groups(table.x[table.tested])
    assert [one["group"]["number"] for one in results] == (groups + 1).tolist()
    assert all(one["why"]["text"].startswith("Group ") for one in results)
