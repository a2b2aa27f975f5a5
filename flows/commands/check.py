"""`sevenfold check`: do project file, dvc.yaml and data fit together? It refuses what step 1 would, writes nothing."""

import sys
from codecs import BOM_UTF8
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd

from flows.dvc.listed import PIPELINE, entries, entry_of
from flows.reading.identity import check_identity
from flows.reading.raw import read_raw
from flows.repository.layout import Layout
from flows.repository.names import check_name
from flows.repository.projects import load_project, project_names
from pipelines.core.errors import InputError, quote
from pipelines.core.project import Project
from pipelines.core.submit import Done, Pending, Result, run_now
from pipelines.define import Defined, define
from pipelines.facts.define import Doubt
from pipelines.profiling.copies import copies_of_target
from pipelines.validation.expectations import Gate, check_gate


def check(name: str | None) -> int:
    """Check one project, or all of them; say what each would train on. Raises InputError at the first that is wrong."""
    known = project_names()
    for one in known if name is None else [check_name(name, known, what="project", where="projects/")]:
        project = load_project(one)
        _check_no_mark(Layout(one).project_file)
        _check_listed(project)
        path = Path(project.raw.path)
        identity = check_identity(project, path)
        defined = rehearse(read_raw(path, project), project, identity)
        sys.stdout.write(f"{one}: {_summary(defined)}\n{tell_doubts(defined.facts['doubts'])}")
    return 0


def rehearse(raw: pd.DataFrame, project: Project, identity: str) -> Defined:
    """Do what step 1 does, but write nothing; raise InputError where it would, or where a feature is the target.

    Great Expectations is left out: it only describes what step 1 has checked before, and takes most of the time.
    """
    defined = define(raw, project, identity, _run_but_the_gate)
    # Where the target is a sum of lines no column of the file holds it; what groups are made of, step 1 looks at.
    made = project.panel is not None or not project.problem.target
    copies = [] if made else copies_of_target(raw, project.problem.target, project.not_features)
    if copies:
        raise InputError(
            f"column {quote(copies[0])} holds the target, row for row"
            + (f" (and {len(copies) - 1} more)" if len(copies) > 1 else ""),
            where=project.raw.path,
            allowed="features that are known before the target is",
            todo=f"name {quote(copies[0])} in columns.drop (`sevenfold new` takes --drop)",
        )
    return defined


def tell_doubts(doubts: Sequence[Doubt]) -> str:
    """Return the doubts in lines, the heaviest first; nothing where there are none."""
    lines = [f"not sure of {len(doubts)} thing(s), the most important first:"] if doubts else []
    for doubt in doubts:
        about = "" if doubt["column"] is None else f"{quote(doubt['column'])}: "
        lines += [f"  - {about}{doubt['found']}; {doubt['done']}", f"    to decide: {doubt['decide']}"]
    return "".join(f"{line}\n" for line in lines)


def _run_but_the_gate(function: Callable[..., Result], /, *args: object, name: str) -> Pending[Result]:
    """Run a piece of step 1 at once, the gate not at all."""
    return Done(Gate([], {})) if function is check_gate else run_now(function, *args, name=name)  # type: ignore[return-value]


def _check_no_mark(path: Path) -> None:
    if path.read_bytes().startswith(BOM_UTF8):
        raise InputError(
            "the project file begins with a byte-order mark, which DVC does not read",
            where=str(path),
            allowed="UTF-8 without a mark",
            todo="save it without the mark (editors call it BOM or signature)",
        )


def _check_listed(project: Project) -> None:
    """Raise InputError unless dvc.yaml says of the project what its file does."""
    found, asked = entries().get(project.name), entry_of(project.name, project.raw.path, texts=bool(project.worded))
    if found == asked:
        return
    allowed = f"{project.name}: {{raw: {asked.raw}, table: {asked.table}}}"
    if found is None:
        what = "is not listed"
    elif found.raw != asked.raw:
        what = f"is listed with {quote(found.raw)}"
    elif found.table != asked.table:
        what = f"is listed with the table {quote(found.table)}"
    else:
        what = "has texts, and is not listed among `texts`" if asked.texts else "has no texts, and is listed among them"
        allowed = f"`texts` {'with' if asked.texts else 'without'} {project.name}"
    where, todo = f"{PIPELINE}, vars", "correct the list, or [source] or [columns]"
    raise InputError(f"the project {what}", where=where, allowed=allowed, todo=todo)


def _summary(defined: Defined) -> str:
    """Return in a line what the project would be trained and tested on."""
    facts: dict[str, dict[str, int]] = defined.facts  # type: ignore[assignment]
    split = facts["split"]
    aside = facts["quarantined"]["count"]
    return (
        f"fine; {facts['rows']:,} rows, {aside:,} set aside, {split['train']:,} to train and {split['test']:,} to test "
        f"on, {len(facts['features'])} features"
    )
