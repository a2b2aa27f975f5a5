"""What a server loses and does wrong when it is killed, its file is replaced, its disk is full: nothing."""

import os
import resource
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
from conftest import ROOT, shop_text
from recorded_models import record_models
from serving_http import Running, kill, options_in, rows_of, serving, started, until
from toy_service import packed

from flows.serving.serve import listen
from flows.serving.store import DiskFullError, Kept, Store
from pipelines.core.errors import InputError

ROWS = rows_of()
ROOM = np.linspace(0, 1, 10)


def send_truth(server: Running, request: str, row: int = 0, truth: int = 1) -> tuple[int, Any]:
    """Send a truth; return status and JSON of the answer."""
    return server.ask("/feedback", {"feedback": [{"request_id": request, "row": row, "truth": truth}]})


def test_what_was_acknowledged_survives_a_kill(tmp_path: Path) -> None:
    """Killed while it answers and takes truths, a server has lost none that it acknowledged, and answers as before."""
    options = options_in(tmp_path)
    acknowledged: list[str] = []
    answered: list[tuple[str, float]] = []
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            try:
                status, said = server.ask("/predict", {"rows": ROWS[:1]})
                if status == 200:
                    answered.append((said["request_id"], said["results"][0]["prediction"]))
                    if send_truth(server, said["request_id"])[1]["kept"] == 1:
                        acknowledged.append(said["request_id"])
            except (OSError, HTTPException, ValueError):
                return

    with started(options) as server, ThreadPoolExecutor(4) as pool:
        asking = [pool.submit(ask) for _ in range(4)]
        until(lambda: len(acknowledged) > 20)
        assert server.process is not None
        kill(server.process)
        stop.set()
        for one in asking:
            one.result()
    store = sqlite3.connect(tmp_path / "state" / "served.sqlite")
    kept = {request for (request,) in store.execute("SELECT request FROM truths")}
    predicted = {request for (request,) in store.execute("SELECT request FROM predictions")}
    store.close()

    assert set(acknowledged) <= kept
    assert {request for request, _ in answered} <= predicted
    with started(options) as server:
        again = server.predict(ROWS[0])[0]["prediction"]
        late = send_truth(server, answered[0][0])[1]
    assert {prediction for _, prediction in answered} == {again}
    assert late["kept"] == 1


def test_a_replaced_archive_is_said_and_not_mixed_in(tmp_path: Path) -> None:
    """Replaced or removed, the file changes no answer, and /about and /ready say what became of it."""
    with serving(options_in(tmp_path)) as server:
        before = server.predict(*ROWS)
        ready = server.get("/ready")["changed"]
        (tmp_path / "service.zip").write_bytes(packed("regression"))
        replaced = server.get("/ready")["changed"], server.get("/about")["archive"]["changed"]
        during = server.predict(*ROWS)
        (tmp_path / "service.zip").unlink()
        gone = server.get("/about")["archive"]["changed"]
        metrics = server.client.ask("GET", "/metrics")[1]
        (tmp_path / "service.zip").write_bytes(packed("binary"))
        back = server.get("/about")["archive"]["changed"]

    assert ready is None
    assert replaced[0] == replaced[1]
    assert "the file is another one" in replaced[0]
    assert "is gone" in gone
    assert b"sevenfold_archive_changed 1" in metrics
    assert back is None
    assert before == during


def test_all_processes_answer_from_one_archive_and_count_together(tmp_path: Path) -> None:
    """Two processes: truths of one's answers reach the other, counters are added, and one that died is replaced."""
    with started(options_in(tmp_path, workers=2)) as server:
        first = server.process
        assert first is not None
        processes = children(first)
        before = server.predict(*ROWS)
        with ThreadPoolExecutor(8) as pool:
            ids = list(pool.map(lambda _: server.ask("/predict", {"rows": ROWS[:2]})[1]["request_id"], range(40)))
            kept = list(pool.map(lambda one: send_truth(server, one)[1]["kept"], ids))
        until(lambda: counted(server) == 40 * 2 + len(ROWS))
        (tmp_path / "service.zip").write_bytes(packed("regression"))
        os.kill(processes[0], signal.SIGKILL)
        until(lambda: len(set(children(first)) - set(processes)) == 1)
        until(lambda: all(answers(server) for _ in range(10)))
        after = [server.predict(*ROWS) for _ in range(10)]
        until(lambda: counted(server) == 40 * 2 + 11 * len(ROWS))
        changed = server.get("/about")["archive"]["changed"]

    assert kept == [1] * 40
    assert all(one == before for one in after)
    assert "the file is another one" in changed


