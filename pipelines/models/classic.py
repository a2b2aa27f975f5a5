"""The classics on one fold: lasso, linear on ranks, nearest neighbours, a tree, histogram boosting, support vectors.

Each has one setting that matters most; of a few values the one is taken whose loss on the fold's held-out rows is
smallest, as boosting chooses its number of trees there. Where cost grows faster than n log n, a fit sees at most
`max_rows` rows of its fold, drawn with the fold's seed.
"""

from contextlib import nullcontext
from dataclasses import dataclass, replace
from threading import Lock
from typing import ClassVar

import numpy as np

from pipelines.models.classic_columns import COLUMNS
from pipelines.models.classic_kinds import KINDS, Given, Kind
from pipelines.models.family import Family, Variant
from pipelines.models.linear import FAMILY as LINEAR
from pipelines.models.linear import LinearModel
from pipelines.models.model import FoldData, Notes, Settings
from pipelines.models.predicting.linear import fast_linear
from pipelines.targets import Target
from pipelines.targets.arrays import Integers

JUDGED_ROWS = 5_000  # of the held-out rows, by which a setting is chosen
FEW_ROWS = 5  # of each class that every fit sees; calibration by three folds needs three
NONE = np.empty(0, np.int64)
# liblinear visits columns in a random order, and all threads of a process draw from one stream: two at a time would
# end at coefficients that differ from run to run.
ONE_AT_A_TIME = Lock()


@dataclass(frozen=True)
class ClassicLearner:
    """Fits one classic, a key of KINDS."""

    name: str
    target: Target
    chosen: float | None = None  # the value of its setting; None: a fit chooses it

    @property
    def settings(self) -> Settings:
        """What the facts say about how it is fitted."""
        kind = KINDS[self.name]
        settings = {
            "model": kind.words,
            "columns": COLUMNS[kind.columns][0],
            f"{kind.setting} of": list(kind.choices),
        }
        return settings if kind.max_rows is None else settings | {"max_rows": kind.max_rows}

    def settled(self, notes: Notes) -> "ClassicLearner":
        """Return the learner with the value of its setting that a fit chose, by its notes."""
        found = notes["chosen"][KINDS[self.name].setting]
        return replace(self, chosen=next(value for value in KINDS[self.name].choices if value == found))

    def fit(self, data: FoldData) -> "ClassicModel":
        """Return the model with `chosen`, or the value of its setting that does best on (some of) the held-out rows."""
        from sklearn.pipeline import Pipeline

        kind = KINDS[self.name]
        rng = np.random.default_rng(data.seed)
        wanted = self.target.some_of_each(data.y, FEW_ROWS)
        fit, judged = _some(len(data.y), kind.max_rows, rng, wanted), _some(len(data.held_y), JUDGED_ROWS, rng)
        x, y, held_y = data.x.iloc[fit], data.y[fit], data.held_y[judged]
        y = self.target.as_fitted(y)
        prepare = COLUMNS[kind.columns][1](x, self.target, data.seed)
        matrix, held = prepare.fit_transform(x, y), prepare.transform(data.held_x.iloc[judged])
        given = Given(self.target, matrix, data.seed)
        choices = kind.choices if self.chosen is None else (self.chosen,)
        with ONE_AT_A_TIME if kind.one_at_a_time and given.classes else nullcontext():
            fitted = {value: kind.make(given, value).fit(matrix, y) for value in choices}
        losses = {
            value: self.target.loss(held_y, self.target.predicted(estimator, held)).mean()
            for value, estimator in fitted.items()
            if len(choices) > 1
        }
        best = min(choices, key=lambda value: losses.get(value, 0.0))
        pipeline = Pipeline([("prepare", prepare), ("estimator", fitted[best])])
        skipped = "drawn at random, since its cost grows faster than rows" if len(y) < len(data.y) else None
        notes: Notes = {"rows_used": len(y), "skipped": skipped, "chosen": {kind.setting: best}}
        return ClassicModel(type(self.target), pipeline, notes)


@dataclass(frozen=True)
class ClassicModel(LinearModel):
    """One fitted classic: a pipeline, as the linear model is."""

    family: ClassVar[str] = "classic"


def _some(rows: int, most: int | None, rng: np.random.Generator, wanted: Integers = NONE) -> Integers:
    """Return at most `most` of `rows` places, ascending: those `wanted`, and the rest drawn at random."""
    if most is None or rows <= most:
        return np.arange(rows)
    others = np.setdiff1d(np.arange(rows), wanted, assume_unique=True)
    return np.sort(np.concatenate([wanted, rng.choice(others, max(most - len(wanted), 0), replace=False)]))


def _variant(name: str, kind: Kind) -> Variant:
    values = ", ".join(f"{value:g}" for value in kind.choices)
    capped = "" if kind.max_rows is None else f"; at most {kind.max_rows:,} rows"
    about = f"{kind.words}; columns {COLUMNS[kind.columns][0]}; {kind.setting} of {values}{capped}"
    return Variant(
        name, kind.title, kind.role, about, lambda size, _: ClassicLearner(name, size.target),
        order=kind.order, shown=kind.shown, preferred=kind.preferred, efforts=kind.efforts,
    )  # fmt: skip


FAMILY = Family(
    name=ClassicModel.family,
    title="classics of scikit-learn",
    load=ClassicModel.load,
    fast=fast_linear,
    libraries=("sklearn", "skops"),
    imports=(*LINEAR.imports, "sklearn.calibration", "sklearn.ensemble", "sklearn.neighbors", "sklearn.svm"),
    variants=tuple(_variant(name, kind) for name, kind in KINDS.items()),
)
