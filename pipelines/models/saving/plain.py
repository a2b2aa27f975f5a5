"""scikit-learn estimators out of skops files as plain data: nothing that the file names is imported, made or called.

skops makes the estimators themselves, for which it imports all of scikit-learn. What predicts quickly needs their
numbers alone. The format is https://skops.readthedocs.io/en/stable/persistence.html.
"""

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipelines.models.saving.tree_check import check_walks, unsound

LEAF = -1  # scikit-learn's child of a leaf
DEEPEST = 200  # of what stands inside one another
TREE, TREE_CLASS = "TreeNode", "Tree"


class UnknownPart(Exception):  # noqa: N818 - no error: what reads plainly does so
    """A part of an estimator that is read by skops alone."""


@dataclass(frozen=True)
class Saved:
    """One object of a skops file: its class by name, and what it holds, read when asked for."""

    kind: str  # module and class
    _content: Mapping[str, Any]
    _files: Mapping[str, bytes]

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - whatever it holds
        """Return an attribute; raise UnknownPart where there is none, or one that is no plain data."""
        if name not in self._content:
            raise UnknownPart(f"{self.kind} without {name}")
        return _value(self._content[name], self._files)

    def get(self, name: str, default: Any = None) -> Any:  # noqa: ANN401 - whatever it holds
        """Return an attribute, `default` where there is none."""
        return self[name] if name in self._content else default


def read_plain(content: bytes) -> Saved:
    """Return the estimator in a skops file.

    Raises InputError where the bytes are no such file or its trees are not sound, UnknownPart where it is no object.
    """
    files = _members(content)
    schema = _schema(files)
    check_trees(schema, files)
    found = _value(schema, files)
    if not isinstance(found, Saved):
        raise UnknownPart(type(found).__name__)
    return found


def check_skops(content: bytes) -> None:
    """Raise InputError where a skops file holds trees whose walks leave them or never end."""
    files = _members(content)
    check_trees(_schema(files), files)


def check_trees(schema: Any, files: Mapping[str, bytes]) -> None:  # noqa: ANN401 - JSON
    """Raise InputError where the trees in a schema of a skops file are not sound.

    The estimators' own check of a matrix's columns is by `n_features_in_`, so no tree may read more than that.
    """
    trees: list[tuple[np.ndarray, int]] = []
    try:
        _find_trees(schema, files, None, trees)
        if trees:
            _check_nodes(trees)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, RecursionError, UnknownPart):
        raise unsound("trees that cannot be read") from None


def _check_nodes(trees: list[tuple[np.ndarray, int]]) -> None:
    nodes = np.concatenate([found for found, _ in trees])
    sizes = np.array([len(found) for found, _ in trees])
    inner = nodes["left_child"] != LEAF
    check_walks(nodes["left_child"], nodes["right_child"], inner, sizes)
    room = np.repeat([limit for _, limit in trees], sizes)
    if ((nodes["feature"] < 0) | (nodes["feature"] >= room))[inner].any():
        raise unsound("a node asks for a feature that its estimator does not read")


def _find_trees(node: Any, files: Mapping[str, bytes], limit: int | None, found: list[tuple[np.ndarray, int]]) -> None:  # noqa: ANN401 - JSON
    """Add each tree's nodes below `node` to `found`, with the columns that it may read."""
    if isinstance(node, list):
        for child in node:
            _find_trees(child, files, limit, found)
        return
    if not isinstance(node, dict):
        return
    if TREE in (node.get("__loader__"), f"{node.get('__class__')}Node"):
        if node["__loader__"] != TREE or node["__class__"] != TREE_CLASS or limit is None:
            raise unsound("a tree that belongs to no estimator")
        features = _value(node["__reduce__"]["args"]["content"][0], files)
        nodes = _value(node["content"]["content"]["nodes"], files)
        found.append((nodes, min(limit, int(features))))
        return
    state = node["content"].get("content") if isinstance(node.get("content"), dict) else None
    if isinstance(state, dict) and ("tree_" in state or "estimators_" in state):
        own = int(_value(state["n_features_in_"], files)) if "n_features_in_" in state else 0
        limit = own if limit is None else min(limit, own)
    for child in node.values():
        _find_trees(child, files, limit, found)


def _members(content: bytes) -> dict[str, bytes]:
    """Return the files of a zip that holds them as they are, so that it unpacks to no more than its own size."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if any(member.compress_type != zipfile.ZIP_STORED for member in archive.infolist()):
                raise unsound("an estimator's file that is compressed")
            return {name: archive.read(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError):
        raise unsound("not an estimator's file") from None


def _schema(files: Mapping[str, bytes]) -> Any:  # noqa: ANN401 - JSON
    try:
        return json.loads(files["schema.json"])
    except (KeyError, ValueError, RecursionError):
        raise unsound("an estimator's file without a schema") from None


def _value(node: Any, files: Mapping[str, bytes], depth: int = 0) -> Any:  # noqa: ANN401, PLR0911 - whatever it holds
    """Return what a node of the schema stands for, objects as `Saved`."""
    try:
        loader, content = node["__loader__"], node.get("content")
        if depth > DEEPEST:
            raise UnknownPart(loader)
        if loader == "JsonNode":
            return json.loads(content)
        if loader in ("ListNode", "TupleNode"):
            return [_value(child, files, depth + 1) for child in content]
        if loader == "DictNode":
            return {key: _value(child, files, depth + 1) for key, child in content.items()}
        if loader == "NdArrayNode" and node["type"] == "numpy":
            return np.load(io.BytesIO(files[node["file"]]), allow_pickle=False)
        if loader == "NdArrayNode":
            values = [_value(child, files, depth + 1) for child in content]
            return np.array([*values, None], dtype=object)[:-1]
        if loader in ("ObjectNode", TREE):
            return Saved(f"{node['__module__']}.{node['__class__']}", content["content"], files)
        if loader == "FunctionNode":
            return f"{node['__module__']}.{node['__class__']}"
    except (KeyError, TypeError, ValueError, AttributeError, EOFError):
        raise unsound("an estimator's file with a part that cannot be read") from None
    raise UnknownPart(loader)
