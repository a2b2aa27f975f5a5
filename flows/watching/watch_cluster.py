"""Watching a step whose pieces run on a Dask cluster: each is a task run that prefect-dask sends to a worker.

The workers themselves report to the Prefect server, so they must reach it. Whatever becomes of that, the value
counts: a piece that Prefect lost is handed to the cluster plainly.
"""

import functools
import inspect
from collections.abc import Callable
from typing import Any, TypeVar, cast

from distributed import Future
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.context import FlowRunContext
from prefect.futures import PrefectFuture
from prefect.task_runners import TaskRunner
from prefect.tasks import Task
from prefect_dask.task_runners import DaskTaskRunner, PrefectDaskFuture

from flows.running.cluster import CONNECT_SECONDS, Cluster, Piece, Wait, check, cluster, connected
from flows.running.cluster_worker import likeness, reaches, run_piece
from flows.watching.server import NotWatched
from flows.watching.watch import Pieces
from pipelines.core.submit import Pending

Result = TypeVar("Result")


def on_cluster(address: str, api: str) -> Pieces:
    """Return how pieces become task runs on the workers of the scheduler at `address`.

    Raises what `check` raises, and NotWatched where a worker does not reach the Prefect server at `api`.
    """
    with connected(address) as client:
        check(client)
        deaf = [worker for worker, reached in client.run(reaches, api).items() if not reached]
    if deaf:
        message = f"the Dask worker {deaf[0]} cannot reach {api}; set PREFECT_API_URL to an address that it reaches"
        raise NotWatched(message)
    runner = DaskTaskRunner(address=address, client_kwargs={"timeout": CONNECT_SECONDS})
    unwatched = functools.partial(cluster, address)
    return Pieces(cast(TaskRunner[PrefectFuture[Any]], runner), _TaskRuns().submit, unwatched)


class _TaskRuns:
    """The pieces of one flow run, and what was sent to the workers for them."""

    def __init__(self) -> None:
        self._cluster: Cluster | None = None

    def submit(self, function: Callable[..., Result], /, *args: object, name: str) -> Pending[Result]:
        """Hand out a piece as a task run; without a cache or stored results, which are DVC's affair."""
        workers = self._workers()
        return Piece(workers, _hand_out(workers, function, args, name), function, args, name)

    def _workers(self) -> Cluster:
        """Return the cluster behind the connection of the flow run's task runner."""
        if self._cluster is None:
            context = FlowRunContext.get()
            runner = None if context is None else context.task_runner
            if not isinstance(runner, DaskTaskRunner):
                message = "pieces are handed out in a flow run with a DaskTaskRunner"
                raise RuntimeError(message)
            self._cluster = Cluster(runner.client)
        return self._cluster


def _hand_out(workers: Cluster, function: Callable[..., Result], args: tuple[object, ...], name: str) -> Wait[Result]:
    description = inspect.getdoc(function)
    settings: dict[str, Any] = {"cache_policy": NO_CACHE, "persist_result": False, "description": description}
    try:
        travelling = workers.travelling(args)
        task = Task(run_piece, name=name, task_run_name=lambda: name, **settings)
        future = cast(PrefectDaskFuture[Any], task.submit(likeness(), function, travelling))
    except Exception:  # noqa: BLE001 - whatever Prefect's trouble is, the piece needs it not
        return workers.hand_out(function, args, name)
    return functools.partial(_value, workers, future.wrapped_future)


def _value(workers: Cluster, future: Future[State[Result]]) -> Result:
    """Return the value of a task run that a worker ends with Prefect's state of it; raise the exception in it."""
    state = workers.wait(future)
    value: Any = state.result(raise_on_failure=False)  # the value, or the exception
    if state.is_completed():
        return value
    raise value if isinstance(value, Exception) else RuntimeError(str(value))
