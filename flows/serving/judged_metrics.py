"""Drift and promise as metrics: what an alarm may be set on."""

from collections.abc import Mapping
from typing import Any

from flows.serving.metrics import Family, Labels, gauge

ENDS = ("low", "high")
DRIFT, PROMISE = ("too early", "none", "watch", "alarm"), ("too early", "kept", "broken")  # verdicts


def drift_families(judged: Mapping[str, Any]) -> list[Family]:
    """Return what a judgement of drift says."""
    model = (("model", str(judged["model"])),)
    return [
        gauge("sevenfold_drift_rows", "Rows counted for drift.", {(): judged["rows"]}),
        _verdicts("sevenfold_drift", "The verdict on drift.", model, judged["verdict"], DRIFT),
        gauge("sevenfold_drift_loss", "Expected loss of score on the rows served; above 0 is worse.", {
            model: judged["loss"], **_ends(model, judged["ci"]),
        }),
        gauge("sevenfold_drift_margin", "The loss that matters.", {model: judged["margin"]}),
        gauge("sevenfold_drift_outside", "Share of rows with values that no test row has.", {model: judged["outside"]}),
        gauge("sevenfold_drift_cause_alarm", "Whether what a cause rests on is gone.", {
            (*model, ("cause", str(one["cause"]))): one["alarm"] for one in judged["causes"]
        }),
    ]  # fmt: skip


def promise_families(judged: Mapping[str, Mapping[str, Any]]) -> list[Family]:
    """Return what became of the promise of each model."""
    scores: dict[Labels, float | None] = {}
    promised: dict[Labels, float | None] = {}
    rows: dict[Labels, float | None] = {}
    verdicts: list[tuple[str, Labels, float]] = []
    for name, one in judged.items():
        model = (("model", name),)
        promised |= {model: one["promised"], **_ends(model, one["promised_ci"])}
        scores |= {model: one["score"], **_ends(model, one["ci"])}
        rows[model] = one["rows"]
        verdicts += _verdicts("sevenfold_promise", "", model, one["verdict"], PROMISE).values
    return [
        gauge("sevenfold_promise_rows", "Rows whose truth is known.", rows),
        Family("sevenfold_promise", "gauge", "The verdict on the promise.", verdicts),
        gauge("sevenfold_promised_score", "The score on the test rows, and its interval.", promised),
        gauge("sevenfold_score", "The score so far, and its interval.", scores),
    ]


def _verdicts(name: str, words: str, labels: Labels, verdict: str, known: tuple[str, ...]) -> Family:
    return gauge(name, words, {(*labels, ("verdict", one)): one == verdict for one in known})


def _ends(labels: Labels, ci: list[float] | None) -> dict[Labels, float | None]:
    return {} if ci is None else {(*labels, ("end", end)): value for end, value in zip(ENDS, ci, strict=True)}
