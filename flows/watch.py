"""The only module that knows Prefect: a step as a flow run, its pieces as task runs, its section as an artifact.

Watching never breaks building. The step and each of its pieces are wrapped (`Once`), so that they run once and their
value or exception is kept: whatever becomes of Prefect before, during or after, that is what counts, and what Prefect
lost is run plainly.
"""

import functools
import logging
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import ExitStack
from typing import Any, Generic, TypeVar

from prefect import flow, tags
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.context import TagsContext
from prefect.events.clients import PrefectEventsClient
from prefect.events.worker import EventsWorker
from prefect.futures import PrefectConcurrentFuture
from prefect.settings import PREFECT_CLIENT_MAX_RETRIES, PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
from prefect.task_runners import ThreadPoolTaskRunner
from prefect.tasks import Task

from flows.artifacts import leaderboard, section
from flows.files import Facts
from flows.names import run_name
from flows.pool import Once, pool, workers
from flows.server import reachable, say_unwatched
from pipelines.submit import Pending, Submit

Result = TypeVar("Result")

RECONNECTIONS = 1  # Prefect's ten would hold a step up for many seconds when the server has gone
SHOWN = ("__module__", "__name__", "__qualname__", "__doc__")  # what Prefect shows of a function


def watched(compute: Callable[[Submit], Facts], step: str, project: str, api: str) -> Facts:
    """Return `compute(submit)` while the Prefect server at `api` watches; raise what `compute` raises.

    PREFECT_API_URL in the environment must be `api` since before Prefect was imported: its threads read it there.
    """
    logging.raiseExceptions = False  # a log line that cannot be sent is no news for the terminal
    EventsWorker.set_client_override(PrefectEventsClient, api_url=api, reconnection_attempts=RECONNECTIONS)
    once = Once(lambda: compute(_submit))
    with ExitStack() as stack:
        # The heartbeat's thread sleeps in whole seconds, and joining it would cost each step one of them.
        stack.enter_context(temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}))
        stack.enter_context(tags(project, step))
        body = _body(once, step, project, api, stack)
        runner: ThreadPoolTaskRunner[Any] = ThreadPoolTaskRunner(max_workers=workers())
        settings = {"name": step, "flow_run_name": run_name(step, project), "task_runner": runner}
        try:
            flow(body, validate_parameters=False, persist_result=False, **settings)()
        except Exception as error:  # noqa: BLE001 - the step's own exception is raised below
            if not once.outcome.done() or error is not once.outcome.exception():
                say_unwatched(f"the Prefect server at {api} is lost ({type(error).__name__})")
    if once.outcome.done():
        return once.run()
    with pool() as submit:  # Prefect failed before it began
        return compute(submit)


def _body(once: Once[Facts], step: str, project: str, api: str, stack: ExitStack) -> Callable[[], None]:
    """Return the flow's function. It returns nothing: Prefect would look through the facts for futures."""

    def body() -> None:
        with TagsContext(current_tags=set()):  # each tag of a task run would ask the server for a free slot
            try:
                facts = once.run()
            finally:
                if not reachable(api):  # then nothing that Prefect still has to say is worth waiting for
                    stack.enter_context(temporary_settings({PREFECT_CLIENT_MAX_RETRIES: 0}))
        _publish(step, project, facts)

    return body


class _TaskRun(Generic[Result]):
    """A piece of work that Prefect runs; if Prefect gives up without having run it, the waiting thread does."""

    def __init__(self, piece: Once[Result], future: PrefectConcurrentFuture[Any] | None) -> None:
        self._piece, self._future = piece, future

    def result(self) -> Result:
        """Wait for the value; raise what the work raised."""
        if self._future is not None:
            both: list[Future[Any]] = [self._piece.outcome, self._future.wrapped_future]
            wait(both, return_when=FIRST_COMPLETED)
        return self._piece.run()


def _submit(function: Callable[..., Result], /, *args: object, name: str) -> Pending[Result]:
    """Hand a piece out as a task run; without a cache or stored results, which are DVC's affair."""
    piece = Once(functools.partial(function, *args))

    def run() -> None:  # takes and returns nothing: Prefect would look through the values for futures
        piece.run()

    for attribute in SHOWN:
        setattr(run, attribute, getattr(function, attribute, None))
    try:
        task = Task(run, name=name, task_run_name=lambda: name, cache_policy=NO_CACHE, persist_result=False)
        return _TaskRun(piece, task.submit())
    except Exception:  # noqa: BLE001 - the flow run tells its own trouble; the piece is run by whoever waits for it
        return _TaskRun(piece, None)


def _publish(step: str, project: str, facts: Facts) -> None:
    """Publish the step's section and leaderboard."""
    key = f"{project}-{step}".replace("_", "-")
    create_markdown_artifact(section(step, facts), key=key, description=run_name(step, project))
    rows = leaderboard(facts)
    if rows:
        create_table_artifact(rows, key=f"{key}-leaderboard", description=f"models of {run_name(step, project)}")
