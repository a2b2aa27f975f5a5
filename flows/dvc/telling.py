"""What `dvc repro` says beside DVC's own words: how long the rest takes, and that a report can be read."""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from flows.dvc.remaining import Remaining


class Plan:
    """The stages of one `dvc repro`, in their order, and which of them are still to run."""

    def __init__(self, stages: Sequence[Any], graph: Any, force: bool) -> None:  # noqa: ANN401 - DVC's
        """Know DVC's stages and their graph; whether their inputs changed is asked when the first of them runs."""
        self._ahead, self._graph, self._force, self._asked = list(stages), graph, force, False

    def still(self, stage: Any) -> list[str]:  # noqa: ANN401 - DVC's
        """Return the names of a stage, which is about to run, and of the later ones that run as far as can be known.

        A stage behind one that runs is taken to run as well, though it will not where its inputs come out the same.
        """
        if stage in self._ahead:
            del self._ahead[: self._ahead.index(stage)]
        if not self._asked:
            self._ahead = self._running()
            self._asked = True
        return [one.addressing for one in self._ahead]

    def _running(self) -> list[Any]:
        """Return the stages that run: asked to, with changed inputs, or behind one that runs."""
        running: list[Any] = []
        for stage in self._ahead:
            behind = self._graph is not None and any(other in running for other in self._graph.successors(stage))
            if self._force or not running or behind or _changed(stage):
                running.append(stage)
        return running


def _changed(stage: Any) -> bool:  # noqa: ANN401 - DVC's
    """Return whether a stage's inputs changed; also where that cannot be known, of which DVC will speak in its turn."""
    with suppress(Exception):
        return bool(stage.changed())
    return True


def tell(also: Callable[[str], None]) -> None:
    """Let `dvc repro` say before each stage how long the rest takes, and after a report's that it can be read.

    `also` gets the same words.
    """
    from dvc.repo import reproduce
    from dvc.stage import Stage, logger

    work, run = reproduce._reproduce, Stage.run  # noqa: SLF001 - DVC has no setting for it
    remaining = Remaining()
    plans: list[Plan] = []

    def say(words: str) -> None:
        if words:
            logger.info(words)  # as DVC writes its own
            also(words)

    def working(stages: list[Any], graph: Any = None, **more: Any) -> Any:  # noqa: ANN401 - DVC's
        plans.append(Plan(stages, graph, force=bool(more.get("force"))))
        return work(stages, graph=graph, **more)

    def running(self: Any, **more: Any) -> None:  # noqa: ANN401 - DVC's
        if more.get("dry") or not plans:
            run(self, **more)
            return
        say(remaining.ahead(plans[-1].still(self)))
        started = time.monotonic()
        run(self, **more)
        say(remaining.done(self.addressing, time.monotonic() - started))

    reproduce._reproduce, Stage.run = working, running  # noqa: SLF001
