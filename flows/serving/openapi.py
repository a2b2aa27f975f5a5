"""The OpenAPI document: what FastAPI knows of the addresses, and what the contract says of rows."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from flows.serving.asked import most_characters
from flows.serving.bodies import CSV, PARQUET, TSV
from flows.serving.bounds import MOST_BYTES, MOST_FEEDBACK, MOST_ROWS
from flows.serving.refusals import JSON
from pipelines.serving.service import Service

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
REFUSED = {
    "413": "More bytes or rows than are answered at once", "415": "A body of another type",
    "422": "A body or a parameter that cannot be read", "429": "Too many rows wait", "503": "Not ready, or too busy",
}  # fmt: skip


def describe(app: FastAPI, service: Service) -> Schema:
    """Return the document; bounds, units, levels and the example are the contract's."""
    made = get_openapi(
        title=f"{service.project.name}: {service.project.problem.question}", version=str(service.schema["format"]),
        description=service.project.problem.decision, routes=app.routes,
    )  # fmt: skip
    row, example = row_schema(service), example_row(service)
    schemas = {"Row": row, "Wrong": _wrong(), "Answer": _answer(), "Refused": _refused()}
    made["components"] = {"schemas": schemas}
    made["paths"]["/predict"]["post"] |= {
        "parameters": _parameters(service),
        "requestBody": {"required": True, "content": _bodies(service, row, example)},
    }
    made["paths"]["/feedback"]["post"]["requestBody"] = {"required": True, "content": {JSON: {"schema": _feedback()}}}
    _respond(made["paths"])
    return made


def row_schema(service: Service) -> Schema:
    """Return the JSON schema of a row, with an example of each value and what the training rows held."""
    row = service.contract.schema()
    for one in service.contract.fields:
        if one.name in service.contract.encodings.by_column:
            row["properties"][one.name]["maxLength"] = most_characters(one)
        if one.column.unit is not None:
            row["properties"][one.name]["x-unit"] = one.column.unit
    for name, shown in row["properties"].items():
        seen = service.schema["fields"].get(name, {})
        if "example" in seen:
            shown["examples"] = [seen["example"]]
        trained = {key: seen[key] for key in ("low", "high", "levels") if key in seen}
        if trained:
            shown["x-training"] = trained
    return row


def example_row(service: Service) -> Schema:
    """Return an ordinary row."""
    return {one.name: service.schema["fields"].get(one.name, {}).get("example") for one in service.contract.fields}


def _bodies(service: Service, row: Schema, example: Schema) -> Schema:
    models = list(service.models)
    asked = {"why": {"type": "boolean", "default": False}, "model": {"enum": models, "default": models[0]}}
    rows = {"type": "array", "items": {"$ref": "#/components/schemas/Row"}, "maxItems": MOST_ROWS}
    columns = {
        "type": "object",
        "properties": {
            name: {"type": "array", "items": shown, "maxItems": MOST_ROWS} for name, shown in row["properties"].items()
        },
    }
    kinds = [
        {"type": "object", "required": [key], "properties": {key: shape, **asked}, "additionalProperties": False}
        for key, shape in (("rows", rows), ("columns", columns))
    ]
    table = {"type": "string", "description": "A header and rows; the parameters say the rest."}
    return {
        JSON: {"schema": {"oneOf": kinds}, "example": {"rows": [example], "why": False, "model": models[0]}},
        CSV: {"schema": table},
        TSV: {"schema": table},
        PARQUET[0]: {"schema": {"type": "string", "contentMediaType": PARQUET[0]}},
    }


def _parameters(service: Service) -> list[Schema]:
    described = {
        "why": ("What moved each answer: adds `why`", {"type": "boolean"}),
        "model": ("The model that answers", {"enum": list(service.models)}),
        "echo": ("Repeat a wrong value in its error", {"type": "boolean"}),
        "trial": ("Try rows out: they count for no drift, and no feedback is taken on them", {"type": "boolean"}),
    }
    return [
        {"name": name, "in": "query", "required": False, "description": words, "schema": shape}
        for name, (words, shape) in described.items()
    ]


def _wrong() -> Schema:
    parts = {"field": TEXT, "found": TEXT, "allowed": TEXT, "do": TEXT}
    return {"type": "object", "required": list(parts), "properties": parts, "additionalProperties": False}


def _refused() -> Schema:
    return {"type": "object", "required": ["error"], "properties": {"error": {"$ref": "#/components/schemas/Wrong"}}}


def _answer() -> Schema:
    number, nothing = {"type": "number"}, {"type": "null"}
    answer = {
        "type": "object",
        "required": ["prediction", "interval", "decision", "expected_cost", "why"],
        "properties": {
            "prediction": {"type": ["number", "string"]},
            "interval": {"type": ["object", "null"]},
            "decision": {"type": ["object", "null"]},
            "expected_cost": {"anyOf": [number, nothing]},
            "why": {"type": ["object", "null"]},
            "probabilities": {"type": "object", "additionalProperties": number},
            "notes": {"type": "array", "items": TEXT},
            "model": {**TEXT, "description": "The model that answered, where it is not the one that was asked"},
            "fallback": {**TEXT, "description": "Why it answered instead"},
        },
    }
    result = {"oneOf": [answer, {"$ref": "#/components/schemas/Refused"}]}
    return {
        "type": "object",
        "required": ["model", "request_id", "results", "ignored"],
        "properties": {
            "model": TEXT, "request_id": TEXT, "results": {"type": "array", "items": result},
            "ignored": {"type": "array", "items": TEXT},
            "kept": {"type": "boolean", "description": "False where the disk was full: no feedback can refer to it"},
        },
    }  # fmt: skip


def _feedback() -> Schema:
    item = {
        "type": "object",
        "required": ["request_id", "row", "truth"],
        "properties": {
            "request_id": TEXT, "row": {"type": "integer", "minimum": 0},
            "truth": {"type": ["number", "string", "boolean"]},
        },
        "additionalProperties": False,
    }  # fmt: skip
    items = {"type": "array", "items": item, "maxItems": MOST_FEEDBACK}
    return {"type": "object", "required": ["feedback"], "properties": {"feedback": items}}


def _respond(paths: Schema) -> None:
    """Say what each address answers."""
    refused = {"application/json": {"schema": {"$ref": "#/components/schemas/Refused"}}}
    for path, methods in paths.items():
        for method, described in methods.items():
            answered = {"$ref": "#/components/schemas/Answer"} if path == "/predict" else {"type": "object"}
            kind = "text/plain" if path == "/metrics" else JSON
            good = {"description": "Answered", "content": {kind: {"schema": TEXT if path == "/metrics" else answered}}}
            bad = REFUSED if method == "post" else {"503": REFUSED["503"]}
            described["responses"] = {
                "200": good, **{status: {"description": words, "content": refused} for status, words in bad.items()},
            }  # fmt: skip
    most = f"A body of up to {MOST_BYTES:,} bytes and {MOST_ROWS:,} rows, in JSON, CSV, TSV or Parquet."
    paths["/predict"]["post"]["description"] = f"{paths['/predict']['post'].get('description', '')}\n\n{most}".strip()
