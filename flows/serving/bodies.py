"""Bodies of requests as columns of cells: JSON rows, JSON columns, CSV, TSV and Parquet.

A cell is what the body holds, a value of Python: what it means, the contract decides. What is wrong with one row costs
that row; what leaves no rows to speak of costs the request.
"""

import csv
import io
import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from threading import Lock
from typing import Any

import orjson

from flows.serving.asked import Asked, check_names, check_rows, too_large, with_bounds
from flows.serving.bounds import MOST_BYTES, MOST_UNPACKED
from flows.serving.refusals import JSON, UNPROCESSABLE, WRONG_KIND, Refusal
from pipelines.core.errors import quote
from pipelines.serving.contract import Contract, Wrong

CSV, TSV = "text/csv", "text/tab-separated-values"
PARQUET = ("application/vnd.apache.parquet", "application/parquet", "application/x-parquet")
KINDS = f"{JSON}, {CSV}, {TSV}, {PARQUET[0]}"
KEYS = ("rows", "columns", "why", "model")
AGAIN = "send one of these"
_parquet = Lock()  # one at a time: what a dishonest file unpacks to is only known afterwards


def read_body(body: bytes, kind: str, contract: Contract, *, strict: bool = False) -> Asked:
    """Return the rows of a body whose content type is `kind`; raise Refusal where it holds none.

    With `strict`, a column that the project file does not know is refused.
    """
    reader = READERS.get(kind.partition(";")[0].strip().lower())
    if reader is None:
        found = f"a body of type {quote(kind)}" if kind else "a body without a content type"
        raise Refusal(WRONG_KIND, "content-type", found, allowed=KINDS, do="name the type of the body")
    return with_bounds(reader(body, contract, strict), contract)


def unpacked(body: bytes, encoding: str) -> bytes:
    """Return the body as it was before it was packed; raise Refusal where that is too much, or another packing."""
    if encoding in ("", "identity"):
        return body
    if encoding != "gzip":
        raise Refusal(
            WRONG_KIND, "content-encoding", quote(encoding), allowed="gzip, or none", do="send the body so, or plain"
        )
    stream = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        plain = stream.decompress(body, MOST_BYTES + 1)
    except zlib.error:
        raise Refusal(UNPROCESSABLE, "body", "not gzip", allowed="gzip", do="pack it again, or send it plain") from None
    if len(plain) > MOST_BYTES:
        raise too_large("the body unpacks to more", MOST_BYTES)
    if not stream.eof:
        raise Refusal(UNPROCESSABLE, "body", "gzip that does not end", allowed="gzip", do="send all of it")
    return plain


