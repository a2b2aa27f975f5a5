"""What the command line understands, and its help."""

import argparse
import textwrap
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import NoReturn, TypeAlias

from flows.repository.names import STEPS
from flows.repository.projects import project_names
from pipelines.core.errors import InputError

EPILOGUE = """\
`dvc repro` runs the steps in their order and only those whose inputs changed.

steps of `sevenfold run`:
{steps}

examples:
  sevenfold new churn --data ~/churn.csv --target left    draft a project from a table
  sevenfold check churn                                   check the project file and its data
  sevenfold rebuild churn                                 build it, with one page of it in the Prefect UI
  sevenfold run define loan_default                       one step by itself
  sevenfold predict churn --data new.csv                  an answer for every row of a file
  sevenfold list                                          every project's state, verdict and score
  sevenfold operate --cron "0 6 * * *"                    rebuild at six, and from the UI's Run button
  sevenfold ui                                            start the Prefect server if necessary and print its address

exit status: 0 done, 1 a step failed, 2 the input is wrong
"""
NEW = """\
Read FILE, guess what its columns hold, write projects/NAME.toml with every guess and its reason, copy the file to
data/raw, track it with DVC and list the project in dvc.yaml. Nothing is asked and nothing overwritten; if anything is
wrong, no file is changed. What no flag says is guessed.

FILE is .csv, .tsv or .jsonl (also packed: .gz, .bz2, .zst, .xz), .parquet, .xlsx or .xls (the first sheet).
"""
NEW_EXAMPLES = """\
examples:
  sevenfold new churn --data ~/churn.csv --target left --positive yes --id customer
  sevenfold new sales --data sales.parquet --target revenue --time date --metric mae
  sevenfold new rides --data rides.csv --target rentals --time hour --horizon 24
  sevenfold new visits --data visits.xlsx --target cost --group patient --effort quick
  sevenfold new shoppers --data shoppers.csv --task clustering --outcome spend --id customer
"""
SERVE = """\
Answer raw rows, as the raw file has them, over HTTP: at /predict, and by hand on the page at /. What is served is
models/NAME/service.zip, the archive that `dvc repro archive@NAME` writes; it is answered from once its own test rows
have come back as they were when it was made. Only this machine can reach it, unless --host says otherwise.
"""
SERVE_EXAMPLES = """\
examples:
  sevenfold serve churn                        at http://127.0.0.1:8017/
  sevenfold serve churn --workers 2 --strict   two processes, and nothing that is not as it was built
  sevenfold serve churn --verify               the whole test set over HTTP, against the build's predictions
"""
MOST_WORKERS = 64  # processes: each has a copy of the models
MOST_SECONDS = 3600
REBUILD = """\
Run `dvc repro` for the projects named, for all without NAME, as one run in the Prefect UI: its steps are runs below it,
its log says what each found, and an artifact says what changed since the last rebuild. DVC decides what runs.
"""
OPERATE = """\
Serve the deployment `rebuild` to the Prefect UI until Ctrl-C: its Run button, its schedules, and a rebuild of each
project whose raw file changes, or what that was imported from. One rebuild runs at a time; those that wait become one.
Killed and started again, it goes on where it was. Without --cron and --interval the schedules set before stay.
"""
OPERATE_EXAMPLES = """\
examples:
  sevenfold operate
  sevenfold operate --cron "0 6 * * 1-5" --timezone Europe/Berlin
  sevenfold operate churn --interval 6h --look 5m
"""
SHELLS = ("bash", "zsh", "fish")
Acts = Mapping[str, Callable[[argparse.Namespace], int]]  # of each command
Commands: TypeAlias = "argparse._SubParsersAction[Parser]"  # noqa: SLF001 - argparse has no public name for it


class Parser(argparse.ArgumentParser):
    """A parser whose errors have the shape of all others: a few lines of printable characters."""

    def error(self, message: str) -> NoReturn:
        """End with exit status 2."""
        error = InputError(message, where=self.prog, todo=f"`{self.prog} --help` says what it takes")
        self.exit(2, f"{error}\n")


