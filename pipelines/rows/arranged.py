"""What step 1 gets of rows that stand apart, and of rows of series: the table's rows, and where each of them goes."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pandas as pd

from pipelines.core.project import Project
from pipelines.facts.clusters import ClustersFacts
from pipelines.facts.define import Duplicates, Feature, ForecastFacts, TextsFound
from pipelines.inputs import Parsed
from pipelines.splits import Splitting
from pipelines.targets import Target
from pipelines.validation.checks import Violation, broken_rows

if TYPE_CHECKING:
    import pandera.pandas as pandera


@dataclass(frozen=True)
class Clean:
    """The rows of the file that keep to the declaration."""

    raw: pd.DataFrame  # the whole file
    row_id: np.ndarray  # (rows,) places of the rows in it
    columns: Mapping[str, pd.Series]  # the kept columns, parsed, (rows,)
    clocks: Mapping[str, pd.Series]  # of dates with a zone: what the clock showed
    where: str  # the file, for messages
    left: str  # the same, with how many rows were set aside
    violations: Sequence[Violation] = ()  # of the declaration, by the rows that were set aside

    @classmethod
    def of(cls, raw: pd.DataFrame, parsed: Mapping[str, Parsed], violations: Sequence[Violation], where: str) -> Self:
        """Return the rows of a file, its columns `parsed`, without those that break its declaration."""
        row_id = np.delete(np.arange(len(raw)), broken_rows(violations))
        aside = len(raw) - len(row_id)
        left = f"{where}, {aside:,} row(s) set aside" if aside else where
        values = {name: parsed[name].typed.iloc[row_id] for name in map(str, raw.columns) if name in parsed}
        clocks = {name: one.clock.iloc[row_id] for name, one in parsed.items() if one.clock is not None}
        return cls(raw, row_id, values, clocks, where, left, violations)


@dataclass(frozen=True)
class Arranged:
    """The rows of the table. Arrays are (rows,)."""

    row_id: np.ndarray  # int64, each once
    y: np.ndarray  # the target as it is modelled
    target: Target
    labels: list[str] | None  # of classes
    features: Mapping[str, pd.Series]
    described: Sequence[Feature]  # the features in facts
    splitting: Splitting
    duplicates: Duplicates
    more: Mapping[str, Any] = field(default_factory=dict)  # further columns of the table, which no model sees
    methods: Mapping[str, np.ndarray] = field(default_factory=dict)  # forecasts by rules, less the level
    forecast: ForecastFacts | None = None
    texts: TextsFound | None = None
    clusters: ClustersFacts | None = None


class RowsKind(ABC):
    """What the rows of a table are."""

    sets_aside: bool  # rows that break the declaration may be left out

    @abstractmethod
    def arrange(self, clean: Clean, project: Project) -> Arranged:
        """Return the rows of the table; raise InputError where the file holds none of them, or too few."""

    @abstractmethod
    def schema(self, project: Project, arranged: Arranged | None = None) -> dict[str, "pandera.Column"]:
        """Return what pandera checks of the columns that are no key."""
