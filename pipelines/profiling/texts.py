"""What a draft makes of columns of text: which are used as text, what repeats, and which column the texts belong to."""

from collections.abc import Collection, Mapping
from dataclasses import replace

import pandas as pd

from pipelines.inputs import Category, Guess, Text
from pipelines.profiling.asked import Asked
from pipelines.texts.near_copies import find_near_copies

USED = "encoder"  # the key that a draft gives to columns whose words are used
FEWEST, EACH = 20, 2  # different values of a column that texts may belong to, and texts of each on average


def settle_texts(guesses: Mapping[str, Guess], asked: Asked, group: str | None) -> dict[str, Guess]:
    """Return the guesses, without the keys that only features may have where a column of text is not one."""
    plain = {asked.target, group, asked.split_column, asked.time, *asked.series}
    return {
        name: replace(guess, keys=())
        if guess.type == Text.name and (name in plain or asked.horizon is not None) else guess
        for name, guess in guesses.items()
    }  # fmt: skip


def worded(guesses: Mapping[str, Guess]) -> list[str]:
    """Return the columns whose words are used."""
    return [name for name, guess in guesses.items() if guess.type == Text.name and USED in dict(guess.keys)]


def near_copies_of(frame: pd.DataFrame, names: Collection[str]) -> tuple[str, str]:
    """Return what to do with rows whose texts are nearly the same, and the remark: how many there are."""
    texts = frame[list(names)].fillna("").astype("str")
    whole = texts.agg("\n".join, axis=1).astype("str").reset_index(drop=True)
    near = find_near_copies(whole)
    copied = int(near.copied.sum())
    if not copied:
        return "together", "no text is nearly the same as another"
    share = 100 * copied / len(frame)
    return "together", f"{copied:,} rows ({share:.2g} %) have a text nearly as another's: they stay on one side"


def owner_of_texts(frame: pd.DataFrame, guesses: Mapping[str, Guess], asked: Asked) -> str | None:
    """Return the column of labels whose values have several texts each, such as a film's name; None without one.

    Of several, the one of most values: its texts have most in common.
    """
    if not worded(guesses):
        return None
    counts = {
        name: int(frame[name].nunique())
        for name, guess in guesses.items()
        if name != asked.target and guess.type == Category.name
    }
    fitting = {name: count for name, count in counts.items() if FEWEST <= count <= len(frame) / EACH}
    return max(fitting, key=lambda name: fitting[name]) if fitting else None
