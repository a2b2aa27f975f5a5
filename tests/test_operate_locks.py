"""DVC's locks: who holds one, and that only what killed processes left is removed."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import zc.lockfile  # type: ignore[import-untyped] # has no types

from flows.operating import locks

GONE = 1 << 22  # larger than any process's number


@pytest.fixture(autouse=True)
def _repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    locks.FOLDER.mkdir(parents=True)


@pytest.fixture
def alive() -> Iterator[int]:
    """The number of a process that runs."""
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    yield process.pid
    process.kill()
    process.wait()


def hold(*numbers: int) -> None:
    """Write what DVC writes while processes read one file and the first writes another."""
    entries = [{"pid": number, "cmd": "dvc repro"} for number in numbers]
    locks.WHO.write_text(json.dumps({"read": {"/a": entries}, "write": {"/b": entries[0]}}), encoding="utf-8")
    locks.GUARD.touch()


def test_no_lock() -> None:
    """Where DVC has never worked, nobody holds anything."""
    assert locks.holders() == []
    assert locks.clear()


def test_a_process_that_runs_holds_its_files(alive: int) -> None:
    """It is named, and its lock stays."""
    hold(GONE, alive)

    assert locks.holders() == [alive]
    assert not locks.clear()
    assert locks.WHO.exists()


def test_what_a_killed_process_left_goes() -> None:
    """Nobody holds it, and the file is removed."""
    hold(GONE)

    assert locks.holders() == []
    assert locks.clear()
    assert not locks.WHO.exists()


def test_dvcs_own_lock_is_seen() -> None:
    """While a DVC command works on its index, its other lock is taken; it goes with its process."""
    lock = zc.lockfile.LockFile(str(locks.WHOLE))

    assert locks.holders() == [0]
    assert not locks.clear()
    lock.close()
    assert locks.clear()


@pytest.mark.parametrize("text", ["", "[]", "{", '{"read": 3}', '{"read": {"/a": [{"cmd": "x"}]}}'])
def test_a_damaged_file_names_nobody(text: str) -> None:
    """DVC itself will say what is wrong with it."""
    locks.WHO.write_text(text, encoding="utf-8")

    assert locks.holders() == []


def test_a_guarded_file_is_left_alone() -> None:
    """While another DVC writes into the file, it stays."""
    hold(GONE)
    guard = zc.lockfile.LockFile(str(locks.GUARD))
    try:
        locks.clear()
        assert locks.WHO.exists()
    finally:
        guard.close()
