"""Bad input, case by case: a short message, exit status 2, nothing changed on disk; and what looks bad and is fine."""

import hashlib
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import numpy as np
import pytest
from bad_input import BY_KIND, CASES
from bad_repository import BIG, BY_TIME, CSV, PLACE, RAW, Case, as_csv, as_lines, build, declare, put, table
from conftest import environment, sevenfold
from fine_input import FINE

from flows import cli
from flows.commands import check, new  # noqa: F401 - imported here, since another user may not be able to
from flows.reading.raw import read_raw
from flows.repository.projects import load_project
from pipelines.core.submit import run_now
from pipelines.define import Defined, define

NOBODY = 65534
MOST_CHARACTERS = 1_100  # in a line
MOST_LINES = 10


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return the repository that every case starts from, the working directory; the environment comes back after it."""
    build(tmp_path / "repository")
    monkeypatch.chdir(tmp_path / "repository")
    with mock.patch.dict(os.environ):
        yield tmp_path / "repository"


def tree(folder: Path) -> dict[str, tuple[int, str]]:
    """Return mode and content, or a link's target, of everything beside and in the repository, by path."""
    found = {}
    for path in sorted(folder.rglob("*")):
        content = str(path.readlink()) if path.is_symlink() else ""
        if path.is_file() and not path.is_symlink():
            content = hashlib.sha256(path.read_bytes()).hexdigest()
        found[str(path)] = (path.lstat().st_mode, content)
    return found


def status(arguments: tuple[str, ...]) -> int | str | None:
    """Return the exit status of a command in this process."""
    try:
        return cli.main(arguments)
    except SystemExit as ended:
        return ended.code


def check_message(message: str, case: Case) -> None:
    """Assert that few lines tell what was found, where and what to do, and all that the case asks for."""
    assert "Traceback" not in message
    lines = message.removesuffix("\n").split("\n")
    assert 3 <= len(lines) <= MOST_LINES, message
    assert lines[0].startswith("error: "), message
    assert all(line.startswith(("error: ", "where: ", "allowed: ", "do: ")) for line in lines), message
    assert "\nwhere: " in message, message
    assert "\ndo: " in message, message
    assert max(map(len, lines)) < MOST_CHARACTERS, message
    assert all(character.isprintable() for line in lines for character in line), ascii(message)
    for words in case.told:
        assert words in message, message


