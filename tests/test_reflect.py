"""Step 7 as a whole: all its facts, the same however the work is scheduled, and claims that hold."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from conftest import Facts
from toy_table import run_backwards, run_now, small_project, small_table

from pipelines.answer.not_tested import CHECKS
from pipelines.baseline import baseline
from pipelines.core.table import FOLDS, Table
from pipelines.facts.baseline import BaselineFacts
from pipelines.facts.claims import check_claims
from pipelines.facts.pointer import given
from pipelines.facts.reflect import ReflectFacts
from pipelines.facts.strong import StrongFacts
from pipelines.findings.findings import story
from pipelines.ladder.attribute import attribute
from pipelines.ladder.interactions import interaction_facts
from pipelines.ladder.ladder import ladder
from pipelines.ladder.shapes import shape_facts
from pipelines.ladder.study import Study
from pipelines.ladder.thinned import spaced
from pipelines.metrics import METRICS
from pipelines.models.fit import Fit
from pipelines.models.saving.archive import load
from pipelines.reflect import reflect
from pipelines.strong import strong
from pipelines.targets import Number

ROWS = 600
Fits = tuple[Fit[BaselineFacts], Fit[StrongFacts]]  # of steps 4 and 5


@pytest.fixture(scope="module")
def fits() -> Fits:
    """Return what steps 4 and 5 leave of a small table."""
    table, project = small_table(rows=ROWS), small_project()
    return baseline(table, project, run_now), strong(table, project, run_now)


@pytest.fixture(scope="module")
def reflected(fits: Fits) -> tuple[Facts, Facts]:
    """Return step 7's facts of a small table, its work run last first, and all facts that its claims speak of."""
    table, project = small_table(rows=ROWS), small_project()
    first, second = fits
    predictions = {"baseline": first.predictions, "strong": second.predictions}
    test = table.fold < 0
    scores = {
        name: METRICS["roc_auc"].score(table.y[test], predictions[name][name].to_numpy()[test])
        for name in ("baseline", "strong")
    }
    difference = scores["strong"] - scores["baseline"]
    facts: Facts = {
        "define": {"target_scale": "linear", "features": [], "split": {"kind": "random"}},
        "strong": second.facts,
        "metric": {"primary": "roc_auc", "label": "ROC AUC", "margin": 0.01},
        "compare": {
            "test_rows": int(test.sum()),
            "greater_is_better": True,
            "difference": {"value": difference, "ci": [difference - 0.05, difference + 0.05], "verdict": "better"},
        },
        "eda": {
            "columns": [{"name": name, "score_alone": 0.6} for name in table.features],
            "leak_suspects": [{"feature": "steady", "why": "it looks too good"}],
            "hypotheses": [{"id": "H1", "factor": "shape", "predicts": "matters"}],
        },
    }
    # Rows are found by their number, not by their place.
    shuffled = {step: frame.sample(frac=1, random_state=1) for step, frame in predictions.items()}
    found = reflect(table, project, shuffled, second.model, facts, run_backwards([])).facts
    return found, facts | {"reflect": found}


def test_facts_are_plain_and_complete(reflected: tuple[Facts, Facts]) -> None:
    """Strict JSON without NaN, and every key of the contract."""
    found, _ = reflected
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert set(found) == ReflectFacts.__required_keys__


def test_gains_add_up_to_the_difference(reflected: tuple[Facts, Facts]) -> None:
    """The causes' gains on the test rows sum to what step 6 measured."""
    found, facts = reflected
    total = sum(item["gain"] for item in found["attribution"])
    assert total == pytest.approx(facts["compare"]["difference"]["value"], abs=1e-12)


def test_gains_over_folds_add_up_to_the_mean_difference(reflected: tuple[Facts, Facts], fits: Fits) -> None:
    """Over the folds too: their sum is the mean over folds of strong less baseline, as steps 4 and 5 score them."""
    found, facts = reflected
    chosen = next(one for one in facts["strong"]["models"] if one["role"] == "strong")
    base = next(one for one in fits[0].facts["models"] if one["role"] == "baseline")
    total = sum(item["out_of_fold"]["gain"] for item in found["attribution"])
    assert total == pytest.approx(chosen["cv_mean"] - base["cv_mean"], abs=1e-12)


