"""`sevenfold operate` with a real server: the Run button, late runs, changed data, cancelling, and being killed."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from operated import Operated, eventually, operated

from flows.operating import locks
from flows.operating.deployment import duration, local_zone, schedules
from flows.watching.schedules import next_time
from pipelines.core.errors import InputError

Run = dict[str, Any]
LOOKING = ("--look", "1s", "--look-away", "2s")


@dataclass
class Operator:
    """A process of `sevenfold operate`, and what it has said."""

    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)

    def listen(self) -> None:
        """Keep what it says."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)

    def end(self, by: signal.Signals = signal.SIGTERM) -> int:
        """End it; return its exit status."""
        self.process.send_signal(by)
        return self.process.wait(60)


@contextmanager
def operator(here: Operated, *arguments: str) -> Iterator[Operator]:
    """Give a process that serves the deployment, and end it."""
    process = here.start("operate", *arguments)
    found = Operator(process)
    Thread(target=found.listen, daemon=True).start()
    try:
        eventually(lambda: process.poll() is not None or any(" rebuilds " in line for line in found.lines), "its word")
        yield found
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(10)


def deployment(here: Operated) -> Run | None:
    """Return the deployment as the server has it."""
    found = here.ask("/deployments/filter", {})
    return found[0] if found else None


def press_run(here: Operated, **parameters: object) -> Run:
    """Do what the UI's Run button does."""
    served = deployment(here)
    assert served is not None
    made: Run = here.ask(f"/deployments/{served['id']}/create_flow_run", {"parameters": parameters})
    return made


def state(here: Operated, run: Run) -> Run:
    """Return a run's state."""
    found: Run = here.ask(f"/flow_runs/{run['id']}")["state"]
    return found


def ended(here: Operated, *runs: Run) -> list[Run]:
    """Wait for the end of runs; return their states."""
    final = ("COMPLETED", "CANCELLED", "FAILED")
    eventually(lambda: all(state(here, run)["type"] in final for run in runs), "the end of the runs")
    return [state(here, run) for run in runs]


def begun(here: Operated, *, projects: Sequence[str] = ("shop",)) -> Run:
    """Press Run and wait until the first step has begun, which waits; return the run."""
    here.hold()
    run = press_run(here, projects=list(projects), force=True)
    eventually(lambda: here.began("define-shop"), "the first step")
    return run


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory, prefect_database: Path) -> Iterator[Operated]:
    """A repository in which everything has been built once."""
    with operated(tmp_path_factory.mktemp("operate"), prefect_database) as found:
        done = found.run("rebuild")
        assert done.returncode == 0, done.stderr
        yield found
        found.release()


def test_the_run_button_and_late_runs(here: Operated) -> None:
    """A run with parameters is the parent of its steps; while it runs, two more for the same become one."""
    with operator(here, *LOOKING) as serving:
        first = begun(here)
        late = [press_run(here, projects=["shop"]), press_run(here), press_run(here, projects=["mill"])]
        time.sleep(3)  # nothing else begins
        running = [run["id"] for run in here.parents() if run["state_type"] in ("PENDING", "RUNNING")]
        here.release()
        states = ended(here, first, *late)
        status = serving.end()

    assert running == [first["id"]]
    assert [one["name"] for one in states] == ["Completed", "Coalesced", "Completed", "Coalesced"]
    parent = here.ask(f"/flow_runs/{first['id']}")
    assert parent["name"] == "rebuild / shop"
    assert parent["parameters"]["projects"] == ["shop"]
    assert [run["name"] for run in here.children(parent)] == ["shop / 1 define", "shop / 9 report"]
    assert status == 0


def test_what_the_button_offers(here: Operated) -> None:
    """The form has the projects, refuses others, and a schedule of the command line is the deployment's."""
    with operator(here, "--no-look", "--cron", "0 6 * * 1-5", "--timezone", "Europe/Berlin"):
        served = deployment(here)
        assert served is not None
        with pytest.raises(OSError, match="409"):
            press_run(here, projects=["barn"])
        eventually(lambda: len(upcoming(here)) > 0, "the scheduled run")
        (run,) = upcoming(here)
        here.ask(f"/deployments/{served['id']}", {"paused": True}, "PATCH")
        eventually(lambda: not upcoming(here), "no run of a deployment that is paused")
        here.ask(f"/deployments/{served['id']}", {"paused": False}, "PATCH")
        eventually(lambda: len(upcoming(here)) > 0, "the scheduled run again")

    offered = served["parameter_openapi_schema"]["properties"]
    assert offered["projects"]["items"]["enum"] == ["mill", "shop"]
    assert offered["force"]["type"] == "boolean"
    assert [one["schedule"]["cron"] for one in served["schedules"]] == ["0 6 * * 1-5"]
    when = datetime.fromisoformat(run["expected_start_time"]).astimezone(ZoneInfo("Europe/Berlin"))
    assert (when.hour, when.minute) == (6, 0)
    assert when.weekday() < 5
    with operator(here, "--no-look", "--interval", "6h") as serving:
        eventually(lambda: any("every 6:00:00" in line for line in serving.lines), "the other schedule")
        replaced = deployment(here)
    with operator(here, "--no-look") as serving:
        eventually(lambda: any("every 6:00:00" in line for line in serving.lines), "the schedule of before")
    assert replaced is not None
    assert [one["schedule"]["interval"] for one in replaced["schedules"]] == [21600.0]


