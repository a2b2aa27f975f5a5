"""Nothing is sent anywhere: a rebuild runs where every connection to another machine is refused and recorded."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
from conftest import MEMBER, ROOT, environment, free_port, give_database, make_wheel, shop_text
from network_hook import WATCHING, hooked, tries
from ruamel.yaml import YAML

from flows.repository.names import EVERY
from flows.watching import server

LOOK_SECONDS = 2
UNWATCHED = [step for step in EVERY if step not in ("reflect", "pictures")]  # the longest; who watches changes nothing
PIPELINE: dict[str, Any] = YAML(typ="safe").load(ROOT / "dvc.yaml")
# Brings the loopback device up, as it is not in a network namespace of one's own, then runs steps in one process.
DRIVER = """
import fcntl, socket, struct, sys
if sys.argv[1] == "alone":
    fcntl.ioctl(socket.socket(), 0x8914, struct.pack("16sh22x", b"lo", 1))
    assert [name for _, name in socket.if_nameindex()] == ["lo"]
from flows import cli
for step in sys.argv[2:]:
    assert cli.main(["run", step, *(["shop"] if step != "overview" else [])]) == 0
"""


@dataclass(frozen=True)
class Rebuilt:
    """A project rebuilt by `dvc repro`, with a Prefect server and the warm process."""

    root: Path
    env: dict[str, str]
    port: int
    server: psutil.Process
    listening: set[tuple[str, str]]  # what listens during the rebuild: command and address

    @property
    def record(self) -> list[str]:
        """What the hooks have written so far."""
        return Path(self.env["RECORD"]).read_text(encoding="utf-8").splitlines()


def orders() -> bytes:
    """Return a small table whose target depends on a feature."""
    rng = np.random.default_rng(1)
    amount, town = rng.normal(size=160), rng.choice(["Bern", "Oslo"], 160)
    late = (amount + (town == "Oslo") + rng.normal(0, 0.7, 160) > 0).astype(int)
    rows = [f"{a:.4f},{place},{y}" for a, place, y in zip(amount, town, late, strict=True)]
    return "\n".join(["amount,town,late", *rows, ""]).encode()


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory: pytest.TempPathFactory, prefect_database: Path) -> Iterator[Rebuilt]:
    """A repository like this one with one small project, in which `dvc repro` has run every stage."""
    root = tmp_path_factory.mktemp("shop")
    for folder in ("projects", ".venv/bin", ".dvc"):
        (root / folder).mkdir(parents=True)
    for name in ("flows", "pipelines"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in (".dvc/config", ".dvcignore", ".gitignore"):
        shutil.copyfile(ROOT / name, root / name)
    text = shop_text(sha256=hashlib.sha256(orders()).hexdigest())
    text = text.replace("[split]", "town = { type = 'category' }\n[split]").replace(", min = 0", "")
    (root / "projects" / "shop.toml").write_text(text, encoding="utf-8")
    make_wheel(root / "wheels", {MEMBER: orders()})
    command = root / ".venv" / "bin" / "sevenfold"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m flows.cli "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    only = {"shop": {"raw": "data/raw/orders.csv", "table": "data/shop/table.parquet"}}
    variables = [{"packaged": only}, {"projects": only}, {"texts": []}]
    YAML(typ="safe").dump(PIPELINE | {"vars": variables}, root / "dvc.yaml")
    give_database(root, prefect_database)
    port = free_port()
    own = {"PYTHONPATH": str(root), "GIT_CONFIG_GLOBAL": os.devnull}
    env = hooked(environment(root / "wheels", port) | own, root / "hook", root / "record")
    env = {key: value for key, value in env.items() if key not in ("SEVENFOLD_WARM", "PYTHONDONTWRITEBYTECODE")}
    subprocess.run(["git", "init", "--quiet"], cwd=root, check=True)
    log = root / "log"
    try:
        with log.open("wb") as file:
            command_line = [str(Path(sys.executable).with_name("dvc")), "repro"]
            running = subprocess.Popen(command_line, cwd=root, env=env, stdout=file, stderr=file)
            listening: set[tuple[str, str]] = set()
            while running.poll() is None:
                listening |= listeners(root)
                with suppress(subprocess.TimeoutExpired):
                    running.wait(LOOK_SECONDS)
        assert running.returncode == 0, log.read_text(encoding="utf-8")
        record = json.loads((root / server.RECORD).read_text(encoding="utf-8"))
        yield Rebuilt(root, env, port, psutil.Process(record["pid"]), listening)
    finally:
        subprocess.run([sys.executable, "-m", "flows.cli", "stop"], cwd=root, env=env, check=True, capture_output=True)


def listeners(root: Path) -> set[tuple[str, str]]:
    """Return what listens for connections among the processes that work in a repository: command and address."""
    found = set()
    for process in psutil.process_iter():
        try:
            if process.cwd() == str(root):
                places = [one.laddr for one in process.net_connections("inet") if one.status == psutil.CONN_LISTEN]
                found |= {(" ".join(process.cmdline()), place.ip) for place in places}
        except psutil.Error:
            continue
    return found


def test_a_rebuild_reaches_out_to_nobody(rebuilt: Rebuilt, prefect_database: Path) -> None:
    """DVC, every step, the Prefect server and the warm process ran under the hook, and it recorded no try.

    Nor did it when the server's database was made, which is kept from run to run.
    """
    assert (rebuilt.root / "reports" / "README.md").is_file()
    watched = [line for line in rebuilt.record if line.startswith(WATCHING)]
    assert tries(Path(rebuilt.env["RECORD"])) == []
    assert tries(prefect_database.with_suffix(".record")) == []
    for part in ("dvc repro", "uvicorn", "flows.running.warm_process", "pip download"):
        assert any(part in line for line in watched), part
    for step in EVERY:
        assert any(f"flows.cli run {step}" in line for line in watched), step
    assert "will not appear in the Prefect UI" not in (rebuilt.root / "log").read_text(encoding="utf-8")


def test_the_record_holds_what_is_tried(rebuilt: Rebuilt, tmp_path: Path) -> None:
    """A process that does reach out, by address or by name, is refused and recorded; one that stays here is neither."""
    tries = """
