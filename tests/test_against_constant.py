"""Tests of the verdict where the baseline loses to a constant: to beat it says nothing."""

import numpy as np
import pytest
from conftest import Facts
from sample_facts import SAMPLES, told_again

from pipelines.comparison.scores import measure
from pipelines.facts.claims import check_claims
from pipelines.inference.truth import Truth
from pipelines.metrics import METRICS
from pipelines.report.pages.report import render_beside, render_report

RNG = np.random.default_rng(0)
Y = RNG.normal(size=400)
WILD = Y.mean() + RNG.normal(size=400)  # a baseline that predicts noise
MEAN = np.full(400, Y.mean())


def test_a_baseline_below_a_constant_is_no_yardstick() -> None:
    """The strong model is the constant but for a little noise: far better than the baseline, no better than nothing."""
    strong = MEAN + 0.01 * RNG.normal(size=400)
    found = measure(Truth(METRICS["rmse"], Y, 1), {"baseline": WILD, "strong": strong}, MEAN)
    assert found["gain"]["strong"].ci[0] > 0.2
    constant = found["over_constant"]
    assert constant is not None
    assert constant.ci[0] < 0 < constant.ci[1]
    assert constant.value == pytest.approx(np.sqrt(np.mean((Y - MEAN) ** 2)) - np.sqrt(np.mean((Y - strong) ** 2)))


def test_a_baseline_that_beats_it_is_the_yardstick() -> None:
    """Where the baseline knows something, nothing is compared with a constant."""
    found = measure(Truth(METRICS["rmse"], Y, 1), {"baseline": 0.5 * Y, "strong": 0.9 * Y}, MEAN)
    assert found["over_constant"] is None


@pytest.mark.parametrize("verdict", ["better", "tie", "worse", "underpowered"])
@pytest.mark.parametrize("page", ["report", "interview", "post"])
def test_pages_say_what_the_verdict_is_about(page: str, verdict: str) -> None:
    """They tell the difference from the constant, and why."""
    facts: Facts = SAMPLES["regression"]()
    facts["compare"]["difference"] |= {
        "verdict": verdict, "rows_needed": 4000 if verdict == "underpowered" else None, "against": "constant",
        "constant": {"value": 0.512, "ci": [0.421, 0.633], "p_value": 0.01},
    }  # fmt: skip
    check_claims(told_again(facts)["reflect"]["claims"], facts)
    text = render_report(facts).markdown if page == "report" else render_beside(page, facts)
    assert ("from 0.42 to 0.63" if page == "post" else "0.512 [0.421, 0.633]") in text
    assert "a constant" in text.lower()
