"""The process behind `sevenfold operate`: it runs what is due, one at a time, and asks for more when data change.

A rebuild is a process of its own that keeps its own run up to date, so it goes on when this one is killed. This one
notes which it is; the next one goes on with it, or schedules it again where it was killed, too. DVC keeps what is done.
"""

import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil

from flows.dvc.recording import ALL
from flows.operating import locks
from flows.operating.deployment import parameter_schema
from flows.operating.due import Due, coalesce, due_of
from flows.operating.raw_files import RawFiles, imported, known
from flows.operating.upcoming import schedule_runs
from flows.repository.files import write_json
from flows.watching import parent, server
from flows.watching.api import Api, Unanswered
from flows.watching.parent import Parent
from pipelines.core.errors import InputError, quote

RECORD = server.HOME / "operate.json"  # which rebuild runs, for a process that comes after this one
LOCK = server.HOME / "operate.lock"
LOG = server.HOME / "rebuild.log"  # what the last rebuild wrote on its terminal
TURN_SECONDS = 1.0
SCHEDULE_SECONDS = 5.0  # between two looks at the schedules, which the UI may change
AGAIN_SECONDS = 10.0  # between two attempts at a server that has gone
STUBBORN_SECONDS = 45.0  # from when on a rebuild that was cancelled is killed: its own signals end after 20
MOST_RUNS = 5  # of one run that is killed again and again, until it is left crashed
FINAL = ("COMPLETED", "FAILED", "CANCELLED", "CRASHED")
LOST = ("unknown", "deleted")  # what DVC says of a source that cannot be reached
TRIGGERED = "changed data"  # tag of runs that no user asked for


@dataclass(frozen=True)
class Looking:
    """How often raw files are looked at, and what they were imported from; None for never."""

    files: timedelta | None
    sources: timedelta | None


@dataclass
class Running:
    """The rebuild that runs."""

    run: str
    name: str
    process: str  # its identity
    cancelled: float | None = None  # since when it is seen to be cancelled


