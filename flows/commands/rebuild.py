"""`sevenfold rebuild`: `dvc repro` of some projects, or of all, as one flow run that says what changed."""

import logging
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from flows.dvc.listed import PIPELINE, listed, stages_in
from flows.dvc.recording import Recording
from flows.repository.names import check_name
from flows.repository.projects import project_names
from flows.watching.changes import build_of, changes, in_short
from flows.watching.server import say_unwatched
from flows.whole_dvc import adapt
from pipelines.core.errors import InputError

ENDS = ("report", "notebook", "archive")  # the stages before which all others of a project stand
ARTIFACT = "rebuild-changes"
HEAD_LINES = 2  # of a table in Markdown
SHOWN = 3  # lines of DVC's complaint that a message repeats


def rebuild(names: Sequence[str], *, force: bool = False, update: bool = False, run: str | None = None) -> int:
    """Rebuild the named projects, or all; return the exit status.

    `force` runs every stage, `update` fetches first what raw files were imported from, `run` is the flow run that was
    scheduled for it. Raises InputError with the nearest name where one is unknown.
    """
    names = [_check(name) for name in dict.fromkeys(names)]
    recording = Recording()
    before = {name: build_of(name) for name in names or project_names()}
    recording.begin(names, run, force=force, update=update)
    if recording.parent is None:
        say_unwatched("no Prefect server answers")
    signal.signal(signal.SIGTERM, lambda *_: recording.stopping.stop())
    try:
        if update:
            _update(names)
        status, error = _repro(names, recording, force=force)
    except BaseException as unforeseen:
        recording.end(*recording.outcome(unforeseen))
        raise
    state, message = recording.outcome(error)
    if state == "COMPLETED":
        _say_changes(recording, before, {name: build_of(name) for name in before})
    recording.end(state, message)
    sys.stdout.write(f"{message}\n")
    return int(status != 0)


def _check(name: str) -> str:
    """Return the name of a project that DVC builds; raise InputError for any other name."""
    check_name(name, project_names(), what="project", where="projects/")
    if name not in listed():
        todo = "list it there, as the first lines of that file say"
        raise InputError(f"the project {name} is not listed", where=f"{PIPELINE}, vars", todo=todo)
    return name


def _repro(names: Sequence[str], recording: Recording, *, force: bool) -> tuple[int, BaseException | None]:
    """Run `dvc repro` in this process; return its exit status and, where it failed, what it said."""
    from dvc.cli import main as command_line

    said = _Said(recording)
    adapt("repro", recording)
    logging.getLogger("dvc").addHandler(said)
    known = stages_in(PIPELINE)
    targets = [f"{end}@{name}" for name in names for end in ENDS if end in known]
    status: int = command_line(["--wait-for-lock", "repro", *(["--force"] if force else []), *targets])
    return status, RuntimeError(said.last or f"exit status {status}") if status else None


class _Said(logging.Handler):
    """Hands on to the parent's log what DVC warns of and complains about."""

    def __init__(self, recording: Recording) -> None:
        super().__init__(logging.WARNING)
        self._recording, self.last = recording, ""

    def emit(self, record: logging.LogRecord) -> None:
        """Hand on one record: its message and the errors behind it."""
        error = record.exc_info[1] if record.exc_info else None
        parts = [record.getMessage()] if record.getMessage() else []
        while error is not None:
            parts.append(str(error) or type(error).__name__)
            error = error.__cause__
        self.last = ": ".join(parts)
        self._recording.say(self.last, record.levelno)


def _update(names: Sequence[str]) -> None:
    """Fetch again what raw files were imported from, where that has changed; raise InputError where it fails."""
    from flows.operating.raw_files import imported

    files = imported(names or project_names())
    if not files:
        return
    command = [str(Path(sys.executable).with_name("dvc")), "update", *files]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    if done.returncode:
        lines = [line.strip() for line in done.stderr.splitlines() if line.strip()][:SHOWN]
        todo = "check that the source can be reached, then run it again; no file was lost"
        raise InputError(f"`dvc update` failed; it said: {' / '.join(lines)}", where=", ".join(files), todo=todo)


def _say_changes(recording: Recording, before: dict[str, dict[str, object]], now: dict[str, dict[str, object]]) -> None:
    """Publish what changed, and say it in short in the log and on the terminal."""
    for name, old in before.items():
        for text in in_short(old, now[name]):
            recording.say(f"{name}: {text}")
            sys.stdout.write(f"{name}: {text}\n")
    if recording.parent is not None:
        text = changes(before, now, _metrics_diff())
        recording.parent.publish(ARTIFACT, text, "what changed since the last rebuild")


def _metrics_diff() -> str:
    """Return what `dvc metrics diff` says as Markdown, against the last commit; or why it says nothing."""
    command = [str(Path(sys.executable).with_name("dvc")), "metrics", "diff", "--md"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    if done.returncode:
        return f"`dvc metrics diff` failed: {(done.stderr.strip().splitlines() or ['it said nothing'])[0]}"
    table = done.stdout.strip()
    return table if len(table.splitlines()) > HEAD_LINES else "No metric differs from the last commit."
