"""A process that ends at once has done everything else that any process does at its end."""

import os
import subprocess
import sys

import pytest
from conftest import ROOT

ENDING = """
import sys
from flows.running.leaving import leave_at_once, leaving
{first}
import atexit, threading, time

class Kept:
    def __del__(self):
        print("taken apart", flush=True)

kept = Kept()
kept.itself = kept
threading.Thread(target=lambda: (time.sleep(0.2), print("thread"))).start()
atexit.register(lambda: (time.sleep(0.1), print("registered")))
sys.stdout.write("written, ")
sys.exit({status})
"""


def end(first: str, status: str) -> subprocess.CompletedProcess[str]:
    """Return what comes of a process with a thread, something to be done at the end, and an object that speaks."""
    code = ENDING.format(first=first, status=status)
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)


def test_it_ends_with_its_status_after_threads_and_what_is_registered() -> None:
    """All words arrive, in the order of any end, and only what would have been taken apart stays silent."""
    quick, plain = end("leave_at_once()", "leaving(3)"), end("", "3")
    assert (quick.returncode, quick.stderr) == (plain.returncode, plain.stderr) == (3, "")
    assert quick.stdout == "written, thread\nregistered\n"
    assert plain.stdout == quick.stdout + "taken apart\n"


@pytest.mark.parametrize(("status", "expected"), [("4", 4), ("1 / 0", 1)])
def test_without_a_status_it_ends_as_any_process(status: str, expected: int) -> None:
    """Where nobody said that all is done, as after an exception, Python ends the process."""
    ended = end("leave_at_once()", status)
    assert ended.returncode == expected
    assert ended.stdout.endswith("taken apart\n")


def test_words_that_cannot_be_written_are_no_success() -> None:
    """A full disk behind the terminal gives Python's own complaint and its exit status."""
    code = "from flows.running.leaving import *\nleave_at_once()\nprint('words')\nraise SystemExit(leaving(0))"
    with open("/dev/full", "w") as full:  # noqa: PTH123 - a device
        command = [sys.executable, "-c", code]
        env = {key: value for key, value in os.environ.items() if key != "PYTHONUNBUFFERED"}  # it would fail earlier
        ended = subprocess.run(command, cwd=ROOT, env=env, stdout=full, stderr=subprocess.PIPE, check=False, timeout=60)
    assert ended.returncode == 120
    assert b"No space left" in ended.stderr
