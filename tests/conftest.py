"""What several tests need: a small repository of its own, a wheel with a data file, a free port, the command line."""

import fcntl
import gc
import hashlib
import http.server
import os
import shutil
import socket
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket
from network_hook import hooked
from toy_project import of_metric, project_text

from flows.running.environment import SILENCE, alike

if TYPE_CHECKING:
    from dask_cluster import Running

os.environ.update(SILENCE | alike())  # as in a step, and before numpy is imported
os.environ["SEVENFOLD_WARM"] = "0"  # a process that outlives its test is wanted in one module only

Facts = Any  # facts that a test makes or changes, mostly a part of what a step writes
ROOT = Path(__file__).resolve().parent.parent
CSV = "amount,late\n" + "".join(f"{row},{row % 2}\n" for row in range(20))
COLUMNS = 'amount = { type = "number", min = 0 }\nlate = { type = "integer", allowed = [0, 1] }'
MEMBER = "shop/data/orders.csv"
PACKAGE = "sevenfold-test-shop"
LONGEST = (  # files that take more than about five seconds; begun last, one would run alone at the end
    "operate", "rebuild",
    "serving_failures", "serving_http",
    "security_network", "flows_cluster", "site_browser", "site_pages", "serving_page", "causes_planted", "faults",
    "notebook", "bad_input_catalogue", "security_text", "flows_steps", "flows_warm", "commands", "flows_watch",
    "no_contradiction", "property_tables", "partitioned", "strong", "reflect", "dvc", "rendering_pictures",
    "models_archive", "statistics_simulation", "processors", "eda", "models_tuning", "experiments_evidence",
    "foldwise", "rendering", "comparison_learning", "models_selection", "rendering_interview", "rendering_post",
    "whole_dvc_once", "sections_texts", "groups_shown",
)  # fmt: skip


gc.disable()  # while thousands of tests are collected, of which nothing goes before the end: a third of the time


def pytest_collection_finish() -> None:
    """Collect garbage from now on, and none among what was there before the first test."""
    gc.freeze()
    gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest files; xdist hands them out in this order."""
    places = {f"test_{name}": place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path.stem, len(places)))


TOGETHER = {  # files whose longest fixture is one and the same: one process runs them, and makes it once
    "tests/test_flows_steps.py": "tests/test_flows_cluster.py",
    "tests/test_site_browser.py": "tests/test_site_pages.py",
}


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:  # noqa: ANN401 - xdist's own, and untyped
    """Hand out whole files, as `--dist loadfile` does, and those together that share a fixture."""
    if config.getoption("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class Scheduling(LoadFileScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            file: str = super()._split_scope(nodeid)
            return TOGETHER.get(file, file)

    return Scheduling(config, log)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Return one process more than there are cores, for while others wait for servers or for programs to end."""
    return (os.cpu_count() or 1) + 1


def wheel_name(package: str = PACKAGE) -> str:
    """Return the file name of version 1.0 of a package."""
    return f"{package.replace('-', '_')}-1.0-py3-none-any.whl"


def make_wheel(folder: Path, members: dict[str, bytes], package: str = PACKAGE) -> Path:
    """Return a wheel, in `folder`, that holds `members` and what pip asks of a wheel."""
    folder.mkdir(parents=True, exist_ok=True)
    info = f"{package.replace('-', '_')}-1.0.dist-info"
    whole = members | {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n".encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/RECORD": b"",
    }
    path = folder / wheel_name(package)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in whole.items():
            archive.writestr(name, content)
    return path


def shop_text(
    *,
    member: str = MEMBER,
    sha256: str = hashlib.sha256(CSV.encode()).hexdigest(),
    columns: str = COLUMNS,
    test: float = 0.2,
    metric: str = of_metric("roc_auc", 0.005),
) -> str:
    """Return a project file whose raw file is a member of the test's wheel."""
    return project_text(
        question="Which orders will be late?",
        decision="Which orders to send first",
        target="late",
        source=f'package = "{PACKAGE}==1.0"\nmember = "{member}"\nsha256 = "{sha256}"',
        columns=columns,
        split=f'kind = "stratified"\ntest = {test}\nseed = 7',
        metric=metric,
        effort='level = "quick"',
    )


