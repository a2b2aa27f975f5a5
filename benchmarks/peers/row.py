"""One data set's results, and how they are kept: a file a data set, in the repository.

A whole run takes hours, and once it is scored its predictions, which are not kept, are no longer needed.
"""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

from flows.repository.files import replacing
from pipelines.inference.bootstrap import Estimate
from pipelines.metrics import METRICS, Metric


class Row(NamedTuple):
    """One data set's results."""

    name: str
    metric: Metric
    train: int
    rows: int  # training and test rows
    features: int
    task: str
    scores: dict[str, float]
    seconds: dict[str, float]
    peaks: dict[str, int]
    failed: dict[str, str]  # why, of tools without a score
    busy: dict[str, float]  # per cent of the cores that others had before each tool started
    gain: Estimate | None  # of ours over the best peer; positive: ours is better; None where ours failed
    best: str  # peer
    day: str  # on which the last tool had run, as 2026-11-29
    size: str = ""  # in words, where rows and features do not say it


def keep(row: Row, file: Path) -> None:
    """Write a data set's results; the same results make the same bytes."""
    told = row._asdict() | {"metric": row.metric.name, "gain": None if row.gain is None else asdict(row.gain)}
    with replacing(file) as writing:
        writing.write(f"{json.dumps(told, indent=1)}\n".encode())


def kept(file: Path) -> Row:
    """Return a data set's results as `keep` wrote them."""
    told: dict[str, Any] = json.loads(file.read_text("utf-8"))
    gain = told["gain"]
    estimate = None if gain is None else Estimate(**gain | {"ci": tuple(gain["ci"])})
    return Row(**(told | {"metric": METRICS[told["metric"]], "gain": estimate}))
