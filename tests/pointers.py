"""The pointers that templates and code write down, read off their syntax trees.

What only a run can know is ANY where it is one whole part of a pointer, and ends it elsewhere: then what stands before
is checked alone.
"""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, nodes

from pipelines.facts.schema import ANY, SHAPES

UNKNOWN = "\0"
TAKERS = ("fact", "value", "has", "each", "length", "text", "key", "claim", "best", "interval")  # of pointers
OF_EDA = ("columns/", "screens/", "size/", "score_alone_label")  # to which sentences of step 3 point, unnamed


class Written(NamedTuple):
    """A pointer, and where it is written."""

    path: str
    line: int
    step: str
    parts: tuple[str, ...]  # keys, places and ANY, up to the first that is not known


def in_template(environment: Environment, path: Path) -> Iterator[Written]:
    """Yield the pointers of a template; those of variables that macros are given are not known."""
    yield from _in_node(environment.parse(path.read_text(encoding="utf-8")), path.name, {})


def _in_node(node: nodes.Node, name: str, known: dict[str, str]) -> Iterator[Written]:
    """Yield the pointers below a node, `known` being what its variables hold; a loop and a macro have their own."""
    if isinstance(node, nodes.Assign) and isinstance(node.target, nodes.Name):
        known[node.target.name] = _template_text(node.node, known)
    if isinstance(node, nodes.For | nodes.Macro):
        known = dict(known)
    if isinstance(node, nodes.For) and isinstance(node.target, nodes.Name):
        known[node.target.name] = _items(node.iter, known)
    if isinstance(node, nodes.Macro):
        known |= {one.name: UNKNOWN for one in node.args}
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in TAKERS and node.args:
        texts = [_template_text(one, known) for one in node.args[: 2 if node.node.name == "interval" else 1]]
        if node.node.name in ("best", "claim") and len(node.args) > 1:
            each = f"{ANY}/" if node.node.name == "best" else ""
            texts.append(f"{texts[0]}/{each}{_template_text(node.args[1], known)}")
        yield from (one for text in texts if (one := _written(name, node.lineno, text)))
    for child in node.iter_child_nodes():
        yield from _in_node(child, name, known)


def in_module(path: Path) -> Iterator[Written]:
    """Yield the pointers of a module; names are followed to what its functions assign to them."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for function in [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]:
        known: dict[str, str] = {}
        for node in ast.walk(function):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                known[node.targets[0].id] = _code_text(node.value, known)
            elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple):
                values = node.value.elts if isinstance(node.value, ast.Tuple) else []
                pairs = zip(node.targets[0].elts, values, strict=False)
                known |= {one.id: _code_text(value, known) for one, value in pairs if isinstance(one, ast.Name)}
        yield from _in_code(function, path, known)
    for node in tree.body:  # tables of pointers
        if isinstance(node, ast.Assign):
            yield from _in_code(node, path, {})


def _in_code(node: ast.AST, path: Path, known: dict[str, str]) -> Iterator[Written]:
    """Yield the pointers below a node; what a text is made of is no pointer of its own."""
    if isinstance(node, ast.Constant | ast.JoinedStr):
        text = _code_text(node, known)
        text = f"eda#/{text}" if "exploration" in path.parts and text.startswith(OF_EDA) else text
        if one := _written(path.name, node.lineno, text):
            yield one
        return
    for child in ast.iter_child_nodes(node):
        yield from _in_code(child, path, known)


def _written(path: str, line: int, text: str) -> Written | None:
    """Return the pointer that a text is; None where it is none, or its step is not known."""
    step, found, rest = text.partition("#")
    if not found or step not in SHAPES or (rest and not rest.startswith("/")):
        return None
    parts = [ANY if part == UNKNOWN else part for part in rest.removesuffix("/").split("/")[1:]]
    known = next((place for place, part in enumerate(parts) if UNKNOWN in part), len(parts))
    return Written(path, line, step, tuple(part.replace("~1", "/").replace("~0", "~") for part in parts[:known]))


def _template_text(node: nodes.Node, known: dict[str, str]) -> str:
    """Return the text that an expression makes, as far as it is written down."""
    if isinstance(node, nodes.Const):
        return str(node.value)
    if isinstance(node, nodes.Name):
        return known.get(node.name, UNKNOWN)
    if isinstance(node, nodes.Concat):
        return "".join(_template_text(part, known) for part in node.nodes)
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name == "told":
        return f"reflect#/claims/{ANY}"
    return UNKNOWN


def _items(node: nodes.Node, known: dict[str, str]) -> str:
    """Return the pointer to any item of what a loop goes through."""
    while isinstance(node, nodes.Getitem | nodes.Filter) and node.node is not None:
        node = node.node
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in ("each", "best"):
        return f"{_template_text(node.args[0], known)}/{ANY}"
    return UNKNOWN


def _code_text(node: ast.expr, known: dict[str, str]) -> str:
    """Return the text that an expression makes, as far as it is written down."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.Name):
        return known.get(node.id, UNKNOWN)
    if isinstance(node, ast.JoinedStr):
        return "".join(
            _code_text(part.value if isinstance(part, ast.FormattedValue) else part, known) for part in node.values
        )
    return UNKNOWN