def test_no_process_answers_before_it_has_loaded(tmp_path: Path) -> None:
    """From the first answer on, and while a process that died is replaced, no request is told to come back later."""

    def statuses(seconds: float) -> set[int]:
        end = time.monotonic() + seconds
        found = set()
        while time.monotonic() < end:
            found.add(server.ask("/predict", {"rows": ROWS[:1]})[0])  # each by a connection of its own
        return found

    with started(options_in(tmp_path, workers=2)) as server:
        parent = server.process
        assert parent is not None
        first = statuses(3)
        processes = children(parent)
        os.kill(processes[0], signal.SIGKILL)
        until(lambda: len(set(children(parent)) - set(processes)) == 1)
        later = statuses(6)

    assert len(processes) == 2
    assert (first, later) == ({200}, {200})


def children(process: "subprocess.Popen[str]") -> list[int]:
    """Return the processes that answer."""
    found = [one for one in psutil.Process(process.pid).children() if one.status() != psutil.STATUS_ZOMBIE]
    return [one.pid for one in found if "spawn_main" in " ".join(one.cmdline())]


def answers(server: Running) -> bool:
    """Return whether a new connection is answered with rows."""
    try:
        return server.ask("/predict", {"rows": []})[0] == 200
    except (OSError, HTTPException):
        return False


def counted(server: Running) -> int:
    """Return how many rows all processes count as answered."""
    text = server.client.ask("GET", "/metrics")[1].decode()
    wanted = 'sevenfold_rows_total{model="strong",outcome="answered"}'
    line = next(one for one in text.splitlines() if one.startswith(wanted))
    return int(line.split()[-1])


def test_processes_end_with_the_one_that_started_them(tmp_path: Path) -> None:
    """Killed alone, the first process leaves no other behind that would keep the port."""
    options = options_in(tmp_path, workers=2)
    with started(options) as server:
        assert server.process is not None
        left = children(server.process)
        port = int(server.address.rsplit(":", 1)[1])
        os.kill(server.process.pid, signal.SIGKILL)
        server.process.wait()
        until(lambda: not any(psutil.pid_exists(one) for one in left))
        with socket.socket() as again:
            again.bind(("127.0.0.1", port))


def test_a_full_disk_keeps_what_was_acknowledged(tmp_path: Path) -> None:
    """Where no file may grow, rows are answered without being kept, truths are refused with 507, and none is lost."""
    options = options_in(tmp_path)
    with started(options) as server:
        assert server.process is not None
        ids = [server.ask("/predict", {"rows": ROWS[:1]})[1]["request_id"] for _ in range(5)]
        kept = [send_truth(server, one)[0] for one in ids[:3]]
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
        answered = server.ask("/predict", {"rows": ROWS[:1]})
        refused = send_truth(server, ids[3])
        alive = server.get("/ready")["ready"], server.client.ask("GET", "/metrics")[0]
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        until(lambda: send_truth(server, ids[3])[0] == 200)
        later = server.ask("/predict", {"rows": ROWS[:1]})[1]
    store = Store(tmp_path / "state", "")
    truths = store.truths()
    store.close()

    assert kept == [200] * 3
    assert answered[0] == 200
    assert answered[1]["kept"] is False
    assert "error" not in answered[1]["results"][0]
    assert refused[0] == 507
    assert set(refused[1]["error"]) == {"field", "found", "allowed", "do"}
    assert alive == (True, 200)
    assert "kept" not in later
    assert truths == 4


def test_a_store_without_room_writes_all_or_nothing(tmp_path: Path) -> None:
    """SQLite's own bound of pages is a full disk: nothing of the write that fails is there, all of the others is."""
    store = Store(tmp_path, "a")
    store.keep([Kept("first", "strong", ROOM)])
    store.take([("first", row, 1.0) for row in range(10)])
    pages = store._durable.execute("PRAGMA page_count").fetchone()[0]
    store._durable.execute(f"PRAGMA max_page_count = {pages}")

    with pytest.raises(DiskFullError):
        store.take([("first", row, 0.0) for row in range(100_000)])
    store._durable.execute("PRAGMA max_page_count = 1000000")

    assert store.judged()["strong"][1].tolist() == [1.0] * 10
    store.close()


