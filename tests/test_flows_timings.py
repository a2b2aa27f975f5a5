"""Measuring what a command takes."""

import subprocess
import sys

import pytest
from conftest import ROOT

from flows.timings import measure
from pipelines.errors import InputError


def test_seconds_and_peak_memory() -> None:
    """A process that holds 200 MiB for half a second is measured as that much, and not much more."""
    seconds, peak = measure(
        [sys.executable, "-c", "import time; held = b'x' * (200 << 20); time.sleep(0.5)"], "holding"
    )
    assert seconds >= 0.5
    assert 200 <= peak <= 300


def test_memory_is_the_commands_own() -> None:
    """A small process measured after a large one is small, if who measures is small itself, as `timings` is."""
    code = (
        "import sys; from flows.timings import measure; "
        "measure([sys.executable, '-c', 'held = bytes(200 << 20)'], ''); "
        "print(measure([sys.executable, '-c', ''], '')[1])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert int(done.stdout) < 100


def test_a_failed_command_is_told() -> None:
    """What fails is not measured."""
    with pytest.raises(InputError, match="`failing` failed"):
        measure([sys.executable, "-c", "raise SystemExit(1)"], "failing")
