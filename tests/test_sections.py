"""Why: what each section says of the facts, and what it does not say."""

import pytest
import sample_facts
from conftest import Facts
from printed import printed, unfolded
from sample_facts import SAMPLES, told_again, with_verdict
from situations import situation

from pipelines.report.formats import NOTHING
from pipelines.report.sections.causes import CAUSES
from pipelines.report.sections.pairs import PAIRS
from pipelines.report.sections.scales import SCALES
from pipelines.report.sections.shap import SHAP
from pipelines.report.sections.shapes import SHAPES
from pipelines.report.sections.single_parts import SINGLE_PARTS
from pipelines.report.sections.turned_signs import TURNED_SIGNS
from pipelines.report.sections.why import WHY

BY_CHANCE = {"matters": False, "undecided": False, "p_adjusted": 0.103}


def cause(facts: Facts, name: str) -> Facts:
    """Return what step 7 found of a cause, which a test may change."""
    return next(item for item in facts["reflect"]["attribution"] if item["factor"] == name)


def changed(facts: Facts, name: str, change: Facts) -> None:
    """Change what step 7 found of a cause; its p-value is that of the folds."""
    item = cause(facts, name)
    item |= change
    item["out_of_fold"]["p_adjusted"] = item["p_adjusted"]


def row(facts: Facts, name: str) -> str:
    """Return the row of a cause in the table that everyone sees."""
    return next(line for line in unfolded(CAUSES, facts).splitlines() if line.startswith(f"| {name} "))


def test_the_changes_that_matter_come_first_with_their_gains() -> None:
    """All of them in one sentence, the largest first; the sentence of the opening is not said again."""
    text = printed(WHY, sample_facts.binary())

    assert text.startswith(
        "Two changes to the baseline matter: scale (0.220 [0.152, 0.288]) and shape (0.054 [0.027, 0.081])."
    )
    assert "come from scale" not in text
    assert "reaches the margin of 0.005" in text


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "the gain is a leak",
            "If they leak, the gain is the leak. As changes to the baseline, the gain shows as scale",
        ),
        ("controls failed", "As changes to the baseline, the gain shows as scale"),
        ("no signal", "This data shows no signal"),
        ("behind a constant", "Two changes to the baseline matter: scale"),
        ("drift", "Two changes to the baseline matter: scale"),
    ],
)
def test_what_is_known_changes_how_the_causes_are_named(name: str, said: str) -> None:
    """Where the gain is a leak, or the method itself failed, no change is said to matter."""
    text = printed(WHY, situation("binary", "better", name))

    assert text.startswith(said)
    assert ("baseline matter" in text) == ("matter:" in said)


@pytest.mark.parametrize(
    ("verdict", "against", "said"),
    [
        ("tie", None, "There is no gain to explain: all changes together stay within the margin."),
        ("worse", None, "There is no gain to explain: the strong model is worse."),
        ("underpowered", None, "There is no established gain to explain: the rows are too few."),
        ("tie", "constant", "There is no gain to explain beyond what a constant has."),
    ],
)
def test_without_a_gain_there_is_nothing_to_explain(verdict: str, against: str | None, said: str) -> None:
    """Each other verdict has its sentence."""
    facts = with_verdict(sample_facts.regression(), verdict)
    if against:
        facts = situation("regression", verdict, "behind a constant")

    assert printed(WHY, facts).startswith(said)


def test_a_change_that_may_be_chance_is_named_where_none_matters() -> None:
    """The reader sees which it is, what it gains on both sides, and that this may be chance."""
    facts = sample_facts.binary()
    for item in facts["reflect"]["attribution"]:
        item["matters"] = False
    changed(facts, "scale", BY_CHANCE)

    assert printed(WHY, told_again(facts)).startswith("The largest change is scale: it gains 0.220 [0.152, 0.288]")

    cause(facts, "scale")["out_of_fold"]["below_margin"] = True
    assert printed(WHY, told_again(facts)).startswith("How this is known")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"matters": True}, "| yes | **yes** |"),
        ({"matters": True, "close": True}, "| yes | **yes** (close) |"),
        (BY_CHANCE, "| yes | no: may be chance (p 0.103) |"),
        (BY_CHANCE | {"undecided": True}, "| yes | undecided: too few rows |"),
        ({"matters": False, "p_adjusted": 0.001}, "| yes | no: not on the test rows |"),
    ],
)
def test_why_a_cause_does_not_matter_is_said(change: Facts, said: str) -> None:
    """The p-value stands only where it alone decides."""
    facts = sample_facts.binary()
    changed(facts, "scale", {"undecided": False} | change)

    assert said in row(facts, "scale")
    assert ("(p " in row(facts, "scale")) == ("(p " in said)


