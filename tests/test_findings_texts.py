"""What controls of texts say of a cause: nothing of it is left, a part is, no loss is shown, or it stays open."""

import pytest
from conftest import Facts
from worded_facts import CAUSES, estimate, gains, without_encoder, worded

from pipelines.experiments.texts.reasons import rows_worth
from pipelines.findings.texts import causes_found, causes_tried, found_in, fraction, is_found, loss, losses

MARGIN = 0.005


def gain(value: float, half: float = 0.004, *, kept: bool = True) -> Facts:
    """Return one gain."""
    return {"factor": "meaning", "gain": estimate(value, half), "kept": kept}


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (gain(0.0, 0.0, kept=False), "all"),
        (gain(0.004, 0.003), "nearly all"),
        (gain(0.028), "part"),
        (gain(0.0410, 0.008), "open"),  # a loss of 0.006 beside noise of 0.0089
        (gain(0.0425), "nothing"),  # a loss of 0.0045, less than the margin
        (gain(0.060), "nothing"),
    ],
)
def test_a_loss_is_named_by_what_is_left(left: Facts, said: str) -> None:
    """Of a gain of 0.047 with noise of 0.004: beyond the noise of both it is a loss, below the margin it is nothing."""
    assert loss(gain(0.047), left, MARGIN) == said


@pytest.mark.parametrize(
    ("one", "found"),
    [
        (gain(0.02), True),
        (gain(0.02, kept=False), False),
        (gain(0.02, 0.021), False),
        (gain(0.0049, 0.001), False),
    ],
)
def test_a_cause_is_found_beyond_chance_and_margin(one: Facts, found: bool) -> None:
    """It is kept, its interval is above zero, and it reaches the margin."""
    assert is_found(one, MARGIN) == found


@pytest.mark.parametrize(
    ("share", "said", "at_least"),
    [
        (0.383, "two fifths", "a third"),
        (0.5, "half", "half"),
        (0.688, "two thirds", "two thirds"),
        (0.155, "a sixth", "a tenth"),
        (0.96, "nine tenths", "nine tenths"),
        (0.02, "a tenth", "a tenth"),
    ],
)
def test_a_share_in_words(share: float, said: str, at_least: str) -> None:
    """The nearest common fraction, or the largest one that the share reaches."""
    assert fraction(share) == said
    assert fraction(share, at_least=True) == at_least


def test_each_cause_has_its_loss() -> None:
    """Of the measured gains: order is all of phrases and two fifths of meaning, names are nothing that is shown."""
    facts = worded()

    assert [(one.factor, one.lost, one.share) for one in losses(facts, "shuffled")] == [
        ("phrases", "all", "nine tenths"), ("spelling", "nothing", "a tenth"), ("meaning", "part", "two fifths"),
    ]  # fmt: skip
    assert {one.lost for one in losses(facts, "masked")} == {"nothing"}
    assert [(one.factor, one.lost) for one in losses(facts, "scrambled")] == [("meaning", "all")]


def test_what_gains_too_little_has_nothing_to_lose() -> None:
    """A cause below the margin where nothing is taken away has no loss, whatever the control."""
    facts = worded()
    none = facts["reflect"]["texts"]["controls"]["controls"][0]
    none["gains"] = gains((0.0044, 0.0047), (0.023, 0.0085), (0.0465, 0.0105))

    assert causes_found(facts) == ["spelling", "meaning"]
    assert [one.factor for one in losses(facts, "shuffled")] == ["spelling", "meaning"]


def test_causes_that_do_not_apply_were_not_tried() -> None:
    """Without an encoder there is no meaning to speak of."""
    assert causes_tried(worded()) == list(CAUSES)
    assert causes_tried(without_encoder(worded())) == ["phrases", "spelling"]


def test_what_is_found_where_there_is_nothing_is_seen() -> None:
    """On shuffled labels each cause counts, with a random embedding meaning alone."""
    facts = worded()
    assert found_in(facts, "labels") == []

    controls = facts["reflect"]["texts"]["controls"]["controls"]
    controls[6]["gains"] = gains(None, (0.02, 0.005), None)
    controls[4]["gains"] = [gain(0.03)]
    assert found_in(facts, "labels") == ["reflect#/texts/controls/controls/6/gains/1"]
    assert found_in(facts, "random") == ["reflect#/texts/controls/controls/4/gains/0"]


def test_rows_are_said_with_two_digits() -> None:
    """With the cause 1,000 rows score 0.6 and 10,000 rows 0.8: 0.75 lies at three quarters of the logarithm."""
    scores = [(1000, {"words": 0.55, "meaning": 0.6}), (10000, {"words": 0.75, "meaning": 0.8})]

    found = rows_worth(scores, "meaning")

    assert found is not None
    assert found["same_with"] == 5600  # 10 ** 3.75 is 5,623
    assert not found["at_most"]
