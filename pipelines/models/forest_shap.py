"""Exact SHAP values of scikit-learn's forests, by LightGBM's TreeSHAP: it reads the trees in its own format of text.

The package shap gives the same values, and would bring numba and llvmlite: 218 MB for this one call.
"""

from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np

Forest = Any  # any of scikit-learn's four
Tree = Any  # its trees have no public type

LEAF = -1  # in the children of scikit-learn's trees
MISSING_IS_NAN, MISSING_GOES_LEFT = 8, 2  # bits of a LightGBM decision: `x <= threshold` is 0


def forest_shap(forest: Forest, matrix: np.ndarray) -> np.ndarray:
    """Return SHAP values of a forest's mean over trees, (rows, features, outputs); of two classes the second's alone.

    `matrix` is float32, as the forest's trees themselves read it. Rows that reach a node are weighed as they were when
    the tree was fitted (TreeSHAP "path dependent": Lundberg et al. 2020).
    """
    import lightgbm

    trees = [one.tree_ for one in forest.estimators_]
    outputs = _outputs(trees[0])
    booster = lightgbm.Booster(model_str=_as_lightgbm(trees, outputs))
    values = booster.predict(matrix.astype(np.float64), pred_contrib=True, num_threads=1)
    by_output = np.asarray(values).reshape(len(matrix), len(outputs), matrix.shape[1] + 1)
    return by_output[:, :, :-1].transpose(0, 2, 1)  # the last column is the constant


def _outputs(tree: Tree) -> range:
    classes = tree.value.shape[2]
    return range(1, 2) if classes == 2 else range(classes)  # noqa: PLR2004 - of two classes one says it all


def _as_lightgbm(trees: Sequence[Tree], outputs: range) -> str:
    """Return a LightGBM model whose raw prediction is the mean of the trees."""
    features = trees[0].n_features
    head = {
        "version": "v4",
        "num_class": len(outputs),
        "num_tree_per_iteration": len(outputs),
        "label_index": 0,
        "max_feature_idx": features - 1,
        "objective": "custom",  # so that the raw prediction stays as it is
        "feature_names": [f"f{i}" for i in range(features)],
        "feature_infos": ["none"] * features,
    }
    blocks = [_tree(tree, tree.value[:, 0, output] / len(trees)) for tree in trees for output in outputs]
    numbered = [f"Tree={i}\n{block}" for i, block in enumerate(blocks)]
    return "\n\n".join(chain(["tree\n" + _lines(head)], numbered, ["end of trees\n"]))


def _tree(tree: Tree, value: np.ndarray) -> str:
    """Return one tree whose nodes have a `value` each: LightGBM counts inner nodes from 0 and leaves from -1 down."""
    leaf = tree.children_left == LEAF
    number = np.where(leaf, -np.cumsum(leaf), np.cumsum(~leaf) - 1)
    rows = tree.weighted_n_node_samples
    decision = MISSING_IS_NAN + MISSING_GOES_LEFT * tree.missing_go_to_left.astype(np.int64)
    return _lines(
        {
            "num_leaves": int(leaf.sum()),
            "num_cat": 0,
            "split_feature": tree.feature[~leaf],
            "split_gain": tree.impurity[~leaf],
            "threshold": tree.threshold[~leaf],
            "decision_type": decision[~leaf],
            "left_child": number[tree.children_left[~leaf]],
            "right_child": number[tree.children_right[~leaf]],
            "leaf_value": value[leaf],
            "leaf_weight": rows[leaf],
            "leaf_count": rows[leaf].astype(np.int64),
            "internal_value": value[~leaf],
            "internal_weight": rows[~leaf],
            "internal_count": rows[~leaf].astype(np.int64),
            "is_linear": 0,
            "shrinkage": 1,
        }
    )


def _lines(fields: dict[str, Any]) -> str:
    return "\n".join(f"{key}={_text(value)}" for key, value in fields.items())


def _text(value: object) -> str:
    if isinstance(value, np.ndarray):
        return " ".join(map(repr, value.tolist()))
    return " ".join(value) if isinstance(value, list) else str(value)
