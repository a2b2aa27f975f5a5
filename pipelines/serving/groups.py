"""Groups, served: raw rows in, the group of each out, how surely it is in it, and what its outcome is on average.

What is served is the groups of all training rows, which step 6 scores on the test rows and step 7 describes, by their
numbers there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar, cast

import numpy as np
import pandas as pd

from pipelines.core.project import Column, Project
from pipelines.core.project.grouped import Made
from pipelines.core.steady import steady
from pipelines.core.titles import titles
from pipelines.inputs import Integer, Number
from pipelines.serving.answer import Terms
from pipelines.serving.contract import NO_VALUE, Cells, Contract, Field, Known, Read, Wrong
from pipelines.serving.groups_model import GroupPredictor, GroupTerms
from pipelines.serving.groups_reasons import group_reasons
from pipelines.serving.groups_words import unusual_words, verdict_words
from pipelines.serving.service import Model, Result, Service
from pipelines.targets.arrays import Floats

WATCHED = "strong"  # the model whose groups and densities drift counts
GROUP, DENSITY = "group, by the strong model", "log density, by the strong model"  # as drift names them
WHOLE = ("lines", "different", "days")  # what is made of lines and is a number of things
NOT_NEGATIVE = (*WHOLE, "recency", "tenure", "span")


@dataclass(frozen=True)
class GroupedService(Service):
    """What is served of groups."""

    rows: ClassVar[str] = "grouped"

    @classmethod
    def loaded(cls, content: bytes, threads: int) -> Model:  # noqa: ARG003 - groups of a thousand rows take 10 ms
        """Return a saved model, ready to answer."""
        return GroupPredictor.load(content)

    @classmethod
    def terms_of(cls, name: str, schema: Mapping[str, Any], project: Project) -> Terms:  # noqa: ARG003
        """Return what a model's predictions mean."""
        return GroupTerms(scale=project.problem.outcome_scale, scored=bool(project.problem.outcome))

    @classmethod
    def contract_of(
        cls,
        project: Project,
        known: Mapping[str, Known],
        files: Mapping[str, bytes],  # noqa: ARG003 - no text makes groups
    ) -> Contract:
        """Return what a row needs."""
        return group_contract(project, known)

    @cached_property
    def truth(self) -> Field | None:
        """The outcome's column; None where groups have none."""
        name = self.project.problem.outcome
        return Field(name, column_of(self.project, name)) if name else None

    @cached_property
    def subject(self) -> dict[str, Any]:
        """What is answered, and what step 7 says of the groups."""
        name, told = self.project.problem.outcome, self.schema["groups"]
        shown = {"target": None, "title": "the group", "unit": None}
        if self.truth is not None:
            title, scale = titles(self.project).get(name, name), self.project.problem.outcome_scale
            mean = "mean of the group" if scale == "linear" else "mean of the group's logarithms, turned back"
            unit = self.project.problem.unit or self.truth.column.unit
            shown = {"target": name, "title": f"{title}, {mean}", "unit": unit}
        counts = {one: self.placing(one).model.gaussians.groups for one in self.models}
        said = {key: told[key] for key in ("says", "number", "close")}
        return shown | {"groups": said | {"served": counts, "words": verdict_words(told, counts[WATCHED])}}

    def placing(self, model: str) -> GroupPredictor:
        """Return a model as one that puts rows into groups."""
        return cast("GroupPredictor", self.models[model])

    def results(self, read: Read, rows: int, prediction: Floats, model: str) -> list[Result]:
        """Return an answer with its group, or a reason, for each of so many rows."""
        results = super().results(read, rows, prediction, model)
        if not len(read.good):
            return results
        placed = self.placing(model).place(read.features)
        lowest = self.schema["models"][model]["density"][0]
        for at, place in enumerate(read.good.tolist()):
            result = results[place]
            if not placed.fit[at]:
                results[place] = {"error": _far()}
                continue
            result["group"] = placed.of(at)
            if not self.project.problem.outcome:
                shares = placed.belonging[at].tolist()
                result["probabilities"] = {str(number): share for number, share in enumerate(shares, 1)}
            if placed.density[at] < lowest:
                result["notes"] = [*result.get("notes", []), unusual_words(lowest)]
        return results

    def reasons(
        self,
        read: Read,
        prediction: Floats,  # noqa: ARG002 - a group's mean outcome says nothing of why a row is in it
        model: str,
        *,
        echo: bool = False,
    ) -> list[Any]:
        """Return why the good rows are in their groups, in their order; None of a row that is in none."""
        if not len(read.good):
            return []
        own, known = self.placing(model), self.schema["models"][model]
        x = own.frame(read.features)
        with np.errstate(all="ignore"):
            placed = own.placed(x)
            found = group_reasons(own.model, x, placed, known["medians"], self._titles, self._units, echo=echo)
        return [one if fit else None for one, fit in zip(found, placed.fit.tolist(), strict=True)]

    def predict(self, cells: Cells, rows: int, model: str) -> tuple[np.ndarray, Floats]:
        """Return the places of the rows that keep to the contract, and all that has to come back the same of them."""
        read, own = self.contract.read(cells, rows), self.placing(model)
        placed = own.place(read.features)
        return read.good, placed.table(own.prediction(placed))

    def watched(self, read: Read) -> Mapping[str, pd.Series | np.ndarray]:
        """Return the columns of the good rows, their groups and how dense rows are there."""
        return {**read.features, **counted(self.placing(WATCHED), read.features)}

    def compared(self, result: Mapping[str, Any]) -> list[float]:
        """Return the numbers of an answer that have to be the build's."""
        group = result["group"]
        return [result["prediction"], group["number"], group["next"] or 0, group["sure"]]

    @cached_property
    def _titles(self) -> dict[str, str]:
        return titles(self.project)

    @cached_property
    def _units(self) -> dict[str, str]:
        return {one.name: one.column.unit or "" for one in self.contract.fields}


