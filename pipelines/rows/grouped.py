"""Rows that form groups: what makes them, what scores them, and the halves that have to find them alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pipelines.core.errors import InputError, quote
from pipelines.core.keys import DESCRIBES, HALVINGS
from pipelines.core.project import Project
from pipelines.duplicates import count_duplicates, identical_features, kept_together
from pipelines.facts.clusters import ClustersFacts, EntitiesFacts, LookedColumn
from pipelines.facts.define import Duplicates, Feature
from pipelines.inputs import INPUTS, NUMERIC, Number
from pipelines.rows.apart import AS_DRAWN
from pipelines.rows.arranged import Arranged, Clean, RowsKind
from pipelines.rows.entities import gather
from pipelines.rows.grouped_checks import check_columns, check_missing, check_outcome
from pipelines.splits import SPLITS, Rows
from pipelines.splits.sizes import first_with_enough
from pipelines.targets import TARGETS
from pipelines.targets.arrays import Booleans, Integers

if TYPE_CHECKING:
    import pandera.pandas as pandera

HALVED = 5  # beside the seed: halves are drawn with numbers of their own


@dataclass(frozen=True)
class Grouped(RowsKind):
    """Rows that form groups, or none."""

    sets_aside = False

    def arrange(self, clean: Clean, project: Project) -> Arranged:
        """Return the rows with the columns that make groups, what describes them, and the halves."""
        asked, problem = project.asked_clusters, project.problem
        found = rows_of(clean, project)
        whole, left_out = _whole(found, project, clean.left)
        columns = {name: whole.columns[name].to_numpy(np.float64) for name in asked.columns}
        looked = check_columns(columns, clean.left)
        kind, y = TARGETS[problem.task], np.zeros(len(whole.row_id))
        if problem.outcome:
            outcome = whole.columns[problem.outcome]
            _has_outcomes(outcome, project, clean.left)
            y = kind.encode(outcome, None, problem, clean.where)
            check_outcome(columns, y, problem.outcome, clean.left)
        target = kind.of(y)
        features = {name: pd.Series(values) for name, values in columns.items()}
        same = identical_features(features, len(y))
        split = SPLITS[project.split.kind]
        units, natural = kept_together(features, same)
        draws = split.draws(Rows(units, target.strata(y), None, clean.where), project.split)
        splitting = first_with_enough(draws, target, y, None, None, project, clean.left)
        duplicates: Duplicates = {
            **count_duplicates(same, y, splitting.test, splitting.fold),
            "treatment": split.treatment if natural is None or natural["copied"] else AS_DRAWN,
        }
        if natural is not None:
            duplicates["natural"] = natural
        more: dict[str, Any] = deal_halves(units, splitting.test, project.split.seed)
        more |= {f"{DESCRIBES}{name}": whole.columns[name].array for name in asked.describe}
        return Arranged(
            whole.row_id, y, target, None, features, _described(project), splitting, duplicates, more,
            clusters=_facts(project, looked, left_out, whole.entities),
        )  # fmt: skip

    def schema(self, project: Project, arranged: Arranged | None = None) -> dict[str, "pandera.Column"]:
        """Return that columns are numbers without gaps, and halves 0 or 1; what describes them as it was made."""
        import pandera.pandas as pandera

        columns = {name: pandera.Column("int64", pandera.Check.isin([0, 1])) for name in HALVINGS}
        described = {} if arranged is None else arranged.more
        for name in (f"{DESCRIBES}{name}" for name in project.asked_clusters.describe):
            dtype = str(described[name].dtype) if name in described else None
            columns[name] = pandera.Column(dtype, nullable=True)
        finite = pandera.Check(np.isfinite, name="finite")
        return columns | {name: pandera.Column("float64", finite) for name in project.asked_clusters.columns}


@dataclass(frozen=True)
class Found:
    """What is grouped, before it is looked at."""

    row_id: Integers  # (rows,)
    columns: Mapping[str, pd.Series]  # by name, (rows,), of one index
    entities: EntitiesFacts | None = None  # where the file holds events

    def only(self, some: Booleans) -> "Found":
        """Return some of the rows."""
        return Found(self.row_id[some], {name: one[some] for name, one in self.columns.items()}, self.entities)


def rows_of(clean: Clean, project: Project) -> Found:
    """Return what is grouped: the rows of the file, or the entities that its lines are about."""
    if project.entities is None:
        return Found(clean.row_id, _of_file(clean, project))
    values = {**clean.columns, **{name: one for name, one in clean.clocks.items() if name == project.entities.time}}
    made = gather(values, clean.raw.iloc[clean.row_id], project.entities, clean.left)
    return Found(made.row_id, made.columns, made.facts)


def _of_file(clean: Clean, project: Project) -> dict[str, pd.Series]:
    """Return the columns of the file that make groups, describe them or score them, as later steps call them."""
    made = {}
    for name in (*project.asked_clusters.columns, *project.asked_clusters.describe, project.problem.outcome):
        if name:
            column = project.columns.declared[name]
            made[name] = INPUTS[column.type].features(name, column, clean.columns[name], clean.clocks.get(name))[name]
    return made


def _whole(found: Found, project: Project, where: str) -> tuple[Found, int]:
    """Return the rows that have a value in every column, and how many were left out; refuse gaps unless asked."""
    asked = project.asked_clusters
    columns = {name: found.columns[name] for name in asked.columns}
    if asked.missing == "refuse":
        check_missing(columns, where)
        return found, 0
    there = np.logical_and.reduce([column.notna().to_numpy(bool) for column in columns.values()])
    return found.only(there), int((~there).sum())


def _has_outcomes(outcome: pd.Series, project: Project, where: str) -> None:
    """Raise InputError where rows have no outcome: no lines have no mean."""
    if count := int(outcome.isna().sum()):
        name = project.problem.outcome
        raise InputError(
            f"the outcome {quote(name)} is missing in {count:,} of {len(outcome):,} rows",
            where=f"{where}, problem.outcome",
            allowed="an outcome for every row",
            todo="take what is 0 where nothing happened: a sum, the number of lines or of days",
        )


def deal_halves(units: Integers, test: Booleans, seed: int) -> dict[str, Integers]:
    """Return each halving, int64 of shape (rows,): 0 or 1, equal for rows of one unit.

    Training rows and test rows are halved each by themselves, so that halves of either are halves.
    """
    dealt = {}
    for place, name in enumerate(HALVINGS):
        rng = np.random.default_rng([seed, HALVED, place])
        half = np.zeros(len(units), np.int64)
        for side in (test, ~test):
            present = rng.permutation(np.unique(units[side]))
            of_unit = dict(zip(present.tolist(), (np.arange(len(present)) % 2).tolist(), strict=True))
            half[side] = [of_unit[unit] for unit in units[side].tolist()]
        dealt[name] = half
    return dealt


def _described(project: Project) -> list[Feature]:
    """Return the facts of each column."""
    found: list[Feature] = []
    for name in project.asked_clusters.columns:
        made = None if project.entities is None else project.entities.columns[name]
        declared = project.columns.declared[name] if made is None else None
        unit = made.unit if made is not None else declared.unit if declared is not None else None
        kind = Number.name if declared is None else declared.type
        found.append({"name": name, "kind": NUMERIC.seen_as, "from": name, "type": kind, "unit": unit})
    return found


def _facts(
    project: Project, looked: list[LookedColumn], left_out: int, entities: EntitiesFacts | None
) -> ClustersFacts:  # fmt: skip
    """Return which columns make groups, and what they are compared with."""
    asked, problem = project.asked_clusters, project.problem
    facts: ClustersFacts = {
        "columns": list(asked.columns), "describe": list(asked.describe), "outcome": problem.outcome or None,
        "outcome_scale": problem.outcome_scale, "baseline": asked.baseline, "by": asked.by, "groups": asked.groups,
        "missing": left_out, "halvings": len(HALVINGS), "looked": looked,
    }  # fmt: skip
    if entities is not None:
        facts["entities"] = entities
    return facts
