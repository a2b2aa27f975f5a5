"""The repository that every case of bad input starts from, and what changes it.

`build` makes one project, `shop`, that `sevenfold check` accepts; a `Case` says what is arranged in it, which command
is given, and what must be said.
"""

import bz2
import gzip
import io
import json
import lzma
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from conftest import ROOT
from openpyxl import Workbook
from toy_project import project_text

ROWS = 200
PLACE = np.arange(ROWS)
BIG = 2**53 + 1  # the first whole number that no float holds
AGE, TOWN, SINCE = 'age = { type = "integer" }', 'town = { type = "category" }', 'since = { type = "date" }'
BY_TOWN = ('kind = "stratified"', 'kind = "group"\ncolumn = "town"')
BY_MARK = ('kind = "stratified"', 'kind = "column"\ncolumn = "town"')
BY_TIME = ('kind = "stratified"', 'kind = "time"\ncolumn = "since"')
TOML = project_text(
    question="Who leaves?",
    decision="Who is called",
    target="left",
    positive='"yes"',
    source='file = "data/raw/shop.csv"',
    columns=f'{AGE}\nincome = {{ type = "number" }}\n{TOWN}\n{SINCE}\nleft = {{ type = "category" }}',
    split='kind = "stratified"\ntest = 0.25',
    effort='level = "quick"',
)
Arrange = Callable[[Path], object]
Made = Callable[[], bytes]  # what takes long to make, and is made where it is put: not for every look at the tests
Content = pd.DataFrame | str | bytes | Made


@dataclass(frozen=True)
class Case:
    """One piece of bad input."""

    name: str
    command: tuple[str, ...]
    told: tuple[str, ...]  # words of the message
    arrange: tuple[Arrange, ...] = ()  # what changes the repository, whose root is given


def table(rows: int = ROWS, **columns: Any) -> pd.DataFrame:  # noqa: ANN401 - whatever a column may be made of
    """Return the table that `TOML` declares, with columns replaced or added."""
    rng = np.random.default_rng(5)
    day = np.datetime64("2015-01-01") + rng.permutation(3 * rows)[:rows]  # unsorted, with gaps
    frame = pd.DataFrame({
        "age": rng.integers(18, 90, rows), "income": rng.normal(5000, 900, rows).round(2),
        "town": rng.choice(["Bern", "Oslo", "Rome"], rows), "since": day.astype(str),
        "left": np.where(rng.random(rows) < 0.4, "yes", "no"),
    })  # fmt: skip
    return frame.assign(**columns)


def with_cell(row: int, column: str, value: object) -> pd.DataFrame:
    """Return the table with one cell replaced."""
    frame = table().astype(object)
    frame[column] = pd.Series(
        [value if place == row else cell for place, cell in enumerate(frame[column])], dtype=object
    )
    return frame


def as_csv(frame: pd.DataFrame) -> str:
    """Return the table as CSV."""
    return frame.to_csv(index=False)


CSV = as_csv(table())
HEADER, *LINES = CSV.splitlines(keepends=True)


def build(root: Path) -> None:
    """Make the repository that every case changes."""
    (root / "projects").mkdir(parents=True)
    (root / "data" / "raw").mkdir(parents=True)
    (root / "projects" / "shop.toml").write_text(TOML, encoding="utf-8")
    (root / "data" / "raw" / "shop.csv").write_text(CSV, encoding="utf-8")
    stages = (ROOT / "dvc.yaml").read_text(encoding="utf-8").partition("\nstages:")[2]
    lists = "vars:\n  - packaged: &packaged {}\n  - projects:\n      <<: *packaged\n"
    shop = "      shop:\n        raw: data/raw/shop.csv\n        table: data/shop/table.parquet\n"
    text = f"{lists}{shop}  - texts: []\n\nstages:{stages}"
    (root / "dvc.yaml").write_text(text, encoding="utf-8")


def declare(*changes: tuple[str, str], text: str | bytes | None = None) -> Arrange:
    """Return what writes the project file: `TOML` with pieces of it replaced, or another text."""

    def write(root: Path) -> None:
        content: str | bytes = TOML if text is None else text
        for old, new in changes:
            assert isinstance(content, str)
            assert old in content, old
            content = content.replace(old, new, 1)
        path = root / "projects" / "shop.toml"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    return write


def put(content: Content, place: str) -> Arrange:
    """Return what writes a file at a place in the repository."""

    def write(root: Path) -> None:
        (root / place).parent.mkdir(parents=True, exist_ok=True)
        (root / place).write_bytes(as_bytes(content))

    return write


def as_bytes(content: Content) -> bytes:
    """Return what a file holds."""
    if callable(content):
        return content()
    text = as_csv(content) if isinstance(content, pd.DataFrame) else content
    return text if isinstance(text, bytes) else text.encode()


def raw_at(place: str) -> Arrange:
    """Return what has project file and list name another raw file."""

    def change(root: Path) -> None:
        for name in ("projects/shop.toml", "dvc.yaml"):
            text = (root / name).read_text(encoding="utf-8")
            (root / name).write_text(text.replace("data/raw/shop.csv", place), encoding="utf-8")

    return change


