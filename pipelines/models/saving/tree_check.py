"""Whether the children of a tree's nodes are such that every walk from its root stays in the tree and ends.

The libraries that predict walk from child to child without looking: a file with a child of 10**9 would have them read
memory that is not theirs, one in which a node is its own grandchild would have them walk without end.
"""

from collections.abc import Mapping

import numpy as np

from pipelines.core.errors import InputError


def unsound(why: str) -> InputError:
    """Return the error of a model file that holds what no fit writes."""
    return InputError(
        f"a damaged model: {why}",
        where="the model's bytes",
        allowed="trees whose nodes lead to nodes and features that there are, and to each by one way alone",
        todo="rebuild the model with `dvc repro`",
    )


def check_walks(left: np.ndarray, right: np.ndarray, inner: np.ndarray, sizes: np.ndarray) -> None:
    """Raise InputError unless every walk from a root to a leaf ends, and stays in its tree.

    The nodes of all trees stand one tree after another, `sizes` (trees,) nodes each, the root first. `left` and `right`
    (nodes,) are places within the own tree, where `inner` (nodes,) says that a node has children.

    No node may have two parents, and no root one: then a walk that came back to a node, or ran into a circle, would
    have reached some node by two ways.
    """
    starts = np.cumsum(sizes) - sizes
    if (sizes < 1).any():
        raise unsound("a tree without a node")
    size, start = np.repeat(sizes, sizes)[inner], np.repeat(starts, sizes)[inner]
    children = []
    for side in (left[inner], right[inner]):
        if ((side < 0) | (side >= size)).any():
            raise unsound("a node's child is no node of its tree")
        children.append(side + start)
    parents = np.bincount(np.concatenate(children), minlength=int(sizes.sum()))
    if (parents > 1).any() or parents[starts].any():
        raise unsound("a node of a tree is reached by two ways")


def check_range(what: str, values: np.ndarray, end: int) -> None:
    """Raise InputError unless all whole numbers `values` are from 0 to below `end`."""
    if ((values < 0) | (values >= end)).any():
        raise unsound(f"{what} {values[(values < 0) | (values >= end)][0]} of {end}")


def whole(text: str, what: str) -> int:
    """Return a whole number from 0 that a model file holds as text; raise InputError where it is something else."""
    if not (text.isascii() and text.isdigit() and len(text) < 10):  # noqa: PLR2004 - below what 32 bits hold
        raise unsound(f"{what} is {text[:20]!r}")
    return int(text)


def entry(fields: Mapping[str, str], name: str) -> str:
    """Return a field of a model file; raise InputError where there is none."""
    if name not in fields:
        raise unsound(f"no {name}")
    return fields[name]