def upcoming(here: Operated) -> list[Run]:
    """Return the runs of schedules that are not due yet."""
    asked = {"flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}, "tags": {"all_": ["scheduled"]}}}
    found: list[Run] = here.ask("/flow_runs/filter", asked)
    return found


def test_changed_data(here: Operated) -> None:
    """A raw file with another content is built by itself, one whose time alone changed is not."""
    with operator(here, *LOOKING) as serving:
        before = [run["id"] for run in here.parents()]
        (here.root / "data" / "raw" / "shop.csv").touch()
        time.sleep(5)
        touched = [run["id"] for run in here.parents()]
        here.change("shop", "amount,late\n3,1\n")
        eventually(lambda: len(here.parents()) > len(before), "a run")
        (run,) = [run for run in here.parents() if run["id"] not in before]
        (end,) = ended(here, run)
        time.sleep(4)
        after = len(here.parents())
        serving.end()

    assert touched == before
    assert end["message"] == "3 of 3 stages ran"
    assert after == len(before) + 1
    found = here.ask(f"/flow_runs/{run['id']}")
    assert sorted(found["tags"]) == ["changed data", "shop"]
    assert here.log(found)[0].startswith("data/raw/shop.csv: its content is not the one")


def test_cancelled_in_the_ui(here: Operated) -> None:
    """The rebuild and its step end, no lock stays, and the next run is run."""
    with operator(here, "--no-look") as serving:
        run = begun(here)
        here.ask(f"/flow_runs/{run['id']}/set_state", {"state": {"type": "CANCELLING"}})
        (end,) = ended(here, run)
        here.release()
        eventually(lambda: any("cancelled" in line for line in serving.lines), "the operator's word")
        left = [process.cmdline() for process in here.processes() if process.pid != serving.process.pid]
        held = locks_of(here)
        (after,) = ended(here, press_run(here, projects=["shop"]))
        serving.end()

    assert end["type"] == "CANCELLED"
    assert [child["state_type"] for child in here.children(run)] == ["CANCELLED"]
    assert left == []
    assert held == "{}"
    assert after["type"] == "COMPLETED"


def locks_of(here: Operated) -> str:
    """Return what DVC's file of locks holds, without spaces."""
    path = here.root / locks.WHO
    found = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return json.dumps({kind: paths for kind, paths in found.items() if paths})


def test_a_killed_runner_whose_rebuild_lives(here: Operated) -> None:
    """The rebuild goes on; the next runner takes it over, and sees it cancelled."""
    with operator(here, "--no-look") as serving:
        run = begun(here)
        serving.end(signal.SIGKILL)
    with operator(here, "--no-look") as serving:
        eventually(lambda: any("still runs" in line for line in serving.lines), "the operator's word")
        here.release()
        (end,) = ended(here, run)
        eventually(lambda: any("completed" in line for line in serving.lines), "its end")
        serving.end()

    assert end["type"] == "COMPLETED"
    assert here.ask(f"/flow_runs/{run['id']}")["run_count"] == 1


def test_a_killed_runner_and_its_killed_rebuild(here: Operated) -> None:
    """The same run is run again; what was left of the first attempt is ended, and the stage that had ended is kept."""
    with operator(here, "--no-look") as serving:
        here.change("shop", "amount,late\n4,1\n")
        here.hold("report")
        run = press_run(here, projects=["shop"])
        eventually(lambda: here.began("report-shop"), "the second step")
        noted = json.loads((here.root / ".prefect" / "operate.json").read_text("utf-8"))
        serving.end(signal.SIGKILL)
        os.kill(int(noted["process"].split(":")[1]), signal.SIGKILL)
    here.release()
    with operator(here, "--no-look") as serving:
        (end,) = ended(here, run)
        serving.end()

    found = here.ask(f"/flow_runs/{run['id']}")
    assert end["message"] == "2 of 3 stages ran"  # not the first again
    assert found["run_count"] == 2
    assert [child["name"] for child in here.children(run)] == ["shop / 1 define", "shop / 9 report", "shop / 9 report"]


def test_ended_in_mid_run(here: Operated) -> None:
    """SIGTERM, as of a service manager, stops the rebuild as well, and leaves neither process nor lock."""
    with operator(here, "--no-look") as serving:
        run = begun(here)
        status = serving.end()
    here.release()

    assert status == 0
    assert state(here, run)["type"] == "CANCELLED"
    assert here.processes() == []
    assert locks_of(here) == "{}"


def test_only_one_at_a_time(here: Operated) -> None:
    """A second runner of the same repository is refused, and says which process is the first."""
    with operator(here, "--no-look") as serving:
        second = here.run("operate", "--no-look")
        first = serving.process.pid
        serving.end()

    assert second.returncode == 2
    assert f"runs here already, as process {first}" in second.stderr


def test_what_a_file_was_imported_from(here: Operated, tmp_path: Path) -> None:
    """A source that changes is fetched and built; one that stays is asked about and nothing follows."""
    source = tmp_path / "shop.csv"
    raw = here.root / "data" / "raw" / "shop.csv"
    source.write_bytes(raw.read_bytes())
    raw.unlink()
    imported = here.dvc("import-url", str(source), "data/raw/shop.csv")
    assert imported.returncode == 0, imported.stderr
    assert here.run("rebuild", "shop").returncode == 0
    with operator(here, *LOOKING) as serving:
        before = [run["id"] for run in here.parents()]
        time.sleep(10)
        stayed = [run["id"] for run in here.parents()]
        source.write_text("amount,late\n5,0\n", encoding="utf-8")
        eventually(lambda: len(here.parents()) > len(before), "a run")
        run = here.parents()[-1]
        (end,) = ended(here, run)
        serving.end()

    assert stayed == before
    assert end["type"] == "COMPLETED"
    assert raw.read_text("utf-8") == "amount,late\n5,0\n"
    assert here.ask(f"/flow_runs/{run['id']}")["parameters"]["update"] is True


def test_a_run_by_schedule(here: Operated) -> None:
    """With an interval of seconds a run comes by itself, and is run; the last test, since more come after it."""
    before = len(here.parents())
    with operator(here, "--no-look", "--interval", "20s") as serving:
        eventually(
            lambda: any("scheduled" in run["tags"] and run["state_type"] == "COMPLETED" for run in here.parents()),
            "a run by schedule",
        )
        serving.end()
    assert len(here.parents()) > before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--cron", "every day"], "is no cron line"),
        (["--cron", "0 6 * * *", "--timezone", "Mars/Olympus"], "no time zone"),
        (["--interval", "often"], "is no time such as 90s, 30m, 6h or 1d"),
        (["--look", "0s"], "is no time such as"),
        (["shpo"], "did you mean `shop`?"),
    ],
)
def test_bad_input(arguments: list[str], said: str, here: Operated) -> None:
    """Status 2, and a message of a few lines, before anything is served."""
    done = here.run("operate", *arguments)

    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) <= 5


