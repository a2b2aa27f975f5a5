"""A rebuild as one flow run: what a real server shows, how it is cancelled, and that watching stops no build."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest
from operated import PROJECTS, Operated, eventually, operated

from flows.operating import locks
from flows.running import warm
from flows.watching import COMMIT, RUN

Run = dict[str, Any]


@dataclass
class Shown:
    """What came of a command, and what the server shows of it."""

    status: int
    said: str
    parent: Run
    children: list[Run]
    log: list[str]
    locks: str = ""  # what DVC's file of locks holds afterwards
    left: list[list[str]] = field(default_factory=list)  # processes that still run afterwards
    seconds: float = 0.0


@dataclass(frozen=True)
class Played:
    """All that was played in one repository."""

    here: Operated
    first: Shown  # everything, for the first time
    again: Shown  # one project, of which nothing has changed
    plain: Shown  # `dvc repro` after a raw file has changed
    failed: Shown  # a step fails
    cancelled: Shown  # cancelled as from the UI
    plain_cancelled: Shown  # the same of a plain `dvc repro`
    terminated: Shown  # SIGTERM
    lost: subprocess.CompletedProcess[str]  # the server is killed in mid-run
    killed: Run  # SIGKILL, as the next rebuild leaves it
    artifacts: list[Run]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory, prefect_database: Path) -> Iterator[Played]:
    """Rebuild in every way, one after the other, in a repository of two projects with a server of its own."""
    with operated(tmp_path_factory.mktemp("rebuild"), prefect_database) as here:
        first = shown(here, here.run("rebuild"))
        again = shown(here, here.run("rebuild", "shop"))
        here.change("shop", "amount,late\n2,1\n")
        plain = shown(here, here.dvc("repro"))
        artifacts = here.ask("/artifacts/filter", {})
        (here.root / "fail-report").touch()
        failed = shown(here, here.run("rebuild", "mill", "--force"))
        (here.root / "fail-report").unlink()
        cancelled = interrupted(here, here.start, "rebuild", "shop", "--force")
        plain_cancelled = interrupted(here, lambda *rest: dvc(here, *rest), "repro", "--force", "define@shop")
        terminated = interrupted(here, here.start, "rebuild", "shop", "--force", by=signal.SIGTERM)
        killed = interrupted(here, here.start, "rebuild", "shop", "--force", by=signal.SIGKILL).parent
        here.run("rebuild", "mill")
        killed = here.ask(f"/flow_runs/{killed['id']}")
        lost = without_server(here)
        here.run("ui")
        yield Played(here, first, again, plain, failed, cancelled, plain_cancelled, terminated, lost, killed, artifacts)


def shown(here: Operated, done: subprocess.CompletedProcess[str]) -> Shown:
    """Return what the server shows of the last rebuild."""
    parent = here.parents()[-1]
    time.sleep(3)  # a step's own log is sent in the background
    locks_ = here.root / locks.WHO
    return Shown(
        done.returncode,
        done.stdout + done.stderr,
        parent,
        here.children(parent),
        here.log(parent),
        locks_.read_text("utf-8") if locks_.exists() else "",
        [process.cmdline() for process in here.processes()],
    )


def dvc(here: Operated, *arguments: str) -> subprocess.Popen[str]:
    """Start DVC in a session of its own."""
    command = [str(Path(sys.executable).with_name("dvc")), *arguments]
    pipe = subprocess.PIPE
    return subprocess.Popen(
        command, cwd=here.root, env=here.env, stdout=pipe, stderr=pipe, text=True, start_new_session=True
    )


def interrupted(here: Operated, start: Any, *arguments: str, by: signal.Signals | None = None) -> Shown:  # noqa: ANN401 - a way to start
    """Start a rebuild and end it in the middle of its first step: by a signal, or as the UI cancels it."""
    here.hold()
    process = start(*arguments)
    eventually(lambda: here.began("define-shop"), "the first step")
    began = time.monotonic()
    if by is None:
        parent = here.parents()[-1]
        here.ask(f"/flow_runs/{parent['id']}/set_state", {"state": {"type": "CANCELLING"}})
    elif by is signal.SIGKILL:
        os.killpg(process.pid, by)
    else:
        process.send_signal(by)
    out, err = process.communicate(timeout=60)
    seconds = time.monotonic() - began
    here.release()
    found = shown(here, subprocess.CompletedProcess([], process.returncode, out, err))
    found.seconds = seconds
    return found


def without_server(here: Operated) -> subprocess.CompletedProcess[str]:
    """Rebuild, and kill the server in the middle of the first step."""
    here.hold()
    process = here.start("rebuild", "shop", "--force")
    eventually(lambda: here.began("define-shop"), "the first step")
    for server in psutil.process_iter(["cmdline"]):
        if {"uvicorn", str(here.port)} <= set(server.info["cmdline"] or []):
            server.kill()
            server.wait(10)
    here.release()
    out, err = process.communicate(timeout=120)
    return subprocess.CompletedProcess([], process.returncode, out, err)


def names(runs: list[Run]) -> list[str]:
    """Return the names of runs."""
    return [run["name"] for run in runs]


def test_the_steps_are_subflows_in_their_order(played: Played) -> None:
    """One parent for all projects; each step's run is linked to it, in the order in which DVC ran them."""
    steps = [f"{name} / {step}" for name in PROJECTS for step in ("1 define", "9 report")]

    assert played.first.status == 0, played.first.said
    assert played.first.parent["name"] == "rebuild / all projects"
    assert names(played.first.children) == steps
    assert {run["state_type"] for run in played.first.children} == {"COMPLETED"}
    assert played.first.parent["state_type"] == "COMPLETED"
    assert played.first.parent["state"]["message"] == "7 of 7 stages ran"


