"""The numbers themselves, to which groups are compared: a straight line and boosted trees, with groups beside or not.

They are never taken: a model that predicts an outcome from numbers puts no row into a group.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar, Self

import numpy as np
import pandas as pd

from pipelines.models.boosting import PATIENCE, BoostingLearner
from pipelines.models.family import Family, Loading, Variant
from pipelines.models.grouped.grouped import GroupedModel
from pipelines.models.grouped.learner import CENTRES, fit_groups
from pipelines.models.grouped.names import BOOSTED, BOOSTED_TOO, STRAIGHT, STRAIGHT_TOO
from pipelines.models.grouped.way import Way, grouped_target
from pipelines.models.lightgbm import GrownLightGBM, LightGBMLearner, LightGBMModel, lightgbm_settings
from pipelines.models.model import FoldData, Learner, Notes, Settings
from pipelines.models.saving.zip import below
from pipelines.models.size import Size
from pipelines.models.worded.linear_part import LinearPart, fit_part
from pipelines.targets import Groups

PENALTY = 1.0  # of the straight line, as the linear baseline of other tables has it
FILE = "numbers.json"


@dataclass(frozen=True)
class StraightLearner:
    """Fits a line to the scaled columns, and to the groups where they are asked for."""

    target: Groups
    name: str
    way: Way  # of the groups, whose scaling the columns have
    beside: bool  # whether the groups are among what it sees

    @property
    def settings(self) -> Settings:
        """What the facts say about how it is fitted."""
        return {
            "model": "ridge regression on Yeo-Johnson values", "penalty": PENALTY,
            "groups": self.way.describe() if self.beside else "none",
        }  # fmt: skip

    def fit(self, data: FoldData) -> "StraightModel":
        """Return the line of the fold's rows; the held-out ones are not looked at."""
        grouped = fit_groups(self.target, self.way, data)
        matrix = _columns(grouped, data.x, beside=self.beside)
        part = fit_part(matrix, data.y, self.target, PENALTY)
        return StraightModel(grouped, self.beside, part, {"rows_used": len(data.y)})


@dataclass(frozen=True)
class StraightModel:
    """A fitted line."""

    family: ClassVar[str] = "numbers_straight"
    grouped: GroupedModel
    beside: bool
    part: LinearPart
    notes: Notes = field(default_factory=Notes)

    def predict(self, x: pd.DataFrame) -> np.ndarray:
        """Return the value for each row, float64 of shape (rows,)."""
        return self.part.raw(_columns(self.grouped, x, beside=self.beside))

    def save(self) -> dict[str, bytes]:
        """Return the coefficients, and the groups' files below `groups/`."""
        return self.part.save() | _saved(self.grouped, beside=self.beside)

    @classmethod
    def load(cls, files: Mapping[str, bytes], given: Loading) -> Self:
        """Return the model that `save` wrote; raise ValueError where its parts do not fit together."""
        part, _ = LinearPart.load(files)
        beside = json.loads(files[FILE])["beside"]
        return cls(GroupedModel.load(below(files, "groups/"), given), beside, part)


@dataclass(frozen=True)
class BoostedNumbersLearner(BoostingLearner):
    """Fits one LightGBM model to the columns, and to the groups where they are asked for."""

    name: str = BOOSTED
    target: Groups = field(default_factory=Groups)
    way: Way | None = None  # of the groups beside the columns; None: the columns alone

    def grow(self, data: FoldData) -> "GrownNumbers":
        """Return the model with more trees than its held-out rows ask for, or with `data.trees`."""
        grouped = None if self.way is None else fit_groups(self.target, self.way, data)
        inner = replace(data, x=_with_groups(grouped, data.x), held_x=_with_groups(grouped, data.held_x))
        return GrownNumbers(LightGBMLearner(self.settings, self.name, self.patience).grow(inner), grouped)


@dataclass(frozen=True)
class GrownNumbers:
    """A model of which only the first trees will be kept."""

    grown: GrownLightGBM
    grouped: GroupedModel | None

    @property
    def curve(self) -> list[float]:
        """The loss on the rows held out, after each tree."""
        return self.grown.curve

    def stopped_at(self, trees: int) -> "BoostedNumbersModel":
        """Return the model of the first `trees` trees, or of all if there are no more."""
        kept = self.grown.stopped_at(trees)
        notes = Notes(
            rows_used=kept.notes["rows_used"], trees=kept.notes["trees"], stopped_early=kept.notes["stopped_early"],
            curve=kept.notes["curve"],
        )  # fmt: skip
        return BoostedNumbersModel(kept, self.grouped, notes)


