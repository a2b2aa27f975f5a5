"""What pages show of groups: islands of maps, rows along a valley, the usual checks, and slices of predictions."""

from dataclasses import replace
from typing import get_args

import numpy as np
import pandas as pd
import pytest
from sklearn.decomposition import PCA
from toy_grouped import crowd, defined

from pipelines.comparison.by_quantiles import by_quantiles
from pipelines.core.keys import HALVINGS
from pipelines.core.table import Table
from pipelines.experiments.groups.along import BINS, along, along_facts
from pipelines.experiments.groups.checks import NAMES, best, checks
from pipelines.experiments.groups.maps import METHODS, PLACES, SHOWN, islands, maps
from pipelines.experiments.groups.shown import BESIDE, checks_of, maps_of
from pipelines.experiments.groups.verdicts import null_tables, null_verdict, null_verdicts, table_verdict
from pipelines.facts.reflect.groups_shown import GroupsAlong, GroupsCheck, GroupsMaps, Without
from pipelines.groups.confirmation import BEYOND, Parting
from pipelines.groups.usual_checks import Checks
from pipelines.groups.verdict import Verdict, verdict
from pipelines.targets import Groups
from pipelines.targets.arrays import Floats, Integers

FEW = 300
LAID = 450  # more than are drawn


def blobs(number: int, rows: int = FEW, seed: int = 0, apart: float = 8) -> tuple[Floats, Integers]:
    """Return rows (rows, 2) of round groups in a square of places, standard deviations apart, and the group of each."""
    rng = np.random.default_rng(seed)
    centres = apart * np.array([[place % 3, place // 3] for place in range(number)])
    group = rng.integers(number, size=rows)
    return rng.normal(size=(rows, 2)) + centres[group], group


def corners() -> Floats:
    """Return rows (LAID, 6) of three round groups, each seven standard deviations out in a column of its own."""
    rng = np.random.default_rng(0)
    return rng.normal(size=(LAID, 6)) + 7 * np.eye(6)[rng.integers(3, size=LAID)]


def table_of(values: Floats, halves: list[Integers]) -> Table:
    """Return a table of columns with the halves that step 1 would have frozen."""
    rows = len(values)
    frame = pd.DataFrame({"row_id": np.arange(rows), "split": "train", "fold": np.arange(rows) % 5, "y_true": 0.0})
    columns = pd.DataFrame(values, columns=[f"x{i}" for i in range(values.shape[1])])
    dealt = pd.DataFrame(dict(zip(HALVINGS, halves, strict=False)))
    return Table(pd.concat([frame, columns, dealt], axis="columns"), replace(Groups.of(np.zeros(rows)), count=2))


@pytest.fixture(scope="module")
def found() -> Verdict:
    """Return the verdict on three groups."""
    return verdict(blobs(3, 900, apart=6)[0], seed=1, halvings=1)


@pytest.fixture(scope="module")
def laid() -> GroupsMaps:
    """Return the maps of three groups beside one Gaussian."""
    return maps(corners(), {"one Gaussian": np.random.default_rng(1).normal(size=(LAID, 6))}, 3, 5)


@pytest.mark.parametrize("seed", range(24))
def test_one_gaussian_is_one_island(seed: int) -> None:
    """Round, or six times as long as wide, of few rows and of as many as are laid out."""
    rng = np.random.default_rng(seed)

    for rows in (FEW, 1_000):
        drawn = rng.normal(size=(rows, 2))
        assert islands(drawn) == islands(drawn * [6, 1]) == 1


@pytest.mark.parametrize("seed", range(8))
def test_flat_squares_heavy_tails_and_rings_are_one_island(seed: int) -> None:
    """Where HDBSCAN finds up to ten: chance makes some parts denser than others."""
    rng = np.random.default_rng(seed)
    angle = rng.uniform(0, 2 * np.pi, FEW)

    assert islands(rng.random((FEW, 2))) == 1
    assert islands(rng.standard_t(3, size=(FEW, 2))) == 1
    assert islands(3 * np.column_stack([np.cos(angle), np.sin(angle)]) + 0.3 * rng.normal(size=(FEW, 2))) == 1


@pytest.mark.parametrize("number", [2, 3, 4, 5, 8])
@pytest.mark.parametrize("seed", range(6))
def test_groups_far_apart_are_islands(number: int, seed: int) -> None:
    """As many as there are, wherever the map lies and however large it is."""
    places, _ = blobs(number, 80 * number, seed)

    assert islands(places) == islands(places * 1e-3 - 7) == number


def test_an_island_has_a_fiftieth_of_the_rows_and_at_least_ten() -> None:
    """A heap far away counts from 20 of 1,000 rows on, and from 10 of 200."""
    rng = np.random.default_rng(0)
    for rows, enough in ((1_000, 20), (200, 10)):
        land, far = rng.normal(size=(rows, 2)), 30 + 0.1 * rng.normal(size=(enough, 2))
        assert islands(np.vstack([land[enough:], far])) == 2
        assert islands(np.vstack([land[enough - 1 :], far[:-1]])) == 1


def test_maps_of_copies_and_of_few_rows_are_one_island() -> None:
    """All rows in one place, or too few for a tenth neighbour."""
    assert islands(np.zeros((50, 2))) == islands(np.zeros((1, 2))) == islands(blobs(2, 10)[0]) == 1


def test_maps_are_of_each_table_by_each_method(laid: GroupsMaps) -> None:
    """Three groups are three islands by both, and coloured by k-means; one Gaussian is one."""
    own, null = laid["tables"]

    assert (laid["rows"], laid["shown"], laid["number"]) == (LAID, SHOWN, 3)
    assert (own["name"], null["name"]) == ("the table", "one Gaussian")
    for table, number in ((own, 3), (null, 1)):
        assert [one["method"] for one in table["maps"]] == list(METHODS)
        assert [one["islands"] for one in table["maps"]] == [number] * len(METHODS)
        for one in table["maps"]:
            assert len(one["x"]) == len(one["y"]) == len(table["groups"]) == SHOWN
            assert min(one["x"] + one["y"]) >= 0
            assert max(one["x"] + one["y"]) <= PLACES


def test_colours_are_those_of_the_places_on_a_map(laid: GroupsMaps) -> None:
    """Rows of one colour lie together: on each map the nearest other row has the same one, but for one of fifty."""
    for one in laid["tables"][0]["maps"]:
        places = np.column_stack([one["x"], one["y"]]).astype(float)
        apart = np.square(places[:, None] - places[None]).sum(axis=2)
        np.fill_diagonal(apart, np.inf)
        groups = np.array(laid["tables"][0]["groups"])
        assert set(groups) == {1, 2, 3}
        assert (groups[apart.argmin(axis=1)] == groups).mean() > 0.98


def test_principal_components_are_scikit_learn_s() -> None:
    """But for signs: the largest weight of each is positive."""
    values = np.random.default_rng(0).normal(size=(200, 4)) @ np.diag([4.0, 2, 1, 0.5])
    ours, theirs = METHODS["PCA"](values, 0), PCA(2).fit(values)

    signs = np.sign(theirs.components_[np.arange(2), np.abs(theirs.components_).argmax(axis=1)])
    assert np.allclose(ours, theirs.transform(values) * signs)


def test_the_same_seed_lays_the_same_maps(laid: GroupsMaps) -> None:
    """Whatever stands beside the table; another seed draws other rows."""
    (own,), (other,) = (maps(corners(), {}, 3, seed)["tables"] for seed in (5, 6))

    assert own == laid["tables"][0]
    assert other["groups"] != own["groups"]


def counted(parting: Parting) -> list[int]:
    """Return the rows in each part of the line by a loop; the last part has its end."""
    low, high = parting.peaks[0] - BEYOND, parting.peaks[1] + BEYOND
    counts = [0] * BINS
    for place in parting.place:
        if low <= place <= high:
            counts[min(int((place - low) / (high - low) * BINS), BINS - 1)] += 1
    return counts


def held_to(one: GroupsAlong, parting: Parting) -> None:
    """Assert that facts of a line are what a loop counts along it."""
    near = [sum(abs(place - at) < parting.reach for place in parting.place) for at in (parting.lowest, *parting.peaks)]

    assert one["counts"] == pytest.approx(counted(parting), abs=1)  # a place may lie on an edge
    assert abs(sum(one["counts"]) - sum(counted(parting))) <= 1
    assert [one["at_lowest"], *one["at_peaks"]] == near
    assert np.allclose(np.diff(one["edges"]), (one["edges"][-1] - one["edges"][0]) / BINS)
    assert (one["lower"], one["peaks"], one["lowest"]) == (parting.lower, list(parting.peaks), parting.lowest)
    assert (one["p_value"], one["depth"], one["reach"]) == (parting.p, parting.depth, parting.reach)


def test_rows_along_each_valley_are_counted_by_a_loop(found: Verdict) -> None:
    """A line for each valley between two groups, which are named from 1."""
    lines = along(found)

    assert (found.number, len(lines)) == (3, len(found.valleys))
    for one, (first, second, parting) in zip(lines, found.valleys, strict=True):
        assert one["humps"] == [first + 1, second + 1]
        assert one["at_lowest"] < min(one["at_peaks"])
        held_to(one, parting)


def test_without_groups_the_nearest_line_is_shown() -> None:
    """Of no two humps."""
    nothing = verdict(np.random.default_rng(0).normal(size=(600, 2)), 0, 1)
    (one,) = along(nothing)

    assert one["humps"] == []
    held_to(one, nothing.nearest)
    assert one == along_facts(nothing.nearest, [])


def test_the_verdict_looks_at_the_halves_that_step_1_froze() -> None:
    """Copies of eight rows: groups where each half has some of each row's, none where it has all of them or none."""
    rng = np.random.default_rng(0)
    values = np.repeat(rng.normal(size=(8, 2)), 60, axis=0) + rng.normal(0, 0.05, (480, 2))
    of_copy, of_row = np.tile(np.arange(60) % 2, 8), np.repeat(rng.permutation(8) % 2, 60)

    apart, together = (table_verdict(table_of(values, [half]), 0) for half in (of_copy, of_row))

    assert (apart["says"], apart["number"], apart["rows"], len(apart["halvings"])) == ("groups", 8, 480, 1)
    assert (together["says"] == "groups", together["number"]) == (False, 0)


def test_a_verdict_as_facts_is_the_one_on_its_halves() -> None:
    """Bit by bit, with as many halvings as are frozen; valleys of both halves, the nearest as it was counted."""
    made = defined(crowd()).table
    whole = verdict(made.x.to_numpy(np.float64), 3, made.halvings)

    facts = table_verdict(made, 3)

    assert (facts["says"], facts["number"], facts["votes"]) == (whole.says, whole.number, whole.votes)
    assert [one["together"] for one in facts["halvings"]] == [float(one.together) for one in whole.halvings]
    assert len(facts["halvings"]) == len(HALVINGS)
    for one, halving in zip(facts["halvings"], whole.halvings, strict=True):
        assert len(one["valleys"]) == sum(len(half.partings) for half in halving.halves)
    assert facts["nearest"]["at_lowest"] == whole.nearest.at_lowest
    assert facts["along"] == along(whole)


def test_tables_without_groups_are_asked_by_one_halving() -> None:
    """Each of the three by name; groups that a gap in one column makes are there in shuffled columns too."""
    values, _ = blobs(2, 600, apart=9)
    made = table_of(values, [])

    said = {one["name"]: one["says"] for one in null_verdicts(made, 2)}

    assert list(said) == list(null_tables(made, 2))
    assert said["one Gaussian"] != "groups"
    assert said["columns shuffled"] == "groups"
    shuffled = null_tables(made, 2)["columns shuffled"]
    assert null_verdict("columns shuffled", shuffled, 2)["number"] == verdict(shuffled, 2, 1).number


@pytest.mark.parametrize(("rows", "number"), [(101, 4), (60, 5), (7, 3)])
def test_slices_of_predictions_by_a_loop(rows: int, number: int) -> None:
    """Each row is in the first slice whose end is not below it; equal predictions are in one slice."""
    rng = np.random.default_rng(rows)
    y, predicted = rng.normal(size=rows), rng.integers(0, 30, rows).astype(float)
    ordered = sorted(predicted)
    ends = []
    for slice_end in range(1, number):
        at = slice_end / number * (rows - 1)
        low = int(at)
        ends.append(ordered[low] + (at - low) * (ordered[min(low + 1, rows - 1)] - ordered[low]))
    slices: dict[int, list[int]] = {}
    for row, value in enumerate(predicted):
        slices.setdefault(sum(value > end + 1e-12 for end in sorted(set(ends))), []).append(row)

    told = by_quantiles(y, predicted, number)

    assert [one["rows"] for one in told] == [len(slices[place]) for place in sorted(slices)]
    for one, place in zip(told, sorted(slices), strict=True):
        own = [float(y[row]) for row in slices[place]]
        mean = sum(own) / len(own)
        error = (sum((value - mean) ** 2 for value in own) / (len(own) - 1) / len(own)) ** 0.5 if len(own) > 1 else 0
        assert one["predicted"] == pytest.approx(sum(predicted[row] for row in slices[place]) / len(own))
        assert one["outcome"]["value"] == pytest.approx(mean)
        assert one["outcome"]["ci"] == pytest.approx([mean - 1.96 * error, mean + 1.96 * error])


def test_rows_that_are_predicted_alike_are_one_slice() -> None:
    """However many were asked for."""
    (one,) = by_quantiles(np.arange(10.0), np.ones(10), 5)

    assert (one["rows"], one["outcome"]["value"]) == (10, 4.5)


def test_a_check_says_its_value_where_it_claims_groups() -> None:
    """At that number; without a claim the largest, and of the gap that of one group."""
    values = np.array([0.2, 0.9, 0.3])
    strong = Checks(values, values, values, np.array([0.1, 0.8, 0.7]), np.zeros(3), (0.0, 0.1))
    weak = Checks(values, values / 2, values / 2, np.array([0.1, 0.0, 0.0]), np.ones(3), (0.4, 0.1))

    assert [strong.says()[name] for name in strong.says()] == [3, 3, 3, 3]
    assert [best(strong, name) for name in strong.says()] == [0.9, 0.9, 0.9, 0.8]
    assert [weak.says()[name] for name in weak.says()] == [3, 1, 1, 1]
    assert [best(weak, name) for name in weak.says()] == [0.9, 0.45, 0.45, 0.4]


def test_checks_stand_beside_those_of_nulls() -> None:
    """Each null is scaled by itself, so its values are those that it would have as the project's own table."""
    values, null = blobs(3)[0], np.random.default_rng(1).normal(size=(FEW, 2))

    found_of = checks(values, {"one Gaussian": null}, 4)

    assert [one["check"] for one in found_of] == list(get_args(GroupsCheck.__annotations__["check"]))
    for one, own in zip(found_of, checks(null, {}, 4), strict=True):
        assert one["nulls"] == [{"name": "one Gaussian", "value": own["value"], "says": own["says"]}]
    assert set(NAMES.values()) < {one["check"] for one in found_of}


def test_a_table_is_shown_beside_one_gaussian_and_the_copula() -> None:
    """Maps and checks are of the same two nulls, in their order."""
    values, _ = blobs(2, 200)
    made = table_of(values, [])
    nulls = null_tables(made, 3)

    assert get_args(Without) == BESIDE
    assert checks_of(made, 3) == checks(values, {name: nulls[name] for name in BESIDE}, 3)
    shown = maps_of(made, 2, 3)
    assert [one["name"] for one in shown["tables"]] == ["the table", *BESIDE]
    assert [one["islands"] for one in shown["tables"][0]["maps"]] == [2] * len(METHODS)
