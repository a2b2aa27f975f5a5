"""Gains, what makes one matter, and what becomes of hypotheses."""

from typing import Any

import numpy as np
import pytest
from conftest import Facts

from pipelines.inference import bootstrap
from pipelines.inference.bootstrap import settled_errors
from pipelines.inference.truth import Truth
from pipelines.ladder.gains import NO_GAIN, Gain, adjusted, judge, paired_gains
from pipelines.ladder.outcomes import hypothesis_facts
from pipelines.metrics import METRICS
from pipelines.metrics.prepared import Prepared

CLEAR = Gain(0.02, (0.01, 0.03), 1e-4)


@pytest.mark.parametrize(
    ("out_of_fold", "p", "test", "matters", "close"),
    [
        (CLEAR, 0.001, Gain(0.02, (0.0, 0.04), 0.05), True, False),
        (CLEAR, 0.2, Gain(0.02, (0.0, 0.04), 0.05), False, False),  # could be chance
        (Gain(0.002, (0.001, 0.003), 1e-4), 0.001, CLEAR, False, False),  # below the margin of 0.005
        (Gain(-0.02, (-0.03, -0.01), 1e-4), 0.001, CLEAR, False, False),  # a loss
        (CLEAR, 0.001, Gain(-0.02, (-0.03, -0.01), 1e-4), False, False),  # contradicted
        (CLEAR, 0.001, Gain(0.0, (-0.004, 0.004), 1.0), False, False),  # the test rows rule out the margin
        (CLEAR, 0.001, Gain(-0.005, (-0.0154, 0.0054), 0.3), True, True),  # all but ruled out
        (Gain(0.0051, (0.001, 0.009), 1e-4), 0.001, CLEAR, True, True),  # within 0.0002 of the margin
        (CLEAR, 0.0501, CLEAR, False, True),
        (CLEAR, 0.04, CLEAR, True, True),
        (CLEAR, 0.0, CLEAR, True, False),
        (NO_GAIN, 1.0, NO_GAIN, False, False),
    ],
)
def test_what_matters(out_of_fold: Gain, p: float, test: Gain, matters: bool, close: bool) -> None:
    """Significant, at least the margin, and not contradicted; close where a twentieth of half an interval decides."""
    judged = judge(out_of_fold, p, test, 0.005)
    assert (judged.matters, judged.close) == (matters, close)


@pytest.mark.parametrize(
    ("ci", "p", "undecided"),
    [
        ((-0.01, 0.03), 0.3, True),
        ((-0.002, 0.004), 0.5, False),
        ((0.001, 0.019), 0.03, False),
        ((0.0, 0.0), 1.0, False),
    ],
)
def test_what_rows_cannot_decide(ci: tuple[float, float], p: float, undecided: bool) -> None:
    """An interval that holds both nothing and the margin of 0.005 decides neither way; one that matters is decided."""
    assert judge(Gain(sum(ci) / 2, ci, p), p, CLEAR, 0.005).undecided == undecided


@pytest.mark.parametrize(
    ("test", "matters", "undecided"),
    [
        ((0.001, 0.03), True, False),
        ((-0.001, 0.03), False, True),  # the test rows say neither yes nor no
        ((-0.03, 0.001), False, False),  # they say no
    ],
)
def test_what_the_folds_flatter_must_be_confirmed(test: tuple[float, float], matters: bool, undecided: bool) -> None:
    """Where the folds chose the model, a gain that is clear over them matters only if the test rows show it too."""
    on_test = Gain(sum(test) / 2, test, 0.5)
    judged = judge(CLEAR, 0.001, on_test, 0.005, confirm=True)
    assert (judged.matters, judged.undecided) == (matters, undecided)
    assert judge(CLEAR, 0.001, Gain(0.0, (-0.01, 0.01), 1.0), 0.005).matters  # else it need not
    chance = judge(Gain(0.01, (-0.01, 0.03), 0.3), 0.3, on_test, 0.005, confirm=True)
    assert (chance.matters, chance.undecided) == (False, True)