class Operator:
    """Runs what is due of one deployment."""

    def __init__(
        self, api: Api, deployment: str, names: Sequence[str], looking: Looking, say: Callable[[str], None]
    ) -> None:
        """Serve a deployment whose runs rebuild the named projects, all without names."""
        self._api, self._deployment, self._names, self._looking, self._say = api, deployment, names, looking, say
        self._raw = RawFiles(names)
        self._offered = list(known())  # projects that the form behind the Run button offers
        self._running: Running | None = None
        self._children: list[subprocess.Popen[bytes]] = []
        self._asking: subprocess.Popen[str] | None = None  # whether sources have changed
        self._next_files = self._next_sources = self._next_runs = 0.0
        self._waiting = ""  # what was last said of why nothing begins

    def resume(self) -> None:
        """Go on with the rebuild that an earlier process has left, or let it run again; raise Unanswered."""
        noted = _noted()
        if noted is None:
            return
        run, process = noted
        try:
            found = self._api.get(f"/flow_runs/{run}")
        except Unanswered as refused:
            if refused.status is None:
                raise
            RECORD.unlink(missing_ok=True)  # another server, or another database
            return
        if parent.process_of(process) is not None:
            self._running = Running(run, found["name"], process)
            self._say(f"{found['name']} still runs, begun before")
            return
        RECORD.unlink(missing_ok=True)
        _kill(process)
        locks.clear()
        if found["state_type"] in ("COMPLETED", "FAILED", "CANCELLED"):
            return
        if found["state_type"] == "CANCELLING":
            Parent(self._api, run).end("CANCELLED", "its process was gone")
            return
        Parent(self._api, run).end("CRASHED", "its process was killed, and so was `sevenfold operate`")
        if found["run_count"] < MOST_RUNS:
            why = "it goes on where it was killed: DVC keeps what is done"
            parent.set_state(self._api, run, "SCHEDULED", why, name="Resumed")
            self._say(f"{found['name']} was killed; it runs again, from where it was")

    def turn(self) -> None:
        """Do what is due now; raise Unanswered."""
        self._children = [child for child in self._children if child.poll() is None]
        if self._running is not None:
            self._look_after(self._running)
        if time.monotonic() >= self._next_runs:
            self._next_runs = time.monotonic() + SCHEDULE_SECONDS
            schedule_runs(self._api, self._deployment)
        due = [due_of(one) for one in self._scheduled()]  # by which the server sees that the deployment is served
        if self._running is None and due and self._free():
            self._begin(*coalesce(due))
        self._look_at_data()

    def stop(self, patience: float = STUBBORN_SECONDS) -> None:
        """End the rebuild that runs as Ctrl-C would; kill it where it takes too long. Raises Unanswered."""
        if self._asking is not None:
            self._asking.kill()
            self._asking.wait()
        if self._running is None:
            return
        process = parent.process_of(self._running.process)
        if process is not None:
            self._say(f"{self._running.name} is stopped")
            process.terminate()
            try:
                process.wait(patience)
            except psutil.TimeoutExpired:
                _kill(self._running.process)
        self._settle(self._running, "CANCELLED", "`sevenfold operate` was ended")

    def _scheduled(self) -> list[Mapping[str, Any]]:
        asked = {"deployment_ids": [self._deployment], "scheduled_before": datetime.now(UTC).isoformat()}
        found: list[Mapping[str, Any]] = self._api.post("/deployments/get_scheduled_flow_runs", asked)
        return found

    def _free(self) -> bool:
        """Return whether no other DVC works here; say once that one is waited for."""
        others = locks.holders()
        waiting = f"waiting for another DVC to end (process {others[0]})" if others else ""
        if waiting and waiting != self._waiting:
            self._say(waiting)
        self._waiting = waiting
        return not others

    def _begin(self, due: Due, covered: Sequence[Due]) -> None:
        """Start the rebuild of a run, and set aside those that it covers."""
        unknown = sorted(due.projects - set(known()))
        if unknown:
            parent.set_state(self._api, due.run, "FAILED", f"no project {quote(unknown[0])} is listed in dvc.yaml")
            self._say(f"{due.name}: no project {quote(unknown[0])} is listed in dvc.yaml")
            return
        if not parent.set_state(self._api, due.run, "PENDING", "", force=False):
            return  # cancelled in this moment
        for one in covered:
            parent.set_state(self._api, one.run, "CANCELLED", f"{due.name} does what this run would", name="Coalesced")
            self._say(f"{one.name} is covered by {due.name}")
        command = [sys.executable, "-m", "flows.cli", "rebuild", *sorted(due.projects), "--run", due.run]
        command += [flag for flag, wanted in (("--force", due.force), ("--update", due.update)) if wanted]
        with LOG.open("wb") as log:
            child = subprocess.Popen(  # noqa: S603 - our own command
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
            )
        self._children.append(child)
        process = parent.identity(psutil.Process(child.pid))
        name = f"{parent.FLOW} / {', '.join(sorted(due.projects)) or ALL}"
        self._running = Running(due.run, name, process)
        write_json(RECORD, {"run": due.run, "process": process})
        self._say(f"{self._running.name} begins: {self._api.page('runs/flow-run', due.run)}")

    def _look_after(self, running: Running) -> None:
        """Note the end of the rebuild; kill one that was cancelled and does not end."""
        process = parent.process_of(running.process)
        if process is None:
            self._settle(running, "CRASHED", "its process ended without a word")
            return
        if running.cancelled is None:
            state = self._api.get(f"/flow_runs/{running.run}")["state_type"]
            running.cancelled = time.monotonic() if state in ("CANCELLING", "CANCELLED") else None
        elif time.monotonic() - running.cancelled > STUBBORN_SECONDS:
            _kill(running.process)

    def _settle(self, running: Running, state: parent.State, why: str) -> None:
        """Make sure that a rebuild whose process has ended has an end in the server, and left no lock."""
        found = self._api.get(f"/flow_runs/{running.run}")
        if found["state_type"] not in FINAL:
            if found["state_type"] == "CANCELLING":
                state, why = "CANCELLED", "it was killed"
            Parent(self._api, running.run).end(state, why)
            found = self._api.get(f"/flow_runs/{running.run}")
        _kill(running.process)
        locks.clear()
        self._say(f"{running.name} {found['state']['name'].lower()}: {found['state']['message'] or ''}".rstrip(": "))
        RECORD.unlink(missing_ok=True)
        self._running = None

    def _look_at_data(self) -> None:
        """Ask for a rebuild of the projects whose raw file changed, or what it was imported from."""
        if self._looking.files is not None and time.monotonic() >= self._next_files:
            self._next_files = time.monotonic() + self._looking.files.total_seconds()
            self._offer()
            if changed := self._raw.changed():
                self._ask(changed, update=False)
        if self._asking is not None and self._asking.poll() is not None:
            answer, self._asking = self._asking.communicate()[0], None
            if changed := self._answered(answer):
                self._ask(changed, update=True)
        if self._looking.sources is not None and time.monotonic() >= self._next_sources:
            self._next_sources = time.monotonic() + self._looking.sources.total_seconds()
            if self._asking is None and self._running is None and (files := imported(self._names)):
                command = [sys.executable, "-m", "flows.operating.remote", *files]
                self._asking = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 - ours

    def _answered(self, answer: str) -> dict[str, str]:
        """Return the projects whose source has changed; say which could not be asked."""
        found: dict[str, str] = {}
        with suppress(ValueError):
            found = json.loads(answer)
        by_file = {f"{path}.dvc": name for name, path in known().items()}
        changed = {}
        for file, state in found.items():
            if state.startswith(LOST):
                self._say(f"what {file} was imported from cannot be looked at: {state}")
            elif state and file in by_file:
                changed[by_file[file]] = file
        return changed

    def _offer(self) -> None:
        """Let the form behind the Run button offer the projects that there are."""
        if (there := list(known())) != self._offered:
            self._offered = there
            self._api.patch(f"/deployments/{self._deployment}", {"parameter_openapi_schema": parameter_schema()})

    def _ask(self, changed: Mapping[str, str], *, update: bool) -> None:
        """Schedule a rebuild, and say in its log why."""
        body = {
            "name": f"{parent.FLOW} / {', '.join(changed)}",
            "parameters": {"projects": list(changed), "force": False, "update": update},
            "tags": [TRIGGERED],
            "enforce_parameter_schema": False,  # a project may be newer than the form
        }
        run = self._api.post(f"/deployments/{self._deployment}/create_flow_run", body)["id"]
        what = "what it was imported from has changed" if update else "its content is not the one that was built last"
        lines = [parent.line(run, f"{path}: {what}", later=place) for place, path in enumerate(changed.values())]
        self._api.post("/logs/", lines)
        self._say(f"{', '.join(changed.values())} changed: a rebuild is scheduled")


