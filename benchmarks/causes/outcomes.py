"""What step 7 said of a case, held against the truth: every answer that can be right or wrong."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from truth import ABSENT, PLANTED

from pipelines.causes import CAUSES, INTERACTION, TUNING

Found = dict[str, Any]
NAMED = "planted causes marked `matters`"
NOT_DENIED = "planted causes marked `matters` or undecided"
CLAIMED = "absent causes marked `matters`"
PAIR = "interacting pair named first"
BETTER = "no cause planted: verdict `better`"
FLAGGED = "leaks flagged"
OTHERS_FLAGGED = "other columns flagged"
REACHED = "reachable range holds the oracle's score"
WIDTH = "reachable range at most 0.05 of AUC wide"
SHUFFLED = "shuffled target given a cause"
NOISE = "noise column given an effect"
SIGNAL = "some signal planted: found"
NO_SIGNAL = "pure noise: a signal found"
THE_GAIN = "a gain that is the leak: reported as a leak"
WIDEST = 0.05
NOTHING = {"roc_auc": 0.5, "r2": 0.0}  # what a constant scores
ASKED = {
    NAMED: "at least 95 %",
    NOT_DENIED: "",
    CLAIMED: "at most 5 %",
    PAIR: "at least 95 %",
    BETTER: "at most 5 %",
    FLAGGED: "100 %",
    OTHERS_FLAGGED: "at most 1 %",
    REACHED: "at least 90 %",
    WIDTH: "all",
    SIGNAL: "",
    NO_SIGNAL: "at most 5 %",
    THE_GAIN: "",
    SHUFFLED: "at most 5 %",
    NOISE: "at most 5 %",
}
FAULTS = (CLAIMED, BETTER, OTHERS_FLAGGED, NO_SIGNAL, SHUFFLED, NOISE)  # where `yes` is the wrong answer


class Outcome(NamedTuple):
    """One answer to one of the questions."""

    question: str
    yes: bool
    told: str  # what was said, and what is true

    @property
    def wrong(self) -> bool:
        """Whether that answer is a miss."""
        return self.yes == (self.question in FAULTS)


def outcomes(found: Found, truth: Found) -> Iterator[Outcome]:
    """Yield all answers of a case that the truth decides."""
    gains = truth["gains"]
    for cause in (one.name for one in CAUSES):
        said, gain = found["factors"][cause], gains[cause]
        told = f"{cause} is worth {gain:.4f}, measured {said['gain']:.4f}"
        if gain >= PLANTED and cause != TUNING.name:  # the oracle's lead is what no model need reach: nothing planted
            yield Outcome(NAMED, said["matters"], told + (", undecided" if said["undecided"] else ""))
            yield Outcome(NOT_DENIED, said["matters"] or said["undecided"], told)
        if gain <= ABSENT:
            yield Outcome(CLAIMED, said["matters"], told)
    if found["true_pair"] and gains[INTERACTION.name] >= PLANTED:
        right = found["pair"] is not None and sorted(found["pair"]) == found["true_pair"]
        yield Outcome(PAIR, right, f"named {found['pair']}")
    if all(gain <= ABSENT for gain in gains.values()):
        yield Outcome(BETTER, found["verdict"] == "better", "verdict better")
    yield from _leaks(found, gains)
    if not found["leak"]:
        low, high = found["reachable"]
        told = f"range {low:.3f} to {high:.3f}, oracle {truth['oracle']:.3f}"
        yield Outcome(REACHED, low <= truth["oracle"] <= high, told)
        if found["metric"] == "roc_auc":
            yield Outcome(WIDTH, high - low <= WIDEST, told)
    skill = truth["oracle"] - NOTHING[found["metric"]]
    if skill >= PLANTED or skill <= ABSENT:
        yield Outcome(SIGNAL if skill >= PLANTED else NO_SIGNAL, found["signal"], f"signal: {found['signal']}")
    yield Outcome(SHUFFLED, found["controls"]["shuffled"], "a cause of a shuffled target")
    yield Outcome(NOISE, found["controls"]["noise"], "an effect of a noise column")


def _leaks(found: Found, gains: dict[str, float]) -> Iterator[Outcome]:
    """Yield what was said of leaks."""
    suspects = set(found["suspects"])
    if found["leak"]:
        yield Outcome(FLAGGED, found["leak"] in suspects, "leak not flagged")
        if max(gain for cause, gain in gains.items() if cause != TUNING.name) >= PLANTED:
            yield Outcome(THE_GAIN, found["the_gain"], "the gain is not called a leak")
    honest = found["features"] - bool(found["leak"])
    wrongly = sorted(suspects - {found["leak"]})
    yield from (Outcome(OTHERS_FLAGGED, i < len(wrongly), f"flagged {wrongly[i : i + 1]}") for i in range(honest))
