"""Features that may give the target away."""

from typing_extensions import TypedDict

from pipelines.facts.shared import Interval


class LeakLoss(TypedDict):
    """What quick models lose without a feature, both refitted, out of fold."""

    score_with: float  # the quick strong model's score with it
    score_without: float  # and without
    gain_with: float  # lead over the baseline with it
    gain_without: float  # and without
    share_lost: float | None  # of what it scores beyond a constant; null where that is nothing


class Leakage(LeakLoss):
    """One feature that may give the target away, or the strongest single one."""

    feature: str  # its name
    score_alone: float | None  # what it predicts alone, from step 3
    suspect: bool  # whether step 3 suspects it
    why: str  # what step 3 said


class LeakVerdict(LeakLoss):
    """What is left without all suspects together."""

    features: list[str]  # all suspects
    ci: Interval  # of `gain_without`
    is_the_gain: bool  # whether the strong model's lead is the leak


class Leaks(TypedDict):
    """Features that may give the target away."""

    leakage: list[Leakage]  # by feature
    leak_verdict: LeakVerdict | None  # null without suspects


class TooGoodScore(TypedDict):
    """A model whose score is next to perfect."""

    model: str  # baseline or strong
    out_of_fold: float  # its score on the training rows
    test: float  # and on the test rows


class TooGood(TypedDict):
    """Models that predict so well that the score is a question."""

    metric: str  # key of the metric: `roc_auc`, or `r2` of numbers and several classes
    label: str  # its plain name
    bound: float  # from which a score is next to perfect
    models: list[TooGoodScore]  # whose scores reach it, both
