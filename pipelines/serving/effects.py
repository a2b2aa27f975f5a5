"""What each feature does to a model's answer: SHAP values of trees, the terms of a linear model.

Of a weighted mean of models one part is explained, the heaviest that can be. Effects are those of the part's fold
models, averaged, on the scale on which it adds up.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import cast

import numpy as np
import pandas as pd

from pipelines.core.rowwise import row_products
from pipelines.core.table import Table
from pipelines.models.families import family_of
from pipelines.models.line import Line
from pipelines.models.linear import LinearModel
from pipelines.models.model import TreeModel
from pipelines.models.saving.archive import Part, SavedModel, typed
from pipelines.models.worded.stacked import StackedModel
from pipelines.serving.word_effects import Term, word_effects
from pipelines.targets import TARGETS, Floats, Target
from pipelines.targets.arrays import Integers

Means = Mapping[str, Sequence[Sequence[float]]]  # of each linear model: of each fold, of each column of its matrix


@dataclass(frozen=True)
class Effects:
    """How the features of a saved model move its answers."""

    model: SavedModel
    means: Means

    @cached_property
    def part(self) -> Part | None:
        """The part that is explained; None where none can be."""
        able = [one for one in self.model.parts if _of_trees(one) or _of_a_line(one) or _of_texts(one)]
        return max(able, key=lambda one: one.weight) if able else None

    @property
    def raw(self) -> bool:
        """Whether effects add up to a raw prediction, such as log-odds, and not to the prediction itself."""
        if self.part is None:
            return True
        shap = family_of(self.part.folds[0].family).explains
        return shap is None or shap.of == "raw"

    @cached_property
    def features(self) -> list[str]:
        """The features, in the order of the effects: of trees in a table with texts what stands for these as well."""
        if self.part is None or not _of_trees(self.part):
            return self.model.features
        return list(cast("TreeModel", self.part.folds[0]).schema.features)

    def of(self, frame: pd.DataFrame) -> Floats:
        """Return the effect of each feature, (rows, features, outputs); of several classes against their mean.

        Nothing is explained, and all effects are zero, where no part can be. Raises InputError where a feature is
        missing.
        """
        x = typed(frame, self.model.schema, f"the rows given to model {self.model.schema['model']!r}")
        if self.part is None or _of_texts(self.part):
            return np.zeros((len(x), len(self.features), 1))
        if _of_trees(self.part):
            found = [np.asarray(cast("TreeModel", fold).contributions(x), np.float64) for fold in self.part.folds]
        else:
            found = [terms(x) for terms in self._terms]
        effects = np.asarray(np.mean(found, axis=0))
        return effects - effects.mean(axis=2, keepdims=True) if effects.shape[2] > 1 else effects

    def words(self, frame: pd.DataFrame, of_class: Integers | None) -> list[list[tuple[Term, float]]] | None:
        """Return the words that moved each row most (see `word_effects`); None where no model of words is explained."""
        if self.part is None or not _of_texts(self.part):
            return None
        return word_effects([cast("StackedModel", fold) for fold in self.part.folds], frame, of_class)

    @cached_property
    def _terms(self) -> list[Callable[[pd.DataFrame], Floats]]:
        """What computes the terms of each fold's linear model."""
        part = cast("Part", self.part)
        return [
            Terms(one, np.asarray(means, np.float64), self.features).of
            for one, means in zip(_lines(part, self.model), self.means[part.name], strict=True)
        ]


@dataclass(frozen=True)
class Terms:
    """A linear model's terms: coefficient times the distance from the training mean, summed by feature."""

    line: Line
    means: Floats  # of the matrix's columns, over the rows that the model was fitted to
    features: Sequence[str]

    @cached_property
    def _places(self) -> list[list[int]]:
        """The columns of each feature."""
        columns = self.line.features()
        return [[i for i, one in enumerate(columns) if one == name] for name in self.features]

    def of(self, x: pd.DataFrame) -> Floats:
        """Return the terms, (rows, features, outputs)."""
        matrix = self.line.matrix(x)
        coefficients = self.line.coefficients.reshape(len(self.means), -1)
        terms = [
            row_products(matrix[:, places], coefficients[places]) - self.means[places] @ coefficients[places]
            for places in self._places
        ]
        return np.stack(terms, axis=1)


def means_of(models: Sequence[SavedModel], table: Table) -> dict[str, list[list[float]]]:
    """Return the training means of the matrices of all linear models among `models` and their parts, by name.

    They are what `Effects` needs beside a model; `table` is the one whose training rows it was fitted to.
    """
    found: dict[str, list[list[float]]] = {}
    for model in models:
        for part in model.parts:
            if _of_a_line(part):
                lines = zip(model.schema["folds"], _lines(part, model), strict=True)
                found[part.name] = [_column_means(line, table.x[table.fits(fold)]) for fold, line in lines]
    return found


def _column_means(line: Line, x: pd.DataFrame) -> list[float]:
    return [float(mean) for mean in np.asarray(line.matrix(x).mean(axis=0)).ravel()]


def _of_trees(part: Part) -> bool:
    return family_of(part.folds[0].family).explains is not None


def _of_texts(part: Part) -> bool:
    return part.folds[0].family == StackedModel.family


def _of_a_line(part: Part) -> bool:
    """Return whether a part is a linear model of rows that stand apart: those of series mix features in a column."""
    first = part.folds[0]
    return first.family == LinearModel.family and cast("LinearModel", first).target.rows == "apart"


def _lines(part: Part, model: SavedModel) -> list[Line]:
    target = target_of(model)
    return [Line.of(cast("LinearModel", fold).pipeline, target) for fold in part.folds]


def target_of(model: SavedModel) -> Target:
    """Return the kind of target of a saved model's rows that stand apart."""
    return TARGETS[model.schema["task"]].of(np.zeros(1))
