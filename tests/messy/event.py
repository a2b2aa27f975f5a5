"""Events that happen anyway, and metrics by which a predictor that knows nothing looks good."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from messy.case import Case, Outcome, undoubted

KIND = "event and metric"
Words = tuple[object, object]  # what most rows have, and what few have


def _table(rng: np.random.Generator, rows: int, name: str, words: Words, rare: float) -> pd.DataFrame:
    """Return people of whom that share have the second word, the older ones rather."""
    age, debt = rng.integers(18, 80, rows), rng.exponential(20, rows).round(2)
    score = 0.04 * age + 0.02 * debt + rng.logistic(size=rows)
    few = score > np.quantile(score, 1 - rare)
    cells = [words[1] if one else words[0] for one in few]
    return pd.DataFrame({"age": age, "debt": debt, name: cells})


def _drafted(name: str, words: Words, rare: float, rows: int, event: object) -> Case:
    """Return a case in which few rows have the event; in its twin the words are swapped, and nothing is odd."""

    def right(outcome: Outcome) -> bool:
        project = outcome.project
        suits = project.metric.primary == ("average_precision" if rare < 0.05 else "roc_auc")
        return project.problem.positive == event and type(project.problem.positive) is type(event) and suits

    def twin(rng: np.random.Generator) -> pd.DataFrame:
        return _table(rng, rows, name, words, 0.4)

    return Case(
        KIND, f"{name}: {words[1]} in {rare:.0%} of {rows}", lambda rng: _table(rng, rows, name, words, rare),
        lambda outcome: right(outcome) and undoubted(outcome), twin, flags={"target": name},
    )  # fmt: skip


def _asked(
    name: str, words: Words, rare: float, rows: int, kind: str, usual: dict[str, object], **flags: object
) -> Case:
    """Return a case whose flags ask for what misleads where one word is rare; its twin asks the same of `usual`."""

    def doubted(outcome: Outcome) -> bool:
        return outcome.doubted(name, kind)

    share = float(str(usual.get("rare", 0.4)))
    return Case(
        KIND, f"{name}, {rare:.0%}, {flags}", lambda rng: _table(rng, rows, name, words, rare), doubted,
        lambda rng: _table(rng, rows, name, words, share), flags={"target": name, **flags},
    )  # fmt: skip


def _judged_by(metric: str) -> Callable[[Outcome], bool]:
    return lambda outcome: outcome.project.metric.primary == metric and undoubted(outcome)


def _several(rng: np.random.Generator, shares: tuple[float, ...]) -> pd.DataFrame:
    score = rng.normal(size=3000)
    names = np.array(["normal", "high", "critical", "low"])[: len(shares)]
    cuts = np.quantile(score, np.cumsum(shares)[:-1])
    return pd.DataFrame({
        "load": (score + rng.normal(0, 0.7, 3000)).round(3), "age": rng.integers(1, 30, 3000),
        "alarm": names[np.searchsorted(cuts, score)],
    })  # fmt: skip


CASES = [
    _drafted("repaid", ("True", "False"), 0.03, 4000, False),
    _drafted("healthy", ("yes", "no"), 0.08, 2500, False),
    _drafted("ok", ("1", "0"), 0.02, 5000, 0),
    _drafted("passed", ("t", "f"), 0.2, 1500, False),
    _drafted("delivered", ("Y", "N"), 0.01, 8000, False),
    _drafted("retained", ("TRUE", "FALSE"), 0.12, 1200, False),
    _drafted("state", ("healthy", "ill"), 0.04, 3000, "ill"),
    _drafted("result", ("repaid", "default"), 0.07, 2000, "default"),
    _drafted("status", (2, 1), 0.1, 2000, 1),
    _drafted("label", ("zero", "anomaly"), 0.015, 6000, "anomaly"),
    _drafted("fraud", ("False", "True"), 0.02, 5000, True),
    _asked("repaid", ("True", "False"), 0.03, 4000, "metric", {}, metric="accuracy"),
    _asked("state", ("healthy", "ill"), 0.05, 3000, "metric", {}, metric="accuracy"),
    _asked("repaid", ("True", "False"), 0.03, 4000, "event", {}, positive="true"),
    _asked("repaid", ("True", "False"), 0.06, 3000, "metric", {}, positive="true", metric="average_precision"),
    _asked("ok", ("1", "0"), 0.04, 3000, "event", {}, positive="1"),
    _asked("result", ("repaid", "default"), 0.1, 2000, "event", {}, positive="repaid"),
    _asked("result", ("repaid", "default"), 0.1, 2000, "metric", {}, positive="repaid", metric="f1"),
    _asked("fraud", ("no", "yes"), 0.02, 5000, "metric", {}, metric="brier"),
    Case(
        KIND, "three classes, one of them nearly always", lambda rng: _several(rng, (0.95, 0.03, 0.02)),
        _judged_by("roc_auc"), lambda rng: _several(rng, (0.5, 0.3, 0.2)),
        _judged_by("log_loss"), flags={"target": "alarm"},
    ),
]  # fmt: skip
