"""One process of a server: what it has loaded, what it answers, and what it does in between."""

import gc
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import psutil

from flows.serving.answers import Answers
from flows.serving.batching import Manner
from flows.serving.bodies import read_body, read_json, unpacked
from flows.serving.drifting import Drifting
from flows.serving.feedback import Truths, take_feedback
from flows.serving.judged_metrics import drift_families, promise_families
from flows.serving.loaded import Loaded, Watch, load, parity_facts
from flows.serving.metrics import Family, Tally, gauge, render
from flows.serving.options import Options
from flows.serving.promising import Promising
from flows.serving.refusals import DISK_FULL, NOT_READY, UNPROCESSABLE, Refusal
from flows.serving.store import DiskFullError, Store
from pipelines.core.errors import InputError, quote
from pipelines.serving.service import Service

BETWEEN_SECONDS = 1.0  # that counters of one process may be behind
QUERY = ("why", "model", "echo", "trial")
TRUTH = {"true": True, "1": True, "false": False, "0": False}


@dataclass
class Served:
    """The state of a process. It answers once `ready`."""

    options: Options
    failed: Callable[[InputError], None]  # called where the archive cannot be loaded
    tally: Tally = field(default_factory=Tally)
    started: float = field(default_factory=time.time)
    loaded: Loaded | None = None
    answers: Answers | None = None
    why_not: str | None = "the archive is being loaded"
    _settled: threading.Event = field(default_factory=threading.Event)  # loaded, or known that it cannot be
    _ended: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)
    _drifting: Drifting | None = None

    @cached_property
    def process(self) -> str:
        """A name that no other process has or had."""
        return f"{os.getpid()}-{time.time_ns()}"

    def start(self) -> None:
        """Load the archive, and look after what is kept, beside the answering."""
        self._threads = [threading.Thread(target=self._run, name="between", daemon=True)]
        self._threads[0].start()

    def wait(self) -> None:
        """Wait until the archive is loaded, or it is known that it cannot be."""
        self._settled.wait()

    def close(self) -> None:
        """End what was started; what was counted is written."""
        self._ended.set()
        for thread in self._threads:
            thread.join()
        if self.answers is not None:
            self.answers.close()
            self.answers.store.close()
        if self._drifting is not None:
            self._drifting.close()

    @property
    def ready(self) -> bool:
        """Whether rows are answered."""
        return self.why_not is None

    @property
    def service(self) -> Service:
        """What is served; raises Refusal before it is loaded."""
        return self._loaded().service

    # What is asked for over HTTP

    def predict(self, body: bytes, kind: str, encoding: str, query: Mapping[str, str]) -> Coroutine[Any, Any, bytes]:
        """Read a body of rows; return what waits for its answer, in JSON.

        Both raise Refusal where there is none to the body as a whole.
        """
        loaded, answers = self._ready()
        _check_query(query)
        why, model = _truth(query, "why"), query.get("model")
        asked = read_body(unpacked(body, encoding), kind, loaded.service.contract, strict=self.options.strict)
        manner = Manner(
            model or asked.model or self.options.model, bool(asked.why if why is None else why),
            echo=bool(_truth(query, "echo")), trial=bool(_truth(query, "trial")),
        )  # fmt: skip
        return answers.reply(asked, manner)

    def feedback(self, body: bytes, kind: str, encoding: str) -> Any:  # noqa: ANN401 - JSON
        """Keep truths; return what became of each. Raises Refusal where none can be kept."""
        _, answers = self._ready()
        if kind.partition(";")[0].strip().lower() != "application/json":
            raise Refusal(415, "content-type", quote(kind), allowed="application/json", do="send JSON")
        try:
            results = take_feedback(read_json(unpacked(body, encoding)), self._truths, answers.store)
        except DiskFullError:
            found, allowed = "the disk is full; no truth of this request was kept", "room on the server's disk"
            raise Refusal(DISK_FULL, "server", found, allowed=allowed, do="make room, then send it again") from None
        kept = sum("kept" in one for one in results)
        self.tally.keep("truths", kept)
        return {"kept": kept, "results": results}

    def readiness(self) -> dict[str, Any]:
        """Return whether rows are answered, and why not."""
        said: dict[str, Any] = {"ready": self.ready, "why": self.why_not}
        if self.loaded is not None:
            said |= {"parity": parity_facts(self.loaded.parity), "changed": self._watch.change()}
        return said

    def about(self) -> dict[str, Any]:
        """Return what is served."""
        loaded, options = self._loaded(), self.options
        service = loaded.service
        schema = service.schema
        problem, costs = service.project.problem, service.project.metric.cost
        return {
            "project": service.project.name,
            "question": problem.question,
            "decision": problem.decision,
            **service.subject,
            "positive": problem.positive,
            "costs": costs and costs.model_dump() | {"currency": service.project.metric.currency},
            "task": problem.task,
            "model": options.model,
            "models": {
                name: {key: schema["models"][name][key] for key in ("score", "ci", "threshold")}
                for name in service.models
            },
            "metric": schema["metric"],
            "causes": schema["causes"],
            "archive": {
                "path": options.archive, "sha256": loaded.sha256, "bytes": loaded.size, "changed": self._watch.change(),
            },
            "training": schema["training"],
            "source": schema["source"],
            "commit": options.commit,
            "libraries": {
                one.name: {"built": one.built, "loaded": one.loaded, "same": one.same} for one in loaded.libraries
            },
            "mismatch": [one.name for one in loaded.libraries if not one.same],
            "python": sys.version.split()[0],
            "parity": parity_facts(loaded.parity),
            "strict": options.strict,
            "workers": options.workers,
            "started": int(self.started),
            "drift": None if self._drifting is None else self._drifting.judged(),
        }  # fmt: skip

    def metrics(self) -> str:
        """Return Prometheus' text, of all processes."""
        families = [gauge("sevenfold_ready", "Whether this process answers rows.", {(): self.ready})]
        if self.answers is None or self.loaded is None:
            return render([*families, *self.tally.families()])
        store, changed = self.answers.store, self._watch.change()
        self._write(store)
        total = Tally.total(map(Tally.from_json, store.counted(self._kind).values()))
        about = (("project", self.options.name), ("sha256", self.loaded.sha256))
        families += [
            gauge("sevenfold_archive_info", "The archive that is served.", {about: 1}),
            gauge("sevenfold_archive_changed", "Whether its file is another one.", {(): changed is not None}),
            gauge("sevenfold_library_mismatch", "Libraries unlike those of the build.", {
                (): sum(not one.same for one in self.loaded.libraries)
            }),
        ]  # fmt: skip
        return render([*families, *total.families(), *self._judgements()])

    def _judgements(self) -> list[Family]:
        """Return drift and promise as metrics."""
        judged = None if self._drifting is None else self._drifting.judged()
        families = [] if judged is None else drift_families(judged)
        return [*families, *promise_families(self._promising.judged())]

    def promise(self) -> dict[str, Any]:
        """Return what was promised, the score so far, and the verdict: of the usual model, and of all."""
        loaded, _ = self._ready()
        judged = self._promising.judged()
        return {**judged[self.options.model], "models": {name: judged[name] for name in loaded.service.models}}

    def drift(self) -> dict[str, Any]:
        """Return what the rows of all processes mean for the score; raise Refusal where that is not known."""
        self._loaded()
        judged = None if self._drifting is None else self._drifting.judged()
        if judged is None:
            found = "no row was counted yet" if self._drifting else "the archive holds nothing to judge drift by"
            raise Refusal(NOT_READY, "drift", found, allowed="rows that were answered", do="ask for answers first")
        return judged

    # What happens in between

    def _run(self) -> None:
        try:
            store = self._load()
        except InputError as error:
            self.why_not = error.found
            self.failed(error)
            return
        except Exception:  # noqa: BLE001 - no one sees how a thread ends
            self.why_not = "the archive cannot be loaded; the server's log says more"
            sys.stderr.write(traceback.format_exc())
            return
        finally:
            self._settled.set()
        while not self._ended.wait(BETWEEN_SECONDS):
            self._look_after(store)
        self._write(store)

    def _load(self) -> Store:
        loaded = load(self.options)
        service, store = loaded.service, Store(self.options.folder, loaded.sha256)
        self._drifting = Drifting.of(service, store, self.process, self.options.model)
        self._promising = Promising(service, store)
        self._truths, self._watch = Truths(service), Watch(Path(self.options.archive), loaded.sha256)
        watch = None if self._drifting is None else self._drifting.add
        self.answers = Answers(service, store, self.tally, self.options.timeout, watch)
        self.loaded = loaded
        gc.collect()
        gc.freeze()  # what is loaded stays: no later collection looks at it
        self.why_not = loaded.refused
        if self.why_not is not None:
            sys.stderr.write(f"not ready: {self.why_not}\n")
        return store

    def _look_after(self, store: Store) -> None:
        self._write(store)
        try:
            if self._drifting is not None:
                self._drifting.judge()
            store.tidy()
        except Exception:  # noqa: BLE001 - the next second may do; what is kept is safe
            sys.stderr.write(traceback.format_exc())

    def _write(self, store: Store) -> None:
        """Write this process's counters where the others see them."""
        self.tally.resident = psutil.Process().memory_info().rss
        try:
            store.count(self.process, {self._kind: self.tally.to_json()})
            if self._drifting is not None:
                self._drifting.write()
        except DiskFullError:
            self.tally.keep("uncounted", 1)

    @property
    def _kind(self) -> str:
        """Under what counters of this run are written: those of Prometheus begin again with each."""
        return f"tally {self.options.run}"

    def _ready(self) -> tuple[Loaded, Answers]:
        if self.why_not is not None or self.loaded is None or self.answers is None:
            found = str(self.why_not)
            raise Refusal(NOT_READY, "server", found, allowed="a server that is ready", do="see /ready")
        return self.loaded, self.answers

    def _loaded(self) -> Loaded:
        if self.loaded is None:
            raise Refusal(NOT_READY, "server", str(self.why_not), allowed="a loaded archive", do="try again later")
        return self.loaded


def _check_query(query: Mapping[str, str]) -> None:
    """Raise Refusal where an address asks for something that is not known."""
    unknown = next((key for key in query if key not in QUERY), None)
    if unknown is not None:
        found = f"the parameter {quote(unknown)}"
        raise Refusal(UNPROCESSABLE, "query", found, allowed=", ".join(QUERY), do="leave it out")


def _truth(query: Mapping[str, str], key: str) -> bool | None:
    if key not in query:
        return None
    if query[key] not in TRUTH:
        raise Refusal(UNPROCESSABLE, key, quote(query[key]), allowed="true or false", do="write one of these")
    return TRUTH[query[key]]