def test_equal_predictions_gain_exactly_nothing() -> None:
    """No resampling noise for a rung that was not kept; the other pair is measured all the same."""
    rng = np.random.default_rng(0)
    y = (rng.random(400) < 0.4).astype(float)
    a, b = rng.random(400), 0.5 * y + rng.random(400)
    same, better, back = paired_gains(
        Truth(METRICS["roc_auc"], y, 1), {"a": a, "b": b, "c": a.copy()}, [("a", "c"), ("a", "b"), ("b", "a")]
    )
    assert same == NO_GAIN
    assert better.ci[0] > 0
    assert back.value == -better.value


def test_gains_are_positive_for_smaller_errors() -> None:
    """Whatever the metric's direction, better is positive: by hand, squared errors 1 and 4."""
    y = np.zeros(50)
    (gain,) = paired_gains(Truth(METRICS["mse"], y, 1), {"a": y + 2, "b": y + 1 + 1e-9 * np.arange(50)}, [("a", "b")])
    assert gain.value == pytest.approx(3.0)


def test_rows_of_one_group_move_together() -> None:
    """Ten copies of each row, as groups, are no more certain than the rows themselves."""
    rng = np.random.default_rng(1)
    y, a = rng.normal(size=60), rng.normal(size=60)
    b = y + rng.normal(size=60)
    many = {"a": np.repeat(a, 10), "b": np.repeat(b, 10)}
    (alone,) = paired_gains(Truth(METRICS["mse"], y, 1), {"a": a, "b": b}, [("a", "b")])
    (grouped,) = paired_gains(
        Truth(METRICS["mse"], np.repeat(y, 10), 1, np.repeat(np.arange(60), 10)), many, [("a", "b")]
    )
    assert grouped.half == pytest.approx(alone.half, rel=0.05)


def test_holm_is_over_what_was_tested() -> None:
    """By hand: 0.01 and 0.04 of two tests become 0.02 and 0.04; the third is not in the family."""
    gains = [Gain(0.0, (0.0, 0.0), p) for p in (0.01, 0.5, 0.04)]
    assert adjusted(gains, [True, False, True]) == [0.02, None, 0.04]


def _cause(**changes: object) -> dict[str, Any]:
    found = {
        "factor": "scale", "applicable": True, "matters": False, "undecided": False, "close": False,
        "why": "there is nothing to scale",
        "out_of_fold": {"gain": 0.01, "p_adjusted": 0.001, "below_margin": False},
    }  # fmt: skip
    return found | changes


@pytest.mark.parametrize(
    ("predicts", "cause", "outcome", "words"),
    [
        ("matters", _cause(matters=True), "came true", "reaches the margin"),
        ("does not matter", _cause(matters=True), "did not", "reaches the margin"),
        ("matters", _cause(), "did not", "contradict"),
        ("matters", _cause(out_of_fold={"gain": 0.0, "p_adjusted": 1.0, "below_margin": True}), "did not",
         "was tried"),
        ("does not matter", _cause(out_of_fold={"gain": 0.1, "p_adjusted": 0.3, "below_margin": False}), "came true",
         "chance"),
        ("does not matter", _cause(out_of_fold={"gain": -0.1, "p_adjusted": 0.0, "below_margin": True}), "came true",
         "worse"),
        ("does not matter", _cause(out_of_fold={"gain": 0.001, "p_adjusted": 0.0, "below_margin": True}), "came true",
         "smaller"),
        ("matters", _cause(undecided=True), "could not be tested", "too few"),
        ("does not matter", _cause(undecided=True), "could not be tested", "too few"),
        ("matters", _cause(applicable=False), "could not be tested", "nothing to scale"),
        ("does not matter", _cause(applicable=False), "came true", "nothing to scale"),
    ],
)  # fmt: skip
def test_outcome_of_a_hypothesis(predicts: str, cause: Facts, outcome: str, words: str) -> None:
    """Each prediction came true or did not, for a reason that follows from the cause's facts."""
    eda: Facts = {"hypotheses": [{"id": "H1", "factor": "scale", "predicts": predicts}]}
    (told,) = hypothesis_facts(eda, [cause])
    assert told["outcome"] == outcome
    assert words in told["why"]


