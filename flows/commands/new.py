"""`sevenfold new`: from a table and a question to a project that can be built. It writes all of it or nothing."""

import shutil
import subprocess
import sys
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from flows.commands.check import rehearse, tell_doubts
from flows.commands.given import check_file
from flows.dvc import listed as pipeline
from flows.reading.cells import Wanted
from flows.reading.identity import check_inside
from flows.reading.raw import PACKED, read_raw, read_table, suffix
from flows.reading.separated import zero_led
from flows.reading.unpack import packing
from flows.repository.files import BLOCK, replacing, write_bytes, write_text
from flows.repository.layout import Layout
from flows.repository.projects import check_free_name, project_names
from flows.running import warm
from flows.watching import server
from pipelines.core.errors import InputError, quote
from pipelines.core.project import Forecast, Project, parse_project
from pipelines.define import Defined
from pipelines.inputs import is_amount
from pipelines.profiling.asked import Asked
from pipelines.profiling.draft import draft
from pipelines.profiling.shares import SHARES
from pipelines.series.frequency import Frequency
from pipelines.splits.sizes import TooFewError

RAW = Path("data", "raw")
FIX = (
    "fix the table, or say more with flags (--keep takes a column that seems to name rows, --drop leaves one out, "
    "--missing names cells without a value)"
)
FIX_SERIES = (
    "fix the table, or say more with flags (--series takes the columns that name a series, --fill zero takes missing "
    "rows for 0, --leave-out leaves a series out, --drop a column)"
)
TRIED = f"{SHARES[0]:g} to {SHARES[-1]:g}"
SHOWN = 3  # lines of DVC's complaint that a message repeats


def new(data: Path, asked: Asked) -> int:
    """Write the project file, put the table into data/raw and under DVC, and list the project in dvc.yaml.

    `data` is the user's file, `asked` the flags without the file's new place. Raises InputError where anything is
    wrong, and leaves all as it was.
    """
    check_free_name(asked.name)
    data = check_file(data)
    place = RAW / f"{asked.name}{''.join(_suffixes(data))}"
    inside = data.resolve().is_relative_to(RAW.resolve())
    check_inside(RAW)
    place = data.resolve().relative_to(Path.cwd()) if inside else place
    asked = replace(asked, file=place.as_posix())
    _check_free(asked, None if inside else place)
    pipeline.check_place(asked.name, place.as_posix())
    if api := server.there():  # `dvc repro` comes next, and its first step would wait for all that
        warm.begin("define", api)
    drafted = read_and_draft(data, asked)
    _write(data, None if inside else place, drafted)
    sys.stdout.write(_summary(drafted, asked))
    return 0


@dataclass(frozen=True)
class Drafted:
    """A project that is not written yet."""

    text: str  # of the project file
    project: Project
    raw: pd.DataFrame  # the table, as the project file has it read
    defined: Defined  # what step 1 makes of it, without the gate


def read_and_draft(data: Path, asked: Asked) -> Drafted:
    """Return the project of a table and what the user said of it; nothing is written.

    Raises InputError where the table cannot be read, or nothing can be learned from it.
    """
    _say(f"reading {data.name}")
    unseen = frozenset(asked.drop) - {asked.id}  # the rows may be split by the id
    frame = read_table(data, Wanted(dropped=unseen, as_written=True))
    if codes := _codes(data, frame):
        frame = read_table(data, Wanted(text=codes, dropped=unseen, as_written=True))
    return _drafted(data, frame, asked, codes)


def _drafted(data: Path, frame: pd.DataFrame, asked: Asked, codes: Collection[str]) -> Drafted:
    """Return a project file whose split holds; raise InputError where none would.

    A share of test rows that was not asked for is made larger where it leaves too few rows in a part.
    """
    refused: TooFewError | None = None
    fix = FIX if asked.horizon is None else FIX_SERIES
    once = asked.test is not None or asked.horizon is not None  # what tests a forecast is no share of rows
    for share in (asked.test,) if once else (None, *SHARES):
        with _naming_the_table(data, asked):
            text = draft(frame, replace(asked, test=share), codes)
        with _naming_the_table(data, asked, instead=fix):
            project = parse_project(text, asked.name, f"{asked.file}, as drafted")
        with _naming_the_table(data, asked, more=f"; nothing is drafted until that holds: {fix}"):
            _say("checking the draft against the data")
            raw = read_raw(data, project)
            try:
                return Drafted(text, project, raw, rehearse(raw, project, "0" * 64))
            except TooFewError as error:
                refused = refused or error
    raise _refusal(refused, data, asked)


def _refusal(refused: TooFewError | None, data: Path, asked: Asked) -> InputError:
    """Return the error of a split that leaves too few rows, with the ways that a user of this command has."""
    if refused is None:
        message = "a share is tried at least once"
        raise ValueError(message)
    share = (
        "take another share with --test" if asked.test is not None else f"no share of test rows works ({TRIED} tried)"
    )
    # Rows may be grouped by the column that names them.
    flags = refused.flags.replace("--group", "--id") if asked.group is None and asked.id is not None else refused.flags
    return InputError(
        refused.found,
        where=f"{data}, {flags}",
        allowed=refused.allowed,
        todo=f"{share}; {refused.ways}; nothing is drafted until that holds",
    )


@contextmanager
def _naming_the_table(data: Path, asked: Asked, *, instead: str = "", more: str = "") -> Iterator[None]:
    """Have errors name the user's file, not the place where it would be, and say what to do where nothing is there."""
    try:
        yield
    except InputError as error:
        where = error.where.replace(asked.file, str(data))
        raise InputError(error.found, where=where, allowed=error.allowed, todo=instead or error.todo + more) from None


