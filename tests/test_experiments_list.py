"""The list of step 7's experiments: each says whether it applies, and finds keys of the contract."""

from typing import Any

import pytest

from pipelines.experiments import EXPERIMENTS, Experiment
from pipelines.facts.reflect import Findings

NOTHING: Any = None  # what these experiments know


def refuse(_: object) -> dict[str, object]:
    """Fail the test that runs it."""
    pytest.fail("it does not apply, and ran")


def test_an_experiment_that_does_not_apply_is_not_run() -> None:
    """What stands in its place is returned; one that applies returns what it finds."""
    idle = Experiment("idle", refuse, applies=lambda _: False, otherwise={"codes": None})
    busy = Experiment("busy", lambda _: {"codes": 1}, otherwise={"codes": None})

    assert idle.facts(NOTHING) == {"codes": None}
    assert busy.facts(NOTHING) == {"codes": 1}


def test_what_stands_in_place_of_an_experiment_are_keys_of_the_contract() -> None:
    """No two experiments have one name, and no two stand in for the same fact."""
    names = [one.name for one in EXPERIMENTS]
    keys = [key for one in EXPERIMENTS for key in one.otherwise]

    assert len(names) == len(set(names)) > 0
    assert len(keys) == len(set(keys)) > 0
    assert set(keys) <= set(Findings.__annotations__)
