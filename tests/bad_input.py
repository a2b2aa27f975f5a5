"""A catalogue of bad input: what is wrong, how it comes about in a repository that was fine, and what must be said.

`PROJECTS`, `TABLES`, `DRAFTS`, `FILES` and `COMMANDS` hold the cases, `FINE` what looks odd and is none. A case starts
from `build`: one project, `shop`, that `sevenfold check` accepts.
"""

import gzip
import io
import json
import lzma
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from conftest import ROOT
from openpyxl import Workbook

ROWS = 200
PLACE = np.arange(ROWS)
BIG = 2**53 + 1  # the first whole number that no float holds
AGE, TOWN, SINCE = 'age = { type = "integer" }', 'town = { type = "category" }', 'since = { type = "date" }'
BY_TOWN = ('kind = "stratified"', 'kind = "group"\ncolumn = "town"')
BY_MARK = ('kind = "stratified"', 'kind = "column"\ncolumn = "town"')
BY_TIME = ('kind = "stratified"', 'kind = "time"\ncolumn = "since"')
TOML = f"""
[problem]
question = "Who leaves?"
decision = "Who is called"
task = "binary"
target = "left"
positive = "yes"
[source]
file = "data/raw/shop.csv"
[columns]
{AGE}
income = {{ type = "number" }}
{TOWN}
{SINCE}
left = {{ type = "category" }}
[split]
kind = "stratified"
test = 0.25
[metric]
primary = "roc_auc"
margin = 0.01
[effort]
level = "quick"
"""
Arrange = Callable[[Path], object]


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
    text = f"{lists}      shop:\n        raw: data/raw/shop.csv\n\nstages:{stages}"
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


def put(content: pd.DataFrame | str | bytes, place: str) -> Arrange:
    """Return what writes a file at a place in the repository."""

    def write(root: Path) -> None:
        content_ = as_csv(content) if isinstance(content, pd.DataFrame) else content
        (root / place).parent.mkdir(parents=True, exist_ok=True)
        (root / place).write_bytes(content_ if isinstance(content_, bytes) else content_.encode())

    return write


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


def checked(
    name: str, content: pd.DataFrame | str | bytes, *told: str, changes: Sequence[tuple[str, str]] = ()
) -> Case:
    """Return a case of `check`: another raw file, and a project file with pieces replaced."""
    arrange = (put(content, "data/raw/shop.csv"), declare(*changes))
    return Case(f"{name}, checked", ("check", "shop"), ("data/raw/shop.csv", *told), arrange)


def drafted(
    name: str, content: pd.DataFrame | str | bytes, *told: str, flags: Sequence[str] = (), target: str = "left"
) -> Case:
    """Return a case of `new`: a table of the user's, and flags."""
    command = ("new", "churn", "--data", "inbox/churn.csv", "--target", target, *flags)
    return Case(f"{name}, drafted", command, told, (put(content, "inbox/churn.csv"),))


def both(name: str, content: pd.DataFrame | str | bytes, *told: str, kind: str = ".csv") -> Iterator[Case]:
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


