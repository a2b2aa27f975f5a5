"""Which of the runs that wait is run, and which become superfluous."""

import itertools

import pytest

from flows.operating.due import Due, coalesce, due_of


def due(run: str, *projects: str, force: bool = False, update: bool = False, when: str = "1") -> Due:
    """Return a run that waits since `when`."""
    return Due(run, run, when, frozenset(projects), force, update)


@pytest.mark.parametrize(
    ("waiting", "run", "covered"),
    [
        ([due("a", "shop")], "a", ""),
        ([due("a", "shop", when="1"), due("b", "shop", when="2")], "a", "b"),
        ([due("b", "shop", when="2"), due("a", "shop", when="1")], "a", "b"),
        ([due("a", "shop", when="1"), due("b", when="2"), due("c", "mill", when="3")], "b", "ac"),
        ([due("a", "shop", when="1"), due("b", "mill", when="2")], "a", ""),
        ([due("a", "shop", when="1"), due("b", "mill", when="2"), due("c", "shop", when="3")], "a", "c"),
        ([due("a", "shop", when="1"), due("b", "mill", "shop", when="2"), due("c", "mill", when="3")], "b", "ac"),
        ([due("a", "shop", when="1"), due("b", "shop", force=True, when="2")], "b", "a"),
        ([due("a", when="1"), due("b", "shop", update=True, when="2")], "a", ""),
        ([due("a", when="1"), due("b", force=True, when="2"), due("c", update=True, when="3")], "b", "a"),
    ],
)
def test_late_runs_become_one(waiting: list[Due], run: str, covered: str) -> None:
    """The earliest, or the broadest that does all of it; what that does as well is covered, and nothing else."""
    leader, others = coalesce(waiting)

    assert leader.run == run
    assert sorted(one.run for one in others) == sorted(covered)


def test_nothing_that_was_asked_for_is_lost() -> None:
    """Over all sets of up to three runs: each is run in its turn, or covered by one that does all that it would."""
    kinds = [due("", *projects, force=force) for projects in ((), ("mill",), ("shop",)) for force in (False, True)]
    for chosen in itertools.product(kinds, repeat=3):
        waiting = [Due(str(n), str(n), str(n), one.projects, one.force, one.update) for n, one in enumerate(chosen)]
        done: list[Due] = []
        left = waiting
        while left:
            leader, covered = coalesce(left)
            done.append(leader)
            assert all(leader.covers(one) for one in covered)
            left = [one for one in left if one is not leader and one not in covered]
        assert all(any(ran.covers(one) for ran in done) for one in waiting)


@pytest.mark.parametrize(
    ("parameters", "read"),
    [
        (None, due("1")),
        ({}, due("1")),
        ({"projects": ["shop", "shop"], "force": True}, due("1", "shop", force=True)),
        ({"projects": "shop", "update": "yes"}, due("1", "shop")),
        ({"projects": [7], "commit": "abc"}, due("1", "7")),
    ],
)
def test_parameters_may_be_anything_that_was_posted(parameters: object, read: Due) -> None:
    """What a person could post is read without an error; an unknown project is refused where it would be run."""
    found = due_of({"id": 1, "name": "1", "parameters": parameters, "expected_start_time": "1"})

    assert found == read
