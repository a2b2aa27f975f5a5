"""What several changes gain, and which of them matter: measured together, adjusted together, judged by one rule."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pipelines.facts.reflect.effects import Effect as EffectFacts
from pipelines.ladder.gains import Gain, Judgement, adjusted, both_sides, judge
from pipelines.ladder.study import Study
from pipelines.targets import Floats


class Contrast(NamedTuple):
    """Two predictions of every row of a table, before and after a change."""

    below: Floats
    above: Floats
    applies: bool = True  # one that does not is not tested, so that the others are adjusted for less
    confirm: bool = False  # the folds chose it, so that the test rows must confirm it (see `judge`)


@dataclass(frozen=True)
class Effect:
    """What a change gains, and whether that matters."""

    gain: Gain  # out-of-fold, over the folds of the training rows
    on_test: Gain
    p_adjusted: float | None  # Holm's, over the changes measured together; None where it was not tested
    judgement: Judgement

    def facts(self) -> EffectFacts:
        """Return what the facts say of an effect over the folds."""
        return {
            "gain": self.gain.value, "ci": list(self.gain.ci), "p_adjusted": self.p_adjusted,
            "matters": self.judgement.matters, "close": self.judgement.close,
        }  # fmt: skip


def effects(study: Study, contrasts: Sequence[Contrast], name: str) -> list[Effect]:
    """Return what each change gains, in the contrasts' order; `name` is what the pieces of work are called."""
    # A prediction that stands in several contrasts has one name, so that it is prepared once.
    predictions = {str(id(one)): one for pair in contrasts for one in (pair.below, pair.above)}
    pairs = [(str(id(one.below)), str(id(one.above))) for one in contrasts]
    train, test = both_sides(study, predictions, pairs, name)
    p_values = adjusted(train, [one.applies for one in contrasts])
    return [
        Effect(gain, on_test, p, judge(gain, 1.0 if p is None else p, on_test, study.margin, confirm=one.confirm))
        for one, gain, on_test, p in zip(contrasts, train, test, p_values, strict=True)
    ]
