"""What a reader sees of the fact behind a number: where it stands, its full value, what made it, how to repeat that."""

import json
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from posixpath import relpath

from pipelines.core.steps import SEVEN, WHAT
from pipelines.facts.pointer import parts
from pipelines.report.numbers import Binding

ELEMENT = "facts"  # the id of the element that holds a page's evidence
LONGEST = 200  # characters of a value that is shown
_MADE = {step: f"step {place} of {len(SEVEN)}, {step}: {WHAT[step]}" for place, step in enumerate(SEVEN, start=1)} | {
    "answer": "answer: decide what the facts of all steps come to",
    "timings": "timings: measure times and memory, which no rebuild does",
    "serving": "serve --verify: send the raw test rows to the served models, which no rebuild does",
}
_AGAIN = {
    "timings": ".venv/bin/sevenfold timings {project}",
    "serving": ".venv/bin/sevenfold serve {project} --verify",
}


def evidence_element(behind: Sequence[Binding], page: PurePosixPath, files: frozenset[PurePosixPath]) -> str:
    """Return the element that `facts.js` reads: the page's facts in the order of their numbers, and their steps.

    `files` are the files of the site; the evidence of a step leads to the step's facts where they are among them.
    """
    steps: dict[str, dict[str, str]] = {}
    for binding in behind:
        step, project = parts(binding.fact)[0], binding.project
        steps.setdefault(f"{project} {step}", _step(step, project, page, files))
    facts = [[f"{one.project} {parts(one.fact)[0]}", one.fact, full(one)] for one in behind]
    data = json.dumps({"facts": facts, "steps": steps}, ensure_ascii=False, separators=(",", ":"))
    harmless = data.replace("<", r"\u003c")  # no tag and no comment can begin inside, whatever the data hold
    return f'<script type="application/json" id="{ELEMENT}">{harmless}</script>'


def _step(step: str, project: str, page: PurePosixPath, files: frozenset[PurePosixPath]) -> dict[str, str]:
    """Return what is said of a step of a project on `page`."""
    answers = step == "answer"  # the step `report` writes it, beside the pages
    file = PurePosixPath("reports", project, *(() if answers else ("facts",)), f"{step}.json")
    stage = "report" if answers else step
    again = _AGAIN.get(step, ".venv/bin/dvc repro {stage}@{project}").format(stage=stage, project=project)
    found = {"made": _MADE.get(step, step), "again": again}
    return found | ({"file": relpath(file, page.parent)} if file in files else {})


def full(binding: Binding) -> str:
    """Return the value of a fact as its file has it, or its beginning; of what was only counted, how much there is."""
    value = binding.value
    if isinstance(value, list | Mapping) and binding.shown == f"{len(value):,}":
        return f"{len(value):,} {'item' if len(value) == 1 else 'items'}"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