class MadeField(Field):
    """One column that is made of lines."""

    def wrong(self, cell: object, reason: str, *, echo: bool) -> Wrong:
        """Return why a row has no answer."""
        found = super().wrong(cell, reason, echo=echo)
        do = found["do"] if reason == NO_VALUE else "correct the value: no lines give such a one"
        return {**found, "do": do}


class MadeContract(Contract):
    """What a row needs whose columns are made of lines: they have the digits that step 1 gave them."""

    def read(self, cells: Cells, rows: int, *, echo: bool = False) -> Read:
        """Return what each row holds, or the first thing that is wrong with it."""
        read = super().read(cells, rows, echo=echo)
        return replace(read, features={name: steady(column) for name, column in read.features.items()})


def counted(model: GroupPredictor, columns: Any) -> dict[str, pd.Series | np.ndarray]:  # noqa: ANN401 - rows by column
    """Return what drift counts of rows beside their columns."""
    placed = model.place(columns)
    return {GROUP: pd.Series(placed.number.astype(str)), DENSITY: placed.density}


def group_contract(project: Project, known: Mapping[str, Known] | None = None) -> Contract:
    """Return the contract of rows that are put into groups: the columns that make these, of the file or made of it."""
    told, asked, problem = known or {}, project.asked_clusters, project.problem
    kind = Field if project.entities is None else MadeField
    fields = tuple(
        kind(name, column_of(project, name).model_copy(update={"missing": 0.0}), told.get(name, Known()))
        for name in asked.columns
    )
    if project.entities is not None:
        return MadeContract(fields, frozenset(project.entities.columns))
    return Contract(fields, frozenset([*project.columns.declared, *project.columns.drop, problem.outcome]))


def column_of(project: Project, name: str) -> Column:
    """Return the declaration of a column that makes groups or scores them."""
    if project.entities is None:
        return project.columns.with_missing(name)
    return _made(project.entities.columns[name])


def _made(made: Made) -> Column:
    """Return the declaration of a column that is made of lines: what it may hold follows from what is taken."""
    kind = Integer.name if made.take in WHOLE else Number.name
    least = 0 if made.take in NOT_NEGATIVE else None
    return Column(type=kind, min=least, unit=made.unit, title=made.title)


def _far() -> Wrong:
    """Return why a row is in no group."""
    found = "it lies so far from all training rows that no group can be computed"
    return Wrong(field="row", found=found, allowed="values like those of the training rows", do="check the row")
