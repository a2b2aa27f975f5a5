"""A small forecast: a year and more of days of three items, and the project file that declares it."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from pipelines.core.table import Table
    from pipelines.define import Defined

DAYS = 406  # two weeks to look back, and 56 units of a week: 13 or more to begin with, five folds, 12 to test
ITEMS = ("cup", "hat", "pen")
FILE = "data/raw/shop.csv"
COLUMNS = """day = { type = "date" }
item = { type = "category" }
units = { type = "integer" }
open = { type = "integer" }
price = { type = "number" }"""
FORECAST = """time = "day"
series = ["item"]
frequency = "1d"
horizon = 7
season = [7]
known = ["open"]
past = ["price"]"""
TEXT = f"""[problem]
question = "How many units of each item will be sold on each of the next seven days?"
decision = "How many are ordered"
task = "forecast"
target = "units"

[source]
file = "{FILE}"

[columns]
{COLUMNS}

[forecast]
{FORECAST}

[metric]
primary = "mae"
margin = 0.01

[effort]
level = "quick"
"""


def daily(days: int = DAYS, seed: int = 6) -> pd.DataFrame:
    """Return a row for each day and item, by day: units with a weekday, a level that moves, and days that are closed.

    The first day is Wednesday, 4 January 2023.
    """
    rng = np.random.default_rng(seed)
    day = np.arange(days)
    moment = (np.datetime64("2023-01-04") + day).astype(str)
    shut = rng.random(days) < 0.05
    frames = []
    for place, item in enumerate(ITEMS):
        level = (20 + 15 * place) * np.exp(rng.normal(0, 0.03, days).cumsum())
        mean = level * (1 + 0.4 * np.sin(2 * np.pi * day / 7)) * np.where(shut, 0.2, 1.0)
        price = (5 + place + rng.normal(0, 0.5, days)).round(2)
        frames.append(
            pd.DataFrame(
                {"day": moment, "item": item, "units": rng.poisson(mean), "open": 1 - shut.astype(int), "price": price}
            )
        )
    return pd.concat(frames).sort_values(["day", "item"], kind="stable").reset_index(drop=True)


def defined(frame: pd.DataFrame, text: str = TEXT) -> "Defined":
    """Return what step 1 makes of a file with these rows."""
    from pipelines.core.project import parse_project  # not before conftest.py has set the number of threads
    from pipelines.core.submit import run_now
    from pipelines.define import define

    return define(frame.astype(str), parse_project(text, "shop", "projects/shop.toml"), "0" * 64, run_now)


def forward_table() -> "Table":
    """Return the table of the small forecast, whose folds follow one another in time."""
    return defined(daily()).table
