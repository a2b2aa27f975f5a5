"""The list of step 7's experiments: each says whether it applies, and finds keys of the contract."""

from contextvars import ContextVar
from functools import partial
from threading import Event, current_thread
from typing import Any

import pytest

from flows.running.pool import pool
from pipelines.core.submit import Submit, run_now, side_by_side
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


RUN = ContextVar("RUN", default="none")


def paired(number: int, submit: Submit, own: Event, other: Event) -> tuple[int, str]:
    """Hand out a piece that ends once the other work's has begun; return the number and the run of the context."""

    def piece() -> int:
        own.set()
        assert other.wait(10)
        return number

    return submit(piece, name=f"piece {number}").result(), RUN.get()


def test_works_side_by_side_wait_for_their_pieces_at_the_same_time() -> None:
    """Each piece needs the other's to have begun; values come in the given order, and the context goes along."""
    first, second = Event(), Event()
    RUN.set("this one")

    with pool() as submit:
        works = [partial(paired, 1, submit, first, second), partial(paired, 2, submit, second, first)]
        assert side_by_side(works, submit) == [(1, "this one"), (2, "this one")]


def test_works_whose_pieces_run_at_once_run_in_this_thread() -> None:
    """Without workers nothing is gained by threads."""
    assert side_by_side([current_thread, current_thread], run_now) == [current_thread()] * 2


def test_what_a_work_raises_is_raised() -> None:
    """The first one's exception, in the given order; the others have ended by then."""
    ended = Event()

    def fail() -> None:
        assert ended.wait(10)
        raise KeyError("column")

    with pool() as submit, pytest.raises(KeyError, match="column"):
        side_by_side([fail, ended.set], submit)
