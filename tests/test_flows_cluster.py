"""A Dask cluster as the runner: what Prefect shows of it, what travels once, what is said where it cannot be used."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import psutil
import pytest
from conftest import environment, free_port, give_database, sevenfold, shop_text
from dask_cluster import Running
from test_flows_watch import eventually

from flows.running.cluster import Cluster, connected
from flows.running.cluster import cluster as on_cluster
from flows.running.cluster_worker import differences, likeness
from flows.running.scheduler import ADDRESS_VARIABLE, RUNNER_VARIABLE, scheduler
from pipelines.core.errors import InputError
from pipelines.core.table import Table
from pipelines.targets import Number

DRIVER = Path(__file__).with_name("clustered_steps.py")


@dataclass(frozen=True)
class Watched:
    """What came of steps whose pieces ran on the cluster while a Prefect server watched, until it was killed."""

    root: Path
    before: subprocess.CompletedProcess[str]
    killed: subprocess.CompletedProcess[str]
    shown: dict[str, Any]  # what the server showed before it was killed, by kind


@pytest.fixture(scope="module")
def watched(running: Running, tmp_path_factory: pytest.TempPathFactory, prefect_database: Path) -> Iterator[Watched]:
    """A server is started; steps run with it; it is killed in the middle of the last."""
    root = tmp_path_factory.mktemp("watched")
    (root / "projects").mkdir()
    give_database(root, prefect_database)
    port = free_port()
    env = environment(root, port)
    assert sevenfold(root, env, "ui").returncode == 0
    record = json.loads((root / ".prefect" / "server.json").read_text(encoding="utf-8"))
    command = [sys.executable, str(DRIVER), running.address, f"http://127.0.0.1:{port}/api"]

    def drive(*modes: str) -> subprocess.CompletedProcess[str]:
        whole = [*command, *modes]
        return subprocess.run(whole, cwd=root, env=env, capture_output=True, text=True, timeout=120, check=True)

    try:
        before = drive("fine", "fails")
        shown = eventually(port, "flow_runs", "task_runs")
        yield Watched(root, before, drive("killed"), shown)
    finally:
        if psutil.pid_exists(record["pid"]):
            psutil.Process(record["pid"]).kill()


def test_pieces_are_task_runs_on_the_workers(watched: Watched) -> None:
    """Each piece ran in another process, and the server shows it as a completed task run of its own name."""
    assert json.loads((watched.root / "fine.json").read_text(encoding="utf-8"))["elsewhere"]
    runs = {run["id"]: run["name"] for run in watched.shown["flow_runs"]}
    tasks = [task for task in watched.shown["task_runs"] if runs[task["flow_run_id"]].startswith("shop_fine")]
    assert sorted(task["name"] for task in tasks) == sorted(
        f"{when} {i}" for when in ("place", "late") for i in range(4)
    )
    assert {task["state_type"] for task in tasks} == {"COMPLETED"}


def test_a_failure_on_a_worker_is_the_steps_own(watched: Watched) -> None:
    """What a piece raises on a worker comes out as it was, and the server shows which piece it was."""
    assert "fails: raised own failure 7" in watched.before.stdout
    assert [task["name"] for task in watched.shown["task_runs"] if task["state_type"] == "FAILED"] == ["fail"]


def test_a_server_killed_in_mid_run_changes_no_byte(watched: Watched) -> None:
    """Without the server the workers go on, the file is the same, and the loss is told in one line."""
    assert (watched.root / "killed.json").read_bytes() == (watched.root / "fine.json").read_bytes()
    assert "killed: lost" in watched.killed.stdout
    assert watched.killed.stderr.count("\n") == watched.killed.stderr.count("will not appear in the Prefect UI") == 1


def total(table: Table, number: int) -> float:
    """Return the sum of a table's target and a number."""
    return float(table.y.sum()) + number


def test_a_table_is_sent_once(running: Running) -> None:
    """Pieces that read one table name it, and both workers have it from the first on."""
    table = Table(pd.DataFrame({"y_true": np.ones(50_000)}), Number())
    with connected(running.address) as client:
        client.amm.stop()  # Dask drops copies beyond one, every other second, where nothing waits for them
        workers = Cluster(client)
        pieces = [workers.submit(total, table, number, name=f"total {number}") for number in range(20)]
        assert [piece.result() for piece in pieces] == [50_000.0 + number for number in range(20)]
        (first, _), (again, _) = (workers.travelling((table, number)) for number in range(2))
        assert first is again
        assert [len(holders) for holders in client.who_has([first]).values()] == [2]
        client.amm.start()


