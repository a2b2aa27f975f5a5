"""Served rows whose truth is known, to test what drift and promises say of them: `python -m drifting`.

A world has four numbers and a category: `size` and `age` go together, `debt` has a heavy tail and a code, `income` is
sometimes missing. The target follows from them by a curve and a product that the model does not know well, so that its
score depends on the mix of rows.
"""

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import expit

from pipelines.core.table import Table
from pipelines.metrics import METRICS
from pipelines.metrics.prepared import Floats
from pipelines.serving.drift import Drift
from pipelines.serving.drift_counts import Counts
from pipelines.serving.drift_mix import Expected, expect, mixed, moved_most
from pipelines.serving.drift_reference import Reference, reference
from pipelines.targets import target_of

TRAIN = 3_000
TRUTH = 200_000  # rows that stand for all
CODE = 98.0
LEVELS = ("a", "b", "c", "d")
NOISE = 1.0  # of a number


@dataclass(frozen=True)
class Shift:
    """How the mix of rows is moved; what follows from a row stays the same."""

    size: float = 0.0  # added to the mean, in standard deviations
    missing: float = 0.1  # share of incomes
    codes: float = 0.02  # share of debts
    levels: tuple[float, ...] = (0.4, 0.3, 0.2, 0.1)


NONE = Shift()
SHIFTS = {
    "none": NONE,
    "size": Shift(size=0.7),
    "missing": Shift(missing=0.4),
    "levels": Shift(levels=(0.1, 0.2, 0.3, 0.4)),
    "all": Shift(size=0.5, missing=0.25, levels=(0.2, 0.3, 0.3, 0.2)),
}


def draw(random: np.random.Generator, rows: int, shift: Shift = NONE) -> pd.DataFrame:
    """Return the features of so many rows."""
    size = random.normal(shift.size, 1, rows)
    debt = np.exp(random.normal(0, 1, rows))
    income = random.normal(0, 1, rows)
    return pd.DataFrame(
        {
            "size": size,
            "age": 0.6 * size + 0.8 * random.normal(size=rows),
            "debt": np.where(random.random(rows) < shift.codes, CODE, np.minimum(debt, CODE / 2)),
            "income": np.where(random.random(rows) < shift.missing, np.nan, income),
            "level": pd.Categorical(random.choice(LEVELS, rows, p=shift.levels), LEVELS),
        }
    )


def truth(x: pd.DataFrame) -> Floats:
    """Return what follows from each row: log-odds, or the mean of a number."""
    size, income = x["size"].to_numpy(), x["income"].fillna(0.0).to_numpy()
    level = x["level"].cat.codes.to_numpy() / 2
    return np.asarray(size + np.square(size) / 4 - 1 + income + level * x["age"].to_numpy() / 2)


def predicted(x: pd.DataFrame, metric: str) -> Floats:
    """Return the prediction of a model that knows the straight part alone."""
    raw = (0.9 * x["size"] + 0.9 * x["income"].fillna(0.0) + 0.4 * x["age"] - 0.7).to_numpy(np.float64)
    return np.asarray(expit(raw)) if "binary" in METRICS[metric].targets else raw


def outcomes(random: np.random.Generator, x: pd.DataFrame, metric: str) -> Floats:
    """Return the target, drawn; errors of numbers grow where size is large."""
    mean = truth(x)
    if "binary" in METRICS[metric].targets:
        return (random.random(len(x)) < expit(mean)).astype(np.float64)
    return np.asarray(mean + NOISE * np.exp(x["size"].to_numpy() / 4) * random.normal(size=len(x)))


def facts(margin: float, matters: bool = True) -> Any:  # noqa: ANN401 - facts, of the keys that are read
    """Return the facts of a project in which scale, by codes, and missing values matter."""
    effect = {"gain": 0.05, "ci": [0.03, 0.07], "matters": matters}
    names = ("size", "age", "debt", "income", "level")
    columns: list[dict[str, Any]] = [
        {
            "name": name, "kind": "category" if name == "level" else "numeric", "distinct": 4, "codes": [],
            "missing_alone": {"score": 0.6} if name == "income" else None,
            "quantiles": {"0": 0.0, "1": 0.1, "50": 1.0, "99": 10.0, "100": CODE} if name == "debt" else None,
        }
        for name in names
    ]  # fmt: skip
    columns[2]["codes"] = [{"value": CODE, "rows": 60}]
    return {
        "define": {"features": [{"name": name, "unit": None} for name in names]},
        "metric": {"margin": margin},
        "eda": {"columns": columns, "hypotheses": []},
        "reflect": {
            "attribution": [{"factor": name, **effect} for name in ("missingness", "scale")],
            "codes": {"features": ["debt"], "values": [CODE], **effect},
            "scales": [{"feature": "debt", **effect}], "shapes": [], "interactions": [], "details": {},
        },
    }  # fmt: skip


