"""The helper process: work runs there, its errors come back, and its death costs nothing but time."""

import os
import pickle
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from toy_table import small_table

from flows.running import helper_process as helper_module
from flows.running.helper_process import HelperGoneError, Helpers, helper_process
from flows.running.pool import pool
from pipelines.core.errors import InputError
from pipelines.core.submit import apart, apart_where, run_now

NOWHERE = "a_package_that_is_not_imported"


def warm() -> None:
    """Do nothing: the import of this module is what takes time here."""


def where_am_i(mark: str) -> tuple[str, int]:
    """Return the argument and the process."""
    return mark, os.getpid()


def refuse() -> None:
    """Raise what a user would be told."""
    raise InputError("no", where="here", todo="nothing")


def die(parent: int) -> int:
    """Kill the process unless it is the parent."""
    if os.getpid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)
    return os.getpid()


def test_pieces_run_in_another_process() -> None:
    """The value comes back from a process that is not this one, and an error comes back whole."""
    with helper_process(run_now, warm, NOWHERE) as submit:
        mark, process = submit(where_am_i, "x", name="piece").result()
        assert mark == "x"
        assert process != os.getpid()
        with pytest.raises(InputError, match="do: nothing"):
            submit(refuse, name="piece")


def test_a_dead_process_is_replaced_by_this_one() -> None:
    """If the process is killed, the piece runs here."""
    with helper_process(run_now, warm, NOWHERE) as submit:
        assert submit(die, os.getpid(), name="piece").result() == os.getpid()


def test_what_is_imported_already_needs_no_process() -> None:
    """Where the package is here, pieces run here."""
    with helper_process(run_now, warm, "pytest") as submit:
        assert submit(where_am_i, "x", name="piece").result() == ("x", os.getpid())


@apart
def marked(mark: str) -> tuple[str, int]:
    """Return the argument and the process."""
    return mark, os.getpid()


@apart
def marked_and_refused() -> None:
    """Raise what a user would be told."""
    refuse()


@apart
def marked_and_killed(parent: int) -> int:
    """Kill the process unless it is the parent."""
    return die(parent)


@apart
def wait(file: str) -> None:
    """Say that it waits, and wait."""
    Path(file).write_text(str(os.getpid()), encoding="ascii")
    time.sleep(60)


@pytest.fixture
def helpers() -> Iterator[Helpers]:
    """Give helpers that are ended."""
    made = Helpers()
    yield made
    made.end()


def test_marked_pieces_run_in_processes_of_their_own(helpers: Helpers) -> None:
    """One after the other in the same, and others here; errors come back whole."""
    first, second = (helpers.placed(marked)(mark) for mark in "ab")

    assert (first[0], second[0]) == ("a", "b")
    assert first[1] == second[1] != os.getpid()
    assert helpers.placed(where_am_i)("c") == ("c", os.getpid())
    with pytest.raises(InputError, match="do: nothing"):
        helpers.placed(marked_and_refused)()
    assert helpers.placed(marked)("d") == ("d", first[1])


def test_pieces_of_a_process_that_dies_run_here(helpers: Helpers) -> None:
    """And the next one has a process again."""
    assert helpers.placed(marked_and_killed)(os.getpid()) == os.getpid()
    assert helpers.placed(marked)("x")[1] != os.getpid()


@apart_where(lambda mark: mark == "slow")
def slow_or_not(mark: str) -> tuple[str, int]:
    """Return the argument and the process."""
    return mark, os.getpid()


def test_a_piece_may_be_marked_for_some_arguments(helpers: Helpers) -> None:
    """For others it runs here."""
    assert helpers.placed(slow_or_not)("quick") == ("quick", os.getpid())
    assert helpers.placed(slow_or_not)("slow")[1] != os.getpid()


def test_a_step_that_holds_much_runs_all_itself(helpers: Helpers, monkeypatch: pytest.MonkeyPatch) -> None:
    """And ends the processes that wait for pieces; a step that holds less has them again."""
    _, there = helpers.placed(marked)("x")
    monkeypatch.setattr(helper_module, "MUCH", 0)

    assert helpers.placed(where_am_i)("x") == ("x", os.getpid())
    assert not Path("/proc", str(there)).exists()
    assert helpers.placed(marked)("x") == ("x", os.getpid())

    monkeypatch.undo()
    assert helpers.placed(marked)("x")[1] not in {there, os.getpid()}


@apart
def meet(own: str, other: str) -> int:
    """Return the process, once another one has come as well."""
    Path(own).touch()
    end = time.monotonic() + 30
    while not Path(other).exists() and time.monotonic() < end:
        time.sleep(0.02)
    return os.getpid() if Path(other).exists() else 0


def test_two_at_a_time_have_two_processes(helpers: Helpers, tmp_path: Path) -> None:
    """Neither could end if they ran one after the other."""
    files = str(tmp_path / "a"), str(tmp_path / "b")
    found: list[int] = []
    threads = [
        threading.Thread(target=lambda pair=pair: found.append(helpers.placed(meet)(*pair)))
        for pair in (files, files[::-1])
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(found)) == 2
    assert not {0, os.getpid()} & set(found)


def test_the_pool_of_steps_places_marked_pieces() -> None:
    """In a process, and others in threads of this one."""
    with pool() as submit:
        apart_from_it, here = submit(marked, "a", name="a"), submit(where_am_i, "b", name="b")

        assert apart_from_it.result()[1] != os.getpid()
        assert here.result()[1] == os.getpid()


def test_the_end_does_not_wait_for_a_piece(helpers: Helpers, tmp_path: Path) -> None:
    """Its process is killed, and it is not begun again here."""
    failed: list[BaseException] = []

    def run() -> None:
        try:
            helpers.placed(wait)(str(tmp_path / "begun"))
        except HelperGoneError as error:
            failed.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    while not (tmp_path / "begun").exists():
        time.sleep(0.02)
    helpers.end()
    thread.join(10)

    assert failed
    assert int((tmp_path / "begun").read_text(encoding="ascii")) != os.getpid()
    with pytest.raises(HelperGoneError):
        helpers.placed(marked)("late")


def test_a_table_is_sent_without_its_views() -> None:
    """Another thread may be making one of them just then, and they are larger than the table."""
    table = small_table()
    plain = pickle.dumps(table)
    rows = table.x, table.y, table.features

    again = pickle.loads(plain)

    assert pickle.dumps(table) == plain
    assert again.x.equals(rows[0])
    assert (again.y == rows[1]).all()
    assert again.features == rows[2]
