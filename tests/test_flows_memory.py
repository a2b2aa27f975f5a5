"""What pieces have freed goes back to the system, where a process holds much."""

from pathlib import Path

import numpy as np
import psutil
import pytest

from flows.running import memory
from flows.running.pool import Once, pool

BLOCK = 64 << 10  # bytes: what is larger than twice that, glibc takes from the system and gives back by itself
BLOCKS = 2_000
FREED = BLOCK * BLOCKS


def fill() -> np.ndarray:
    """Fill many blocks and keep the last one, under which the others lie."""
    blocks = [np.ones(BLOCK, np.uint8) for _ in range(BLOCKS)]
    return blocks[-1]


def held() -> int:
    """Return the bytes that this process holds."""
    return int(psutil.Process().memory_info().rss)


@pytest.mark.parametrize("watched", [True, False])
def test_a_piece_leaves_no_more_than_its_value(watched: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks that a piece freed are gone in a process that holds much, and kept for the next piece in any other."""
    if memory._trim() is None:
        pytest.skip("not glibc")
    left = {}
    for large in (0, 1 << 60):
        monkeypatch.setattr(memory, "LARGE", large)
        memory.give_back()
        before = held()
        with pool() as submit:
            kept = submit(Once(fill).run if watched else fill, name="fill").result()
            left[large] = held() - before
        assert kept.nbytes == BLOCK
    assert left[0] < FREED / 4
    assert left[1 << 60] - left[0] > FREED / 4


def test_a_system_without_that_call_keeps_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no such call, or no file that says what a process holds, nothing is done and nothing fails."""
    memory._trim.cache_clear()
    monkeypatch.setattr(memory, "HELD", Path("/nothing/here"))
    memory.give_back()
    assert memory._trim() is None
    memory._trim.cache_clear()
