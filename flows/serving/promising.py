"""The promise of a served model, held against the truths that came back."""

from threading import Lock
from typing import Any

import numpy as np

from flows.serving.store import Store
from pipelines.metrics import metric_of
from pipelines.serving.promise import Promise, without_outcome
from pipelines.serving.service import Service


class Promising:
    """Judges each model, again only where truths came since."""

    def __init__(self, service: Service, store: Store) -> None:
        self._store = store
        known = service.truth is not None
        self._promises = {name: promise_of(service, name) if known else None for name in service.models}
        self._known: tuple[object, dict[str, dict[str, Any]]] | None = None
        self._lock = Lock()

    def judged(self) -> dict[str, dict[str, Any]]:
        """Return by model what was promised, the score so far, and the verdict."""
        with self._lock:
            mark = self._store.mark()
            if self._known is None or self._known[0] != mark:
                self._known = mark, self._judge()
            return self._known[1]

    def _judge(self) -> dict[str, dict[str, Any]]:
        found = self._store.judged()
        none = (np.empty(0), np.empty(0))
        return {
            name: without_outcome(name) if promise is None else promise.judge(answers, predictions, encoded=True)
            for name, promise in self._promises.items()
            for predictions, answers in [found.get(name, none)]
        }


def promise_of(service: Service, model: str) -> Promise:
    """Return what an archive promises of a model."""
    schema, project = service.schema, service.project
    promised, metric = schema["models"][model], schema["metric"]
    low, high = promised["ci"]
    return Promise(
        model=model,
        metric=metric_of(project.metric),
        margin=float(metric["margin"]),
        score=float(promised["score"]),
        ci=(float(low), float(high)),
        test_rows=int(metric["test_rows"]),
        task=project.problem.task,
        labels=tuple(schema["labels"]),
        log=project.problem.target_scale == "log",
    )
