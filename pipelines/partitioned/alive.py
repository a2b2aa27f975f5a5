"""Workers that need each other: LightGBM's would wait without end for one that has died."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING

from pipelines.core.errors import InputError

if TYPE_CHECKING:
    from distributed import Client

LOOK_SECONDS = 1.0


def while_all_live(client: "Client", work: Callable[[], object]) -> None:
    """Do `work` with `client` as Dask's default; raise what it raises, or InputError as soon as a worker has gone."""
    done: Future[None] = Future()

    def run() -> None:
        try:
            with client.as_current():  # LightGBM waits through whichever connection is the default
                work()
            done.set_result(None)
        except BaseException as error:  # noqa: BLE001 - raised below
            done.set_exception(error)

    there = set(client.nthreads())
    threading.Thread(target=run, daemon=True).start()  # it cannot be ended, and nothing waits for it
    while True:
        try:
            return done.result(LOOK_SECONDS)
        except Exception as error:
            gone = there - set(client.nthreads())
            if not gone:
                if done.done():
                    raise
                continue
            raise InputError(
                "a worker died while LightGBM was fitting, most likely of too little memory",
                where=min(gone),
                todo="start more workers, or give each more memory (--memory-limit)",
            ) from error
