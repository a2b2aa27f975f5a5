"""Faults: a few of those that `make faults` tries, and that what it looks at is seen, or is silent."""

import errno
import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from conftest import ROOT
from fault_page import Row, table
from known import FAULTS, Fault
from pyarrow.lib import ArrowException, ArrowMemoryError
from records import Record, add_record, forget_records, load_records
from scratch import Scratch
from started import Ended
from trial import REFUSED, SAME, Trial, differences, recovered, refused, whole

from flows import cli
from flows.repository.files import CACHE, write_text
from flows.repository.frames import write_table
from flows.running import warm
from pipelines.core.errors import InputError

DISTURB = ROOT / "benchmarks" / "faults" / "disturb.py"
QUICK = [fault for fault in FAULTS if fault.quick]


@pytest.fixture(scope="module")
def disturbed() -> subprocess.CompletedProcess[str]:
    """The quick faults, each tried once on a small project."""
    path = os.pathsep.join(filter(None, [str(ROOT / "tests"), os.environ.get("PYTHONPATH")]))  # as `make faults` has it
    return subprocess.run(
        [sys.executable, str(DISTURB), "--quick"],
        env=os.environ | {"PYTHONPATH": path}, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("fault", QUICK, ids=[fault.name for fault in QUICK])
def test_a_fault_ends_with_the_same_bytes(fault: Fault, disturbed: subprocess.CompletedProcess[str]) -> None:
    """Afterwards `dvc repro` leaves what it leaves undisturbed, and nothing was lost in between."""
    lines = [line for line in disturbed.stdout.splitlines() if line.startswith(f"| {fault.name} |")]
    assert lines, disturbed.stderr
    if "not tried" in lines[0]:
        pytest.skip(lines[0])
    assert ["wrong" in line for line in lines] == [False], disturbed.stdout


@pytest.fixture
def here(tmp_path: Path) -> Scratch:
    """A repository with one file of each edition, at `before`'s."""
    found = Scratch(tmp_path, {}, disk=False)
    for tree in ("data", "models", "reports"):
        (found.place / tree).mkdir(parents=True)
    path = found.place / "data" / "table.csv"
    path.write_text("right", encoding="utf-8")
    found.built = found.files()
    path.write_text("earlier", encoding="utf-8")
    found.before = found.files()
    return found


def _write(path: str, text: str) -> Callable[[Path], object]:
    return lambda place: (place / path).write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "whole_files", "told"),
    [
        (_write("data/table.csv", "right"), True, []),
        (_write("data/table.csv", "earlier"), True, ["data/table.csv differs"]),
        (_write("data/table.csv", "rig"), False, ["data/table.csv differs"]),
        (lambda place: (place / "data/table.csv").unlink(), False, ["data/table.csv is missing"]),
        (_write("reports/.x.json.ab", ""), True, ["reports/.x.json.ab is left behind", "data/table.csv differs"]),
    ],
)
def test_damage_is_seen(change: Callable[[Path], object], whole_files: bool, told: list[str], here: Scratch) -> None:
    """A lost, cut or superfluous file is told; one of the earlier edition is whole, but not what shall be there."""
    change(here.place)
    assert (whole(here) == []) == whole_files
    assert differences(here) == told


@pytest.mark.parametrize(
    ("output", "status", "told"),
    [
        ("Running stage 'define@small':\nerror: No space left on device\ndo: make room\n", 1, ""),
        ("ERROR: unexpected error - [Errno 28] No space left on device\n", 255, ""),
        ("error: No space left on device\n", 0, "exit status"),
        ("Traceback (most recent call last):\n  File\nOSError\n", 1, "traceback"),
        ("more\n" * 11, 1, "11 lines"),
        ("ERROR: failed to reproduce 'define@small': failed to run: x, exited with 1\n", 255, "no word"),
    ],
)
def test_words_are_judged(output: str, status: int, told: str, here: Scratch) -> None:
    """A clear error is short, no traceback, in an exit status, and says more than that a command failed."""
    assert here.place
    found = refused(Ended(status, output))
    assert (told in found[0]) if told else found == []


def _trial(step: str, number: int, outcome: str, *troubles: str) -> Record:
    return Record("code", 1, "killed", step, number, outcome, list(troubles), repaired=True, seconds=1.0)


