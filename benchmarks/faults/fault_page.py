"""The table of faults, and the page docs/faults.md that holds it."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from known import Fault


class Row(NamedTuple):
    """What came of a fault of a step."""

    fault: Fault
    step: str
    times: int
    outcome: str
    troubles: list[str]


def table(rows: Sequence[Row]) -> str:
    """Return the rows as a Markdown table, steps with the same outcome together."""
    lines = ["| fault | step | times each | outcome |", "|---|---|---:|---|"]
    for (fault, times, outcome), steps in _grouped(rows).items():
        lines.append(f"| {fault} | {', '.join(steps)} | {times} | {outcome} |")
    return "\n".join(lines) + "\n"


def write_page(rows: Sequence[Row], path: Path) -> None:
    """Write the page."""
    faults = list(dict.fromkeys(row.fault for row in rows))
    made = "\n".join(f"| {fault.name} | {fault.how} |" for fault in faults)
    path.write_text(HEAD + table(rows) + MADE + made + "\n", encoding="utf-8")


def _grouped(rows: Iterable[Row]) -> dict[tuple[str, int, str], list[str]]:
    groups: dict[tuple[str, int, str], list[str]] = {}
    for row in rows:
        outcome = f"**wrong**: {'; '.join(dict.fromkeys(row.troubles))}" if row.troubles else row.outcome
        groups.setdefault((row.fault.name, row.times, outcome), []).append(row.step)
    return groups


HEAD = """# Faults

`make faults` disturbs every step of a small project (600 rows, five columns, effort `quick`) in every way below, at
random moments and places, lifts the fault and runs `dvc repro`. Before each fault the step's files are those of another
edition of the data, so that the step has something to do and something to lose.

"The same bytes" means: every table, model, fact, plot, picture and page, and `dvc.lock`, is byte for byte what an
undisturbed build leaves, no other file is left behind, and DVC holds no lock. In between, each file holds what it held
before or what it shall hold, never a part of it. "A clear error" means: an exit status other than 0 and at most ten
lines of our own, without a traceback.

"""
MADE = """
How each fault is made:

| fault | how |
|---|---|
"""