def test_the_curve_is_found(reflected: tuple[Facts, Facts]) -> None:
    """The small table holds one U-shape: shape matters, by that feature, as step 3 had guessed."""
    found, _ = reflected
    assert [item["factor"] for item in found["attribution"] if item["matters"]] == ["shape"]
    assert found["shapes"][0]["feature"] == "curved"
    assert found["hypotheses"][0]["outcome"] == "came true"
    assert found["shap"]["features"][0]["feature"] == "curved"
    reason = found["claims"][0]["text"]
    # Curves gain more than the whole; what else the strong model does loses some of it again.
    assert reason.startswith("Curved effects of single features explain all of the 0.160 that the strong model gains")
    assert "and more: 0.180 [0.081, 0.278]" in reason


def test_claims_hold(reflected: tuple[Facts, Facts]) -> None:
    """Every number in every claim is the formatting of a fact."""
    found, facts = reflected
    check_claims(found["claims"], facts)
    assert found["claims"][0]["id"] == "main_reason"


def test_the_schedule_does_not_matter(reflected: tuple[Facts, Facts], fits: Fits) -> None:
    """Run first to last, without strong models beside it, the ladder's facts are the same to the last bit."""
    found, _ = reflected
    table, project = small_table(rows=ROWS), small_project()
    study = Study(table, METRICS["roc_auc"], project.metric.margin, project.split.seed, run_now)
    climbed = ladder(study, fits[0].predictions["baseline"].to_numpy())
    assert json.dumps(interaction_facts(study, climbed)) == json.dumps(found["interactions"])
    assert json.dumps(shape_facts(study, climbed)) == json.dumps(found["shapes"])
    again = attribute(study, climbed, climbed.predictions["interaction"], signal=True)
    assert again["ladder"][:6] == found["ladder"][:6]


def test_negative_controls_pass(reflected: tuple[Facts, Facts]) -> None:
    """Neither a shuffled target nor a noise column is given a cause, though the real target has one."""
    controls = reflected[0]["controls"]
    assert controls["passed"]
    assert not any(item["matters"] for item in controls["shuffled"]["attribution"])


@pytest.mark.parametrize(
    ("verdict", "begins"),
    [
        ("tie", "There is no gain to explain: the difference in ROC AUC on"),
        ("worse", "There is no gain to explain: the strong model is worse."),
        ("underpowered", "There is no established gain to explain:"),
    ],
)
def test_without_a_gain_no_cause_is_claimed(verdict: str, begins: str, reflected: tuple[Facts, Facts]) -> None:
    """Whatever the ladder found, a tie has no main reason, no other reasons, no feature and no pair behind it."""
    _, facts = reflected
    difference = facts["compare"]["difference"] | {"verdict": verdict}
    told = story(facts | {"compare": facts["compare"] | {"difference": difference}})
    assert told[0]["text"].startswith(begins)
    assert not {"other_reasons", "which_feature", "which_pair"} & {one["id"] for one in told}


def test_failed_controls_are_the_main_caveat(reflected: tuple[Facts, Facts]) -> None:
    """If the machinery finds causes where there are none, that comes before any leak."""
    found, facts = reflected
    broken = found | {"controls": found["controls"] | {"passed": False}}
    claims = story(facts | {"reflect": broken})
    check_claims(claims, facts | {"reflect": broken})
    told = {one["id"]: one["text"] for one in claims}
    assert "not to be trusted" in told["main_caveat"]
    told = {one["id"]: one["text"] for one in story(facts)}
    assert told["main_caveat"].startswith("steady may give the target away")


