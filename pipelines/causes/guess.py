"""What step 3 predicts of a cause: whether it will matter in step 7, and a sentence with the evidence."""

from collections.abc import Mapping, Sequence
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


class Seen(NamedTuple):
    """What led to a guess: columns, and a sentence on them, "" for none, with the places that it has."""

    columns: Sequence[int] = ()
    sentence: str = ""
    places: Mapping[str, Place] = {}


def tried(facts: EdaLook, cause: str, change: str, seen: Seen) -> Guess:
    """Return the guess that the quick fit makes: what was seen, and what the change, named in the plural, brings."""
    found, place = facts["screens"]["factors"][cause], f"screens/factors/{cause}"
    if not found["applicable"]:
        return idle(facts, f"No feature gives {cause} anything to change, so it cannot matter.")
    label = ("screens/label", "")
    if found["kept"]:
        text = f"{change} take a quick fit from {{before}} to {{after}} in {{label}}: {cause} will matter."
        ends: dict[str, Place] = {"before": (f"{place}/before", SCORE), "after": (f"{place}/score", SCORE)}
    else:
        text = f"{change} change a quick fit by {{gain}} in {{label}}: {cause} will not matter."
        ends = {"gain": (f"{place}/gain", GAIN)}
    names = [facts["columns"][i]["name"] for i in seen.columns]
    said = say(facts, f"{seen.sentence} {text}".strip(), label=label, **seen.places, **ends)
    return Guess(found["kept"], names, said)


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
