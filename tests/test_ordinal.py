"""An input of ordered levels: its declaration, what models and readers see of it, and what it refuses."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from toy_raw import declare, small_raw

from pipelines.core.errors import InputError
from pipelines.core.submit import run_now
from pipelines.core.table import Table
from pipelines.define import Defined, define
from pipelines.exploration.columns import describe_column
from pipelines.inputs import Binning, kind_of
from pipelines.models.encode import tree_matrix, tree_schema
from pipelines.models.preparation import linear_preparation

LEVELS = ["small", "medium", "large"]
SIZE = '{ type = "ordinal", levels = ["small", "medium", "large"], missing = 0.2 }'


def sizes(levels: list[str], values: Sequence[str | None]) -> pd.Series:
    """Return a feature of ordered levels as the table has it."""
    return pd.Series(pd.Categorical(list(values), levels, ordered=True), name="size")


def raw_sizes() -> pd.DataFrame:
    """Return the small raw file with sizes in place of towns: every fourth missing, one that is no level in row 7."""
    raw = small_raw()
    size = [None if row % 8 == 0 else LEVELS[row % 3] for row in range(len(raw))]
    size[7] = "huge"
    return raw.assign(town=pd.Series(size, dtype="str"))


@pytest.fixture(scope="module")
def defined() -> Defined:
    """Step 1 of the small project with sizes."""
    return define(raw_sizes(), declare(town=SIZE), "ab" * 32, run_now)


def test_an_undeclared_level_is_set_aside(defined: Defined) -> None:
    """Row 7 holds a level that is not declared: it is in the quarantine with the reason, and not in the table."""
    assert list(defined.quarantine.itertuples(index=False, name=None)) == [(7, "town", "not among the levels", "huge")]
    assert 7 not in defined.table.frame["row_id"].tolist()
    feature = next(one for one in defined.facts["features"] if one["name"] == "town")
    assert (feature["kind"], feature["type"]) == ("numeric", "ordinal")
    failed = [one for one in defined.facts["expectations"] if not one["success"]]
    assert [(one["column"], one["allowed"]) for one in failed] == [("town", "one of small, medium, large")]


def test_models_see_ranks_and_readers_see_names(defined: Defined, tmp_path: Path) -> None:
    """Small is 0, medium 1 and large 2, missing stays missing; a table that was saved and read says the same."""
    path = tmp_path / "table.parquet"
    defined.table.frame.to_parquet(path)
    again = replace(defined.table, frame=pd.read_parquet(path))

    for table in (defined.table, again):
        names = raw_sizes()["town"].iloc[table.frame["row_id"]].tolist()
        ranks = [np.nan if pd.isna(name) else LEVELS.index(name) for name in names]

        np.testing.assert_array_equal(table.x["town"], ranks)
        assert [None if pd.isna(name) else name for name in table.named["town"]] == [
            None if pd.isna(name) else name for name in names
        ]
        assert "town" in table.numeric


def test_the_baseline_sees_equal_steps_and_trees_the_rank(defined: Defined) -> None:
    """From small to medium is as far as from medium to large; a gap is the median for the one, NaN for the others."""
    table: Table = defined.table
    x = table.x[["town"]]
    steps = pd.DataFrame({"town": [0.0, 1.0, 2.0]})

    scaled = linear_preparation(x).fit(x).transform(steps)[:, 0]
    matrix = tree_matrix(x, tree_schema(x))

    assert scaled[1] - scaled[0] == pytest.approx(scaled[2] - scaled[1])
    np.testing.assert_array_equal(matrix[:, 0], x["town"])


def test_bins_are_levels_in_their_order() -> None:
    """Level names stand in the declared order, whatever their frequency; those without a row have no bin."""
    column = sizes([*LEVELS, "huge"], ["large", "large", "small", None, "medium"])

    bins = kind_of(column).bins(column, Binning(10, 10))

    assert [(one.label, one.rows.tolist().count(True)) for one in bins] == [
        ("small", 1), ("medium", 1), ("large", 2), ("missing", 1),
    ]  # fmt: skip


def test_neighbours_share_a_bin_where_there_are_too_many() -> None:
    """Six levels of two rows each fall into three bins of two neighbours."""
    letters = list("abcdef")
    column = sizes(letters, letters * 2)

    bins = kind_of(column).bins(column, Binning(3, 3))

    assert [one.label for one in bins] == ["a to b", "c to d", "e to f"]
    assert all(one.rows.sum() == 4 for one in bins)


def test_curves_run_along_the_levels() -> None:
    """A curve is read at small, medium and large, whose ranks are what the models are asked with."""
    column = sizes(LEVELS, ["large", "large", "small", None, "medium"])

    along = kind_of(column).points(column, [0.0, 0.5, 1.0], 12)

    assert (along.at, along.share.tolist()) == (LEVELS, [0.25, 0.25, 0.5])
    assert kind_of(column).column_of(along.at, column).tolist() == [0, 1, 2]


def test_the_description_names_levels() -> None:
    """Of four known values half are large."""
    column = sizes(LEVELS, ["large", "large", "small", "medium"])

    facts = describe_column(column, np.arange(4))

    assert facts["distinct"] == 3
    assert facts["top"][0] == {"value": "large", "share": 0.5}


def test_a_saved_model_reads_names() -> None:
    """Raw values are read by name, numbers as the file writes them; what is no level is missing."""
    years = sizes(["1", "2", "10"], ["1", "10"])
    kind = kind_of(years)

    saved = kind.saved(years)

    assert saved == {"levels": ["1", "2", "10"]}
    assert kind.restored(pd.Series([10, 2, 1]), saved).tolist() == [2, 1, 0]
    assert kind.restored(pd.Series([10.0, np.nan]), saved).tolist()[:1] == [2]
    assert kind.restored(pd.Series(["2", "two", None]), saved).isna().tolist() == [False, True, True]
    assert kind.restored(years, saved).tolist() == [0, 2]


@pytest.mark.parametrize(
    ("declaration", "told"),
    [
        ('{ type = "ordinal" }', ["`levels` is missing", 'levels = ["small", "medium", "large"]']),
        ('{ type = "ordinal", levels = ["small"] }', ["`levels` has 1 value(s)", "at least 2"]),
        ('{ type = "ordinal", levels = [] }', ["`levels` has 0 value(s)", "at least 2"]),
        ('{ type = "ordinal", levels = ["a", " "] }', ["`levels` holds ' '", "blank or holds a control character"]),
        ('{ type = "ordinal", levels = ["a", "b\\u0007"] }', ["`levels` holds 'b\\x07'", "name each level"]),
        ('{ type = "ordinal", levels = ["a", "b\\n"] }', ["`levels` holds 'b\\n'", "name each level"]),
        ('{ type = "ordinal", levels = ["a", "b", "a"] }', ["`levels` holds 'a' twice", "name each level once"]),
        ('{ type = "ordinal", levels = [1, 2] }', ["columns.town.levels", "a valid string"]),
        ('{ type = "ordinal", levels = "small" }', ["`columns.town.levels` is 'small'", "a list"]),
        ('{ type = "ordinal", levels = ["a", "b"], allowed = ["a"] }', ["`allowed` is not for type 'ordinal'"]),
        ('{ type = "ordinal", levels = ["a", "b"], min = 1 }', ["`min` is for the types integer, number, date"]),
        ('{ type = "category", levels = ["a", "b"] }', ["`levels` is for the types ordinal, not for 'category'"]),
        ('{ type = "ordinl", levels = ["a", "b"] }', ["did you mean 'ordinal'?"]),
    ],
)
def test_a_wrong_declaration_is_refused(declaration: str, told: list[str]) -> None:
    """Each mistake names the column, what is allowed, and what to do."""
    with pytest.raises(InputError) as caught:
        declare(town=declaration)

    message = str(caught.value)
    assert all(part in message for part in [*told, "town", "projects/small.toml", "do: "]), message


def test_it_is_no_target() -> None:
    """An order between classes is not modelled, so a target of that type is refused with the types that are."""
    with pytest.raises(InputError, match="is of type 'ordinal'; for task 'binary' it may be"):
        declare(left='{ type = "ordinal", levels = ["no", "yes"] }')
