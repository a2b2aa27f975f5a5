"""Archives whose trees were tampered with: refused before a library walks through them, whoever reads them."""

import io
import json
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest
from test_models_archive import archived
from test_models_lightgbm_text import resized

from pipelines.core.errors import InputError
from pipelines.models.predicting.predictor import Predictor
from pipelines.models.saving import archive
from pipelines.models.saving.lightgbm_text import checked_text
from pipelines.models.saving.plain import read_plain
from pipelines.models.saving.tree_check import check_walks
from pipelines.models.saving.ubjson import read_ubjson
from pipelines.models.saving.xgboost_file import check_xgboost
from pipelines.models.saving.zip import pack, unpack

READERS = (Predictor.load, archive.load)
HUGE = 1_000_000_000


@cache
def member(family: str, name: str) -> bytes:
    """Return a file of the first fold's model."""
    return unpack(archived(family))[f"fold_0/{name}"]


def check_refused(family: str, name: str, content: bytes, said: str) -> None:
    """Hold every reader of an archive in which one file was changed to the words with which it must refuse it."""
    assert content != member(family, name)
    changed = pack(unpack(archived(family)) | {f"fold_0/{name}": content}, compress=True)
    for read in READERS:
        with pytest.raises(InputError, match=said):
            read(changed)


# LightGBM


def first_node(text: str, field: str, value: object) -> str:
    """Return a booster's text with another value of the first node of the last tree, and sizes of trees that fit."""
    before, mark, after = text.rpartition(f"\n{field}=")
    first, blank, rest = after.partition("\n")
    return resized(f"{before}{mark}{' '.join([str(value), *first.split(' ')[1:]])}{blank}{rest}")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: first_node(text, "left_child", HUGE), "no node of its tree"),
        (lambda text: first_node(text, "right_child", -HUGE), "no node of its tree"),
        (lambda text: first_node(text, "left_child", 0), "reached by two ways"),
        (lambda text: first_node(text, "split_feature", 5), "feature 5 of 5"),
        (lambda text: first_node(text, "split_feature", -1), "feature -1 of 5"),
        (lambda text: first_node(text, "left_child", "1_0"), "in place of a number"),
        (lambda text: first_node(text, "left_child", "1 1"), "not an entry a node"),
        (lambda text: first_node(text, "leaf_value", "1 1"), "values as leaves"),
        (lambda text: first_node(text, "num_leaves", "99"), "not an entry a node"),
        (lambda text: first_node(text, "is_linear", "1"), "linear models"),
        (lambda text: text.replace("num_class=1", "num_class=7"), "numbers of classes"),
        (lambda text: text.replace("num_tree_per_iteration=1", "num_tree_per_iteration=7"), "numbers of classes"),
        (lambda text: text.replace("objective=binary", "objective=multiclass num_class:9"), "numbers of classes"),
        (lambda text: text.replace("tree_sizes=", "tree_sizes=1", 1), "sizes of its trees"),
        (lambda text: text.replace("\nnum_cat=", "\n\nnum_cat=", 1), "sizes of its trees"),
        (lambda text: resized(text.replace("\nnum_cat=", "\n\nnum_cat=", 1)), "no field"),
        (lambda text: resized(text.replace("\nnum_cat=", "\nnum_cat=0\nnum_cat=", 1)), "comes twice"),
        (lambda text: text.replace("max_feature_idx=4", "max_feature_idx=9"), "numbers of features"),
        (lambda text: text.replace("\n", "\r\n"), "not LightGBM's text"),
        (lambda _: "", "not LightGBM's text"),
        (lambda _: "tree\nversion=v4\n", "no trees"),
    ],
)
def test_indices_of_lightgbm_are_looked_at(change: Callable[[str], str], said: str) -> None:
    """Children, features, counts, and sizes by which LightGBM finds trees; text that it would read otherwise."""
    changed = change(member("lightgbm", "model.txt").decode()).encode()

    check_refused("lightgbm", "model.txt", changed, said)


def categorical_text() -> str:
    """Return a booster of one tree that asks for a set of categories."""
    import lightgbm

    codes = np.resize(np.arange(40.0), 400)
    settings = {"objective": "binary", "verbosity": -1, "num_leaves": 3, "min_data_per_group": 1, "num_threads": 1}
    data = lightgbm.Dataset(codes[:, None], (codes % 3 == 0).astype(float), categorical_feature=[0])
    return str(lightgbm.train(settings, data, 1).model_to_string())


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("threshold", 7, "set of categories 7"),
        ("threshold", 0.5, "part of a set"),
        ("cat_boundaries", 3, "do not add up"),
        ("cat_threshold", "1 1", "do not add up"),
        ("num_cat", 0, "its tree holds none"),
    ],
)
def test_sets_of_categories_of_lightgbm_are_looked_at(field: str, value: object, said: str) -> None:
    """A node names a set, the set a stretch of words: both must be there."""
    text = categorical_text()
    assert checked_text(text.encode()) == text

    with pytest.raises(InputError, match=said):
        checked_text(first_node(text, field, value).encode())


