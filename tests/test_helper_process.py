"""The helper process: work runs there, its errors come back, and its death costs nothing but time."""

import os
import signal

import pytest

from flows.running.helper_process import helper_process
from pipelines.core.errors import InputError
from pipelines.core.submit import run_now

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
