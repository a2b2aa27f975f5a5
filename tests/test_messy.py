"""Messy tables are read as a careful analyst would, and their clean twins are left alone; `make messy` counts rates."""

import pytest
from messy import CASES
from messy.case import Case

QUICK = [case for case in CASES if not case.whole]
SEED = 0  # `make messy` takes others


@pytest.mark.parametrize("case", QUICK, ids=lambda case: f"{case.kind}: {case.name}")
def test_what_is_faulty_is_read_right(case: Case) -> None:
    """Nothing that tells the target is lost in silence."""
    assert case.judge_faulty(SEED)


@pytest.mark.parametrize("case", QUICK, ids=lambda case: f"{case.kind}: {case.name}")
def test_what_is_clean_is_left_alone(case: Case) -> None:
    """Nothing is said or changed where nothing is wrong."""
    assert case.judge_twin(SEED)
