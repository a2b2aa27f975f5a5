"""One model as one zip: what is needed to load it safely again, and nothing that changes between equal fits.

`schema.json` says what the model is, what it was fitted to and with which versions; `fold_0/`, `fold_1/`... hold
the fold models in their libraries' own formats. Nothing in it is a pickle.
"""

import hashlib
import importlib
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from pipelines.core.errors import InputError, quote
from pipelines.core.project import Project
from pipelines.core.table import TEST, Table
from pipelines.inputs import KINDS
from pipelines.models.families import family_of, libraries
from pipelines.models.family import Family, Files, Loading
from pipelines.models.folds import CrossFit
from pipelines.models.mean import MeanModel
from pipelines.models.model import FoldModel
from pipelines.models.saving.zip import below, pack, unpack
from pipelines.targets import TARGETS

FORMAT = "sevenfold model 1"


class Part(NamedTuple):
    """One of the models that a saved model is made of."""

    name: str
    weight: float
    folds: tuple[FoldModel, ...]


@dataclass(frozen=True)
class SavedModel:
    """A model out of its archive."""

    schema: dict[str, Any]  # schema.json
    folds: tuple[FoldModel, ...]

    @property
    def family(self) -> str:
        """The kind of model, a key of `families.FAMILIES`."""
        return str(self.schema["family"])

    @property
    def parts(self) -> list[Part]:
        """The models of a weighted mean; of any other model itself."""
        means = [one for one in self.folds if isinstance(one, MeanModel)]
        if not means:
            return [Part(str(self.schema["model"]), 1.0, self.folds)]
        names, weights = means[0].names, means[0].weights
        return [
            Part(name, weight, tuple(one.parts[place] for one in means))
            for place, (name, weight) in enumerate(zip(names, weights, strict=True))
        ]

    @property
    def features(self) -> list[str]:
        """The features that `predict` needs."""
        return [feature["name"] for feature in self.schema["features"]]

    def predict(self, frame: pd.DataFrame) -> np.ndarray:
        """Return P(positive) or the value (modelling scale), the mean of the fold models; float64 of shape (rows,).

        Of folds that go forward the one model that was fitted to all training rows predicts, as it does the test rows.
        `frame` needs the features by name, and of forecasts the series and the forecasts by rules (`beside` of the
        schema); other columns are ignored, unseen categories are allowed. Raises InputError where one is missing.
        """
        x = typed(frame, self.schema, f"the rows given to model {self.schema['model']!r}")
        folds = dict(zip(self.schema["folds"], self.folds, strict=True))
        models = [folds[TEST]] if TEST in folds else self.folds
        return np.asarray(np.mean([model.predict(x) for model in models], axis=0))


def save(fitted: CrossFit, table: Table, project: Project) -> bytes:
    """Return the archive of a model fitted to the training rows of `table`; equal fits give equal bytes."""
    family = fitted.folds[0].model.family
    files = {
        f"fold_{part.fold}/{name}": content for part in fitted.folds for name, content in part.model.save().items()
    }
    folds = [part.fold for part in fitted.folds]
    schema: dict[str, Any] = {
        "format": FORMAT,
        "project": project.name,
        "model": fitted.name,
        "family": family,
        "folds": folds,
        "prediction": "the model of all training rows" if TEST in folds else "mean of the fold models",
        "task": project.problem.task,
        "target": project.problem.target,
        "target_scale": project.problem.target_scale,
        "positive": project.problem.positive,
        "features": saved_features(table),
        "training_rows": int(table.trained.sum()),
        "training_sha256": training_sha256(table),
        "source_sha256": project.raw.sha256,
        "versions": {
            name: importlib.import_module(name).__version__
            for name in ("numpy", "pandas", *libraries(fitted.folds[0].model))
        },
    }
    if beside := saved_beside(table):
        schema["beside"] = beside
    return pack(files | {"schema.json": json.dumps(schema, indent=1).encode()}, compress=True)


def load(content: bytes, part: str | None = None) -> SavedModel:
    """Return the model that `save` wrote; of a weighted mean only the named part, where one is named.

    Raises InputError where the bytes are no such archive; skops raises where a file holds a type that it does
    not trust.
    """
    opened = unpacked(content)
    family, given, folds = opened.family, opened.given, opened.folds.values()
    if part is None or family.load_part is None:
        return SavedModel(opened.schema, tuple(family.load(own, given) for own in folds))
    return SavedModel(opened.schema, tuple(family.load_part(own, part, given) for own in folds))


class Unpacked(NamedTuple):
    """An archive of which no model was read yet."""

    schema: dict[str, Any]
    family: Family
    given: Loading
    folds: dict[int, Files]  # the files of each fold's model


def unpacked(content: bytes) -> Unpacked:
    """Return what an archive holds; raise InputError where the bytes are something else."""
    try:
        files = unpack(content)
        schema = json.loads(files["schema.json"])
        known = schema["format"] == FORMAT
    except (ValueError, KeyError, zipfile.BadZipFile) as error:
        raise _unreadable(str(error)) from error
    if not known:
        raise _unreadable(f"format {quote(schema['format'])}")
    try:
        family = family_of(schema["family"])
    except KeyError:
        raise _unreadable(f"family {quote(schema['family'])}") from None
    given = Loading(TARGETS[schema["task"]], family_of)
    return Unpacked(schema, family, given, {fold: below(files, f"fold_{fold}/") for fold in schema["folds"]})


def training_sha256(table: Table) -> str:
    """Return the sha256 of the training rows: row numbers, folds, target and features, in the table's order."""
    rows = table.frame.loc[table.trained, ["row_id", "fold", "y_true", *table.features]]
    digest = hashlib.sha256("\n".join(rows.columns).encode())
    digest.update(pd.util.hash_pandas_object(rows, index=False).to_numpy().tobytes())
    return digest.hexdigest()


def saved_features(table: Table) -> list[dict[str, Any]]:
    """Return each feature with its kind and, where values are levels, the names of those."""
    training = table.named[table.trained]
    return [{"name": name, "kind": kind.name} | kind.saved(training[name]) for name, kind in table.kinds.items()]


def saved_beside(table: Table) -> list[str]:
    """Return the columns that models may ask for beside the features."""
    return [str(name) for name in table.seen.columns if name not in table.features]


def typed(frame: pd.DataFrame, schema: Mapping[str, Any], where: str) -> pd.DataFrame:
    """Return the features of a schema with the types that they were fitted with, and what else it names `beside` them.

    `where` is what the rows are given to, in words. Raises InputError where a column is missing.
    """
    beside = schema.get("beside", [])
    needed = [*(feature["name"] for feature in schema["features"]), *beside]
    absent = [name for name in needed if name not in frame.columns]
    if absent:
        raise InputError(
            f"no column {quote(absent[0])}",
            where=where,
            allowed=", ".join(needed),
            todo="give every feature that the model was fitted with",
        )
    kinds = {kind.name: kind for kind in KINDS}
    columns = {
        saved["name"]: kinds[saved["kind"]].restored(frame[saved["name"]], saved) for saved in schema["features"]
    }
    return pd.DataFrame(columns | {name: frame[name] for name in beside}, index=frame.index)


def _unreadable(found: str) -> InputError:
    return InputError(
        f"not a model archive: {found}",
        where="the model's bytes",
        allowed=f"a zip whose schema.json says format {FORMAT!r}",
        todo="rebuild the model with `dvc repro`",
    )
