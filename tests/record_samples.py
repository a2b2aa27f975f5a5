"""Make the sample facts that tests of pages and pictures start from: three small projects through all seven steps.

`make samples` writes tests/samples/; look at the golden pages afterwards, which change with them. What is planted: of
the loans a heavy tail with codes among it, a bend, a pair and a rare class; of the payments three classes; of the
cottages a straight line on the logarithm of the price, so that a strong model gains nothing.
"""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from toy_project import of_metric, toy_project

from flows.repository.files import to_json, write_text
from pipelines.baseline import baseline
from pipelines.compare import compare
from pipelines.core.project import Project
from pipelines.core.submit import run_now
from pipelines.define import define
from pipelines.eda import eda
from pipelines.facts.steps import Facts
from pipelines.metric import metric
from pipelines.reflect import reflect
from pipelines.strong import strong

SAMPLES = Path(__file__).parent / "samples"
LOAN_COLUMNS = """\
id = { type = "integer" }
utilization = { type = "number", min = 0 }
age = { type = "integer", unit = "years", min = 18, max = 120 }
income = { type = "number", unit = "USD a month", missing = 0.25 }
"purpose|kind" = { type = "category" }
drop = ["id"]
"""


def loans(rows: int, seed: int) -> tuple[pd.DataFrame, np.ndarray, np.random.Generator]:
    """Return applicants, and how likely each is to be late, as log-odds but for a constant."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "id": np.arange(rows),
            "utilization": np.minimum(np.exp(rng.normal(0, 2, rows)), 90).round(3),
            "age": rng.integers(19, 80, rows),
            "income": np.where(rng.random(rows) < 0.2, np.nan, np.exp(rng.normal(8, 0.5, rows)).round()),
            "purpose|kind": rng.choice(["car", "a|b", "<i>", "house"], rows, p=[0.4, 0.3, 0.2, 0.1]),
        }
    )
    late = 1.5 * np.log(frame["utilization"]) + ((frame["age"] - 50) / 12) ** 2 * 0.6
    late += np.where((frame["age"] < 40) & (frame["income"] < 3000), 2.0, 0.0)
    codes = rng.random(rows) < 0.03
    frame.loc[codes, "utilization"] = rng.choice([9600.0, 9800.0], int(codes.sum()))
    frame.loc[[65, 104, 988], "age"] = [3, 7, 12]
    return frame, late.to_numpy(), rng


def binary() -> tuple[pd.DataFrame, Project]:
    """Return loans of which one in twelve is late, and their project."""
    frame, late, rng = loans(4_000, 1)
    frame["late"] = (rng.random(len(frame)) < 1 / (1 + np.exp(7.2 - late))).astype(int)
    frame = pd.concat([frame, frame.iloc[:12]], ignore_index=True)
    return frame, toy_project(
        "binary", name="loan_sample", question="Which applicants will be 90 days late within two years?",
        decision="Who gets a manual review before the loan is granted", target="late",
        columns='late = { type = "integer" }\n' + LOAN_COLUMNS, split='kind = "stratified"\ntest = 0.25\nseed = 7',
        metric=of_metric("roc_auc", 0.005, "cost = { false_positive = 50, false_negative = 1200 }", 'currency = "USD"'),
        effort='level = "quick"',
    )  # fmt: skip


def multiclass() -> tuple[pd.DataFrame, Project]:
    """Return payments of three classes, one of them rare, and their project."""
    frame, late, rng = loans(2_000, 2)
    place = np.digitize(late + rng.logistic(size=len(frame)), [1.0, 6.0])
    frame["paid"] = np.array(["early", "late|part", "<never>"])[place]
    return frame, toy_project(
        "multiclass", name="payments", question="When will this customer pay?", decision="Whom to remind, and when",
        target="paid", columns='paid = { type = "category" }\n' + LOAN_COLUMNS,
        split='kind = "stratified"\ntest = 0.25\nseed = 7', metric=of_metric("roc_auc", 0.005),
        effort='level = "quick"',
    )  # fmt: skip


def regression() -> tuple[pd.DataFrame, Project]:
    """Return cottages whose price's logarithm is a straight line, by time, and their project."""
    rng = np.random.default_rng(3)
    rows = 900
    sold = pd.Timestamp("2014-01-01") + pd.to_timedelta(rng.integers(0, 900, rows), unit="D")
    frame = pd.DataFrame(
        {
            "area": rng.normal(70, 15, rows).round(1),
            "rooms": rng.integers(1, 7, rows),
            "town": rng.choice(["car", "a|b", "<i>", "Bern"], rows),
            "sold": sold.strftime("%Y-%m-%d"),
        }
    )
    price = 11 + 0.015 * frame["area"] + 0.08 * frame["rooms"] + rng.normal(0, 0.2, rows)
    frame["price"] = np.exp(price).round()
    return frame, toy_project(
        "regression", name="cottage_prices", question="What does a cottage sell for?",
        decision="Which asking price to suggest", target="price", problem='target_scale = "log"\nunit = "USD"',
        columns='area = { type = "number", unit = "m2" }\nrooms = { type = "integer" }\ntown = { type = "category" }\n'
        'sold = { type = "date" }\nprice = { type = "number", min = 1, unit = "USD" }',
        split='kind = "time"\ncolumn = "sold"\ntest = 0.2\nseed = 7', metric=of_metric("rmse", 0.02),
        effort='level = "quick"',
    )  # fmt: skip


