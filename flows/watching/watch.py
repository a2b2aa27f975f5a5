"""The only module that knows Prefect: a step as a flow run, its pieces as task runs, its section as an artifact.

Monitoring never breaks a build. The step and each of its pieces are wrapped (`Once`), so that they run once and their
value or exception is kept: whatever becomes of Prefect before, during or after, that is what counts, and what Prefect
lost is run plainly.
"""

import functools
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import AbstractContextManager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast
from uuid import UUID

from prefect import flow
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.context import SettingsContext, SyncClientContext, TagsContext, get_settings_context
from prefect.events.clients import PrefectEventsClient
from prefect.events.worker import EventsWorker
from prefect.flow_engine import run_flow
from prefect.futures import PrefectConcurrentFuture, PrefectFuture
from prefect.logging import get_run_logger
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner
from prefect.tasks import Task

from flows.repository.files import read_json
from flows.repository.layout import Layout
from flows.repository.names import STEPS, run_name
from flows.running.helper_process import Helpers
from flows.running.pool import Once, pool, workers
from flows.watching import parent
from flows.watching.artifacts import leaderboard, section
from flows.watching.findings import findings
from flows.watching.parameters import parameters
from flows.watching.server import say_unwatched, watching
from pipelines.core.steps import SEVEN
from pipelines.core.submit import Pending, Submit
from pipelines.report.text import escape

Result = TypeVar("Result")

RECONNECTIONS = 1  # Prefect's ten would hold a step up for many seconds when the server has gone
_BODY: ContextVar[Callable[[], None]] = ContextVar("body")
SHOWN = ("__module__", "__name__", "__qualname__", "__doc__")  # what Prefect shows of a function


class _Gone(GeneratorExit):
    """The server has gone. Of all exceptions, Prefect lets this kind pass without a call to the server."""


@dataclass(frozen=True)
class Pieces:
    """How a step's pieces are handed out."""

    task_runner: TaskRunner[PrefectFuture[Any]]  # of the flow run
    submit: Submit  # in the flow run, as task runs
    unwatched: Callable[[], AbstractContextManager[Submit]]  # where Prefect failed before it began
    end: Callable[[], None] = lambda: None  # once all have run, or none is wanted any more


def watched(
    compute: Callable[[Submit], Mapping[str, object]], step: str, project: str, api: str, pieces: Pieces | None = None
) -> bool:
    """Run `compute(submit)` while the Prefect server at `api` watches; raise what `compute` raises.

    Pieces run in threads of this process unless `pieces` says otherwise.
    Returns whether the server was there to the end; if not, Prefect's threads may still be trying to reach it.
    PREFECT_API_URL in the environment must be `api` since before Prefect was imported: its threads read it there.
    """
    logging.raiseExceptions = False  # a log line that cannot be sent is no news for the terminal
    EventsWorker.set_client_override(PrefectEventsClient, api_url=api, reconnection_attempts=RECONNECTIONS)
    pieces = pieces or in_threads()
    once = Once(lambda: compute(pieces.submit))
    to_the_end = True
    try:
        _run_flow(once, step, project, api, pieces.task_runner)
    except (Exception, _Gone) as error:  # noqa: BLE001 - the step's own exception is raised below
        if not once.outcome.done() or error is not once.outcome.exception():
            to_the_end = False
            trouble = "has gone" if isinstance(error, _Gone) else f"cannot be used ({type(error).__name__})"
            say_unwatched(f"the Prefect server at {api} {trouble}")
    finally:
        pieces.end()
    if once.outcome.done():
        once.run()
    else:  # Prefect failed before it began
        with pieces.unwatched() as submit:
            compute(submit)
    return to_the_end


def in_threads() -> Pieces:
    """Return how pieces become task runs in threads of this process."""
    runner = cast(TaskRunner[PrefectFuture[Any]], ThreadPoolTaskRunner(max_workers=workers()))
    helpers = Helpers()
    return Pieces(runner, functools.partial(_submit, helpers.placed), pool, helpers.end)


def flow_body(project: str, step: str, effort: str | None, commit: str | None, data: str | None) -> None:  # noqa: ARG001
    """Do what the flow run is for; its parameters are there to be seen.

    Workers of a cluster get the flow, too, and find this function by its name.
    """
    _BODY.get()()


