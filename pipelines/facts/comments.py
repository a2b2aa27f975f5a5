"""What the comments in a module of shapes say of each key, so that a meaning is written once, beside its type."""

import ast
import re
from collections.abc import Mapping
from io import StringIO
from tokenize import COMMENT, generate_tokens

Comments = Mapping[str, Mapping[str, str]]  # by shape, by key


def read_comments(source: str, known: Comments) -> dict[str, dict[str, str]]:
    """Return the comment beside each key of each TypedDict in a module's source, those of its bases included.

    `known` are the shapes that the module may import and build on. Raises KeyError, naming shape and key, where a key
    has no comment.
    """
    beside = {
        token.start[0]: re.sub(r"^# ?", "", token.string)
        for token in generate_tokens(StringIO(source).readline)
        if token.type == COMMENT
    }
    found: dict[str, dict[str, str]] = {name: dict(keys) for name, keys in known.items()}
    for node in ast.parse(source).body:
        if isinstance(node, ast.ClassDef):
            bases = [base.id for base in node.bases if isinstance(base, ast.Name) and base.id in found]
            own = {key.target.id: key.end_lineno for key in node.body
                   if isinstance(key, ast.AnnAssign) and isinstance(key.target, ast.Name)}  # fmt: skip
            found[node.name] = {key: text for base in bases for key, text in found[base].items()}
            found[node.name] |= _at(beside, node.name, own)
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and len(node.value.args) > 1:
            name, keys = node.value.args
            if isinstance(name, ast.Constant) and isinstance(keys, ast.Dict):
                lines = {
                    str(key.value): value.end_lineno
                    for key, value in zip(keys.keys, keys.values, strict=True)
                    if isinstance(key, ast.Constant)
                }
                found[str(name.value)] = _at(beside, str(name.value), lines)
    return found


def _at(beside: Mapping[int, str], shape: str, lines: Mapping[str, int | None]) -> dict[str, str]:
    """Return the comment of each key by the line on which its type ends."""
    silent = [key for key, line in lines.items() if line not in beside]
    if silent:
        message = f"{shape}: no comment says what {silent[0]!r} holds"
        raise KeyError(message)
    return {key: beside[line] for key, line in lines.items() if line is not None}
