"""Running handed-out pieces on a Dask cluster: the same functions, arguments and bytes as in threads of our own.

Large arguments are sent to the workers once and named afterwards. A piece whose worker died is run again by the
scheduler; one whose arguments died with their worker is handed out again from here.
"""

import functools
import logging
import pickle
import time
import warnings
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Generic, NoReturn, TypeVar
from uuid import uuid4

from distributed import Client, Future, KilledWorker

from flows.running.cluster_lost import ClusterLost
from flows.running.cluster_worker import OWN, Held, Unlike, differences, likeness, run_piece
from pipelines.core.errors import InputError
from pipelines.core.submit import Pending, Submit
from pipelines.core.table import Table

Result = TypeVar("Result")
Wait = Callable[[], Result]

CONNECT_SECONDS = 5  # a scheduler answers in milliseconds, on a busy machine within a second or two
FIRST_WORKER_SECONDS = 10
WITHOUT_WORKERS_SECONDS = 60  # a nanny restarts a worker within a few
LOOK_SECONDS = 5.0  # how often a wait looks whether there is a worker
LARGE = 1 << 18  # bytes of an argument from which on it is sent once
KEPT = 16  # arguments remembered as sent; a step repeats few
ATTEMPTS = 3  # at a piece whose arguments were lost
TOLD = 3  # differences that a message names


class Cluster:
    """The workers behind a connection, and what was sent to them."""

    def __init__(self, client: Client) -> None:
        """Use a connection that the caller opens and closes."""
        self.client = client
        self._sent: OrderedDict[int, tuple[object, object]] = OrderedDict()  # by identity: an argument, and what goes

    def submit(self, function: Callable[..., Result], /, *args: object, name: str) -> Pending[Result]:
        """Hand out a piece."""
        return Piece(self, self.hand_out(function, args, name), function, args, name)

    def hand_out(self, function: Callable[..., Result], args: tuple[object, ...], name: str) -> Wait[Result]:
        """Hand out a piece and return what waits for its value, or raises why it could not be handed out."""
        key = f"{name}-{uuid4()}"  # the name is what Dask's dashboard shows
        try:
            future = self.client.submit(run_piece, likeness(), function, self.travelling(args), key=key, pure=False)
        except Exception as error:  # noqa: BLE001 - whatever it is, it belongs to this piece
            return functools.partial(_fail, error)
        return functools.partial(self.wait, future)

    def travelling(self, args: tuple[object, ...]) -> tuple[Any, ...]:
        """Return the arguments as they are held on the way, or a future of that for each large one, sent only once."""
        return tuple(self._travelling(argument) for argument in args)

    def forget(self) -> None:
        """Send everything again from here on: what was sent may have been lost."""
        self._sent.clear()

    def wait(self, future: Future[Result]) -> Result:
        """Return the future's value or raise its exception; raise ClusterLost where no worker is left."""
        seen = time.monotonic()
        while True:
            try:
                return future.result(timeout=LOOK_SECONDS)
            except TimeoutError as error:
                if getattr(error, OWN, False):
                    raise
            if self.client.nthreads():
                seen = time.monotonic()
            elif time.monotonic() - seen > WITHOUT_WORKERS_SECONDS:
                raise ClusterLost(_nobody(self.client, f"for {WITHOUT_WORKERS_SECONDS} s"))

    def _travelling(self, argument: object) -> object:
        known = self._sent.get(id(argument))
        if known is None:
            size = _size(argument)
            goes: object = Held(argument, size)
            if size >= LARGE:
                # All pieces read the table; what fewer read, workers fetch from each other.
                (goes,) = self.client.scatter([goes], broadcast=isinstance(argument, Table), hash=False)
            known = self._sent[id(argument)] = argument, goes  # kept, so that no other gets its identity
        self._sent.move_to_end(id(argument))
        while len(self._sent) > KEPT:
            self._sent.popitem(last=False)
        return known[1]


