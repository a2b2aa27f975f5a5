"""What step 3 sees of columns that make groups: tails, spikes, correlations, humps, and what it says of them."""

from typing import cast

import numpy as np
import pytest
from toy_grouped import crowd, defined

from pipelines.exploration.grouped import humps, look_at_column, look_at_groups, look_together, with_findings
from pipelines.facts.claims import check_sentence
from pipelines.facts.eda import EdaLook

ROWS = 2_000


def shapes() -> dict[str, tuple[np.ndarray, int]]:
    """Return values of known shape, and how many humps they have."""
    rng = np.random.default_rng(11)
    normal = rng.standard_normal((4, ROWS))
    return {
        "one normal": (normal[0], 1),
        "uniform": (rng.random(ROWS), 1),
        "heavy tails": (rng.standard_t(3, ROWS), 1),
        "two, 4 apart": (np.where(rng.random(ROWS) < 0.5, normal[1], normal[1] + 4), 2),
        "two that overlap": (np.where(rng.random(ROWS) < 0.5, normal[2], normal[2] + 1.7), 1),
        "three, 5 apart": (normal[3] + 5 * rng.integers(0, 3, ROWS), 3),
        "one in fifty far away": (np.where(rng.random(ROWS) < 0.02, normal[0] + 9, normal[1]), 1),
    }  # fmt: skip


@pytest.mark.parametrize("name", shapes())
def test_humps_are_those_that_were_made(name: str) -> None:
    """Valleys count from a quarter of the density on, and a tail of few rows is no hump."""
    values, wanted = shapes()[name]

    assert humps(values) == wanted


def test_one_hump_is_rarely_taken_for_two() -> None:
    """Of 200 samples of one normal distribution at most two."""
    found = [humps(np.random.default_rng(seed).standard_normal(300)) for seed in range(200)]

    assert sum(one > 1 for one in found) <= 2


def test_a_column_is_described_as_counted_by_hand() -> None:
    """Its commonest value, skewness by the moments, and the share of squares in the 1 % of rows farthest off."""
    raw = np.concatenate([np.zeros(150), np.arange(1.0, 50.0), [1000.0]])

    found = look_at_column("x", raw, (raw - raw.mean()) / raw.std(), 1.0)

    squares = np.sort((raw - raw.mean()) ** 2)
    assert (found["commonest"], found["commonest_share"], found["different"]) == (0.0, 0.75, 51)
    assert found["tail"] == pytest.approx(squares[-2:].sum() / squares.sum())
    assert found["skewness"] == pytest.approx(np.mean((raw - raw.mean()) ** 3) / raw.std() ** 3)
    assert sum(found["counts"]) == len(raw)
    assert found["quantiles"]["100"] == 1000.0


def test_together_is_what_two_normal_columns_say_of_each_other() -> None:
    """With a correlation of .6 one Gaussian gains -ln(1 - .36) / 2 nats; one direction holds .8 of the variance."""
    rng = np.random.default_rng(5)
    one, other = rng.standard_normal((2, 40_000))
    z = np.column_stack([one, 0.6 * one + 0.8 * other])
    z = (z - z.mean(axis=0)) / z.std(axis=0)

    found = look_together(["one", "other"], z, z)

    assert found["nats"] == pytest.approx(-np.log(1 - 0.36) / 2, abs=0.01)
    assert found["first"] == pytest.approx(0.8, abs=0.01)
    assert found["dimensions"] == pytest.approx(4 / (1.6**2 + 0.4**2), abs=0.02)
    assert found["uneven"] == pytest.approx(1.0, abs=0.05)
    assert found["humps"] == 1


def test_a_fan_is_uneven() -> None:
    """Where the spread grows along the main direction, it is much wider at one end."""
    rng = np.random.default_rng(6)
    along = rng.random(4_000)
    fan = np.column_stack([along * 4, along * 4 + rng.standard_normal(4_000) * along])
    fan = (fan - fan.mean(axis=0)) / fan.std(axis=0)

    assert look_together(["a", "b"], fan, fan)["uneven"] > 3


def test_each_number_in_a_sentence_is_a_fact() -> None:
    """The toy's tails, spikes, correlation and humps are named, and bound to the facts."""
    rows = crowd(spent=np.arange(300) % 7, visits=np.where(np.arange(300) % 3 == 0, 5, np.arange(300) % 29))
    train = defined(rows).table.rows("train")

    look = look_at_groups(train, seed=7)
    facts = cast("EdaLook", {"clusters": look})
    found = with_findings(facts)["findings"]

    assert look["rows"] == len(train.y)
    assert [one["column"] for one in look["columns"]] == ["size", "weight", "visits"]
    assert look["columns"][2]["commonest"] == 5.0
    assert any("visits is 5 in" in one["text"] for one in found)
    assert any("correlation of" in one["text"] or "strongest correlation" in one["text"] for one in found)
    for one in found:
        check_sentence("finding", one["text"], one["evidence"], {"eda": facts})


def test_tails_are_named_where_few_rows_outweigh_the_others() -> None:
    """One member a thousand times as large as all others holds nearly all squared distances in its column."""
    rows = crowd()
    rows.loc[7, "size"] = 90_000.0
    look = look_at_groups(defined(rows).table.rows("train"), seed=7)

    found = with_findings(cast("EdaLook", {"clusters": look}))["findings"]

    plain = look_at_groups(defined(crowd()).table.rows("train"), seed=7)
    if look["columns"][0]["quantiles"]["100"] == 90_000.0:  # it was drawn for training
        assert "most in size" in found[0]["text"]
        assert look["tail"] > plain["tail"]
    assert plain["bent_tail"] < 0.15
