"""Drift by its consequence: what score is to be expected of the rows that are served, and which causes still hold.

Served rows are counted by bin of each feature (drift_counts.py), and no row is kept. At each look
(inference/spending.py) the test rows are weighted to the served mix (drift_mix.py), which says what a model is expected
to score on it, and so what is lost, with an interval; and each cause of step 7 that mattered is held against what it
rests on (drift_causes.py). Half of the 5 % of false alarms that all looks together may raise is spent on the loss, half
on the causes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import isinf
from threading import Lock
from typing import Any, Literal, Self

import numpy as np

from pipelines.core.errors import InputError, quote
from pipelines.inference.spending import ALPHA, Look, Schedule
from pipelines.serving.drift_bins import Columns
from pipelines.serving.drift_causes import Held, clopper_pearson, held
from pipelines.serving.drift_counts import Counts
from pipelines.serving.drift_mix import MOST_RAKED, Expected, expect, mixed, moved_most
from pipelines.serving.drift_reference import Reference
from pipelines.serving.drift_words import cause_words, part_name, part_words, sentences

FIRST_LOOK = 500  # rows: fewer say little of a mix
MOST_WINDOW = 64_000  # rows: then the test rows limit what can be seen, not the served ones
FEWEST_WINDOW = 4_000
HALF = ALPHA / 2
OUTSIDE = 0.01  # share of served rows of which the test rows say nothing: more is worth a look
UNLIKE = 2.0  # times fewer effective rows than drawing rows explains: the assumption that outcomes stay carries a lot
LEAST_EFFECTIVE = 100.0  # equally weighted test rows: fewer carry no score
SHOWN = 8  # features whose loss alone is given
ALONE_REPLICATES = 100  # for the intervals of these

Verdict = Literal["too early", "none", "watch", "alarm"]


@dataclass
class Watched:
    """What was looked at of one model: how many looks there were, where the window began, and what the last said."""

    since: Counts
    window: int = 0  # which one, from 0
    doubled: int = -1  # of its last look; -1: none so far
    looks: int = 0  # in all windows
    last: dict[str, Any] | None = None
    alarms: set[str] = field(default_factory=set)  # "loss", and causes

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as JSON can hold them."""
        return {
            "since": self.since.to_dict(), "window": self.window, "doubled": self.doubled, "looks": self.looks,
            "last": self.last, "alarms": sorted(self.alarms),
        }  # fmt: skip

    @classmethod
    def from_dict(cls, saved: Mapping[str, Any], reference: Reference) -> Self:
        """Return what `to_dict` gave."""
        since = Counts.from_dict(saved["since"], reference)
        window, doubled, looks = (int(saved[key]) for key in ("window", "doubled", "looks"))
        return cls(since, window, doubled, looks, saved["last"], set(saved["alarms"]))


