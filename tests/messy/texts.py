"""Texts that hold what a mail program wrote, or were read in a wrong encoding, and texts of their authors alone."""

from collections.abc import Callable

import numpy as np
import pandas as pd
from toy_texts import labels, texts_of

from messy.case import Case

ROWS = 600
Change = Callable[[str, int], str]


def _case(name: str, faulty: Change, twin: Change) -> Case:
    """Return a case of reviews that are changed in one way, each with its place in the file, and twins in another."""

    def made(change: Change, rng: np.random.Generator) -> pd.DataFrame:
        label = rng.permutation(labels(ROWS))
        texts = texts_of(label, int(rng.integers(2**31)))
        changed = [change(text, place) for place, text in enumerate(texts)]
        return pd.DataFrame({"year": rng.integers(1990, 2020, ROWS), "review": changed, "label": label})

    return Case(
        "texts", name, lambda rng: made(faulty, rng), lambda outcome: outcome.doubted("review", "texts"),
        lambda rng: made(twin, rng), flags={"target": "label"},
    )  # fmt: skip


CASES = [
    _case("headers", lambda text, i: f"From: a{i}@example.org\nSubject: a film\n\n{text}",
          lambda text, _: f"{text}\n\n{text[::-1]}"),
    _case("quoted lines", lambda text, i: f"{text}\n> they said {i}\nand that is all",
          lambda text, i: f"{text}\nthey said > {i}\nand that is all"),
    _case("a few wrong letters", lambda text, i: f"caf\ufffd {text}" if i % 150 == 0 else text,
          lambda text, i: f"caf\u00e9 {text}" if i % 150 == 0 else text),
]  # fmt: skip
