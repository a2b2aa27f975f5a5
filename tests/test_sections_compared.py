"""The comparison in full: all models, other metrics, how much counts vary, and where the errors lie."""

import pytest
import sample_facts
from printed import printed
from test_sections_folded import models_of

from pipelines.report.sections.all_models import ALL_MODELS
from pipelines.report.sections.dispersion import DISPERSION
from pipelines.report.sections.other_metrics import OTHER_METRICS
from pipelines.report.sections.residuals import RESIDUALS


def test_p_values_stand_where_they_decide() -> None:
    """Only where an interval and its p-value disagree is there a column of p-values."""
    facts = sample_facts.binary()
    assert "Adjusted p" not in printed(ALL_MODELS, facts)

    other = next(one for one in facts["compare"]["models"] if one["name"] == "xgboost")
    other["versus_baseline"]["p_adjusted"] = 0.2
    assert "| Adjusted p |" in printed(ALL_MODELS, facts)
    assert "| 0.200 |" in printed(ALL_MODELS, facts)


def test_each_model_has_one_row() -> None:
    """The chosen model is the strong model: its name stands beside it, and not in a row of its own."""
    names = models_of(printed(ALL_MODELS, sample_facts.binary()))

    singles = ["random forest", "xgboost", "LightGBM"]
    assert names == ["dummy", "**baseline**", *singles, "**strong model** (weighted mean)"]


def test_a_model_of_fewer_folds_says_how_many() -> None:
    """Its mean over folds is of those that it was fitted on; the others' say nothing."""
    facts = sample_facts.binary()
    forest = next(one for one in facts["strong"]["models"] if one["name"] == "random_forest")
    assert "(of " not in printed(ALL_MODELS, facts)

    forest["folds"] = 1
    rows = [line for line in printed(ALL_MODELS, facts).splitlines() if "(of 1 fold)" in line]
    assert len(rows) == 1
    assert rows[0].startswith("| random forest |")


def test_relative_errors_of_a_logarithm_are_left_out() -> None:
    """MAPE stands under the errors in the target's own unit, and not among the metrics of the logarithm."""
    text = printed(OTHER_METRICS, sample_facts.regression())
    own, logarithm = text.split("### Other metrics")

    assert "All are metrics of the logarithm." in logarithm
    assert "| MAPE |" in own
    assert "| MAPE |" not in logarithm


@pytest.mark.parametrize(
    ("baseline", "strong", "said"),
    [
        (4.4, 4.6, "That is *overdispersion*: events come in bursts"),
        (3.6, 1.4, "is what the strong model explains"),
        (1.1, 0.9, "no more than chance makes of it"),
    ],
)
def test_overdispersion_is_named_where_it_is(baseline: float, strong: float, said: str) -> None:
    """Both vary far more than the distribution says, the baseline alone, or neither."""
    facts = sample_facts.regression()
    values = (("baseline", baseline), ("strong", strong))
    facts["compare"]["dispersion"] = [{"model": model, "value": value} for model, value in values]
    text = printed(DISPERSION, facts)

    assert said in text
    assert ("*overdispersion*" in text) == (baseline > 1.5)


def test_where_a_model_is_wrong_on_average_is_the_title() -> None:
    """The tenth with the largest mean error beyond chance; else that there is none."""
    facts = sample_facts.regression()
    strong = next(one for one in facts["compare"]["residuals"] if one["model"] == "strong")
    for tenth in strong["deciles"]:
        tenth["ci"] = [-1.0, 1.0]
    assert "**The strong model's mean error is beyond chance in no tenth of its predictions" in printed(
        RESIDUALS, facts
    )

    strong["deciles"][2] |= {"mean": 0.5, "ci": [0.4, 0.6]}
    text = printed(RESIDUALS, facts).replace("\\]", "]")
    assert "is largest in tenth 3 of its predictions, from below: 0.500 [0.400, 0.600]**" in text