def test_old_predictions_go_and_those_with_truths_stay(tmp_path: Path) -> None:
    """Beyond the bound the oldest requests without a truth are removed."""
    store = Store(tmp_path, "a")
    store.keep([Kept(f"{place:04d}", "strong", ROOM) for place in range(30)])
    store.take([("0003", 0, 1.0)])

    store.tidy(most=100)
    made = store.made([f"{place:04d}" for place in range(30)])

    assert list(made) == ["0003"]
    store.close()


SERVE = [sys.executable, "-m", "flows.cli", "serve"]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A repository with a project, its archive, and DVC's record of it."""
    (tmp_path / "projects").mkdir()
    (tmp_path / "projects" / "shop.toml").write_text(shop_text(), encoding="utf-8")
    (tmp_path / "models" / "shop").mkdir(parents=True)
    (tmp_path / "models" / "shop" / "service.zip").write_bytes(packed("binary"))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path)
        record_models("shop")
    return tmp_path


def command(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `sevenfold serve` in a repository; it has to end by itself."""
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [*SERVE, *arguments], cwd=root, env=env, capture_output=True, text=True, check=False, timeout=120
    )


def test_an_unknown_project_and_a_missing_archive_are_said(shop: Path) -> None:
    """Exit status 2, with what to do."""
    unknown = command(shop, "shpo")
    (shop / "models" / "shop" / "service.zip").unlink()
    missing = command(shop, "shop")

    assert (unknown.returncode, missing.returncode) == (2, 2)
    assert "did you mean `shop`?" in unknown.stderr
    assert "dvc repro archive@shop" in missing.stderr
    assert all(line.partition(":")[0] in ("error", "where", "allowed", "do") for line in missing.stderr.splitlines())


def test_an_archive_that_dvc_did_not_record_is_not_served(shop: Path) -> None:
    """Nor one that is no archive."""
    (shop / "models" / "shop" / "service.zip").write_bytes(packed("regression"))
    other = command(shop, "shop")

    assert other.returncode == 2
    assert "DVC did not record" in other.stderr


def test_a_busy_port_is_said(shop: Path) -> None:
    """Exit status 2, and the port by its number."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        busy = command(shop, "shop", "--port", str(port))

    assert busy.returncode == 2
    assert f"127.0.0.1:{port}" in busy.stderr
    assert "--port" in busy.stderr


def test_a_model_that_the_archive_lacks_is_said(shop: Path) -> None:
    """The toy has no repaired baseline."""
    lacking = command(shop, "shop", "--port", "0", "--model", "repaired")

    assert lacking.returncode == 2
    assert "no model 'repaired'" in lacking.stderr
    assert "strong, baseline" in lacking.stderr


def test_a_forecast_is_not_served(shop: Path) -> None:
    """What a forecast says depends on the rows before: another command makes it."""
    from toy_forecast import TEXT

    (shop / "projects" / "shop.toml").write_text(TEXT, encoding="utf-8")
    forecast = command(shop, "shop")

    assert forecast.returncode == 2
    assert "sevenfold predict shop" in forecast.stderr


@pytest.mark.parametrize("wrong", [("--workers", "0"), ("--timeout", "-1"), ("--timeout", "nan"), ("--model", "best")])
def test_options_out_of_bounds_are_said(wrong: tuple[str, str], shop: Path) -> None:
    """Exit status 2 without a start."""
    done = command(shop, "shop", *wrong)

    assert done.returncode == 2
    assert "error: " in done.stderr


def test_an_address_that_others_reach_is_warned_of(tmp_path: Path) -> None:
    """A host that is not this machine alone gets a line, and an address of no machine is refused."""
    with started(options_in(tmp_path, host="0.0.0.0")) as server:
        assert server.process is not None
        assert server.process.stderr is not None
        warning = server.process.stderr.readline()
    with pytest.raises(InputError, match="the port cannot be used"):
        listen(options_in(tmp_path, host="203.0.113.1"))

    assert warning.startswith("warning: 0.0.0.0 can be reached by other machines")


def test_a_state_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """A folder that is a file ends the start with the reason."""
    options = options_in(tmp_path)
    (tmp_path / "state").write_text("in the way")

    with serving(options, wait=False) as server:
        until(lambda: bool(server.failures))

    assert "--state" in server.failures[0].todo
