"""What the command line understands, and its help."""

import argparse
import textwrap
from collections.abc import Callable, Collection, Iterator, Mapping
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
  dvc repro report@churn                                  build it
  sevenfold run define loan_default                       one step by itself
  sevenfold list                                          every project's state, verdict and score
  sevenfold ui                                            start the Prefect server if necessary and print its address

exit status: 0 done, 1 a step failed, 2 the input is wrong
"""
NEW = """\
Read FILE, guess what its columns hold, write projects/NAME.toml with every guess and its reason, copy the file to
data/raw, track it with DVC and list the project in dvc.yaml. Nothing is asked and nothing overwritten; if anything is
wrong, no file is changed. What no flag says is guessed.

FILE is .csv, .tsv or .jsonl (also packed: .gz, .zst, .xz), .parquet, .xlsx or .xls (the first sheet).
"""
NEW_EXAMPLES = """\
examples:
  sevenfold new churn --data ~/churn.csv --target left --positive yes --id customer
  sevenfold new sales --data sales.parquet --target revenue --time date --metric mae
  sevenfold new rides --data rides.csv --target rentals --time hour --horizon 24
  sevenfold new visits --data visits.xlsx --target cost --group patient --effort quick
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
    _partitioned(commands)
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


def _of_project(commands: Commands, name: str, what: str, count: str | None = None) -> None:
    argument = _plain(commands, name, what).add_argument(
        "project", metavar="NAME", nargs=count, help="a file of projects/, without .toml"
    )
    argument.completer = complete_project  # type: ignore[attr-defined]


def _new(commands: Commands) -> None:
    new = _plain(commands, "new", "draft a project from a table", description=NEW, epilog=NEW_EXAMPLES)
    new.add_argument("project", metavar="NAME", help="lower-case letters, digits and underscores")
    new.add_argument("--data", metavar="FILE", required=True, type=_path, help="the table")
    new.add_argument("--target", metavar="COLUMN", required=True, help="the column to predict")
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
