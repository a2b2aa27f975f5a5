"""Drift of all processes of a server: each counts what it answers, one of them judges what all have counted.

Answers do not wait for the counting: the features of answered rows wait in memory until the next second, and go then.
"""

import fcntl
import json
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from functools import cached_property
from threading import Lock
from typing import Any

import numpy as np
import pandas as pd

from flows.serving.store import Store
from pipelines.serving.contract import Read
from pipelines.serving.drift import Drift
from pipelines.serving.drift_reference import Reference
from pipelines.serving.service import Service

COUNTED, LOOKED, JUDGED = "drift counts", "drift looks", "drift"  # kinds of what processes write
JUDGE = "judge"  # in place of a process: whichever judges
LOCK = "judge.lock"
REST = 19  # times as long as a judgement took, none is made: a look at many rows keeps the processor for seconds
MOST_WAITING = 20_000  # rows that wait to be counted
FILES = ("drift.json", "drift.npz")  # of the archive
Columns = Mapping[str, Any]


class Drifting:
    """What one process counts; and what all of them have, as far as it is judged."""

    def __init__(self, service: Service, reference: Reference, store: Store, process: str, model: str) -> None:
        """Count for `process`, and judge what the rows mean for `model`."""
        self._service, self._reference, self._store, self._process, self._model = (
            service,
            reference,
            store,
            process,
            model,
        )
        self._drift = Drift(reference)
        self._waiting: list[Columns] = []
        self._rows = 0
        self._lock = Lock()
        self._written = 0  # rows that others see
        self._judged_rows = -1
        self._looked: Drift | None = None
        self._rests_until = 0.0  # on the monotonic clock
        self._held: int | None = None  # the lock of the one that judges

    @classmethod
    def of(cls, service: Service, store: Store, process: str, model: str) -> "Drifting | None":
        """Return what watches a service; None where its archive holds nothing to judge by."""
        if not set(FILES) <= set(service.more):
            return None
        return cls(service, Reference.from_files(service.more), store, process, model)

    def add(self, read: Read) -> None:
        """Take the features of answered rows, of which no text is one."""
        watched = self._service.watched(read)
        features = {one.feature: watched[one.feature] for one in self._reference.bins}
        with self._lock:
            self._waiting.append(features)
            self._rows += len(read.good)
            full = self._rows > MOST_WAITING
        if full:
            self.count()

    def count(self) -> None:
        """Count the rows that wait."""
        with self._lock:
            waiting, self._waiting, self._rows = self._waiting, [], 0
        if waiting:
            self._drift.add({name: _joined([one[name] for one in waiting]) for name in waiting[0]})

    def write(self) -> None:
        """Write the counts where the others see them; raise DiskFullError where there is no room."""
        self.count()
        if self._drift.rows != self._written:
            self._store.count(self._process, {COUNTED: json.dumps(self._drift.to_dict())})
            self._written = self._drift.rows

    def judge(self) -> None:
        """Judge what all have counted, if no other process does; raise DiskFullError where there is no room."""
        started = time.monotonic()
        if started < self._rests_until or not self._is_judge():
            return
        together = Drift(self._reference)
        for saved in self._store.counted(COUNTED).values():
            together.merge(json.loads(saved))
        if together.rows == self._judged_rows:
            return
        if self._looked is None:  # what was looked at before this process was started
            self._looked = Drift(self._reference)
            for saved in self._store.counted(LOOKED).values():
                self._looked.merge(json.loads(saved))
        together.remember(self._looked)
        with self._libraries.limit(limits=1):  # several threads take twice the processor's time, from the answers
            judged = together.judge(self._model)
        looks = {**together.to_dict(), "counts": Drift(self._reference).to_dict()["counts"]}
        self._store.count(JUDGE, {LOOKED: json.dumps(looks), JUDGED: json.dumps(judged)})
        self._looked, self._judged_rows = together, together.rows
        ended = time.monotonic()
        self._rests_until = ended + REST * (ended - started)

    def judged(self) -> dict[str, Any] | None:
        """Return what was found when it was judged last; None before."""
        found = self._store.counted(JUDGED).get(JUDGE)
        return None if found is None else dict(json.loads(found))

    def close(self) -> None:
        """Let another process judge."""
        if self._held is not None:
            os.close(self._held)
            self._held = None

    @cached_property
    def _libraries(self) -> Any:  # noqa: ANN401 - threadpoolctl's
        """The libraries of linear algebra, whose threads can be limited."""
        from threadpoolctl import ThreadpoolController

        return ThreadpoolController().select(user_api="blas")

    def _is_judge(self) -> bool:
        """Return whether this process judges: the first that asks does, for as long as it lives."""
        if self._held is None:
            held = os.open(self._store.path.with_name(LOCK), os.O_RDWR | os.O_CREAT, 0o644)
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                with suppress(OSError):
                    os.close(held)
                return False
            self._held = held
        return True


def _joined(parts: list[Any]) -> Any:  # noqa: ANN401 - a column, as an array or a series
    if all(isinstance(one, np.ndarray) for one in parts):
        return np.concatenate(parts)
    return pd.concat([pd.Series(one) for one in parts], ignore_index=True)