TYPES = "allowed: 'integer', 'number', 'category', 'boolean', 'date' or 'text'"
KEYS = "allowed: problem, source, columns, split, metric, effort, run"
NO_TOML = "not valid TOML"
PROJECTS = [
    project("section mistyped", ("[metric]", "[metrics]"), "'metrics'", KEYS, "did you mean `metric`?"),
    project("key mistyped", ("margin", "marign"), "'metric.marign'", "did you mean `margin`?"),
    project("key of a column mistyped", ("type =", "tpye ="), "'columns.age.tpye'", "did you mean `type`?"),
    project("type mistyped", ('"integer"', '"integr"'), "'integr'", TYPES, "did you mean 'integer'?"),
    project("task mistyped", ('"binary"', '"binry"'), "`problem.task` is 'binry'", "did you mean 'binary'?"),
    project("metric mistyped", ("roc_auc", "rocauc"), "metric.primary is 'rocauc'", "did you mean 'roc_auc'?"),
    project("kind mistyped", ("stratified", "stratifed"), "`split.kind`", "did you mean 'stratified'?"),
    project("effort mistyped", ("quick", "quik"), "`effort.level` is 'quik'", "did you mean 'quick'?"),
    project("target mistyped", ('target = "left"', 'target = "lefft"'), "'lefft'", "did you mean 'left'?"),
    project("metric of another task", ("roc_auc", "rmse"), "'rmse'", "for task 'binary' it may be roc_auc"),
    project("empty file", "", "`problem` is missing (and 4 more)", "add `problem`"),
    project("JSON instead", '{"problem": {}}', NO_TOML, "line 1"),
    project("YAML instead", "problem:\n  question: x\n", NO_TOML, "line 1, column 8"),
    project("UTF-16", TOML.encode("utf-16"), "not UTF-8", "byte 0", "save it as UTF-8"),
    project("Latin-1", TOML.replace("Who", "Wér").encode("latin-1"), "not UTF-8", "byte 24"),
    project("zero byte", TOML + "\0", NO_TOML, "column 1"),
    project("quote unclosed", ('leaves?"', "leaves?"), NO_TOML, "line 3"),
    project("bracket unclosed", ("[metric]", "[metric"), NO_TOML, "line 19"),
    project("quotes forgotten", ('target = "left"', "target = left"), NO_TOML, "line 6, column 10"),
    project("decimal comma", ("0.01", "0,01"), NO_TOML, "line 21"),
    project("key twice", ("margin = 0.01", "margin = 0.01\nmargin = 0.02"), NO_TOML, "line 22"),
    project("section twice", ("[effort]", "[metric]"), NO_TOML, "twice"),
    project("column twice", (AGE, f"{AGE}\n{AGE}"), NO_TOML, "line 12"),
    project("brackets a thousand deep", f"a = {'[' * 2000}", NO_TOML, "recursion"),
    project("number of 5,000 digits", ("0.01", "9" * 5000), NO_TOML, "digits"),
    project("key that steers a terminal", '"\\u001b[31m\\n" = 1\n' + TOML, "'\\x1b[31m\\n'", KEYS),
    project("five hundred unknown keys", "".join(f"k{i} = 1\n" for i in range(500)) + TOML, "(and 499 more)", KEYS),
    project("question empty", ("Who leaves?", " "), "`problem.question` is ' '", "allowed: at least 1 character"),
    project("question endless", ("Who leaves?", "x" * 3000), "xxx…", "allowed: at most 2000 characters"),
    project("event not said", ('positive = "yes"', ""), "`positive`", "is needed for task 'binary'"),
    project("event beyond all numbers", ('"yes"', "1" + "0" * 400), "problem.positive is 1000", "beyond 1e+30"),
    project("margin of nothing", ("0.01", "0"), "`metric.margin` is 0", "allowed: greater than 0"),
    project("margin beyond the metric", ("0.01", "1"), "metric.margin is 1", "lies below 1"),
    project("margin that is no number", ("0.01", "nan"), "`metric.margin` is nan", "allowed: a finite number"),
    project("test share as a percentage", ("0.25", "25"), "`split.test` is 25", "allowed: less than 1"),
    project("seed with a fraction", ("0.25", "0.25\nseed = 1.5"), "`split.seed` is 1.5", "allowed: a valid integer"),
    project("seed too large", ("0.25", "0.25\nseed = 9999999999"), "`split.seed`", "allowed: less than 2147483648"),
    project("bounds crossed", (AGE, AGE.replace(" }", ", min = 9, max = 1 }")), "[columns.age]", "`min` 9 is above"),
    project("bound beyond all numbers", (AGE, AGE.replace(" }", f", max = {'9' * 400} }}")), "`max` is not finite"),
    project("value beyond all numbers", (AGE, AGE.replace(" }", f", allowed = [{'9' * 400}] }}")), "beyond 1e+30"),
    project("bound of labels", (TOWN, TOWN.replace(" }", ", min = 1 }")), "`min` is for the types integer"),
    project("bound that is no date", (SINCE, SINCE.replace(" }", ', min = "1.2.20" }')), "'1.2.20'", '"2014-05-02"'),
    project("date without quotes", (SINCE, SINCE.replace(" }", ", min = 2010-01-01 }")), 'write min = "2010-01-01"'),
    project("format unknown", (SINCE, SINCE.replace(" }", ', format = "%Q" }')), "`format` '%Q'", '"%d/%m/%Y"'),
    project("missing as a percentage", (AGE, AGE.replace(" }", ", missing = 20 }")), "is 20", "allowed: less than or"),
    project("no value allowed", (TOWN, TOWN.replace(" }", ", allowed = [] }")), "`allowed` is empty"),
    project("type alone", (AGE, 'age = "integer"'), '`age = { type = "integer" }`'),
    project("column as a number", (AGE, "age = 3"), "'columns.age'", "allowed: drop, on_invalid"),
    project("column named as the model's own", (AGE, f"{AGE}\ndeclared = [1]"), "`declared` is no key of [columns]"),
    project("column of no type", (AGE, "age = {}"), "`columns.age.type` is missing", "add `type`"),
    project("columns as a list", ("[columns]", "[[columns]]"), "`columns` is [", "allowed: a section, [columns]"),
    project("target dropped", (AGE, f'drop = ["left"]\n{AGE}'), "columns.drop names the target 'left'"),
    project("everything dropped", (AGE, f'drop = ["age", "income", "town", "since"]\n{AGE}'), "declares no feature"),
    project("drop as a text", (AGE, f'drop = "age"\n{AGE}'), "`columns.drop` is 'age'", 'a list, such as ["one"'),
    project("name of the recipe's own", (AGE, f'{AGE}\nrow_id = {{ type = "integer" }}'), "a name already taken"),
    project("file outside", ("data/raw/shop.csv", "/etc/passwd"), "'/etc/passwd'", "a path inside the repository"),
    project("file above", ("data/raw/shop.csv", "data/../../x.csv"), "[source]", "a path inside the repository"),
    project("no source", ('file = "data/raw/shop.csv"', ""), "give either `file`, or all of `package`"),
    project("time without a column", ("stratified", "time"), "[split]", "`column` is needed for kinds 'group', 'time'"),
    project("time of labels", (BY_TIME[0], BY_TIME[1].replace("since", "town")), "'town' is of type 'category'"),
    project("groups by the target", (BY_TOWN[0], BY_TOWN[1].replace("town", "left")), "is the target or dropped"),
    project("cost of one error", ("0.01", "0.01\ncost = { false_positive = 1 }"), "add `false_negative`"),
]

