"""Whether a model keeps its promise: the score of step 6, held against the score on labels that come in later.

The promise is the score on the test rows with its interval. It is *broken* if the score so far is worse than the
promised one by more than the margin, beyond what chance in both does (the difference's interval by MOVER: Zou and
Donner 2008, Construction of confidence limits about effect measures, Statistics in Medicine 27, 1693-1702). It is
*kept* if the score so far is surely no worse than the worse end of the promised interval by more than the margin.
Otherwise it is too early, and the number of rows is given after which one of the two will be clear, if the score stays
as it is.

Labels come one by one and the page is looked at all the time, so the verdict is that of the last *look* alone, and
looks share 5 % of false alarms (inference/spending.py); so do looks that find it kept. Rows are taken in windows of
four times the test rows at least, in the order in which their labels came: what begins to go wrong after years of right
answers is seen in the next window. Assumed: labelled rows are independent, and which rows get a label does not depend
on how well they were predicted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any, Literal, Self

import numpy as np
from scipy.special import ndtri

from pipelines.core.cells import value_label
from pipelines.core.errors import InputError, quote
from pipelines.facts.steps import Facts
from pipelines.inference.bootstrap import replicates, settled_errors
from pipelines.inference.links import bent, error_of
from pipelines.inference.spending import Look, Schedule
from pipelines.inference.truth import Truth
from pipelines.metrics import METRICS, Metric
from pipelines.metrics.prepared import Floats
from pipelines.report.formats import Formats, count, counted
from pipelines.targets import TARGETS

FIRST_LOOK = 100  # labelled rows
FEWEST_OF_CLASS = 10  # labelled rows of each class that the metric needs: fewer have no known error
WINDOWS = 4  # times the test rows: then the score so far is twice as precise as the promise
RESAMPLES = 500
# Of the standard error that the promise says for so many rows: that no surprise has come so far is no proof that none
# will. With fewer labelled rows than test rows all of it counts.
LEAST_ERROR = 0.5
MOST_LOOKS = 40  # ahead: beyond, no number of rows decides
ENDS = float(ndtri(0.975))  # standard errors to either end of an interval at 95 %

Verdict = Literal["kept", "broken", "too early", "no outcome"]


@dataclass(frozen=True)
class Promise:
    """What was promised of one model."""

    model: str
    metric: Metric
    margin: float
    score: float
    ci: tuple[float, float]  # at 95 %
    test_rows: int
    task: str  # kind of target
    labels: tuple[str, ...]  # of classes, by their numbers
    log: bool  # the logarithm of the target is modelled, and judged

    @classmethod
    def of(cls, facts: Facts, model: str = "strong", metric: Metric | None = None) -> Self:
        """Return the promise that the facts of the steps `define`, `compare` and `reflect` make of a model.

        `metric` is the project's where it has parameters, which the facts do not hold. Raises InputError where step 6
        did not score such a model.
        """
        compare, define = facts["compare"], facts["define"]
        known: dict[str, Any] = {one["name"]: one for one in compare["models"]}
        repaired = facts.get("reflect", {}).get("repaired")
        known |= {"repaired": repaired} if repaired else {}
        if model not in known:
            raise InputError(
                f"no score of a model {quote(model)}", where="the promise", allowed=", ".join(known),
                todo="name one of these",
            )  # fmt: skip
        scored = known[model]
        low, high = scored["ci"]
        classes = define["target_summary"].get("classes", [])
        return cls(
            model=model,
            metric=metric or METRICS[compare["metric"]],
            margin=float(compare["difference"]["margin"]),
            score=float(scored["score"]),
            ci=(float(low), float(high)),
            test_rows=int(compare["test_rows"]),
            task=define["task"],
            labels=tuple(str(one["value"]) for one in classes),
            log=define["target_scale"] == "log",
        )

    @property
    def schedule(self) -> Schedule:
        """When looks are due."""
        return Schedule.of(FIRST_LOOK, WINDOWS * self.test_rows)

    @property
    def se(self) -> float:
        """The standard error of the promised score."""
        return error_of(self.score, self.ci, ENDS, self.metric.scale)

    def encode(self, answers: Sequence[object]) -> Floats:
        """Return what happened, in the user's terms, as the metric takes it: a class's number, or the modelled value.

        Raises InputError, without the value, for the first answer that is no class of the target, or no number, or of
        a logarithm not positive.
        """
        return np.array([self._encoded(answer) for answer in answers], np.float64)

    def judge(
        self, answers: Sequence[object] | Floats, predictions: Floats, *, encoded: bool = False,
        unit: Floats | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        """Return the promise, the score so far, and the verdict.

        `answers` (rows,) are what happened, in the order in which that became known, and `predictions` what was
        answered: probabilities (rows,) or (rows, classes), or values; both in the user's terms, or with `encoded` on
        the modelling scale and as `encode` returns them. `unit` (rows,) is the usual change of each row's series,
        where the metric measures in that.

        `promised` and `promised_ci`; `rows`; `score` and `ci` so far at 95 %, None where they are undefined; `loss`
        against the promised score, positive is worse, and `loss_ci`, which holds at all looks together; `verdict`,
        "kept", "broken" or "too early", as of the last look, at `judged` rows of its window; `more_rows` that are
        needed, None where it is decided or no number of rows decides; `words`, all of that in sentences.
        """
        y = np.asarray(answers, np.float64) if encoded else self.encode(list(answers))
        predicted = np.asarray(predictions, np.float64)
        if self.log and not encoded:
            predicted = np.log(predicted)
        if self.metric.by_series:
            y, predicted = self._in_units(y, predicted, unit)
        rows = len(y)
        start = max(rows - 1, 0) // self.schedule.window * self.schedule.window
        so_far = self._measure(y[start:], predicted[start:])
        look = self.schedule.last(rows)
        found = self._look(look, y, predicted)
        judged = {
            "model": self.model, "metric": self.metric.name, "label": self.metric.label,
            "greater_is_better": self.metric.greater_is_better, "margin": self.margin, "promised": self.score,
            "promised_ci": list(self.ci), "test_rows": self.test_rows, "rows": rows, "scored": rows - start,
            "score": so_far and so_far[0],
            "ci": so_far and list(bent(*so_far, ENDS, self.metric.scale)),
            "judged": 0 if look is None else look.rows, **found,
            "more_rows": self._more(rows, look, so_far) if found["verdict"] == "too early" else None,
        }  # fmt: skip
        return {**judged, "words": sentences(judged)}

    def to_dict(self) -> dict[str, Any]:
        """Return the promise as JSON can hold it."""
        return {
            "model": self.model, "metric": self.metric.name, "parameters": dict(self.metric.given),
            "margin": self.margin, "score": self.score, "ci": list(self.ci), "test_rows": self.test_rows,
            "task": self.task, "labels": list(self.labels), "log": self.log,
        }  # fmt: skip

    @classmethod
    def from_dict(cls, saved: Mapping[str, Any]) -> Self:
        """Return the promise that `to_dict` gave."""
        fields = {key: value for key, value in saved.items() if key not in {"metric", "parameters", "ci", "labels"}}
        metric, (low, high) = METRICS[saved["metric"]].bind(saved["parameters"]), saved["ci"]
        return cls(metric=metric, ci=(float(low), float(high)), labels=tuple(saved["labels"]), **fields)

    def _encoded(self, answer: object) -> float:
        if "probabilities" in TARGETS[self.task].can:
            label = str(answer).lower() if isinstance(answer, bool) else value_label(answer)
            if label in self.labels:
                return float(self.labels.index(label))
            same = [place for place, known in enumerate(self.labels) if known.lower() == label.lower()]
            if len(same) == 1:
                return float(same[0])
            allowed = ", ".join(map(quote, self.labels))
            raise InputError("no class of the target", where="the answer", allowed=allowed, todo="send one of these")
        try:
            value = float(str(answer))
        except (TypeError, ValueError):
            value = np.nan
        if not isfinite(value) or isinstance(answer, bool) or (self.log and value <= 0):
            allowed = "a number above 0" if self.log else "a number"
            raise InputError("no such number", where="the answer", allowed=allowed, todo="send what happened")
        return float(np.log(value)) if self.log else value

    def _in_units(self, y: Floats, predicted: Floats, unit: Floats | None) -> tuple[Floats, Floats]:
        if unit is None:
            raise InputError(
                f"{self.metric.label} without each row's unit", where="the promise", allowed="`unit`, for each row",
                todo="give the usual change of each row's series",
            )  # fmt: skip
        return y / unit, predicted / unit

    def _measure(self, y: Floats, predicted: Floats) -> tuple[float, float] | None:
        """Return the score of rows, and its standard error; None where it is undefined or has no known error."""
        if len(y) == 0 or any((y == needed).sum() < FEWEST_OF_CLASS for needed in self._needed()):
            return None
        prepared = self.metric.prepare(y, predicted)
        score = float(prepared.score(np.ones((len(y), 1)))[0])
        least = self.se * (self.test_rows / len(y)) ** 0.5 * (1.0 if len(y) < self.test_rows else LEAST_ERROR)
        if not isfinite(score):
            return None
        known = settled_errors({"": prepared}, [(None, "")], len(y))
        if known:
            return score, max(known[None, ""], least)
        drawn = replicates(Truth(self.metric, y, seed=0), {"": predicted}, count=RESAMPLES, pairs=[])
        se = drawn.score("").se
        return (score, max(se, least)) if isfinite(se) else None

    def _needed(self) -> tuple[int, ...]:
        """Return the classes of which rows must be known."""
        if "probabilities" not in TARGETS[self.task].can:
            return ()
        several = self.metric.prepare_several is not None and len(self.labels) > 2  # noqa: PLR2004 - classes
        return tuple(range(len(self.labels))) if several and self.metric.needs_classes else self.metric.needs_classes

    def _look(self, look: Look | None, y: Floats, predicted: Floats) -> dict[str, Any]:
        """Return the verdict of a look, with the loss and its interval."""
        nothing = {"verdict": "too early", "loss": None, "loss_ci": None}
        if look is None:
            return nothing
        found = self._measure(y[look.start : look.end], predicted[look.start : look.end])
        if found is None:
            return nothing
        times = self.schedule.reach(look)
        low, high = self._loss_ci(*found, times)
        loss = float(self.metric.gain(found[0], self.score))
        verdict: Verdict = "broken" if low > self.margin else "kept" if self._kept(*found, times) else "too early"
        return {"verdict": verdict, "loss": loss, "loss_ci": [low, high]}

    def _loss_ci(self, score: float, se: float, times: float) -> tuple[float, float]:
        """Return the interval of how much worse than promised the score is: MOVER, of two intervals one each."""
        promised = bent(self.score, self.se, times, self.metric.scale)
        reached = bent(score, se, times, self.metric.scale)
        loss = float(self.metric.gain(score, self.score))
        down, up = self.score - promised[0], promised[1] - self.score
        below, above = score - reached[0], reached[1] - score
        if not self.metric.greater_is_better:
            down, up, below, above = up, down, above, below
        return loss - float(np.hypot(down, above)), loss + float(np.hypot(up, below))

    def _kept(self, score: float, se: float, times: float) -> bool:
        """Return whether a score is surely no worse than the promised interval's worse end, give or take the margin."""
        low, high = bent(score, se, times, self.metric.scale)
        if self.metric.greater_is_better:
            return low >= self.ci[0] - self.margin
        return high <= self.ci[1] + self.margin

    def _more(self, rows: int, look: Look | None, so_far: tuple[float, float] | None) -> int | None:
        """Return how many more rows decide, if the score stays as it is; of no score so far, if it is the promised one.

        None where no look of a window will: the score lies between what is kept and what is broken.
        """
        known = rows % self.schedule.window
        score, spread = self.score, self.se * self.test_rows**0.5
        if so_far is not None and known:
            score, spread = so_far[0], so_far[1] * known**0.5
        ahead = look
        for _ in range(MOST_LOOKS):
            ahead = self.schedule.following(ahead)
            se, times = spread / ahead.rows**0.5, self.schedule.reach(ahead)
            if self._kept(score, se, times) or self._loss_ci(score, se, times)[0] > self.margin:
                return ahead.end - rows
        return None


