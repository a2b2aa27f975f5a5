"""A real Dask scheduler and its workers on the loopback address, each a process of its own."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import psutil
from conftest import ROOT, free_port
from distributed import Client

WORKERS = [sys.executable, "-m", "distributed.cli.dask_worker"]
SCHEDULER = [sys.executable, "-m", "distributed.cli.dask_scheduler"]


@dataclass(frozen=True)
class Running:
    """A cluster that runs."""

    address: str  # of the scheduler

    def kill_workers(self, most: int | None = None) -> int:
        """Kill the processes of workers, as a lack of memory would; return how many. Nannies start others."""
        with Client(self.address, set_as_default=False) as client:
            numbers = list(client.run(os.getpid).values())[:most]
        for number in numbers:
            os.kill(number, signal.SIGKILL)
        return len(numbers)


@contextmanager
def cluster(
    folder: Path, *, workers: int = 2, memory: str = "2GB", environment: Mapping[str, str] = MappingProxyType({})
) -> Iterator[Running]:
    """Run a scheduler and workers of one thread each, and end these processes, and no others."""
    port = free_port()
    address = f"tcp://127.0.0.1:{port}"
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PREFECT_", "SEVENFOLD_"))}
    env = kept | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])} | dict(environment)
    started: list[subprocess.Popen[bytes]] = []

    def start(command: list[str], name: str) -> None:
        with (folder / f"{name}.log").open("wb") as log:
            started.append(subprocess.Popen(command, cwd=folder, env=env, stdout=log, stderr=log))

    try:
        start([*SCHEDULER, "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"], "scheduler")
        settings = ["--nthreads", "1", "--memory-limit", memory, "--no-dashboard", "--local-directory", str(folder)]
        start([*WORKERS, address, "--nworkers", str(workers), *settings], "workers")
        _wait(address, workers)
        yield Running(address)
    finally:
        for process in reversed(started):
            for child in psutil.Process(process.pid).children(recursive=True):  # a nanny's worker
                child.kill()
            process.kill()
            process.wait()


def _wait(address: str, workers: int) -> None:
    """Wait until the workers are there; a connection tries again until it is made."""
    with Client(address, timeout=60, set_as_default=False) as client:
        client.wait_for_workers(workers, timeout=60)