@pytest.mark.parametrize(
    ("text", "time_"),
    [("90s", timedelta(seconds=90)), ("30m", timedelta(minutes=30)), ("6h", timedelta(hours=6)), (" 1d", timedelta(1))],
)
def test_times(text: str, time_: timedelta) -> None:
    """Times as people write them."""
    assert duration(text) == time_


@pytest.mark.parametrize(
    ("schedule", "next_"),
    [
        ({"cron": "0 6 * * *", "timezone": "Europe/Berlin"}, "2026-03-29T04:00:00+00:00"),  # the clock went forward
        ({"interval": 3600.0, "anchor_date": "2026-01-01T00:20:00Z", "timezone": "UTC"}, "2026-03-28T21:20:00+00:00"),
        ({"rrule": "DTSTART:20200101T000000Z\nRRULE:FREQ=DAILY;COUNT=1", "timezone": "UTC"}, None),
        ({"moon": "full"}, None),
    ],
)
def test_the_next_time(schedule: Run, next_: str | None) -> None:
    """As Prefect reads its schedules: in their time zone, from their anchor, and none after the last."""
    found = next_time(schedule, datetime(2026, 3, 28, 20, 30, tzinfo=UTC))

    assert (found and found.astimezone(UTC).isoformat()) == next_


@pytest.mark.parametrize("text", ["", "6", "h", "-1h", "1.5h", "0m", "1w", "1h30m", "9999999s"])
def test_what_is_no_time(text: str) -> None:
    """Anything else is refused."""
    with pytest.raises(ValueError, match="is no time such as"):
        duration(text)


def test_schedules_name_their_time_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine's, where none is given: six o'clock is six o'clock here."""
    monkeypatch.setenv("TZ", "Asia/Tokyo")

    assert local_zone() == "Asia/Tokyo"
    assert schedules("0 6 * * *", None, None)[0]["schedule"] == {"cron": "0 6 * * *", "timezone": "Asia/Tokyo"}
    assert schedules(None, None, None) == []
    assert [one["active"] for one in schedules("0 6 * * *", timedelta(hours=1), "UTC")] == [True, True]
    with pytest.raises(InputError, match="no cron line"):
        schedules("H * * * *", None, None)
