"""Valleys of densities, confirmed on rows left out, and the verdict on tables: against counts and planted truth."""

from dataclasses import replace
from math import comb

import numpy as np
import pytest
from groups.plant import counts, found_in, section, table_of, write_section
from groups.tables import KINDS, plant
from planting import missed_bars
from scipy.stats import binomtest
from sklearn.metrics import adjusted_rand_score

from pipelines.groups.confirmation import BEYOND, STEP, look_along
from pipelines.groups.halving import Halving, adjusted_rand, deal, halve
from pipelines.groups.mixtures import Mixture, fit_mixture
from pipelines.groups.valleys import DEPTH, valley_between, valley_tree
from pipelines.groups.verdict import Verdict, number_of, verdict

KIND = {kind.name: kind for kind in KINDS}


def mixture(*means: tuple[float, ...], scale: float = 1, weights: list[float] | None = None) -> Mixture:
    """Return a mixture of round components."""
    centres = np.array(means, float)
    covariances = scale**2 * np.broadcast_to(np.eye(centres.shape[1]), (len(centres), *2 * centres.shape[1:]))
    shares = np.full(len(centres), 1 / len(centres)) if weights is None else np.array(weights)
    return Mixture(shares, centres, covariances, "shared", 0)


def two_blobs(rows: int = 1_200, distance: float = 5, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return rows of two round groups in two columns, and the group of each."""
    rng = np.random.default_rng(seed)
    group = rng.integers(2, size=rows)
    return rng.normal(size=(rows, 2)) + group[:, None] * [distance, 0], group


@pytest.fixture(scope="module")
def told() -> Verdict:
    """Return the verdict on two blobs."""
    return verdict(two_blobs()[0], seed=3, halvings=2)


def test_the_saddle_of_two_equal_gaussians_is_in_the_middle() -> None:
    """By hand: at distance d the density in the middle is exp(-d^2/8) times two halves, 5 apart."""
    valley = valley_between(mixture((0, 0), (5, 0)), 0, 1)

    middle, end = np.exp(-(2.5**2) / 2), (1 + np.exp(-(5**2) / 2)) / 2
    assert valley.line[valley.lowest] == pytest.approx([2.5, 0])
    assert valley.depth == pytest.approx(np.log(end / middle), abs=1e-3)


@pytest.mark.parametrize(("distance", "humps"), [(1.9, 1), (4, 2)])
def test_gaussians_less_than_two_standard_deviations_apart_are_one_hump(distance: float, humps: int) -> None:
    """The textbook's bound of bimodality; twice as far is two."""
    assert valley_tree(mixture((0,), (distance,))).size == humps


def test_shallow_valleys_are_none() -> None:
    """One that is just deep enough is one; a larger depth joins the two."""
    two = mixture((0, 0), (3, 0))
    depth = valley_between(two, 0, 1).depth

    assert depth > DEPTH
    assert valley_tree(two, depth - 0.001).size == 2
    assert valley_tree(two, depth + 0.001).size == 1


def test_a_chain_of_components_is_one_hump_and_the_one_beside_it_another() -> None:
    """A curve cut into four pieces, 1.5 apart, and a group six away: the valley is from the nearest piece."""
    tree = valley_tree(mixture((0, 0), (1.5, 0), (3, 0), (3, 1.5), (3.5, 7.5)))

    assert tree.hump.tolist() == [0, 0, 0, 0, 1]
    assert tree.valleys[0].components == (3, 4)
    assert tree.joined([True]).tolist() == [0, 0, 0, 0, 1]
    assert tree.joined([False]).tolist() == [0] * 5


def test_humps_meet_at_the_highest_saddle() -> None:
    """Three in a row: the outer two are neighbours of the middle one alone, whatever the line between them does."""
    tree = valley_tree(mixture((0, 0), (4, 0), (8, 0)))

    assert sorted(valley.components for valley in tree.valleys) == [(0, 1), (1, 2)]
    assert tree.joined([True, False]).tolist().count(0) in (1, 2)


def test_the_ridgeline_goes_round_a_corner() -> None:
    """Two long Gaussians that meet at a right angle: the straight line leaves both, the ridgeline does not."""
    long = np.array([[[4.0, 0], [0, 0.1]], [[0.1, 0], [0, 4.0]]])
    corner = Mixture(np.array([0.5, 0.5]), np.array([[2.0, 0], [4.0, 2]]), long, "free", 0)
    straight = corner.log_density(
        corner.means[0] + np.linspace(0, 1, 61)[:, None] * (corner.means[1] - corner.means[0])
    )

    valley = valley_between(corner, 0, 1)

    assert valley.heights.min() > straight.min() + 1
    assert valley_tree(corner).size == 1


def test_rows_left_out_are_counted_by_hand() -> None:
    """Along a straight line between round groups: within the reach of the lowest point and of the lower peak."""
    z, _ = two_blobs(3_000)
    two = mixture((0, 0), (5, 0), weights=[0.6, 0.4])
    parting = look_along(two, valley_between(two, 0, 1), z)

    inside = np.abs(z[:, 1]) <= 1.2816  # 80 % of a normal distribution
    near = [np.abs(z[:, 0] - at) < parting.reach for at in (parting.lowest, 5)]
    by_hand = [int((inside & one).sum()) for one in near]
    assert parting.lower == 1
    assert [parting.at_lowest, parting.at_lower] == pytest.approx(by_hand, rel=0.1)
    assert parting.peaks == pytest.approx((0, 5), abs=0.06)
    assert parting.histogram()[0].sum() == len(parting.place)


def test_rows_beyond_the_ends_of_the_line_are_no_last_bar() -> None:
    """They are nearest to its end, where none of them stands."""
    two = mixture((0, 0), (5, 0))
    at = [*np.linspace(5 + BEYOND + 0.1, 5 + BEYOND + 1, 50), *np.linspace(-BEYOND - 1, -BEYOND - 0.1, 50), 1.0, 4.0]

    parting = look_along(two, valley_between(two, 0, 1), np.column_stack([at, np.zeros(102)]))

    assert parting.place == pytest.approx([1.0, 4.0], abs=STEP)
    assert parting.histogram()[0].sum() == 2


def test_p_is_that_of_a_binomial_test() -> None:
    """Against SciPy's, and the sum of binomial coefficients."""
    z, _ = two_blobs(400, 3.3)
    two = mixture((0, 0), (3.3, 0))
    parting = look_along(two, valley_between(two, 0, 1), z)
    few, both = parting.at_lowest, parting.at_lowest + parting.at_lower

    assert parting.p == pytest.approx(binomtest(few, both, 0.5, alternative="less").pvalue)
    assert parting.p == pytest.approx(sum(comb(both, i) for i in range(few + 1)) / 2**both)


def test_a_valley_that_the_rows_do_not_have_is_not_confirmed() -> None:
    """The model draws one, rows are uniform: in 200 tables it is confirmed in about 5 %, as asked."""
    two = mixture((0, 0), (3, 0))
    valley = valley_between(two, 0, 1)
    rng = np.random.default_rng(0)

    found = [look_along(two, valley, rng.uniform([-4, -3], [7, 3], (800, 2))).p <= 0.05 for _ in range(200)]

    assert 0.005 < np.mean(found) < 0.1


def test_rows_of_a_third_group_in_the_middle_fill_the_valley() -> None:
    """They count whatever component they are given to."""
    z, _ = two_blobs(1_000, 6)
    third = np.random.default_rng(1).normal(size=(500, 2)) + np.array([3, 0])
    two = mixture((0, 0), (6, 0))
    valley = valley_between(two, 0, 1)

    assert look_along(two, valley, z).p < 1e-9
    assert look_along(two, valley, np.vstack([z, third])).p > 0.5


def test_adjusted_rand_by_hand() -> None:
    """1 for the same groups with other names; the formula of pairs for a small table."""
    one, other = np.array([0, 0, 0, 1, 1, 1]), np.array([0, 0, 1, 1, 2, 2])
    pairs, rows, columns, together = comb(6, 2), 2 * comb(3, 2), 3, 1 + 1
    expected = rows * columns / pairs

    assert adjusted_rand(one, 1 - one) == 1
    assert adjusted_rand(one, other) == pytest.approx((together - expected) / ((rows + columns) / 2 - expected))


def test_two_groups_are_found_and_rows_assigned(told: Verdict) -> None:
    """Two blobs five standard deviations apart: two groups, the larger first, and a confirmed valley."""
    values, group = two_blobs()

    labels, sure = told.assign(values)

    assert (told.says, told.number, told.votes, told.close) == ("groups", 2, 2, False)
    assert adjusted_rand_score(group, labels) > 0.9
    assert np.bincount(labels)[0] >= np.bincount(labels)[1]
    assert np.all((sure >= 0.5) & (sure <= 1))
    ((one, other, parting),) = told.valleys
    assert {one, other} == {0, 1}
    assert parting.at_lowest < parting.at_lower
    assert told.nearest.p <= parting.p


def test_rows_in_another_order_have_the_same_verdict(told: Verdict) -> None:
    """Bit by bit, since rows are sorted first."""
    values, _ = two_blobs()
    shuffled = np.random.default_rng(9).permutation(len(values))

    again = verdict(values[shuffled], seed=3, halvings=2)

    assert again.half.mixture.means.tobytes() == told.half.mixture.means.tobytes()
    assert [one.alike for one in again.halvings] == [one.alike for one in told.halvings]
    assert np.array_equal(again.assign(values)[0], told.assign(values)[0])


def test_the_same_seed_is_the_same_verdict_and_another_halves_otherwise(told: Verdict) -> None:
    """Byte by byte; halvings differ."""
    values, _ = two_blobs()
    again = verdict(values, seed=3, halvings=2)

    assert again.assign(values)[1].tobytes() == told.assign(values)[1].tobytes()
    assert told.halvings[0].together != told.halvings[1].together
    assert verdict(values, seed=4, halvings=1).halvings[0].together != told.halvings[0].together


def test_one_gaussian_is_a_gradient_and_independent_columns_are_nothing() -> None:
    """Without groups all rows are of one, and the line to show is still there."""
    rng = np.random.default_rng(0)
    z = rng.normal(size=(800, 3))

    gradient, nothing = verdict(z @ np.array([[1, 1, 1], [0, 1, 0], [0, 0, 1]]), 0, 2), verdict(z, 0, 2)

    assert (gradient.says, gradient.number, gradient.valleys) == ("a gradient", 0, ())
    assert (nothing.says, nothing.number) == ("nothing", 0)
    assert gradient.assign(z)[0].max() == 0
    assert gradient.nearest.at_lowest > 0


def test_large_tables_are_thinned_and_all_rows_assigned() -> None:
    """How many rows were looked at is said."""
    values, group = two_blobs(3_000)
    thinned = verdict(values, 0, halvings=1, most_rows=1_000)

    assert (thinned.rows, thinned.looked_at) == (3_000, 1_000)
    assert adjusted_rand_score(group, thinned.assign(values)[0]) > 0.9


def test_groups_only_if_all_halvings_say_so(told: Verdict) -> None:
    """A halving that says otherwise makes it close, and what columns say decides the rest."""
    other = replace(told.halvings[0], alike=0.2)

    split = replace(told, halvings=(told.halvings[1], other))

    assert (split.votes, split.close, split.number) == (1, True, 0)
    assert split.says == ("a gradient" if all(one.joint for one in split.halvings) else "nothing")


def test_the_number_is_the_median_of_halvings(told: Verdict) -> None:
    """The lower of two in the middle: `at least` is the word."""
    halving = told.halvings[0]
    merged = replace(halving.halves[0], partings=tuple(replace(one, p=1.0) for one in halving.halves[0].partings))
    one_group = Halving((merged, halving.halves[1]), 1, 0, (0, 0))

    assert merged.number == 1
    assert one_group.number == 1
    assert number_of((halving, one_group)) == 1
    assert number_of((halving, halving, one_group)) == 2


def test_rows_left_out_say_what_columns_tell_of_each_other() -> None:
    """Of a Gaussian with correlation r, half of -log(1 - r^2) nats a row, the mutual information."""
    rng = np.random.default_rng(0)
    z = rng.normal(size=(4_000, 2))
    z[:, 1] = 0.8 * z[:, 0] + 0.6 * z[:, 1]

    halving = halve(z, deal(len(z), rng), rng)

    assert halving.ci[0] < -0.5 * np.log(1 - 0.8**2) < halving.ci[1]


def test_a_constant_column_is_refused() -> None:
    """It says nothing of groups; the project is asked before."""
    values, _ = two_blobs(400)

    with pytest.raises(ValueError, match="same value"):
        verdict(np.column_stack([values, np.ones(400)]), 0)


@pytest.mark.parametrize(
    "name",
    [
        "2 blobs, 4 sd", "3 densities", "2 long, parallel", "3 lognormal", "in one column of four", "zeros and a hump",
        "one Gaussian", "curve", "ring", "uniform cube", "heavy-tailed factor", "independent levels",
    ],
)  # fmt: skip
def test_a_dozen_planted_tables(name: str) -> None:
    """One of each, of a seed that no rule was settled on."""
    found = found_in(KIND[name], 500)

    assert found["says"] == found["true"]
    assert found["number"] <= found["groups"]


def test_tables_differ_by_kind_and_seed_and_are_drawn_again_alike() -> None:
    """No two share random numbers; each kind has a name of its own and a truth that fits."""
    one, again, other = (plant(KIND["one Gaussian"], seed) for seed in (0, 0, 1))

    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)
    assert len(KIND) == len(KINDS)
    assert all((kind.number > 1) == (kind.says == "groups") for kind in KINDS)