def test_the_catalogue_is_large() -> None:
    """Each kind of input has its cases, and each case a name of its own."""
    assert {kind for kind, cases in BY_KIND.items() if len(cases) < 20} == set()
    assert len({case.name for case in CASES}) == len(CASES) >= 100


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_bad_input(case: Case, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit status 2, a message of a few lines that says what the case asks for, and no byte changed."""
    for arrange in case.arrange:
        arrange(root)
    before = tree(root.parent)
    assert status(case.command) == 2
    output = capsys.readouterr()
    check_message(output.err, case)
    assert tree(root.parent) == before


PROCESSES = ["metric mistyped", "Latin-1, checked", "gzip bomb, drafted", "raw file a link out", "new, flag unknown"]


@pytest.mark.parametrize("name", PROCESSES)
def test_bad_input_in_a_process(name: str, root: Path) -> None:
    """The same as a user meets it."""
    case = next(case for case in CASES if case.name == name)
    for arrange in case.arrange:
        arrange(root)
    before = tree(root.parent)
    done = sevenfold(root, environment(root, 1), *case.command)
    assert (done.returncode, done.stdout) == (2, "")
    check_message(done.stderr, case)
    assert tree(root.parent) == before


def as_nobody(root: Path, arguments: tuple[str, ...], told: Path) -> None:
    """Run a command as another user, who may read less; end with its exit status."""
    os.chdir(root)
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    with told.open("w", encoding="utf-8") as sys.stderr:
        code = cli.main(arguments)
    os._exit(code)


UNREADABLE = [
    (RAW, ("check", "shop"), (RAW, "cannot be read (Permission denied)", "permissions")),
    ("data/raw", ("check", "shop"), (RAW, "cannot be read (Permission denied)")),
    ("projects/shop.toml", ("check", "shop"), ("projects/shop.toml", "cannot be read (Permission denied)")),
    ("dvc.yaml", ("check", "shop"), ("dvc.yaml", "Permission denied")),
    ("mine.csv", ("new", "churn", "--data", "mine.csv", "--target", "left"), ("--data", "Permission denied")),
]


@pytest.mark.parametrize(("place", "command", "told"), UNREADABLE, ids=[place for place, *_ in UNREADABLE])
def test_unreadable(place: str, command: tuple[str, ...], told: tuple[str, ...]) -> None:
    """What the user may not read is told as such."""
    with tempfile.TemporaryDirectory() as folder:  # pytest's own are for one user only
        Path(folder).chmod(0o755)
        root = Path(folder) / "repository"
        build(root)
        put(CSV, "mine.csv")(root)
        (root / place).chmod(0)
        said = Path(folder) / "said"
        said.touch()
        said.chmod(0o666)
        process = multiprocessing.get_context("fork").Process(target=as_nobody, args=(root, command, said))
        process.start()
        process.join()
        (root / place).chmod(0o755)
        assert process.exitcode == 2, said.read_text(encoding="utf-8")
        check_message(said.read_text(encoding="utf-8"), Case(place, command, told))


@pytest.mark.parametrize("case", FINE, ids=[case.name for case in FINE])
def test_what_is_no_error(case: Case, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What other programs stumble over is accepted, and nothing but the result is said."""
    for arrange in case.arrange:
        arrange(root)
    before = tree(root.parent)
    assert status(case.command) == 0
    output = capsys.readouterr()
    assert output.err == ""
    for words in case.told:
        assert words in output.out, output.out
    assert tree(root.parent) == before


def defined(content: str, root: Path, *changes: tuple[str, str]) -> Defined:
    """Return what step 1 makes of a raw file."""
    put(content, RAW)(root)
    declare(*changes)(root)
    project = load_project("shop")
    return define(read_raw(root / RAW, project), project, "0" * 64, run_now)


def test_unsorted_times_are_split_by_time(root: Path) -> None:
    """Whatever the order of the rows and the gaps between them, the test rows are the latest."""
    found = defined(CSV, root, BY_TIME)
    test, day = found.table.frame["split"] == "test", table()["since"]
    assert test.sum() == 50
    assert day[~test.to_numpy()].max() < day[test.to_numpy()].min()


def test_labels_keep_every_digit(root: Path) -> None:
    """Two labels that are one float stay two."""
    found = defined(as_csv(table(town=BIG - 1 + PLACE % 2)), root)
    assert found.table.frame["town"].cat.categories.tolist() == [str(BIG - 1), str(BIG)]


def test_a_mark_is_no_part_of_a_name(root: Path) -> None:
    """The first column is found under its name behind a byte-order mark."""
    found = defined("\ufeff" + CSV, root)
    assert found.table.features[0] == "age"


@pytest.fixture(scope="module")
def initialised(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return what `dvc init` makes of an empty folder."""
    folder = tmp_path_factory.mktemp("initialised")
    subprocess.run([Path(sys.executable).with_name("dvc"), "init", "--no-scm", "--quiet"], cwd=folder, check=True)
    return folder


@pytest.fixture
def tracked(root: Path, initialised: Path) -> Path:
    """Return the repository under DVC."""
    shutil.copytree(initialised, root, dirs_exist_ok=True)
    return root


def test_a_link_out_is_copied(tracked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`new` takes what a link leads to, wherever that is, and leaves a file that is none; ids keep their digits."""
    outside = tracked.parent / "outside.csv"
    outside.write_text(as_csv(table(id=BIG - 1 + PLACE // 2)), encoding="utf-8")
    (tracked / "mine.csv").symlink_to(outside)
    assert status(("new", "churn", "--data", "mine.csv", "--target", "left", "--id", "id")) == 0
    assert "projects/churn.toml: written, 200 rows of 6 columns" in capsys.readouterr().out
    assert not (tracked / "data/raw/churn.csv").is_symlink()
    assert (tracked / "data/raw/churn.csv").read_bytes() == outside.read_bytes()
    project = load_project("churn")
    assert (project.split.kind, project.split.column) == ("group", "id")
    assert project.columns.declared["id"].type == "category"
    assert status(("check", "churn")) == 0


def test_only_what_dvc_has_is_removed(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The raw file stays where DVC has no copy; of a link that leads out, the link goes."""
    put("kept", "../outside/report.md")(root)
    (root / "reports").mkdir()
    (root / "reports/shop").symlink_to(root.parent / "outside")
    assert status(("remove", "shop")) == 0
    assert f"'{RAW}' stays: DVC has no copy of it" in capsys.readouterr().out
    assert (root / RAW).is_file()
    assert not (root / "reports/shop").is_symlink()
    assert (root.parent / "outside/report.md").is_file()


def test_a_folder_that_is_gone(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where somebody removed the working directory, that is told."""
    (root / "gone").mkdir()
    os.chdir(root / "gone")
    (root / "gone").rmdir()
    assert status(("list",)) == 2
    os.chdir(root)
    check_message(capsys.readouterr().err, Case("gone", (), ("this folder was removed",)))


def test_names_of_files_steer_no_terminal(tracked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`list` shows the name of whatever lies in projects/ as characters."""
    (tracked / "projects" / "\x1b[31m\n\udcff.toml").touch()
    assert status(("list",)) == 0
    assert "'\\x1b[31m\\n\\udcff' is not listed" in capsys.readouterr().out


def test_what_is_dropped_may_hold_anything(tracked: Path) -> None:
    """A column that `new` is told to drop is looked at by nobody, nor is it by `check`."""
    records = [record | {"more": {"a": [1]}} for record in table().to_dict("records")]
    put(as_lines(*records), "mine.jsonl")(tracked)
    assert status(("new", "churn", "--data", "mine.jsonl", "--target", "left", "--drop", "more")) == 0
    assert load_project("churn").columns.drop == ("more",)
    assert status(("check", "churn")) == 0


def test_zeros_that_lead_are_kept(tracked: Path) -> None:
    """A target of codes is drafted with the event as the file writes it."""
    put(table(left=np.where(table()["left"] == "yes", "01", "02")), "mine.csv")(tracked)
    assert status(("new", "churn", "--data", "mine.csv", "--target", "left")) == 0
    assert load_project("churn").problem.positive == "01"
