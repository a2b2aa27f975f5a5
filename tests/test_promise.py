"""The promise of a score, held against labels that come in late: on populations whose truth is known, and by hand."""

import json
from typing import Any

import numpy as np
import pytest
import sample_facts
from populations import Population
from promising import path

from pipelines.core.errors import InputError
from pipelines.metrics import METRICS, metrics_for
from pipelines.serving.promise import FIRST_LOOK, Promise
from pipelines.targets import TARGETS

ROWS = 3_200


def a_promise(named: str = "roc_auc", **other: Any) -> Promise:  # noqa: ANN401 - fields
    """Return a promise of 0.8 [0.78, 0.82] by a named metric."""
    known: dict[str, Any] = {
        "model": "strong", "metric": METRICS[named], "margin": 0.01, "score": 0.8, "ci": (0.78, 0.82),
        "test_rows": 2_000, "task": "binary", "labels": ("no", "yes"), "log": False,
    }  # fmt: skip
    return Promise(**(known | other))


@pytest.mark.parametrize(
    ("metric", "world", "margin", "loss"), [("roc_auc", 0.3, 0.02, 0.12), ("rmse", "normal", 0.03, 0.25)]
)
def test_a_promise_that_is_kept_is_not_called_broken_and_one_that_is_broken_is_found(
    metric: str, world: float | str, margin: float, loss: float
) -> None:
    """Over whole paths, looked at each time: at most 1 of 20 is ever called wrongly, and 15 are called rightly."""
    population = Population(metric, world)

    kept = [path(population, 1_500, ROWS, margin, 0.0, seed) for seed in range(20)]
    broken = [path(population, 1_500, ROWS, margin, loss, seed) for seed in range(20)]

    assert sum("broken" in one for one in kept) <= 1
    assert sum(one[-1] == "kept" for one in kept) >= 15
    assert sum("kept" in one for one in broken) <= 1
    assert sum(one[-1] == "broken" for one in broken) >= 15


def test_the_uncertainty_of_the_promise_counts() -> None:
    """The same labels break a promise from 20,000 test rows, and not one from 100, though both promise 0.8."""
    random = np.random.default_rng(0)
    y = (random.random(4_000) < 0.5).astype(float)
    prediction = np.clip(0.15 * y + random.random(4_000), 0, 1)  # an AUC of about 0.64

    sure = a_promise(ci=(0.794, 0.806), test_rows=20_000).judge(y, prediction, encoded=True)
    unsure = a_promise(ci=(0.6, 0.91), test_rows=100).judge(y, prediction, encoded=True)

    assert sure["verdict"] == "broken"
    assert unsure["verdict"] != "broken"


@pytest.mark.parametrize(("share", "verdict"), [(9, "kept"), (8, "broken")])
def test_rows_that_are_said_to_be_needed_are_enough_and_no_fewer(share: int, verdict: str) -> None:
    """Of labels of which always so many of ten are right, the number that is given decides, and one less does not."""
    promise = a_promise("accuracy", score=0.9, ci=(0.88, 0.92), test_rows=1_000, margin=0.02)
    right = np.tile(np.arange(10) < share, 1_000).astype(float)

    def judged(rows: int) -> dict[str, Any]:
        return promise.judge(np.ones(rows), right[:rows], encoded=True)

    more = judged(100)["more_rows"]

    assert judged(100)["verdict"] == "too early"
    assert more > 100
    assert judged(100 + more - 1)["verdict"] == "too early"
    assert judged(100 + more)["verdict"] == verdict
    assert judged(100 + more)["more_rows"] is None


def test_one_class_alone_is_too_early() -> None:
    """200 rows without an event have no AUC; they have one as soon as there are ten."""
    promise = a_promise()
    prediction = np.linspace(0.1, 0.9, 200)

    none = promise.judge(["no"] * 200, prediction)
    some = promise.judge(["no"] * 190 + ["yes"] * 10, prediction)

    assert (none["verdict"], none["score"], none["ci"]) == ("too early", None, None)
    assert "too few for a score" in none["words"][2]
    assert some["score"] == 1.0


def test_no_surprise_so_far_is_no_proof() -> None:
    """100 right answers of 100 do not prove an accuracy of 0.999: the error of such a promise is known."""
    promise = a_promise("accuracy", score=0.999, ci=(0.996, 0.9997), test_rows=1_000, margin=0.001)

    judged = promise.judge(["yes"] * 100, np.ones(100))

    assert judged["score"] == 1.0
    assert judged["verdict"] == "too early"


def test_prices_are_judged_on_the_logarithm() -> None:
    """Answers in the currency, all 10 % too high, have an RMSE of ln 1.1 = 0.0953 where the logarithm is modelled."""
    promise = a_promise("rmse", task="regression", labels=(), log=True, score=0.1, ci=(0.09, 0.11))
    prices = np.random.default_rng(0).uniform(1e5, 1e6, 400)

    judged = promise.judge(prices.tolist(), prices * 1.1)

    assert judged["score"] == pytest.approx(0.09531, abs=1e-5)
    assert judged["loss"] == pytest.approx(0.09531 - 0.1, abs=1e-5)


