"""Leaks that no single score shows: what step 3 suspects, from the draft on."""

from functools import partial

import numpy as np
import pandas as pd
from leaking import CASES as PLANTED

from messy.case import Case, Outcome
from pipelines.core.submit import run_now
from pipelines.eda import eda

TARGET = "outcome_here"
ALONE = {"far better than the rest", "near-perfect alone"}  # kinds that a strong honest column may be of


def _table(rng: np.random.Generator, name: str, *, leaks: bool) -> pd.DataFrame:
    case = PLANTED[name](rng, leaks=leaks)
    y = np.exp(case.y) if case.logarithm else case.y
    cells = y if case.task == "regression" else np.array(["no", "yes", "later"])[y.astype(int)]
    return pd.DataFrame({**case.features, TARGET: cells})


def _suspects(outcome: Outcome) -> list[tuple[str, str]]:
    """Return the suspects of step 3 with their kinds."""
    defined = outcome.draft.defined
    found = eda(defined.table, outcome.project, defined.facts, run_now)["leak_suspects"]
    return [(one["feature"], one["kind"]) for one in found]


def _found(name: str, outcome: Outcome) -> bool:
    leaking = PLANTED[name](np.random.default_rng(0), leaks=True).leaking
    return leaking <= {feature for feature, _ in _suspects(outcome)}


def _nothing(outcome: Outcome) -> bool:
    return all(kind in ALONE for _, kind in _suspects(outcome))


CASES = [
    Case(
        "leaks", name, partial(_table, name=name, leaks=True), partial(_found, name),
        partial(_table, name=name, leaks=False), _nothing, flags={"target": TARGET}, whole=True,
    )
    for name in PLANTED
]  # fmt: skip
