"""The linear model of tables with texts: a block for the numbers and categories and blocks for each text, stacked."""

import json
from collections.abc import Hashable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd

from pipelines.core.table import Table
from pipelines.facts.shared import Setting
from pipelines.models.family import Family, Files, Loading, Variant
from pipelines.models.linear import FAMILY as LINEAR
from pipelines.models.model import FoldData, Notes, Settings
from pipelines.models.predicting.linear import fast_sums
from pipelines.models.predicting.rows import Fast, Reading
from pipelines.models.saving.plain import UnknownPart
from pipelines.models.saving.zip import below
from pipelines.models.worded.block import (
    LINE,
    FittedEmbedding,
    FittedLine,
    FittedTerms,
    Settled,
)
from pipelines.models.worded.kinds import Block, Fitted, Given
from pipelines.models.worded.linear_part import LinearPart
from pipelines.models.worded.stack import Rows, fit_stack, plain
from pipelines.targets import Target
from pipelines.targets.arrays import Floats, Integers

FILE = "stack.json"
FORM = "weights of "  # before a block's title: the form that was chosen
CHOSEN = "penalty of "
KINDS: Mapping[str, type[FittedLine] | type[FittedTerms] | type[FittedEmbedding]] = {
    "line": FittedLine, "terms": FittedTerms, "embedding": FittedEmbedding,
}  # fmt: skip


@dataclass(frozen=True)
class StackedLearner:
    """Fits blocks and what joins them."""

    target: Target
    blocks: tuple[Block, ...]
    name: str = "baseline"

    @property
    def settings(self) -> Settings:
        """What the facts say about how it is fitted."""
        return {
            **{key: value for key, value in self.target.engines["linear"].items() if key == "model"},
            "blocks": "; ".join(block.title for block in self.blocks),
            "joined by": "one model more, on the blocks' raw predictions, each by models that never saw the row",
            "terms": (
                "1 + ln(count), of pieces of words times 1 + ln((1 + texts) / (1 + texts with the term)), of words and "
                "phrases with or without that, whichever loses less on rows left out; each text's of length 1"
            ),
        }

    def fit(self, data: FoldData) -> "StackedModel":
        """Return the model fitted to the fold; raise ValueError where the rows come without texts or folds.

        The held-out rows are not looked at.
        """
        if data.table is None or data.fitted is None:
            message = "the table is not known, which says in which folds the rows are"
            raise ValueError(message)
        rows = Rows.of(data.table)
        stack = fit_stack(self.blocks, rows, data.fitted, asked=data.held_out)
        several = [len(plain(block).penalties(self.target)) > 1 for block in self.blocks]
        chosen: dict[str, Setting] = {
            f"{CHOSEN}{block.title}": round(penalty, 4)
            for block, penalty, asked in zip(self.blocks, stack.penalties, several, strict=True)
            if asked
        }
        chosen |= {f"{FORM}{one.title}": one.form for one in map(plain, stack.blocks) if len(one.forms) > 1}
        notes: Notes = {"rows_used": len(data.y), "chosen": chosen}
        return StackedModel(self.target, stack.fitted, stack.join, notes, stack.settled)

    def settled(self, notes: Notes) -> "StackedLearner":
        """Return the learner with the forms and penalties that a fit chose."""
        chosen = notes["chosen"]
        blocks: list[Block] = []
        for block in self.blocks:
            form = next((one for one in block.forms if one.form == chosen.get(f"{FORM}{block.title}")), block)
            if (said := chosen.get(f"{CHOSEN}{block.title}")) is not None:
                penalty = min(form.penalties(self.target), key=lambda one: abs(one - float(str(said))))
                form = Settled(form, penalty)
            blocks.append(form)
        return replace(self, blocks=tuple(blocks))


