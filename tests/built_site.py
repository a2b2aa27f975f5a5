"""The site of this repository, made once for a test file, with what a fresh clone has not: Data Docs and a notebook."""

import contextlib
import importlib.util
import json
import shutil
from pathlib import Path

import pytest
from conftest import ROOT
from toy_raw import declare, small_raw

from flows import site
from pipelines.validation.checks import parse_columns
from pipelines.validation.expectations import check_gate
from pipelines.validation.gate import gate_frame

PROJECT = "loan_default"
LEFT_OUT = (".git", ".venv", "data", "reports", "site")  # of the repository: the rest is linked, and these are not


def build_site(folder: Path) -> Path:
    """Return the folder of the site of this repository; skip where its generator is not installed."""
    if importlib.util.find_spec("zensical") is None:
        pytest.skip("zensical is not installed: no page of the site was made or compared (run `make setup`)")
    repository, out = folder / "repository", folder / "site"
    repository.mkdir()
    for entry in ROOT.iterdir():
        if entry.name not in LEFT_OUT:
            (repository / entry.name).symlink_to(entry)
    shutil.copytree(ROOT / "reports", repository / "reports")
    write_notebook(repository / "reports" / PROJECT)
    for path, html in data_docs().items():
        file = repository / "data" / PROJECT / "data_docs" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(html, encoding="utf-8")
    with contextlib.chdir(repository):
        site.build(out)
    return out


def data_docs() -> dict[str, str]:
    """Return the Data Docs of a small raw file, as Great Expectations renders them."""
    project, raw = declare(), small_raw()
    return check_gate(gate_frame(raw, parse_columns(raw, project), project), project).pages


def write_notebook(reports: Path) -> None:
    """Write a notebook beside a report: words with links, and code that printed a line wider than a phone."""
    words = "# Loans\n\nSee [the report](README.md) and [how to run this](../../docs/notebook.md)."
    printed = {"output_type": "stream", "name": "stdout", "text": ["a wide line " * 20]}
    code = {"cell_type": "code", "source": "print('a wide line ' * 20)", "outputs": [printed]}
    cells = [{"cell_type": "markdown", "source": words}, code]
    (reports / "notebook.ipynb").write_text(json.dumps({"cells": cells, "nbformat": 4}), encoding="utf-8")
