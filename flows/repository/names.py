"""The steps in their order, and help for names that were mistyped."""

import difflib
from collections.abc import Iterable

from pipelines.core.errors import InputError, quote
from pipelines.core.steps import WHAT

STEPS = {
    "fetch": "download the raw file and check its sha256",
    **WHAT,
    "pictures": "draw the pictures of one project's report",
    "report": "write one project's report",
    "notebook": "write and run the notebook that repeats one project's numbers",
    "archive": "pack what serving needs into one file",
    "encoder": "download the files of the texts' encoder and check their sha256",
    "encode": "turn texts into numbers",
    "overview": "write the page that compares all projects",
}
BESIDE = {"encoder": "fetch", "encode": "define"}  # steps of projects with texts alone, which have another's number
EVERY = tuple(step for step in STEPS if step not in BESIDE)  # the steps that each project has
OF_ALL_PROJECTS = "overview"  # the one step that belongs to no single project has its own name in place of a project's


def run_name(step: str, project: str) -> str:
    """Return what a person watching reads: `loan_default / 4 baseline`, or `overview / 12 overview`."""
    return f"{project} / {EVERY.index(BESIDE.get(step, step))} {step}"


def check_name(name: str, known: Iterable[str], *, what: str, where: str) -> str:
    """Return `name` if it is known; raise InputError with the nearest known one if not."""
    names = list(known)
    if name in names:
        return name
    near = difflib.get_close_matches(name, names, n=1)
    raise InputError(
        f"no {what} {quote(name)}",
        where=where,
        allowed=", ".join(names) or f"there is no {what} yet",
        todo=f"did you mean `{near[0]}`?" if near else f"name one of these {what}s",
    )