def test_fit_of_two_where_there_is_one() -> None:
    """The flat line is between two components, however little they differ."""
    z = np.random.default_rng(0).normal(size=(500, 2))

    assert fit_mixture(z, 2, np.random.default_rng(0)).size == 2


def found(**changed: object) -> dict[str, object]:
    """Return what is kept of a table."""
    kept = {"kind": "ring", "seed": 1, "true": "a gradient", "groups": 0, "says": "a gradient", "number": 0,
            "halvings": [{"says": "a gradient"}], "seconds": 1.0}  # fmt: skip
    return kept | changed


def test_shares_and_bars_by_hand() -> None:
    """Of four tables one is claimed falsely, one has a number too large; both are listed."""
    groups = {"kind": "3 blobs, 4 sd", "true": "groups", "groups": 3, "says": "groups", "number": 3}
    some = [found(), found(says="groups", number=2), found(**groups), found(**groups | {"number": 4})]

    text = section(some)

    assert "| verdict right | at least 92 % | 75.0 % | 4 |" in text
    assert "| groups claimed where none are | at most 3 % | 50.0 % | 2 |" in text
    assert "| number of groups too large | at most 3 % | 50.0 % | 2 |" in text
    assert text.count("\n- ") == 2
    assert len(missed_bars(counts(some))) == 4
    assert missed_bars(counts([some[0], some[2]])) == []
    assert "| 3 blobs, 4 sd | 3 groups | 2 | 2 | 3, 4 |" in table_of(some)


