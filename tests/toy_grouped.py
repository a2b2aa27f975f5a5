"""A small table whose rows form groups, lines of events that make one, and the project files that declare them."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from pipelines.define import Defined

ROWS = 300
FILE = "data/raw/crowd.csv"
DECLARED = """size = { type = "number" }
weight = { type = "number" }
visits = { type = "integer" }
land = { type = "category" }
spent = { type = "number" }"""
CLUSTERS = """columns = ["size", "weight", "visits"]
describe = ["land"]
baseline = "quantiles"
by = "size"
groups = 4"""
TEXT = f"""[problem]
question = "Are there groups?"
decision = "Who gets which letter"
task = "clustering"
outcome = "spent"
outcome_scale = "log1p"

[source]
file = "{FILE}"

[columns]
{DECLARED}

[clusters]
{CLUSTERS}

[split]
kind = "random"

[metric]
primary = "r2"
margin = 0.01

[effort]
level = "quick"
"""
LINES = """customer = { type = "category", missing = 0.1 }
day = { type = "date" }
units = { type = "integer" }
price = { type = "number" }
land = { type = "category" }"""
ENTITIES = """[entities]
by = "customer"
time = "day"
cut = "2020-07-01"
days = 60
where = ["price > 0"]
needs = ["units > 0"]
product = { paid = ["units", "price"] }

[entities.columns]
recency = { take = "recency", where = ["units > 0"] }
money = { take = "sum", of = "paid", where = ["units > 0"], unit = "CHF" }
dearest = { take = "max", of = "price" }
home = { take = "commonest", of = "land" }
later = { take = "sum", of = "paid", after = true }

"""
OF_LINES = (
    ('outcome = "spent"', 'outcome = "later"'), ('outcome_scale = "log1p"\n', ""), (DECLARED, LINES),
    ("[clusters]", f"{ENTITIES}[clusters]"),
    (CLUSTERS, 'columns = ["recency", "money", "dearest"]\ndescribe = ["home"]\nby = "money"'),
)  # fmt: skip


def changed(*changes: tuple[str, str], text: str = TEXT) -> str:
    """Return a project file with pieces of it replaced."""
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


OF_EVENTS = changed(*OF_LINES)


def crowd(rows: int = ROWS, **columns: Any) -> pd.DataFrame:  # noqa: ANN401 - whatever a column may be made of
    """Return a row a member of a crowd, in one group, with columns replaced or added."""
    rng = np.random.default_rng(4)
    size = np.exp(rng.standard_normal(rows))
    frame = pd.DataFrame({
        "size": size.round(4), "weight": (2 + np.log(size) + rng.standard_normal(rows)).round(4),
        "visits": rng.poisson(3, rows), "land": rng.choice(["AT", "CH", "DE"], rows),
        "spent": np.where(rng.random(rows) < 0.3, 0.0, np.exp(rng.standard_normal(rows) + np.log(size))).round(2),
    })  # fmt: skip
    return frame.assign(**columns)


def events(customers: int = ROWS) -> pd.DataFrame:
    """Return lines of a shop from January to September 2020, in no order: some without a customer, some sent back.

    The last customers come after 1 July alone.
    """
    rng = np.random.default_rng(9)
    found = []
    for place in range(customers + 10):
        first = 0 if place < customers else 190
        count = 1 + rng.poisson(4)
        day = np.datetime64("2020-01-01") + np.sort(rng.integers(first, 245, count))
        day[0] = np.datetime64("2020-01-01") + (int(rng.integers(0, 180)) if place < customers else 200)
        land = rng.choice(["AT", "CH"], count)
        units = rng.integers(1, 9, count) * np.where(rng.random(count) < 0.1, -1, 1)
        units[0] = abs(units[0])
        price = rng.uniform(-0.2, 9, count).round(2)
        price[0] = abs(price[0]) + 1
        found.append(pd.DataFrame({
            "customer": f"c{place:03d}", "day": day.astype(str), "units": units, "price": price, "land": land,
        }))  # fmt: skip
    lines = pd.concat(found).sample(frac=1.0, random_state=2).reset_index(drop=True)
    return lines.assign(customer=lines["customer"].mask(rng.random(len(lines)) < 0.02))


def defined(frame: pd.DataFrame, text: str = TEXT) -> "Defined":
    """Return what step 1 makes of a file with these rows."""
    from pipelines.core.project import parse_project  # not before conftest.py has set the number of threads
    from pipelines.core.submit import run_now
    from pipelines.define import define

    project = parse_project(text, "crowd", "projects/crowd.toml")
    texts = [name for name in frame.columns if not isinstance(frame[name].iloc[0], float)]
    return define(frame.astype(dict.fromkeys(texts, "str")), project, "0" * 64, run_now)