def read_json(body: bytes) -> Any:  # noqa: ANN401 - JSON of any shape
    """Return what a body of JSON holds, NaN, as Python writes it, included; raise Refusal where it is no JSON."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:  # JSON does not know NaN, and orjson keeps to that
        pass
    try:
        return json.loads(body)
    except RecursionError:
        raise _not_json("lists and objects in one another, too deep to read") from None
    except ValueError as error:
        raise _not_json(f"not JSON: {quote(str(error))}") from None


def _not_json(found: str) -> Refusal:
    return Refusal(UNPROCESSABLE, "body", found, allowed="JSON in UTF-8", do="check how the body is written")


def _of_json(body: bytes, contract: Contract, strict: bool) -> Asked:
    said = read_json(body)
    allowed = 'an object with "rows" or "columns", and "why" and "model" if wanted'
    if not isinstance(said, dict):
        raise Refusal(UNPROCESSABLE, "body", f"a {_kind(said)}", allowed=allowed, do=AGAIN)
    unknown = next((key for key in said if key not in KEYS), None)
    if unknown is not None:
        raise Refusal(UNPROCESSABLE, "body", f"the key {quote(unknown)}", allowed=allowed, do="leave it out")
    if ("rows" in said) == ("columns" in said):
        found = 'both "rows" and "columns"' if "rows" in said else 'neither "rows" nor "columns"'
        raise Refusal(UNPROCESSABLE, "body", found, allowed=allowed, do=AGAIN)
    why, model = said.get("why"), said.get("model")
    if why is not None and not isinstance(why, bool):
        raise Refusal(UNPROCESSABLE, "why", f"a {_kind(why)}", allowed="true or false", do=AGAIN)
    if model is not None and not isinstance(model, str):
        raise Refusal(UNPROCESSABLE, "model", f"a {_kind(model)}", allowed="the name of a model", do=AGAIN)
    if "rows" in said:
        return _of_rows(said["rows"], contract, strict, model, why)
    return _of_columns(said["columns"], contract, strict, model, why)


def _of_rows(rows: Any, contract: Contract, strict: bool, model: str | None, why: bool | None) -> Asked:  # noqa: ANN401 - JSON of any shape
    if not isinstance(rows, list):
        do = 'write [{"column": value, ...}, ...]'
        raise Refusal(UNPROCESSABLE, "rows", f"a {_kind(rows)}", allowed="a list of objects, one a row", do=do)
    check_rows(len(rows))
    unfit = {place: _no_object(row) for place, row in enumerate(rows) if type(row) is not dict}
    whole = [{} if place in unfit else row for place, row in enumerate(rows)] if unfit else rows
    names = contract.names
    needed = set(names)
    ignored = [name for name in dict.fromkeys(chain.from_iterable(whole)) if name not in needed]
    if strict and (strange := set(contract.undeclared(dict.fromkeys(ignored, ())))):
        unfit |= {
            place: _strange(name, contract)
            for place, row in enumerate(whole)
            if (name := next((name for name in row if name in strange), None)) is not None
        }
    cells = {name: [row.get(name) for row in whole] for name in names}
    return Asked(cells, len(rows), ignored, unfit, model, why)


def _of_columns(columns: Any, contract: Contract, strict: bool, model: str | None, why: bool | None) -> Asked:  # noqa: ANN401 - JSON of any shape
    if not isinstance(columns, dict):
        do = 'write {"column": [value, ...], ...}'
        raise Refusal(UNPROCESSABLE, "columns", f"a {_kind(columns)}", allowed="an object of lists", do=do)
    odd = next((name for name, values in columns.items() if not isinstance(values, list)), None)
    if odd is not None:
        found = f"a {_kind(columns[odd])}"
        raise Refusal(UNPROCESSABLE, odd, found, allowed="a list with a value for each row", do=AGAIN)
    rows = len(next(iter(columns.values()), ()))
    short = next((name for name, values in columns.items() if len(values) != rows), None)
    if short is not None:
        found = f"{len(columns[short]):,} values, where the first column has {rows:,}"
        raise Refusal(UNPROCESSABLE, short, found, allowed="as many values in each column", do="complete the column")
    check_rows(rows)
    return _table(columns, rows, contract, strict, model=model, why=why)


def _table(
    columns: Mapping[str, Sequence[object]], rows: int, contract: Contract, strict: bool,
    unfit: Mapping[int, Wrong] | None = None, model: str | None = None, why: bool | None = None,
) -> Asked:  # fmt: skip
    """Return the rows of columns that all of them share."""
    strange = contract.undeclared(columns) if strict else []
    if strange:
        wrong = _strange(strange[0], contract)
        raise Refusal(UNPROCESSABLE, wrong["field"], wrong["found"], allowed=wrong["allowed"], do=wrong["do"])
    needed = set(contract.names)
    cells = {name: values for name, values in columns.items() if name in needed}
    return Asked(cells, rows, [name for name in columns if name not in needed], unfit or {}, model, why)


def _of_csv(body: bytes, contract: Contract, strict: bool, separator: str = ",") -> Asked:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        found = f"byte {error.start}, 0x{body[error.start]:02x}, is not UTF-8"
        raise Refusal(UNPROCESSABLE, "body", found, allowed="UTF-8", do="save the file as UTF-8") from None
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[list[str]] = []
    try:
        header = next((line for line in lines if line), [])
        for line in lines:
            if line:
                rows.append(line)
                check_rows(len(rows))
    except csv.Error as error:
        found = f"a field that does not end, is too long or misquoted: {quote(str(error))}"
        where = f"line {lines.line_num}"
        raise Refusal(UNPROCESSABLE, where, found, allowed='quotes in pairs, or doubled: ""', do="fix it") from None
    check_names(header)
    width = len(header)
    unfit = {place: _ragged(len(row), width) for place, row in enumerate(rows) if len(row) != width}
    kept = [[""] * width if place in unfit else row for place, row in enumerate(rows)] if unfit else rows
    columns = dict(zip(header, zip(*kept, strict=True), strict=True)) if kept else dict.fromkeys(header, ())
    return _table(contract.of_text(columns), len(rows), contract, strict, unfit)


def _of_tsv(body: bytes, contract: Contract, strict: bool) -> Asked:
    return _of_csv(body, contract, strict, "\t")


def _of_parquet(body: bytes, contract: Contract, strict: bool) -> Asked:
    from flows.serving.parquet import columns_of

    with _parquet:
        columns, ignored, rows = columns_of(body, contract, MOST_UNPACKED)
    return _table(columns | dict.fromkeys(ignored, ()), rows, contract, strict)


def _no_object(row: object) -> Wrong:
    do = "send an object for the row"
    return Wrong(field="row", found=f"a {_kind(row)}", allowed='an object, {"column": value, ...}', do=do)


def _ragged(cells: int, width: int) -> Wrong:
    found, do = f"{cells} fields under a header of {width}", "complete the row, or quote fields that hold separators"
    return Wrong(field="row", found=found, allowed=f"{width} fields", do=do)


def _strange(name: str, contract: Contract) -> Wrong:
    found = f"column {quote(name)}, which the project file does not know"
    return Wrong(
        field=name, found=found, allowed=", ".join(contract.names), do="leave it out, or serve without --strict"
    )


def _kind(value: object) -> str:
    """Return what JSON calls a value."""
    names = {
        dict: "object", list: "list", str: "text", bool: "truth value", int: "number", float: "number",
        type(None): "null",
    }  # fmt: skip
    return names.get(type(value), "value")


READERS: Mapping[str, Callable[[bytes, Contract, bool], Asked]] = {
    JSON: _of_json, CSV: _of_csv, TSV: _of_tsv, **dict.fromkeys(PARQUET, _of_parquet),
}  # fmt: skip
