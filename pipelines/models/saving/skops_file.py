"""scikit-learn estimators as skops files: no pickle, and the same bytes for the same estimator.

skops names members and objects by memory address, which differ between runs. Written here, they are numbered
in order of appearance, in a zip without times. The format is https://skops.readthedocs.io/en/stable/persistence.html.
"""

import json
from typing import Any

from pipelines.models.saving.plain import check_skops
from pipelines.models.saving.zip import pack, unpack

# The only types, beside those that skops itself vouches for, that a file may hold: the fitted trees of a forest,
# numpy's names of number types (in encoders), and what a repaired baseline changes in the linear model's matrix, which
# is code of this repository that computes on arrays and does nothing else.
TRUSTED = (
    "sklearn.tree._tree.Tree",
    "numpy.dtype",
    "pipelines.causes.codes.codes_as_missing",
    "pipelines.causes.encoding.shrink",
    "pipelines.causes.missingness.is_missing",
    "pipelines.causes.ranks.RankScaler",
    "pipelines.series.decays.products_with_last",
    "pipelines.series.decays.with_decays",
)


def write_estimator(estimator: object) -> bytes:
    """Return the estimator as a skops file, byte-identical for equal estimators."""
    import skops.io

    return _renumbered(skops.io.dumps(estimator))


def read_estimator(content: bytes) -> Any:  # noqa: ANN401 - any scikit-learn estimator
    """Return the estimator; skops raises UntrustedTypesFoundException where the file holds any other type.

    Raises InputError where the walks through a tree would leave it or never end.
    """
    import skops.io

    check_skops(content)
    return skops.io.loads(content, trusted=list(TRUSTED))


def _renumbered(content: bytes) -> bytes:
    """Return the skops file with objects and members numbered in order of appearance."""
    files = unpack(content)
    schema = json.loads(files.pop("schema.json"))
    objects: dict[int, int] = {}
    members: dict[str, str] = {}
    _renumber(schema, objects, members)
    renamed = {members[name]: member for name, member in files.items()}
    return pack(renamed | {"schema.json": json.dumps(schema).encode()}, compress=False)


def _renumber(node: Any, objects: dict[int, int], members: dict[str, str]) -> None:  # noqa: ANN401 - JSON
    """Replace `__id__` and `file` in the tree of nodes, in place."""
    if isinstance(node, list):
        for child in node:
            _renumber(child, objects, members)
        return
    if not isinstance(node, dict):
        return
    if "__id__" in node:
        # Whether two equal constants are one object is Python's affair and may change between runs.
        constant = node.get("is_json") or node.get("__loader__") == "TypeNode"
        key = -len(objects) - 1 if constant else node["__id__"]
        node["__id__"] = objects.setdefault(key, len(objects))
    if node.get("__loader__") and isinstance(node.get("file"), str):
        suffix = node["file"].rpartition(".")[2]
        node["file"] = members.setdefault(node["file"], f"{len(members):06d}.{suffix}")
    for child in node.values():
        _renumber(child, objects, members)