@pytest.mark.parametrize("target", [name for name in TARGETS if TARGETS[name].rows == "apart"])
def test_every_metric_of_every_target_is_judged(target: str) -> None:
    """Rows that are predicted as well as promised are never called broken, and score what the metric says."""
    random = np.random.default_rng(0)
    several = target == "multiclass"
    classes = "probabilities" in TARGETS[target].can
    labels = ("a", "b", "c") if several else ("no", "yes") if classes else ()
    y = random.integers(0, len(labels) or 6, 3_200).astype(float) + (0 if classes else 1)
    noise = random.random((3_200, 3)) if several else random.random(3_200)
    prediction = 0.6 * (y[:, None] == np.arange(3)) + 0.4 * noise if several else 0.6 * y + 0.4 * noise
    prediction = prediction / prediction.sum(axis=1, keepdims=True) if several else prediction
    for given in metrics_for(target):
        metric = given.bind({one.name: one.draft for one in given.parameters})
        score = metric.score(y, prediction)
        promise = a_promise(
            metric.name, metric=metric, task=target, labels=labels, score=score, ci=(score - 0.02, score + 0.02)
        )

        judged = promise.judge([labels[int(one)] for one in y] if classes else y.tolist(), prediction)

        assert judged["score"] == pytest.approx(score)
        assert judged["verdict"] in {"kept", "too early"}, metric.name
        assert Promise.from_dict(json.loads(json.dumps(promise.to_dict()))) == promise
        json.dumps(judged, allow_nan=False)


@pytest.mark.parametrize("kind", sorted(sample_facts.SAMPLES))
def test_the_promise_is_that_of_the_facts(kind: str) -> None:
    """Score, interval, margin and test rows are those of step 6."""
    facts = sample_facts.load(kind)
    scored = next(one for one in facts["compare"]["models"] if one["name"] == "baseline")

    promise = Promise.of(facts, "baseline")

    assert (promise.score, list(promise.ci)) == (scored["score"], scored["ci"])
    assert promise.margin == facts["metric"]["margin"]
    assert promise.test_rows == facts["compare"]["test_rows"]
    assert promise.log == (facts["define"]["target_scale"] == "log")
    assert len(promise.labels) == len(facts["define"]["target_summary"].get("classes", []))


def test_the_repaired_baseline_has_a_promise_too() -> None:
    """Its score stands in the facts of step 7."""
    facts = sample_facts.binary()

    assert facts["reflect"]["repaired"] is not None
    assert Promise.of(facts, "repaired").score == facts["reflect"]["repaired"]["score"]


def test_an_unknown_model_is_refused() -> None:
    """The message lists those that have a score."""
    with pytest.raises(InputError, match="no score of a model 'best'"):
        Promise.of(sample_facts.binary(), "best")


@pytest.mark.parametrize(
    ("promise", "answers", "encoded"),
    [
        (a_promise(labels=("0", "1")), [1, 0.0, True, "1"], None),
        (a_promise(labels=("0", "1")), [1, 0.0, 1.0, "1"], [1, 0, 1, 1]),
        (a_promise(labels=("false", "true")), [True, "FALSE"], [1, 0]),
        (a_promise(), ["yes", "maybe"], None),
        (a_promise(), [None], None),
        (a_promise("rmse", task="regression", labels=()), [2, "3.5"], [2, 3.5]),
        (a_promise("rmse", task="regression", labels=()), [True], None),
        (a_promise("rmse", task="regression", labels=()), [float("nan")], None),
        (a_promise("rmse", task="regression", labels=(), log=True), [0.0], None),
        (a_promise("rmse", task="regression", labels=(), log=True), [1.0], [0]),
    ],
)
def test_what_happened_is_read_as_the_target_is_written(
    promise: Promise, answers: list[object], encoded: list[float] | None
) -> None:
    """Classes by their names, numbers as numbers; anything else is refused, and not repeated in the message."""
    if encoded is None:
        with pytest.raises(InputError, match="the answer") as raised:
            promise.encode(answers)
        assert "maybe" not in str(raised.value)
    else:
        assert promise.encode(answers).tolist() == encoded


def test_before_the_first_look_it_is_too_early_and_says_how_many_rows_are_missing() -> None:
    """No label at all: words, no score, and a number of rows that the promise's own error gives."""
    judged = a_promise().judge([], np.empty(0))

    assert judged["verdict"] == "too early"
    assert judged["rows"] == 0
    assert judged["more_rows"] >= FIRST_LOOK
    assert judged["words"][0] == (
        f"Too early: {judged['more_rows']:,} rows more with a label will show it, if the score stays as it is."
    )
    assert judged["words"][1] == "Promised: ROC AUC 0.800 [0.780, 0.820], measured on 2,000 test rows."


def test_what_breaks_late_is_seen_in_a_later_window() -> None:
    """Two windows of right answers, then one of guesses: the verdict goes from kept to broken."""
    promise = a_promise("accuracy", score=0.9, ci=(0.87, 0.93), test_rows=200, margin=0.02)
    window = promise.schedule.window
    random = np.random.default_rng(0)
    right = np.concatenate([random.random(2 * window) < 0.9, random.random(window) < 0.5]).astype(float)

    verdicts = [
        promise.judge(np.ones(rows), right[:rows], encoded=True)["verdict"] for rows in (2 * window, 3 * window)
    ]

    assert window == 800
    assert verdicts == ["kept", "broken"]