def test_lost_arguments_are_sent_anew(running: Running) -> None:
    """When every worker that holds the table dies, the pieces that need it still give their values."""
    table = Table(pd.DataFrame({"y_true": np.ones(50_000)}), Number())
    with on_cluster(running.address) as submit:
        assert submit(total, table, 1, name="before").result() == 50_001.0
        running.kill_workers()
        assert submit(total, table, 2, name="after").result() == 50_002.0


def test_no_scheduler_is_told_within_seconds(repository: Path, stranger: int) -> None:
    """Where nothing answers at the address, the step ends with status 2 and a message that says what to do."""
    address = f"tcp://127.0.0.1:{free_port()}"
    env = environment(repository / "wheels", stranger) | {RUNNER_VARIABLE: "dask", ADDRESS_VARIABLE: address}
    done = sevenfold(repository, env, "run", "baseline", "shop")

    assert done.returncode == 2
    assert "no Dask scheduler answers within 5 s" in done.stderr
    assert f"where: {address}" in done.stderr
    assert "SEVENFOLD_RUNNER=local" in done.stderr


def test_other_versions_are_told() -> None:
    """A worker with another release, other code, or a package missing is told by name and both versions."""
    here = {"python": "3.11.7", "lightgbm": "4.7.0", "dask": "2026.8.0"}

    assert differences(here, here) == []
    there = here | {"lightgbm": "4.6.0"}
    assert differences(here, there) == ["lightgbm 4.7.0 here, 4.6.0 there"]


def test_a_worker_with_other_threads_is_refused(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sums over several threads differ in late digits, so libraries take as many on the workers as here."""
    likeness.cache_clear()
    monkeypatch.setenv("OMP_NUM_THREADS", "2")
    try:
        with pytest.raises(InputError, match="OMP_NUM_THREADS=2.* here, .*OMP_NUM_THREADS=1.* there"):
            on_cluster(running.address).__enter__()
    finally:
        likeness.cache_clear()


CHOICES = [  # [run] of the project file, the environment, the address that is taken
    ("", {}, None),
    ('[run]\nrunner = "dask"\naddress = "tcp://10.0.0.5:8786"', {}, "tcp://10.0.0.5:8786"),
    ('[run]\naddress = "tcp://10.0.0.5:8786"', {}, None),
    ('[run]\naddress = "tcp://10.0.0.5:8786"', {RUNNER_VARIABLE: "dask"}, "tcp://10.0.0.5:8786"),
    ('[run]\nrunner = "dask"', {ADDRESS_VARIABLE: "tls://head:1"}, "tls://head:1"),
    ('[run]\nrunner = "dask"\naddress = "tcp://10.0.0.5:8786"', {ADDRESS_VARIABLE: "tcp://head:1"}, "tcp://head:1"),
    ('[run]\nrunner = "dask"\naddress = "tcp://10.0.0.5:8786"', {RUNNER_VARIABLE: "local"}, None),
]


@pytest.mark.parametrize(("section", "given", "taken"), CHOICES)
def test_the_environment_wins(
    repository: Path, monkeypatch: pytest.MonkeyPatch, section: str, given: dict[str, str], taken: str | None
) -> None:
    """The project file says where pieces run, the environment may say otherwise, and steps that need the disk stay."""
    prepare(repository, monkeypatch, section, given)

    assert scheduler("strong", "shop") == taken
    assert scheduler("define", "shop") is None
    assert scheduler("overview", "overview") is None


MISTAKES = [
    ('[run]\nrunner = "dask"', {}, "runner 'dask' has no address"),
    ("", {RUNNER_VARIABLE: "spark"}, "SEVENFOLD_RUNNER is 'spark'"),
    ("", {RUNNER_VARIABLE: "dask", ADDRESS_VARIABLE: "head:1"}, "SEVENFOLD_DASK_ADDRESS is 'head:1'"),
]


@pytest.mark.parametrize(("section", "given", "told"), MISTAKES)
def test_a_wrong_choice_is_told(
    repository: Path, monkeypatch: pytest.MonkeyPatch, section: str, given: dict[str, str], told: str
) -> None:
    """A runner without an address, an unknown one and an address that is none each have their message."""
    prepare(repository, monkeypatch, section, given)
    with pytest.raises(InputError, match=told):
        scheduler("strong", "shop")


def prepare(repository: Path, monkeypatch: pytest.MonkeyPatch, section: str, given: dict[str, str]) -> None:
    """Give the repository's project a section, and this process an environment."""
    (repository / "projects" / "shop.toml").write_text(shop_text() + section, encoding="utf-8")
    monkeypatch.chdir(repository)
    for name in (RUNNER_VARIABLE, ADDRESS_VARIABLE):
        monkeypatch.delenv(name, raising=False)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