def drawn_rows(kind: str, rng: np.random.Generator) -> tuple[str, np.ndarray, dict[str, np.ndarray]]:
    """Return a metric, a target, and the predictions of two models of which one is better."""
    if kind == "rmse":
        y = rng.standard_t(4, 1_500)
        return kind, y, {"a": 0.3 * y + 0.7 * rng.normal(size=1_500), "b": 0.35 * y + 0.5 * rng.normal(size=1_500)}
    y = np.repeat([1.0, 0.0], [200, 2_000])
    known = 2 * y + rng.normal(size=2_200)
    return kind, y, {name: known + wide * rng.normal(size=2_200) for name, wide in (("a", 0.7), ("b", 0.5))}


@pytest.mark.parametrize("kind", ["rmse", "roc_auc", "average_precision"])
def test_intervals_without_resamples_cover(kind: str) -> None:
    """Over 400 tables, 95 % intervals by the standard error alone hold the true difference as often as they say."""
    rng = np.random.default_rng(5)
    gains, errors = np.empty(400), np.full(400, np.nan)
    for i in range(400):
        name, y, models = drawn_rows(kind, rng)
        prepared = {model: METRICS[name].prepare(y, values) for model, values in models.items()}
        errors[i] = settled_errors(prepared, [("a", "b")], len(y)).get(("a", "b"), np.nan)
        one = np.ones((len(y), 1))
        gains[i] = prepared["b"].score(one)[0] - prepared["a"].score(one)[0]
    known = np.isfinite(errors)  # elsewhere resamples are drawn
    covered = np.abs(gains - gains.mean())[known] < 1.96 * errors[known]
    assert known.mean() > 0.5
    assert 0.92 < covered.mean() < 0.98


def test_with_and_without_resamples_gains_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    """On rows enough, both intervals differ by no more than what 500 resamples leave to chance."""
    _, y, models = drawn_rows("roc_auc", np.random.default_rng(6))
    truth = Truth(METRICS["roc_auc"], y, 1)
    (alone,) = paired_gains(truth, models, [("a", "b")])
    monkeypatch.setattr(bootstrap, "SETTLED", 0.0)
    (drawn,) = paired_gains(truth, models, [("a", "b")])
    assert alone.value == pytest.approx(drawn.value, rel=1e-12)
    assert alone.half != drawn.half
    assert alone.half == pytest.approx(drawn.half, rel=0.1)


def test_few_events_and_heavy_tails_are_resampled() -> None:
    """A standard error that a handful of rows decide is not taken for known; by hand, one outlier is all of it."""
    rng = np.random.default_rng(7)
    y = np.zeros(5_000)
    y[:20] = 1.0
    models = {name: 2 * y + rng.normal(size=5_000) for name in "ab"}
    rare = {name: METRICS["roc_auc"].prepare(y, values) for name, values in models.items()}
    assert settled_errors(rare, [("a", "b")], 5_000) == {}

    moved = np.zeros(1_000)
    moved[0] = 1.0
    outlier = Prepared(lambda weights: weights.sum(axis=0), lambda: moved - moved.mean())
    assert settled_errors({"a": outlier}, [(None, "a")], 1_000) == {}

    even = Prepared(lambda weights: weights.sum(axis=0), lambda: np.resize([-1.0, 1.0], 1_000))
    assert settled_errors({"a": even}, [(None, "a")], 1_000) == {(None, "a"): pytest.approx(1_000**0.5, rel=1e-3)}
    assert settled_errors({"a": even}, [(None, "a")], 999) == {}