def project(name: str, change: tuple[str, str] | str | bytes, *told: str) -> Case:
    """Return a case of `check`: a project file with a piece replaced, or another text."""
    arrange = declare(change) if isinstance(change, tuple) else declare(text=change)
    return Case(name, ("check", "shop"), ("projects/shop.toml", *told), (arrange,))


def checked(name: str, content: Content, *told: str, changes: Sequence[tuple[str, str]] = ()) -> Case:
    """Return a case of `check`: another raw file, and a project file with pieces replaced."""
    arrange = (put(content, "data/raw/shop.csv"), declare(*changes))
    return Case(f"{name}, checked", ("check", "shop"), ("data/raw/shop.csv", *told), arrange)


def drafted(name: str, content: Content, *told: str, flags: Sequence[str] = (), target: str = "left") -> Case:
    """Return a case of `new`: a table of the user's, and flags."""
    command = ("new", "churn", "--data", "inbox/churn.csv", "--target", target, *flags)
    return Case(f"{name}, drafted", command, told, (put(content, "inbox/churn.csv"),))


def both(name: str, content: Content, *told: str, kind: str = ".csv") -> Iterator[Case]:
    """Yield the cases of one broken file that `check` and `new` find broken alike."""
    place = f"data/raw/shop{kind}"
    arrange = (raw_at(place), put(content, place))
    yield Case(f"{name}, checked", ("check", "shop"), (place, *told), arrange)
    place = f"inbox/churn{kind}"
    command = ("new", "churn", "--data", place, "--target", "left")
    yield Case(f"{name}, drafted", command, (place, *told), (put(content, place),))


def flags(name: str, *told: str, target: str = "left", more: Sequence[str] = (), data: str = "inbox/churn.csv") -> Case:
    """Return a case of `new` whose table is fine and whose flags are not."""
    command = ("new", "churn", "--data", data, "--target", target, *more)
    return Case(f"new, {name}", command, told, (put(CSV, "inbox/churn.csv"),))


def listing(name: str, text: str | bytes) -> Case:
    """Return a case of a dvc.yaml that holds no list of projects."""
    return Case(name, ("check", "shop"), ("where: dvc.yaml", "restore it"), (put(text, "dvc.yaml"),))


def packed(content: bytes, kind: str) -> bytes:
    """Return the bytes packed."""
    pack: dict[str, Callable[[bytes], bytes]] = {
        ".bz2": bz2.compress,
        ".gz": gzip.compress,
        ".xz": partial(lzma.compress, preset=0),  # a third of the time, and zeros become as few bytes
        ".zst": lambda data: bytes(pa.compress(data, "zstd", asbytes=True)),
    }
    return pack[kind](content)


@cache
def zeros(count: int, kind: str) -> bytes:
    """Return so many zeros, packed."""
    return packed(bytes(count), kind)


def as_lines(*records: object) -> str:
    """Return JSON lines."""
    return "".join(json.dumps(record) + "\n" for record in records)


def as_parquet(column: pa.Array, name: str = "town") -> bytes:
    """Return the table as Parquet, one column replaced."""
    whole = pa.Table.from_pandas(table())
    return parquet(whole.set_column(whole.column_names.index(name), name, column))


def parquet(whole: pa.Table) -> bytes:
    """Return a table as Parquet."""
    file = io.BytesIO()
    pq.write_table(whole, file)
    return file.getvalue()


def as_workbook(rows: Sequence[Sequence[object]], others: Sequence[str] = (), **cells: object) -> bytes:
    """Return a workbook whose first sheet holds rows, and other cells by their place."""
    book, file = Workbook(), io.BytesIO()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    for place, cell in cells.items():
        book.active[place] = cell
    for name in others:
        book.create_sheet(name)
    book.save(file)
    return file.getvalue()


def resheet(old: str, new: str, sheet: str = "xl/worksheets/sheet1.xml") -> bytes:
    """Return a workbook with a piece of its sheet's XML replaced, and the sheet perhaps elsewhere in the archive."""
    file, place = io.BytesIO(), "xl/worksheets/sheet1.xml"
    book = as_workbook([["took", "left"], [timedelta(days=1), 2]])
    with zipfile.ZipFile(io.BytesIO(book)) as made, zipfile.ZipFile(file, "w") as out:
        for name in made.namelist():
            text = made.read(name).decode().replace(place, sheet)
            assert old in text or name != place, text
            out.writestr(name.replace(place, sheet), text.replace(old, new) if name == place else text)
    return file.getvalue()


@cache
def archive(name: str, size: int) -> bytes:
    """Return an archive of one file of zeros."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as inside:
        inside.writestr(name, bytes(size))
    return file.getvalue()


CHECK = ("check", "shop")
RAW, SHOP = "data/raw/shop.csv", "projects/shop.toml"
RECORD = table(1).to_dict("records")[0]
