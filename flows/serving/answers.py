"""Rows answered by one model, and by the baseline where that model fails or is over its time."""

import asyncio
import sqlite3
import sys
import traceback
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from flows.serving.asked import Asked
from flows.serving.batching import Batcher, Cells, Job, Manner, QueueFullError
from flows.serving.bounds import CHUNK, EMBEDDED, MOST_NAMED
from flows.serving.metrics import Tally
from flows.serving.refusals import BROKEN, TOO_MANY, Refusal, encode
from flows.serving.store import DiskFullError, Kept, Store, new_request
from pipelines.core.errors import InputError
from pipelines.serving.contract import Read, Wrong
from pipelines.serving.service import Result, Service
from pipelines.targets.arrays import Floats

REASONED = 100  # rows whose reasons are looked for at once
REASON_TIMES = 6  # of the time that an answer may take, where its reasons are asked for
BASELINE = "baseline"  # the model that answers where another cannot


class Row(NamedTuple):
    """What became of one row."""

    result: Result
    model: str  # that answered
    made: float | list[float] | None  # its prediction on the modelling scale; None where there is no answer


@dataclass
class Question(Job):
    """A request on its way to its answer."""

    asked: Asked = field(kw_only=True)

    @classmethod
    def of(cls, asked: Asked, manner: Manner) -> "Question":
        """Return the question that a body of rows is."""
        return cls(asked.cells, asked.rows, manner, asked=asked)


@dataclass
class Answers:
    """Answers requests: the models are asked by one thread for all of them, and by one for those with reasons."""

    service: Service
    store: Store
    tally: Tally
    timeout: float  # seconds
    watch: Any = None  # called with what was read of good rows, to count drift
    _batcher: Batcher = field(init=False)
    _reasoning: Batcher = field(init=False)  # reasons take longer, and plain answers do not wait for them

    def __post_init__(self) -> None:
        embed = self.service.contract.encodings.embed
        self._batcher = Batcher(self._answer, self._complete, chunk=EMBEDDED if embed else CHUNK)
        self._reasoning = Batcher(self._answer, self._complete, chunk=REASONED)

    def close(self) -> None:
        """End the threads that ask the models."""
        self._batcher.close()
        self._reasoning.close()

    @property
    def queued(self) -> int:
        """How many rows wait for the models."""
        return self._batcher.queued + self._reasoning.queued

    async def reply(self, asked: Asked, manner: Manner) -> bytes:
        """Return JSON with an answer or a reason for each row.

        Raises Refusal where the request as a whole cannot be answered.
        """
        try:
            self.service.check_model(manner.model)
        except InputError as error:
            raise Refusal.of(error) from error
        question = Question.of(asked, manner)
        if not asked.rows:
            return self._complete([question])[0]
        batcher, seconds = (
            (self._reasoning, self.timeout * REASON_TIMES) if manner.why else (self._batcher, self.timeout)
        )
        try:
            return await _ended(batcher.submit(question), seconds)
        except QueueFullError:
            found = "more rows wait than can be answered in time"
            raise Refusal(TOO_MANY, "server", found, allowed="fewer at a time", do="try again later") from None
        except TimeoutError:
            question.abandoned = True
            why = f"model {manner.model} took longer than {seconds:g} s"
        except Exception:  # noqa: BLE001 - what went wrong is in the log, and the baseline may still answer
            why = f"model {manner.model} failed"
        return await asyncio.to_thread(self._instead, Question.of(asked, manner), why)

    def _instead(self, question: Question, why: str) -> bytes:
        """Return the baseline's answers, made in this thread, each with the reason; raise Refusal where it fails.

        The baseline itself is asked again so: it may have waited behind another model.
        """
        manner = question.manner
        try:
            rows = self._answer(question.cells, question.rows, manner._replace(model=BASELINE, why=False))
        except Exception as error:
            sys.stderr.write(traceback.format_exc())
            found = why if manner.model == BASELINE else f"{why}, and so did the baseline"
            raise Refusal(BROKEN, "model", found, allowed="", do="see the server's log") from error
        if manner.model != BASELINE:
            self.tally.fallback(why, sum(one.made is not None for one in rows))
            for one in rows:
                if one.made is not None:
                    one.result.update(model=BASELINE, fallback=why)
        question.results = rows
        return self._complete([question])[0]

    def _complete(self, questions: Sequence[Question]) -> list[bytes]:
        """Keep the predictions of requests whose rows have all been answered; return what their clients are given."""
        requests = [new_request() for _ in questions]
        to_keep: list[Kept] = []
        rows = 0
        for request, question in zip(requests, questions, strict=True):
            found, model = question.results, question.manner.model
            for place, wrong in question.asked.unfit.items():
                found[place] = Row({"error": wrong}, model, None)
            self.tally.answered(model, len(found), sum(one.made is None for one in found))
            if not question.manner.trial:
                to_keep += _by_model(request, found)
                rows += len(found)
        kept = self._keep(to_keep, rows)
        return [
            encode(_reply_facts(request, question, kept=kept and not question.manner.trial))
            for request, question in zip(requests, questions, strict=True)
        ]

    def _keep(self, predictions: Sequence[Kept], rows: int) -> bool:
        """Keep the predictions of so many rows; return whether there was room for them."""
        try:
            if predictions:
                self.store.keep(predictions)
        except (DiskFullError, sqlite3.Error) as error:  # rows are answered all the same
            if not isinstance(error, DiskFullError):
                sys.stderr.write(traceback.format_exc())
            self.tally.keep("lost", rows)
            return False
        self.tally.keep("predictions", rows)
        return True

    def _answer(self, cells: Cells, rows: int, manner: Manner) -> list[Row]:
        """Return what becomes of so many rows, in their order."""
        read = self.service.contract.read(cells, rows, echo=manner.echo)
        prediction = self._predicted(read, manner.model)
        results = self.service.results(read, rows, prediction, manner.model)
        made: list[float | list[float] | None] = [None] * rows
        for place, value in zip(read.good.tolist(), prediction.tolist(), strict=True):
            made[place] = value
        answered = [Row(result, manner.model, value) for result, value in zip(results, made, strict=True)]
        for one in answered:
            if one.made is not None:
                one.result["why"] = None
        if len(read.good):
            if manner.why:
                reasons = self.service.reasons(read, prediction, manner.model, echo=manner.echo)
                for place, reason in zip(read.good.tolist(), reasons, strict=True):
                    results[place]["why"] = reason
            self._repair(read, prediction, answered, manner.model)
            if self.watch is not None and not manner.trial:
                self.watch(read)
        return answered

    def _predicted(self, read: Read, model: str) -> Floats:
        return self.service.models[model].predict(read.features) if len(read.good) else np.empty(0)

    def _repair(self, read: Read, prediction: Floats, answered: list[Row], model: str) -> None:
        """Put the baseline's answer, or a reason, where a model's prediction is no number on the user's scale."""
        with np.errstate(over="ignore"):
            shown = self.service.terms[model].values(prediction)
        if np.isfinite(shown).all():
            return
        odd = ~np.isfinite(shown).reshape(len(shown), -1).all(axis=1)
        for place in read.good[odd].tolist():
            answered[place] = self._in_place(read, place, model)

    def _in_place(self, read: Read, place: int, model: str) -> Row:
        why = f"model {model} gives no number for this row"
        if model != BASELINE:
            at = np.flatnonzero(read.good == place)
            features = {name: column[at] if isinstance(column, np.ndarray) else column.iloc[at].reset_index(drop=True)
                        for name, column in read.features.items()}  # fmt: skip
            one = Read(np.zeros(1, np.int64), features, {}, {}, [])
            made = self._predicted(one, BASELINE)
            if np.isfinite(self.service.terms[BASELINE].values(made)).all():
                result = self.service.results(one, 1, made, BASELINE)[0]
                self.tally.fallback(why, 1)
                return Row({**result, "why": None, "model": BASELINE, "fallback": why}, BASELINE, made.tolist()[0])
        allowed, do = "values like those of the training rows", "check the row"
        return Row({"error": Wrong(field="row", found=why, allowed=allowed, do=do)}, model, None)


