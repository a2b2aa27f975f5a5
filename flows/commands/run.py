"""`sevenfold run`: one step, its pieces where the project file says, recorded where a Prefect server is available."""

import functools
import gc
import importlib
import os
import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from flows.repository.names import OF_ALL_PROJECTS, STEPS, check_name
from flows.repository.projects import project_names
from flows.running import warm
from flows.running.cluster_lost import ClusterLost
from flows.running.pool import pool
from flows.watching import server
from flows.watching.progress import shown
from pipelines.core.errors import InputError
from pipelines.core.submit import Submit

if TYPE_CHECKING:
    from flows.watching.watch import Pieces


def run(step: str, project: str | None) -> int:
    """Run one step, in a child of the warm process if there is one; return the exit status."""
    name = check_names(step, project)
    try:
        os.environ["PREFECT_API_URL"] = api = server.connect()
    except server.NotWatched as reason:
        server.say_unwatched(str(reason))
        api = ""
    status = warm.run([step, *([project] if project else [])]) if api else None
    return _run_here(step, name, api) if status is None else status


def check_names(step: str, project: str | None) -> str:
    """Return the project (OF_ALL_PROJECTS for the overview); raise InputError with the nearest name if unknown."""
    check_name(step, STEPS, what="step", where="sevenfold run STEP")
    if step == OF_ALL_PROJECTS:
        if project is not None:
            todo = f"run `sevenfold run {step}`"
            raise InputError(f"`{step}` takes no project", where=f"sevenfold run {step} {project}", todo=todo)
        return OF_ALL_PROJECTS
    if project is None:
        names = ", ".join(project_names())
        todo = f"run `sevenfold run {step} PROJECT`"
        raise InputError(f"`{step}` needs a project", where=f"sevenfold run {step}", allowed=names, todo=todo)
    return check_name(project, project_names(), what="project", where="projects/")


def explained(compute: Callable[[Submit], Mapping[str, object]], step: str) -> Callable[[Submit], Mapping[str, object]]:
    """Return `compute`, showing its progress on a terminal, and raising InputError where the cluster was lost."""

    def run(submit: Submit) -> Mapping[str, object]:
        try:
            with shown(submit, step) as counted:
                return compute(counted)
        except ClusterLost as lost:
            raise lost.why from None

    return run


def _run_here(step: str, project: str, api: str) -> int:
    """Run one step in this process, its pieces where they belong, watched by the server at `api` if there is one."""
    from flows.running.scheduler import scheduler  # reading the project file imports pandas: half a second

    address = scheduler(step, project)
    gc.disable()  # start-up makes a million lasting objects; looking through them again and again costs half a second
    pieces = _task_runs(address, api) if api else None
    compute = explained(functools.partial(importlib.import_module(f"flows.steps.{step}").run, project), step)
    gc.freeze()
    gc.enable()
    if pieces is None:
        with _unwatched(address) as submit:
            compute(submit)
        return 0
    from flows.watching.watch import watched

    if not watched(compute, step, project, api, pieces):
        sys.stdout.flush()
        os._exit(0)  # all is written; at a normal exit Prefect's threads would wait for the server that has gone
    return 0


def _task_runs(address: str | None, api: str) -> "Pieces | None":
    """Return how pieces become task runs; None, after saying why, where the cluster's workers do not reach `api`."""
    if address is None:
        from flows.watching.watch import in_threads

        return in_threads()
    from flows.watching.watch_cluster import on_cluster

    try:
        return on_cluster(address, api)
    except server.NotWatched as reason:
        server.say_unwatched(str(reason))
        return None


def _unwatched(address: str | None) -> AbstractContextManager[Submit]:
    """Give a `submit` of threads of this process, or of the cluster at an address; raise InputError if it is unfit."""
    if address is None:
        return pool()
    from flows.running.cluster import cluster

    return cluster(address)
