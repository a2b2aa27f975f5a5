"""Forests of scikit-learn in LightGBM's format of text: the same cuts, and any value a leaf."""

from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np

LEAF = -1  # in the children of scikit-learn's trees
MISSING_IS_NAN, MISSING_GOES_LEFT = 8, 2  # bits of a LightGBM decision: `x <= threshold` is 0


def forest_text(nodes: Sequence[np.ndarray], values: Sequence[np.ndarray], features: int, *, explained: bool) -> str:
    """Return a LightGBM model whose raw predictions are the sums over trees of their leaves' `values`.

    Of each tree its `nodes` (nodes,), as scikit-learn's trees give their state, and `values` (nodes, outputs). What
    SHAP values need besides the cuts is left out unless they are to be `explained`.
    """
    outputs = values[0].shape[1]
    head = {
        "version": "v4",
        "num_class": outputs,
        "num_tree_per_iteration": outputs,
        "label_index": 0,
        "max_feature_idx": features - 1,
        "objective": "custom",  # so that the raw prediction stays as it is
        "feature_names": [f"f{i}" for i in range(features)],
        "feature_infos": ["none"] * features,
    }
    blocks = [
        block for tree, value in zip(nodes, values, strict=True) for block in _tree(tree, value, explained=explained)
    ]
    numbered = [f"Tree={i}\n{block}" for i, block in enumerate(blocks)]
    return "\n\n".join(chain(["tree\n" + _lines(head)], numbered, ["end of trees\n"]))


def _tree(nodes: np.ndarray, values: np.ndarray, *, explained: bool) -> list[str]:
    """Return one tree for each output: LightGBM counts inner nodes from 0 and leaves from -1 down."""
    leaf = nodes["left_child"] == LEAF
    inner = nodes[~leaf]
    number = np.where(leaf, -np.cumsum(leaf), np.cumsum(~leaf) - 1)
    decision = MISSING_IS_NAN + MISSING_GOES_LEFT * inner["missing_go_to_left"].astype(np.int64)
    cuts = {
        "num_leaves": int(leaf.sum()),
        "num_cat": 0,
        "split_feature": inner["feature"],
        "threshold": inner["threshold"],
        "decision_type": decision,
        "left_child": number[inner["left_child"]],
        "right_child": number[inner["right_child"]],
    }
    rows = nodes["weighted_n_node_samples"]
    counts = {
        "split_gain": inner["impurity"],
        "leaf_weight": rows[leaf],
        "leaf_count": rows[leaf].astype(np.int64),
        "internal_weight": rows[~leaf],
        "internal_count": rows[~leaf].astype(np.int64),
    }
    shared = _lines(cuts | (counts if explained else {}) | {"is_linear": 0, "shrinkage": 1})
    of_output = [
        _lines({"leaf_value": value[leaf]} | ({"internal_value": value[~leaf]} if explained else {}))
        for value in values.T
    ]
    return [f"{shared}\n{one}" for one in of_output]


def _lines(fields: dict[str, Any]) -> str:
    return "\n".join(f"{key}={_text(value)}" for key, value in fields.items())


def _text(value: object) -> str:
    if isinstance(value, np.ndarray):
        return " ".join(map(repr, value.tolist()))
    return " ".join(value) if isinstance(value, list) else str(value)