def without_outcome(model: str) -> dict[str, Any]:
    """Return what stands in place of a judgement where nothing becomes known of rows that a score could be made of."""
    nothing = dict.fromkeys(("promised", "promised_ci", "score", "ci", "loss", "loss_ci", "more_rows"))
    words = [
        "No outcome: nothing becomes known later of a row, so no score is promised.",
        "Whether rows still lie where the rows of the build lay is what drift says.",
    ]
    verdict: Verdict = "no outcome"
    return {"model": model, "verdict": verdict, "rows": 0, "scored": 0, "judged": 0, **nothing, "words": words}


def sentences(judged: Mapping[str, Any]) -> list[str]:
    """Return a promise, and what became of it so far, in sentences, the verdict first."""
    formats = Formats(judged["margin"])
    promised = (
        f"Promised: {judged['label']} {formats.score(judged['promised'])} {_ends(formats, judged['promised_ci'])}, "
        f"measured on {counted(judged['test_rows'], 'test rows')}."
    )
    labelled = f"{counted(judged['rows'], 'rows')} with a label"
    if judged["score"] is None:
        so_far = f"So far: {labelled}, too few for a score."
    else:
        of = "" if judged["scored"] == judged["rows"] else f" of the last {count(judged['scored'])}"
        so_far = f"So far: {formats.score(judged['score'])} {_ends(formats, judged['ci'])}{of}, {labelled}."
    return [_verdict(judged, formats), promised, so_far]


def _verdict(judged: Mapping[str, Any], formats: Formats) -> str:
    margin = formats.gain(judged["margin"])
    if judged["verdict"] == "kept":
        return f"Kept: the score so far is no worse than promised, up to the margin of {margin}."
    if judged["verdict"] == "broken":
        loss = f"{formats.gain(judged['loss'])} {formats.gain(judged['loss_ci'])}"
        return f"Broken: the score so far is worse than promised by {loss}, more than the margin of {margin}."
    more = judged["more_rows"]
    if more is None:
        return (
            "Too early: if the score stays as it is, between what was promised and what would break the promise, no "
            "number of rows decides."
        )
    return f"Too early: {counted(more, 'rows')} more with a label will show it, if the score stays as it is."


def _ends(formats: Formats, ci: Sequence[float]) -> str:
    return f"[{formats.score(ci[0])}, {formats.score(ci[1])}]"
