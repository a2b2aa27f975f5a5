"""Where a project stands after step 7: the few things on which the advice depends, read off the facts once."""

from dataclasses import dataclass
from typing import Literal

from pipelines.answer.bias import bias
from pipelines.answer.level import level
from pipelines.facts.compare.scores import Verdict
from pipelines.facts.define import is_doubted
from pipelines.facts.reflect.repaired import Repaired
from pipelines.facts.steps import Facts

Leak = Literal["none", "suspected", "the gain"]
MOST = 0.5  # of the gain, from which the repaired baseline is what to use


@dataclass(frozen=True)
class Repair:
    """What the repaired baseline is worth."""

    better: bool  # than the baseline, beyond chance and by the margin
    share: float | None  # of the whole gain; None where there is none
    pays: bool | None  # whether its decisions save money over the baseline's, beyond chance; None without costs
    enough: bool  # whether the strong model adds less than the margin


@dataclass(frozen=True)
class Standing:
    """All that the advice depends on."""

    verdict: Verdict
    signal: bool = True  # whether some model predicts better than a constant
    doubted: bool = False  # whether it is in doubt how the table is to be read
    too_good: bool = False  # whether a score is next to perfect
    leak: Leak = "none"  # columns that may give the target away
    split_leak: bool = False  # rows in training that a model in use would not have
    controls: bool = True  # whether the negative controls found nothing
    behind_the_mean: bool = False  # whether both models do worse than the test rows' own mean
    lost_baseline: bool = False  # whether the baseline does worse than a constant
    unstable: bool = False  # over folds or seeds
    folds_disagree: bool = False  # whether the gain over the folds may be zero, or the other way round
    pays: bool | None = None  # whether the strong model's decisions save money beyond chance; None without costs
    biased: bool = False  # whether the strong model's mean error is beyond the margin
    drift: bool = False  # whether the test rows differ from the training rows
    repair: Repair | None = None

    @property
    def unproven(self) -> bool:
        """Whether another part of the page says that the strong model's gain is not shown."""
        return self.unstable or self.folds_disagree or self.pays is False

    @property
    def repair_pays(self) -> bool:
        """Whether the repaired baseline is worth the change by itself."""
        return self.repair is not None and self.repair.better and self.repair.pays is not False

    @property
    def repair_is_most(self) -> bool:
        """Whether the repaired baseline has most of what the strong model gains."""
        found = self.repair
        return self.repair_pays and found is not None and (found.enough or (found.share or 0) >= MOST)


def standing(facts: Facts) -> Standing:
    """Return where the project stands."""
    compare, reflect = facts["compare"], facts["reflect"]
    difference, threshold, stability = compare["difference"], compare["threshold"], compare["stability"]
    leak = reflect["leak_verdict"]
    return Standing(
        verdict=difference["verdict"],
        signal=reflect["signal"]["present"],
        doubted=is_doubted(facts["define"]),
        too_good=reflect["too_good"] is not None,
        leak="none" if leak is None else "the gain" if leak["is_the_gain"] else "suspected",
        split_leak=any(item["leak"] for item in reflect["split_leaks"]),
        controls=reflect["controls"]["passed"],
        behind_the_mean=level(facts) is not None,
        lost_baseline=lost_baseline(facts),
        unstable=stability is not None and stability["flagged"],
        folds_disagree=folds_disagree(facts),
        pays=None if threshold is None else threshold["saving"]["ci"][0] > 0,
        biased=bias(facts) is not None,
        drift=facts["eda"]["drift"]["drifted"],
        repair=_repair(facts),
    )


def lost_baseline(facts: Facts) -> bool:
    """Return whether the baseline does worse than a constant, so that the verdict is on the difference from that."""
    return facts["compare"]["difference"].get("against") == "constant"


def folds_disagree(facts: Facts) -> bool:
    """Return whether the verdict is for one of the models while the folds' interval is not on its side of zero."""
    difference = facts["compare"]["difference"]
    folds = difference["nadeau_bengio"]
    if folds is None or lost_baseline(facts):
        return False
    low, high = folds["ci"]
    return low <= 0 if difference["verdict"] == "better" else high >= 0 if difference["verdict"] == "worse" else False


def _repair(facts: Facts) -> Repair | None:
    """Return what the repaired baseline is worth; None where there is none.

    Where the baseline loses to a constant, to beat the baseline says nothing: the interval of the repaired one's score
    must lie beyond that constant's score.
    """
    found, margin = facts["reflect"].get("repaired"), facts["compare"]["difference"]["margin"]
    if found is None:
        return None
    gained, added, saved = found["versus_baseline"], found["strong_adds"], found["saving_per_thousand"]
    return Repair(
        better=gained["ci"][0] > 0 and gained["value"] >= margin and _useful(facts, found),
        share=None if lost_baseline(facts) else found["share"],
        pays=None if saved is None else saved["ci"][0] > 0,
        enough=added["ci"][1] < margin,
    )


def _useful(facts: Facts, found: Repaired) -> bool:
    """Return whether the repaired baseline is shown to beat the dummy; not asked where the baseline does."""
    if not lost_baseline(facts):
        return True
    dummy = next(one["score"] for one in facts["compare"]["models"] if one["role"] == "dummy")
    low, high = found["ci"]
    return low > dummy if facts["metric"]["greater_is_better"] else high < dummy