class Drift:
    """Counts what is served, from any thread, and judges it. Memory is that of the reference and a few counters.

    Several processes count each for itself and write `to_dict()`. One of them judges them together: it makes a `Drift`,
    calls `merge` with each of these (its own included), then `judge`, and `remember`s what was looked at.
    """

    def __init__(self, reference: Reference) -> None:
        self.reference = reference
        self.schedule = Schedule.of(FIRST_LOOK, min(max(len(reference.y), FEWEST_WINDOW), MOST_WINDOW))
        self._counts = Counts.none(reference)
        self._watched: dict[str, Watched] = {}
        self._counting, self._judging = Lock(), Lock()

    @property
    def counts(self) -> Counts:
        """What was counted so far."""
        return self._counts

    @property
    def rows(self) -> int:
        """How many rows were counted so far."""
        return self._counts.rows

    def add(self, columns: Columns) -> None:
        """Count rows, given each feature as the table has it by name, (rows,); other columns are ignored."""
        new = Counts.of(self.reference, columns)
        with self._counting:
            self._counts = self._counts + new

    def to_dict(self) -> dict[str, Any]:
        """Return the counts, and what was looked at, as JSON can hold them."""
        with self._judging:
            watched = {model: one.to_dict() for model, one in self._watched.items()}
        return {"counts": self._counts.to_dict(), "watched": watched}

    def merge(self, saved: Mapping[str, Any]) -> None:
        """Add the counts that `to_dict` gave, and take over what was looked at where that is more.

        Raises InputError where they belong to another archive.
        """
        counts = Counts.from_dict(saved["counts"], self.reference)
        watched = {model: Watched.from_dict(one, self.reference) for model, one in saved["watched"].items()}
        with self._counting:
            self._counts = self._counts + counts
        self._take_over(watched)

    def remember(self, other: "Drift") -> None:
        """Take over what another object of the same archive has looked at, without its counts."""
        self._take_over(other._watched)  # noqa: SLF001 - of the same class

    def judge(self, model: str = "strong") -> dict[str, Any]:
        """Return what the served rows mean for a model, as of the last look; make one where it is due.

        A look takes about a second for 30,000 test rows and ten features; between looks it is the last one's result.

        `rows` served so far; `verdict` "too early", "none", "watch" or "alarm": an alarm where the loss exceeds the
        margin beyond doubt, or a cause no longer holds; watch where there is a loss beyond doubt, which may be smaller,
        or more than a hundredth of the rows are such as no test row is, or the mix is another one altogether. `judged`
        rows of the window that the look was at; `rows_to_next_look`. `test` and `expected` scores, `expected_ci`,
        `loss` (positive is worse), `ci` at 95 %, and `ci_all_looks`, which holds at all looks together and decides.
        `outside`: share of the rows that are such as no test row is, about which nothing can be said, and
        `outside_where`. `effective_rows`: how many equally weighted test rows the expected score rests on; `why`, if
        there is no such score. `features`, the largest loss alone first, with their cause and its gain in step 7.
        `causes` that mattered, and whether they hold. `words`: all of that in sentences. Raises InputError where there
        is no such model.
        """
        if model not in self.reference.predictions:
            raise InputError(
                f"no model {quote(model)}", where="the judgement of drift",
                allowed=", ".join(self.reference.predictions), todo="name one of these",
            )  # fmt: skip
        with self._judging:
            counts = self._counts
            watched = self._watched.setdefault(model, Watched(Counts.none(self.reference)))
            window = counts - watched.since
            due = self.schedule.look(watched.window, watched.doubled + 1)
            if window.rows >= due.rows:
                while due.doubled < self.schedule.doublings and window.rows >= 2 * due.rows:  # some were not made
                    due = self.schedule.following(due)
                self._look(watched, window, due, model)
                if due.doubled == self.schedule.doublings:
                    watched.since, watched.window, watched.doubled = counts, watched.window + 1, -1
                else:
                    watched.doubled = due.doubled
                due = self.schedule.look(watched.window, watched.doubled + 1)
            to_next = due.rows - (counts.rows - watched.since.rows)
            return _shown(watched.last or self._nothing(model), counts.rows, to_next)

    def _look(self, watched: Watched, window: Counts, look: Look, model: str) -> None:
        watched.looks += 1
        reference = self.reference
        expected = _expected(reference, window, model)
        alpha = self.schedule.spent(look, HALF) / max(len(reference.rests), 1)
        found = [held(rest, window.every, window.rows, alpha) for rest in reference.rests]
        judged = self._judgement(window, expected, look)
        whole = look.doubled == self.schedule.doublings
        causes = _causes(found, watched.alarms, whole=whole)
        if judged["lost"]:
            watched.alarms.add("loss")
        elif whole or (expected is not None and expected.loss_ci()[1] < reference.margin):
            watched.alarms.discard("loss")
        alarmed = bool(watched.alarms & {"loss", *(one["cause"] for one in causes)})
        verdict: Verdict = "alarm" if alarmed else "watch" if judged["watch"] else "none"
        watched.last = {
            **self._nothing(model), **judged["facts"], "verdict": verdict, "look": watched.looks,
            "loss_alarm": "loss" in watched.alarms, "causes": causes,
            "features": _features(reference, window, model),
        }  # fmt: skip

    def _judgement(self, window: Counts, expected: Expected | None, look: Look) -> dict[str, Any]:
        """Return what a look found: `lost`, more than the margin beyond doubt; whether to `watch`; and the facts."""
        outside = window.outside / window.rows
        least = clopper_pearson(window.outside, window.rows, self.schedule.spent(look, HALF))[0]
        where = _outside(self.reference, window) if outside else []
        facts: dict[str, Any] = {"judged": window.rows, "outside": outside, "outside_where": where}
        if expected is None or expected.effective_rows < LEAST_EFFECTIVE:
            why = _unknown(expected, window)
            effective = expected.effective_rows if expected else None
            return {"lost": False, "watch": True, "facts": facts | {"why": why, "effective_rows": effective}}
        paid = expected.loss_ci(self.schedule.reach(look, HALF))
        facts |= {
            "test": expected.test, "expected": expected.score, "expected_ci": list(expected.score_ci),
            "loss": expected.loss, "ci": list(expected.loss_ci()), "ci_all_looks": list(paid),
            "effective_rows": expected.effective_rows,
        }  # fmt: skip
        watch = paid[0] > 0 or least > OUTSIDE or expected.unlike > UNLIKE
        return {"lost": paid[0] > self.reference.margin, "watch": watch, "facts": facts}

    def _nothing(self, model: str) -> dict[str, Any]:
        """Return the judgement before the first look."""
        metric = self.reference.metric
        return {
            "model": model, "metric": metric.name, "label": metric.label,
            "greater_is_better": metric.greater_is_better, "margin": self.reference.margin, "verdict": "too early",
            "look": 0, "judged": 0, "test": None, "expected": None, "expected_ci": None, "loss": None, "ci": None,
            "ci_all_looks": None, "effective_rows": None, "outside": None, "outside_where": [], "why": None,
            "loss_alarm": False, "causes": [], "features": [],
        }  # fmt: skip

    def _take_over(self, watched: Mapping[str, Watched]) -> None:
        with self._judging:
            for model, one in watched.items():
                own = self._watched.get(model)
                if own is None or one.looks > own.looks:
                    self._watched[model] = replace(one, alarms=set(one.alarms))


