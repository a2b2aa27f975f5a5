"""Where a step's pieces run: here, or on a Dask cluster, as the project file or the environment says.

The choice changes no byte of what a step writes, so no step reads it: the command line does.
"""

import os
import re
from collections.abc import Mapping
from importlib.util import find_spec

from flows.repository.names import OF_ALL_PROJECTS
from flows.repository.projects import load_project
from pipelines.core.errors import InputError, quote
from pipelines.core.project import ADDRESS, PATTERNS, Run

RUNNERS = ("local", "dask")
RUNNER_VARIABLE = "SEVENFOLD_RUNNER"
ADDRESS_VARIABLE = "SEVENFOLD_DASK_ADDRESS"
FITTING = ("metric", "eda", "baseline", "strong", "compare", "reflect")  # the others' pieces need this machine's disk


def scheduler(step: str, project: str) -> str | None:
    """Return the address of the Dask scheduler that gets the step's pieces, None where they run here.

    The environment wins over the project file. Raises InputError for a value that is not allowed.
    """
    if step not in FITTING or project == OF_ALL_PROJECTS:
        return None
    return _chosen(load_project(project).run, os.environ, f"projects/{project}.toml")


def needed_address(environment: Mapping[str, str]) -> str:
    """Return the address of a scheduler that the environment gives; raise InputError if it gives none."""
    check_installed()
    if (address := _given_address(environment)) is None:
        raise InputError(
            "no Dask scheduler is named",
            where="the environment",
            allowed=PATTERNS["address"],
            todo=f"start one with `dask scheduler` and set {ADDRESS_VARIABLE}",
        )
    return address


def check_installed() -> None:
    """Raise InputError where the packages of a cluster, which only the extra `cluster` brings, are not installed."""
    if find_spec("distributed") is None:
        raise InputError(
            "Dask is not installed",
            where="this environment",
            todo="run `make setup EXTRAS=cluster`, or use SEVENFOLD_RUNNER=local",
        )


def _chosen(run: Run, environment: Mapping[str, str], where: str) -> str | None:
    runner = environment.get(RUNNER_VARIABLE) or run.runner
    if runner not in RUNNERS:
        raise InputError(
            f"{RUNNER_VARIABLE} is {quote(runner)}",
            where="the environment",
            allowed=" or ".join(RUNNERS),
            todo="change or unset it",
        )
    if runner == "local":
        return None
    check_installed()
    address = _given_address(environment) or run.address
    if address is None:
        raise InputError(
            "runner 'dask' has no address",
            where=f"{where}, [run]",
            allowed=PATTERNS["address"],
            todo=f"add `address` there, or set {ADDRESS_VARIABLE}",
        )
    return address


def _given_address(environment: Mapping[str, str]) -> str | None:
    """Return the address that the environment gives, None if it gives none; raise InputError if it is no address."""
    address = environment.get(ADDRESS_VARIABLE) or None
    if address is not None and not re.match(ADDRESS, address):
        raise InputError(
            f"{ADDRESS_VARIABLE} is {quote(address)}",
            where="the environment",
            allowed=PATTERNS["address"],
            todo="change or unset it",
        )
    return address
