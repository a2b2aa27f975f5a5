"""Texts that may hold more than their authors' words: signs of a wrong encoding, headers of a mail, quoted lines."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from pipelines.core.errors import quote
from pipelines.doubts.doubt import LOOKED_AT, SEED, Doubting, Reading
from pipelines.facts.define import Doubt
from pipelines.texts.checks import garbled
from pipelines.texts.structure import headers_of, quotes_of

MANY = 0.05  # share of the texts with such lines
WEIGHT = 0.3  # of lines that others wrote: they may give the target away


def _find(reading: Reading) -> list[Doubt]:
    """Return the doubts about each column of text whose words are used."""
    found = []
    for name in reading.project.worded:
        texts = reading.table.frame[name]
        texts = texts[texts != ""].sample(min(int((texts != "").sum()), LOOKED_AT), random_state=SEED)
        lines = ("headers", headers_of, "look like `Name: value`"), ("quotes", quotes_of, "are quoted")
        found += [_garbled(name, texts), *(_lines(name, texts, *one) for one in lines)]
    return [doubt for doubt in found if doubt is not None]


def _garbled(name: str, texts: pd.Series) -> Doubt | None:
    odd = np.flatnonzero(garbled(texts))
    if not len(odd):
        return None
    share = len(odd) / len(texts)
    return {
        "kind": TEXTS.name,
        "column": name,
        "found": f"{100 * share:.2g} % of the texts hold signs of a wrong encoding, as {quote(texts.iloc[odd[0]])}",
        "done": "used as they are: such signs split words",
        "decide": f"write the file again as UTF-8; name {quote(name)} in `sure` if the signs are right",
        "weight": share,
    }


def _lines(name: str, texts: pd.Series, strip: str, find: Callable[[str], list[str]], what: str) -> Doubt | None:
    examples = [lines[0] for text in texts if (lines := find(text))]
    if not examples or len(examples) < MANY * len(texts):
        return None
    share = 100 * len(examples) / len(texts)
    return {
        "kind": TEXTS.name,
        "column": name,
        "found": f"{share:.0f} % of the texts hold lines that {what}, as {quote(examples[0])}",
        "done": "used like all other words, though a program may have written them: they may give the target away",
        "decide": f'strip = ["{strip}"] for {quote(name)} in [columns]; name it in `sure` if the lines are its own',
        "weight": WEIGHT,
    }


TEXTS = Doubting("texts", _find)
