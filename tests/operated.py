"""A repository of two tiny projects, whose rebuilds take seconds, with a server of its own; and what that shows."""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from conftest import ROOT, environment, free_port, give_database, shop_text

PROJECTS = ("mill", "shop")
SECONDS = 240  # that anything may take on a busy machine
STEP = Path(__file__).with_name("operated_step.py")
PIPELINE = """\
vars:
  - packaged: &packaged {}
  - projects:
      <<: *packaged
      mill:
        raw: data/raw/mill.csv
      shop:
        raw: data/raw/shop.csv
stages:
  report:
    foreach: ${projects}
    do:
      cmd: .venv/bin/sevenfold run report ${key}
      deps: ["outs/define-${key}.json"]
      outs: ["outs/report-${key}.json": {cache: false, persist: true}]
  define:
    foreach: ${projects}
    do:
      cmd: .venv/bin/sevenfold run define ${key}
      deps: ["${item.raw}"]
      outs: ["outs/define-${key}.json": {cache: false, persist: true}]
  notebook:
    foreach: ${projects}
    do:
      cmd: cp outs/report-${key}.json outs/notebook-${key}.json
      deps: ["outs/report-${key}.json"]
      outs: ["outs/notebook-${key}.json": {cache: false, persist: true}]
  overview:
    cmd: cp outs/report-shop.json outs/overview.json
    deps: [outs/report-shop.json, outs/report-mill.json]
    outs: [outs/overview.json: {cache: false, persist: true}]
"""


@dataclass(frozen=True)
class Operated:
    """The repository, and how commands run in it."""

    root: Path
    env: Mapping[str, str]
    port: int

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start the command line; its process leads a session of its own."""
        command = [sys.executable, "-m", "flows.cli", *arguments]
        pipe = subprocess.PIPE
        return subprocess.Popen(
            command, cwd=self.root, env=self.env, stdout=pipe, stderr=pipe, text=True, start_new_session=True
        )

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the command line to its end."""
        command = [sys.executable, "-m", "flows.cli", *arguments]
        return self._run(command)

    def dvc(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run DVC to its end."""
        return self._run([str(Path(sys.executable).with_name("dvc")), *arguments])

    def _run(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=self.root, env=self.env, capture_output=True, text=True, check=False, timeout=SECONDS
        )

    def ask(self, path: str, body: object = None, method: str | None = None) -> Any:  # noqa: ANN401 - the server's answer
        """Return what the server answers: to a question with a body, or to one without."""
        address = f"http://127.0.0.1:{self.port}/api{path}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(address, data, {"Content-Type": "application/json"}, method=method)
        deadline = time.monotonic() + SECONDS
        while True:
            try:
                with urllib.request.urlopen(request, timeout=SECONDS) as answer:
                    text = answer.read()
                return json.loads(text) if text else None
            except urllib.error.HTTPError as error:  # 503: on a busy machine the database may be locked for long
                if error.code != 503 or time.monotonic() > deadline:
                    raise

    def parents(self) -> list[dict[str, Any]]:
        """Return the runs of rebuilds, the first first; without those of a schedule that are not due yet."""
        asked = {"flows": {"name": {"any_": ["rebuild"]}}, "sort": "START_TIME_ASC"}
        found: list[dict[str, Any]] = self.ask("/flow_runs/filter", asked)
        return [run for run in found if run["state_type"] != "SCHEDULED" or "scheduled" not in run["tags"]]

    def children(self, parent: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return the subflows of a run as the server links them, in their order."""
        asked = {"flow_runs": {"parent_flow_run_id": {"any_": [parent["id"]]}}, "sort": "START_TIME_ASC"}
        found: list[dict[str, Any]] = self.ask("/flow_runs/filter", asked)
        return found

    def log(self, run: Mapping[str, Any]) -> list[str]:
        """Return the lines of a run's log."""
        asked = {"logs": {"flow_run_id": {"any_": [run["id"]]}}, "sort": "TIMESTAMP_ASC", "limit": 200}
        return [line["message"] for line in self.ask("/logs/filter", asked)]

    def began(self, step: str) -> bool:
        """Return whether a step, as `define-shop`, has begun since the mark was last removed."""
        return (self.root / "began" / step).exists()

    def hold(self, step: str = "") -> None:
        """Let each step wait from here on, or one alone."""
        for path in (self.root / "began").iterdir():
            path.unlink()
        (self.root / (f"hold-{step}" if step else "hold")).touch()

    def release(self) -> None:
        """Let steps go on."""
        for path in self.root.glob("hold*"):
            path.unlink()

    def change(self, project: str, text: str) -> None:
        """Write another raw file."""
        (self.root / "data" / "raw" / f"{project}.csv").write_text(text, encoding="utf-8")

    def processes(self) -> list[psutil.Process]:
        """Return what runs in the repository, its server aside."""
        found = []
        for process in psutil.process_iter():
            try:
                if process.cwd() == str(self.root) and "uvicorn" not in process.cmdline():
                    found.append(process)
            except psutil.Error:
                continue
        return found


@contextmanager
def operated(root: Path, database: Path) -> Iterator[Operated]:
    """Give the repository with a server that runs, and end what runs there."""
    for folder in ("projects", "data/raw", "outs", "began", ".dvc", ".venv/bin"):
        (root / folder).mkdir(parents=True)
    for name in (".dvc/config", ".dvcignore"):
        (root / name).write_bytes((ROOT / name).read_bytes())
    for name in PROJECTS:
        text = shop_text().replace("package = ", "# ").replace("member = ", "# ").replace("sha256 = ", "# ")
        text = text.replace("[source]", f'[source]\nfile = "data/raw/{name}.csv"')
        (root / "projects" / f"{name}.toml").write_text(text, encoding="utf-8")
        (root / "data" / "raw" / f"{name}.csv").write_text("amount,late\n1,0\n", encoding="utf-8")
    (root / "dvc.yaml").write_text(PIPELINE, encoding="utf-8")
    command = root / ".venv" / "bin" / "sevenfold"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{STEP}" "$2" "$3"\n', encoding="utf-8")
    command.chmod(0o755)
    give_database(root, database)
    port = free_port()
    paths = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    env = environment(root, port) | {"PYTHONPATH": paths, "GIT_CONFIG_GLOBAL": os.devnull}
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org"]
    for arguments in (["init", "--quiet"], ["add", "dvc.yaml", "projects"], ["commit", "--quiet", "-m", "all"]):
        subprocess.run([*git, *arguments], cwd=root, env=env, check=True)
    here = Operated(root, env, port)
    started = here.run("ui")
    assert started.returncode == 0, started.stderr
    try:
        yield here
    finally:
        for process in here.processes():
            process.kill()
        here.run("stop")


def eventually(holds: Callable[[], object], what: str) -> None:
    """Wait until something holds; fail with what was waited for."""
    deadline = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < deadline, f"waited in vain: {what}"
        time.sleep(0.1)
