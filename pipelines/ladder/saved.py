"""The ladder as a file: what each rung predicts of any row, saved with what step 7 found and read back without pickle.

`schema.json` says what the rungs are, what they were fitted to and with which versions; `line_0/`, `line_1/`... hold
the linear models of the folds, or with texts stacks, of which a block that several rungs share is there once;
`kept_0/`, `kept_1/`... hold what was kept on top of them, by the folds left out, and `part_0/`, `part_0_1/`... what
trees need to know of the rows without these folds. Nothing that the ladder tried and did not keep is in it.

A loaded ladder predicts new rows as `ladder` predicts test rows: by the mean over the folds. Sums are added up row by
row (see `row_products`), so that a row's prediction does not depend on the others. Against `Ladder.predictions` this
moves a few rows by less than 1e-12 of the raw prediction: see `Line`; trees and curves give the same bits.
"""

import importlib
import json
import zipfile
import zlib
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from pipelines.causes import causes_of
from pipelines.causes.cause import Columns
from pipelines.core.errors import InputError, quote
from pipelines.core.project import Project
from pipelines.core.table import Table
from pipelines.ladder.additions import Addition, additions_of, load_addition
from pipelines.ladder.fitting import Part, part_schema
from pipelines.ladder.kept import KeptPair
from pipelines.ladder.ladder import Ladder
from pipelines.ladder.linear import as_model
from pipelines.models.encode import TreeSchema, tree_matrix
from pipelines.models.families import family_of
from pipelines.models.family import Loading
from pipelines.models.line import Line
from pipelines.models.saving.archive import saved_beside, saved_features, typed
from pipelines.models.saving.skops_file import read_estimator
from pipelines.models.saving.zip import below, pack, unpack
from pipelines.models.worded.stacked import FILE as STACK
from pipelines.models.worded.stacked import StackedModel
from pipelines.targets import TARGETS, Floats, Target

FORMAT = "sevenfold rungs 1"
RUNGS = "rungs"  # what the file is called among the models
WHY_NOT = {  # by what the rows are
    "series": "the rows are moments of series, whose features are made of what came before them",
    "grouped": "the rungs are groupings, and none adds to what the one below it says",
}
LIBRARIES = ("numpy", "pandas", "sklearn", "skops", "lightgbm")
NO_RUNGS: dict[str, Any] = {"folds": [], "parts": [], "rungs": [], "standings": [], "kept": [], "versions": {}}

Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Stack:
    """The linear model of a table with texts, as `Line` is that of another: its sums are raw predictions."""

    model: StackedModel

    def sums(self, x: pd.DataFrame, read: dict[Hashable, Any]) -> Floats:
        """Return the raw predictions; `read` is what others have read of the rows."""
        return self.model.raw(x, read)

    def raw_predicted(self, sums: Floats) -> Floats:
        """Return the raw predictions."""
        return sums

    def predicted(self, sums: Floats) -> Floats:
        """Return the predictions."""
        return self.model.target.inverse(sums)


@dataclass(frozen=True)
class SavedRungs:
    """A ladder out of its file."""

    schema: dict[str, Any]  # schema.json
    target: Target
    lines: tuple[dict[int, Line | Stack], ...]  # the linear models, by fold
    additions: tuple[dict[Part, Addition], ...]  # one on top of the other, by the folds left out
    schemas: dict[Part, TreeSchema]

    @property
    def why_not(self) -> str | None:
        """Why no rung was saved; None where they were."""
        found: str | None = self.schema["why_not"]
        return found

    @property
    def rungs(self) -> list[str]:
        """The rungs' names, the baseline first; none where no rung was saved."""
        return [str(one["rung"]) for one in self.schema["rungs"]]

    @property
    def gained(self) -> list[str]:
        """The rungs of which something was kept, so that they predict otherwise than those below them."""
        pairs = pairwise(self.schema["rungs"])
        return [str(above["rung"]) for below, above in pairs if above["standing"] != below["standing"]]

    @property
    def of(self) -> int | None:
        """Training rows of the whole table, where the ladder was climbed on some of them; None: on all."""
        found: int | None = self.schema["of"]
        return found

    @property
    def repaired(self) -> list[str]:
        """The rungs whose changes the repaired baseline has taken over."""
        return [str(one) for one in self.schema["repaired"]]

    def predict(self, frame: pd.DataFrame) -> dict[str, Floats]:
        """Return what each rung predicts of new rows, in the shape and on the scale of the models' predictions.

        float64 (rows,), or (rows, classes). `frame` needs the features by name, as `SavedModel.predict` does. Rungs of
        which nothing was kept share the array of the rung below. Raises InputError where a feature is missing.
        """
        x = typed(frame, self.schema, "the rows given to the rungs")
        read: dict[Hashable, Any] = {}
        sums = [{fold: line.sums(x, read) for fold, line in by_fold.items()} for by_fold in self.lines]
        added = self._added(x)
        found: list[Floats] = []
        for number, standing in enumerate(self.schema["standings"]):
            lines, on_top = self.lines[standing["line"]], added[standing["additions"]]
            # The baseline's own step predicts without the way over the raw prediction.
            plain = number == 0 and self.of is None
            by_fold = [
                line.predicted(sums[standing["line"]][fold])
                if plain
                else self.target.inverse(_on_top(line.raw_predicted(sums[standing["line"]][fold]), fold, on_top))
                for fold, line in lines.items()
            ]
            found.append(np.asarray(np.mean(by_fold, axis=0)))
        return {one["rung"]: found[one["standing"]] for one in self.schema["rungs"]}

    def _added(self, x: pd.DataFrame) -> list[dict[Part, Floats]]:
        """Return what the first additions add to the raw predictions, by the folds left out: of none, one, two..."""
        matrices = {part: tree_matrix(x, schema) for part, schema in self.schemas.items()}
        added: list[dict[Part, Floats]] = [{}]
        for addition in self.additions:
            nothing = self.target.zeros(len(x))
            added.append(
                {
                    part: added[-1].get(part, nothing) + (addition[part].at(x, matrix) if part in addition else nothing)
                    for part, matrix in matrices.items()
                }
            )
        return added