def test_the_page_draws_the_steps_below_the_parent(played: Played) -> None:
    """What the UI draws its picture from holds each step as a run inside of the parent."""
    graph = played.here.ask(f"/flow_runs/{played.first.parent['id']}/graph-v2")

    drawn = [node["label"].partition(" / ")[2] for _, node in graph["nodes"] if node["kind"] == "flow-run"]
    assert sorted(drawn) == sorted(names(played.first.children))


def test_parameters_and_tags(played: Played) -> None:
    """The parent says what was asked for, each step what it is of; both the commit."""
    child = played.first.children[0]
    commit = subprocess.run(
        ["git", "rev-parse", "--short=12", "HEAD"], cwd=played.here.root, capture_output=True, text=True, check=True
    ).stdout.strip()

    asked = {"projects": [], "force": False, "update": False, "commit": commit}
    assert played.first.parent["parameters"] == asked
    assert child["parameters"] == {
        "project": "mill", "step": "define", "effort": "quick", "commit": commit, "data": None,
    }  # fmt: skip
    assert sorted(child["tags"]) == ["define", "mill"]
    assert played.failed.parent["parameters"]["projects"] == played.failed.parent["tags"] == ["mill"]
    assert played.failed.parent["parameters"]["force"] is True


def test_the_log_tells_what_was_found(played: Played) -> None:
    """The parent's log holds begin, findings and end of each step; the step's own holds its findings."""
    found = "150,000 rows of the file: 119,999 to train and 30,000 to test on"
    log = played.first.log

    assert log.index("mill / 1 define begins") < log.index(f"mill / 1 define: {found}")
    assert any(line.startswith("mill / 1 define ended after ") for line in log)
    assert "mill / 9 report: reports/mill/README.md can be read" in log
    assert any(line.startswith("reports/mill/README.md can be read, ") for line in log)
    assert found in played.here.log(played.first.children[0])


def test_nothing_changed(played: Played) -> None:
    """A rebuild that has nothing to do is shown, without steps, and says so."""
    assert played.again.status == 0
    assert played.again.parent["name"] == "rebuild / shop"
    assert played.again.children == []
    assert played.again.parent["state"]["message"] == "nothing has changed, so nothing ran"
    assert "nothing has changed, so nothing ran" in played.again.said