def _shown(last: Mapping[str, Any], rows: int, to_next: int) -> dict[str, Any]:
    """Return the last look's judgement with what changes between looks, and in words."""
    shown = {**last, "rows": rows, "rows_to_next_look": max(to_next, 0)}
    return {**shown, "words": sentences(shown)}


def _expected(reference: Reference, window: Counts, model: str) -> Expected | None:
    """Return what the model is expected to score on the window's rows, those outside of the test rows' bins aside."""
    if window.rows == window.outside:
        return None
    features = moved_most(reference, window.inside)[:MOST_RAKED]
    return expect(reference, mixed(reference, window.inside, features), model)


def _unknown(expected: Expected | None, window: Counts) -> str:
    """Return why no score can be expected."""
    if window.rows == window.outside:
        return "no served row is like any test row"
    return "the served rows are too unlike the test rows" if expected else "the metric is undefined for such rows"


def _outside(reference: Reference, window: Counts) -> list[dict[str, Any]]:
    """Return the bins without a test row that most served rows are in, with their share."""
    found: list[dict[str, Any]] = []
    for i, bins in enumerate(reference.bins):
        for place, label in enumerate(bins.labels):
            flat = int(reference.offsets[i]) + place
            if reference.test[flat] == 0 and window.every[flat]:
                share = float(window.every[flat]) / window.rows
                found.append({"feature": bins.feature, "bin": label, "share": share})
    return sorted(found, key=lambda one: -one["share"])[:SHOWN]


def _features(reference: Reference, window: Counts, model: str) -> list[dict[str, Any]]:
    """Return the features that lose most by themselves, with interval, what moved, and their causes."""
    if window.rows == window.outside:
        return []
    found = []
    for place in moved_most(reference, window.inside)[:SHOWN]:
        alone = expect(reference, mixed(reference, window.inside, [place]), model, replicates=ALONE_REPLICATES)
        if alone is None:
            continue
        bins = reference.bins[place]
        own = slice(*reference.offsets[place : place + 2])
        before = reference.test[own] / reference.test[own].sum()
        after = window.every[own] / window.rows
        most = int(np.argmax(np.abs(after - before)))
        causes = [one._asdict() for one in reference.belong.get(bins.feature, ())]
        found.append(
            {
                "feature": bins.feature, "loss": alone.loss, "ci": list(alone.loss_ci()), "bin": bins.labels[most],
                "share_test": float(before[most]), "share_served": float(after[most]),
                "cause": causes[0]["cause"] if causes else None, "gain": causes[0]["gain"] if causes else None,
                "causes": causes,
            }
        )  # fmt: skip
    return sorted(found, key=lambda one: -one["loss"])


def _causes(found: list[Held], alarms: set[str], *, whole: bool) -> list[dict[str, Any]]:
    """Return each cause with its parts and whether it raises an alarm; an alarm stays until its parts hold again.

    `alarms` is brought up to date. A cause's alarm is that of any of its features.
    """
    causes: dict[str, list[Held]] = {}
    for one in found:
        causes.setdefault(one.rest.cause, []).append(one)
    shown = []
    for cause, parts in causes.items():
        if any(one.state in {"gone", "rarer", "unseen"} for one in parts):
            alarms.add(cause)
        elif whole or all(one.state == "holds" for one in parts):
            alarms.discard(cause)
        rest = parts[0].rest
        said = {
            "cause": cause, "gain": rest.gain, "ci": rest.ci, "alarm": cause in alarms,
            "parts": [
                {
                    "feature": one.rest.feature, "what": one.rest.what, "where": one.rest.where, "state": one.state,
                    "rows": one.rows, "of": one.of, "share": one.rows / max(one.of, 1),
                    "share_train": one.rest.rows / one.rest.of, "ratio": one.ratio,
                    "ci": [None if isinf(end) else end for end in one.ci],
                    "name": part_name(one.rest), "words": part_words(one),
                }
                for one in parts
            ],
        }  # fmt: skip
        shown.append({**said, "words": cause_words(said)})
    return shown
