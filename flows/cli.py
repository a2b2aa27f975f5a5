"""The command line: `sevenfold run STEP [PROJECT]`, `ui`, `stop`, `timings PROJECT`, `partitioned FOLDER TARGET`.

Exit status 0: done; 1: a step failed, with its traceback; 2: bad input, with a message only.
"""

import argparse
import functools
import gc
import importlib
import os
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from flows.environment import find_root, prepare
from flows.repository.names import OF_ALL_PROJECTS, STEPS, check_name
from flows.repository.projects import project_names
from pipelines.core.errors import InputError

EPILOGUE = """\
`dvc repro` runs the steps in their order and only those whose inputs changed; this command runs one step by itself.

steps:
{steps}

examples:
  sevenfold run define loan_default     check, type and split the raw file
  sevenfold run overview                write the page that compares all projects
  sevenfold timings loan_default        measure the steps and write reports/loan_default/facts/timings.json
  sevenfold partitioned DIR TARGET      fit boosted trees to a folder of Parquet files on a Dask cluster
  sevenfold ui                          start the Prefect server if need be and say where it is
  sevenfold stop                        end that server
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return the exit status."""
    asked = _parser().parse_args(arguments)
    try:
        root = find_root(Path.cwd())
        prepare(root)
        os.chdir(root)
        return int(asked.act(asked))
    except InputError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        return 130
    except Exception:  # noqa: BLE001 - the end of the line: told in full, and in the exit status
        traceback.print_exc()
        return 1


def _parser() -> argparse.ArgumentParser:
    steps = "\n".join(f"  {step:10} {what}" for step, what in STEPS.items())
    parser = argparse.ArgumentParser(
        prog="sevenfold",
        description="Rebuild machine-learning projects step by step, watched by Prefect.",
        epilog=EPILOGUE.format(steps=steps),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    run = commands.add_parser("run", help="run one step of one project")
    run.add_argument("step", metavar="STEP", help=", ".join(STEPS))
    run.add_argument("project", metavar="PROJECT", nargs="?", help="a file of projects/, without .toml")
    run.set_defaults(act=_run)
    timings = commands.add_parser("timings", help="measure the steps' seconds and memory")
    timings.add_argument("project", metavar="PROJECT", help="a file of projects/, without .toml")
    timings.set_defaults(act=_timings)
    large = commands.add_parser("partitioned", help="fit boosted trees to Parquet files larger than a machine's memory")
    large.add_argument("folder", metavar="FOLDER", type=Path, help="of *.parquet files; the last fifth is held out")
    large.add_argument("target", metavar="TARGET", help="the column to predict; all others are features")
    large.add_argument("--task", choices=("binary", "regression"), default="binary")
    large.add_argument("--trees", type=int, default=200)
    large.add_argument("--leaves", type=int, default=31)
    large.add_argument(
        "--out", type=Path, default=Path("models", "partitioned.txt"), help="the model; facts lie beside it"
    )
    large.set_defaults(act=_partitioned)
    commands.add_parser("ui", help="start the local Prefect server and say where it is").set_defaults(act=_ui)
    commands.add_parser("stop", help="end the local Prefect server").set_defaults(act=_stop)
    return parser


def _run(asked: argparse.Namespace) -> int:
    """Run one step, watched where that can be had; return the exit status."""
    step, project = _check(asked.step, asked.project)
    from flows import server, warm

    try:
        os.environ["PREFECT_API_URL"] = api = server.connect()
    except server.NotWatched as reason:
        server.say_unwatched(str(reason))
        api = ""
    status = warm.run([step, *([asked.project] if asked.project else [])]) if api else None
    return _run_here(step, project, api) if status is None else status


def _run_here(step: str, project: str, api: str) -> int:
    """Run one step in this process, its pieces where they belong, watched by the server at `api` if there is one."""
    from flows import runner

    address = runner.scheduler(step, project)
    gc.disable()  # start-up makes a million lasting objects; looking through them again and again costs half a second
    watch = importlib.import_module("flows.watch") if api else None
    compute = runner.telling(functools.partial(importlib.import_module(f"flows.steps.{step}").run, project))
    gc.freeze()
    gc.enable()
    pieces = runner.task_runs(address, api) if address and api else None
    if watch is None or (address and pieces is None):
        with runner.unwatched(address) as submit:
            compute(submit)
    elif not watch.watched(compute, step, project, api, pieces):
        sys.stdout.flush()
        os._exit(0)  # all is written; at a normal exit Prefect's threads would wait for the server that has gone
    return 0


def _check(step: str, project: str | None) -> tuple[str, str]:
    """Return the step and the project (OF_ALL_PROJECTS for the overview); raise InputError with the nearest name."""
    check_name(step, STEPS, what="step", where="sevenfold run STEP")
    if step == OF_ALL_PROJECTS:
        if project is not None:
            todo = f"run `sevenfold run {step}`"
            raise InputError(f"`{step}` takes no project", where=f"sevenfold run {step} {project}", todo=todo)
        return step, OF_ALL_PROJECTS
    if project is None:
        names = ", ".join(project_names())
        todo = f"run `sevenfold run {step} PROJECT`"
        raise InputError(f"`{step}` needs a project", where=f"sevenfold run {step}", allowed=names, todo=todo)
    return step, check_name(project, project_names(), what="project", where="projects/")


def _timings(asked: argparse.Namespace) -> int:
    from flows import server
    from flows.timings import timings

    name = check_name(asked.project, project_names(), what="project", where="projects/")
    with suppress(server.NotWatched):  # each step will say so
        server.connect()  # its start is no step's time
    timings(name)
    return 0


def _partitioned(asked: argparse.Namespace) -> int:
    from flows import runner

    fit = importlib.import_module("flows.partitioned").partitioned
    recipe = importlib.import_module("pipelines.partitioned.fit").Recipe(
        target=asked.target, task=asked.task, trees=asked.trees, leaves=asked.leaves
    )
    facts = fit(asked.folder, recipe, runner.needed_address(os.environ), asked.out)
    scores = ", ".join(f"{name} {score:.4f}" for name, score in facts["scores"].items())
    sys.stdout.write(f"{asked.out}: {scores} on {facts['held_out_rows']:,} held-out rows\n")
    return 0


def _ui(asked: argparse.Namespace) -> int:  # noqa: ARG001 - all commands are called alike
    from flows import server

    try:
        api = server.connect(insist=True)
    except server.NotWatched as reason:
        raise InputError(f"no Prefect server: {reason}", where=server.ui()) from None
    sys.stdout.write(f"the Prefect UI is at {api.removesuffix('/api')}\n")
    return 0


def _stop(asked: argparse.Namespace) -> int:  # noqa: ARG001 - all commands are called alike
    from flows import server, warm

    warm.stop()
    sys.stdout.write(f"{server.stop()}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
