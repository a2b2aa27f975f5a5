"""Whether the strong model is better, in one sentence."""

from pipelines.answer.places import beyond_chance, gap, say, scores
from pipelines.answer.standing import Standing
from pipelines.facts.shared import Claim
from pipelines.facts.steps import Facts

SCORES = "the strong model has {metric} {strong} on {rows} test rows, the baseline {baseline}"
VERDICTS = {
    "better": "Better: " + SCORES + ", a gain of {gap} {ci} where {margin} would be enough to act.",
    "worse": "Worse: " + SCORES + "; the gain of {gap} {ci} is a loss beyond the margin of {margin}.",
    "tie": "A tie: " + SCORES + "; the gain of {gap} {ci} lies within the margin of {margin}.",
    "underpowered": (
        "Undecided: " + SCORES + "; the gain of {gap} {ci} may be zero, and may exceed the margin of {margin}."
    ),
}
BEYOND_CHANCE = (
    "Undecided: " + SCORES + "; the gain of {gap} {ci} is beyond chance, but may be too small to act on, less "
    "than the margin of {margin}."
)
NO_SIGNAL = (
    "No signal: " + SCORES + ", a difference of {gap} {ci}, but neither model is shown to predict better than a "
    "constant."
)
FROM_CONSTANT = " The baseline loses to a constant here, so the difference is that from the constant."


def say_verdict(at: Standing, facts: Facts) -> Claim:
    """Return the verdict, with both scores, the difference that it is about, and the margin."""
    template = BEYOND_CHANCE if beyond_chance(facts) else VERDICTS[at.verdict]
    template = template if at.signal else NO_SIGNAL
    if at.lost_baseline:
        template += FROM_CONSTANT
    return say("verdict", template, facts, **scores(facts), **gap(facts))
