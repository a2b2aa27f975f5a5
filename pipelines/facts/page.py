"""docs/facts.md: the facts of every step as tables, made of the schemas."""

from collections.abc import Iterator

from pipelines.facts.schema import SHAPES, Schema, alternatives, make_schema

HEAD = """\
# The facts

Every step writes `reports/<project>/facts/<step>.json`. Reports are words and pictures about these facts and hold no
number of their own; other programs may rely on the keys below. More keys may be added; none is renamed or dropped
without a note here. The schemas describe this version and allow no other keys, so a program that reads the facts of
later versions must ignore the keys that it does not know.

- Floats have eight significant digits, from 100,000,000 on ten, p-values four: those that another processor computes
  too. Where there is no number, there is `null`.
- **Positive is better** in every `difference`, `gain` and their intervals, whatever the metric's direction.
- Intervals are `[low, high]` at 95 %.
- `close` marks a result that lies so near a threshold that another processor, or other resamples, could change it.
- A **pointer** is a step, `#` and a JSON pointer (RFC 6901), such as `compare#/difference/value`. In the tables `*` is
  any place of a list or any name, and a key in *italics* may be absent.
- A **claim** is a sentence with the facts that it states, each by its pointer. A report whose claim differs from its
  fact is not rendered.
- **Several classes** are numbered in the order of `define#/target_summary/classes`; `class` in a fact is one of these
  numbers. Prediction tables then hold one column for each class, `strong[0]`, `strong[1]`...

This page and a JSON Schema for each step are made from the types in `pipelines/facts/`; write them with `make docs`.
"""
TYPES = {"string": "text", "integer": "integer", "number": "number", "boolean": "true or false", "null": "null"}
INTERVAL = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}


def render_page() -> str:
    """Return the page as Markdown."""
    return "\n".join([HEAD, *(_render_step(step) for step in SHAPES)])


def _render_step(step: str) -> str:
    """Return a step's part: what it is about, and one line a key, the keys of what is nested below it."""
    schema = make_schema(step)
    link = f"[JSON Schema](../pipelines/facts/schemas/{step}.json)"
    head = [f"## {step}", "", str(schema["description"]).strip(), "", link, "", "| key | type | what it holds |"]
    return "\n".join([*head, "|:---|:---|:---|", *_rows(schema, schema, "", {}), ""])


def _rows(schema: Schema, shape: Schema, path: str, shown: dict[str, str]) -> Iterator[str]:
    """Yield a line for each key of an object and of what is below; each shape is `shown` once."""
    for key, entry in shape["properties"].items():
        below = list(_below(schema, entry, f"{path}{key}"))
        said = [entry["description"]]
        for _, one in below:
            said = _joined(said[0], one["description"])
            if one["title"] in shown:
                said.append(f"Its keys are those of `{shown[one['title']]}`.")
        slant = "" if key in shape.get("required", ()) else "*"
        yield f"| {slant}`{path}{key}`{slant} | {_kind(schema, entry)} | {' '.join(said)} |"
        for place, one in below:
            if one["title"] not in shown:
                shown[one["title"]] = place
                yield from _rows(schema, one, f"{place}/", shown)


def _joined(comment: str, about: str) -> list[str]:
    """Return what a key holds, and what the shape there is unless that says the same."""
    about = " ".join(about.split())
    return [about] if about.lower().startswith(comment.lower()) else [f"{comment}.", about]


def _below(schema: Schema, entry: Schema, path: str) -> Iterator[tuple[str, Schema]]:
    """Yield each object that stands at a path, or in the list or by the names there."""
    for one in alternatives(schema, entry):
        if "properties" in one:
            yield path, one
        elif isinstance(one.get("additionalProperties"), dict):
            yield from _below(schema, one["additionalProperties"], f"{path}/*")
        elif one.get("type") == "array":
            yield from _below(schema, one["items"], f"{path}/*")


def _kind(schema: Schema, entry: Schema) -> str:
    """Return a type in words."""
    kinds = []
    for one in alternatives(schema, entry):
        bare = {word: value for word, value in one.items() if word not in ("description", "title")}
        if bare == INTERVAL:
            kinds.append("interval")
        elif "const" in one or "enum" in one:
            kinds += [str(value) for value in one.get("enum", [one.get("const")])]
        elif one["type"] == "array":
            kinds.append(f"list of {_many(_kind(schema, one['items']))}")
        elif one["type"] == "object":
            by_name = one.get("additionalProperties")
            kinds.append(f"{_many(_kind(schema, by_name))} by name" if isinstance(by_name, dict) else "object")
        else:
            kinds.append(TYPES[one["type"]])
    kinds = list(dict.fromkeys(kinds))
    if {"text", "number", "true or false"} <= set(kinds):
        return "any plain value"
    return kinds[0] if len(kinds) == 1 else ", ".join(kinds[:-1]) + " or " + kinds[-1]


def _many(kind: str) -> str:
    """Return the plural of a type in words."""
    plural = {"text": "texts", "integer": "integers", "number": "numbers", "object": "objects", "interval": "intervals",
              "any plain value": "plain values"}  # fmt: skip
    return plural.get(kind, kind)
