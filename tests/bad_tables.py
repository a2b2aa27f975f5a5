"""Tables that are wrong."""

import gzip
import json
import lzma
from collections.abc import Iterator
from functools import cache, partial

import numpy as np
import pandas as pd
import pyarrow as pa
from bad_repository import (
    AGE,
    BIG,
    BY_MARK,
    BY_TIME,
    BY_TOWN,
    CSV,
    HEADER,
    LINES,
    PLACE,
    ROWS,
    SINCE,
    TOWN,
    Case,
    archive,
    as_csv,
    as_lines,
    as_parquet,
    as_workbook,
    both,
    checked,
    packed,
    parquet,
    resheet,
    table,
    with_cell,
)
from toy_project import usual_metric

from pipelines.targets import TARGETS

WIDE = "allowed: UTF-8 text with a header, columns separated by commas"
TOO_LONG = "1 value(s) of column 'age' (0.5 %): beyond 9,007,199,254,740,991"
THREE_WAYS = ["2015-01-01", "02/03/2015", "4.5.15", "2016-01-01"] * (ROWS // 4)


@cache
def gzip_bomb() -> bytes:
    """Return a file of a few members that add up."""
    return gzip.compress(HEADER.encode()) + gzip.compress(b"\n" * (22 << 20)) * 12


def amounts(task: str) -> list[tuple[str, str]]:
    """Return the changes of the project file that make `income` the target, of a kind that is an amount."""
    return [
        ('"binary"', f'"{task}"'), ('positive = "yes"', ""), ("roc_auc", usual_metric(task)),
        ('target = "left"', 'target = "income"'), ("stratified", "random"),
    ]  # fmt: skip


def no_amounts() -> Iterator[Case]:
    """Yield, of each kind of target that is an amount, values that it cannot have and rows that are too few."""
    for task, kind in TARGETS.items():
        if "residuals" not in kind.can or kind.rows != "apart":
            continue
        for value, row, values in ((-5, 0, PLACE - 5), (0.5, 1, PLACE / 2)):
            if not kind.valid(pd.Series([value])).all():
                told = ("value(s) of the target 'income'", f"row {row}: {value}", f"allowed: for task '{task}'")
                yield checked(f"{value} for task {task}", table(income=values), *told, changes=amounts(task))
        if kind().indispensable(PLACE.astype(np.float64)) is not None:
            few = ("row(s) with 'income' above 0", "with at least 5 such rows")
            yield checked(f"one row of {task}", table(income=(PLACE == 7).astype(int)), *few, changes=amounts(task))


RECORD = table(1).to_dict("records")[0]
TABLES = [
    *both("Latin-1", CSV.replace("Bern", "Zürich").encode("latin-1"), "line 3", "0xfc, is not UTF-8", WIDE),
    *both("Latin-1 header", CSV.replace("town", "städt", 1).encode("latin-1"), "line 1", "save the file as UTF-8"),
    *both("UTF-16", CSV.encode("utf-16"), "line 1", "is not UTF-8", "save the file as UTF-8"),
    *both("UTF-16 without a mark", CSV.encode("utf-16-le"), "UTF-8"),
    *both("UTF-32", CSV.encode("utf-32"), "line 1", "not UTF-8"),
    *both("zero byte in a cell", with_cell(3, "town", "Be\0rn"), "column 'town'", "row 3", "without zero bytes"),
    *both("row too short", CSV + "1,2\n", "a row of 2 fields under a header of 5", "line 202", "complete the row"),
    *both("row too long", CSV + "1,2,Bern,2015-01-01,no,x\n", "a row of 6 fields", "line 202", "quote fields"),
    *both("quote unclosed", HEADER + '1,2,"Bern,2015-01-01,no\n' + "".join(LINES), "line 2", "fix the quotes"),
    *both("quote unclosed at the end", CSV + '1,2,"Bern,2015-01-01,no\n', "row beginning on line 202"),
    *both("two headers", HEADER + CSV, "a row repeats the header", "row 0", "allowed: one header"),
    *both("files put together", CSV + CSV, "a row repeats the header", "row 200", "remove that line"),
    *both("name twice", CSV.replace("income", "age", 1), "'age' is given to columns 1, 2", "allowed: every name once"),
    *both("name empty", CSV.replace("income", "", 1), "column 2 of 5 has no name", "header"),
    *both("name of blanks", CSV.replace("income", "  ", 1), "column 2 of 5 has no name"),
    *both("comma at the end of each line", CSV.replace("\n", ",\n"), "column 6 of 6 has no name"),
    *both("semicolons", CSV.replace(",", ";"), "separated by semicolons", "export the file with commas"),
    *both("tabs", CSV.replace(",", "\t"), "separated by tabs", "name the file .tsv"),
    *both("no bytes", b"", "the file is empty: 0 bytes", "allowed: a header and rows"),
    *both("a mark and no more", b"\xef\xbb\xbf", "there is no header"),
    *both("header alone", HEADER, "a header but no rows"),
    *both("header alone, without a line's end", HEADER.strip(), "a header but no rows"),
    *both("gzip by another name", gzip.compress(CSV.encode()), "line 1", "not UTF-8"),
    *both("no gzip", CSV, "cannot be unpacked", "allowed: a whole .gz file", kind=".csv.gz"),
    *both("half a gzip", gzip.compress(CSV.encode())[:-20], "cannot be unpacked", kind=".csv.gz"),
    *both("gzip with other contents", gzip.compress(CSV.encode())[:-8] + bytes(8), "CRC check", kind=".csv.gz"),
    *both("gzip bomb", gzip_bomb, "unpacks to more than 256 MiB", "allowed: up to 200 times its size", kind=".csv.gz"),
    *both("workbook bomb", partial(archive, "xl/worksheets/sheet1.xml", 99 << 20), "103,809,024 bytes", kind=".xlsx"),
    *both("no xz", b"no xz", "cannot be unpacked", kind=".csv.xz"),
    *both("zip", archive("t.csv", 9), "kind '.zip'", "allowed: .csv, .tsv, .jsonl", kind=".csv.zip"),
    *both("kind unknown", "x", "cannot read a file of kind '.sav'", "convert the file", kind=".sav"),
    *both("JSON list", json.dumps([RECORD]), "line 1", "is no object", "one JSON object a line", kind=".jsonl"),
    *both("JSON line cut off", as_lines(RECORD) + '{"age": 1,', "line 2", "no JSON object", kind=".jsonl"),
    *both("JSON key twice", '{"age": 1, "age": 2}\n', "line 1", "'age' is there twice", kind=".jsonl"),
    *both("JSON in JSON", as_lines(RECORD | {"town": {"a": 1}}), "column 'town'", "columns.drop", kind=".jsonl"),
    *both("JSON brackets deep", "[" * 100_000 + "\n", "recursion", kind=".jsonl"),
    *both("half a character", as_lines(RECORD | {"town": "\ud800"}), "'town'", "row 0", "UTF-8", kind=".jsonl"),
    *both("JSON in Latin-1", json.dumps(RECORD | {"town": "é"}, ensure_ascii=False).encode("latin-1"), "UTF-8",
          kind=".jsonl"),
    *both("no Parquet", b"PAR1 and no more", "not readable as Parquet", "allowed: a whole", kind=".parquet"),
    *both("Parquet cut off", as_parquet(pa.array(["x"] * ROWS))[:-30], "not readable as Parquet", kind=".parquet"),
    *both("Parquet of lists", as_parquet(pa.array([["x"]] * ROWS)), "column 'town'", "list<", kind=".parquet"),
    *both("Parquet of bytes", as_parquet(pa.array([b"\xff"] * ROWS)), "type 'binary'", kind=".parquet"),
    *both("Parquet in an unknown time zone", as_parquet(pa.array(PLACE, pa.timestamp("s", "Mars/Phobos"))), "'town'",
          "columns.drop (`sevenfold new` takes --drop)", kind=".parquet"),
    *both("Parquet without rows", as_parquet(pa.array(["x"] * ROWS))[:0], "empty", kind=".parquet"),
    *both("no workbook", CSV, "not readable as Excel", "allowed: a workbook", kind=".xlsx"),
    *both("empty sheet", as_workbook([]), "the sheet 'Sheet' is empty", kind=".xlsx"),
    *both("name twice in a sheet", as_workbook([["a", "a"], [1, 2]]), "sheet 'Sheet'", "columns 1, 2", kind=".xlsx"),
    *both("zero byte in a name", CSV.replace("town", "to\0wn", 1), "'to\\x00wn'", "invalid character",
          "names in UTF-8"),
    *both("names of blanks alone", CSV.replace(HEADER, "  ,  ,  ,  ,left\n"), "column 1 of 5 has no name"),
    *both("line ends alone", "\n\n\n", "there is no header"),
    *both("blanks alone", "   \n   \n", "column 1 of 1 has no name"),
    *both("UTF-16 the other way", CSV.encode("utf-16-be"), "invalid character", "save the file as UTF-8"),
    *both("separator told to Excel", f"sep=,\n{CSV}", "column 2 of 2 has no name"),
    *both("number of rows below", f"{CSV}\n(200 rows)\n", "line 203", "a row of 1 fields"),
    *both("mark of the end of old", f"{CSV}\x1a", "line 202", "a row of 1 fields"),
    *both("page of a login", "<!DOCTYPE html>\n<html>Sign in</html>\n", "allowed: ", "DOCTYPE"),
    *both("workbook by another name", as_workbook([["a"], [1]]), "not UTF-8", "line 1"),
    *both("half an xz", lzma.compress(CSV.encode())[:-20], "cannot be unpacked", kind=".csv.xz"),
    *both("half a zst", packed(CSV.encode(), ".zst")[:-20], "cannot be unpacked", kind=".csv.zst"),
    *both("nothing in a zst", packed(b"", ".zst"), "there is no header", kind=".csv.zst"),
    *both("no byte of an xz", b"", "the file is empty", kind=".csv.xz"),
    *both("more behind a gzip", gzip.compress(CSV.encode()) + b"more", "cannot be unpacked", kind=".csv.gz"),
    *both("packed twice", gzip.compress(gzip.compress(CSV.encode())), "not UTF-8", kind=".csv.gz"),
    *both("JSON objects over several lines", json.dumps(RECORD, indent=1) + "\n{", "line", kind=".jsonl"),
    *both("JSON with a comma behind", as_lines(RECORD).replace("}", "},"), "line 1", "Extra data", kind=".jsonl"),
    *both("JSON numbers", "1\n2\n", "1 is no object", "line 1", kind=".jsonl"),
    *both("JSON null", "null\n" + as_lines(RECORD), "line 1", "null is no object", kind=".jsonl"),
    *both("JSON null among objects", "\ufeff" + as_lines(RECORD) + " null\n", "line 2", "no object", kind=".jsonl"),
    *both("JSON objects of nothing", "{}\n{}\n", "there is no header", kind=".jsonl"),
    *both("JSON key of no name", '{"": 1, "left": "a"}\n', "column 1 of 2 has no name", kind=".jsonl"),
    *both("JSON key with a zero byte", '{"a\\u0000": 1}\n', "invalid character", kind=".jsonl"),
    *both("JSON in UTF-16", as_lines(RECORD).encode("utf-16"), "line 1", "can't decode", kind=".jsonl"),
    *both("JSON as Python writes it", f"{RECORD}\n", "line 1", "double quotes", kind=".jsonl"),
    *both("JSON lists", as_lines(RECORD | {"town": [1]}), "column 'town'", "list<", kind=".jsonl"),
    *both("Parquet of tables", as_parquet(pa.array([{"a": 1}] * ROWS)), "'town'", "struct<", kind=".parquet"),
    *both("Parquet of maps", as_parquet(pa.array([[("a", 1)]] * ROWS, pa.map_(pa.string(), pa.int8()))), "map<",
          kind=".parquet"),
    *both("Parquet with a name twice", parquet(pa.table([[1], [2]], names=["a", "a"])), "'a'", "columns 1, 2",
          kind=".parquet"),
    *both("Parquet without columns", parquet(pa.table({})), "there is no header", kind=".parquet"),
    *both("Parquet of no row", parquet(pa.Table.from_pandas(table(0))), "no rows", kind=".parquet"),
    *both("cell far off the table", as_workbook([["a"], [1]], XFD1048576="x"), "1,048,576 rows and 16,384 columns",
          "cell XFD1048576", "clear the cells far outside", kind=".xlsx"),
    *both("cell far off, in other quotes", resheet('r="A2"', "r='XFD1048576'"), "cell XFD1048576", kind=".xlsx"),
    *both("cell beyond all sheets", resheet('r="A2"', 'r="ZZZZZ99999999999"'), "cell ZZZZZ99999999999", kind=".xlsx"),
    *both("cell far off in a sheet elsewhere", resheet('r="A2"', 'r="XFD1048576"', "xl/x"), "xl/x", kind=".xlsx"),
    *both("sheet that is no XML", resheet("<worksheet ", "<worksheet a=b "), "not readable as Excel", kind=".xlsx"),
    *both("cell at no place", resheet('r="A2"', 'r="A"'), "not readable as Excel", kind=".xlsx"),
    *both("duration beyond all", resheet("<v>1</v>", "<v>1e300</v>"), "not readable as Excel", kind=".xlsx"),
    *both("title above the sheet's header", as_workbook([["Report"], [], ["a", "b"], [1, 2]]), "column 2 of 2",
          "first row", kind=".xlsx"),
    *both("note beside the sheet's table", as_workbook([["a", "b"], [1, 2]], D9="see"), "column 3 of 4", kind=".xlsx"),
    *both("sheet of a header", as_workbook([["a", "b"]]), "'Sheet' has a header but no rows", kind=".xlsx"),
    *both("another sheet first", as_workbook([["Read me"]], others=["Data"]), "put another sheet first, as 'Data'",
          kind=".xlsx"),
    *both("workbook of another age", as_workbook([["a"], [1]]), "not readable as Excel", kind=".xls"),
    *both("workbook of macros", b"x", "kind '.xlsm'", kind=".xlsm"),
    *both("text file", CSV, "kind '.txt'", "allowed: .csv", kind=".txt"),
    checked("column missing", table().drop(columns="age"), "'age' is not in the file", "allowed: the file's columns"),
    checked("column mistyped", table().rename(columns={"age": "agee"}), "did you mean 'agee'?"),
    checked("target missing", table().drop(columns="left"), "the target 'left' is not in the file"),
    checked("column not declared", table(ages=1), "'ages' is not declared", "'age'", "`drop`"),
    checked("title above the header", "Exported\n" + CSV, "'age' is not in the file", "columns: 'Exported'"),
    checked("no header", "".join(LINES), "'age' is not in the file (and 4 more)"),
    checked("one class", table(left="no"), "column 'left'", "only one class: 'no'", "allowed: two classes"),
    checked("event never there", table(left=["a", "b"] * 100), "the target holds 'a', 'b'", "'yes'"),
    checked("target missing in all rows", table(left=""), "'left' is missing in 200 row(s) (100 %)", "row 0"),
    checked("target missing once", with_cell(4, "left", ""), "'left'", "row 4", "at most 0 % of the rows"),
    checked("everything missing", HEADER + "NA,null,,NaN,\n" * 50, "'age' is missing in 50 row(s)"),
    checked("infinity", with_cell(4, "income", "inf"), "'income'", "row 4: 'inf'", "allowed: number"),
    checked("number too large for a float", with_cell(4, "income", "-1e400"), "'income'", "row 4: '-inf'"),
    checked("number too large to be measured", with_cell(4, "income", "1e39"), "row 4: '1e+39'", "larger than 1e+30"),
    checked("text among numbers", with_cell(9, "age", "old"), "column 'age'", "row 9: 'old'", "allowed: integer"),
    checked("comma for a point", with_cell(9, "income", "1,5"), "'income'", "row 9: '1,5'", "not a number"),
    checked("dates in three formats", table(since=THREE_WAYS), "'since'", "row 1: '02/03/2015'", "`format`"),
    checked("day that never was", with_cell(9, "since", "2015-02-30"), "row 9: '2015-02-30'", "not a date"),
    checked("integer beyond 2^53", with_cell(7, "age", str(BIG)), TOO_LONG, f"row 7: '{BIG}'", "category"),
    checked("integer of 2^53", with_cell(7, "age", str(BIG - 1)), TOO_LONG),
    checked("integer beyond 64 bits", with_cell(7, "age", str(2**70)), TOO_LONG, "row 7"),
    checked("missing, among integers beyond 2^53", table(age=["", *map(str, range(BIG, BIG + ROWS - 1))]),
            "'age'", "digits are lost", changes=[(AGE, AGE.replace(" }", ", missing = 0.1 }"))]),
    checked("10,000 classes", table(12_000, left=[f"t{i % 10_000}" for i in range(12_000)]), "holds 't0', 't1'", "…"),
    checked("target copied", table(copy=table()["left"]), "'copy' holds the target", "columns.drop", "--drop",
            changes=[(TOWN, f'{TOWN}\ncopy = {{ type = "category" }}')]),
    checked("target copied in other words", table(copy=(table()["left"] == "yes") * 7), "'copy' holds the target",
            changes=[(TOWN, f'{TOWN}\ncopy = {{ type = "integer" }}')]),
    checked("group larger than the test share", table(town=["A"] * 180 + list("bcdefghijklmnopqrstu")),
            "split.column = 'town'", "holds 0 row(s)", "split by smaller groups", changes=[BY_TOWN]),
    checked("every row at one time", table(since="2015-01-01"), "the test set holds 0 row(s)", changes=[BY_TIME]),
    checked("time missing", with_cell(0, "since", ""), "'since' is missing in 1 row(s)", changes=[BY_TIME]),
    checked("test rows marked in two ways", table(town=["test", "Test", "a", "a"] * 50), "some hold 'Test'",
            changes=[BY_MARK]),
    checked("no row marked", table(), "'test' marks test rows, but no row holds it", "'Oslo'", changes=[BY_MARK]),
    checked("no training row after quarantine",
            table(town=np.where(PLACE < 60, "test", "a"), age=30 - PLACE // 60 * 90),
            "140 row(s) set aside", "fold 0 holds 0 row(s)", "mark fewer rows",
            changes=[BY_MARK, (AGE, AGE.replace(" }", ", min = 0 }"))]),
    checked("no row after quarantine", table(age=-1), "every row breaks the declaration", "at least 0",
            changes=[(AGE, AGE.replace(" }", ", min = 0 }"))]),
    checked("one class after quarantine", table(age=np.where(table()["left"] == "yes", -1, 1)), "only one class: 'no'",
            "set aside", changes=[(AGE, AGE.replace(" }", ", min = 0 }"))]),
    checked("the same rows again and again", as_csv(pd.concat([table(2)] * 90)), "too few rows"),
    checked("too few rows", table(12), "too few rows", "the test set holds 3 row(s)", "at least 10 rows"),
    checked("too few events", table(left=np.where(PLACE < 6, "yes", "no")), "of class 'yes' of 'left'", "at least 5"),
    checked("format of other dates", CSV, "'since'", "allowed: date, written %d/%m/%Y",
            changes=[(SINCE, SINCE.replace(" }", ', format = "%d/%m/%Y" }'))]),
    checked("format of no day", CSV, "'since'", "allowed: date, written %U %Y",
            changes=[(SINCE, SINCE.replace(" }", ', format = "%U %Y" }'))]),
    checked("event mistyped", CSV, "the target holds 'no', 'yes'", "'yess'", changes=[('"yes"', '"yess"')]),
    checked("column dropped that is not there", CSV, "'lft' is not in the file", "did you mean 'left'?",
            changes=[(AGE, f'drop = ["lft"]\n{AGE}')]),
    checked("amount with a comma for a point", table(income="1,5"), "'income'", "'1,5'", "(or its `format`)"),
    checked("amounts of another form", table(income="1.234,5"), "row 0: '1.234,5'", "written as 1,234.5",
            changes=[('type = "number"', 'type = "number", format = "1,234.5"')]),
    checked("relative error of 0", table(income=PLACE), "divides by the target", "0 in 1 row(s)", "column 'income'",
            changes=[('"binary"', '"regression"'), ('positive = "yes"', ""), ("roc_auc", "mape"),
                     ('target = "left"', 'target = "income"'), ("stratified", "random")]),
    checked("days before all years", with_cell(9, "since", "0000-12-31"), "'since'", "row 9: '0000-12-31'"),
    checked("logarithm of what is not above 0", table(income=PLACE - 5), "6 value(s)", "row 0: -5", "no logarithm",
            changes=[('"binary"', '"regression"'), ('positive = "yes"', 'target_scale = "log"'), ("roc_auc", "rmse"),
                     ('target = "left"', 'target = "income"'), ("stratified", "random")]),
    *no_amounts(),
]  # fmt: skip