def _by_model(request: str, rows: Sequence[Row]) -> list[Kept]:
    """Return what to keep of a request: the predictions of each model that answered rows of it."""
    kept = []
    for model in dict.fromkeys(one.model for one in rows if one.made is not None):
        made = [one.made if one.model == model else None for one in rows]
        width = next(len(one) if isinstance(one, list) else 0 for one in made if one is not None)
        gap = [np.nan] * width if width else np.nan
        kept.append(Kept(request, model, np.array([gap if one is None else one for one in made], np.float64)))
    return kept


def _reply_facts(request: str, question: Question, *, kept: bool) -> Mapping[str, Any]:
    """Return what a client is given; `kept` says whether feedback can refer to it."""
    results, ignored = [one.result for one in question.results], question.asked.ignored
    said: dict[str, Any] = {"model": question.manner.model, "request_id": request, "results": results}
    said["ignored"] = ignored[:MOST_NAMED]
    if len(ignored) > MOST_NAMED:
        said["ignored_columns"] = len(ignored)
    if not kept:
        said["kept"] = False
    return said


async def _ended(future: "Future[bytes]", seconds: float) -> bytes:
    """Return the result of a future that another thread completes; raise TimeoutError where that takes longer."""
    loop = asyncio.get_running_loop()
    ended = loop.create_future()

    def wake() -> None:
        if not ended.done():
            ended.set_result(None)

    timer = loop.call_later(seconds, wake)
    future.add_done_callback(lambda _: loop.call_soon_threadsafe(wake))
    try:
        await ended
    finally:
        timer.cancel()
    if not future.done():
        raise TimeoutError
    return future.result()