def _run_flow(
    once: Once[Mapping[str, object]], step: str, project: str, api: str, task_runner: TaskRunner[PrefectFuture[Any]]
) -> None:
    """Run the step as a flow run, which returns nothing: Prefect would look through the facts for futures."""
    name, above = run_name(step, project), parent.here()

    def body() -> None:
        try:
            with TagsContext(current_tags=set()):  # each tag of a task run would ask the server for a free slot
                facts = once.run()
        except Exception as error:
            if above is not None:
                above.say(f"{name} failed with {type(error).__name__}: {error}", logging.ERROR)
            raise
        finally:
            if not watching(api):
                raise _Gone
        _say(step, project, facts, above)
        _publish(step, project, facts)

    decorate = flow(
        name=step, description=STEPS[step], task_runner=task_runner, validate_parameters=False, persist_result=False
    )
    # The heartbeat's thread sleeps in whole seconds, and joining it would cost each step one of them.
    with _settings(api), SyncClientContext.get_or_create() as context:
        _BODY.set(body)
        made, given = decorate(flow_body), parameters(step, project)
        stands_for_it = above.subflow(name) if above is not None else None
        run = context.client.create_flow_run(
            made,
            name=name,
            parameters=given,
            tags=[project, step],
            parent_task_run_id=UUID(stands_for_it) if stands_for_it else None,
        )
        run_flow(made, flow_run=run, parameters=given)


def _say(step: str, project: str, facts: Mapping[str, object], above: parent.Parent | None) -> None:
    """Write what was found into the logs of the step's run and of its parent."""
    answer = Layout(project).answer
    more = {"answer": read_json(answer)} if step == "report" and answer.is_file() else {}
    try:
        found = findings(step, {**facts, **more})
    except Exception as error:  # noqa: BLE001 - a line of a log stops no step; `report` will refuse such facts
        found = [f"what was found could not be said. {type(error).__name__}: {error}"]
    for text in found:
        get_run_logger().info("%s", text)
        if above is not None:
            above.say(f"{run_name(step, project)}: {text}")


def _settings(api: str) -> SettingsContext:
    """Return Prefect's settings with that server and without heartbeat; `temporary_settings` reads all again: 0.1 s."""
    given = get_settings_context()
    flows = given.settings.flows.model_copy(update={"heartbeat_frequency": None})
    server = given.settings.api.model_copy(update={"url": api})
    settings = given.settings.model_copy(update={"flows": flows, "api": server})
    return SettingsContext(profile=given.profile, settings=settings)


class _TaskRun(Generic[Result]):
    """A piece of work that Prefect runs; if Prefect gives up without having run it, the waiting thread does."""

    def __init__(self, piece: Once[Result], future: Future[Any] | None) -> None:
        self._piece, self._future = piece, future

    def result(self) -> Result:
        """Wait for the value; raise what the work raised."""
        if self._future is not None:
            wait([self._piece.outcome, self._future], return_when=FIRST_COMPLETED)
        return self._piece.run()


def _submit(
    placed: Callable[[Callable[..., Result]], Callable[..., Result]],
    function: Callable[..., Result],
    /,
    *args: object,
    name: str,
) -> Pending[Result]:
    """Hand a piece out as a task run, `placed` where it is to be run; DVC keeps results, so Prefect stores none."""
    piece = Once(functools.partial(placed(function), *args))

    def run() -> None:  # takes and returns nothing: Prefect would look through the values for futures
        piece.run()

    for attribute in SHOWN:
        setattr(run, attribute, getattr(function, attribute, None))
    try:
        task = Task(run, name=name, task_run_name=lambda: name, cache_policy=NO_CACHE, persist_result=False)
        future: PrefectFuture[None] = task.submit()
    except Exception:  # noqa: BLE001 - the flow run reports its own trouble; the thread that waits for the piece runs it
        return _TaskRun(piece, None)
    return _TaskRun(piece, future.wrapped_future if isinstance(future, PrefectConcurrentFuture) else None)


def as_text(facts: Mapping[str, object]) -> Mapping[str, object]:
    """Return what a step without a section returned, such as names of files, as text that is no markup."""
    lists = {key: value if isinstance(value, list) else [value] for key, value in facts.items()}
    return {key: [escape(one) for one in values] for key, values in lists.items()}


def _publish(step: str, project: str, facts: Mapping[str, object]) -> None:
    """Publish the step's section and leaderboard."""
    key = f"{project}-{step}".replace("_", "-")
    try:
        markdown = section(step, project, facts if step in SEVEN else as_text(facts))
    except Exception as error:  # noqa: BLE001 - reported where the section is looked for; `report` will refuse to render it
        markdown = f"The section could not be rendered. {type(error).__name__}: {escape(error)}"
    create_markdown_artifact(markdown, key=key, description=run_name(step, project))
    rows = leaderboard(facts)
    if rows:
        create_table_artifact(rows, key=f"{key}-leaderboard", description=f"models of {run_name(step, project)}")
