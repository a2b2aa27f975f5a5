"""A served project: raw rows in, one answer or one reason a row out, by any of its models."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, Self

import numpy as np
import pandas as pd

from pipelines.core.errors import InputError, quote
from pipelines.core.project import Project
from pipelines.inference.cost import Costs
from pipelines.models.predicting.predictor import Predictor
from pipelines.models.predicting.rows import Columns
from pipelines.models.saving.archive import load as load_saved
from pipelines.serving.answer import Terms
from pipelines.serving.archive import MEANS, NAMES, project_of, unpack_service, unreadable
from pipelines.serving.contract import Cells, Contract, Field, Known, Read
from pipelines.targets import TARGETS
from pipelines.targets.arrays import Floats
from pipelines.texts.encodings import Encodings

if TYPE_CHECKING:
    from pipelines.serving.reasons import Explainer

ROUNDING = 1e-9  # relative: processors sum in other orders
TINY = 1e-300
RUNGS = "rungs.zip"  # of the archive, where step 7 climbed a ladder
START = "baseline"  # from which the ladder leads up

Result = dict[str, Any]  # an Answer, or {"error": Wrong}; with "notes" where a value is beyond the training rows


@dataclass(frozen=True)
class Answered:
    """What a request comes to."""

    results: list[Result]  # one a row, in their order
    ignored: list[str]  # columns that nothing needs


@dataclass(frozen=True)
class Parity:
    """Whether the raw test rows in the archive are answered as they were when the models were made."""

    rows: int
    compared: int  # predictions of all models
    differing: dict[str, list[int]]  # places of the rows that came back otherwise, by model
    largest: float  # difference, relative to the larger prediction; infinite where a row has no answer

    @property
    def exact(self) -> bool:
        """Whether every prediction came back bit by bit."""
        return self.compared > 0 and self.largest == 0

    @property
    def holds(self) -> bool:
        """Whether every prediction came back, up to what another processor rounds otherwise."""
        return self.compared > 0 and self.largest <= ROUNDING


class Model(Protocol):
    """What answers rows."""

    @property
    def schema(self) -> dict[str, Any]:
        """What it is, as it was saved."""
        ...

    def predict(self, columns: Columns) -> Floats:
        """Return a prediction for each row, on the modelling scale: (rows,), or (rows, classes)."""
        ...


@dataclass(frozen=True)
class Service:
    """What is served, out of its archive: rows that stand by themselves."""

    rows: ClassVar[str] = "apart"  # of `Target.rows`
    schema: Mapping[str, Any]  # service.json
    project: Project
    contract: Contract
    models: Mapping[str, Model]
    terms: Mapping[str, Terms]
    parity_rows: Mapping[str, Any]  # parity.json
    more: Mapping[str, bytes]  # files that only some services have, such as rungs.zip
    saved: Mapping[str, bytes] = field(default_factory=dict)  # the models as they were saved, which reasons need

    @classmethod
    def load(cls, content: bytes, threads: int = 1) -> Self:
        """Return the service that `pack_service` wrote, whose models share the rows of a call among threads.

        Raises InputError where the bytes are no such archive.
        """
        schema, files = unpack_service(content)
        try:
            if schema["rows"] != cls.rows:
                raise unreadable(f"its rows are {quote(schema['rows'])}, not {quote(cls.rows)}")
            project = project_of(schema)
            if TARGETS[project.problem.task].rows != cls.rows:
                raise unreadable(f"its rows are {quote(schema['rows'])}, and its task is {project.problem.task!r}")
            known = {name: _known(seen) for name, seen in schema["fields"].items()}
            saved = {name: files[f"{name}.zip"] for name in NAMES if name in schema["models"]}
            models = {name: cls.loaded(content, threads) for name, content in saved.items()}
            terms = {name: cls.terms_of(name, schema, project) for name in models}
            contract = cls.contract_of(project, known, files)
            parity = json.loads(files["parity.json"])
            known_files = {"parity.json", *(f"{name}.zip" for name in NAMES)}
            more = {name: file for name, file in files.items() if name not in known_files}
            if RUNGS in more and MEANS not in more:
                raise unreadable(f"it holds {RUNGS}, and not {MEANS}")
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            raise unreadable(str(error)) from error
        return cls(schema, project, contract, models, terms, parity, more, saved)

    @classmethod
    def loaded(cls, content: bytes, threads: int) -> Model:
        """Return a saved model, ready to answer."""
        return Predictor.load(content, threads)

    @classmethod
    def terms_of(cls, name: str, schema: Mapping[str, Any], project: Project) -> Terms:
        """Return what a model's predictions mean."""
        return _terms(name, schema, project)

    @classmethod
    def contract_of(cls, project: Project, known: Mapping[str, Known], files: Mapping[str, bytes]) -> Contract:
        """Return what a row needs."""
        return Contract.of(project, known, Encodings.of(files))

    @cached_property
    def truth(self) -> Field | None:
        """The column of what becomes known later of a row; a truth is never missing. None where nothing does."""
        name, columns = self.project.problem.target, self.project.columns
        declared = columns.declared[name]
        return Field(name, columns.with_missing(name) if declared.missing_values else declared)

    @cached_property
    def subject(self) -> dict[str, Any]:
        """What is answered: `target`, its column, `title` and `unit`, and what only some services have."""
        target = self.project.problem.target
        title = self.project.columns.declared[target].title or target
        return {"target": target, "title": title, "unit": self.project.problem.unit}

    def watched(self, read: Read) -> Mapping[str, pd.Series | np.ndarray]:
        """Return what drift counts of the good rows, by name."""
        return read.features

    def compared(self, result: Mapping[str, Any]) -> list[float]:
        """Return the numbers of an answer that have to be the build's."""
        return list(result["probabilities"].values()) if "probabilities" in result else [result["prediction"]]

    def answer(self, cells: Cells, rows: int, *, model: str = NAMES[0], echo: bool = False) -> Answered:
        """Return an answer or a reason for each of so many rows; raise InputError for an unknown model.

        With `echo`, a reason repeats the value that is wrong.
        """
        self.check_model(model)
        read = self.contract.read(cells, rows, echo=echo)
        prediction = self.models[model].predict(read.features) if len(read.good) else np.empty(0)
        return Answered(self.results(read, rows, prediction, model), read.ignored)

    def results(self, read: Read, rows: int, prediction: Floats, model: str) -> list[Result]:
        """Return an answer or a reason for each of so many rows, of which a model predicted those at `read.good`.

        `prediction` is (good rows,) or (good rows, classes), on the modelling scale.
        """
        results: list[Result] = [{} for _ in range(rows)]
        if len(read.good):
            answers = self.terms[model].answers(prediction)
            for place, answer in zip(read.good.tolist(), answers, strict=True):
                results[place] = dict(answer)
        for place, wrong in read.wrong.items():
            results[place] = {"error": wrong}
        for place, notes in read.notes.items():
            results[place] = results[place] | {"notes": notes}
        return results

    @cached_property
    def explainers(self) -> "Mapping[str, Explainer]":
        """What gives the reasons of each model's answers; nothing where the archive holds no ladder."""
        if RUNGS not in self.more:
            return {}
        from pipelines.ladder import saved
        from pipelines.serving.reasons import Explainer, Words

        rungs, means = saved.load(self.more[RUNGS]), json.loads(self.more[MEANS])
        words = Words.of(self.project, next(iter(self.terms.values())).labels)
        return {name: Explainer(rungs, load_saved(content), words, means) for name, content in self.saved.items()}

    def reasons(self, read: Read, prediction: Floats, model: str, *, echo: bool = False) -> list[Any]:
        """Return the reasons of the answers to the good rows, of which a model predicted so, in their order.

        Each is as `Explainer.reasons` gives it, with values of the row only where `echo` asks for them; None where the
        archive holds no ladder.
        """
        if model not in self.explainers or not len(read.good):
            return [None] * len(read.good)
        start = prediction if model == START else self.models[START].predict(read.features)
        return list(self.explainers[model].reasons(read.frame, prediction, start, echo=echo))

    def check_model(self, model: str) -> None:
        """Raise InputError unless there is a model of that name."""
        if model not in self.models:
            raise InputError(
                f"no model {quote(model)}",
                where="model",
                allowed=", ".join(self.models),
                todo="name one of these, or leave it out",
            )

    def predict(self, cells: Cells, rows: int, model: str) -> tuple[np.ndarray, Floats]:
        """Return the places of the rows that keep to the contract, and their predictions on the modelling scale."""
        read = self.contract.read(cells, rows)
        return read.good, self.models[model].predict(read.features)

    def check_parity(self) -> Parity:
        """Compare the predictions of the raw test rows in the archive with the build's, through JSON and back."""
        rows = json.loads(json.dumps(self.parity_rows["rows"]))
        cells = columns_of(rows)
        differing: dict[str, list[int]] = {}
        compared, largest = 0, 0.0
        for name, expected in self.parity_rows["predictions"].items():
            good, found = self.predict(cells, len(rows), name)
            wanted = np.array(expected)
            apart = np.full(len(rows), np.inf)
            size = np.maximum(np.abs(found), np.abs(wanted[good])) + TINY
            apart[good] = (np.abs(found - wanted[good]) / size).reshape(len(good), -1).max(axis=1)
            compared += len(rows)
            differing[name] = np.flatnonzero(apart).tolist()
            largest = max(largest, float(apart.max()))
        return Parity(len(rows), compared, differing, largest)


def columns_of(rows: Sequence[Mapping[str, object]]) -> dict[str, list[object]]:
    """Return rows as columns; a row without one has no value there."""
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: [row.get(name) for row in rows] for name in names}


def _known(seen: Mapping[str, Any]) -> Known:
    levels = seen.get("levels")
    return Known(seen.get("low"), seen.get("high"), None if levels is None else frozenset(levels), seen.get("longest"))


def _terms(name: str, schema: Mapping[str, Any], project: Project) -> Terms:
    """Return what a model's predictions mean."""
    told, costs = schema["models"][name], project.metric.cost
    several = len(schema["labels"]) if project.problem.positive is None else 0
    return Terms(
        log=project.problem.target_scale == "log",
        labels=tuple(schema["labels"]) if several else (),
        interval=told["interval"],
        threshold=told["threshold"],
        costs=None if costs is None else Costs(costs.false_positive, costs.false_negative),
    )
