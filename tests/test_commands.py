"""`new`, `check`, `list`, `remove` and completion, as a user calls them: each once in a process of its own."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from unittest import mock

import pytest
from toy_forecast import daily
from toy_raw import small_raw

from flows import cli

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
NEW = ("new", "small", "--data", "../small.csv", "--target", "left", "--positive", "yes", "--effort", "quick")


def sevenfold(*arguments: str, where: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run the command and return what it said."""
    command = [str(BIN / "sevenfold"), *arguments]
    environment = os.environ | {"DVC_NO_ANALYTICS": "1"} | more
    return subprocess.run(command, cwd=where, env=environment, capture_output=True, text=True, check=False)


Said = tuple[int, str, str]  # exit status, standard output, standard error
Here = Callable[..., Said]


@pytest.fixture
def here(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Here:
    """Return what runs a command in this process, in a folder, which takes a second less than one of its own."""

    def run(*arguments: str, where: Path) -> Said:
        capsys.readouterr()
        with monkeypatch.context() as patch, mock.patch.dict(os.environ, {"DVC_NO_ANALYTICS": "1"}):
            patch.chdir(where)
            status = cli.main(arguments)
        return status, *capsys.readouterr()

    return run


def tree(folder: Path) -> dict[str, str]:
    """Return a hash of everything that a user would miss, by path; DVC's own notes aside."""
    kept = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {
        name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in kept
        if not (name := path.relative_to(folder).as_posix()).startswith((".dvc/tmp", ".dvc/cache", ".prefect"))
    }


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a repository without a project, beside it a table: what the tests get copies of."""
    folder = tmp_path_factory.mktemp("empty") / "repository"
    (folder / "projects").mkdir(parents=True)
    text = (ROOT / "dvc.yaml").read_text(encoding="utf-8")
    text = re.sub(r"(packaged: &packaged)\n(?: {6}.*\n)+", r"\1 {}\n", text)
    text = re.sub(r"(- texts:)\n(?: {6}.*\n)+", r"\1 []\n", text)
    (folder / "dvc.yaml").write_text(text, encoding="utf-8")
    subprocess.run([BIN / "dvc", "init", "--no-scm", "--quiet"], cwd=folder, check=True)
    small_raw(200).to_csv(folder.parent / "small.csv", index=False)
    return folder


@pytest.fixture(scope="module")
def drafted(empty: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """Return such a repository in which the project `small` was drafted, and what the command said."""
    folder = copy(empty, tmp_path_factory.mktemp("drafted"))
    return folder, sevenfold(*NEW, where=folder)


def copy(repository: Path, place: Path) -> Path:
    """Return a copy of a repository, beside it its table, in an empty folder."""
    shutil.copytree(repository.parent, place, symlinks=True, dirs_exist_ok=True)
    return place / repository.name


@pytest.fixture
def repository(empty: Path, tmp_path: Path) -> Path:
    """Return a repository of the test's own, without a project, beside it a table."""
    return copy(empty, tmp_path)


def test_a_forecast_is_drafted_and_checked(here: Here, repository: Path) -> None:
    """The summary says what is forecast; the project that was written is one that `check` takes."""
    daily().to_csv(repository.parent / "shop.csv", index=False)
    flags = ("--data", "../shop.csv", "--target", "units", "--time", "day", "--series", "item", "--horizon", "7")

    status, out, err = here("new", "shop", *flags, where=repository)

    assert (status, err) == (0, "")
    assert "  forecast of 'units'; wape, margin 0.005\n" in out
    assert "  7 days ahead, seasons of 7 steps, series by 'item'; effort standard\n" in out
    status, out, err = here("check", "shop", where=repository)
    assert (status, err) == (0, "")
    assert out.startswith("shop: fine; ")


def test_from_a_table_to_a_project_and_back(
    empty: Path, drafted: tuple[Path, subprocess.CompletedProcess[str]], tmp_path: Path, here: Here
) -> None:
    """A project is drafted, checked, listed and removed; at the end all is as it was, and nothing was overwritten."""
    before = tree(empty)
    repository, made = copy(drafted[0], tmp_path), drafted[1]
    assert (made.returncode, made.stderr) == (0, "")
    assert "dvc repro report@small" in made.stdout
    for path in ("projects/small.toml", "data/raw/small.csv", "data/raw/small.csv.dvc"):
        assert (repository / path).is_file(), path
    assert (repository / "data/raw/small.csv").read_bytes() == (repository.parent / "small.csv").read_bytes()
    with_it = tree(repository)

    checked = sevenfold("check", "small", where=repository)
    assert checked.stdout.startswith("small: fine; 200 rows, 0 set aside, 160 to train and 40 to test on")
    shown = sevenfold("list", where=repository)
    assert re.search(r"^small +never built$", shown.stdout, re.MULTILINE)
    assert "\033" not in shown.stdout  # no colours where nobody looks
    status, _, told = here(*NEW, where=repository)
    assert status == 2
    assert "there is a project 'small' already" in told
    assert tree(repository) == with_it

    gone = sevenfold("remove", "small", where=repository)
    assert (gone.returncode, gone.stderr) == (0, "")
    ignored = {"data/raw/.gitignore"}
    assert {k: v for k, v in tree(repository).items() if k not in ignored} == before


def test_nothing_is_left_of_what_failed(repository: Path, here: Here) -> None:
    """Where DVC refuses the file, project file, list and data folder are as they were."""
    shutil.rmtree(repository / ".dvc")  # no DVC repository any more
    before = tree(repository)
    status, _, told = here(*NEW, where=repository)
    assert status == 2
    assert "`dvc add data/raw/small.csv` failed" in told
    assert tree(repository) == before


def test_a_file_in_its_place_already(repository: Path, here: Here) -> None:
    """A file that lies in data/raw is taken from there, under its own name, and removing the project removes it."""
    place = repository / "data/raw/mine.csv"
    place.parent.mkdir(parents=True)
    shutil.copy(repository.parent / "small.csv", place)
    status, _, told = here("new", "small", "--data", "data/raw/mine.csv", "--target", "left", where=repository)
    assert status == 0, told
    assert not (repository / "data/raw/small.csv").exists()
    assert 'file = "data/raw/mine.csv"' in (repository / "projects/small.toml").read_text(encoding="utf-8")
    assert "raw: data/raw/mine.csv" in (repository / "dvc.yaml").read_text(encoding="utf-8")


def test_a_project_that_is_not_listed(
    drafted: tuple[Path, subprocess.CompletedProcess[str]], tmp_path: Path, here: Here
) -> None:
    """`check` and `list` say that dvc.yaml does not know a project."""
    repository = copy(drafted[0], tmp_path)
    text = (repository / "dvc.yaml").read_text(encoding="utf-8")
    (repository / "dvc.yaml").write_text(re.sub(r"      small:\n(        .*\n)+", "", text), "utf-8")
    status, _, told = here("check", where=repository)
    assert status == 2
    assert "the project is not listed" in told
    assert "small is not listed in dvc.yaml" in here("list", where=repository)[1]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("sevenfold ch", {"check "}),
        ("sevenfold check ", {"churn", "spare"}),
        ("sevenfold run ref", {"reflect "}),
        ("sevenfold run reflect s", {"spare "}),
        ("sevenfold new x --ef", {"--effort "}),
        ("sevenfold new x --effort ", {"quick", "standard", "thorough"}),
    ],
)
def test_completion(line: str, expected: set[str], tmp_path: Path) -> None:
    """A shell that asks what could come next is told commands, steps, projects, flags and their values."""
    (tmp_path / "projects").mkdir()
    for name in ("churn", "spare"):
        (tmp_path / "projects" / f"{name}.toml").write_text("")
    told = tmp_path / "told"
    asked = {
        "_ARGCOMPLETE": "1", "COMP_LINE": line, "COMP_POINT": str(len(line)), "_ARGCOMPLETE_STDOUT_FILENAME": str(told),
        "_ARGCOMPLETE_IFS": "\n",
    }  # fmt: skip
    sevenfold(where=tmp_path, **asked)
    assert {word for word in told.read_text().split("\n") if not word.startswith("-h")} >= expected


def test_completion_scripts(tmp_path: Path) -> None:
    """The script of each shell names the command."""
    (tmp_path / "projects").mkdir()
    for shell in ("bash", "zsh", "fish"):
        assert "sevenfold" in sevenfold("completion", shell, where=tmp_path).stdout