def save(
    ladder: Ladder, table: Table, project: Project, *, of: int | None = None, repaired: Sequence[str] = ()
) -> bytes:
    """Return the file of a ladder climbed over `table`; equal ladders give equal bytes.

    `of` is the number of training rows of the whole table, where this one has some of them, and `repaired` the rungs
    whose changes the repaired baseline has taken over. Of forecasts and groups the file only says why it holds no
    rungs.
    """
    schema: dict[str, Any] = {
        "format": FORMAT,
        "project": project.name,
        "why_not": WHY_NOT.get(table.rows_are),
        "task": project.problem.task,
        "target": project.problem.target,
        "target_scale": project.problem.target_scale,
        "outputs": table.target.outputs,
        "features": saved_features(table),
        "training_rows": int(table.trained.sum()),
        "of": of,
        "repaired": list(repaired),
    }
    if beside := saved_beside(table):
        schema["beside"] = beside
    files, listed = _climbed(ladder, table) if table.rows_are not in WHY_NOT else ({}, NO_RUNGS)
    return pack(files | {"schema.json": json.dumps(schema | listed, indent=1).encode()}, compress=True)


def _climbed(ladder: Ladder, table: Table) -> tuple[dict[str, bytes], dict[str, Any]]:
    """Return the files of all that was kept, and what the schema says of them."""
    rungs = [ladder.standings[rung] for rung in ladder.route.rungs]
    standings = _different(rungs)
    lines = _different([one.linear for one in standings])
    kept = standings[-1].kept
    parts = list(standings[-1].added) if kept else []
    additions = [dict(additions_of(one, table)) for one in kept]
    files: dict[str, bytes] = {}
    for number, line in enumerate(lines):
        for (fold,), one in line.items():
            files |= _inside(f"line_{number}/fold_{fold}", as_model(one, table.target, 0).save())
    files, same = _once(files) if table.texts else (files, {})
    for part in parts:
        files |= _inside(_folder(part), part_schema(table, part).save())
    for number, addition in enumerate(additions):
        for part, model in addition.items():
            files |= _inside(f"kept_{number}/{_folder(part)}", model.save())
    listed: dict[str, Any] = {
        "folds": [fold for (fold,) in lines[0]],
        "parts": parts,
        "rungs": [{"rung": rung, "standing": _place(ladder.standings[rung], standings)} for rung in ladder.route.rungs],
        "standings": [
            {"line": _place(one.linear, lines), "additions": len(one.kept), "changes": one.plan.describe()}
            for one in standings
        ],
        "kept": [
            {"rung": one.rung, "parts": list(addition)}
            | ({"pair": one.pair, "columns": one.columns.change} if isinstance(one, KeptPair) else {})
            for one, addition in zip(kept, additions, strict=True)
        ],
        "versions": {name: importlib.import_module(name).__version__ for name in LIBRARIES},
    }
    return files, listed | ({"same": same} if same else {})