class Tasks(Collection[str]):
    """The kinds of target, looked up when they are asked for: few commands need what they import."""

    def __iter__(self) -> Iterator[str]:
        """Yield their names."""
        from pipelines.targets import TARGETS

        return iter(TARGETS)

    def __contains__(self, name: object) -> bool:
        """Return whether it is the name of one."""
        return any(name == known for known in self)

    def __len__(self) -> int:
        """Return how many there are."""
        return sum(1 for _ in self)


class Scored(Tasks):
    """Those that trees can be fitted to in partitions."""

    def __iter__(self) -> Iterator[str]:
        """Yield their names, the default first."""
        from pipelines.partitioned.fit import KINDS

        return iter(KINDS)


def parser(acts: Acts) -> argparse.ArgumentParser:
    """Return the parser; `acts` holds a function for each command, called with what was parsed."""
    top = Parser(
        prog="sevenfold",
        description="Rebuild machine-learning projects, and explain why the strong model beats the plain one.",
        epilog=EPILOGUE.format(steps=_steps()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = top.add_subparsers(title="commands", required=True, metavar="COMMAND", dest="command")
    _new(commands)
    _of_project(commands, "check", "check the project file and its data (all projects without NAME)", "?")
    _plain(commands, "list", "show every project: fresh, stale or never built, verdict and score")
    _of_project(commands, "remove", "remove a project: its file, data, models and reports")
    _run(commands)
    _of_project(commands, "timings", "measure the time and memory of each step")
    _predict(commands)
    _partitioned(commands)
    _serve(commands)
    _export(commands)
    _rebuild(commands)
    _operate(commands)
    _plain(commands, "ui", "start the local Prefect server and print its address")
    _plain(commands, "stop", "end the local Prefect server")
    completion = _plain(commands, "completion", "print a script that completes this command in a shell")
    completion.add_argument("shell", choices=SHELLS, help='as in: eval "$(sevenfold completion bash)"')
    for name, command in commands.choices.items():
        command.set_defaults(act=acts[name])
    return top


def _plain(
    commands: Commands, name: str, what: str, *, description: str = "", epilog: str = ""
) -> argparse.ArgumentParser:
    shape = argparse.RawDescriptionHelpFormatter
    return commands.add_parser(
        name, help=what, description=description or what, epilog=epilog or None, formatter_class=shape
    )


def _of_project(
    commands: Commands, name: str, what: str, count: str | None = None, *, description: str = "", epilog: str = ""
) -> argparse.ArgumentParser:
    command = _plain(commands, name, what, description=description, epilog=epilog)
    argument = command.add_argument("project", metavar="NAME", nargs=count, help="a file of projects/, without .toml")
    argument.completer = complete_project  # type: ignore[attr-defined]
    return command


def _new(commands: Commands) -> None:
    new = _plain(commands, "new", "draft a project from a table", description=NEW, epilog=NEW_EXAMPLES)
    new.add_argument("project", metavar="NAME", help="lower-case letters, digits and underscores")
    new.add_argument("--data", metavar="FILE", required=True, type=_path, help="the table")
    new.add_argument("--target", metavar="COLUMN", help="the column to predict; groups have none")
    new.add_argument("--outcome", metavar="COLUMN", help="groups: the column that scores them, which they never see")
    new.add_argument("--task", metavar="TASK", choices=Tasks(), help="%(choices)s")
    new.add_argument("--positive", metavar="VALUE", help="binary: the target's value that is the event")
    new.add_argument(
        "--id", metavar="COLUMN", help="the column that names a row; rows of one name stay on one side of the split"
    )
    new.add_argument("--time", metavar="COLUMN", help="the column of time: the latest rows are test rows")
    new.add_argument("--group", metavar="COLUMN", help="the column of groups: a group stays on one side of the split")
    new.add_argument("--split-column", metavar="COLUMN", help="the column in which the file itself marks its test rows")
    new.add_argument(
        "--drop", metavar="COLUMN", action="append", default=[], help="a column that no model may see; may be repeated"
    )
    new.add_argument(
        "--test", metavar="SHARE", type=float, help="the share of test rows, as 0.3, in whole groups if there are any"
    )
    new.add_argument(
        "--missing",
        metavar="VALUE",
        action="append",
        default=[],
        help="a cell with this text holds no value, in any column; may be repeated (as --missing=-999)",
    )
    new.add_argument(
        "--keep",
        metavar="COLUMN",
        action="append",
        default=[],
        help="a column that is a feature, whatever it looks like",
    )
    new.add_argument(
        "--horizon", metavar="STEPS", type=int, help="makes it a forecast of so many steps; --time is then their time"
    )
    new.add_argument(
        "--series",
        metavar="COLUMN",
        action="append",
        default=[],
        help="forecast: a column that names a series; may be repeated",
    )
    new.add_argument(
        "--fill",
        choices=("zero", "refuse"),
        help="forecast: what a missing row of a series means; see docs/forecasts.md",
    )
    new.add_argument(
        "--leave-out",
        metavar="SERIES",
        action="append",
        default=[],
        help="forecast: a series that is left out; may be repeated",
    )
    new.add_argument("--metric", metavar="METRIC", help="the metric that decides; docs/project-file.md lists all")
    new.add_argument("--effort", choices=("quick", "standard", "thorough"), help="how much to fit; see docs/models.md")


def _run(commands: Commands) -> None:
    run = _plain(commands, "run", "run one step of one project", epilog=f"steps:\n{_steps()}")
    run.add_argument("step", metavar="STEP", help=", ".join(STEPS)).completer = _complete_step  # type: ignore[attr-defined]
    project = run.add_argument("project", metavar="NAME", nargs="?", help="a file of projects/, without .toml")
    project.completer = complete_project  # type: ignore[attr-defined]


def _predict(commands: Commands) -> None:
    command = _plain(commands, "predict", "answer the rows of a file, or forecast the next steps of series")
    project = command.add_argument("project", metavar="NAME", help="a file of projects/, without .toml")
    project.completer = complete_project  # type: ignore[attr-defined]
    command.add_argument(
        "--data", metavar="FILE", required=True, type=_path,
        help="raw rows, with the columns that the project's file had; of a forecast, the history of its series",
    )  # fmt: skip
    command.add_argument(
        "--out",
        metavar="FILE",
        type=_path,
        help="where the answers go: .csv, .jsonl or .parquet (without: as CSV here)",
    )
    command.add_argument(
        "--model", metavar="MODEL", default="strong", help="strong, baseline or repaired (%(default)s)"
    )
    command.add_argument("--strict", action="store_true", help="refuse columns that the project does not know")
    command.add_argument(
        "--ahead", metavar="FILE", type=_path,
        help="of a forecast that adds up events: what is known of the steps to come",
    )  # fmt: skip
    command.add_argument("--until", metavar="TIME", help="of such a forecast: the last step that is over")


def _rebuild(commands: Commands) -> None:
    rebuild = _plain(commands, "rebuild", "rebuild projects as one run in the Prefect UI", description=REBUILD)
    _projects(rebuild)
    rebuild.add_argument("--force", action="store_true", help="run every stage, also where nothing changed")
    rebuild.add_argument("--update", action="store_true", help="fetch first what raw files were imported from")
    rebuild.add_argument("--run", metavar="ID", help="the scheduled run that this is; `sevenfold operate` gives it")


def _operate(commands: Commands) -> None:
    what = "rebuild by schedule, on changed data and from the UI's Run button"
    operate = _plain(commands, "operate", what, description=OPERATE, epilog=OPERATE_EXAMPLES)
    _projects(operate)
    operate.add_argument("--cron", metavar="LINE", help="when to rebuild, as a cron line of five fields")
    operate.add_argument("--interval", metavar="TIME", type=_duration, help="how often to rebuild, as 90s, 30m, 6h, 1d")
    operate.add_argument("--timezone", metavar="ZONE", help="of --cron, as Europe/Berlin; this machine's without")
    operate.add_argument(
        "--look", metavar="TIME", type=_duration, default="30s", help="how often to look at raw files (%(default)s)"
    )
    operate.add_argument(
        "--look-away",
        metavar="TIME",
        type=_duration,
        default="10m",
        help="how often to ask what raw files were imported from (%(default)s)",
    )
    operate.add_argument("--no-look", action="store_true", help="do not look at data at all")


def _projects(command: argparse.ArgumentParser) -> None:
    argument = command.add_argument("projects", metavar="NAME", nargs="*", help="a file of projects/, without .toml")
    argument.completer = complete_project  # type: ignore[attr-defined]


def _duration(text: str) -> timedelta:
    """Return a time as 90s, 30m, 6h or 1d."""
    from flows.operating.deployment import duration

    try:
        return duration(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _partitioned(commands: Commands) -> None:
    large = _plain(commands, "partitioned", "fit boosted trees to Parquet files larger than a machine's memory")
    large.add_argument(
        "folder", metavar="FOLDER", type=Path, help="a folder of *.parquet files; the last fifth is held out"
    )
    large.add_argument("target", metavar="TARGET", help="the column to predict; all others are features")
    large.add_argument("--task", metavar="TASK", choices=Scored(), help="%(choices)s")
    large.add_argument("--trees", type=int, default=200, help="how many trees (%(default)s)")
    large.add_argument("--leaves", type=int, default=31, help="leaves of each tree (%(default)s)")
    large.add_argument(
        "--out",
        type=Path,
        default=Path("models", "partitioned.txt"),
        help="where the model goes; its facts go next to it",
    )


def _serve(commands: Commands) -> None:
    serve = _of_project(commands, "serve", "answer raw rows over HTTP", description=SERVE, epilog=SERVE_EXAMPLES)
    serve.add_argument("--model", choices=("strong", "baseline", "repaired"), default="strong", help="%(default)s")
    serve.add_argument("--host", default="127.0.0.1", help="the address to listen at (%(default)s)")
    serve.add_argument("--port", type=int, default=8017, help="the port, 0 for any free one (%(default)s)")
    serve.add_argument("--workers", metavar="N", type=_positive, default=1, help="processes (%(default)s)")
    serve.add_argument(
        "--strict",
        action="store_true",
        help="refuse unknown columns, other libraries than the build's, and any difference from its predictions",
    )
    serve.add_argument(
        "--timeout",
        metavar="SECONDS",
        type=_seconds,
        default=5.0,
        help="what a model may take before the baseline answers (%(default)s)",
    )
    serve.add_argument(
        "--state", metavar="FOLDER", type=_path, help="where predictions and truths are kept (.sevenfold-serve/NAME)"
    )
    serve.add_argument(
        "--allow-host",
        metavar="NAME",
        action="append",
        default=[],
        help="a name by which a server at a loopback address may be called; may be repeated",
    )
    serve.add_argument(
        "--verify", action="store_true", help="answer the whole test set, compare bit by bit, write facts, and end"
    )


def _export(commands: Commands) -> None:
    export = _of_project(commands, "export", "write a folder that serves the project on another machine")
    export.add_argument("folder", metavar="DIR", type=_path, help="where it goes: a folder that is empty or not there")


def _positive(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= MOST_WORKERS:
        message = f"{text!r} is no number of processes: 1 to {MOST_WORKERS}"
        raise argparse.ArgumentTypeError(message)
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= MOST_SECONDS:
        message = f"{text!r} is no time: above 0, up to {MOST_SECONDS} seconds"
        raise argparse.ArgumentTypeError(message)
    return seconds


def _path(text: str) -> Path:
    """Return the path of a user's file; `~name` of an unknown user is a folder's name."""
    try:
        return Path(text).expanduser()
    except RuntimeError:
        return Path.cwd() / text


def _steps() -> str:
    return textwrap.indent("\n".join(f"{step:10} {what}" for step, what in STEPS.items()), "  ")


def complete_project(**_: object) -> list[str]:
    """Return what may be completed where a project is named."""
    return project_names()


def _complete_step(**_: object) -> list[str]:
    return list(STEPS)