@dataclass(frozen=True)
class StackedModel:
    """Fitted blocks, joined."""

    family: ClassVar[str] = "stacked"
    target: Target
    fitted: tuple[Fitted, ...]
    join: LinearPart
    notes: Notes = field(default_factory=Notes)
    blocks: tuple[Block, ...] = ()  # that were fitted, with their penalties; not saved

    def raw(self, x: Given, kept: dict[Hashable, Any] | None = None) -> Floats:
        """Return the raw prediction, float64 of shape (rows,) or (rows, classes).

        `kept` is what other stacks have read of the same rows, to which is added what this one reads.
        """
        read = {} if kept is None else kept
        for one in self.fitted:
            if one.reads not in read:
                read[one.reads] = one.read(x)
        return self.joined([one.raw(read[one.reads]) for one in self.fitted])

    def joined(self, raws: Sequence[Floats]) -> Floats:
        """Return the raw prediction that the blocks' raw predictions come to."""
        return self.join.raw(np.column_stack(raws))

    def predict(self, x: pd.DataFrame) -> np.ndarray:
        """Return P(positive) or the value, float64 of shape (rows,), or (rows, classes) of several classes."""
        return self.target.inverse(self.raw(x))

    def known(self, places: Integers, table: Table) -> Floats | None:
        """Return what `predict` says of rows of a table, bit by bit; None where its texts do not hold all known terms.

        The table's texts are read once for all models, and not at all where models have been fitted to them.
        """
        rows, raws = Rows.of(table), list[Floats]()
        for one in self.fitted:
            read = rows.read(one.block)
            if (model := one.of(read)) is None:
                return None
            raws.append(one.block.raw(model, read, places))
        return self.target.inverse(self.joined(raws))

    def save(self) -> dict[str, bytes]:
        """Return each block's files, what joins them, and what they are."""
        kinds: dict[type[Fitted], str] = {kind: name for name, kind in KINDS.items()}
        files: dict[str, bytes] = {f"join/{name}": one for name, one in self.join.save().items()}
        saved: list[dict[str, Any]] = []
        for place, one in enumerate(self.fitted):
            files |= {f"block_{place}/{name}": content for name, content in one.save().items()}
            saved.append({"kind": kinds[type(one)], **_about(one)})
        plain = {"blocks": saved, "outputs": self.target.outputs}
        return files | {FILE: json.dumps(plain, indent=1).encode()}

    @classmethod
    def load(cls, files: Mapping[str, bytes], given: Loading) -> Self:
        """Return the model that `save` wrote; raise ValueError where its parts do not fit together."""
        plain = json.loads(files[FILE])
        target = given.target.of(np.arange(plain["outputs"], dtype=np.float64))
        fitted = [
            KINDS[saved["kind"]].load(saved, below(files, f"block_{place}/"), target)
            for place, saved in enumerate(plain["blocks"])
        ]
        join, _ = LinearPart.load(below(files, "join/"))
        return cls(target, tuple(fitted), join)


def _fast(files: Files, given: Loading, reading: Reading) -> Fast:
    """Return a saved stack, which reads of rows what no other has read yet, and only what a block of it needs."""
    model = StackedModel.load(files, given)
    raws = [_raw(one, below(files, f"block_{place}/"), reading) for place, one in enumerate(model.fitted)]
    return lambda rows: model.target.inverse(model.joined([raw(rows) for raw in raws]))


def _raw(one: Fitted, files: Files, reading: Reading) -> Fast:
    """Return what gives a block's raw predictions of rows."""
    if isinstance(one, FittedLine) and list(one.features) == reading.names:
        with suppress(UnknownPart):
            sums, line = fast_sums(files[LINE], one.apart, reading), one.apart
            return lambda rows: line.raw_predicted(sums(rows))
    return lambda rows: one.raw(rows.once(one.reads, lambda: one.read(rows.some(one.columns))))


def _about(one: Fitted) -> dict[str, Any]:
    """Return what a block's own files do not say."""
    if isinstance(one, FittedLine):
        return {"features": list(one.features)}
    if isinstance(one, FittedTerms):
        return {"column": one.column, "view": one.view.name}
    if isinstance(one, FittedEmbedding):
        return {"column": one.column}
    message = f"a block of the unknown kind {type(one).__name__}"
    raise TypeError(message)


FAMILY = Family(
    name=StackedModel.family,
    title="words",
    load=StackedModel.load,
    fast=_fast,
    libraries=LINEAR.libraries,
    imports=("sklearn.feature_extraction.text", "scipy.sparse", *LINEAR.imports),
    variants=(
        Variant(
            "linear_texts", "linear on all of the texts", "candidate",
            "the baseline with phrases, spelling and meaning beside the words, each a model of its own",
            lambda size, _: StackedLearner(size.target, size.blocks, "linear_texts"),
            order=20, shown=40, preferred=5, rows="worded",
        ),
    ),
)  # fmt: skip
