"""How long the stages take that are still to run: what each took the last time, corrected by what this run shows.

What stages took here lies beside DVC's own temporary files; what the packaged projects take on two cores of an idle
machine is in seconds.json, for a clone that has built nothing yet. `make performance` writes that.
"""

import json
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from flows.repository.layout import Layout
from pipelines.core.plural import agree

HERE = Path(".dvc", "tmp", "seconds.json")  # by stage: what its last run took
REFERENCE = Path(__file__).with_name("seconds.json")
TRUSTED = 20  # seconds of known work that must have run before half of what this run shows is believed
MINUTE = 60
STEP = 10  # times below two minutes are given in steps of so many seconds


class Remaining:
    """What stages took before, and how much faster or slower they run in this `dvc repro`."""

    def __init__(self) -> None:
        """Know what stages took before; begin now."""
        self._known = {**_read(REFERENCE), **_read(HERE)}
        self._expected = self._took = float(TRUSTED)
        self._started = time.monotonic()

    def ahead(self, stages: Sequence[str]) -> str:
        """Return what to say of how long the stages will take; nothing where none was ever timed."""
        known = [self._known[stage] for stage in stages if stage in self._known]
        if not known:
            return ""
        untimed = len(stages) - len(known)
        more = f", beside {untimed} {agree(untimed, 'stages')} never timed" if untimed else ""
        return f"about {_words(sum(known) * self._took / self._expected)} left{more}"

    def done(self, stage: str, seconds: float) -> str:
        """Remember what a stage took; return what to say of its report, if it wrote one."""
        if stage in self._known:
            self._expected += self._known[stage]
            self._took += seconds
        self._known[stage] = seconds
        _remember(stage, seconds)
        step, _, project = stage.partition("@")
        whole = time.monotonic() - self._started
        return f"{Layout(project).report} can be read, {whole:.0f} s after the start" if step == "report" else ""


def _words(seconds: float) -> str:
    """Return a time as a person says it."""
    if seconds < STEP:
        return f"{STEP} s"
    if seconds < 2 * MINUTE:
        return f"{STEP * round(seconds / STEP)} s"
    return f"{round(seconds / MINUTE)} min"


def _read(path: Path) -> dict[str, float]:
    """Return the seconds by stage in a file; none where it is missing or damaged, as they only serve a guess."""
    with suppress(OSError, ValueError):
        found = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(found, Mapping):
            return {str(stage): float(seconds) for stage, seconds in found.items() if isinstance(seconds, int | float)}
    return {}


def _remember(stage: str, seconds: float) -> None:
    """Write down what a stage took; a disk without room is the stages' affair."""
    with suppress(OSError):
        HERE.write_text(json.dumps(_read(HERE) | {stage: round(seconds, 1)}), encoding="utf-8")
