"""The line that says how far a step has come: there on a terminal, and only there."""

import os
import subprocess
import sys

SCRIPT = """
from flows.watching.progress import shown
from pipelines.core.submit import run_now
with shown(run_now, "strong") as submit:
    pieces = [submit(pow, 2, power, name="piece") for power in range(3)]
    print([piece.result() for piece in pieces])
"""


def test_progress_on_a_terminal() -> None:
    """A terminal sees a line that begins anew and is gone at the end; the results are the same."""
    master, slave = os.openpty()
    done = subprocess.run([sys.executable, "-c", SCRIPT], stdout=subprocess.PIPE, stderr=slave, check=True)
    os.close(slave)
    said = os.read(master, 10_000).decode()
    os.close(master)

    assert done.stdout == b"[1, 2, 4]\n"
    assert "strong: 0 of 1 pieces, 0 s" in said
    assert said.endswith("\r\x1b[K")


def test_silence_elsewhere() -> None:
    """A pipe or a file sees nothing of it."""
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"[1, 2, 4]\n", b"")
