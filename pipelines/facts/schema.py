"""The JSON Schema of each step's facts, made of the types; descriptions are the comments beside their keys."""

import json
from collections.abc import Mapping, Sequence
from importlib import import_module
from inspect import getsource
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

from pydantic import TypeAdapter

from pipelines.facts import shared
from pipelines.facts.comments import Comments, read_comments

FOLDER = Path(__file__).parent / "schemas"  # the schemas ship with the package
DIALECT = "https://json-schema.org/draft/2020-12/schema"
SHAPES: Mapping[str, str] = {
    "define": "DefineFacts", "encode": "EncodeFacts", "metric": "MetricFacts", "eda": "EdaFacts",
    "baseline": "BaselineFacts", "strong": "StrongFacts", "compare": "CompareFacts", "reflect": "ReflectFacts",
    "timings": "TimingsFacts", "serving": "ServingFacts", "answer": "AnswerFacts",
}  # fmt: skip

ANY = "*"

Schema = dict[str, Any]  # a JSON Schema: its shape is JSON's own


def make_schema(step: str) -> Schema:
    """Return the schema (draft 2020-12) of a step's facts: every key is described, and no other key is allowed.

    Raises KeyError where a key has no comment.
    """
    made: Schema = TypeAdapter(getattr(import_module(f"pipelines.facts.{step}"), SHAPES[step])).json_schema()
    comments = _comments(step)
    for name, shape in [(SHAPES[step], made), *made.get("$defs", {}).items()]:
        shape["properties"] = {
            key: {word: value for word, value in entry.items() if word != "title"}
            | {"description": comments[name][key]}
            for key, entry in shape["properties"].items()
        }
        shape["additionalProperties"] = False
    return {"$schema": DIALECT, **made}


def _comments(step: str) -> Comments:
    """Return the comments of a step's shapes: those of its module, or of each module of its package, the door last.

    Shapes that it has from another step's modules are read there, before.
    """
    door = import_module(f"pipelines.facts.{step}")
    own = [import_module(f"{door.__name__}.{part.name}") for part in iter_modules(getattr(door, "__path__", ()))]
    found: Comments = {}
    for module in (shared, *_lenders([*own, door]), *own, door):
        found = read_comments(getsource(module), found)
    return found


def _lenders(modules: Sequence[ModuleType]) -> list[ModuleType]:
    """Return the modules of other steps that these have shapes from, in alphabetical order."""
    named = {getattr(one, "__module__", "") for module in modules for one in vars(module).values()}
    known = {module.__name__ for module in (*modules, shared)}
    return [import_module(name) for name in sorted(named - known) if name.startswith("pipelines.facts.")]


def write_schema(step: str) -> str:
    """Return the schema of a step's facts as the text of its file."""
    return json.dumps(make_schema(step), indent=1, ensure_ascii=False) + "\n"


def load_schema(step: str) -> Schema:
    """Return the schema of a step's facts that ships with the package."""
    loaded: Schema = json.loads((FOLDER / f"{step}.json").read_text(encoding="utf-8"))
    return loaded


def describes(schema: Schema, path: Sequence[str]) -> bool:
    """Return whether something may stand at a path into the facts that a schema describes; ANY is any key or place."""
    found = [schema]
    for key in path:
        found = [below for one in found for shape in alternatives(schema, one) for below in _children(shape, key)]
    return bool(found)


def _children(shape: Schema, key: str) -> list[Schema]:
    """Return what may stand at a key of an object of this shape, or at a place of a list."""
    if shape.get("type") == "array":
        return [shape["items"]] if key == ANY or key.isdecimal() else []
    named = shape.get("properties", {})
    others = shape.get("additionalProperties")
    return [one for name, one in named.items() if key in (name, ANY)] + ([others] if isinstance(others, dict) else [])


def alternatives(schema: Schema, shape: Schema) -> list[Schema]:
    """Return the shapes that something may have, references followed."""
    if "$ref" in shape:
        return alternatives(schema, schema["$defs"][shape["$ref"].rsplit("/", 1)[-1]])
    return [one for part in shape.get("anyOf", []) for one in alternatives(schema, part)] or [shape]
