"""Measuring what a command takes."""

import ast
import subprocess
import sys

import pytest
from conftest import ROOT
from toy_table import small_project, small_table

from flows.measuring.model_times import BATCH_ROWS, time_predictions
from flows.measuring.timings import measure
from pipelines.baseline import baseline
from pipelines.core.errors import InputError
from pipelines.core.submit import run_now
from pipelines.models.saving.archive import load


def measured(*snippets: str) -> list[float]:
    """Return seconds and MiB of the last snippet, measured one after the other by a small process, as `timings` is.

    Linux counts a new process as at least as large as the one that started it, and a test worker is large.
    """
    commands = [[sys.executable, "-c", snippet] for snippet in snippets]
    code = f"from flows.measuring.timings import measure; print([measure(c, '') for c in {commands!r}][-1])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return list(ast.literal_eval(done.stdout))


def test_seconds_and_peak_memory() -> None:
    """A process that holds 200 MiB for half a second is measured as that much, and not much more."""
    seconds, peak = measured("import time; held = b'x' * (200 << 20); time.sleep(0.5)")
    assert seconds >= 0.5
    assert 200 <= peak <= 300


def test_memory_is_the_commands_own() -> None:
    """A small process measured after a large one is small."""
    _, peak = measured("held = bytes(200 << 20)", "")
    assert peak < 100


def test_a_failed_command_is_told() -> None:
    """What fails is not measured."""
    with pytest.raises(InputError, match="`failing` failed"):
        measure([sys.executable, "-c", "raise SystemExit(1)"], "failing")


def test_predictions_are_timed() -> None:
    """A row costs more alone than among others, and the batch is no larger than the rows there are."""
    table = small_table()
    model = load(baseline(table, small_project(), run_now).model)
    found = time_predictions(model, table.x)
    assert found["single_microseconds"] > found["batch_microseconds"] > 0
    assert found["batch_rows"] == len(table.x) < BATCH_ROWS