def test_the_table_counts_outcomes() -> None:
    """A cell says how often the bytes were the same, how often an error came first, and how often it went wrong."""
    fault = Fault("killed", "by a signal", lambda _here, _step, _draw: pytest.fail("not asked for"))
    other = Fault("drowned", "in water", fault.inject)
    fine = [_trial("define", number, SAME) for number in range(2)]
    mixed = [_trial("eda", 0, SAME), _trial("eda", 1, REFUSED), _trial("eda", 2, SAME, "x is missing")]
    rows = [Row(fault, "define", fine), Row(fault, "eda", mixed), Row(other, "eda", [])]
    assert table(rows).splitlines()[2:] == ["| killed | 2 | 1, 1 e, **1 wrong** |", "| drowned | - | not tried |"]
    assert rows[1].troubles == ["x is missing (number 2)"]


def test_finished_trials_are_known_again(tmp_path: Path) -> None:
    """A run goes on after the last trial that was written whole, and knows none of other code or another seed."""
    path, trials = tmp_path / "work" / "trials.jsonl", [_trial("define", number, SAME) for number in range(3)]
    for trial in trials:
        add_record(path, trial)
    path.write_text(path.read_text("utf-8")[:-9], encoding="utf-8")  # killed while writing
    assert list(load_records(path, "code", 1).values()) == trials[:2]
    assert load_records(path, "other code", 1) == load_records(path, "code", 2) == {}
    add_record(path, trials[2])
    forget_records(path, [trials[0].draws])
    assert list(load_records(path, "code", 1).values()) == trials[1:]


def test_a_known_state_is_repaired_so_often_and_no_more(here: Scratch) -> None:
    """Every other content, mode or file makes another state, which is repaired again."""
    here.most_repairs = 2
    here.repairs[here.state()] = 2
    assert recovered(here, SAME, [], known=True) == Trial(SAME, [], repaired=False)
    states = {here.state()}
    path = here.place / "data" / "table.csv"
    for change in (lambda: path.chmod(0o600), lambda: path.write_text("right"), (path.parent / ".table.csv.ab").touch):
        change()
        states.add(here.state())
    assert len(states) == 4


def test_what_a_killed_writer_left_goes_with_the_next_write(tmp_path: Path) -> None:
    """Leftovers of the same file go, unless their writer lives; those of other files stay."""
    mine, living, another = (tmp_path / name for name in (".a.json.abcdefgh", ".a.json.12345678", ".b.json.abcdefgh"))
    for path in (mine, living, another):
        path.touch()
    with living.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        write_text(tmp_path / "a.json", "whole")
    assert sorted(tmp_path.iterdir()) == sorted([tmp_path / "a.json", living, another])


@pytest.mark.parametrize("patterns", [".gitignore", ".dvcignore"])
def test_what_a_killed_writer_left_is_no_file_of_the_repository(patterns: str, tmp_path: Path) -> None:
    """Neither git nor DVC, whose patterns are git's, takes it for one; every file that git has is one still."""
    shutil.copy(ROOT / patterns, tmp_path / ".gitignore")
    page = tmp_path / "a.md"
    page.touch()
    _, left = tempfile.mkstemp(dir=tmp_path, prefix=f".{page.name}.")

    def told(*command: str, folder: Path = tmp_path) -> str:
        return subprocess.run(["git", *command], cwd=folder, capture_output=True, text=True, check=False).stdout

    told("init", "--quiet")
    assert told("check-ignore", left, str(page)) == f"{left}\n"
    assert told("ls-files", "--cached", "--ignored", "--exclude-standard", folder=ROOT) == ""


