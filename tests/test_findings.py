"""The sentences of step 7: each case has its own words, and all numbers are those of facts."""

import copy

import pytest
import sample_facts
from conftest import Facts

from pipelines.causes import CAUSES
from pipelines.facts.claims import check_claims
from pipelines.findings.details import codes
from pipelines.findings.findings import story
from pipelines.findings.idle import SENTENCES, did_not_matter, undecided, why_not
from pipelines.findings.reasons import main_reason, other_reasons

FOLDS = {"gain": 0.02, "ci": [0.01, 0.03], "p_value": 0.001, "p_adjusted": 0.004, "below_margin": False}


def binary(**causes: Facts) -> Facts:
    """Return facts of the sample in which causes gained what is given, `out_of_fold` apart from the rest."""
    facts: Facts = copy.deepcopy(sample_facts.binary())
    for item in facts["reflect"]["attribution"]:
        item.update(causes.get(item["factor"], {}))
    return facts


def idle(**out_of_fold: object) -> Facts:
    """Return what a cause gained that does not matter."""
    folds = FOLDS | out_of_fold
    return {"applicable": True, "matters": False, "undecided": False, "out_of_fold": folds}


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        ({"gain": 0.0, "p_adjusted": 1.0}, "nothing"), ({"p_adjusted": 0.06}, "chance"),
        ({"gain": -0.02, "p_adjusted": 0.3}, "chance"), ({"gain": -0.02}, "worse"), ({"below_margin": True}, "small"),
        ({"gain": 0.02}, "contradicted"),
    ],
)  # fmt: skip
def test_why_a_cause_does_not_matter(found: Facts, reason: str) -> None:
    """The first reason that holds is given, and each has a sentence."""
    assert why_not(idle(**found)) == reason
    assert reason in SENTENCES


def test_causes_that_gain_too_little_share_one_sentence() -> None:
    """Two gains below the margin are listed with their numbers; what was not kept stands in a sentence of its own."""
    small = idle(gain=0.004, ci=[0.003, 0.005], below_margin=True)
    nothing = idle(gain=0.0, ci=[0.0, 0.0], p_adjusted=1.0)
    facts = binary(missingness=nothing, ratio=nothing, interaction=small, tuning=small)

    made = did_not_matter(facts)

    assert made is not None
    assert made["text"] == (
        "Joint effects of several features (0.004 [0.003, 0.005]) and all remaining differences (0.004 [0.003, 0.005]) "
        "gain something over the folds, but less than is worth acting on. Marks for missing values and ratios or "
        "differences of two amounts gain nothing: no such change lowers the loss on rows left out."
    )
    check_claims([made], facts)


def test_without_signal_no_cause_is_judged_by_its_gain() -> None:
    """Where no model beats a constant, a cause with a gain beyond chance is not said to be contradicted."""
    made = did_not_matter(sample_facts.without_signal(binary()))

    assert made is not None
    assert "cannot matter where no model is shown to predict better than a constant." in made["text"]
    assert "contradict" not in made["text"]


def test_a_cause_that_rows_cannot_judge_has_its_interval() -> None:
    """Over the folds where these are vague; on the test rows where the folds alone show a gain."""
    vague = idle(ci=[-0.01, 0.05]) | {"undecided": True}
    unconfirmed = idle(ci=[0.01, 0.05]) | {"undecided": True, "ci": [-0.02, 0.04]}

    made = undecided(binary(shape=vague, tuning=unconfirmed))

    assert made is not None
    assert made["text"] == (
        "The rows are too few to judge curved effects of single features ([-0.010, 0.050] over the folds) and all "
        "remaining differences ([-0.020, 0.040] on the test rows)."
    )


OVER_FOLDS = {"gain": 0.02, "ci": [0.01, 0.03], "p_value": 0.001, "p_adjusted": 0.004, "below_margin": False}


@pytest.mark.parametrize(
    ("found", "text"),
    [
        ({"gain": 0.1, "ci": [0.08, 0.12]},
         ("Ranks in place of raw values explain 0.100 [0.080, 0.120] of the 0.272 that the strong model gains "
         "over the baseline in ROC AUC; a linear model can use them as well.")),
        ({"gain": 0.3, "ci": [0.2, 0.4]},
         ("Ranks in place of raw values explain all of the 0.272 that the strong model gains over the baseline in ROC "
         "AUC, and more: 0.300 [0.200, 0.400]; a linear model can use them as well. Other changes lose a part of it "
         "again.")),
        ({"gain": 0.1, "ci": [0.0002, 0.2]},
         ("Ranks in place of raw values explain 0.1000 [0.0002, 0.2000] of the 0.272 that the strong model gains "
         "over the baseline in ROC AUC; a linear model can use them as well.")),
        ({"gain": 0.1, "ci": [-0.02, 0.22], "confirmed": False},
         ("Ranks in place of raw values explain 0.100 [-0.020, 0.220] of the 0.272 that the strong model gains "
         "over the baseline in ROC AUC; a linear model can use them as well. The folds show it, the test rows alone "
         "do not.")),
        ({"gain": -0.004, "ci": [-0.02, 0.01], "confirmed": False, "out_of_fold": OVER_FOLDS},
         ("Ranks in place of raw values gain most over the folds, 0.020 [0.010, 0.030], but nothing on the test rows: "
         "-0.004 [-0.020, 0.010].")),
    ],
)  # fmt: skip
def test_the_main_reason_has_subject_verb_and_number(found: Facts, text: str) -> None:
    """Part of the gain, all of it, an end that is nearly zero, a gain that the test rows do not show, or contradict."""
    facts = binary(scale={"confirmed": True} | found, shape={"matters": False})

    made = main_reason(facts)

    assert made["text"] == text
    check_claims([made], facts)