def forecast() -> tuple[pd.DataFrame, Project]:
    """Return three shops' daily sales, which their hours and a mood that lasts for days decide, and their project."""
    rng, days = np.random.default_rng(4), 620
    day = pd.date_range("2022-01-03", periods=days)
    frames = []
    for shop, size in (("North", 40.0), ("South|2", 90.0), ("<East>", 15.0)):
        mood = np.zeros(days)
        for at in range(1, days):
            mood[at] = 0.93 * mood[at - 1] + rng.normal(0, 0.12)
        open_hours = np.where(day.dayofweek == 6, 0.0, rng.integers(6, 11, days).astype(float))
        rain = rng.gamma(0.6, 4.0, days).round(1)
        weekday = np.array([0.9, 0.95, 1.0, 1.05, 1.3, 1.5, 0.0])[day.dayofweek]
        mean = size * weekday * np.exp(mood) * (open_hours / 8) * np.where(rain > 6, 0.6, 1.0)
        frames.append(pd.DataFrame({
            "day": day.strftime("%Y-%m-%d"), "shop": shop, "hours": open_hours, "rain": rain,
            "visits": rng.poisson(mean + 1), "sold": rng.poisson(mean),
        }))  # fmt: skip
    frame = pd.concat(frames, ignore_index=True)
    return frame, toy_project(
        "forecast", name="shop_sales", question="How much will each shop sell on each of the next seven days?",
        decision="How much to deliver", target="sold", problem='unit = "boxes"',
        columns='day = { type = "date" }\nshop = { type = "category" }\nhours = { type = "number", unit = "hours" }\n'
        'rain = { type = "number", unit = "mm" }\nvisits = { type = "integer" }\nsold = { type = "integer", min = 0 }',
        split='seed = 7\n\n[forecast]\ntime = "day"\nseries = ["shop"]\nfrequency = "1d"\nhorizon = 7\nseason = [7]\n'
        'known = ["hours"]\npast = ["visits"]\noracle = ["rain"]\ntest = 12\neffects = "relative"',
        metric=of_metric("wape", 0.005), effort='level = "quick"',
    )  # fmt: skip


def record(raw: pd.DataFrame, project: Project) -> Facts:
    """Return the facts of all seven steps."""
    defined = define(raw, project, "e30933f25e24" + "0" * 52, run_now)
    table = defined.table
    first, second = baseline(table, project, run_now), strong(table, project, run_now)
    predictions = {"baseline": first.predictions, "strong": second.predictions}
    facts: Facts = {"define": defined.facts, "metric": metric(table, project, run_now)}
    facts["eda"] = eda(table, project, defined.facts, run_now)
    facts |= {"baseline": first.facts, "strong": second.facts}
    models = {"baseline": first.model, "strong": second.model}
    facts["compare"] = compare(table, project, predictions, models, facts, run_now)
    facts["reflect"] = reflect(table, project, predictions, second.model, json.loads(to_json(facts)), run_now).facts
    return facts


KINDS: dict[str, Callable[[], tuple[pd.DataFrame, Project]]] = {
    "binary": binary,
    "multiclass": multiclass,
    "regression": regression,
    "forecast": forecast,
}


def main() -> None:
    """Write a file for each kind of target."""
    for kind, make in KINDS.items():
        write_text(SAMPLES / f"{kind}.json", to_json(record(*make())))


if __name__ == "__main__":
    main()
