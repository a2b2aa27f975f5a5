"""Rows that stand by themselves: each row of the file is one of the table."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pipelines.core.errors import InputError, quote
from pipelines.core.keys import MASKED
from pipelines.core.project import Project
from pipelines.duplicates import count_duplicates, identical_features, kept_together
from pipelines.facts.define import Duplicates, Feature
from pipelines.inputs import INPUTS
from pipelines.metrics import metric_of
from pipelines.rows.arranged import Arranged, Clean, RowsKind
from pipelines.splits import SPLITS, Rows
from pipelines.splits.sizes import TooFewError, first_with_enough
from pipelines.splits.stretches import stretches
from pipelines.targets import TARGETS
from pipelines.texts.checks import Truth
from pipelines.texts.found import look_at_texts
from pipelines.validation.checks import kept_columns

if TYPE_CHECKING:
    import pandera.pandas as pandera

AS_DRAWN = "drawn like any rows, since they repeat by chance"


class Apart(RowsKind):
    """Rows that stand by themselves."""

    sets_aside = True

    def arrange(self, clean: Clean, project: Project) -> Arranged:
        """Return the rows with the features of their columns, split as the project file says."""
        kind, column = TARGETS[project.problem.task], clean.columns[project.problem.target]
        labels = kind.labels(column, project.problem, clean.left)
        y = kind.encode(column, labels, project.problem, clean.where)
        target = kind.of(y)
        features, described = make_features(clean.columns, clean.clocks, project)
        _check_metric(y, project, clean.left)
        seen = {name: clean.columns[name] for name in dict.fromkeys(d["from"] for d in described)}
        same = identical_features(seen, len(y))
        split, by = SPLITS[project.split.kind], project.split.column
        group = None if by is None else split.groups(clean.raw[by].iloc[clean.row_id])
        units, natural = kept_together(seen, same) if split.keeps_copies else (same if group is None else group, None)
        texts = look_at_texts(clean, project, Truth(y, labels, column))
        if texts is not None:
            units = texts.kept_together(units)
            group = None if group is None else units
        rows = Rows(units, target.strata(y), None if by is None else clean.columns[by], clean.where)
        draws = split.draws(rows, project.split)
        try:
            splitting = first_with_enough(draws, target, y, labels, group, project, clean.left)
        except TooFewError as error:
            raise error if texts is None else texts.explained(error) from None
        more: dict[str, Any] = {} if group is None else {"group": group}
        if texts is not None and texts.masked is not None:
            more |= {MASKED: texts.masked.array}
        if splitting.moment is not None:
            more |= {"time_block": stretches(splitting.moment, splitting.fold, y)}
        duplicates: Duplicates = {
            **count_duplicates(same, y, splitting.test, splitting.fold),
            "treatment": split.treatment if natural is None or natural["copied"] else AS_DRAWN,
        }
        if natural is not None:
            duplicates["natural"] = natural
        found = None if texts is None else texts.facts(y, splitting, clean.row_id)
        return Arranged(
            clean.row_id, y, target, labels, features, described, splitting, duplicates, more, texts=found
        )  # fmt: skip

    def schema(self, project: Project, arranged: Arranged | None = None) -> dict[str, "pandera.Column"]:  # noqa: ARG002 - as declared
        """Return what the project file declares of the features, and the numbers of groups or stretches of time."""
        import pandera.pandas as pandera

        columns = {}
        if SPLITS[project.split.kind].keeps_groups:
            columns["group"] = pandera.Column("int64", pandera.Check.ge(0))
        if SPLITS[project.split.kind].later:
            columns["time_block"] = pandera.Column("int64", pandera.Check.ge(0))
        if project.texts.mask:
            columns[MASKED] = pandera.Column("str")
        for name, column in kept_columns(project).items():
            if name not in project.not_features:
                columns |= INPUTS[column.type].schema(name, column)
        return columns


def _check_metric(y: np.ndarray, project: Project, where: str) -> None:
    """Raise InputError where the metric is a relative error, and a target, as it is modelled, is 0."""
    metric = metric_of(project.metric)
    if metric.relative and (count := int((y == 0).sum())):
        raise InputError(
            f"metric.primary is {metric.name!r}, which divides by the target, and that is 0 in {count:,} row(s)",
            where=f"{where}, column {quote(project.problem.target)}",
            allowed="a target that is never 0",
            todo="take 'mae', or set those rows aside with `min`",
        )


def make_features(
    values: Mapping[str, pd.Series], clocks: Mapping[str, pd.Series], project: Project
) -> tuple[dict[str, pd.Series], list[Feature]]:
    """Return the features by name, and their facts."""
    features: dict[str, pd.Series] = {}
    described: list[Feature] = []
    for name, series in values.items():
        if name not in project.not_features:
            column = project.columns.declared[name]
            kind = INPUTS[column.type]
            features |= kind.features(name, column, series, clocks.get(name))
            described += kind.describe(name, column)
    return features, described