def test_small_and_real_causes_share_one_sentence() -> None:
    """Their rows say so in two words, and one sentence says it of all."""
    facts = sample_facts.binary()
    for name in ("interaction", "tuning"):
        item = cause(facts, name)
        changed(facts, name, {"matters": False, "undecided": False, "p_adjusted": 0.001, "gain": 0.002})
        item["out_of_fold"] |= {"gain": 0.002, "below_margin": True}

    assert "The gains of interaction and tuning are real, but smaller than the margin of 0.005." in unfolded(
        CAUSES, told_again(facts)
    )
    assert "no: too small" in row(facts, "tuning")
    assert "real, but smaller" not in printed(CAUSES, sample_facts.binary())


def test_what_changed_nothing_has_no_gain_and_what_cannot_apply_no_row() -> None:
    """A change that was not kept shows a dash; one that does not apply is named in the fold with its reason."""
    facts = sample_facts.binary()

    assert row(facts, "missingness").endswith(f"| {NOTHING} | no | no: not kept |")
    assert "| encoding " not in unfolded(CAUSES, facts)
    assert "encoding does not apply: " in printed(CAUSES, facts)


@pytest.mark.parametrize(
    ("outcomes", "said"),
    [
        ({}, "All of this was expected before any model was scored."),
        ({"shape": "did not"}, "Before any model was scored, the opposite was expected of shape."),
        ({"shape": "did not", "scale": "did not"}, "the opposite was expected of scale and shape."),
        ({"shape": "could not be tested"}, None),
    ],
)
def test_what_became_of_the_expectations_is_one_sentence(outcomes: dict[str, str], said: str | None) -> None:
    """All came true, some did not, or some could not be tested."""
    facts = sample_facts.binary()
    for item in facts["reflect"]["hypotheses"]:
        item["outcome"] = outcomes.get(item["factor"], "came true")
    text = unfolded(CAUSES, facts)

    assert (said or "expected before") in text or said is None
    assert ("was expected" in text) == (said is not None)


def test_what_cannot_happen_was_not_tested() -> None:
    """A cause with nothing to change, rightly expected not to matter, is marked as such."""
    facts = sample_facts.binary()
    assert "came true (nothing to test)" in printed(CAUSES, facts)

    for item in facts["reflect"]["attribution"]:
        item["applicable"] = True
    assert "(nothing to test)" not in printed(CAUSES, facts)


def with_coefficients(facts: Facts, *pairs: tuple[float, float], of_class: int | None = None) -> Facts:
    """Return the facts with coefficients of the features with codes, read as numbers and as missing."""
    features = ["utilization", "income", "age"]
    facts["reflect"]["codes"] |= {"features": features[: len(pairs)], "matters": True}
    facts["reflect"]["codes"]["coefficients"] = [
        {"feature": name, "class": of_class, "as_read": read, "as_missing": missing}
        for name, (read, missing) in zip(features, pairs, strict=False)
    ]
    return told_again(facts)


def test_a_sign_that_codes_turn_is_said_first() -> None:
    """The coefficient that turns leads the table, and it is called the largest only where it is."""
    facts = with_coefficients(sample_facts.binary(), (2.1, 0.4), (-3.888, 0.248))
    facts["baseline"]["coefficients"][0]["feature"] = "age"
    text = printed(TURNED_SIGNS, facts)

    assert "a coefficient of the baseline has the wrong sign: that of income is -3.89, and 0.25 once these" in text
    assert text.index("| `income` | **-3.89** | 0.25 |") < text.index("| `utilization` | 2.10 | 0.40 |")
    facts["baseline"]["coefficients"][0]["feature"] = "income"
    assert "the baseline's largest coefficient has the wrong sign" in printed(TURNED_SIGNS, facts)


