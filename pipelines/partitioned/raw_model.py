"""Turn a LightGBM model of bins into one of the values themselves, in LightGBM's own text format.

A split `code <= m + 0.5` puts the same rows on the same sides as `value <= edge m`, and missing values, which are zeros
among codes and NaN among values, go where they went. So predictions are the same to the bit.
"""

import math

import numpy as np

from pipelines.partitioned.bins import Bins

LOWEST, HIGHEST = -np.finfo(np.float64).max, np.finfo(np.float64).max
KEPT_BITS = 0b0011  # of a split's decision type: whether it is categorical, and where missing values go
NAN_IS_MISSING = 0b1000  # the next two bits say what is missing: 01 zeros, 10 NaN


def raw_model(text: str, bins: Bins) -> str:
    """Return the model that reads values where `text`, a model in LightGBM's text format, reads codes of `bins`."""
    lines, features = [], []
    for line in text.split("\n"):
        name, _, value = line.partition("=")
        if name == "tree_sizes":  # bytes of each tree, for reading them side by side; LightGBM does without
            continue
        if name == "feature_names":
            lines.append(f"feature_names={' '.join(bins.features)}")
        elif name == "feature_infos":
            lines.append(f"feature_infos={' '.join(_range(edges) for edges in bins.edges)}")
        elif name == "split_feature":
            features = [int(one) for one in value.split()]
            lines.append(line)
        elif name == "threshold":
            codes = [float(one) for one in value.split()]
            edges = [_edge(bins.edges[at], code) for at, code in zip(features, codes, strict=True)]
            lines.append(f"threshold={' '.join(repr(edge) for edge in edges)}")
        elif name == "decision_type":
            kinds = [(int(one) & KEPT_BITS) | NAN_IS_MISSING for one in value.split()]
            lines.append(f"decision_type={' '.join(map(str, kinds))}")
        else:
            lines.append(line)
    return "\n".join(lines)


def _edge(edges: np.ndarray, code: float) -> float:
    """Return the largest value that lies in a bin up to `code`: bin m ends with edge m, counted from 1."""
    last = math.floor(code)
    if last < 1:
        return float(LOWEST)
    return float(edges[last - 1]) if last <= len(edges) else float(HIGHEST)


def _range(edges: np.ndarray) -> str:
    """Return what LightGBM writes of a feature: the range of its values, or that it says nothing."""
    return f"[{edges[0]!r}:{edges[-1]!r}]".replace("np.float64(", "").replace(")", "") if len(edges) else "none"