@pytest.mark.parametrize(("kept", "stays"), [("whole\n", True), ("whale\n", False)])
def test_a_damaged_copy_goes_when_its_file_is_written(
    kept: str, stays: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DVC would take the copy for the file, so it must hold the same."""
    monkeypatch.chdir(tmp_path)
    digest = hashlib.md5(b"whole\n").hexdigest()
    copy = CACHE / digest[:2] / digest[2:]
    copy.parent.mkdir(parents=True)
    copy.write_text(kept, encoding="utf-8")
    write_text(Path("a.txt"), "whole")
    assert copy.exists() == stays


def _raise(error: Exception) -> Callable[[object], int]:
    def act(_asked: object) -> int:
        raise error

    return act


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (
            OSError(errno.ENOSPC, "No space left on device", "data/x"),
            "error: No space left on device\nwhere: data/x\ndo: make",
        ),
        (
            OSError(errno.EROFS, "Read-only file system", "reports/x"),
            "error: Read-only file system\nwhere: reports/x\ndo: give",
        ),
        (MemoryError(), "error: there is not enough memory\nwhere: this machine\ndo: end"),
        (
            MemoryError("Unable to allocate 3 GiB"),
            "error: there is not enough memory\nwhere: Unable to allocate 3 GiB\n",
        ),
        (ValueError("plain"), "Traceback (most recent call last)"),
        (OSError(errno.ENOENT, "No such file or directory", "x"), "Traceback (most recent call last)"),
    ],
    ids=["full", "read-only", "memory", "array", "bug", "bug with a file"],
)
def test_shortages_are_told_without_a_traceback(
    error: Exception, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Disk and memory are nobody's bug: what is short, where, what to do; anything else comes with its traceback."""
    (tmp_path / "projects").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, "environ", os.environ.copy())
    monkeypatch.setitem(cli.ACTS, "list", _raise(error))
    assert cli.main(["list"]) == 1
    assert capsys.readouterr().err.startswith(told)


def _caused(error: InputError, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("cause", "status", "told"),
    [
        (ArrowMemoryError("malloc of 64 bytes failed"), 1, "error: there is not enough memory\nwhere: malloc of 64"),
        (ArrowException("Unknown error: Failed to launch worker thread"), 1, "error: there is not enough memory\n"),
        (ArrowException("not a Parquet file"), 2, "error: the file of step `define` is damaged\n"),
        (PermissionError(errno.EACCES, "Permission denied"), 2, "error: the file of step `define` is damaged\n"),
    ],
)
def test_what_memory_did_not_suffice_for_is_no_bad_input(
    cause: Exception, status: int, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that could not be read for want of memory is not called damaged; one that is damaged is."""
    monkeypatch.setattr(os, "environ", os.environ.copy())
    error = InputError("the file of step `define` is damaged", where="x", todo="y")
    monkeypatch.setitem(cli.ACTS, "list", _raise(_caused(error, cause)))
    assert cli.main(["list"]) == status
    assert capsys.readouterr().err.startswith(told)


def test_a_table_is_read_where_no_thread_can_be_started(tmp_path: Path) -> None:
    """Arrow, which would wait for ever for threads of its own, says so at once."""
    path = tmp_path / "a.parquet"
    write_table(path, pd.DataFrame({"a": range(600)}))
    script = (
        "import resource, sys; from pathlib import Path; import pyarrow.dataset, pyarrow.parquet\n"
        "from flows.repository.frames import read_frame\n"
        "used = int(Path('/proc/self/statm').read_text().split()[0]) * resource.getpagesize()\n"
        "resource.setrlimit(resource.RLIMIT_AS, (used + (6 << 20),) * 2)\n"
        "read_frame(Path(sys.argv[1]), 'define', 'small')"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=False, cwd=ROOT, timeout=60
    )
    assert done.returncode == 0 or any(words in done.stderr for words in cli.MEMORY), done.stderr


def test_a_full_disk_names_the_file_that_was_written(tmp_path: Path) -> None:
    """The system does not say which file had no room; the error does, and the old content stays."""
    path = tmp_path / "a.txt"
    path.write_text("old", encoding="utf-8")
    script = (
        "import resource, sys; from pathlib import Path; from flows.repository.files import write_text\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (9, 9))\n"
        "try:\n    write_text(Path(sys.argv[1]), 'longer than that')\n"
        "except OSError as error:\n    print(error.filename, error.errno)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout == f"{path} {errno.EFBIG}\n"
    assert [(left.name, left.read_text("utf-8")) for left in tmp_path.iterdir()] == [("a.txt", "old")]


def test_a_killed_step_is_told() -> None:
    """The words for a step whose process was killed, as Linux does for want of memory, are three short lines."""
    assert warm.KILLED == 128 + signal.SIGKILL
    assert warm.OUT_OF_MEMORY.count("\n") == 2
