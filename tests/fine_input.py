"""Input that looks bad and is fine."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from bad_forecasts import EVENTS, FILLED, HOURLY, OPEN, Change, hourly, rows, without, zoned
from bad_repository import (
    AGE,
    BIG,
    BY_TIME,
    BY_TOWN,
    CSV,
    HEADER,
    LINES,
    PLACE,
    RAW,
    ROWS,
    TOML,
    TOWN,
    Arrange,
    Case,
    as_lines,
    as_parquet,
    as_workbook,
    declare,
    packed,
    put,
    raw_at,
    table,
    with_cell,
)
from toy_forecast import TEXT


def fine(name: str, *told: str, arrange: Sequence[Arrange]) -> Case:
    """Return a case of `check` that is no error."""
    return Case(name, ("check", "shop"), ("shop: fine", *told), tuple(arrange))


def in_place(content: pd.DataFrame | str | bytes, kind: str = ".csv") -> list[Arrange]:
    """Return what puts another raw file, perhaps of another kind, into its place."""
    return [raw_at(f"data/raw/shop{kind}"), put(content, f"data/raw/shop{kind}")]


def link_within(root: Path) -> None:
    """Have the raw file be a link to another file of the repository."""
    (root / RAW).rename(root / "data" / "kept.csv")
    (root / RAW).symlink_to("../kept.csv")


FORECASTS: list[tuple[str, pd.DataFrame, Sequence[Change], tuple[str, ...]]] = [
    ("rows in no order", rows().sample(frac=1.0, random_state=3), (), ("1,218 rows",)),
    ("one offset in all times", rows().assign(day=rows()["day"] + "T00:00:00+01:00"), (), ("1,218 rows",)),
    ("a series that begins a month late", without("pen", 0, 30), (), ("1,187 rows",)),
    ("a day without a row, filled", without("hat", 200, 200), (FILLED,), ("1,217 rows",)),
    ("a series that begins too late, left out", without("pen", 0, 300),
     (("past =", 'leave_out = ["pen"]\npast ='),), ("546 to train and 168 to test on",)),
    ("events of one item a day", rows(), EVENTS, ("1,218 rows",)),
    ("events by the clock of a zone", zoned(), EVENTS, ("1,218 rows", "252 to test on")),
    ("labels known ahead", rows().assign(open=np.where(rows()["open"] == 1, "open", "shut")),
     ((OPEN, OPEN.replace("integer", "category")),), ("1,218 rows",)),
    ("labels of an oracle, some missing", rows().assign(price=np.where(rows()["price"] > 5, "high", "")),
     (('{ type = "number" }', '{ type = "category", missing = 0.9 }'), ("past =", "oracle =")), ("1,218 rows",)),
    ("hours in UTC", hourly(), HOURLY, ("10,080 rows",)),
]  # fmt: skip
NO_TEXTS = pa.Array.from_buffers(pa.string(), ROWS, pa.array([b"\xff"] * ROWS).buffers())
ALL = "200 rows, 0 set aside, 150 to train and 50 to test on, 6 features"
FINE = [
    fine("byte-order mark", ALL, arrange=in_place(b"\xef\xbb\xbf" + CSV.encode())),
    fine("line ends of Windows", ALL, arrange=in_place(CSV.replace("\n", "\r\n"))),
    fine("line ends of old", ALL, arrange=in_place(CSV.replace("\n", "\r"))),
    fine("empty lines", ALL, arrange=in_place("\n" + CSV.replace("\n", "\n\n"))),
    fine("no line's end at the end", ALL, arrange=in_place(CSV.rstrip())),
    fine("commas and line ends in quotes", ALL, arrange=in_place(CSV.replace("Bern", '"Bern,\n""CH"""'))),
    fine("other scripts", ALL, arrange=in_place(CSV.replace("Bern", "Ζυρίχη 🏔 زيورخ"))),
    *(fine(f"packed as {kind}", ALL, arrange=in_place(packed(CSV.encode(), kind), f".csv{kind}"))
      for kind in (".bz2", ".gz", ".xz", ".zst")),
    fine("tabs", ALL, arrange=in_place(CSV.replace(",", "\t"), ".tsv")),
    fine("JSON lines", ALL, arrange=in_place(as_lines(*table().to_dict("records")), ".jsonl")),
    fine("JSON lines with a mark", ALL, arrange=in_place("\ufeff" + as_lines(*table().to_dict("records")), ".jsonl")),
    fine("Parquet", ALL, arrange=in_place(as_parquet(pa.array(["x", "y"] * (ROWS // 2))), ".parquet")),
    fine("workbook", ALL, arrange=in_place(as_workbook([list(table()), *table().to_numpy().tolist()]), ".xlsx")),
    fine("10,000 labels", "12,000 rows, 0 set aside", "6 features",
         arrange=in_place(table(12_000, town=[f"t{i % 10_000}" for i in range(12_000)]))),
    fine("labels beyond 2^53", ALL, arrange=[*in_place(table(town=PLACE // 9 + BIG)), declare()]),
    fine("amounts beyond 2^53", ALL, arrange=in_place(table(income=PLACE + BIG))),
    fine("days far off", ALL, arrange=in_place(with_cell(9, "since", "9999-12-31"))),
    fine("time unsorted, with gaps", "150 to train and 50 to test on, 3 features", arrange=[declare(BY_TIME)]),
    fine("half of the rows one group", "150 to train and 50 to test on",
         arrange=[*in_place(table(town=["A"] * 100 + [f"g{i // 2}" for i in range(100)])), declare(BY_TOWN)]),
    fine("the target's copy, dropped", ALL,
         arrange=[*in_place(table(copy=table()["left"])), declare((AGE, f'drop = ["copy"]\n{AGE}'))]),
    fine("rows set aside", "40 set aside", arrange=[*in_place(table(age=PLACE // 40)),
                                                    declare((AGE, AGE.replace(" }", ", min = 1 }")))]),
    fine("titles, one of them the column's own name", ALL,
         arrange=[declare((AGE, AGE.replace(" }", ', title = "Age" }')),
                          (TOWN, TOWN.replace(" }", ', title = "Ort 🏔" }')))]),
    fine("project file with line ends of Windows", ALL, arrange=[declare(text=TOML.replace("\n", "\r\n"))]),
    fine("link within the repository", ALL, arrange=[link_within]),
    fine("line ends of two kinds", ALL, arrange=in_place(HEADER + "".join(LINES).replace("\n", "\r\n"))),
    fine("quotes before the end", ALL, arrange=in_place(CSV.replace("Bern", '"Be"rn'))),
    fine("workbook with empty rows and a second sheet", ALL, arrange=in_place(
        as_workbook([list(table()), *table().to_numpy().tolist(), [], [" "]], others=["More"]), ".xlsx")),
    fine("amounts with currency and a comma", ALL, arrange=[
        *in_place(table(income=[f"{place},50 €" for place in PLACE])),
        declare(('type = "number"', 'type = "number", format = "1.234,5"'))]),
    *(fine(f"Parquet of {what}, dropped", "5 features", arrange=[
        *in_place(as_parquet(column), ".parquet"), declare((TOWN, 'drop = ["town"]'), ("shop.csv", "shop.parquet"))])
      for what, column in (("lists", pa.array([["x"]] * ROWS)), ("texts that are none", NO_TEXTS))),
    fine("numbers below all that was measured", ALL, arrange=in_place(table(income=PLACE * 5e-324))),
    fine("Parquet of decimals and durations", ALL, arrange=in_place(
        as_parquet(pa.array(PLACE, pa.duration("ms")), "income"), ".parquet")),
    fine("JSON with other keys in each line", "200 rows", arrange=[
        *in_place(as_lines(*({key: record[key] for key in record if place % 2 or key != "age"}
                             for place, record in enumerate(table().to_dict("records")))), ".jsonl"),
        declare((AGE, AGE.replace(" }", ", missing = 0.6 }")), ("shop.csv", "shop.jsonl"))]),
    *(fine(f"forecast, {name}", *told, arrange=[put(content, RAW), declare(*changes, text=TEXT)])
      for name, content, changes, told in FORECASTS),
    Case("all projects", ("check",), ("shop: fine",)),
]  # fmt: skip