def _check_free(asked: Asked, place: Path | None) -> None:
    """Raise InputError if anything of that name is there already."""
    layout = Layout(asked.name)
    taken = [layout.project_file, layout.reports, layout.data, *([place, _tracked(place)] if place else [])]
    found = next((path for path in taken if path.exists() or path.is_symlink()), None)
    if asked.name in project_names() or asked.name in pipeline.listed() or found is not None:
        what = f"{found} is there" if found else "dvc.yaml lists it already"
        todo = f"choose another name, or `sevenfold remove {asked.name}` first"
        raise InputError(f"there is a project {quote(asked.name)} already: {what}", where="NAME", todo=todo)


def _suffixes(data: Path) -> list[str]:
    """Return the file's kind and packing, as `.csv`, `.gz`."""
    return [suffix(data), packing(data)] if packing(data) else [suffix(data)]


def _codes(data: Path, frame: pd.DataFrame) -> Collection[str]:
    """Return the columns read as whole numbers of which one has leading zeros, where the file is text."""
    whole = [str(name) for name in frame.columns if _is_whole(frame[name])]
    return zero_led(data, whole) if suffix(data) in PACKED[:2] and whole else ()


def _is_whole(cells: pd.Series) -> bool:
    """Return whether the reader gave whole numbers."""
    return is_amount(cells) and bool((cells.dropna() % 1 == 0).all())


def _write(data: Path, place: Path | None, drafted: Drafted) -> None:
    """Write everything; take it back if anything fails, the last first."""
    project, text = drafted.project, drafted.text
    raw = Path(project.raw.path)
    with ExitStack() as undo:
        if place is not None:
            undo.callback(_unlink, place)
            _copy(data, place)
        if not _tracked(raw).exists():
            _restored(undo, RAW / ".gitignore")
            undo.callback(_unlink, _tracked(raw))
            _track(raw)
        project_file = Layout(project.name).project_file
        undo.callback(_unlink, project_file)
        write_text(project_file, text)
        _restored(undo, pipeline.PIPELINE)
        pipeline.add(project.name, raw.as_posix(), texts=bool(project.worded))
        undo.pop_all()


def _restored(undo: ExitStack, path: Path) -> None:
    """Have a file's content, or its absence, brought back."""
    if path.is_file():
        undo.callback(write_bytes, path, path.read_bytes())
    elif not path.exists():
        undo.callback(_unlink, path)


def _unlink(path: Path) -> None:
    """Remove a file, if it is there, or could be."""
    with suppress(FileNotFoundError, NotADirectoryError):
        path.unlink()


def _copy(data: Path, place: Path) -> None:
    try:
        with data.open("rb") as source, replacing(place) as target:
            shutil.copyfileobj(source, target, BLOCK)
    except OSError as error:
        found = f"{quote(str(data))} cannot be copied to {place} ({error.strerror})"
        raise InputError(found, where="--data", todo="check the disk's space and the folder's permissions") from None


def _track(raw: Path) -> None:
    """Put a file under DVC; raise InputError with DVC's own words if it refuses."""
    dvc = Path(sys.executable).with_name("dvc")
    done = subprocess.run([dvc, "add", raw], capture_output=True, text=True, check=False)  # noqa: S603 - ours
    if done.returncode:
        lines = [line.strip() for line in (done.stderr or done.stdout).splitlines() if line.strip()]
        said = " / ".join(quote(line) for line in lines[:SHOWN]) or f"nothing (exit status {done.returncode})"
        raise InputError(f"`dvc add {raw}` failed; it said: {said}", where=str(raw), todo="fix that, then try again")


def _tracked(raw: Path) -> Path:
    return raw.with_name(f"{raw.name}.dvc")


def _say(what: str) -> None:
    """Write to a terminal what takes the time."""
    if sys.stderr.isatty():
        sys.stderr.write(f"{what} ...\n")


def _summary(drafted: Drafted, asked: Asked) -> str:
    project, raw = drafted.project, drafted.raw
    problem, split, metric = project.problem, project.split, project.metric
    dropped = f", {len(project.columns.drop)} of them dropped" if project.columns.drop else ""
    event = "" if problem.positive is None else f", the event is {problem.positive!r}"
    how = f"split {split.kind}" + (f" by {quote(split.column)}" if split.column else "")
    how = how if project.forecast is None else _of_forecast(project.forecast)
    dvc = "dvc" if shutil.which("dvc") else ".venv/bin/dvc"
    return (
        f"{Layout(project.name).project_file}: written, {len(raw):,} rows of {len(raw.columns)} columns{dropped}\n"
        f"  {problem.task} {_about(project)}{event}; {metric.primary}, margin {metric.margin:g}\n"
        f"  {how}; effort {project.effort.level}\n"
        f"  guesses are marked there with their reasons; after changes: sevenfold check {asked.name}\n"
        f"{tell_doubts(drafted.defined.facts['doubts'])}"
        f"next: {dvc} repro report@{asked.name}   (or `{dvc} repro overview` for all projects)\n"
    )


def _about(project: Project) -> str:
    """Return what is predicted, or what makes groups."""
    problem, clusters = project.problem, project.clusters
    if clusters is None:
        return f"of {quote(problem.target)}"
    scored = f", scored by {quote(problem.outcome)}" if problem.outcome else ""
    return f"by {len(clusters.columns)} columns{scored}"


def _of_forecast(asked: Forecast) -> str:
    """Return in a line what is forecast."""
    by = f", series by {', '.join(map(quote, asked.series))}" if asked.series else ", one series"
    season = " and ".join(map(str, asked.season))
    return f"{Frequency.of(asked.frequency).spell(asked.horizon)} ahead, seasons of {season} steps{by}"