def test_plain_dvc_repro_has_the_same_parent(played: Played) -> None:
    """It begins with the first stage that runs; what did not change is no run."""
    assert played.plain.status == 0
    assert played.plain.parent["name"] == "rebuild / all projects"
    assert names(played.plain.children) == ["shop / 1 define", "shop / 9 report"]
    assert played.plain.parent["state"]["message"] == "4 of 7 stages ran"


def test_dvc_says_where_the_first_report_is(played: Played) -> None:
    """On the terminal, as soon as it is written, and before the next project's first step."""
    said = played.first.said

    assert said.index("reports/mill/README.md can be read, ") < said.index("Running stage 'define@shop'")


def test_a_failed_step_shows_its_error(played: Played) -> None:
    """On its own page and in the parent's log; the parent has failed and names it, and the later steps did not run."""
    child = played.failed.children[-1]

    assert played.failed.status == 1
    assert (child["name"], child["state_type"]) == ("mill / 9 report", "FAILED")
    assert "no report in bad weather" in child["state"]["message"]
    assert played.failed.parent["state_type"] == "FAILED"
    assert played.failed.parent["state"]["message"] == "mill / 9 report failed"
    assert "mill / 9 report failed with ValueError: no report in bad weather" in played.failed.log
    assert not any("notebook" in line for line in played.failed.log)


@pytest.mark.parametrize("way", ["cancelled", "plain_cancelled", "terminated"])
def test_cancelled_it_leaves_no_lock_and_no_process(way: str, played: Played) -> None:
    """From the UI or by SIGTERM: DVC and its step end soon, and nothing of them stays."""
    found: Shown = getattr(played, way)

    assert found.status != 0
    assert found.parent["state_type"] == "CANCELLED"
    assert [child["state_type"] for child in found.children] == ["CANCELLED"]
    assert found.locks in ("", "{}", '{"write": {}, "read": {}}')
    assert found.left == []
    assert found.seconds < 30


def test_the_server_may_go(played: Played) -> None:
    """Killed in mid-run, it takes nothing with it: all stages run, and the loss is told in a line."""
    assert played.lost.returncode == 0, played.lost.stderr
    assert "3 of 3 stages ran" in played.lost.stdout
    assert "Traceback" not in played.lost.stderr


def test_a_rebuild_that_was_killed_is_marked(played: Played) -> None:
    """It could not set its own end, so the next rebuild does, also of the step that was killed with it."""
    assert played.killed["state_type"] == "CRASHED"
    assert played.killed["state"]["message"] == "its process ended without a word"
    assert [run["state_type"] for run in played.here.children(played.killed)] == ["CRASHED"]


def test_an_artifact_says_what_changed(played: Played) -> None:
    """After `sevenfold rebuild`, with DVC's own comparison."""
    found = [one for one in played.artifacts if one["key"] == "rebuild-changes"]

    assert len(found) == 2
    assert all(one["data"].startswith("# What changed since the last rebuild\n") for one in found)
    assert all("`dvc metrics diff`" in one["data"] for one in found)
    assert {one["flow_run_id"] for one in found} == {played.first.parent["id"], played.again.parent["id"]}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["rebuild", "shpo"], "did you mean `shop`?"), (["rebuild", "shop", "nothing-like-it"], "allowed: mill, shop")],
)
def test_unknown_projects(arguments: list[str], said: str, played: Played) -> None:
    """Status 2, a message, and no run."""
    before = len(played.here.parents())
    done = played.here.run(*arguments)

    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert len(played.here.parents()) == before


def test_a_project_that_dvc_does_not_build(played: Played) -> None:
    """A project file alone is not enough; the message says what is missing."""
    other = played.here.root / "projects" / "barn.toml"
    other.write_bytes((played.here.root / "projects" / "shop.toml").read_bytes())
    try:
        done = played.here.run("rebuild", "barn")
    finally:
        other.unlink()

    assert done.returncode == 2
    assert "the project barn is not listed" in done.stderr


def test_the_parent_is_known_to_no_warm_process() -> None:
    """A rebuild's own variables do not make a warm process another one, or each rebuild would start its own."""
    assert {RUN, COMMIT} <= set(warm.WHERE)
