"""What step 3 predicts of a cause: whether it will matter in step 7, and a sentence with the evidence."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from pipelines.exploration.sentences import GAIN, SCORE, say
from pipelines.facts.claims import Place
from pipelines.facts.eda import EdaLook
from pipelines.facts.shared import Sentence


class Guess(NamedTuple):
    """A prediction. That a cause will not matter is one too, and is tested like the others."""

    matters: bool
    features: list[str]
    why: Sentence


def idle(facts: EdaLook, text: str) -> Guess:
    """Return the guess that a cause cannot matter, for a reason that states no fact."""
    return Guess(matters=False, features=[], why=say(facts, text))


def tried(facts: EdaLook, cause: str, columns: Sequence[int], start: str, about: dict[str, Place]) -> Guess:
    """Return the guess that the quick fit makes, its sentence opening with what was seen and what was changed."""
    found, place = facts["screens"]["factors"][cause], f"screens/factors/{cause}"
    if not found["applicable"]:
        return idle(facts, f"No feature gives {cause} anything to change, so it cannot matter.")
    label = ("screens/label", "")
    if found["kept"]:
        text = f"{start} takes a quick fit from {{before}} to {{after}} in {{label}}: {cause} will matter."
        ends: dict[str, Place] = {"before": (f"{place}/before", SCORE), "after": (f"{place}/score", SCORE)}
    else:
        text = f"{start} changes a quick fit by {{gain}} in {{label}}: {cause} will not matter."
        ends = {"gain": (f"{place}/gain", GAIN)}
    return Guess(
        found["kept"], [facts["columns"][i]["name"] for i in columns], say(facts, text, label=label, **about, **ends)
    )


def surest(facts: EdaLook, change: Literal["ranks", "bends"]) -> int | None:
    """Return the number column with the largest sure gain by the given change, alone; None where none is sure."""
    sure = {}
    for i, column in enumerate(facts["columns"]):
        if straight := column["straight"]:
            by_ranks = straight["ranks_gain"], straight["ranks_gain_ci"]
            gain, ci = by_ranks if change == "ranks" else (straight["bends_gain"], straight["bends_gain_ci"])
            if ci[0] > 0:
                sure[i] = gain
    return max(sure, key=lambda i: (sure[i], -i)) if sure else None