def free_port() -> int:
    """Return a port of the loopback address that nobody listened at a moment ago."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def environment(folder: Path, port: int) -> dict[str, str]:
    """Return an environment for commands in a test's repository: packages from `folder`, no user's own server."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PREFECT_", "PIP_", "SEVENFOLD_"))}
    more = {"PYTHONPATH": str(ROOT), "SEVENFOLD_PORT": str(port), "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(folder)}
    return kept | more | {"SEVENFOLD_WARM": "0"}


def sevenfold(root: Path, env: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a repository and return what came of it."""
    command = [sys.executable, "-m", "flows.cli", *arguments]
    return subprocess.run(command, cwd=root, env=env, capture_output=True, text=True, check=False, timeout=120)


class Compiled(BytecodeCache):
    """Keeps the byte code of templates in memory; jinja2 itself checks that it is that of the very source."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give what was kept."""
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it."""
        self.kept[bucket.key] = bucket.bytecode_to_string()


@pytest.fixture(scope="session", autouse=True)
def _templates_are_compiled_once() -> Iterator[None]:
    """Our pages and Great Expectations' open their templates anew each time, and compile them for most of theirs."""
    make, compiled = Environment.__init__, Compiled()

    def make_with_cache(environment: Environment, *given: Any, **more: Any) -> None:  # noqa: ANN401 - as jinja2's own
        make(environment, *given, **more)
        environment.bytecode_cache = environment.bytecode_cache or compiled

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Environment, "__init__", make_with_cache)
        yield


@pytest.fixture(scope="session")
def prefect_database(pytestconfig: pytest.Config) -> Path:
    """Prefect's database before anything ran, kept from run to run: making it costs a first start ten seconds.

    Beside it lies the record of whom that tried to reach.
    """
    assert pytestconfig.cache is not None
    folder = pytestconfig.cache.mkdir("prefect")
    made = folder / f"{version('prefect')}.db"
    record = made.with_suffix(".record")
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (made.exists() and record.exists()):
            record.unlink(missing_ok=True)
            env = hooked(os.environ | {"PREFECT_HOME": str(folder)}, folder / "hook", record)
            command = [str(Path(sys.executable).with_name("prefect")), "server", "database", "upgrade", "--yes"]
            subprocess.run(command, env=env, capture_output=True, check=True)
            (folder / "prefect.db").rename(made)
    return made


def give_database(root: Path, made: Path) -> None:
    """Let the first server of a repository find its database there."""
    (root / ".prefect").mkdir()
    shutil.copy2(made, root / ".prefect" / "prefect.db")


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Running"]:
    """A Dask scheduler and two workers."""
    from dask_cluster import cluster

    with cluster(tmp_path_factory.mktemp("cluster")) as there:
        yield there


@pytest.fixture(scope="session")
def built_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of this repository, with what a fresh clone has not."""
    from built_site import build_site

    return build_site(tmp_path_factory.mktemp("site"))


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with one project, `shop`, whose raw file is in a wheel in `wheels/`."""
    root = tmp_path / "repository"
    (root / "projects").mkdir(parents=True)
    (root / "projects" / "shop.toml").write_text(shop_text(), encoding="utf-8")
    make_wheel(root / "wheels", {MEMBER: CSV.encode()})
    return root


@pytest.fixture
def stranger() -> Iterator[int]:
    """A port that belongs to something that answers, but not like a Prefect server."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), NothingHere) as listener:
        threading.Thread(target=listener.serve_forever, daemon=True).start()
        yield listener.server_port
        listener.shutdown()


class NothingHere(http.server.BaseHTTPRequestHandler):
    """Answers every question with 404, silently."""

    def do_GET(self) -> None:
        """Answer."""
        self.send_error(404)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""
