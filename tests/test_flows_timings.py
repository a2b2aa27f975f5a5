"""Measuring what a command takes."""

import sys

import pytest

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
    """A small process measured after a large one is small."""
    measure([sys.executable, "-c", "held = b'x' * (200 << 20)"], "large")
    assert measure([sys.executable, "-c", ""], "small")[1] < 100


def test_a_failed_command_is_told() -> None:
    """What fails is not measured."""
    with pytest.raises(InputError, match="`failing` failed"):
        measure([sys.executable, "-c", "raise SystemExit(1)"], "failing")
