"""Small tables with a column of text, for tests."""

import numpy as np
import pandas as pd
from toy_project import project_text

from pipelines.core.project import parse_project
from pipelines.core.submit import run_now
from pipelines.define import Defined, define
from pipelines.exploration.plain import plain
from pipelines.exploration.texts import look_at_texts, with_findings
from pipelines.facts.eda import EdaLook

COMMON = [
    "the", "of", "a", "and", "in", "is", "it", "to", "that", "was", "for", "on", "with", "as", "his", "this", "but",
    "be",
]  # fmt: skip
# Twenty-four each, so that none stands in a twentieth of the rows.
GOOD = [f"{one}{end}" for one in ("great", "moving", "funny", "superb") for end in ("", "ly", "est", "er", "ish", "y")]
BAD = [f"{one}{end}" for one in ("dull", "awful", "slow", "empty") for end in ("", "ly", "est", "er", "ish", "y")]
THINGS = [f"{first}{last}" for first in ("film", "plot", "cast", "score", "scene") for last in ("", "s", "work")]

TEXT_TOML = project_text(
    question="Which reviews are positive?",
    target="label",
    positive='"fresh"',
    columns="""\
drop = []
review = { type = "text" }
year = { type = "integer" }
film = { type = "category" }
label = { type = "category" }""",
    split='kind = "stratified"',
)


def reviews(rows: int = 400, seed: int = 0) -> pd.Series:
    """Return texts of eight to thirty words, half of them with words of praise, the others with words of blame."""
    return texts_of(labels(rows), seed)


def labels(rows: int = 400) -> np.ndarray:
    """Return the labels of the rows, every other one "fresh"."""
    return np.where(np.arange(rows) % 2 == 0, "fresh", "rotten")


def texts_of(label: np.ndarray, seed: int = 0) -> pd.Series:
    """Return a text for each label."""
    rng = np.random.default_rng(seed)
    made = []
    for one in label:
        words = list(rng.choice(COMMON + THINGS, rng.integers(8, 31)))
        words.insert(int(rng.integers(len(words))), str(rng.choice(GOOD if one == "fresh" else BAD)))
        made.append(" ".join(map(str, words)))
    return pd.Series(made, dtype="str")


def text_raw(rows: int = 400, seed: int = 0) -> pd.DataFrame:
    """Return the table that `TEXT_TOML` declares, as the reader would give it."""
    rng = np.random.default_rng(seed + 1)
    return pd.DataFrame(
        {
            "review": reviews(rows, seed),
            "year": rng.integers(1990, 2020, rows),
            "film": pd.Series([f"Wild {COMMON[i % 9]} Zorro{i % 40}" for i in range(rows)], dtype="str"),
            "label": pd.Series(labels(rows), dtype="str"),
        }
    )


def defined(raw: pd.DataFrame, toml: str = TEXT_TOML) -> Defined:
    """Return what step 1 makes of a table."""
    return define(raw, parse_project(toml, "small", "projects/small.toml"), "0" * 64, run_now)


def looked(made: Defined) -> EdaLook:
    """Return the facts of step 3 that are about texts: its other looks take much longer."""
    look = look_at_texts(made.table.rows("train"), made.facts, 7, run_now)
    facts: EdaLook = plain({"score_alone_label": "ROC AUC", "texts": look})
    facts["texts"] = with_findings(facts)
    return facts
