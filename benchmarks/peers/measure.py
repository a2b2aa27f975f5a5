"""A command from outside: wall seconds, and the peak memory of its whole process tree."""

import contextlib
import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import psutil

SAMPLE_SECONDS = 0.2
LIMIT_SECONDS = 3600  # nearly five times what the slowest took: more is a hang, not work


class Measured(NamedTuple):
    """What a command cost."""

    seconds: float
    peak: int  # bytes of resident memory, of the process and its children together
    output: str


def measure(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Measured:
    """Run a command and return what it cost; raise CalledProcessError, with its output, where it fails.

    What still runs after LIMIT_SECONDS, or when the benchmark is interrupted, is ended with all its children.
    """
    start = time.perf_counter()
    process = subprocess.Popen(
        list(command),
        cwd=folder,
        env=os.environ | environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    peaks: list[int] = [0]
    watcher = threading.Thread(target=_watch, args=(process, peaks), daemon=True)
    watcher.start()
    try:
        output, _ = process.communicate(timeout=LIMIT_SECONDS)
    except subprocess.TimeoutExpired:
        _end(process)
        raise subprocess.CalledProcessError(1, list(command), f"no end after {LIMIT_SECONDS} s") from None
    except BaseException:
        _end(process)
        raise
    seconds = time.perf_counter() - start
    watcher.join()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, list(command), output)
    return Measured(seconds, max(peaks), output)


def _end(process: subprocess.Popen[str]) -> None:
    """End a process and its children."""
    with contextlib.suppress(psutil.NoSuchProcess):
        root = psutil.Process(process.pid)
        for one in (*root.children(recursive=True), root):
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()
    process.wait()


def _watch(process: subprocess.Popen[str], peaks: list[int]) -> None:
    """Note the tree's resident memory until the process ends."""
    root = psutil.Process(process.pid)
    while process.poll() is None:
        total = 0
        try:
            for one in (root, *root.children(recursive=True)):
                total += one.memory_info().rss
        except psutil.NoSuchProcess:
            pass  # it ended between the two looks
        peaks.append(total)
        time.sleep(SAMPLE_SECONDS)
