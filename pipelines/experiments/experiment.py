"""An experiment of step 7: when it applies, what it finds, and what it may ask."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from pipelines.core.project import Project
from pipelines.core.submit import Pending
from pipelines.core.table import Table
from pipelines.experiments.without import Refit, refit_with_all
from pipelines.facts.reflect.attribution import Attribution
from pipelines.facts.reflect.effects import Codes
from pipelines.facts.steps import Facts
from pipelines.ladder.ladder import Ladder
from pipelines.ladder.repair import RepairedModel
from pipelines.ladder.route import BASELINE
from pipelines.ladder.study import Study
from pipelines.models.saving.archive import SavedModel


@dataclass(frozen=True)
class Given:
    """What stands before the ladder."""

    study: Study
    project: Project
    facts: Facts  # of the earlier steps
    predictions: Mapping[str, np.ndarray]  # of every model by name, in the table's order: out-of-fold, and fold means
    strong: SavedModel  # or the part of a weighted mean that explanations are of
    whole: Table | None = field(
        default=None, kw_only=True
    )  # with all training rows, where the study's has some of them
    changed: pd.DataFrame | None = field(default=None, kw_only=True)  # rows with texts from which something was taken


@dataclass(frozen=True)
class Known(Given):
    """What stands after it."""

    ladder: Ladder
    attribution: list[Attribution]  # by cause
    codes: Codes | None  # among the numbers, where step 3 suspects some
    repaired: RepairedModel
    signal: bool  # whether some model predicts better than a constant

    @property
    def better(self) -> bool:
        """Whether the strong model is better than the baseline, beyond what a constant reaches too."""
        return self.signal and self.facts["compare"]["difference"]["verdict"] == "better"

    @cached_property
    def everything(self) -> Pending[Refit]:
        """The quick models with all features, against which several experiments hold those without some."""
        return refit_with_all(self.study, self.ladder.standings[BASELINE])


def of_labels(given: Given) -> bool:
    """Return whether rows have a label, so that features may explain it; groups are not made of labels."""
    return not given.study.table.grouped


@dataclass(frozen=True)
class Experiment:
    """One experiment. Another one is a row like this in its own module, and a line in EXPERIMENTS."""

    name: str
    run: Callable[[Any], Mapping[str, object]]  # what it finds: facts by their keys in `reflect`
    applies: Callable[[Any], bool] = lambda _: True
    otherwise: Mapping[str, object] = field(default_factory=dict)  # the same facts where it does not apply
    longest: float = 0.0  # seconds that its longest piece takes on 120,000 rows: the longest are begun first
    compares_with_everything: bool = False  # it asks for the quick models with all features
    early: bool = False  # what is Given is all that it asks for; the others ask for what is Known

    def facts(self, known: Given) -> Mapping[str, object]:
        """Return what it finds, or what stands in its place."""
        return self.run(known) if self.applies(known) else self.otherwise
