"""All steps of a small project, one after another, on real files."""

import hashlib
import importlib
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
import pytest
import toy_forecast
from conftest import MEMBER, PACKAGE, make_wheel, shop_text
from dask_cluster import Running
from recorded_models import record_models
from toy_project import of_metric

from flows.repository.files import read_json
from flows.repository.names import EVERY
from flows.running import cluster as on_cluster
from flows.running.pool import pool
from flows.running.scheduler import FITTING
from pipelines.core.errors import InputError
from pipelines.core.steps import SEVEN
from pipelines.core.submit import Pending, Result, Submit, run_now
from pipelines.validation.expectations import warm

ROWS = 600
COLUMNS = """\
amount = { type = "number", min = 0, unit = "EUR" }
weight = { type = "number", missing = 0.2, unit = "kg" }
town = { type = "category" }
late = { type = "integer", allowed = [0, 1] }"""
LAST_OF_FORECAST = "compare"
METRIC = of_metric("roc_auc", 0.005, "cost = { false_positive = 1, false_negative = 5 }")


def orders() -> str:
    """Return a table whose target depends on the logarithm of a column, on whether another is missing, and on luck."""
    rng = np.random.default_rng(11)
    amount, weight = np.exp(rng.normal(3, 2, ROWS)), rng.normal(5, 1, ROWS)
    missing, town = rng.random(ROWS) < 0.1, rng.choice(["Bern", "Oslo", "Rome"], ROWS)
    score = 1.2 * (np.log(amount) - 3) + 1.5 * missing + (town == "Oslo") - 1
    late = (rng.random(ROWS) < 1 / (1 + np.exp(-score))).astype(int)
    cells = zip(amount, weight, missing, town, late, strict=True)
    lines = [f"{a:.4f},{'' if gone else f'{w:.3f}'},{place},{y}" for a, w, gone, place, y in cells]
    return "\n".join(["amount,weight,town,late", *lines, "-1.0,5.0,Bern,0"]) + "\n"


def of_orders(sha256: str) -> str:
    """Return the project file of the orders."""
    return shop_text(sha256=sha256, columns=COLUMNS, test=0.25, metric=METRIC)


def of_days(sha256: str) -> str:
    """Return the project file of a small forecast."""
    package = f'package = "{PACKAGE}==1.0"\nmember = "{MEMBER}"\nsha256 = "{sha256}"'
    return toy_forecast.TEXT.replace(f'file = "{toy_forecast.FILE}"', package)


def build(
    root: Path, submit: Submit, steps: Iterable[str], monkeypatch: pytest.MonkeyPatch,
    rows: Callable[[], str] = orders, declared: Callable[[str], str] = of_orders,
) -> dict[str, bytes]:  # fmt: skip
    """Run steps in a fresh repository and return the content of every file that a stage owns, by path."""
    (root / "projects").mkdir(parents=True)
    content = rows().encode()
    text = declared(hashlib.sha256(content).hexdigest())
    (root / "projects" / "shop.toml").write_text(text, encoding="utf-8")
    make_wheel(root / "wheels", {MEMBER: content})
    monkeypatch.chdir(root)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(root / "wheels"))
    for step in steps:
        importlib.import_module(f"flows.steps.{step}").run("shop", submit)
        record_models("shop")
    owned = [path for top in ("data", "models", "reports") for path in (root / top).rglob("*") if path.is_file()]
    return {str(path.relative_to(root)): path.read_bytes() for path in owned if "data_docs" not in path.parts}


@pytest.fixture(scope="module")
def monkeymodule() -> Iterator[pytest.MonkeyPatch]:
    """A monkeypatch for fixtures of the whole module."""
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, monkeymodule: pytest.MonkeyPatch) -> tuple[Path, dict[str, bytes]]:
    """The small project, built with pieces running at the same time."""
    root = tmp_path_factory.mktemp("built")
    with pool() as submit:
        return root, build(root, submit, EVERY, monkeymodule)


def test_every_step_leaves_its_files(built: tuple[Path, dict[str, bytes]]) -> None:
    """From the raw file to the overview, every file that dvc.yaml declares is there."""
    facts = {f"reports/shop/facts/{step}.json" for step in SEVEN}
    tables = {f"data/shop/{name}.parquet" for name in ("table", "quarantine", "baseline", "strong")}
    models = {f"models/shop/{name}.zip" for name in ("baseline", "strong", "repaired")}
    reports = {"reports/README.md", "reports/shop/README.md", "reports/shop/metrics.json", "data/summaries/shop.json"}
    reports.add("reports/shop/notebook.ipynb")
    plots = {f"reports/shop/plots/{name}.json" for name in ("roc", "calibration", "attribution")}

    assert facts | tables | models | reports | plots <= set(built[1])
    page = built[1]["reports/shop/README.md"].decode()
    drawn = {Path(path).name for path in built[1] if path.startswith("reports/shop/figures/")}
    assert drawn == set(re.findall(r"\]\(figures/(.*?)\)", page))


