"""The JSON Schema of each step's facts, made of the types; descriptions are the comments beside their keys."""

import json
from collections.abc import Mapping
from importlib import import_module
from inspect import getsource
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from pipelines.facts import shared
from pipelines.facts.comments import read_comments

FOLDER = Path(__file__).parent / "schemas"  # the schemas ship with the package
DIALECT = "https://json-schema.org/draft/2020-12/schema"
SHAPES: Mapping[str, str] = {
    "define": "DefineFacts", "metric": "MetricFacts", "eda": "EdaFacts", "baseline": "BaselineFacts",
    "strong": "StrongFacts", "compare": "CompareFacts", "reflect": "ReflectFacts", "timings": "TimingsFacts",
}  # fmt: skip

Schema = dict[str, Any]  # a JSON Schema: its shape is JSON's own


def make_schema(step: str) -> Schema:
    """Return the schema (draft 2020-12) of a step's facts: every key is described, and no other key is allowed.

    Raises KeyError where a key has no comment.
    """
    module = import_module(f"pipelines.facts.{step}")
    made: Schema = TypeAdapter(getattr(module, SHAPES[step])).json_schema()
    comments = read_comments(getsource(module), read_comments(getsource(shared), {}))
    for name, shape in [(SHAPES[step], made), *made.get("$defs", {}).items()]:
        shape["properties"] = {
            key: {word: value for word, value in entry.items() if word != "title"}
            | {"description": comments[name][key]}
            for key, entry in shape["properties"].items()
        }
        shape["additionalProperties"] = False
    return {"$schema": DIALECT, **made}


def write_schema(step: str) -> str:
    """Return the schema of a step's facts as the text of its file."""
    return json.dumps(make_schema(step), indent=1, ensure_ascii=False) + "\n"


def load_schema(step: str) -> Schema:
    """Return the schema of a step's facts that ships with the package."""
    loaded: Schema = json.loads((FOLDER / f"{step}.json").read_text(encoding="utf-8"))
    return loaded


def child(schema: Schema, shape: Schema, key: str) -> Schema | None:
    """Return the shape of what stands at `key` of something of the given shape; None where nothing can.

    `schema` is the whole, to which references lead. Of a shape that may be one of several, the first that has the key.
    """
    for one in alternatives(schema, shape):
        if one.get("type") == "object":
            found = one.get("properties", {}).get(key, one.get("additionalProperties"))
            if isinstance(found, dict):
                return found
        elif one.get("type") == "array" and (key.isdecimal() or key == "*"):
            items: Schema = one.get("items", {})
            return items
    return None


def alternatives(schema: Schema, shape: Schema) -> list[Schema]:
    """Return the shapes that something may have, references followed."""
    if "$ref" in shape:
        return alternatives(schema, schema["$defs"][shape["$ref"].rsplit("/", 1)[-1]])
    return [one for part in shape.get("anyOf", []) for one in alternatives(schema, part)] or [shape]
