"""Why an answer is what it is: what each cause of step 7 moved for this row, and the features that moved it most.

The rungs of the ladder lead from the baseline's answer to the strong model's, one cause at a time. What a cause moved
is the difference between the rungs above and below it, on the scale of the answer: a probability, or a value in its own
unit. The rest leads from the last rung to the answer, so that all of them sum to the difference between the answers.
Of a text the words and phrases of it are named that moved the answer most.

A row's reasons do not depend on the other rows. They say what models do with values, not what the values do in the
world.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from pipelines.causes import BY_NAME
from pipelines.core.cells import value_label
from pipelines.core.project import Project
from pipelines.core.titles import titles
from pipelines.ladder.repair import REPAIRED
from pipelines.ladder.route import BASELINE
from pipelines.ladder.saved import SavedRungs
from pipelines.models.saving.archive import SavedModel
from pipelines.serving.effects import Effects, Means
from pipelines.serving.reason import Explained, FeatureEffect, Reason, WordEffect
from pipelines.serving.reason_text import Telling, model_title, reason_text
from pipelines.serving.word_effects import Term
from pipelines.targets import TARGETS, Floats

MOST_FEATURES = 3
MISSING = "missing"


@dataclass(frozen=True)
class Words:
    """A project's own words."""

    titles: Mapping[str, str] = field(default_factory=dict)  # of features that have one
    unit: str | None = None  # of the target, before any logarithm
    labels: Sequence[str] = ()  # of several classes, by their numbers

    @classmethod
    def of(cls, project: Project, labels: Sequence[str] = ()) -> "Words":
        """Return the words of a project file; `labels` are the names of several classes."""
        return cls(titles(project), project.problem.unit, tuple(labels))

    def title(self, feature: str) -> str:
        """Return a reader's name of a feature."""
        return self.titles.get(feature, feature)