def test_regression_with_groups_and_one_feature() -> None:
    """The smallest table: one feature, rows in groups, no pair to test, no earlier suspicion."""
    table, project = small_table("regression", rows=400), small_project("regression")
    frame = table.frame[["row_id", "split", "fold", "y_true", "curved"]].assign(group=np.arange(400) // 5)
    alone = Table(frame[["row_id", "split", "fold", "y_true", "group", "curved"]], Number())
    first, second = baseline(alone, project, run_now), strong(alone, project, run_now)
    predictions = {"baseline": first.predictions, "strong": second.predictions}
    facts: Facts = {
        "define": {"target_scale": "log", "features": [], "split": {"kind": "group"}},
        "strong": second.facts,
        "metric": {"primary": "rmse", "label": "RMSE", "margin": 0.01},
        "compare": {
            "test_rows": 80,
            "greater_is_better": False,
            "difference": {"value": 0.1, "ci": [0.05, 0.15], "verdict": "better"},
        },
        "eda": {"columns": [{"name": "curved", "score_alone": 0.1}], "leak_suspects": [], "hypotheses": []},
    }
    found = reflect(alone, project, predictions, second.model, facts, run_now).facts
    assert found["interactions"] == []
    assert found["leakage"] == []
    by_cause = {item["factor"]: item for item in found["attribution"]}
    assert by_cause["shape"]["matters"]
    told = {one["id"]: one["text"] for one in found["claims"]}
    assert "RMSE of the logarithm" in told["main_reason"]
    assert not by_cause["interaction"]["applicable"]
    assert isinstance(pd.DataFrame(found["ladder"])["test_score"].sum(), float)


def test_a_very_large_table_is_thinned_and_its_repaired_baseline_is_not(
    fits: Fits, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Step 7 says of how many training rows it speaks; test rows stay, and the saved model is fitted to all rows.

    The ladder sets out from step 4's baseline fitted to these rows alone, so that no cause gains or loses what the
    baseline learns from the others; shares stay those of the difference that step 6 measured.
    """
    monkeypatch.setattr("pipelines.reflect.FEWEST", 300)
    monkeypatch.setattr("pipelines.ladder.thinned.FEWEST", 300)
    table, project = small_table(rows=ROWS), small_project()
    first, second = fits
    predictions = {"baseline": first.predictions, "strong": second.predictions}
    training, tested = int((table.fold >= 0).sum()), int((table.fold < 0).sum())
    facts: Facts = {
        "define": {"target_scale": "linear", "features": [], "split": {"kind": "random"}, "doubts": []},
        "strong": second.facts,
        "metric": {"primary": "roc_auc", "label": "ROC AUC", "margin": 0.01},
        "compare": {
            "test_rows": tested, "greater_is_better": True,
            "difference": {"value": 0.1, "ci": [0.099, 0.101], "se": 0.0005, "verdict": "better"},
            "models": [{"role": "baseline", "score": 0.5}, {"role": "strong", "score": 0.6}],
        },
        "eda": {"columns": [{"name": name} for name in table.features], "leak_suspects": [], "hypotheses": []},
    }  # fmt: skip

    reflected = reflect(table, project, predictions, second.model, facts, run_now)

    found, saved = reflected.facts, load(reflected.repaired)
    thinned = found["thinned"]
    assert thinned is not None
    assert thinned["of"] == training
    assert thinned["rows"] == pytest.approx(300, abs=FOLDS)
    assert thinned["se"] == pytest.approx(0.0005 * (tested / thinned["rows"]) ** 0.5)
    assert max(one["rows"] for part in found["attribution"] for one in part["tried"]) < 300
    assert given(found["headroom"])["more_rows"]["times"][0]["rows"] == pytest.approx(2 * 0.8 * training, rel=0.05)
    assert saved.schema["training_rows"] == training
    (said,) = (one for check in CHECKS[-1:] if (one := check(facts | {"reflect": found})) is not None)
    assert f"{thinned['rows']} of {training} training rows" in said["text"]

    few = replace(table, frame=table.frame.iloc[spaced(table, 300)].reset_index(drop=True))
    again, test = baseline(few, project, run_now).predictions, few.fold < 0
    score, scores = METRICS["roc_auc"].score, [rung["test_score"] for rung in found["ladder"]]
    assert scores[0] == pytest.approx(score(few.y[test], again["baseline"].to_numpy()[test]), abs=1e-4)
    stored, strongest = (predictions[name][name].to_numpy()[table.fold < 0] for name in ("baseline", "strong"))
    assert abs(scores[0] - score(few.y[test], stored)) > 1e-3
    assert sum(one["gain"] for one in found["attribution"]) == pytest.approx(score(few.y[test], strongest) - scores[0])
    assert all(one["share"] == pytest.approx(one["gain"] / 0.1) for one in found["attribution"])
    assert f"is {scores[0]:.3f}; fitted to all, it is 0.500." in said["text"]
