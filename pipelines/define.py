"""Step 1: the validated table that every later step reads, and what was found while making it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipelines.core.cells import SHOWN, as_text
from pipelines.core.errors import InputError, quote
from pipelines.core.frozen import hash_rows
from pipelines.core.project import Project
from pipelines.core.submit import Submit
from pipelines.core.table import Table
from pipelines.doubts import Reading, find_doubts
from pipelines.facts.define import DefineFacts, LeftOut, OfGroups, OfSeries, RawFacts, Reason, Split
from pipelines.inputs.conditions import LEFT_OUT
from pipelines.rows import ROWS, Clean
from pipelines.splits import SPLITS, Splitting
from pipelines.targets import TARGETS
from pipelines.validation.checks import (
    Violation,
    broken_rows,
    check_header,
    describe,
    find_violations,
    parse_columns,
)
from pipelines.validation.contract import check_contract
from pipelines.validation.expectations import check_gate
from pipelines.validation.gate import gate_frame


@dataclass(frozen=True)
class Defined:
    """What step 1 leaves behind."""

    table: Table
    quarantine: pd.DataFrame  # row_id, column, reason, value (the raw cell as text): one row a violation
    facts: DefineFacts
    data_docs: dict[str, str]  # Great Expectations' pages about the raw file: HTML by path; they hold times


def define(raw: pd.DataFrame, project: Project, sha256: str, submit: Submit) -> Defined:
    """Return the typed table with its split and folds, the rows set aside, and the facts of step 1.

    `raw` is the file as read (every row, columns by their names), `sha256` the file's identity in hexadecimal. The gate
    is handed to `submit`, and what needs no gate is done meanwhile. Raises InputError where the file does not hold what
    the project declares, or too few rows remain to train and test on.
    """
    where = project.raw.path
    check_header([str(name) for name in raw.columns], project, where)
    parsed = parse_columns(raw, project)
    violations = find_violations(raw, parsed, project, where)
    gate = submit(check_gate, gate_frame(raw, parsed, project), project, name="Great Expectations")
    clean = Clean.of(raw, parsed, violations, where)
    if len(raw) and not len(clean.row_id):
        raise _nothing_left(violations, project, where)
    del parsed

    rows = ROWS[TARGETS[project.problem.task].rows]
    made = rows.arrange(clean, project)
    splitting, y = made.splitting, made.y

    split = np.where(splitting.test, "test", "train")
    key = {"row_id": made.row_id, "split": split, "fold": splitting.fold, "y_true": y} | dict(made.more)
    features = {name: series.array for name, series in made.features.items()}
    frame = pd.DataFrame(key | features | dict(made.methods))
    contract = check_contract(frame, project, rows.schema(project, made), where)
    table = Table(frame, made.target)
    of_series: OfSeries = {} if made.forecast is None else {"forecast": made.forecast}
    of_groups: OfGroups = {} if made.clusters is None else {"clusters": made.clusters}
    facts: DefineFacts = {
        **_facts(raw, project, sha256, violations),
        "features": list(made.described),
        "duplicates": made.duplicates,
        "split": _split_facts(splitting, y, project, event="event" in made.target.can),
        "test_rows_sha256": hash_rows(made.row_id[splitting.test], sha256),
        "target_summary": made.target.summary(y, splitting.test, made.labels, project.problem),
        "texts": made.texts,
        "expectations": gate.result().expectations,
        "contract": contract,
        **of_series,
        **of_groups,
        "doubts": find_doubts(Reading(raw, project, table)) if rows.sets_aside else [],
    }
    return Defined(table, quarantine_frame(raw, violations), facts, gate.result().pages)


def quarantine_frame(raw: pd.DataFrame, violations: Sequence[Violation]) -> pd.DataFrame:
    """Return every violation as a row: row_id (int64), column, reason, value (the raw cell as text, or missing)."""
    parts = []
    for violation in violations:
        cells = raw[violation.column].iloc[violation.rows]
        value = [None if pd.isna(cell) else as_text(cell) for cell in cells.tolist()]
        part = {"row_id": violation.rows, "column": violation.column, "reason": violation.reason, "value": value}
        parts.append(pd.DataFrame(part).astype({"value": "str"}))
    empty = pd.DataFrame({"row_id": np.empty(0, np.int64), "column": [], "reason": [], "value": []})
    whole = pd.concat(parts, ignore_index=True) if parts else empty
    whole = whole.astype({"column": "str", "reason": "str", "value": "str"})
    return whole.sort_values("row_id", kind="stable", ignore_index=True)


def _split_facts(splitting: Splitting, y: np.ndarray, project: Project, *, event: bool) -> Split:
    """Return kind, sizes and boundary of the split, and of an event how many rows of each part are positives."""
    test, fold = splitting.test, splitting.fold
    facts: Split = {
        "kind": project.split.kind,
        "column": project.forecast.time if project.forecast else project.split.column,
        "seed": project.split.seed,
        "asked": None if SPLITS[project.split.kind].given else project.split.test,
        "share": float(test.mean()),
        "train": int((~test).sum()),
        "test": int(test.sum()),
        "folds": np.bincount(fold[fold >= 0]).tolist(),
        "fold_kind": splitting.fold_kind,
        "boundary": splitting.boundary,
    }
    if splitting.redrawn is not None:
        facts["redrawn"] = splitting.redrawn
    if event:
        facts["positives"] = {"train": int(y[~test].sum()), "test": int(y[test].sum())}
        facts["fold_positives"] = np.bincount(fold[~test], weights=y[~test]).astype(int).tolist()
    return facts


def _facts(raw: pd.DataFrame, project: Project, sha256: str, violations: Sequence[Violation]) -> RawFacts:
    """Return the facts that need no split: the problem, the source, what was dropped and set aside."""
    problem, source = project.problem, project.raw
    left: dict[str, int] = raw.attrs.get(LEFT_OUT, {})
    left_out: LeftOut = {"left_out": [{"condition": text, "rows": rows} for text, rows in left.items()]} if left else {}
    return {
        "project": project.name,
        "question": problem.question,
        "decision": problem.decision,
        "task": problem.task,
        "target": problem.answer,
        "positive": problem.positive,
        "target_scale": problem.outcome_scale if problem.outcome else problem.target_scale,
        "unit": problem.unit,
        "source": {
            "kind": "file" if source.file else "package",
            "package": source.package,
            "member": source.member,
            "file": source.path,
            "sha256": sha256,
            **left_out,
        },
        "rows": len(raw),
        "columns": len(raw.columns),
        "dropped": list(project.columns.drop),
        "quarantined": {
            "count": len(broken_rows(violations)),
            "reasons": [_reason(violation) for violation in violations],
        },
    }


def _nothing_left(violations: Sequence[Violation], project: Project, where: str) -> InputError:
    """Return the error of a file of which every row breaks the declaration."""
    worst = max(violations, key=lambda violation: len(violation.rows))
    return InputError(
        f"every row breaks the declaration; most, {len(worst.rows)}, in column {quote(worst.column)}: {worst.reason}",
        where=where,
        allowed=describe(project.columns.declared[worst.column]),
        todo="correct [columns], or the file",
    )


def _reason(violation: Violation) -> Reason:
    return {
        "reason": violation.reason,
        "column": violation.column,
        "rows": len(violation.rows),
        "examples": violation.rows[:SHOWN].tolist(),
    }