def operate(deployed: Callable[[Api], str], names: Sequence[str], looking: Looking, say: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM; a server that goes is waited for, and started again where it was ours.

    `deployed` puts the deployment into a server and returns its id. Raises NotWatched where no server is available.
    """
    ended: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, _: ended.append(number))
    with _alone():
        api = Api(server.connect(insist=True))
        operator = Operator(api, deployed(api), names, looking, say)
        operator.resume()
        lost = ""
        while not ended:
            try:
                operator.turn()
                lost = ""
            except Unanswered as why:
                if not lost:
                    say(f"the Prefect server does not answer ({why}); trying again")
                lost = str(why)
                with suppress(server.NotWatched):
                    server.connect(insist=True)
            _sleep(AGAIN_SECONDS if lost else TURN_SECONDS, ended)
        with suppress(Unanswered):
            operator.stop()


def _sleep(seconds: float, ended: Sequence[int]) -> None:
    """Sleep, but no longer than until a signal has come."""
    deadline = time.monotonic() + seconds
    while not ended and time.monotonic() < deadline:
        time.sleep(min(0.2, max(0.0, deadline - time.monotonic())))


@contextmanager
def _alone() -> Iterator[None]:
    """Be the only one of this repository; raise InputError where there is another."""
    server.HOME.mkdir(exist_ok=True)
    with LOCK.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            found = f"`sevenfold operate` runs here already, as process {file.read().strip() or 'unknown'}"
            raise InputError(found, where=str(LOCK), todo="end that one first") from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def _noted() -> tuple[str, str] | None:
    """Return the run and the process that an earlier operator noted; None where there is none."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        found = json.loads(RECORD.read_text(encoding="utf-8"))
        return str(found["run"]), str(found["process"])
    return None


def _kill(process: str) -> None:
    """Kill a rebuild and all that it started in its session, whether it runs itself or has left a stage behind.

    A step in a child of the warm process ends with its command.
    """
    session = parent.number_of(process)
    for one in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if os.getsid(one.pid) == session and one.cwd() == str(Path.cwd()):  # a number may be another's by now
                one.kill()
                one.wait(STUBBORN_SECONDS)