@dataclass(frozen=True)
class Explainer:
    """Explains the answers of one model."""

    rungs: SavedRungs
    model: SavedModel
    words: Words
    means: Means = field(default_factory=dict)  # see `means_of`; needed where the model is linear

    def reasons(self, frame: pd.DataFrame, answer: Floats, start: Floats, *, echo: bool = False) -> list[Reason]:
        """Return the reasons of each row's answer.

        `frame` holds the features by name; `answer` and `start` are what the model and the baseline predict of its
        rows, (rows,) or (rows, classes), on the modelling scale. With `echo` features are named with the row's values.
        Raises InputError where a feature is missing.
        """
        if not len(frame):
            return []
        of_class = answer.argmax(axis=1) if answer.ndim > 1 else None
        last, first = self._on_scale(answer, of_class), self._on_scale(start, of_class)
        moved = self._moved(frame, of_class)
        rest = last - first - sum(moved.values(), start=np.zeros(len(frame)))
        effects = self._effects.of(frame)
        by_feature = effects[np.arange(len(frame)), :, 0 if of_class is None or effects.shape[2] == 1 else of_class]
        words = self._effects.words(frame, of_class)
        values = self._values(frame) if echo else None
        return [
            self._reason(
                float(first[row]),
                float(last[row]),
                {cause: float(one[row]) for cause, one in moved.items()},
                float(rest[row]),
                self._features(by_feature[row], None if values is None else [column[row] for column in values]),
                None if of_class is None else int(of_class[row]),
                None if words is None else self._words(words[row]),
            )
            for row in range(len(frame))
        ]

    @cached_property
    def _effects(self) -> Effects:
        return Effects(self.model, self.means)

    @cached_property
    def _explained(self) -> Explained | None:
        part = self._effects.part
        if part is None:
            return None
        return {"model": part.name, "title": model_title(part.name), "weight": part.weight}

    @cached_property
    def _taken(self) -> list[str]:
        """The causes that lead to the model: of a repaired baseline those that it has taken over."""
        name = self.model.schema["model"]
        if name == BASELINE:
            return []
        return [rung for rung in self.rungs.gained if name != REPAIRED or rung in self.rungs.repaired]

    @cached_property
    def _log(self) -> bool:
        return bool(self.model.schema["target_scale"] == "log")

    @cached_property
    def _telling(self) -> Telling:
        kind = TARGETS[self.model.schema["task"]]
        return Telling(
            model=str(self.model.schema["model"]),
            probability="probabilities" in kind.can,
            unit=self.words.unit,
            thinned=None if self.rungs.of is None else (self.rungs.schema["training_rows"], self.rungs.of),
            dealt_out=self.rungs.why_not is None,
        )

    @cached_property
    def _unit(self) -> str:
        """The unit of features' effects."""
        kind = TARGETS[self.model.schema["task"]]
        if self._effects.raw and not kind.raw_in_unit:
            return kind.words.raw_unit
        own = None if "probabilities" in kind.can else self.words.unit
        unit = own or kind.words.unit
        return f"logarithm of {unit}" if self._log else unit

    def _on_scale(self, prediction: Floats, of_class: np.ndarray | None) -> Floats:
        """Return predictions as answers, (rows,): values of a logarithm, of several classes one class's probability."""
        if of_class is not None:
            return np.asarray(prediction[np.arange(len(prediction)), of_class])
        return np.asarray(np.exp(prediction) if self._log else prediction)

    def _moved(self, frame: pd.DataFrame, of_class: np.ndarray | None) -> dict[str, Floats]:
        """Return what each cause moved, (rows,), in the ladder's order."""
        if not self._taken:
            return {}
        rungs = self.rungs.rungs
        at = {rung: self._on_scale(one, of_class) for rung, one in self.rungs.predict(frame).items()}
        return {rung: at[rung] - at[rungs[rungs.index(rung) - 1]] for rung in self._taken}

    def _reason(
        self, first: float, last: float, moved: Mapping[str, float], rest: float, features: list[FeatureEffect],
        of_class: int | None, words: list[WordEffect] | None,
    ) -> Reason:  # fmt: skip
        """Return one row's reasons, `first` the baseline's answer and `last` the model's."""
        reason: Reason = {
            "from": first,
            "causes": [{"cause": name, "title": BY_NAME[name].title, "moved": one} for name, one in moved.items()],
            "rest": rest,
            "features": features,
            "explains": self._explained,
            "text": "",
        }
        if words is not None:
            reason["words"] = words
        label = None if of_class is None else self._label(of_class)
        reason["text"] = reason_text(reason, last, self._telling, label)
        return reason

    def _features(self, effects: Floats, values: Sequence[str] | None) -> list[FeatureEffect]:
        """Return the features with the largest effects on a row, none whose effect is zero."""
        found: list[FeatureEffect] = []
        for place in np.argsort(-np.abs(effects), kind="stable")[:MOST_FEATURES].tolist():
            if effects[place] == 0:
                break
            name = self._effects.features[place]
            one: FeatureEffect = {
                "feature": name, "title": self.words.title(name), "effect": float(effects[place]), "unit": self._unit,
            }  # fmt: skip
            if values is not None:
                one["value"] = values[place]
            found.append(one)
        return found

    def _words(self, found: Sequence[tuple[Term, float]]) -> list[WordEffect]:
        return [
            {"column": column, "title": self.words.title(column), "term": term, "effect": effect, "unit": self._unit}
            for (column, term), effect in found
        ]

    def _values(self, frame: pd.DataFrame) -> list[list[str]]:
        """Return the rows' values of each feature as texts."""
        return [
            [MISSING if gone else value_label(value) for value, gone in zip(column, column.isna(), strict=True)]
            for column in (frame[name] for name in self._effects.features)
        ]

    def _label(self, number: int) -> str:
        return self.words.labels[number] if number < len(self.words.labels) else f"class {number}"