def made(random: np.random.Generator, rows: int, metric: str, margin: float = 0.01) -> Reference:
    """Return the reference of so many test rows."""
    x = draw(random, TRAIN + rows)
    y = outcomes(random, x, metric)
    tested = np.arange(len(x)) >= TRAIN
    keys = {"row_id": np.arange(len(x)), "split": np.where(tested, "test", "train"), "fold": np.where(tested, -1, 0)}
    frame = pd.concat([pd.DataFrame({**keys, "y_true": y}), x], axis="columns")
    task = "binary" if "binary" in METRICS[metric].targets else "regression"
    table = Table(frame, target_of(task, y))
    return reference(table, facts(margin), {"strong": predicted(x[tested], metric)}, METRICS[metric], 0)


def expected(of: Reference, served: pd.DataFrame, features: list[int] | None = None) -> Expected:
    """Return what is expected of served rows, by all features or some."""
    counts = Counts.of(of, served)
    found = expect(of, mixed(of, counts.inside, features or moved_most(of, counts.inside)), "strong")
    assert found is not None  # noqa: S101 - both classes are common
    return found


@cache
def true_loss(metric: str, shift: Shift, seed: int = 9) -> float:
    """Return how much worse the model is on the shifted mix, from many rows."""
    scores = []
    for one in (NONE, shift):
        random = np.random.default_rng(seed)
        x = draw(random, TRUTH, one)
        scores.append(METRICS[metric].score(outcomes(random, x, metric), predicted(x, metric)))
    return METRICS[metric].gain(scores[1], scores[0])


def coverage(metric: str, shift: Shift, test_rows: int, served_rows: int, draws: int) -> Iterator[tuple[float, ...]]:
    """Yield of each draw the loss less the true one, its standard error, and whether its interval covers the truth."""
    right = true_loss(metric, shift)
    for seed in range(draws):
        random = np.random.default_rng([seed, 1])
        found = expected(made(random, test_rows, metric), draw(random, served_rows, shift))
        low, high = found.loss_ci()
        yield found.loss - right, found.se, float(low <= right <= high)


def path(metric: str, shift: Shift, test_rows: int, rows: int, seed: int, margin: float = 0.01) -> list[dict[str, Any]]:
    """Return the judgement at each look of a path of so many served rows."""
    random = np.random.default_rng([seed, 2])
    drift = Drift(made(random, test_rows, metric, margin))
    looks = []
    look = drift.schedule.following(None)
    while look.end <= rows:
        drift.add(draw(random, look.end - drift.rows, shift))
        looks.append(drift.judge())
        look = drift.schedule.following(look)
    return looks


def alarms(metric: str, shift: Shift, test_rows: int, rows: int, draws: int) -> tuple[float, float, float]:
    """Return the shares of paths with an alarm of the loss, with one of a cause, and with a watch or an alarm."""
    paths = [path(metric, shift, test_rows, rows, seed) for seed in range(draws)]
    loss = [any(one["loss_alarm"] for one in looks) for looks in paths]
    cause = [any(part["alarm"] for one in looks for part in one["causes"]) for looks in paths]
    seen = [any(one["verdict"] in {"watch", "alarm"} for one in looks) for looks in paths]
    return float(np.mean(loss)), float(np.mean(cause)), float(np.mean(seen))


def print_alarms(draws: int) -> None:
    """Print how often paths of 8,000 rows, two windows, raise an alarm."""
    print("| metric | shift | true loss | alarm of the loss | alarm of a cause | watch or alarm |")
    print("|---|---|---:|---:|---:|---:|")
    cases = {
        **SHIFTS,
        "no codes": Shift(codes=0.0),
        "never missing": Shift(missing=0.0),
        "size by 1.5": Shift(size=1.5),
    }
    for metric in ("log_loss", "rmse"):
        for name, shift in cases.items():
            loss, cause, seen = alarms(metric, shift, 1_000, 8_000, draws if name == "none" else draws // 5)
            print(
                f"| {METRICS[metric].label} | {name} | {true_loss(metric, shift):.3f} | {100 * loss:.1f} % | "
                f"{100 * cause:.1f} % | {100 * seen:.1f} % |",
                flush=True,
            )


def main() -> None:
    """Print the tables of docs/serving-statistics.md."""
    draws = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    print_alarms(draws)
    print("| metric | shift | test rows | served rows | true loss | bias | error | interval covers |")
    print("|---|---|---:|---:|---:|---:|---:|---:|")
    for metric in ("roc_auc", "log_loss", "rmse", "median_ae"):
        for name, shift in SHIFTS.items():
            for test_rows, served_rows in ((1_000, 500), (4_000, 8_000)):
                begun = time.monotonic()
                found = np.array(list(coverage(metric, shift, test_rows, served_rows, draws)))
                bias, covered = found[:, 0].mean(), found[:, 2].mean()
                noise = np.sqrt(covered * (1 - covered) / draws)
                print(
                    f"| {METRICS[metric].label} | {name} | {test_rows:,} | {served_rows:,} | "
                    f"{true_loss(metric, shift):.4f} | {bias:.4f} | {found[:, 1].mean():.4f} | "
                    f"{100 * covered:.1f} ± {100 * noise:.1f} % |",
                    flush=True,
                )
                print(f"{time.monotonic() - begun:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
