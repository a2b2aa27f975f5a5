"""What a server counts, and Prometheus' text format of it (https://prometheus.io/docs/instrumenting/exposition_formats/)."""

import json
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Self

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)  # upper ends of the histogram
Labels = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Family:
    """One metric with its values by labels."""

    name: str
    kind: str  # counter, gauge or histogram
    help: str
    values: Sequence[tuple[str, Labels, float]]  # suffix of the name, labels, value


@dataclass
class Tally:
    """Counters of one process, or of several added up."""

    requests: dict[tuple[str, int], int] = field(default_factory=dict)  # by path and status
    rows: dict[tuple[str, str], int] = field(default_factory=dict)  # by model, and "answered" or "refused"
    fallbacks: dict[str, int] = field(default_factory=dict)  # rows that the baseline answered instead, by why
    kept: dict[str, int] = field(default_factory=dict)  # "predictions", "truths", and "lost" where the disk was full
    seconds: list[int] = field(default_factory=lambda: [0] * (len(SECONDS) + 1))  # requests of /predict by duration
    seconds_sum: float = 0.0
    resident: int = 0  # bytes of memory
    _lock: Lock = field(default_factory=Lock, repr=False, compare=False)

    def request(self, path: str, status: int, seconds: float) -> None:
        """Count a request."""
        with self._lock:
            self.requests[path, status] = self.requests.get((path, status), 0) + 1
            if path == "/predict":
                self.seconds[bisect_left(SECONDS, seconds)] += 1
                self.seconds_sum += seconds

    def answered(self, model: str, rows: int, refused: int) -> None:
        """Count rows that had an answer, and rows that had a reason instead."""
        with self._lock:
            for outcome, count in (("answered", rows - refused), ("refused", refused)):
                if count:
                    self.rows[model, outcome] = self.rows.get((model, outcome), 0) + count

    def fallback(self, why: str, rows: int) -> None:
        """Count rows that the baseline answered in place of another model."""
        with self._lock:
            self.fallbacks[why] = self.fallbacks.get(why, 0) + rows

    def keep(self, what: str, count: int) -> None:
        """Count what was kept, or lost."""
        with self._lock:
            self.kept[what] = self.kept.get(what, 0) + count

    def to_json(self) -> str:
        """Return the counters as text."""
        with self._lock:
            return json.dumps({
                "requests": [[*key, count] for key, count in self.requests.items()],
                "rows": [[*key, count] for key, count in self.rows.items()],
                "fallbacks": self.fallbacks, "kept": self.kept, "seconds": self.seconds,
                "seconds_sum": self.seconds_sum, "resident": self.resident,
            })  # fmt: skip

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return what `to_json` gave."""
        said = json.loads(text)
        return cls(
            {(path, status): count for path, status, count in said["requests"]},
            {(model, outcome): count for model, outcome, count in said["rows"]},
            said["fallbacks"], said["kept"], said["seconds"], said["seconds_sum"], said["resident"],
        )  # fmt: skip

    @classmethod
    def total(cls, tallies: Iterable[Self]) -> Self:
        """Return the sums of several."""
        whole = cls()
        for one in tallies:
            for name in ("requests", "rows", "fallbacks", "kept"):
                sums, more = getattr(whole, name), getattr(one, name)
                for key, count in more.items():
                    sums[key] = sums.get(key, 0) + count
            whole.seconds = [a + b for a, b in zip(whole.seconds, one.seconds, strict=True)]
            whole.seconds_sum += one.seconds_sum
            whole.resident += one.resident
        return whole

    def families(self) -> list[Family]:
        """Return the counters as metrics."""
        return [
            Family("sevenfold_requests_total", "counter", "Requests by path and status.", [
                ("", (("path", path), ("status", str(status))), count)
                for (path, status), count in sorted(self.requests.items())
            ]),
            Family("sevenfold_rows_total", "counter", "Rows by the model asked, and whether they had an answer.", [
                ("", (("model", model), ("outcome", outcome)), count)
                for (model, outcome), count in sorted(self.rows.items())
            ]),
            Family("sevenfold_fallback_rows_total", "counter", "Rows that the baseline answered instead, by why.", [
                ("", (("why", why),), count) for why, count in sorted(self.fallbacks.items())
            ]),
            Family("sevenfold_kept_total", "counter", "Predictions and truths kept, or lost for lack of disk.", [
                ("", (("what", what),), count) for what, count in sorted(self.kept.items())
            ]),
            self._duration(),
            Family("process_resident_memory_bytes", "gauge", "Memory of all processes.", [("", (), self.resident)]),
        ]  # fmt: skip

    def _duration(self) -> Family:
        total = 0
        values: list[tuple[str, Labels, float]] = []
        for end, count in zip([*map(str, SECONDS), "+Inf"], self.seconds, strict=True):
            total += count
            values.append(("_bucket", (("le", end),), total))
        values += [("_sum", (), self.seconds_sum), ("_count", (), total)]
        return Family("sevenfold_predict_seconds", "histogram", "Seconds from a request's body to its answer.", values)


def gauge(name: str, words: str, values: Mapping[Labels, float | bool | None]) -> Family:
    """Return a metric that is as it is; values that are not known are left out."""
    known = [("", labels, float(value)) for labels, value in values.items() if value is not None]
    return Family(name, "gauge", words, known)


def render(families: Iterable[Family]) -> str:
    """Return metrics as Prometheus reads them; one without values is left out."""
    lines = []
    for one in families:
        if one.values:
            lines += [f"# HELP {one.name} {_escaped(one.help)}", f"# TYPE {one.name} {one.kind}"]
            lines += [f"{one.name}{suffix}{_labels(labels)} {_number(value)}" for suffix, labels, value in one.values]
    return "\n".join(lines) + "\n"


def _labels(labels: Labels) -> str:
    inside = ",".join('{}="{}"'.format(name, _escaped(value).replace('"', '\\"')) for name, value in labels)
    return f"{{{inside}}}" if inside else ""


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n")


def _number(value: Any) -> str:  # noqa: ANN401 - a number of any kind
    return str(int(value)) if float(value).is_integer() else repr(float(value))
