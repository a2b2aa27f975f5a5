"""Truths that come late: read as the contract reads the target's column, kept by request id and row."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from flows.serving.bounds import MOST_FEEDBACK
from flows.serving.refusals import TOO_LARGE, UNPROCESSABLE, Refusal
from flows.serving.store import Store
from pipelines.core.cells import value_label
from pipelines.serving.contract import Field, Wrong
from pipelines.serving.service import Service
from pipelines.targets import TARGETS
from pipelines.targets.arrays import Floats

KEYS = ("request_id", "row", "truth")
SHAPE = '{"feedback": [{"request_id": ..., "row": 0, "truth": ...}, ...]}'


@dataclass(frozen=True)
class Truths:
    """How truths are read."""

    service: Service

    @cached_property
    def field(self) -> Field:
        """The column of truths; raise Refusal where nothing becomes known of a row."""
        if self.service.truth is None:
            found, allowed = "what is served has no outcome: there is nothing to be known later", "answers alone"
            raise Refusal(
                UNPROCESSABLE, "feedback", found, allowed=allowed, do="name one as problem.outcome, and build"
            )
        return self.service.truth

    def read(self, cells: Sequence[object]) -> tuple[Floats, dict[int, Wrong]]:
        """Return truths on the modelling scale, (cells,), NaN where a cell holds no truth, and why."""
        field, wrong = self.field, dict[int, Wrong]()
        typed = field.read(cells)
        for reason, mask in [("no value", typed.missing), *field.broken(typed)]:
            for place in np.flatnonzero(mask).tolist():
                wrong.setdefault(place, self._wrong(reason))
        for place in np.flatnonzero(typed.unreadable).tolist():
            wrong.setdefault(place, self._wrong(f"not of type {field.column.type}"))
        values = typed.held if isinstance(typed.held, pd.Series) else pd.Series(typed.held)
        made = np.full(len(cells), np.nan)
        good = np.array([place for place in range(len(cells)) if place not in wrong], np.int64)
        made[good] = self._encoded(values.iloc[good])
        for place in good[np.isnan(made[good])].tolist():
            wrong[place] = self._wrong("a value that the target cannot have")
        return made, wrong

    def _encoded(self, values: pd.Series) -> Floats:
        """Return typed truths on the modelling scale, NaN where the target cannot have one."""
        problem, labels = self.service.project.problem, self.labels
        terms = next(iter(self.service.terms.values()))
        if labels:
            return np.array([labels.get(value_label(value), np.nan) for value in values], np.float64)
        y = terms.modelled(values.to_numpy(np.float64))
        return np.where(TARGETS[problem.task].valid(pd.Series(y)), y, np.nan)

    @cached_property
    def labels(self) -> dict[str, float]:
        """The number of each class; none of a number."""
        return {label: float(number) for number, label in enumerate(self.service.schema["labels"])}

    def _wrong(self, found: str) -> Wrong:
        allowed = f"one of {', '.join(self.labels)}" if self.labels else self.field.allowed
        return Wrong(field="truth", found=found, allowed=allowed, do="send what became of the row")


def take_feedback(said: Any, truths: Truths, store: Store) -> list[dict[str, Any]]:  # noqa: ANN401 - JSON of any shape
    """Keep the truths of a request's JSON; return for each {"kept": true} or {"error": ...}, in their order.

    Raises Refusal where the JSON has another shape or nothing becomes known of rows, DiskFullError where there is no
    room; then none is kept.
    """
    _ = truths.field
    items = _items(said)
    wrong = {place: found for place, one in enumerate(items) if (found := _unfit(one)) is not None}
    fit = [place for place in range(len(items)) if place not in wrong]
    made = store.made([items[place]["request_id"] for place in fit])
    for place in fit:
        predictions = made.get(items[place]["request_id"])
        if (found := _unknown(items[place], predictions)) is not None:
            wrong[place] = found
    fit = [place for place in fit if place not in wrong]
    values, unread = truths.read([items[place]["truth"] for place in fit]) if fit else (np.empty(0), {})
    wrong |= {fit[at]: found for at, found in unread.items()}
    rows = [
        (items[place]["request_id"], items[place]["row"], float(value))
        for place, value in zip(fit, values, strict=True)
        if place not in wrong
    ]
    if rows:
        store.take(rows)
    return [{"error": wrong[place]} if place in wrong else {"kept": True} for place in range(len(items))]


def _items(said: Any) -> list[Any]:  # noqa: ANN401 - JSON of any shape
    items = said.get("feedback") if isinstance(said, dict) and list(said) == ["feedback"] else None
    if not isinstance(items, list):
        raise Refusal(UNPROCESSABLE, "body", "no list of feedback", allowed=SHAPE, do="send this shape")
    if len(items) > MOST_FEEDBACK:
        found, allowed = f"{len(items):,} truths", f"up to {MOST_FEEDBACK:,}"
        raise Refusal(TOO_LARGE, "feedback", found, allowed=allowed, do="send fewer at a time")
    return items


def _unfit(item: Any) -> Wrong | None:  # noqa: ANN401 - JSON of any shape
    """Return what is wrong with the shape of an item."""
    do = "send this shape"
    if not isinstance(item, dict) or set(item) != set(KEYS):
        return Wrong(field="feedback", found="another shape", allowed=SHAPE, do=do)
    if not isinstance(item["request_id"], str) or not item["request_id"].isascii():  # half a character is no text
        return Wrong(field="request_id", found="no such text", allowed="the request_id of an answer", do=do)
    if not isinstance(item["row"], int) or isinstance(item["row"], bool):
        return Wrong(field="row", found="no whole number", allowed="the place of the row in its request, from 0", do=do)
    return None


def _unknown(item: dict[str, Any], predictions: dict[str, Floats] | None) -> Wrong | None:
    """Return what is wrong where an item is about no row that was answered."""
    if predictions is None:
        do = "send the request_id that came with the answer"
        return Wrong(field="request_id", found="an id of no kept answer", allowed="that of an answer", do=do)
    rows = max(map(len, predictions.values()))
    if not 0 <= item["row"] < rows:
        allowed = f"0 to {rows - 1}"
        return Wrong(field="row", found="no row of that request", allowed=allowed, do="count rows from 0")
    if all(np.isnan(one[item["row"]]).any() for one in predictions.values()):
        return Wrong(field="row", found="a row that had no answer", allowed="a row with an answer", do="leave it out")
    return None