def load(content: bytes) -> SavedRungs:
    """Return the ladder that `save` wrote.

    Raises InputError where the bytes are no such file, where a part of it is missing or damaged, and where a file holds
    a type that is not trusted.
    """
    try:
        files = unpack(content)
        schema = json.loads(files["schema.json"])
        files |= {name: files[other] for name, other in schema.get("same", {}).items()}
        if schema["format"] != FORMAT:
            raise _unreadable(f"format {quote(schema['format'])}")
        return _read(files, schema)
    except InputError:
        raise
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, EOFError, OSError) as error:
        raise _unreadable(f"{type(error).__name__}: {error}") from error
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError) as error:
        raise _unreadable(str(error)) from error


def _read(files: Mapping[str, bytes], schema: dict[str, Any]) -> SavedRungs:
    kind = TARGETS[schema["task"]]
    target = kind.of(np.arange(schema["outputs"], dtype=np.float64))
    lines = [
        {fold: _line(below(files, f"line_{number}/fold_{fold}/"), target) for fold in schema["folds"]}
        for number in range(1 + max((one["line"] for one in schema["standings"]), default=-1))
    ]
    additions: list[dict[Part, Addition]] = []
    for number, one in enumerate(schema["kept"]):
        columns = _columns(kind, one["rung"], one["columns"]) if "pair" in one else None
        own = {part: below(files, f"kept_{number}/{_folder(part)}/") for part in _parts(one)}
        additions.append({part: load_addition(mine, one.get("pair"), columns) for part, mine in own.items()})
    schemas = {part: TreeSchema.load(below(files, f"{_folder(part)}/")) for part in _parts(schema)}
    _check(schema, schemas, additions)
    return SavedRungs(schema, target, tuple(lines), tuple(additions), schemas)


def _line(files: Mapping[str, bytes], target: Target) -> "Line | Stack":
    if STACK in files:
        return Stack(StackedModel.load(files, Loading(type(target), family_of)))
    return Line.of(read_estimator(files["model.skops"]), target)


def _check(
    schema: Mapping[str, Any], schemas: Mapping[Part, TreeSchema], additions: Sequence[dict[Part, Addition]]
) -> None:
    """Raise ValueError where one entry points to another that is not there."""
    standings = schema["standings"]
    features = {*(one["name"] for one in schema["features"]), *schema.get("beside", ())}
    sound = (
        all(0 <= one["standing"] < len(standings) for one in schema["rungs"]),
        all(one["line"] >= 0 and 0 <= one["additions"] <= len(additions) for one in standings),
        all(set(one.get("pair", ())) <= features for one in schema["kept"]),
        all(set(own.features) <= features for own in schemas.values()),
        all(
            0 <= column < len(schemas[part].features)
            for addition in additions
            for part, one in addition.items()
            for column in one.columns_used
        ),
    )
    if not all(sound):
        message = "its parts do not fit together"
        raise ValueError(message)


def _columns(kind: type[Target], rung: str, change: str) -> Columns:
    """Return the columns of a pair that a cause makes, by their words; raise KeyError where it makes no such ones."""
    forms = {
        one.change: one
        for cause in causes_of(kind.rows)
        if cause.name == rung and cause.joint
        for one in cause.joint.forms
    }
    return forms[change]


def _on_top(raw: Floats, fold: int, added: Mapping[Part, Floats]) -> Floats:
    """Return a fold's raw prediction with the mean of what was added without that fold."""
    on_top = [one for part, one in added.items() if fold in part]
    return raw + np.mean(on_top, axis=0) if on_top else raw


def _different(things: Sequence[Thing]) -> list[Thing]:
    """Return the things in order, each object once."""
    return list({id(one): one for one in things}.values())


def _place(thing: object, among: Sequence[object]) -> int:
    return next(place for place, one in enumerate(among) if one is thing)


def _once(files: Mapping[str, bytes]) -> tuple[dict[str, bytes], dict[str, str]]:
    """Return the files without those that hold what an earlier one does, and these by name with the earlier's."""
    first: dict[bytes, str] = {}
    places = {name: first.setdefault(content, name) for name, content in files.items()}
    same = {name: earlier for name, earlier in places.items() if name != earlier}
    return {name: content for name, content in files.items() if name not in same}, same


def _inside(folder: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {f"{folder}/{name}": content for name, content in files.items()}


def _parts(listed: Mapping[str, Any]) -> list[Part]:
    return [tuple(int(fold) for fold in part) for part in listed["parts"]]


def _folder(part: Part) -> str:
    return "part_" + "_".join(map(str, part))


def _unreadable(found: str) -> InputError:
    return InputError(
        f"no saved rungs: {found}",
        where="the bytes of the rungs",
        allowed=f"a zip whose schema.json says format {FORMAT!r}, with all that it names",
        todo="run step `reflect` again with `dvc repro`",
    )