# xgboost


def written(value: Any) -> bytes:  # noqa: ANN401 - JSON
    """Return a value as binary JSON, in its plainest form."""
    if isinstance(value, dict):
        return b"{" + b"".join(_counted(key) + written(one) for key, one in value.items()) + b"}"
    if isinstance(value, np.ndarray):
        kind = {"i1": b"i", "u1": b"U", "i2": b"I", "i4": b"l", "i8": b"L", "f4": b"d", "f8": b"D"}[value.dtype.str[1:]]
        length = len(value).to_bytes(8, "big")
        return b"[$" + kind + b"#L" + length + value.astype(value.dtype.newbyteorder(">")).tobytes()
    if isinstance(value, list):
        return b"[#L" + len(value).to_bytes(8, "big") + b"".join(written(one) for one in value)
    if isinstance(value, str):
        return b"S" + _counted(value)
    if value is None or isinstance(value, bool):
        return {None: b"Z", True: b"T", False: b"F"}[value]
    return b"L" + int(value).to_bytes(8, "big", signed=True)


def _counted(text: str) -> bytes:
    return b"L" + len(text.encode()).to_bytes(8, "big") + text.encode()


def in_tree(**values: object) -> Callable[[dict[str, Any]], None]:
    """Return what gives the root of a tree with branches other values."""

    def change(learner: dict[str, Any]) -> None:
        trees = learner["gradient_booster"]["model"]["trees"]
        tree = next(tree for tree in trees if tree["left_children"][0] > 0 and not tree["split_type"][0])
        for name, value in values.items():
            tree[name] = np.concatenate([np.asarray([value], tree[name].dtype), tree[name][1:]])

    return change


def in_head(name: str, value: object) -> Callable[[dict[str, Any]], None]:
    """Return what gives a parameter of the model another value."""

    def change(learner: dict[str, Any]) -> None:
        learner["learner_model_param"][name] = value

    return change


def cut_short(learner: dict[str, Any]) -> None:
    """Take a node's condition away."""
    tree = learner["gradient_booster"]["model"]["trees"][-1]
    tree["split_conditions"] = tree["split_conditions"][1:]


def of_class(learner: dict[str, Any]) -> None:
    """Count a tree to a class that there is not."""
    learner["gradient_booster"]["model"]["tree_info"][-1] = 5


def wider(learner: dict[str, Any]) -> None:
    """Have a tree give several values a leaf."""
    learner["gradient_booster"]["model"]["trees"][-1]["tree_param"]["size_leaf_vector"] = "3"


def more_trees(learner: dict[str, Any]) -> None:
    """Have the last round end behind the last tree."""
    learner["gradient_booster"]["model"]["iteration_indptr"][-1] += 1


def more_categories(learner: dict[str, Any]) -> None:
    """Have a set of categories reach beyond what its tree holds."""
    for tree in learner["gradient_booster"]["model"]["trees"]:
        if len(tree["categories_sizes"]):
            tree["categories_sizes"] = tree["categories_sizes"] + 1_000
            return
    raise AssertionError


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (in_tree(left_children=HUGE), "no node of its tree"),
        (in_tree(right_children=-7), "no node of its tree"),
        (in_tree(left_children=0), "two ways"),
        (in_tree(left_children=-1), "one child"),
        (in_tree(split_indices=5), "feature 5 of 5"),
        (in_tree(split_type=1), "sets of categories of other nodes"),
        (more_categories, "does not hold it"),
        (cut_short, "not an entry a node"),
        (of_class, "class 5 of 1"),
        (wider, "other features or values"),
        (more_trees, "its rounds"),
        (in_head("num_feature", "9"), "of other features"),
        (in_head("num_class", "4"), "numbers of classes"),
        (in_head("num_target", "2"), "one value a leaf"),
        (in_head("num_class", "-1"), "num_class is"),
    ],
)
def test_indices_of_xgboost_are_looked_at(change: Callable[[dict[str, Any]], None], said: str) -> None:
    """Children, features, sets of categories, and counts."""
    content = member("xgboost", "model.ubj")
    model = read_ubjson(content)
    assert check_xgboost(written(model)) == 5

    change(model["learner"])

    check_refused("xgboost", "model.ubj", written(model), said)