BOMB = gzip.compress(HEADER.encode()) + gzip.compress(b"\n" * (22 << 20)) * 12  # members add up
WIDE = "allowed: UTF-8 text with a header, columns separated by commas"
TOO_LONG = "1 value(s) of column 'age' (0.5 %): beyond 9,007,199,254,740,991"
THREE_WAYS = ["2015-01-01", "02/03/2015", "4.5.15", "2016-01-01"] * (ROWS // 4)


def packed(content: bytes, kind: str) -> bytes:
    """Return the bytes packed."""
    pack: dict[str, Callable[[bytes], bytes]] = {
        ".gz": gzip.compress,
        ".xz": lzma.compress,
        ".zst": lambda data: bytes(pa.compress(data, "zstd", asbytes=True)),
    }
    return pack[kind](content)


def as_lines(*records: object) -> str:
    """Return JSON lines."""
    return "".join(json.dumps(record) + "\n" for record in records)


def as_parquet(column: pa.Array, name: str = "town") -> bytes:
    """Return the table as Parquet, one column replaced."""
    whole = pa.Table.from_pandas(table())
    file = io.BytesIO()
    pq.write_table(whole.set_column(whole.column_names.index(name), name, column), file)
    return file.getvalue()


def as_workbook(rows: Sequence[Sequence[object]]) -> bytes:
    """Return a workbook of one sheet."""
    book, file = Workbook(), io.BytesIO()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file.getvalue()


def archive(name: str, size: int) -> bytes:
    """Return an archive of one file of zeros."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as inside:
        inside.writestr(name, bytes(size))
    return file.getvalue()


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
    *both("quote unclosed", HEADER + '1,2,"Bern,2015-01-01,no\n' + "".join(LINES), "line 2", "mend the quotes"),
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
    *both("gzip bomb", BOMB, "unpacks to more than 256 MiB", "allowed: up to 200 times its size", kind=".csv.gz"),
    *both("workbook bomb", archive("xl/worksheets/sheet1.xml", 99 << 20), "103,809,024 bytes", kind=".xlsx"),
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
    *both("Parquet without rows", as_parquet(pa.array(["x"] * ROWS))[:0], "empty", kind=".parquet"),
    *both("no workbook", CSV, "not readable as Excel", "allowed: a workbook", kind=".xlsx"),
    *both("empty sheet", as_workbook([]), "the sheet 'Sheet' is empty", kind=".xlsx"),
    *both("name twice in a sheet", as_workbook([["a", "a"], [1, 2]]), "sheet 'Sheet'", "columns 1, 2", kind=".xlsx"),
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
    checked("number that nobody measured", with_cell(4, "income", "1e39"), "row 4: '1e+39'", "beyond 1e+30"),
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
    checked("event mistyped", CSV, "the target holds 'no', 'yes'", "'yess'", changes=[('"yes"', '"yess"')]),
    checked("column dropped that is not there", CSV, "'lft' is not in the file", "did you mean 'left'?",
            changes=[(AGE, f'drop = ["lft"]\n{AGE}')]),
]  # fmt: skip

DRAFTS = [
    drafted("one class", table(left="no"), "'left' cannot be learned", "--target", "allowed: "),
    drafted("target missing in all rows", table(left=""), "'left' cannot be learned: no value in any row"),
    drafted("target of its own in every row", table(left=[f"x{i}" for i in PLACE]), "so it names rows"),
    drafted("10,000 classes", table(12_000, left=[f"t{i % 10_000}" for i in range(12_000)]), "10,000 different values"),
    drafted("target copied", table(copy=table()["left"]), "'copy' holds the target", "columns.drop", "--drop"),
    drafted("infinity", with_cell(4, "income", "inf"), "inbox/churn.csv, row 4: 'inf'", "'income'", "--drop"),
    drafted("infinite target", with_cell(4, "income", "inf"), "'income' holds 'inf'", target="income"),
    drafted("text among the target's numbers", with_cell(4, "income", "dear"), "numbers but for 1 cell(s), as 'dear'",
            target="income", flags=["--task", "regression"]),
    drafted("title above the header", "Exported\n" + CSV, "line 2", "remove what stands above the header"),
    drafted("no header", "".join(LINES), "there is no column 'left'", "--target"),
    drafted("too few rows", table(12), "too few rows", "nothing is drafted until that holds"),
    drafted("no other column", table()[["left"]], "declares no feature", "mend the table"),
    drafted("only constants beside the target", table()[["left"]].assign(a=1, b="x"), "declares no feature"),
    drafted("name of a setting", table().rename(columns={"age": "drop"}).assign(x=1), "a column is called 'drop'"),
    drafted("name of the recipe's own", table().rename(columns={"age": "row_id"}), "'row_id'", "already taken"),
    drafted("times in three formats", table(since=THREE_WAYS), "'since' have no order", "--time", "written in one way",
            flags=["--time", "since"]),
    drafted("group larger than the test share", table(town=["A"] * 180 + list("bcdefghijklmnopqrstu")),
            "split.column = 'town'", flags=["--group", "town"]),
    drafted("all rows for testing", table(town="test"), "no value of 'town' looks like the mark", "allowed: test, Test",
            flags=["--split-column", "town"]),
]  # fmt: skip


def move_out(name: str) -> Arrange:
    """Return what moves a file or folder out of the repository and leaves a link."""

    def move(root: Path) -> None:
        there = root.parent / "outside"
        (root / name).rename(there)
        (root / name).symlink_to(there)

    return move


def instead(name: str, make: Callable[[Path], object]) -> Arrange:
    """Return what puts something else in the place of a file."""

    def replace(root: Path) -> None:
        (root / name).unlink()
        make(root / name)

    return replace


def link_to(target: str) -> Callable[[Path], object]:
    """Return what makes a link."""
    return lambda path: path.symlink_to(target)


RAW, SHOP = "data/raw/shop.csv", "projects/shop.toml"
CHECK = ("check", "shop")
FILES = [
    Case("raw file missing", CHECK, (RAW, "is not there", "dvc pull"), (lambda root: (root / RAW).unlink(),)),
    Case("raw file a folder", CHECK, (RAW, "is a folder"), (instead(RAW, Path.mkdir),)),
    Case("raw file a link out", CHECK, (RAW, "outside of the repository", "allowed: "), (move_out(RAW),)),
    Case("raw file in a folder that leads out", CHECK, (RAW, "outside of the repo"), (move_out("data/raw"),)),
    Case("raw file a link to nothing", CHECK, (RAW, "not there"), (instead(RAW, link_to("gone")),)),
    Case("raw file a link to itself", CHECK, (RAW, "not there"), (instead(RAW, link_to("shop.csv")),)),
    Case("raw file of too long a name", CHECK, ("File name too long",), (raw_at(f"data/raw/{'x' * 300}.csv"),)),
    Case("raw file with another hash", CHECK, ("has sha256", RAW, "allowed: 000"),
         (declare(('shop.csv"', f'shop.csv"\nsha256 = "{"0" * 64}"')),)),
    Case("raw file of another name than listed", CHECK, ("is listed with 'data/raw/shop.csv'", "dvc.yaml"),
         (declare(("raw/shop.csv", "raw/other.csv")),)),
    Case("project file a folder", CHECK, (SHOP, "Is a directory"), (instead(SHOP, Path.mkdir),)),
    Case("project file a link to nothing", CHECK, (SHOP,), (instead(SHOP, link_to("gone")),)),
    Case("project named like a folder", ("check", "raw"), ("projects/raw.toml", "allowed: any other name"),
         (put(TOML, "projects/raw.toml"),)),
    Case("project with capitals", ("check", "Shop"), ("projects/Shop.toml", "rename the file"),
         (put(TOML, "projects/Shop.toml"),)),
    Case("one bad project among others", ("check",), ("projects/bad.toml", NO_TOML), (put("x", "projects/bad.toml"),)),
    Case("no list of projects", CHECK, ("dvc.yaml",), (lambda root: (root / "dvc.yaml").unlink(),)),
    listing("broken list of projects", "vars: [\n"),
    listing("empty list of projects", ""),
    listing("list of projects in another encoding", "vars: é".encode("utf-16")),
    listing("list of something else", "vars:\n  - projects: [shop]\n"),
    listing("list that would run a command", "vars: !!python/object/apply:os.system ['true']\n"),
    Case("not listed", CHECK, ("the project is not listed", "allowed: shop: {raw: data/raw/shop.csv}"),
         (put("vars:\n  - projects: {}\n", "dvc.yaml"),)),
    Case("raw folder leads out", ("new", "churn", "--data", "inbox/churn.csv", "--target", "left"),
         ("data/raw", "outside of the repository"), (put(CSV, "inbox/churn.csv"), move_out("data/raw"))),
    Case("data a link to nothing", ("new", "churn", "--data", "gone.csv", "--target", "left"),
         ("there is no file", "--data"), (lambda root: (root / "gone.csv").symlink_to("nowhere.csv"),)),
    Case("raw file there already", ("new", "churn", "--data", "inbox/churn.csv", "--target", "left"),
         ("data/raw/churn.csv is there",), (put(CSV, "inbox/churn.csv"), put("x", "data/raw/churn.csv"))),
    Case("no DVC repository", ("new", "churn", "--data", "inbox/churn.csv", "--target", "left"),
         ("`dvc add data/raw/churn.csv` failed", "not inside of a DVC repository"), (put(CSV, "inbox/churn.csv"),)),
]  # fmt: skip


def named(name: str, *told: str) -> Case:
    """Return a case of `new` with a name that no project can have."""
    command = ("new", name, "--data", "inbox/churn.csv", "--target", "left")
    return Case(f"named {name[:9]!r}", command, ("where: NAME", *told), (put(CSV, "inbox/churn.csv"),))


LETTERS = "allowed: a lower-case letter, then at most 59"
COMMANDS = [
    named("Churn", LETTERS),
    named("a-b", LETTERS),
    named("", LETTERS),
    named("../x", LETTERS),
    named("a" * 61, LETTERS),
    named("a\n", LETTERS, "'a\\n'"),
    named("raw", "allowed: any other name than raw"),
    named("shop", "there is a project 'shop' already", "sevenfold remove shop"),
    flags("data missing", "there is no file", "--data", data="inbox/none.csv"),
    flags("data a folder", "is a folder", "name a file in it", data="inbox"),
    flags("data of nobody's home", "there is no file", data="~nobody-is-called-that/x.csv"),
    flags("data from the network", "there is no file", data="https://example.org/churn.csv"),
    flags("data with a zero byte", "there is no file", data="a\0.csv"),
    flags("data of an endless name", "cannot be read (File name too long)", data="x" * 5000 + ".csv"),
    flags("data a device", "there is no file '/dev/zero'", data="/dev/zero"),
    flags("target mistyped", "there is no column 'lef'", "allowed: 'age'", "did you mean 'left'?", target="lef"),
    flags("target that steers a terminal", "there is no column '\\x1b[31m'", target="\x1b[31m"),
    flags("target a date", "of type date", "allowed: ", target="since"),
    flags("target a date, said to be two classes", "of type date", target="since", more=["--task", "binary"]),
    flags("labels as amounts", "'left' holds 'no'", "allowed: for task 'regression'", more=["--task", "regression"]),
    flags("two classes as several", "two classes: 'no' and 'yes'", more=["--task", "multiclass"]),
    flags("event not there", "no row of 'left' holds 'maybe'", "allowed: 'no', 'yes'", more=["--positive", "maybe"]),
    flags("event of amounts", "--positive", "has no event", target="income", more=["--positive", "3"]),
    flags("metric mistyped", "no metric 'auc'", "--metric", "did you mean `roc_auc`?", more=["--metric", "auc"]),
    flags("metric of another task", "no metric 'rmse'", "allowed: roc_auc", more=["--metric", "rmse"]),
    flags("id mistyped", "--id", "did you mean 'town'?", more=["--id", "towns"]),
    flags("id the target", "'left' is the target", "leave --id out", more=["--id", "left"]),
    flags("time of labels", "'town' have no order", "allowed: dates", more=["--time", "town"]),
    flags("time and group", "--time and --group", "allowed: one of them", more=["--time", "since", "--group", "town"]),
    flags("time dropped", "--drop and --time", more=["--time", "since", "--drop", "since"]),
    flags("group dropped", "--drop and --group", more=["--group", "town", "--drop", "town"]),
    flags("three groups", "too few rows", "split.column = 'town'", more=["--group", "town"]),
    flags("marks not there", "looks like the mark of test rows", "allowed: test", more=["--split-column", "town"]),
    flags("target dropped", "'left' is the target", more=["--drop", "left"]),
    flags("everything dropped", "no feature", more=[f"--drop={name}" for name in ("age", "income", "town", "since")]),
    flags("task mistyped", "invalid choice: 'binry'", "sevenfold new --help", more=["--task", "binry"]),
    flags("flag unknown", "unrecognized arguments: --tagret", more=["--tagret", "x"]),
    flags("flag that steers a terminal", "--\\x1b[31m", more=["--\x1b[31m", "x"]),
    Case("nothing said", (), ("COMMAND", "sevenfold --help")),
    Case("command mistyped", ("chek", "shop"), ("invalid choice: 'chek'", "'check'")),
    Case("new without flags", ("new",), ("NAME, --data, --target",)),
    Case("two projects to check", ("check", "shop", "shop"), ("unrecognized arguments: shop",)),
    Case("project mistyped", ("check", "shpo"), ("no project 'shpo'", "allowed: shop", "did you mean `shop`?")),
    Case("project of no name", ("check", ""), ("no project ''", "allowed: shop")),
    Case("project as a path", ("check", "projects/shop.toml"), ("allowed: shop",)),
    Case("project that is no text", ("check", "\udcff"), ("no project '\\udcff'",)),
    Case("removal of nothing", ("remove", "shpo"), ("did you mean `shop`?",)),
    Case("removal of a path", ("remove", "../../x"), ("'../../x'",)),
    Case("step mistyped", ("run", "basline", "shop"), ("allowed: fetch, define", "did you mean `baseline`?")),
    Case("step of no project", ("run", "define"), ("`define` needs a project", "allowed: shop")),
    Case("overview of a project", ("run", "overview", "shop"), ("takes no project",)),
    Case("timings of nothing", ("timings", "shpo"), ("did you mean `shop`?",)),
    Case("shell unknown", ("completion", "tcsh"), ("invalid choice: 'tcsh'",)),
]
BY_KIND = {"project file": PROJECTS, "table": [*TABLES, *DRAFTS], "file": FILES, "command": COMMANDS}
CASES = [case for cases in BY_KIND.values() for case in cases]


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
      for kind in (".gz", ".xz", ".zst")),
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
    fine("project file with a mark", ALL, arrange=[declare(text=b"\xef\xbb\xbf" + TOML.encode())]),
    fine("project file with line ends of Windows", ALL, arrange=[declare(text=TOML.replace("\n", "\r\n"))]),
    fine("link within the repository", ALL, arrange=[link_within]),
    Case("all projects", ("check",), ("shop: fine",)),
]  # fmt: skip
