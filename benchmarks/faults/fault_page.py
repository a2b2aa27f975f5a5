"""The table of faults, and the page docs/faults.md that holds it."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from known import Fault
from records import Record
from trial import NOT_TRIED, SAME

NEVER = "-"


class Row(NamedTuple):
    """What came of a fault of a step."""

    fault: Fault
    step: str
    trials: list[Record]

    @property
    def troubles(self) -> list[str]:
        """Return what went wrong, with what repeats it."""
        return [f"{trouble} (number {trial.number})" for trial in self.trials for trouble in trial.troubles]


def table(rows: Sequence[Row]) -> str:
    """Return the rows as a Markdown table, a line for each fault and a column for each step."""
    steps = list(dict.fromkeys(row.step for row in rows))
    cells = {(row.fault.name, row.step): _cell(row) for row in rows}
    lines = [f"| fault | {' | '.join(steps)} |", f"|---|{'---:|' * len(steps)}"]
    names = dict.fromkeys(row.fault.name for row in rows)
    lines += [f"| {name} | {' | '.join(cells.get((name, step), NEVER) for step in steps)} |" for name in names]
    return "\n".join(lines) + "\n"


def write_page(rows: Sequence[Row], seed: int, path: Path) -> None:
    """Write the page."""
    faults = list(dict.fromkeys(row.fault for row in rows))
    made = "\n".join(f"| {fault.name} | {fault.how}{_why_not(fault)} |" for fault in faults)
    wrong = [f"- {row.fault.name}, {row.step}: {trouble}\n" for row in rows for trouble in row.troubles]
    trials = [trial for row in rows for trial in row.trials if not trial.outcome.startswith(NOT_TRIED)]
    asked = sum(row.fault.times for row in rows)
    repaired = sum(trial.repaired for trial in trials)
    counted = f"{len(trials)} of {asked} trials with seed {seed}, {repaired} with a build of their own afterwards"
    failed = sum(bool(trial.troubles) for trial in trials)
    numbers = f"\n{counted}; {failed or 'nothing'} went wrong"
    told = f"{numbers}:\n\n{''.join(wrong)}" if wrong else f"{numbers}.\n"
    path.write_text(HEAD + table(rows) + told + MADE + made + "\n", encoding="utf-8")


def _cell(row: Row) -> str:
    """Return how often a build ended with the same bytes, and how often with an error before it did."""
    if not row.trials or row.trials[0].outcome.startswith(NOT_TRIED):
        return NOT_TRIED
    fine = [trial for trial in row.trials if not trial.troubles]
    same = sum(trial.outcome == SAME for trial in fine)
    counted = [(same, "{}"), (len(fine) - same, "{} e"), (len(row.trials) - len(fine), "**{} wrong**")]
    return ", ".join(words.format(count) for count, words in counted if count)


def _why_not(fault: Fault) -> str:
    return f"; {fault.why_not}" if fault.why_not else ""


HEAD = """# Faults

`make faults` disturbs every step of a small project (600 rows, five columns, effort `quick`) in every way below, at
random moments and places, then removes the fault and runs `dvc repro`. Before each fault the step's files are those of
another edition of the data, so that the step has something to do and something to lose. Moments are drawn as shares of
the time that the step takes; a step that ended before its moment starts again. Steps run in the warm process. A Prefect
server records the runs where the fault concerns it.

In the table, `3` means: three times the build went on or was repeated, and ended with the same bytes. `2 e` means:
twice it ended with a clear error and lost nothing, and the next build ended with the same bytes. `-` means: this fault
cannot happen to that step.

"The same bytes" means: every table, model, fact, plot, picture and page, and `dvc.lock`, is byte for byte what an
undisturbed build leaves, no other file is left behind, and DVC holds no lock. In between, each file holds its old or
its new content, never a part of it. "A clear error" means: an exit status other than 0 and at most ten lines of our
own, without a traceback.

After each fault, every file is checked. If a killed step left exactly what three others left (the same files with the
same bytes, and the same cache), and their builds all ended with the same bytes, the fourth is not built again.

"""
MADE = """
A trial draws from the seed `SEED FAULT STEP NUMBER`; to repeat one, in the repository:
`PYTHONPATH=tests .venv/bin/python benchmarks/faults/disturb.py --faults "step killed" --steps eda --number 3 --again`.

How each fault is made:

| fault | how |
|---|---|
"""
