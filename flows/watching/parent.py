"""A rebuild as a flow run: the parent of its steps' runs, whose page says what happens while it happens.

The process that runs DVC begins it and names it in its environment, where each step finds it and makes its own run a
subflow. Watching never breaks a build: what the server does not take is lost, and nothing is raised.
"""

import logging
import os
import re
import socket
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from uuid import uuid4

import psutil

from flows.watching import RUN
from flows.watching.api import Api, Unanswered

FLOW = "rebuild"
QUIET_SECONDS = 60  # that a server which does not answer in time is left alone: waiting for it would hold up the build
MOST_CHARACTERS = 20_000  # of one line of the log; Prefect's own limit for its clients is a million bytes
IDENTITY = re.compile(r"(?P<host>.+):(?P<number>\d+):(?P<began>\d+)")
CLOCK_SECONDS = 3  # by which the time at which a process began may seem to change as the clock is set
UNFINISHED = ("SCHEDULED", "PENDING", "RUNNING", "CANCELLING", "PAUSED")
State = Literal["RUNNING", "COMPLETED", "FAILED", "CANCELLED", "CRASHED", "SCHEDULED", "PENDING"]


@dataclass
class Parent:
    """The flow run of a rebuild."""

    api: Api
    run: str  # its id
    _quiet_until: float = field(default=0.0, init=False)

    @property
    def page(self) -> str:
        """Where a person sees it."""
        return self.api.page("runs/flow-run", self.run)

    def say(self, text: str, level: int = logging.INFO) -> None:
        """Write into the log that its page shows."""
        self._try("POST", "/logs/", [line(self.run, text, level)])

    def subflow(self, name: str) -> str | None:
        """Return the id of a task run that stands for a subflow, as Prefect links one to its parent; None if lost."""
        keys = {"name": name, "task_key": name, "dynamic_key": str(uuid4())}  # a step may run twice in one rebuild
        made = self._try("POST", "/task_runs/", {**keys, "flow_run_id": self.run})
        return str(made["id"]) if made else None

    def cancelling(self) -> bool:
        """Return whether it is to be cancelled; False where that cannot be known."""
        seen = self._try("GET", f"/flow_runs/{self.run}", None)
        return bool(seen) and seen["state_type"] in ("CANCELLING", "CANCELLED")

    def publish(self, key: str, markdown: str, description: str) -> None:
        """Put a text beside the run."""
        body = {"key": key, "type": "markdown", "data": markdown, "description": description, "flow_run_id": self.run}
        self._try("POST", "/artifacts/", body)

    def end(self, state: State, message: str) -> None:
        """Set the last state, of the parent and of subflows that could not set theirs: their process was killed."""
        children = {"parent_flow_run_id": {"any_": [self.run]}}
        cut = [*UNFINISHED, "CRASHED"] if state == "CANCELLED" else UNFINISHED  # Prefect takes an interrupt for a crash
        asked = {"flow_runs": {**children, "state": {"type": {"any_": cut}}}}
        for child in self._try("POST", "/flow_runs/filter", asked) or []:
            why = "its rebuild was cancelled" if state == "CANCELLED" else "its process ended without a word"
            self._try("POST", *_setting(child["id"], "CANCELLED" if state == "CANCELLED" else "CRASHED", why))
        self._try("POST", *_setting(self.run, state, message))

    def _try(self, method: Literal["GET", "POST"], path: str, body: object) -> Any:  # noqa: ANN401 - the API's answer
        """Return the answer, or None where there is none; a server that was too slow is not asked for a while."""
        if time.monotonic() < self._quiet_until:
            return None
        asked = time.monotonic()
        try:
            return self.api.get(path) if method == "GET" else self.api.post(path, body)
        except Unanswered:
            if time.monotonic() - asked > 1:
                self._quiet_until = time.monotonic() + QUIET_SECONDS
            return None


def begin(
    api: Api, name: str, parameters: Mapping[str, object], tags: Sequence[str] = (), run: str | None = None
) -> Parent:
    """Return the parent of a rebuild that begins: the flow run `run`, which was scheduled before, or one made for it.

    Runs of rebuilds whose process was killed on this machine are marked as crashed. Raises Unanswered.
    """
    _mark_crashed(api)
    shown = {"name": name, "parameters": dict(parameters), "tags": list(tags)}
    if run is None:
        flow = api.post("/flows/", {"name": FLOW})["id"]
        run = str(api.post("/flow_runs/", {"flow_id": flow, **shown})["id"])
    else:
        shown["tags"] = sorted({*tags, *api.get(f"/flow_runs/{run}")["tags"]})
    api.patch(f"/flow_runs/{run}", {**shown, "infrastructure_pid": identity(psutil.Process())})
    api.post(*_setting(run, "RUNNING", "", force=False))
    return Parent(api, run)


def here() -> Parent | None:
    """Return the parent that the environment names; None where a step was started by hand."""
    run, api = os.environ.get(RUN), os.environ.get("PREFECT_API_URL")
    return Parent(Api(api), run) if run and api else None


def line(run: str, text: str, level: int = logging.INFO, later: int = 0) -> dict[str, object]:
    """Return a line of a run's log, `later` microseconds from now, which keeps lines sent at once in their order."""
    when = datetime.now(UTC) + timedelta(microseconds=later)
    shown = text[:MOST_CHARACTERS]
    return {"name": FLOW, "level": level, "message": shown, "timestamp": when.isoformat(), "flow_run_id": run}


def set_state(api: Api, run: str, state: State, message: str, *, name: str = "", force: bool = True) -> bool:
    """Set a run's state; return whether the server took it. Raises Unanswered."""
    answer = api.post(*_setting(run, state, message, name=name, force=force))
    return bool(answer["status"] == "ACCEPT")


def identity(process: psutil.Process) -> str:
    """Return what distinguishes a process from any other, also from a later one of its number on this machine."""
    return f"{socket.gethostname()}:{process.pid}:{process.create_time():.0f}"


def number_of(text: str) -> int:
    """Return the number of the process of an `identity`; 0 of any other text."""
    found = IDENTITY.fullmatch(text)
    return int(found["number"]) if found else 0


def process_of(text: str) -> psutil.Process | None:
    """Return the process of an `identity`, if it runs on this machine."""
    found = IDENTITY.fullmatch(text)
    if found is None or found["host"] != socket.gethostname():
        return None
    try:
        process = psutil.Process(int(found["number"]))
        same = abs(process.create_time() - float(found["began"])) <= CLOCK_SECONDS
        return process if same and process.status() != psutil.STATUS_ZOMBIE else None
    except psutil.Error:
        return None


def is_gone(text: str) -> bool:
    """Return whether the process of an `identity` ran on this machine and does not any more."""
    found = IDENTITY.fullmatch(text)
    return found is not None and found["host"] == socket.gethostname() and process_of(text) is None


def _setting(
    run: str, state: State, message: str, *, name: str = "", force: bool = True
) -> tuple[str, dict[str, object]]:
    """Return path and body of setting a state."""
    wanted = {"type": state, "name": name or state.capitalize(), "message": message}
    return f"/flow_runs/{run}/set_state", {"state": wanted, "force": force}


def _mark_crashed(api: Api) -> None:
    """Mark the rebuilds whose process is gone, and what they began."""
    asked = {"flows": {"name": {"any_": [FLOW]}}, "flow_runs": {"state": {"type": {"any_": ["RUNNING", "CANCELLING"]}}}}
    for run in api.post("/flow_runs/filter", asked):
        if is_gone(str(run["infrastructure_pid"])):
            Parent(api, run["id"]).end("CRASHED", "its process ended without a word")
