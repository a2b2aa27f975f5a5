"""xgboost's binary JSON, looked through before xgboost reads it: it believes every index in it.

https://xgboost.readthedocs.io/en/stable/tutorials/saving_model.html.
"""

from typing import Any

import numpy as np

from pipelines.models.saving.tree_check import check_range, check_walks, entry, unsound, whole
from pipelines.models.saving.ubjson import read_ubjson

LEAF = -1  # the children of a leaf
MOST_CATEGORIES = 1 << 24  # of a feature, from which on xgboost holds no code exactly
OF_NODES = (
    "left_children", "right_children", "split_indices", "split_type", "default_left", "split_conditions", "parents",
    "base_weights", "loss_changes", "sum_hessian",
)  # fmt: skip


def check_xgboost(content: bytes) -> int:
    """Return how many features a booster reads; raise InputError where an index leads out of what it is an index of."""
    model = read_ubjson(content)
    try:
        return _check(model["learner"])
    except (KeyError, TypeError, AttributeError, ValueError):
        raise unsound("not a model of xgboost") from None


def _check(learner: dict[str, Any]) -> int:
    head, booster = learner["learner_model_param"], learner["gradient_booster"]
    features, classes, targets = (whole(entry(head, name), name) for name in ("num_feature", "num_class", "num_target"))
    if booster["name"] != "gbtree" or targets != 1 or features < 1:
        raise unsound("not trees with one value a leaf")
    outputs = max(classes, 1)
    of_objective = learner["objective"].get("softmax_multiclass_param", {"num_class": "0"})
    if whole(of_objective["num_class"], "num_class") != classes:
        raise unsound("its numbers of classes differ")
    model = booster["model"]
    trees, information, rounds = model["trees"], np.asarray(model["tree_info"]), np.asarray(model["iteration_indptr"])
    if not len(trees) == len(information) == whole(model["gbtree_model_param"]["num_trees"], "num_trees"):
        raise unsound("its numbers of trees differ")
    check_range("class", information, outputs)
    if rounds[0] != 0 or rounds[-1] != len(trees) or (np.diff(rounds) < 0).any():
        raise unsound("its rounds are not its trees")
    if any(len(found) for found in model.get("cats", {}).values()):
        raise unsound("names of categories")
    _check_trees(trees, features)
    return features


def _check_trees(trees: list[dict[str, Any]], features: int) -> None:
    sizes = np.array([whole(tree["tree_param"]["num_nodes"], "num_nodes") for tree in trees])
    for tree, size in zip(trees, sizes, strict=True):
        own = tree["tree_param"]
        if any(len(tree[name]) != size for name in OF_NODES):
            raise unsound("a tree has not an entry a node")
        if whole(own["num_feature"], "num_feature") != features or own["size_leaf_vector"] not in ("0", "1"):
            raise unsound("a tree of other features or values")
        _check_sets(tree, size)
    left, right, feature = (
        np.concatenate([tree[name] for tree in trees]).astype(np.int64)
        for name in ("left_children", "right_children", "split_indices")
    )
    inner = left != LEAF
    if ((right != LEAF) != inner).any():
        raise unsound("a node with one child")
    check_range("feature", feature[inner], features)
    check_walks(left, right, inner, sizes)


def _check_sets(tree: dict[str, Any], size: int) -> None:
    """Raise InputError where a node asks for a set of categories that its tree does not hold."""
    nodes, starts, lengths, categories = (
        np.asarray(tree[f"categories{name}"], np.int64) for name in ("_nodes", "_segments", "_sizes", "")
    )
    asking = np.flatnonzero(np.asarray(tree["split_type"]))
    if nodes.tolist() != asking.tolist() or not len(nodes) == len(starts) == len(lengths):
        raise unsound("sets of categories of other nodes")
    check_range("category", categories, MOST_CATEGORIES)
    if len(nodes) and ((starts < 0) | (lengths < 1) | (starts + lengths > len(categories))).any():
        raise unsound("a node asks for a set of categories, and its tree does not hold it")
    check_range("node", nodes, size)