def test_the_page_keeps_its_other_sections(tmp_path: object) -> None:
    """Written once before that of texts, and replaced the second time."""
    page = tmp_path / "planted.md"  # type: ignore[operator]
    page.write_text("# Planted\n\n## Texts\n\nmore\n")

    write_section([found()], page)
    write_section([found(), found()], page)

    text = page.read_text()
    assert text.count("## Groups without a label") == text.count("## Texts") == 1
    assert text.endswith("## Texts\n\nmore\n")
    assert "2 tables in all" in text


def test_halves_that_are_given_are_those_that_are_looked_at() -> None:
    """Copies of eight rows are eight groups where each half has some of each, and none where a half has all of them."""
    rng = np.random.default_rng(0)
    values = np.repeat(rng.normal(size=(8, 2)), 90, axis=0) + rng.normal(0, 0.05, (720, 2))
    of_copy, of_unit = np.tile(np.arange(90) % 2, 8), np.repeat(rng.permutation(8) % 2, 90)

    apart, together = verdict(values, 0, [of_copy]), verdict(values, 0, [of_unit])

    assert (apart.says, apart.number) == ("groups", 8)
    assert together.says != "groups"


def test_halves_stay_with_their_rows_in_another_order() -> None:
    """Rows and their halves are sorted together."""
    values, _ = two_blobs(600)
    half, shuffled = np.arange(600) % 2, np.random.default_rng(1).permutation(600)

    one, other = verdict(values, 0, [half]), verdict(values[shuffled], 0, [half[shuffled]])

    assert one.half.mixture.means.tobytes() == other.half.mixture.means.tobytes()
    assert verdict(values, 0, [1 - half]).halvings[0].says == one.halvings[0].says
