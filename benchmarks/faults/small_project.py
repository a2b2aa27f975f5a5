"""Projects so small that each of their steps takes a second or two, in two editions that share no output."""

import hashlib
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import toy_forecast
from toy_project import of_metric, project_text

NAME = "small"
WHEELS = Path("wheels")
ROWS = 600
EDITIONS = (1, 2)  # the second is what a build shall lead to, the first what lies there before
MEMBER = "small/small.csv"
RAW = Path("data", "raw", "small.csv")
COLUMNS = """\
amount = { type = "number", min = 0, unit = "EUR" }
weight = { type = "number", missing = 0.2, unit = "kg" }
town = { type = "category" }
items = { type = "integer", min = 1 }
late = { type = "integer", allowed = [0, 1] }"""


def small_project(place: Path, edition: int, kind: str) -> None:
    """Write the edition's project file, and the wheel with its table, into a repository."""
    rows, declared = KINDS[kind]
    content = rows(edition).encode()
    sha256 = hashlib.sha256(content).hexdigest()
    made = declared(f'package = "sevenfold-small=={edition}.0"\nmember = "{MEMBER}"\nsha256 = "{sha256}"')
    (place / "projects").mkdir(exist_ok=True)
    (place / "projects" / f"{NAME}.toml").write_text(made.lstrip(), encoding="utf-8")
    (place / WHEELS).mkdir(exist_ok=True)
    info = f"sevenfold_small-{edition}.0.dist-info"
    with zipfile.ZipFile(place / WHEELS / f"sevenfold_small-{edition}.0-py3-none-any.whl", "w") as archive:
        archive.writestr(MEMBER, content)
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: sevenfold-small\nVersion: {edition}.0\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")


def _orders(edition: int) -> str:
    """Return a table whose target depends on a logarithm, on what is missing, on a category, and on luck."""
    rng = np.random.default_rng(edition)
    amount, weight, items = np.exp(rng.normal(3, 2, ROWS)), rng.normal(5, 1, ROWS), rng.integers(1, 9, ROWS)
    missing, town = rng.binomial(1, 0.1, ROWS), rng.choice(["Bern", "Oslo", "Rome"], ROWS)
    score = 1.2 * (np.log(amount) - 3) + 1.5 * missing + (town == "Oslo") - 1
    late = (rng.random(ROWS) < 1 / (1 + np.exp(-score))).astype(int)
    cells = zip(amount, weight, missing, town, items, late, strict=True)
    lines = [f"{a:.4f},{'' if gone else f'{w:.3f}'},{place},{n},{y}" for a, w, gone, place, n, y in cells]
    return "\n".join(["amount,weight,town,items,late", *lines]) + "\n"


def _of_orders(source: str) -> str:
    """Return the project file of orders, which are late or not."""
    return project_text(
        question="Which orders will be late?",
        decision="Which orders to send first",
        target="late",
        source=source,
        columns=COLUMNS,
        split='kind = "stratified"\ntest = 0.25\nseed = 7',
        metric=of_metric("roc_auc", 0.005, "cost = { false_positive = 1, false_negative = 5 }"),
        effort='level = "quick"',
    )


def _days(edition: int) -> str:
    """Return a row for each day and item of a shop."""
    return toy_forecast.daily(seed=edition).to_csv(index=False)


def _of_days(source: str) -> str:
    """Return the project file of a forecast."""
    return toy_forecast.TEXT.replace(f'file = "{toy_forecast.FILE}"', source)


KINDS: Mapping[str, tuple[Callable[[int], str], Callable[[str], str]]] = {
    "orders": (_orders, _of_orders),
    "forecast": (_days, _of_days),
}