def test_schedules_change_no_byte(
    built: tuple[Path, dict[str, bytes]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Built again piece by piece in one thread of one process, every file up to step 6 has the same bytes."""
    steps = list(EVERY)[: list(EVERY).index("reflect")]
    warm()  # so that the rules are checked in this process, and not in one beside it
    again = build(tmp_path / "again", run_now, steps, monkeypatch)

    assert f"reports/shop/facts/{steps[-1]}.json" in again
    assert [path for path, content in again.items() if content != built[1][path]] == []


def clear(root: Path, steps: Iterable[str]) -> None:
    """Remove what steps wrote in a repository."""
    for step in steps:
        for path in root.rglob(f"{step}.*"):
            path.unlink()


def read(root: Path, paths: Iterable[str]) -> dict[str, bytes]:
    """Return the content of the files that are there, by path."""
    return {path: (root / path).read_bytes() for path in paths if (root / path).is_file()}


def test_a_cluster_changes_no_byte(
    built: tuple[Path, dict[str, bytes]], running: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Steps whose folds, candidates and rungs two workers compute leave the bytes that they leave here."""
    root = tmp_path / "there"
    shutil.copytree(built[0], root)
    clear(root, FITTING)
    monkeypatch.chdir(root)
    with on_cluster.cluster(running.address) as submit:
        for step in FITTING:
            importlib.import_module(f"flows.steps.{step}").run("shop", submit)

    assert read(root, built[1]) == built[1]


def days() -> str:
    """Return the rows of a small forecast."""
    return toy_forecast.daily().to_csv(index=False)


def test_a_cluster_changes_no_byte_of_a_forecast(
    running: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Folds that go forward in time, computed by two workers, leave the bytes that they leave here."""
    steps = list(EVERY)[: list(EVERY).index(LAST_OF_FORECAST) + 1]
    here = build(tmp_path / "here", run_now, steps, monkeypatch, days, of_days)
    there = tmp_path / "there"
    shutil.copytree(tmp_path / "here", there)
    clear(there, fitting := [step for step in steps if step in FITTING])
    monkeypatch.chdir(there)
    with on_cluster.cluster(running.address) as submit:
        for step in fitting:
            importlib.import_module(f"flows.steps.{step}").run("shop", submit)

    assert {f"reports/shop/facts/{step}.json" for step in fitting} <= set(here)
    assert read(there, here) == here


def test_a_worker_killed_in_mid_run_changes_no_byte(
    built: tuple[Path, dict[str, bytes]], running: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Step 5 goes on when a worker dies with a piece of it, and with the table that was sent there."""
    root = tmp_path / "there"
    shutil.copytree(built[0], root)
    clear(root, ["strong"])
    monkeypatch.chdir(root)
    killed: list[int] = []
    with on_cluster.cluster(running.address) as submit:

        def killing(function: Callable[..., Result], /, *args: object, name: str) -> Pending[Result]:
            piece = submit(function, *args, name=name)
            if name.endswith("fold 4") and not killed:  # five are handed out and none is waited for
                killed.append(running.kill_workers(1))
            return piece

        importlib.import_module("flows.steps.strong").run("shop", killing)

    assert killed
    assert read(root, built[1]) == built[1]


def test_other_test_rows_are_refused(built: tuple[Path, dict[str, bytes]], monkeypatch: pytest.MonkeyPatch) -> None:
    """A table whose test rows are not the frozen ones is refused by every step that reads it."""
    from flows.repository.frames import write_table
    from flows.repository.projects import load_project
    from flows.repository.tables import load_table

    monkeypatch.chdir(built[0])
    project, path = load_project("shop"), Path("data/shop/table.parquet")
    kept = path.read_bytes()
    try:
        frame = load_table(project).frame.copy()
        frame.loc[frame.index[:1], "split"] = "train" if frame["split"].iloc[0] == "test" else "test"
        write_table(path, frame)
        with pytest.raises(InputError, match="frozen"):
            load_table(project)
    finally:
        path.write_bytes(kept)


def test_the_bad_row_is_set_aside(built: tuple[Path, dict[str, bytes]]) -> None:
    """The negative amount that the raw file ends with is in quarantine, and counted."""
    assert read_json(built[0] / "reports/shop/facts/define.json")["quarantined"]["count"] == 1
