"""Pieces of work in threads."""

import threading
import traceback

import pytest

from flows.running.pool import Once, pool, workers


def test_a_piece_runs_once_whoever_asks() -> None:
    """Eight threads that ask at once get the one value that was computed once."""
    calls: list[int] = []

    def work() -> int:
        calls.append(1)
        return len(calls)

    piece = Once(work)
    values: list[int] = []
    threads = [threading.Thread(target=lambda: values.append(piece.run())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert calls == [1]
    assert values == [1] * 8


def test_a_failure_is_kept_with_its_own_traceback() -> None:
    """Asked again and again, a failed piece raises the same exception, whose traceback does not grow."""

    def fail() -> None:
        message = "own failure"
        raise ValueError(message)

    piece = Once(fail)
    depths = []
    for _ in range(3):
        with pytest.raises(ValueError, match="own failure") as caught:
            piece.run()
        depths.append(len(traceback.extract_tb(caught.value.__traceback__)))

    assert len(set(depths)) == 1


def test_as_many_pieces_as_cores_run_at_a_time() -> None:
    """All workers meet at a barrier, which they could not if they ran one after another."""
    barrier = threading.Barrier(workers())
    with pool() as submit:
        pending = [submit(barrier.wait, 10.0, name=f"worker {number}") for number in range(workers())]
        assert sorted(piece.result() for piece in pending) == list(range(workers()))


def test_a_failed_step_does_not_wait_for_the_rest() -> None:
    """Pieces that have not begun when the step fails never run."""
    ran: list[int] = []
    release = threading.Event()
    with pytest.raises(KeyError), pool() as submit:
        for _ in range(workers()):
            submit(release.wait, 10.0, name="busy")
        submit(ran.append, 1, name="waiting")
        threading.Timer(0.5, release.set).start()  # the pool's end waits for those that are busy
        raise KeyError

    assert not ran