@pytest.mark.parametrize("content", [b"", b"{", b"[#L" + b"\xff" * 8, b"[" * 500, b"{L\0\0\0\0\0\0\0\1a", b"x"])
def test_other_bytes_are_no_model_of_xgboost(content: bytes) -> None:
    """Cut short, of negative length, or too deep: refused in words."""
    with pytest.raises(InputError, match="xgboost"):
        check_xgboost(content)


# scikit-learn


def changed_skops(
    family: str,
    *,
    nodes: Callable[[np.ndarray], None] | None = None,
    schema: Callable[[str], str] = str,
) -> bytes:
    """Return a skops file with other nodes in one of its trees, or another schema."""
    files = unpack(member(family, "model.skops"))
    if nodes is not None:
        name = next(name for name, file in sorted(files.items()) if b"left_child" in file[:400])
        array = np.load(io.BytesIO(files[name]), allow_pickle=False)
        nodes(array)
        buffer = io.BytesIO()
        np.save(buffer, array, allow_pickle=False)
        files[name] = buffer.getvalue()
    files["schema.json"] = schema(files["schema.json"].decode()).encode()
    return pack(files, compress=False)


def node(field: str, value: int) -> Callable[[np.ndarray], None]:
    """Return what gives the root another value."""

    def change(nodes: np.ndarray) -> None:
        nodes[field][0] = value

    return change


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (node("left_child", HUGE), "no node of its tree"),
        (node("right_child", -9), "no node of its tree"),
        (node("left_child", 0), "two ways"),
        (node("feature", 5), "feature"),
        (node("feature", -2), "feature"),
    ],
)
def test_indices_of_forests_are_looked_at(change: Callable[[np.ndarray], None], said: str) -> None:
    """Children and features."""
    check_refused("random_forest", "model.skops", changed_skops("random_forest", nodes=change), said)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text.replace('"__loader__": "TreeNode"', '"__loader__": "ObjectNode"', 1), "no estimator"),
        (lambda text: text.replace('"n_features_in_"', '"n_features"'), "feature"),
        (lambda text: text.replace('"nodes"', '"knots"'), "cannot be read"),
        (lambda text: text[:-9], "without a schema"),
        (lambda _: "[" * 100_000, "without a schema"),
    ],
)
def test_schemas_of_forests_are_looked_at(change: Callable[[str], str], said: str) -> None:
    """Trees that hide, that no estimator holds against their features, or that have no nodes."""
    check_refused("random_forest", "model.skops", changed_skops("random_forest", schema=change), said)


def test_an_estimator_that_unpacks_to_more_than_its_size_is_refused() -> None:
    """Such files are stored as they are; a compressed one may be a bomb."""
    files = unpack(member("linear", "model.skops"))

    check_refused("linear", "model.skops", pack(files | {"bomb": bytes(1 << 20)}, compress=True), "compressed")


def test_an_estimator_is_read_without_making_anything() -> None:
    """Its class is a name, whatever the name; what holds no plain data is refused when it is asked for."""
    text = unpack(member("linear", "model.skops"))["schema.json"].decode()
    named = json.loads(text)
    named["__module__"], named["__class__"] = "os", "system"
    files = unpack(member("linear", "model.skops")) | {"schema.json": json.dumps(named).encode()}

    found = read_plain(pack(files, compress=False))

    assert found.kind == "os.system"
    assert found["steps"][0][0] == "prepare"


# Walks


def walks_end(left: np.ndarray, right: np.ndarray, inner: np.ndarray) -> bool:
    """Return by walking whether every way from the root ends, within the tree and within as many steps as nodes."""
    reached = {0}
    for _ in range(len(left) + 1):
        if any(not 0 <= place < len(left) for place in reached):
            return False
        reached = {int(side[place]) for place in reached if inner[place] for side in (left, right)}
    return not reached


def test_walks_are_judged_as_by_walking() -> None:
    """Of 3,000 graphs of five nodes drawn at random; none passes whose walks go on, and every tree passes."""
    rng = np.random.default_rng(2)
    passed = 0
    for _ in range(3_000):
        inner = rng.random(5) < 0.4
        left, right = rng.integers(-1, 6, 5), rng.integers(-1, 6, 5)
        if rng.random() < 0.5:  # a tree, its nodes in any order but the root
            order = 1 + rng.permutation(4)
            inner = np.array([True, False, False, False, False])
            inner[order[0]] = True
            left[0], right[0], left[order[0]], right[order[0]] = order[0], order[1], order[2], order[3]
            is_tree = True
        else:
            is_tree = False
        try:
            check_walks(left, right, inner, np.array([5]))
        except InputError:
            assert not is_tree
        else:
            passed += 1
            assert walks_end(left, right, inner)
    assert passed > 1_000
