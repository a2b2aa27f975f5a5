"""Watching: what a real server shows, and that its absence, lock or sudden end changes nothing but the watching."""

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest
from conftest import environment, free_port, give_database

DRIVER = Path(__file__).with_name("watched_steps.py")


@dataclass(frozen=True)
class Watched:
    """A repository with a server, and what came of the steps that ran in it."""

    root: Path
    starts: list[str]  # what the two commands that wanted a server at the same moment said
    servers: int  # how many were started
    before: subprocess.CompletedProcess[str]  # the steps that ran before the server was killed
    killed: subprocess.CompletedProcess[str]
    seconds: float  # that the step took whose server was killed
    shown: dict[str, Any]  # what the server showed before it was killed, by kind


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory, prefect_database: Path) -> Iterator[Watched]:
    """Two commands start a server at the same moment; steps run with it; it is killed in the middle of the last."""
    root = tmp_path_factory.mktemp("watched")
    (root / "projects").mkdir()
    give_database(root, prefect_database)
    port = free_port()
    env = environment(root, port)
    command = [sys.executable, "-m", "flows.cli", "ui"]
    both = [subprocess.Popen(command, cwd=root, env=env, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    starts = [process.communicate(timeout=120)[1] for process in both]
    record = json.loads((root / ".prefect" / "server.json").read_text(encoding="utf-8"))
    try:
        servers = len(listeners(port))
        before = drive(root, env, "fine", "fails", "locked")
        shown = eventually(port, "flow_runs", "task_runs", "artifacts")
        started = time.monotonic()
        killed = drive(root, env, "killed")
        yield Watched(root, starts, servers, before, killed, time.monotonic() - started, shown)
    finally:
        if psutil.pid_exists(record["pid"]):
            psutil.Process(record["pid"]).kill()


def drive(root: Path, env: dict[str, str], *modes: str) -> subprocess.CompletedProcess[str]:
    """Run a step a mode."""
    command = [sys.executable, str(DRIVER), *modes]
    return subprocess.run(command, cwd=root, env=env, capture_output=True, text=True, timeout=120, check=True)


def listeners(port: int) -> list[psutil.Process]:
    """Return the servers that were started for a port."""
    return [one for one in psutil.process_iter(["cmdline"]) if {"uvicorn", str(port)} <= set(one.info["cmdline"] or [])]


def eventually(port: int, *kinds: str) -> dict[str, list[dict[str, Any]]]:
    """Return what the server shows of each kind, once two looks agree (it records in the background)."""
    seen: dict[str, list[dict[str, Any]]] = {kind: ask(port, kind) for kind in kinds}
    for _ in range(20):
        time.sleep(1.5)  # it writes once a second
        before, seen = seen, {kind: ask(port, kind) for kind in kinds}
        if seen == before:
            break
    return seen


def ask(port: int, kind: str) -> list[dict[str, Any]]:
    """Return all that the server shows of a kind, such as `flow_runs`."""
    address = f"http://127.0.0.1:{port}/api/{kind}/filter"
    request = urllib.request.Request(address, b"{}", {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        found: list[dict[str, Any]] = json.load(answer)
    return found


def test_one_server_for_two_who_want_one(watched: Watched) -> None:
    """Of two commands at the same moment one starts the server and says where; the other uses it."""
    assert watched.servers == 1
    assert sorted(text.count("watch the runs at") for text in watched.starts) == [0, 1]


def test_flow_runs_are_named_and_tagged(watched: Watched) -> None:
    """Each step is one flow run with its name, its tags and how it ended."""
    runs = {run["name"]: run for run in watched.shown["flow_runs"]}
    assert runs["shop_fine / 4 baseline"]["state_type"] == "COMPLETED"
    assert runs["shop_fails / 4 baseline"]["state_type"] == "FAILED"
    assert sorted(runs["shop_fine / 4 baseline"]["tags"]) == ["baseline", "shop_fine"]


def test_pieces_are_task_runs(watched: Watched) -> None:
    """Each piece is one completed task run with its own name; the failed one is shown as failed."""
    runs = {run["id"]: run["name"] for run in watched.shown["flow_runs"]}
    tasks = [task for task in watched.shown["task_runs"] if runs[task["flow_run_id"]].startswith("shop_fine")]
    assert sorted(task["name"] for task in tasks) == sorted(f"square {number}" for number in range(12))
    assert {task["state_type"] for task in tasks} == {"COMPLETED"}
    failed = [task["name"] for task in watched.shown["task_runs"] if task["state_type"] == "FAILED"]
    assert failed == ["fail"]


def test_sections_and_leaderboards_are_artifacts(watched: Watched) -> None:
    """A step that ended well leaves its section as Markdown and its models as a table."""
    found = {artifact["key"]: artifact["type"] for artifact in watched.shown["artifacts"]}
    assert found["shop-fine-baseline"] == "markdown"
    assert found["shop-fine-baseline-leaderboard"] == "table"


@pytest.mark.parametrize("mode", ["locked", "killed"])
def test_trouble_with_the_server_changes_no_byte(watched: Watched, mode: str) -> None:
    """With the database locked, or the server killed, in mid-run: the same file, and every piece ran once."""
    assert (watched.root / f"{mode}.json").read_bytes() == (watched.root / "fine.json").read_bytes()


def test_without_a_server_the_same_bytes(watched: Watched, stranger: int, tmp_path: Path) -> None:
    """Where no server can be had the step writes the same file."""
    (tmp_path / "projects").mkdir()
    done = drive(tmp_path, environment(tmp_path, stranger), "ignored")
    assert done.stderr.count("will not appear in the Prefect UI") == 1
    assert (tmp_path / "unwatched.json").read_bytes() == (watched.root / "fine.json").read_bytes()


def test_the_loss_is_told_once_without_tracebacks(watched: Watched) -> None:
    """Each step that lost its server says so in one line, and nothing of Prefect's trouble reaches the terminal."""
    assert watched.killed.stderr.count("\n") == watched.killed.stderr.count("will not appear in the Prefect UI") == 1
    assert watched.before.stderr.count("\n") == watched.before.stderr.count("will not appear in the Prefect UI") == 1


def test_the_loss_costs_little_time(watched: Watched) -> None:
    """A step whose server is killed ends soon, far from the minutes of Prefect's own retries."""
    assert watched.seconds < 30


def test_the_steps_own_failure_passes_through(watched: Watched) -> None:
    """What the step raises comes out as it was, though Prefect stood between."""
    assert "fails: raised own failure 7" in watched.before.stdout
    assert not (watched.root / "fails.json").exists()
