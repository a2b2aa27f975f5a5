"""Set-up that cannot go on says in one line what was found and what to do, and leaves nothing half-made."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

from flows.setup.checks import check_room
from flows.setup.stopped import Stopped, reason

FIND = ROOT / "flows/setup/find_python.sh"
BROKEN = "echo 'pyenv: command not found'; exit 127"  # a name that is there and runs nothing


def _python(folder: Path, name: str, body: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    (folder / name).chmod(0o755)


def _found(pythons: dict[str, str], folder: Path, *asked: str) -> "subprocess.CompletedProcess[str]":
    """Search where `pythons` are: a version each, or what it does instead of saying one."""
    for name, version in pythons.items():
        _python(folder, name, f"echo {version}" if version[:1].isdigit() else version)
    path = {"PATH": str(folder)}
    return subprocess.run(["/bin/sh", FIND, *asked], capture_output=True, text=True, check=False, env=path)


@pytest.mark.parametrize(
    ("pythons", "chosen"),
    [
        ({"python3.11": "3.11.2", "python3.12": "3.12.1", "python3.13": "3.13.0"}, "python3.11"),
        ({"python3.11": BROKEN, "python3.13": "3.13.0", "python3.12": "3.12.1"}, "python3.12"),
        ({"python3": "3.9.2", "python3.13": "3.13.5"}, "python3.13"),
        ({"python3": "3.12.9"}, "python3"),
        ({"python3": "3.14.0", "python": "3.11.9"}, "python"),
    ],
)
def test_the_first_right_python_is_taken(tmp_path: Path, pythons: dict[str, str], chosen: str) -> None:
    """3.11 before newer ones, and a plain python3 of a right version; a name that runs nothing is passed over."""
    assert _found(pythons, tmp_path).stdout == f"{tmp_path / chosen}\n"


def test_a_python_that_is_asked_for_is_taken_alone(tmp_path: Path) -> None:
    """PYTHON=... means that one: if it is wrong, no other takes its place."""
    there = {"python3.11": "3.11.2", "python3.13": "3.13.0", "python3.9": "3.9.1"}
    assert _found(there, tmp_path, "python3.13").stdout == f"{tmp_path / 'python3.13'}\n"
    assert _found(there, tmp_path, "python3.9").returncode == 2


@pytest.mark.parametrize("pythons", [{}, {"python3": "3.9.2", "python": "2.7.18"}, {"python3.11": BROKEN}])
def test_without_a_right_python_one_line_says_so(tmp_path: Path, pythons: dict[str, str]) -> None:
    """It names what was found, what is needed, and how to name another."""
    done = _found(pythons, tmp_path)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "no Python 3.11, 3.12 or 3.13" in done.stderr
    assert "make PYTHON=" in done.stderr
    assert all(f"{name} is {version}" in done.stderr for name, version in pythons.items() if version != BROKEN)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Return a repository with what set-up reads."""
    root = tmp_path / "clone"
    shutil.copytree(ROOT / "flows/setup", root / "flows/setup", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("flows/__init__.py", "requirements.lock", "pyproject.toml", "Makefile"):
        shutil.copy(ROOT / name, root / name)
    subprocess.run(["git", "init", "--quiet", root], check=True)
    return root


def _make(root: Path, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run `make setup` with the Python of these tests, which no index answers."""
    nowhere = {"PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_NO_CACHE_DIR": "1"}
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "UV_", "MAKE"))}
    command = ["make", "--no-print-directory", "setup", *(arguments or [f"PYTHON={sys.executable}"])]
    given = kept | nowhere | environment
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, env=given)


def _one_line(done: "subprocess.CompletedProcess[str]") -> str:
    """Return the line that says why; beside it stands only make's own."""
    lines = [line for line in done.stderr.splitlines() if not line.startswith("make: ***")]
    assert done.returncode == 2
    assert len(lines) == 1
    assert lines[0].startswith("set-up stopped: ")
    return lines[0]


def test_without_an_index_nothing_is_left(clone: Path) -> None:
    """The line names what the index answered; `.venv` is gone, so the next make begins anew."""
    line = _one_line(_make(clone))
    assert "package index did not answer" in line
    assert "Connection refused" in line
    assert "check the network" in line
    assert not (clone / ".venv").exists()


def test_what_an_interrupted_set_up_left_is_made_anew(clone: Path) -> None:
    """Without its mark `.ready`, or with the mark of one that is under way, an environment is not trusted."""
    for marks in ([], [".ready", ".begun"]):
        (clone / ".venv/bin").mkdir(parents=True)
        (clone / ".venv/bin/python").symlink_to(sys.executable)
        for mark in marks:
            (clone / ".venv" / mark).touch()
            os.utime(clone / ".venv" / mark, (1, 1))  # older than the lock

        done = _make(clone)

        assert "an earlier set-up was interrupted: .venv is made again" in done.stdout
        assert not (clone / ".venv").exists()


def test_a_whole_environment_outlives_a_failed_renewal(clone: Path) -> None:
    """Where only the index is missing, what worked before still does, and the next make tries again."""
    (clone / ".venv/bin").mkdir(parents=True)
    (clone / ".venv/bin/python").symlink_to(sys.executable)
    (clone / ".venv/.ready").touch()
    os.utime(clone / ".venv/.ready", (1, 1))  # older than the lock

    for _ in range(2):
        _one_line(_make(clone))

    assert (clone / ".venv/.ready").exists()
    assert not (clone / ".venv/.begun").exists()


def test_without_git_one_line_says_so(clone: Path, tmp_path: Path) -> None:
    """Before anything is made."""
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("make", "bash", "sh"):
        (tools / name).symlink_to(str(shutil.which(name)))
    line = _one_line(_make(clone, f"PYTHON={sys.executable}", PATH=str(tools)))
    assert "git is not on the PATH" in line
    assert not (clone / ".venv").exists()


def test_outside_a_repository_one_line_says_so(clone: Path) -> None:
    """An archive of the files is no repository."""
    shutil.rmtree(clone / ".git")
    line = _one_line(_make(clone, f"PYTHON={sys.executable}", GIT_CEILING_DIRECTORIES=str(clone.parent)))
    assert "is not in a git repository" in line
    assert "git init" in line


def test_an_unknown_extra_is_named(clone: Path) -> None:
    """With those that there are."""
    line = _one_line(_make(clone, f"PYTHON={sys.executable}", "EXTRAS=gpu"))
    assert "no extra is called gpu; there are dev, cluster, site, audit" in line


def test_a_disk_with_little_room_is_named(tmp_path: Path) -> None:
    """What is free and what is needed, where: of a folder that is not there yet, its disk's."""
    free = shutil.disk_usage(tmp_path).free
    check_room([tmp_path / "not" / "there"], free / 2)
    with pytest.raises(Stopped, match=rf"GB are free in {tmp_path}, and .* GB are needed; make room"):
        check_room([tmp_path / "not" / "there"], free * 2)


def _on_small_disk(clone: Path, python: str, megabytes: int) -> "subprocess.CompletedProcess[str]":
    """Run Python on a copy of the clone that lies on a disk of as many megabytes; skip where none can be made."""
    if shutil.which("unshare") is None or subprocess.run(["unshare", "-rm", "true"], check=False).returncode:
        pytest.skip("this user may mount no small disk")
    disk = clone.parent / "disk"
    disk.mkdir()
    command = f"mount -t tmpfs -o size={megabytes}m none {disk} && cp -r {clone} {disk}/clone && cd {disk}/clone && "
    command += f"{{ {sys.executable} -c '{python}'; code=$?; ls -A .venv 2>/dev/null; exit $code; }}"
    return subprocess.run(["unshare", "-rm", "sh", "-c", command], capture_output=True, text=True, check=False)


def test_a_full_disk_is_seen_before_anything_is_made(clone: Path) -> None:
    """A real one of 4 MB."""
    done = _on_small_disk(clone, "import flows.setup.__main__ as m; raise SystemExit(m.main())", 4)
    assert "0.0 GB are free" in _one_line(done)


def test_a_disk_that_fills_up_leaves_nothing(clone: Path) -> None:
    """The same disk with the check made to pass: the line says so, and what was made is gone."""
    python = "import flows.setup.checks as c; c.ROOM = 0; import flows.setup.__main__ as m; raise SystemExit(m.main())"
    done = _on_small_disk(clone, python, 3)
    assert "No space left on device" in _one_line(done)
    assert done.stdout.splitlines()[-1].startswith("setting up")


UNREACHED = (
    "WARNING: Retrying (Retry(total=1)) after connection broken by 'NewConnectionError('<object at 0x7f>: "
    "Failed to establish a new connection: [Errno -2] Name or service not known')': /simple/uv/\n"
    "ERROR: No matching distribution found for uv==0.13.9\n"
)


@pytest.mark.parametrize(
    ("tool", "text", "said"),
    [
        (
            "uv",
            "error: Failed to fetch: a page\n  cause: Connection refused (os error 1)\n",
            "the package index did not answer (uv: cause: Connection refused (os error 1)); check the network",
        ),
        (
            "pip",
            UNREACHED,
            "the package index did not answer (pip: [Errno -2] Name or service not known); check the network",
        ),
        (
            "uv",
            "error: Failed to install: pyarrow\n  cause: No space left on device (os error 28)\n",
            "the disk is full (uv: cause: No space left on device (os error 28)); make room",
        ),
        (
            "uv",
            "error: Failed to download `six==1.17.0`\n  cause: Hash mismatch for `six==1.17.0`\n",
            "a file is not the one that requirements.lock pins (uv: cause: Hash mismatch for `six==1.17.0`)",
        ),
        ("pip", "ERROR: something else\n", "pip failed (ERROR: something else); run make again"),
    ],
)
def test_a_tools_complaint_becomes_a_sentence(tool: str, text: str, said: str) -> None:
    """The words are those that uv and pip write."""
    assert reason(tool, text).startswith(said)