def test_no_turned_sign_is_no_section() -> None:
    """Where signs stay, codes do not matter, or no coefficients were written down, nothing is said."""
    assert printed(TURNED_SIGNS, with_coefficients(sample_facts.binary(), (2.1, 0.4), (-3.9, -0.2))) == ""

    turned = with_coefficients(sample_facts.binary(), (-1.0, 1.0))
    assert printed(TURNED_SIGNS, turned)
    turned["reflect"]["codes"]["matters"] = False
    assert printed(TURNED_SIGNS, turned) == ""
    for codes in (None, {**turned["reflect"]["codes"], "matters": True, "coefficients": []}):
        turned["reflect"]["codes"] = codes
        assert printed(TURNED_SIGNS, turned) == ""


def test_a_turned_sign_of_several_classes_names_the_class() -> None:
    """The class whose score the coefficient is part of stands beside it."""
    facts = with_coefficients(sample_facts.multiclass(), (-1.0, 1.0), of_class=1)
    name = facts["define"]["target_summary"]["classes"][1]["value"]

    assert f"| `utilization` | {name} | **-1.00** | 1.00 |" in printed(TURNED_SIGNS, facts)


@pytest.mark.parametrize(
    ("section", "key", "matters", "not_so"),
    [
        (SCALES, "scales", "**Ranks of utilization alone gain 0.260**", "Ranks of no single feature gain the margin"),
        (SHAPES, "shapes", "bend gains", "No single feature gains the margin of 0.005 by bending alone"),
        (PAIRS, "interactions", "act together:", "No single pair of features gains the margin of 0.005"),
    ],
)
def test_a_picture_s_title_states_its_finding(section: object, key: str, matters: str, not_so: str) -> None:
    """What gains most alone is named where it matters; else it is said that nothing does."""
    facts = sample_facts.binary()
    for item in facts["reflect"][key]:
        item["matters"] = False
    assert not_so in printed(section, facts)  # type: ignore[arg-type]

    facts["reflect"][key][0]["matters"] = True
    assert matters in printed(section, facts)  # type: ignore[arg-type]
    assert not_so not in printed(section, facts)  # type: ignore[arg-type]


def test_ranks_not_tested_one_by_one_are_reported() -> None:
    """Where scale matters and no single feature was ranked, the page says why; where it does not matter, nothing."""
    facts = sample_facts.binary()
    facts["reflect"]["scales"] = []

    assert "was not tested one by one: too few rows of the rarer class." in printed(SCALES, told_again(facts))
    assert printed(SCALES, sample_facts.regression()) == ""


def test_what_the_steps_sum_to_is_said() -> None:
    """The whole difference; of a thinned table the lead over its own baseline, for the stored one knows more rows."""
    facts = sample_facts.binary()
    assert "so the steps sum to the whole difference." in printed(WHY, facts)

    facts["reflect"]["thinned"] = {"rows": 150_000, "of": 1_600_000, "se": 0.0004}
    assert "the strong model's lead over the baseline fitted to the same rows." in printed(WHY, told_again(facts))
    assert "the whole difference" not in printed(WHY, told_again(facts))


def test_parts_of_further_causes_are_listed_alone() -> None:
    """Each part with its columns; without such causes there is no such table."""
    facts = sample_facts.binary()
    effect = {"gain": 0.01, "ci": [0.002, 0.018], "p_adjusted": 0.02, "matters": True, "close": False}
    facts["reflect"]["details"] = {"ratio": [effect | {"features": ["income", "debt"], "rows": 900}]}

    assert "| `income` and `debt` | 0.010 [0.002, 0.018] | **yes** |" in printed(SINGLE_PARTS, facts)
    effect |= {"p_adjusted": 0.061, "matters": False}
    facts["reflect"]["details"] = {"ratio": [effect | {"features": ["income", "debt"], "rows": 900}]}
    assert "| no (corrected p 0.061) |" in printed(SINGLE_PARTS, facts)
    facts["reflect"]["details"] = {"ratio": []}
    assert printed(SINGLE_PARTS, facts) == ""


@pytest.mark.parametrize("kind", SAMPLES)
def test_shap_values_name_no_cause(kind: str) -> None:
    """The section says what the values are, and that they are of a sample; without trees there is none."""
    facts = SAMPLES[kind]()
    assert facts["reflect"]["shap"] is None or "They say neither what causes the gain" in printed(SHAP, facts)

    facts["reflect"]["shap"] = None
    assert printed(SHAP, facts) == ""
