"""A weighted mean of several models' predictions, its weights chosen greedily on out-of-fold predictions.

Caruana, Niculescu-Mizil, Crew and Ksikes 2004, "Ensemble selection from libraries of models": starting from the best
model, again and again that model is added (with replacement) which lowers the mean's loss most. The loss is log loss or
squared error, which are smooth in the weights, whatever the project's metric.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Self

import numpy as np
import pandas as pd

from pipelines.core.steady import steady
from pipelines.core.submit import Submit
from pipelines.core.table import Table
from pipelines.facts.shared import Setting
from pipelines.models.family import Family, Files, Loading, Variant
from pipelines.models.folds import CrossFit, FoldFit, test_prediction
from pipelines.models.model import FoldModel, Notes
from pipelines.models.predicting.parts import ready
from pipelines.models.predicting.rows import Fast, Reading
from pipelines.models.saving.zip import below
from pipelines.targets import Target

NAME = "ensemble"  # in facts and archives
ROUNDS = 25  # models added, so a weight is a multiple of 1/25
PARTS_FILE = "ensemble.json"
SETTINGS: dict[str, Setting] = {
    "model": "weighted mean of predictions, weights chosen greedily out of fold",
    "rounds": ROUNDS,
}


@dataclass(frozen=True)
class MeanModel:
    """The weighted mean of several models of one fold."""

    family: ClassVar[str] = NAME
    names: tuple[str, ...]
    weights: tuple[float, ...]
    parts: tuple[FoldModel, ...]
    notes: Notes = field(default_factory=Notes)

    def predict(self, x: pd.DataFrame) -> np.ndarray:
        """Return the weighted mean of the parts' predictions, in their shape."""
        return weighted(self.weights, [part.predict(x) for part in self.parts])

    def save(self) -> dict[str, bytes]:
        """Return each part's files below its name, and a JSON file of names, families and weights."""
        listed = [
            {"name": name, "family": part.family, "weight": weight}
            for name, part, weight in zip(self.names, self.parts, self.weights, strict=True)
        ]
        files = {PARTS_FILE: json.dumps(listed, indent=1).encode()}
        for name, part in zip(self.names, self.parts, strict=True):
            files |= {f"{name}/{file}": content for file, content in part.save().items()}
        return files

    @classmethod
    def load(cls, files: Mapping[str, bytes], given: Loading) -> Self:
        """Return the model that `save` wrote."""
        listed = json.loads(files[PARTS_FILE])
        parts = tuple(load_part(files, entry["name"], given) for entry in listed)
        return cls(tuple(e["name"] for e in listed), tuple(e["weight"] for e in listed), parts)


def load_part(files: Mapping[str, bytes], name: str, given: Loading) -> FoldModel:
    """Return one part of the weighted mean that `MeanModel.save` wrote; raise KeyError for another name."""
    families = {entry["name"]: entry["family"] for entry in json.loads(files[PARTS_FILE])}
    return given.family_of(families[name]).load(below(files, f"{name}/"), given)


def greedy_weights(y: np.ndarray, predictions: np.ndarray, target: Target, rounds: int = ROUNDS) -> np.ndarray:
    """Return the models' weights, (models,), that sum to 1.

    `predictions` is (rows, models): of each model's out-of-fold predictions what they are `judged` by. Of equals the
    first model is taken; of the means on the way, the one with the smallest loss.
    """
    counts = np.zeros(predictions.shape[1])
    total = np.zeros(len(y))
    best: tuple[float, np.ndarray] = (np.inf, counts)
    for added in range(1, rounds + 1):
        losses = target.judged_loss(y, (total[:, None] + predictions) / added).mean(axis=0)
        losses = steady(losses)
        taken = int(np.argmin(losses))
        counts[taken] += 1
        total += predictions[:, taken]
        if losses[taken] < best[0]:
            best = float(losses[taken]), counts / added
    return best[1]


def part_weights(
    y: np.ndarray, predictions: np.ndarray, parts: Sequence[np.ndarray], target: Target
) -> list[np.ndarray]:
    """Return `greedy_weights` of each part of the rows, a mask (rows,)."""
    return [greedy_weights(y[part], predictions[part], target) for part in parts]


def weighted(weights: Sequence[float], predictions: Sequence[np.ndarray]) -> np.ndarray:
    """Return the weighted sum of predictions, added up in the given order."""
    total = np.zeros_like(predictions[0])
    for weight, prediction in zip(weights, predictions, strict=True):
        total += weight * prediction
    return total


def combine(table: Table, fits: Sequence[CrossFit], submit: Submit) -> tuple[CrossFit, dict[str, float]]:
    """Return the weighted mean of models as one model on all folds, and the weights by model.

    The weights come from all training rows. The predictions of a fold's own rows are made with the weights that the
    other folds' rows choose: chosen and judged on the same rows, weights look too good.
    """
    training = table.scored
    seen = np.column_stack([table.target.judged(table.y, fit.prediction) for fit in fits])
    elsewhere = [training & (table.fold != one.fold) for one in fits[0].folds]
    masks = [training, *elsewhere]
    halves = [submit(part_weights, table.y, seen, masks[i::2], table.target, name=f"weights {i}") for i in range(2)]
    chosen = [halves[place % 2].result()[place // 2] for place in range(len(masks))]
    weights, of_folds = chosen[0], chosen[1:]
    kept = [place for place, weight in enumerate(weights) if weight > 0]
    names, shares = tuple(fits[place].name for place in kept), tuple(float(weights[place]) for place in kept)
    prediction = np.full_like(fits[0].prediction, np.nan)  # the warm-up is never predicted
    folds = []
    for number, one in enumerate(fits[0].folds):
        held = table.fold == one.fold
        prediction[held] = weighted(of_folds[number].tolist(), [fit.prediction[held] for fit in fits])
        parts = tuple(fits[place].folds[number].model for place in kept)
        test = weighted(shares, [fits[place].folds[number].test for place in kept])
        notes: Notes = {"rows_used": max(part.notes["rows_used"] for part in parts)}
        folds.append(FoldFit(one.fold, prediction[held], test, MeanModel(names, shares, parts, notes)))
    prediction[table.tested] = test_prediction(folds)
    return CrossFit(NAME, prediction, tuple(folds)), dict(zip(names, shares, strict=True))


def _fast(files: Files, given: Loading, reading: Reading) -> Fast:
    """Return the weighted mean of what the parts predict quickly, or as they always did."""
    listed = json.loads(files[PARTS_FILE])
    weights = [entry["weight"] for entry in listed]
    parts = [
        ready(given.family_of(entry["family"]), below(files, f"{entry['name']}/"), given, reading) for entry in listed
    ]
    return lambda rows: weighted(weights, [part(rows) for part in parts])


FAMILY = Family(
    name=NAME,
    title="weighted mean",
    load=MeanModel.load,
    fast=_fast,
    load_part=load_part,
    variants=(Variant(NAME, "weighted mean", "mean", "of the candidates' predictions, weights chosen greedily"),),
)
