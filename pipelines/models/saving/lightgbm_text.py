"""LightGBM's text format, looked through before LightGBM reads it: it believes every index in it.

https://github.com/microsoft/LightGBM/blob/v4.6.0/src/io/tree.cpp and .../src/boosting/gbdt_model_text.cpp.
"""

import re
from typing import TYPE_CHECKING

import numpy as np

from pipelines.models.saving.tree_check import check_range, check_walks, entry, unsound, whole

if TYPE_CHECKING:
    from lightgbm import Booster

TREE, END = "\nTree=", "end of trees"
CATEGORICAL = 1  # bit of a node's decision type
CLASSES = re.compile(r"num_class:(\d+)")
WHOLE = re.compile(r"-?[0-9]{1,10}(?: -?[0-9]{1,10})*")
REAL = re.compile(r"[-+.einfa0-9]{1,30}(?: [-+.einfa0-9]{1,30})*")


def read_booster(content: bytes) -> "Booster":
    """Return the booster of LightGBM's package; raise InputError where `checked_text` does, or LightGBM."""
    import lightgbm

    text = checked_text(content)
    try:
        return lightgbm.Booster(model_str=text)
    except lightgbm.basic.LightGBMError as error:
        raise unsound(str(error)) from error


def checked_text(content: bytes) -> str:
    """Return a booster's text; raise InputError where one of its indices leads out of what it is an index of."""
    if not content.isascii() or not content.startswith(b"tree\n") or b"\r" in content or b"\0" in content:
        raise unsound("not LightGBM's text")
    text = content.decode("ascii")
    starts, end = _places(text, TREE), text.find(END)
    if not starts or end < starts[-1]:
        raise unsound("no trees")
    head = _fields(text[: starts[0]].strip("\n").removeprefix("tree\n"))
    features = whole(entry(head, "max_feature_idx"), "max_feature_idx") + 1
    _check_head(head, features, len(starts))
    sizes = _numbers([entry(head, "tree_sizes")])
    if sizes.tolist() != np.diff([*starts, end]).tolist():
        raise unsound("the sizes of its trees are not theirs")
    trees = [_fields(text[start:stop].rstrip("\n")) for start, stop in zip(starts, [*starts[1:], end], strict=True)]
    _check_trees([tree for tree in trees if whole(entry(tree, "num_leaves"), "num_leaves") > 1], features)
    if any(entry(tree, "leaf_value").count(" ") + 1 != int(tree["num_leaves"]) for tree in trees):
        raise unsound("a tree has not as many values as leaves")
    return text


def _check_head(head: dict[str, str], features: int, trees: int) -> None:
    if any(entry(head, name).count(" ") + 1 != features for name in ("feature_names", "feature_infos")):
        raise unsound("its numbers of features differ")
    outputs = whole(entry(head, "num_class"), "num_class")
    named = CLASSES.findall(head.get("objective", "")) or ["1"]
    of_trees = whole(entry(head, "num_tree_per_iteration"), "num_tree_per_iteration")
    if [whole(one, "num_class") for one in named] != [outputs] or of_trees != outputs:
        raise unsound("its numbers of classes differ")
    if not outputs or trees % outputs:
        raise unsound(f"{trees} trees of {outputs} classes")


def _check_trees(trees: list[dict[str, str]], features: int) -> None:
    """Raise InputError where a node of trees of two leaves or more leads to no node, leaf, feature or set."""
    if not trees:
        return
    leaves = np.array([int(tree["num_leaves"]) for tree in trees])
    inner = leaves - 1
    named = {}
    for name in ("split_feature", "decision_type", "left_child", "right_child", "threshold"):
        values = [entry(tree, name) for tree in trees]
        named[name] = _numbers(values, float if name == "threshold" else int)
        if [value.count(" ") + 1 for value in values] != inner.tolist():
            raise unsound(f"{name} has not an entry a node")
    if any(tree.get("is_linear", "0") != "0" for tree in trees):
        raise unsound("linear models in leaves")
    check_range("feature", named["split_feature"], features)
    sides = []
    for side in (named["left_child"], named["right_child"]):
        # Leaves are counted from -1 down; here they stand behind their tree's inner nodes.
        placed = np.where(side < 0, np.repeat(inner, inner) - 1 - side, side)
        if ((side >= 0) & (side >= np.repeat(inner, inner))).any():
            raise unsound("a node's child is no node of its tree")
        sides.append(placed)
    sizes = inner + leaves
    is_inner = np.concatenate([np.arange(size) < count for size, count in zip(sizes, inner, strict=True)])
    left, right = (np.zeros(len(is_inner), np.int64) for _ in sides)
    left[is_inner], right[is_inner] = sides
    check_walks(left, right, is_inner, sizes)
    ends = np.cumsum(inner)
    for tree, start, stop in zip(trees, ends - inner, ends, strict=True):
        _check_sets(tree, named["threshold"][start:stop], named["decision_type"][start:stop])


def _check_sets(tree: dict[str, str], threshold: np.ndarray, decision: np.ndarray) -> None:
    """Raise InputError where a node asks for a set of categories that its tree does not hold."""
    asked = threshold[(decision & CATEGORICAL) != 0]
    sets = whole(entry(tree, "num_cat"), "num_cat")
    if not sets:
        if len(asked):
            raise unsound("a node asks for a set of categories, and its tree holds none")
        return
    bounds = _numbers([entry(tree, "cat_boundaries")])
    words = entry(tree, "cat_threshold").count(" ") + 1
    if len(bounds) != sets + 1 or bounds[0] != 0 or bounds[-1] != words or (np.diff(bounds) < 0).any():
        raise unsound("sets of categories that do not add up")
    check_range("set of categories", asked, sets)
    if (asked != np.floor(asked)).any():
        raise unsound("a node asks for a part of a set of categories")


def _places(text: str, mark: str) -> list[int]:
    """Return where the lines begin that `mark` begins."""
    found = []
    at = text.find(mark)
    while at >= 0:
        found.append(at + 1)
        at = text.find(mark, at + 1)
    return found


def _fields(text: str) -> dict[str, str]:
    """Return what stands behind the equals signs of a tree's lines, by what stands before.

    Raises InputError where a line has none, or a name comes twice: LightGBM would read other pairs.
    """
    pairs = [line.partition("=") for line in text.split("\n")]
    fields = {name: value for name, _, value in pairs}
    if len(fields) != len(pairs) or not all(name and sign for name, sign, _ in pairs):
        raise unsound("a line that is no field, or a field that comes twice")
    return fields


def _numbers(texts: list[str], kind: type = int) -> np.ndarray:
    """Return the numbers of several lines, one after another; raise InputError where a word is not one.

    Python reads more as numbers than LightGBM does, which would then walk by others than were looked at.
    """
    form = REAL if kind is float else WHOLE
    if not all(form.fullmatch(text) for text in texts):
        raise unsound("a word in place of a number")
    joined = " ".join(texts)
    found = np.fromstring(joined, np.float64 if kind is float else np.int64, sep=" ")
    if len(found) != joined.count(" ") + 1:
        raise unsound("a word in place of a number")
    return found
