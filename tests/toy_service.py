"""A small served project of every kind of target, with columns of every type, for tests of what serving does."""

import json
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from toy_project import of_metric, toy_project, usual_metric
from toy_table import first_learner, run_now

from pipelines.core.project import Project
from pipelines.core.table import Table
from pipelines.define import Defined, define
from pipelines.inference.conformal import conformal
from pipelines.models.folds import CrossFit, cross_fit
from pipelines.models.linear import LinearLearner
from pipelines.models.saving import archive
from pipelines.serving.archive import pack_service
from pipelines.serving.service import Service
from pipelines.targets import TARGETS

COLUMNS = """\
drop = ["note"]
age = { type = "integer", min = 18, max = 99, unit = "years", title = "age of the customer" }
income = { type = "number", min = 0, missing = 0.3, missing_values = [-1] }
price = { type = "number", format = "1,234.5", unit = "USD" }
town = { type = "category", allowed = ["Bern", "Oslo", "Rome", "007"], missing = 0.2 }
street = { type = "category" }
size = { type = "ordinal", levels = ["small", "middle", "large"], missing = 0.2 }
member = { type = "boolean", missing = 0.2 }
since = { type = "date", missing = 0.2 }
remark = { type = "text", use = "numbers", missing = 0.5 }
"""
COSTS = "cost = { false_positive = 5, false_negative = 50 }"


def served_project(task: str, *, log: bool = False) -> Project:
    """Return the project of `served_raw`."""
    kind = TARGETS[task]
    of_target = "number" if "number" in kind.column_types else "integer"
    costs = [COSTS] if "costs" in kind.can else []
    return toy_project(
        task, columns=f'{COLUMNS}y = {{ type = "{of_target}" }}', split='kind = "random"\ntest = 0.25\nseed = 3',
        metric=of_metric(usual_metric(task), 0.01, *costs), problem='target_scale = "log"' if log else "",
        effort='level = "quick"',
    )  # fmt: skip


def served_raw(task: str, rows: int = 240, seed: int = 0) -> pd.DataFrame:
    """Return a raw frame that keeps the declaration, as the reader gives it; the target follows income and town."""
    rng = np.random.default_rng(seed)
    days = [f"20{year}-0{month}-11" for year, month in rng.integers([10, 1], [25, 10], (rows, 2))]
    income = rng.lognormal(3, 1, rows).round(2)
    town = rng.choice(["Bern", "Oslo", "Rome", "007"], rows)
    signal = np.log(income) - 3 + (town == "Oslo")
    kind = TARGETS[task]
    if kind.raw_in_unit:
        y = np.exp(signal + rng.normal(size=rows) / 2).round(3)
    elif "probabilities" in kind.can:
        noisy = signal + rng.logistic(size=rows)
        y = (noisy > 0).astype(int) if "event" in kind.can else np.digitize(noisy, [-0.7, 0.7])
    else:
        y = rng.poisson(np.exp(np.clip(signal, -2, 2)))

    def gaps(values: Any) -> pd.Series:  # noqa: ANN401 - cells of any type
        return pd.Series(values, dtype="str").mask(rng.random(rows) < 0.1)

    return pd.DataFrame({
        "age": rng.integers(18, 100, rows),
        "income": np.where(rng.random(rows) < 0.1, np.nan, income),
        "price": pd.Series([f"${1000 + n:,}.50" for n in rng.integers(0, 900, rows)], dtype="str"),
        "town": gaps(town),
        "street": pd.Series(rng.choice(["a", "b", "10", "1.0"], rows), dtype="str"),
        "size": gaps(rng.choice(["small", "middle", "large"], rows)),
        "member": np.where(rng.random(rows) < 0.1, np.nan, (rng.random(rows) < 0.5).astype(float)),
        "since": gaps(days),
        "remark": gaps(rng.choice(["fine", "not so good", "so so", " "], rows)),
        "y": y,
        "note": pd.Series([f"n{i}" for i in range(rows)], dtype="str"),
    })  # fmt: skip


@cache
def defined(task: str, *, log: bool = False) -> Defined:
    """Return what step 1 makes of the raw frame."""
    return define(served_raw(task), served_project(task, log=log), "0" * 64, run_now)


@cache
def fits(task: str, *, log: bool = False) -> dict[str, CrossFit]:
    """Return the fitted models: the baseline, and boosted trees as the strong one."""
    table = defined(task, log=log).table
    done, failed = cross_fit([LinearLearner(table.target), first_learner("lightgbm", table)], table, 7, run_now)
    assert not failed
    return dict(zip(("baseline", "strong"), done, strict=True))


@cache
def packed(task: str, *, log: bool = False) -> bytes:
    """Return the archive."""
    table, project = defined(task, log=log).table, served_project(task, log=log)
    made = fits(task, log=log)
    models = {name: archive.save(made[name], table, project) for name in ("strong", "baseline")}
    predictions = {name: made[name].prediction for name in models}
    return pack_service(
        served_raw(task),
        table,
        project,
        facts_of(task, table, log=log),
        models,
        predictions,
    )


@cache
def served(task: str, *, log: bool = False) -> Service:
    """Return the service out of its archive."""
    return Service.load(packed(task, log=log))


def facts_of(task: str, table: Table, *, log: bool) -> Any:  # noqa: ANN401 - of several steps, cut short
    """Return the facts that packing reads, in the shape of the steps'; scores are made up, intervals are not."""
    intervals = None
    if "intervals" in table.target.can:
        levels = {}
        for name, one in fits(task, log=log).items():
            both = [(table.y[rows], one.prediction[rows]) for rows in (table.scored, table.tested)]
            found = next(level for level in conformal(*both[0], *both[1], log=log) if level.level == 0.9)
            levels[name] = {
                "level": found.level, "reach": found.reach, "factor": found.factor,
                "coverage": found.all.coverage, "ci": list(found.all.ci), "promise": found.all.promise,
            }  # fmt: skip
        intervals = {
            "shown_level": 0.9, "log": log,
            "models": [{"model": name, "levels": [level]} for name, level in levels.items()],
        }  # fmt: skip
    costs = "costs" in table.target.can
    return {
        "define": json.loads(json.dumps(defined(task, log=log).facts)),
        "compare": {
            "metric": usual_metric(task), "label": "score", "greater_is_better": True, "test_rows": 60,
            "models": [{"name": name, "score": 0.7, "ci": [0.6, 0.8]} for name in ("baseline", "strong")],
            "difference": {"value": 0.1, "ci": [0.0, 0.2], "verdict": "better"},
            "threshold": {"baseline": {"threshold": 0.2}, "strong": {"threshold": 0.1}} if costs else None,
            "intervals": intervals,
        },
        "reflect": {
            "repaired": None,
            "attribution": [{"factor": "scale", "gain": 0.1, "ci": [0.0, 0.2], "matters": True}],
        },
    }  # fmt: skip