import socket
for host in ("192.0.2.1", "example.org", "2001:db8::1", "127.0.0.1", "localhost", "::1"):
    try:
        socket.create_connection((host, 9), timeout=1)
    except OSError as error:
        print(host, error.errno == 101 and "refused by the test" in str(error))
"""
    env = rebuilt.env | {"RECORD": str(tmp_path / "record")}
    done = subprocess.run([sys.executable, "-c", tries], env=env, capture_output=True, text=True, check=True)
    refused = dict(line.split() for line in done.stdout.splitlines())
    assert refused == {
        "192.0.2.1": "True", "example.org": "True", "2001:db8::1": "True",
        "127.0.0.1": "False", "localhost": "False", "::1": "False",
    }  # fmt: skip
    recorded = [line.split()[1] for line in (tmp_path / "record").read_text(encoding="utf-8").splitlines()[1:]]
    assert recorded == ["192.0.2.1", "example.org", "2001:db8::1"]


def test_only_this_machine_is_listened_to(rebuilt: Rebuilt) -> None:
    """The Prefect server listens on the loopback address, and nothing else that a rebuild starts listens at all."""
    sockets = rebuilt.server.net_connections("inet")
    own = {(one.laddr.ip, one.laddr.port) for one in sockets if one.status == psutil.CONN_LISTEN}
    assert own == {("127.0.0.1", rebuilt.port)}
    assert {address for _, address in rebuilt.listening} == {"127.0.0.1"}
    assert all("uvicorn" in command for command, _ in rebuilt.listening)


def test_steps_run_without_server_and_network(rebuilt: Rebuilt) -> None:
    """Run anew by hand, unwatched and where there is no network at all, they leave the same bytes and try nothing else.

    Where a network namespace of one's own cannot be had, the hook alone stands guard.
    """
    (rebuilt.root / server.FAILURE).write_text(json.dumps({"time": time.time(), "reason": "test"}), encoding="utf-8")
    before = {path: path.read_bytes() for path in (rebuilt.root / "reports").rglob("*") if path.is_file()}
    env = rebuilt.env | {"RECORD": str(rebuilt.root / "alone"), "SEVENFOLD_PORT": str(free_port())}
    unshare = ["unshare", "--map-root-user", "--net"]
    possible = shutil.which("unshare") is not None
    alone = possible and not subprocess.run([*unshare, "true"], check=False, capture_output=True).returncode
    command = [*(unshare if alone else []), sys.executable, "-c", DRIVER, "alone" if alone else "here", *UNWATCHED]
    done = subprocess.run(command, cwd=rebuilt.root, env=env, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("will not appear in the Prefect UI") == len(UNWATCHED)
    assert tries(rebuilt.root / "alone") == []
    assert {path: path.read_bytes() for path in before} == before