@dataclass(frozen=True)
class BoostedNumbersModel:
    """A fitted model of trees."""

    family: ClassVar[str] = "numbers_boosted"
    trees: LightGBMModel
    grouped: GroupedModel | None
    notes: Notes = field(default_factory=Notes)

    def predict(self, x: pd.DataFrame) -> np.ndarray:
        """Return the value for each row, float64 of shape (rows,)."""
        return self.trees.predict(_with_groups(self.grouped, x))

    def save(self) -> dict[str, bytes]:
        """Return the trees' files, and the groups' below `groups/` where there are some."""
        if self.grouped is None:
            return self.trees.save()
        return self.trees.save() | _saved(self.grouped, beside=True)

    @classmethod
    def load(cls, files: Mapping[str, bytes], given: Loading) -> Self:
        """Return the model that `save` wrote."""
        grouped = GroupedModel.load(below(files, "groups/"), given) if FILE in files else None
        return cls(LightGBMModel.load(files, given), grouped)


def _columns(grouped: GroupedModel, x: pd.DataFrame, *, beside: bool) -> np.ndarray:
    """Return the scaled columns, and 0 or 1 for each group where they are asked for, (rows, columns)."""
    values, _ = grouped.scaled(x)
    return np.column_stack([values, _members(grouped, x)]) if beside else values


def _members(grouped: GroupedModel, x: pd.DataFrame) -> np.ndarray:
    return np.eye(grouped.gaussians.groups)[grouped.groups(x)]


def _with_groups(grouped: GroupedModel | None, x: pd.DataFrame) -> pd.DataFrame:
    """Return the columns with a column of 0 and 1 for each group beside, where there are groups."""
    if grouped is None:
        return x
    members = _members(grouped, x)
    return x.assign(**{f"group {place + 1}": members[:, place] for place in range(members.shape[1])})


def _saved(grouped: GroupedModel, *, beside: bool) -> dict[str, bytes]:
    files = {f"groups/{name}": content for name, content in grouped.save().items()}
    return files | {FILE: json.dumps({"beside": beside}).encode()}


def _straight(name: str, *, beside: bool) -> Callable[[Size, Settings | None], Learner | None]:
    def make(size: Size, _: Settings | None) -> Learner | None:
        target = grouped_target(size.target)
        way = replace(CENTRES, groups=target.count)
        return StraightLearner(target, name, way, beside) if target.scored else None

    return make


def _boosted(name: str, *, beside: bool) -> Callable[[Size, Settings | None], Learner | None]:
    def make(size: Size, _: Settings | None) -> Learner | None:
        target = grouped_target(size.target)
        if not target.scored:
            return None
        way = replace(CENTRES, groups=target.count) if beside else None
        return BoostedNumbersLearner(lightgbm_settings(size), name, PATIENCE[size.level], target, way)

    return make


STRAIGHT_FAMILY = Family(
    name=StraightModel.family,
    title="straight line on numbers",
    load=StraightModel.load,
    libraries=("sklearn",),
    imports=("sklearn.linear_model",),
    variants=(
        Variant(
            STRAIGHT, "the numbers, straight", "classic", "a line through the scaled columns, without groups",
            _straight(STRAIGHT, beside=False), order=93, shown=30, rows="grouped",
        ),
        Variant(
            STRAIGHT_TOO, "numbers and groups, straight", "classic", "the same with the groups of k-means beside",
            _straight(STRAIGHT_TOO, beside=True), order=94, shown=31, rows="grouped",
        ),
    ),
)  # fmt: skip
BOOSTED_FAMILY = Family(
    name=BoostedNumbersModel.family,
    title="boosted numbers",
    load=BoostedNumbersModel.load,
    libraries=("lightgbm",),
    imports=("lightgbm",),
    variants=(
        Variant(
            BOOSTED, "the numbers, boosted", "classic", "trees on the columns, without groups",
            _boosted(BOOSTED, beside=False), order=1, shown=32, rows="grouped",
        ),
        Variant(
            BOOSTED_TOO, "numbers and groups, boosted", "classic", "the same with the groups of k-means beside",
            _boosted(BOOSTED_TOO, beside=True), order=2, shown=33, rows="grouped",
        ),
    ),
)  # fmt: skip
