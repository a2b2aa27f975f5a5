"""Tests of the tree models' matrix."""

import numpy as np
import pandas as pd

from pipelines.models.encode import TreeSchema, tree_matrix, tree_schema

TRAINING = pd.DataFrame(
    {
        "size": [3.0, 1.0, 2.0],
        "income": [np.nan, 5.0, 7.0],
        "town": pd.Categorical(["Oslo", "Bern", None], categories=["Rome", "Oslo", "Bern"]),
    },
)


def test_numbers_stay_and_categories_become_their_place_among_the_training_levels() -> None:
    """Bern is 0 and Oslo 1 by sorting; Rome, a level of the type that no training row has, gets no code."""
    schema = tree_schema(TRAINING)
    assert schema.categories == {"town": ("Bern", "Oslo")}
    assert schema.categorical_positions == [2]
    expected = [[3.0, np.nan, 1.0], [1.0, 5.0, 0.0], [2.0, 7.0, np.nan]]
    np.testing.assert_array_equal(tree_matrix(TRAINING, schema), expected)


def test_unseen_levels_and_first_missing_values_have_a_place() -> None:
    """An unseen level is missing; a missing number is the training median only where training rows had none missing."""
    later = pd.DataFrame(
        {"size": [np.nan, np.inf], "income": [np.nan, 1.0], "town": pd.Categorical(["Rome", "Oslo"])},
    )
    expected = [[2.0, np.nan, np.nan], [np.inf, 1.0, 1.0]]
    np.testing.assert_array_equal(tree_matrix(later, tree_schema(TRAINING)), expected)


def test_columns_are_found_by_name_whatever_their_order() -> None:
    """The matrix follows the schema's order, not the frame's."""
    schema = tree_schema(TRAINING)
    shuffled = TRAINING[["town", "income", "size"]]
    np.testing.assert_array_equal(tree_matrix(shuffled, schema), tree_matrix(TRAINING, schema))


def test_a_column_without_a_value_is_missing_everywhere() -> None:
    """Neither numbers nor categories need a value."""
    frame = pd.DataFrame({"a": [np.nan, np.nan], "b": pd.Categorical([None, None], categories=["x"])})
    schema = tree_schema(frame)
    assert np.isnan(tree_matrix(frame, schema)).all()
    assert schema.categories == {"b": ()}


def test_the_schema_survives_its_file() -> None:
    """Saved and loaded, it is equal."""
    schema = tree_schema(TRAINING)
    assert TreeSchema.load(schema.save()) == schema
