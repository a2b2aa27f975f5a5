"""The list of projects in dvc.yaml: what a command puts there, and that taking it out leaves no trace."""

import re
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from ruamel.yaml import YAML

from flows.dvc.listed import Listed, add, check_place, entries, entry_of, listed, remove
from pipelines.core.errors import InputError

PIPELINE = (ROOT / "dvc.yaml").read_text(encoding="utf-8")
EMPTY = re.sub(r"(- texts:)\n(?: {6}.*\n)+", r"\1 []\n", PIPELINE)  # no project with texts


@pytest.fixture
def pipeline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the repository's dvc.yaml, in the working directory."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "dvc.yaml"
    path.write_text(PIPELINE, encoding="utf-8")
    return path


def variables(path: Path) -> dict[str, Any]:
    """Return the variables of a pipeline file as YAML has them."""
    return {key: value for part in YAML(typ="safe").load(path)["vars"] for key, value in part.items()}


@pytest.mark.parametrize("start", [PIPELINE, EMPTY], ids=["some texts", "no texts"])
@pytest.mark.parametrize("texts", [True, False])
def test_what_is_added_can_be_taken_out(texts: bool, start: str, pipeline: Path) -> None:
    """A project has its raw file and its table; one with texts is listed among these; afterwards all is as before."""
    pipeline.write_text(start, encoding="utf-8")
    before = variables(pipeline)

    add("shop", "data/raw/shop.csv", texts=texts)

    after = variables(pipeline)
    table = "data/shop/encoded" if texts else "data/shop/table.parquet"
    raw = {name: entry["raw"] for name, entry in before["projects"].items()}
    assert listed() == raw | {"shop": "data/raw/shop.csv"}
    assert entries()["shop"] == Listed("data/raw/shop.csv", table, texts)
    assert set(after["texts"]) - set(before["texts"]) == ({"shop"} if texts else set())
    assert after["packaged"] == before["packaged"]
    remove("shop")
    assert pipeline.read_text(encoding="utf-8") == start


def test_several_projects_with_texts(pipeline: Path) -> None:
    """Each is taken out by itself."""
    add("one", "data/raw/one.csv", texts=True)
    add("one_more", "data/raw/more.csv", texts=True)

    remove("one")

    assert "one" not in entries()
    assert entries()["one_more"] == entry_of("one_more", "data/raw/more.csv", texts=True)
    remove("one_more")
    assert pipeline.read_text(encoding="utf-8") == PIPELINE


def test_a_packaged_project_with_texts_is_taken_out(pipeline: Path) -> None:
    """Its name goes from both lists, and the stages are still those of YAML."""
    remove("reviews")

    assert "reviews" not in entries()
    assert variables(pipeline)["texts"] == []


def test_a_list_without_a_place_for_texts_is_refused(pipeline: Path) -> None:
    """Before anything is written: a draft may find texts."""
    text = PIPELINE.replace("- texts:", "- notes:")
    pipeline.write_text(text, encoding="utf-8")

    with pytest.raises(InputError, match="there is no line `- texts:`"):
        check_place("shop", "data/raw/shop.csv")

    assert pipeline.read_text(encoding="utf-8") == text
