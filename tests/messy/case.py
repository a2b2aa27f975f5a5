"""What a messy table is, what the product makes of it, and whether that is right."""

import json
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from flows.commands.new import Drafted, read_and_draft
from pipelines.core.errors import InputError
from pipelines.core.project import Project
from pipelines.facts.define import Doubt
from pipelines.facts.steps import Facts
from pipelines.profiling.asked import Asked

Made = pd.DataFrame | str | bytes  # a table, or the text or bytes of its file


@dataclass(frozen=True)
class Outcome:
    """What `sevenfold new` makes of a table: a draft with its doubts, or a refusal; and what the steps say of it."""

    drafted: Drafted | None
    error: InputError | None = None

    @property
    def draft(self) -> Drafted:
        """The draft; raises the refusal where there is none."""
        if self.drafted is None:
            assert self.error is not None
            raise self.error
        return self.drafted

    @property
    def project(self) -> Project:
        """The project as drafted."""
        return self.draft.project

    @property
    def types(self) -> dict[str, str | None]:
        """The type of each column; None where it is dropped."""
        columns = self.project.columns
        return dict.fromkeys(columns.drop) | {name: column.type for name, column in columns.declared.items()}

    @property
    def doubts(self) -> list[Doubt]:
        """What `new`, `check` and the report are not sure of."""
        return self.draft.defined.facts["doubts"]

    def doubted(self, column: str | None, kind: str | None = None) -> bool:
        """Return whether there is a doubt of the column, of that kind if one is named."""
        return any(one["column"] == column and kind in (None, one["kind"]) for one in self.doubts)

    @cached_property
    def facts(self) -> Facts:
        """The facts of all seven steps, at the effort drafted (`--effort quick` makes it half a minute)."""
        from record_samples import record

        recorded: Facts = json.loads(json.dumps(record(self.draft.raw, self.project), default=float))
        return recorded


Judge = Callable[[Outcome], bool]


def undoubted(outcome: Outcome) -> bool:
    """Return whether a table is drafted without a doubt."""
    return outcome.error is None and not outcome.doubts


@dataclass(frozen=True)
class Case:
    """A faulty table and its clean twin, each made from random numbers, and what is right of each."""

    kind: str  # as the table of `make messy` calls it
    name: str
    faulty: Callable[[np.random.Generator], Made]
    right: Judge
    twin: Callable[[np.random.Generator], Made]
    clean: Judge = undoubted
    flags: Mapping[str, object] = field(default_factory=dict)  # of `new`, as `Asked` has them; `target` at least
    suffix: str = ".csv"
    whole: bool = False  # all seven steps are needed, so that only `make messy` runs it

    def outcome(self, made: Made) -> Outcome:
        """Return what `new` makes of a table with the case's flags."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, f"table{self.suffix}")
            path.write_bytes(_content(made))
            flags = {"effort": "quick", **self.flags}
            asked = Asked(name="messy", file=f"data/raw/messy{self.suffix}", **flags)  # type: ignore[arg-type]
            try:
                return Outcome(read_and_draft(path, asked))
            except InputError as error:
                return Outcome(None, error)

    def judge_faulty(self, seed: int) -> bool:
        """Return whether the faulty table of a seed is read as it should be."""
        return _holds(self.right, self.outcome(self.faulty(np.random.default_rng(seed))))

    def judge_twin(self, seed: int) -> bool:
        """Return whether the clean twin of a seed is left alone."""
        return _holds(self.clean, self.outcome(self.twin(np.random.default_rng(seed))))


def _holds(judge: Judge, outcome: Outcome) -> bool:
    """Return a judgement; a draft that was refused where one was needed is wrong."""
    try:
        return bool(judge(outcome))
    except InputError:
        return False


def _content(made: Made) -> bytes:
    if isinstance(made, pd.DataFrame):
        return made.to_csv(index=False).encode()
    return made.encode() if isinstance(made, str) else made
