"""Exact SHAP values of scikit-learn's forests, by LightGBM's TreeSHAP: it reads the trees in its own format of text.

The package shap gives the same values, and would bring numba and llvmlite: 218 MB for this one call.
"""

from typing import Any

import numpy as np

from pipelines.models.forest_text import forest_text

Forest = Any  # any of scikit-learn's four
Tree = Any  # its trees have no public type


def forest_shap(forest: Forest, matrix: np.ndarray) -> np.ndarray:
    """Return SHAP values of a forest's mean over trees, (rows, features, outputs); of two classes the second's alone.

    `matrix` is float32, as the forest's trees themselves read it. Rows that reach a node are weighed as they were when
    the tree was fitted (TreeSHAP "path dependent": Lundberg et al. 2020).
    """
    import lightgbm

    trees = [one.tree_ for one in forest.estimators_]
    outputs = _outputs(trees[0])
    shares = [tree.value[:, 0, outputs.start : outputs.stop] / len(trees) for tree in trees]
    text = forest_text([tree.__getstate__()["nodes"] for tree in trees], shares, matrix.shape[1], explained=True)
    booster = lightgbm.Booster(model_str=text)
    values = booster.predict(matrix.astype(np.float64), pred_contrib=True, num_threads=1)
    by_output = np.asarray(values).reshape(len(matrix), len(outputs), matrix.shape[1] + 1)
    return by_output[:, :, :-1].transpose(0, 2, 1)  # the last column is the constant


def _outputs(tree: Tree) -> range:
    classes = tree.value.shape[2]
    return range(1, 2) if classes == 2 else range(classes)  # noqa: PLR2004 - of two classes one says it all
