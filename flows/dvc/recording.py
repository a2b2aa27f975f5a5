"""What Prefect shows of a `dvc repro`: the parent of its steps' runs, from the first stage that runs to the last.

Where no stage runs nothing is shown, and takes no time; `sevenfold rebuild` begins its parent by itself, before that.
"""

import contextlib
import logging
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.commit import commit
from flows.dvc.stopping import Stopping
from flows.repository.names import OF_ALL_PROJECTS, STEPS, run_name
from flows.watching import COMMIT, RUN
from pipelines.core.errors import InputError
from pipelines.core.plural import agree

if TYPE_CHECKING:
    from flows.watching.parent import Parent, State

INTERRUPTED = (-2, 130)  # exit statuses of a command that SIGINT ended: as Python counts it, and as a shell
ALL = "all projects"
OURS = "sevenfold run "  # in the command of a stage that is a step


class Recording:
    """One `dvc repro`, as Prefect shows it."""

    def __init__(self) -> None:
        """Begin with no parent: nothing has run."""
        self.parent: Parent | None = None
        self.stopping = Stopping(self._cancelling)
        self.ran: list[str] = []  # stages that ended well
        self.failed: list[str] = []
        self._planned: list[str] = []
        self._begun = self._interrupted = False

    @property
    def projects(self) -> list[str]:
        """The projects of the stages that DVC looks at; none where it looks at all."""
        whole = OF_ALL_PROJECTS in self._planned
        return [] if whole else sorted({name for stage in self._planned if (name := stage.partition("@")[2])})

    def plan(self, stages: Sequence[str]) -> None:
        """Know which stages DVC looks at."""
        self._planned = list(stages)

    def begin(self, projects: Sequence[str], run: str | None = None, **more: object) -> None:
        """Begin the parent, unless it has begun; without a server there is none, of which each step will speak.

        `projects` are those asked for, none for all; `run` is a run that was scheduled before; `more` are parameters.
        """
        if self._begun:
            return
        self._begun = True
        from flows.watching import parent, server  # not where nothing runs: half of what DVC then takes is imports
        from flows.watching.api import Api, Unanswered
        from flows.watching.parameters import SHOWN

        known, title = commit(SHOWN), ", ".join(projects) or ALL
        shown = {"projects": list(projects), **more, "commit": known}
        with suppress(server.NotWatched, InputError, Unanswered):
            api = Api(server.connect())
            self.parent = parent.begin(api, f"{parent.FLOW} / {title}", shown, projects, run)
            os.environ[RUN] = self.parent.run
        os.environ[COMMIT] = known or ""
        self.stopping.start()

    @contextmanager
    def stage(self, addressing: str) -> Iterator[None]:
        """Record that a stage runs."""
        self.stopping.check()
        name = shown_name(addressing)
        self.say(f"{name} begins")
        started = time.monotonic()
        try:
            yield
        except BaseException as error:
            took = f"after {time.monotonic() - started:.1f} s"
            if self.stopping.wanted or _was_interrupted(error):
                self._interrupted = True
                self.say(f"{name} was stopped {took}", logging.WARNING)
            else:
                self.failed.append(addressing)
                self.say(f"{name} failed {took}: {error}", logging.ERROR)
            raise
        self.ran.append(addressing)
        self.say(f"{name} ended after {time.monotonic() - started:.1f} s")

    def say(self, text: str, level: int = logging.INFO) -> None:
        """Write into the parent's log, if there is one."""
        if self.parent is not None:
            self.parent.say(text, level)

    def outcome(self, error: BaseException | None) -> "tuple[State, str]":
        """Return how it ended, and a sentence about that."""
        if self.stopping.wanted or self._interrupted or isinstance(error, KeyboardInterrupt):
            return "CANCELLED", "stopped; run it again to go on where it stopped"
        if self.failed:
            return "FAILED", f"{', '.join(map(shown_name, self.failed))} failed"
        if error is not None:
            return "FAILED", str(error) or type(error).__name__
        if not self.ran:
            return "COMPLETED", "nothing has changed, so nothing ran"
        count = len(self._planned)
        return "COMPLETED", f"{len(self.ran)} of {count} {agree(count, 'stages')} ran"

    def end(self, state: "State", message: str) -> None:
        """End the parent, if there is one."""
        self.stopping.end()
        if self.parent is not None:
            os.environ.pop(RUN, None)
            self.parent.end(state, message)

    def _cancelling(self) -> bool:
        return self.parent is not None and self.parent.cancelling()


def record(recording: Recording, *, owned: bool) -> None:
    """Record in `recording` what `dvc repro` does; unless that is `owned` by the caller, begin and end it here."""
    from dvc.repo import reproduce
    from dvc.stage import Stage

    work, run = reproduce._reproduce, Stage.run  # noqa: SLF001 - DVC has no setting for it

    def working(stages: list[Any], graph: Any = None, **more: Any) -> Any:  # noqa: ANN401 - DVC's
        if more.get("dry"):
            return work(stages, graph=graph, **more)
        recording.plan([stage.addressing for stage in stages if stage.cmd])
        try:
            done = work(stages, graph=graph, **more)
        except BaseException as error:
            if not owned:
                recording.end(*recording.outcome(error))
            raise
        if not owned:
            recording.end(*recording.outcome(None))
        return done

    def running(self: Any, **more: Any) -> None:  # noqa: ANN401 - DVC's
        if more.get("dry") or not self.cmd:  # a raw file that is only looked at
            run(self, **more)
            return
        if not owned and OURS in str(self.cmd):  # a pipeline of others starts no server
            with contextlib.chdir(Path(self.repo.root_dir)):  # where the server keeps its files
                recording.begin(recording.projects)
        with recording.stage(self.addressing):
            run(self, **more)

    reproduce._reproduce, Stage.run = working, running  # noqa: SLF001


def shown_name(addressing: str) -> str:
    """Return a stage's name as its run has it: `loan_default / 5 strong` of strong@loan_default."""
    step, _, project = addressing.partition("@")
    return run_name(step, project or step) if step in STEPS else addressing


def _was_interrupted(error: BaseException) -> bool:
    """Return whether a stage's command was ended by SIGINT, as by Ctrl-C; DVC's error has the status in its words."""
    status = str(error).rpartition("exited with ")[2]
    return isinstance(error, KeyboardInterrupt) or status in map(str, INTERRUPTED)
