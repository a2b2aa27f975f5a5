"""`sevenfold list`: every project with its state, verdict and score, as DVC and the facts have them."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flows.dvc import listed as pipeline
from flows.repository.files import read_json
from flows.repository.layout import Layout
from flows.repository.projects import project_names
from pipelines.core.errors import InputError, quote, seen
from pipelines.core.steps import SEVEN

FRESH, STALE, NEVER = "fresh", "stale", "never built"
COLOURS = {FRESH: 32, STALE: 33, NEVER: 31}  # of a terminal: green, yellow, red
SHOWN = 3  # lines of DVC's complaint that a message repeats
HEAD = ("project", "state", "verdict", "metric", "strong", "difference")


def list_projects() -> int:
    """Print one line a project: state (fresh, stale, never built), verdict, metric, score and difference."""
    names = project_names()
    listed = pipeline.listed()
    changed = _changed() if listed else {}
    rows = [tuple(_shown(cell) for cell in _row(name, changed)) for name in names]
    unlisted = [_shown(name) for name in names if name not in listed]
    widths = [max(len(row[place]) for row in [HEAD, *rows]) for place in range(len(HEAD))]
    for row in [HEAD, *rows]:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        cells[1] = _coloured(cells[1], row[1])
        sys.stdout.write("  ".join(cells).rstrip() + "\n")
    for name in unlisted:
        sys.stdout.write(f"{name} is not listed in dvc.yaml, so `dvc repro` does not build it\n")
    if not names:
        sys.stdout.write("there is no project yet; `sevenfold new --help` says how to add one\n")
    return 0


def _row(name: str, changed: Mapping[str, bool]) -> tuple[object, ...]:
    """Return one project's cells."""
    layout = Layout(name)
    built = all(layout.facts(step).is_file() for step in SEVEN) and layout.report.is_file()
    state = NEVER if not built else STALE if changed.get(name, True) else FRESH
    if not layout.metrics.is_file():
        return (name, state, "", "", "", "")
    try:
        shown = read_json(layout.metrics)
        return (name, state, shown["verdict"], shown["metric"], f"{shown['strong']:.4g}", f"{shown['difference']:.4g}")
    except (ValueError, KeyError, TypeError):
        return (name, STALE, "damaged", "", "", "")


def _shown(cell: object) -> str:
    """Return the cell as characters that steer no terminal: a file of projects/ may have any name."""
    text = str(cell)
    return text if all(map(seen, text)) else quote(text)


def _changed() -> dict[str, bool]:
    """Return whether anything of each listed project would be rebuilt, as DVC says."""
    dvc = Path(sys.executable).with_name("dvc")
    done = subprocess.run([dvc, "status", "--json"], capture_output=True, text=True, check=False)  # noqa: S603 - ours
    try:
        status: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        lines = [line.strip() for line in done.stderr.splitlines() if line.strip()][:SHOWN]
        raise InputError(
            f"`dvc status` failed; it said: {' / '.join(lines) or 'nothing'}",
            where="dvc.yaml, dvc.lock",
            todo="run `dvc status` and fix what it names",
        ) from None
    names = pipeline.listed()
    raw = {f"{path}.dvc": name for name, path in names.items()}
    touched = {stage.partition("@")[2] or raw.get(stage, "") for stage in status}
    return {name: name in touched for name in names}


def _coloured(cell: str, state: str) -> str:
    """Return the cell in its state's colour, plain where it would not show or is not wanted."""
    if not sys.stdout.isatty() or "NO_COLOR" in os.environ or state not in COLOURS:
        return cell
    return f"\033[{COLOURS[state]}m{cell}\033[0m"
