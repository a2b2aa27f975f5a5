"""The models of steps 4 and 5 with their learners, made again from facts, to be fitted to other rows or seeds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from pipelines.core.project import Project
from pipelines.core.submit import import_first
from pipelines.core.table import Table
from pipelines.facts.baseline import BaselineFacts
from pipelines.facts.shared import Compared, Model, Setting
from pipelines.facts.strong import StrongFacts
from pipelines.models.choosing.portfolio import portfolio, size_of
from pipelines.models.families import baseline_of, family_of, variants
from pipelines.models.fit import predictions_of
from pipelines.models.linear import FAMILY as LINEAR
from pipelines.models.model import Chooser, FoldModel, Grower, Learner
from pipelines.models.saving.archive import SavedModel


@dataclass(frozen=True)
class Refittable:
    """One single model: how it is fitted, and what the folds fitted."""

    role: Compared
    learner: Learner
    weight: float  # its share of the strong model: 1 where it is all of it
    models: dict[int, FoldModel]  # fold to the model fitted without it, out of the archive
    prediction: np.ndarray  # of all rows of the table, out of fold: (rows,), or (rows, classes)
    trees: Mapping[int, int] = field(default_factory=dict)  # fold to the number that boosting kept there
    chosen: Mapping[int, dict[str, Setting]] = field(default_factory=dict)  # fold to the settings chosen there

    @property
    def name(self) -> str:
        """The model's name in the facts."""
        return self.learner.name

    def settled(self, fold: int) -> Learner:
        """Return the learner with the settings that were chosen without a fold; itself where it chooses none."""
        if isinstance(self.learner, Chooser) and fold in self.chosen:
            return self.learner.settled({"chosen": self.chosen[fold]})
        return self.learner


def refittable_baseline(
    table: Table, baseline_facts: BaselineFacts, saved: SavedModel, predictions: pd.DataFrame
) -> Refittable:
    """Return step 4's baseline; `saved` is its archive, `predictions` the step's table."""
    import_first(*LINEAR.imports)
    models = dict(zip(saved.schema["folds"], saved.folds, strict=True))
    facts = next(one for one in baseline_facts["models"] if one["role"] == "baseline")
    return Refittable(
        "baseline", baseline_of(table), 1.0, models, predictions_of(predictions)["baseline"],
        chosen=chosen_in(facts, saved.schema["folds"]),
    )  # fmt: skip


def refittable_strong(
    table: Table, project: Project, strong_facts: StrongFacts, saved: SavedModel, predictions: pd.DataFrame
) -> Refittable:
    """Return what stands for step 5's strong model: itself, or the heaviest part of a weighted mean.

    `saved` is that part out of its archive (see `heaviest`). Raises KeyError where the facts choose a model that step 5
    does not know.
    """
    name, weight = heaviest(strong_facts)
    learner = learners(table, project, strong_facts)[name]
    models = dict(zip(saved.schema["folds"], saved.folds, strict=True))
    family = family_of(models[saved.schema["folds"][0]].family)
    import_first(*LINEAR.imports, *family.libraries, *family.imports)
    model = next(one for one in strong_facts["models"] if one["name"] == name)
    trees = dict(zip(saved.schema["folds"], model["trees"], strict=True)) if isinstance(learner, Grower) else {}
    chosen = chosen_in(model, saved.schema["folds"])
    return Refittable("strong", learner, weight, models, predictions_of(predictions)[name], trees, chosen)


def chosen_in(model: Model, folds: Sequence[int]) -> dict[int, dict[str, Setting]]:
    """Return what a model chose by itself without each fold, by the fold; nothing of a model that chooses nothing."""
    if "chosen" not in model:
        return {}
    return {fold: {name: values[place] for name, values in model["chosen"].items()} for place, fold in enumerate(folds)}


def heaviest(strong_facts: StrongFacts) -> tuple[str, float]:
    """Return the name of the chosen model and 1, or of the heaviest part of the chosen weighted mean and its weight.

    Of a mean's parts, one made of trees is preferred: those learn most from more rows, and most by chance.
    """
    ensemble = strong_facts["ensemble"]
    if not ensemble["kept"]:
        return strong_facts["chosen"], 1.0
    families = {model["name"]: model["family"] for model in strong_facts["models"]}
    weights = ensemble["weights"]
    of_trees = [name for name in weights if family_of(families[name]).explains]
    name = max(of_trees or list(weights), key=lambda one: weights[one])
    return name, weights[name]


def parts(strong_facts: StrongFacts) -> list[str]:
    """Return the names of the models that the strong model is made of: one, or those of its weighted mean."""
    ensemble = strong_facts["ensemble"]
    return list(ensemble["weights"]) if ensemble["kept"] else [strong_facts["chosen"]]


def learners(table: Table, project: Project, strong_facts: StrongFacts) -> dict[str, Learner]:
    """Return the learners of the baseline and of step 5's candidates, by name; those of a search as its facts say."""
    size = size_of(table, project.effort.level)
    of_search = {variant.name for variant in variants() if variant.searched}
    searched = next((model["settings"] for model in strong_facts["models"] if model["name"] in of_search), None)
    return {one.name: one for one in (baseline_of(table), *portfolio(size, searched).candidates)}