@dataclass(frozen=True)
class Piece(Generic[Result]):
    """A piece of work that the cluster has."""

    cluster: Cluster
    wait: Wait[Result]
    function: Callable[..., Result]
    args: tuple[object, ...]
    name: str

    def result(self) -> Result:
        """Wait for the value; raise what the work raised, or ClusterLost where trying again would not help."""
        waiting = self.wait
        for _ in range(ATTEMPTS):
            try:
                return waiting()
            except Exception as error:
                if getattr(error, OWN, False):
                    raise
                self._give_up(error)
            self.cluster.forget()
            waiting = self.cluster.hand_out(self.function, self.args, self.name)
        return self.function(*self.args)  # something that cannot travel, such as its exception

    def _give_up(self, error: Exception) -> None:
        """Raise ClusterLost if handing the piece out again would not help."""
        where = f"{_address(self.cluster.client)}, {self.name}"
        if isinstance(error, KilledWorker):
            todo = "give the workers more memory (--memory-limit), or take fewer threads each (--nthreads)"
            raise ClusterLost(InputError("every worker that ran this piece died", where=where, todo=todo))
        if isinstance(error, Unlike):
            raise ClusterLost(_unlike(str(error), where))
        if self.cluster.client.status != "running":
            todo = "start it, then the step again"
            raise ClusterLost(InputError("the Dask scheduler has gone", where=where, todo=todo))


@contextmanager
def cluster(address: str) -> Iterator[Submit]:
    """Give a `submit` that hands pieces to the cluster of the scheduler at `address`; raise what `check` raises."""
    with connected(address) as client:
        check(client)
        yield Cluster(client).submit


@contextmanager
def connected(address: str) -> Iterator[Client]:
    """Give a connection to the scheduler at `address`; raise InputError if none answers."""
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what matters is raised, in words of our own
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of versions, which `check` reports
        try:
            client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError) as error:
            raise InputError(
                f"no Dask scheduler answers within {CONNECT_SECONDS} s ({type(error).__name__})",
                where=address,
                todo="start one with `dask scheduler`, fix the address, or set SEVENFOLD_RUNNER=local",
            ) from None
        with client:
            yield client


def check(client: Client) -> None:
    """Raise InputError if there is no worker, or one that would not give the same bytes as this process."""
    try:
        client.wait_for_workers(1, timeout=FIRST_WORKER_SECONDS)
    except TimeoutError:
        raise _nobody(client, f"within {FIRST_WORKER_SECONDS} s") from None
    try:
        found: dict[str, dict[str, str]] = client.run(likeness)
    except ImportError as error:
        found_error = f"a worker cannot import {error.name or error}"
        todo = "install Sevenfold there from the same lock file, or start the worker in this repository"
        raise InputError(found_error, where=_address(client), todo=todo) from None
    for worker, there in found.items():
        if unlike := differences(likeness(), there):
            more = f" and {len(unlike) - TOLD} more" if len(unlike) > TOLD else ""
            raise _unlike("; ".join(unlike[:TOLD]) + more, f"worker {worker}")


def _unlike(how: str, where: str) -> InputError:
    todo = "restart the workers from the same lock file and code, with OMP_NUM_THREADS=1 as `dask worker` sets it"
    return InputError(f"a worker differs from this process: {how}", where=where, todo=todo)


def _nobody(client: Client, how_long: str) -> InputError:
    address = _address(client)
    return InputError(
        f"the Dask scheduler has had no worker {how_long}", where=address, todo=f"start some: `dask worker {address}`"
    )


def _address(client: Client) -> str:
    return str(client.scheduler.address) if client.scheduler else "the scheduler"


def _fail(error: Exception) -> NoReturn:
    raise error


def _size(argument: object) -> int:
    """Return the bytes that an argument takes on its way, without copying arrays; 0 where it cannot be known."""
    buffers: list[pickle.PickleBuffer] = []
    try:
        head = pickle.dumps(argument, protocol=5, buffer_callback=buffers.append)
    except Exception:  # noqa: BLE001 - whatever the library raises; Dask has means of its own
        return 0
    return len(head) + sum(buffer.raw().nbytes for buffer in buffers)