@pytest.mark.parametrize(
    ("features", "text"),
    [
        (["age"], ("The gain depends on age, which may give the target away. With it a quick strong model leads the "
                  "baseline by 0.160 in ROC AUC over the folds, without it by 0.005 [-0.002, 0.012]. If it leaks, the "
                  "gain is the leak.")),
        (["age", "income"], ("The gain depends on age and income, which may give the target away. With them a quick "
                            "strong model leads the baseline by 0.160 in ROC AUC over the folds, without them by 0.005 "
                            "[-0.002, 0.012]. If they leak, the gain is the leak.")),
    ],
)  # fmt: skip
def test_a_leak_of_one_column_is_not_a_leak_of_several(features: list[str], text: str) -> None:
    """Pronoun and verb agree with the number of columns."""
    facts = sample_facts.with_leak(binary())
    facts["reflect"]["leak_verdict"]["features"] = features

    assert main_reason(facts)["text"] == text


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        ({"values": [96.0], "features": ["late"], "rows": 1, "gain": 0.2},
         ("Most of what ranks gain comes from codes: 96 in late (1 training row) looks like a code, not like a number. "
         "Reading it as missing, and nothing else, gains 0.200 [0.185, 0.270] over the folds.")),
        ({"values": [96.0, 98.0], "features": ["late", "later"], "rows": 1225, "gain": 0.1},
         ("Part of what ranks gain comes from codes: 96 and 98 in late and later (1,225 training rows) look like "
         "codes, not like numbers. Reading them as missing, and nothing else, gains 0.100 [0.185, 0.270] over the "
         "folds.")),
    ],
)  # fmt: skip
def test_codes_agree_with_their_number(changed: Facts, text: str) -> None:
    """One code in one row, and two in many; most of the ranks' gain of 0.259, and less than half of it."""
    facts = binary()
    facts["reflect"]["codes"] |= changed | {"ci": [0.185, 0.270]}

    made = codes(facts)

    assert made is not None
    assert made["text"] == text


def test_the_other_causes_follow_by_their_gain() -> None:
    """The largest comes first, and what the folds alone show is said to be that."""
    matters = {"matters": True, "confirmed": True}
    facts = binary(
        shape=matters | {"gain": 0.01, "ci": [0.005, 0.015]},
        interaction=matters | {"gain": 0.02, "ci": [-0.01, 0.05], "confirmed": False, "out_of_fold": FOLDS},
    )

    made = other_reasons(facts)

    assert made is not None
    assert made["text"] == (
        "Joint effects of several features (0.020 [-0.010, 0.050]; the folds show it, 0.020, the test rows alone do "
        "not) and curved effects of single features (0.010 [0.005, 0.015]) matter as well."
    )


@pytest.mark.parametrize("cause", CAUSES, ids=lambda cause: cause.name)
def test_the_wording_of_a_cause_fits_every_sentence(cause: object) -> None:
    """It begins with a small letter, is a plural, holds no digit and no list that another list would blur."""
    wording: str = cause.wording  # type: ignore[attr-defined]

    assert wording[0].islower()
    assert not any(sign.isdigit() for sign in wording)
    assert " and " not in wording
    assert any(word.endswith("s") for word in wording.split())


@pytest.mark.parametrize("kind", sample_facts.SAMPLES)
@pytest.mark.parametrize("verdict", ["better", "tie", "worse", "underpowered"])
def test_every_claim_is_bound(kind: str, verdict: str) -> None:
    """Whatever the verdict, no claim has a plus sign, an open place or a number without a fact."""
    facts = sample_facts.with_verdict(copy.deepcopy(sample_facts.SAMPLES[kind]()), verdict)
    claims = story(facts)

    check_claims(claims, facts)
    assert not [one["text"] for one in claims if "+" in one["text"] or "{" in one["text"]]
    assert all(one["text"].endswith(".") for one in claims)
