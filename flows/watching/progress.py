"""How far a step has come, on one line of the terminal, if there is one, and no byte in any file."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

from pipelines.core.submit import Pending, Submit

Result = TypeVar("Result")
Result_co = TypeVar("Result_co", covariant=True)
EVERY = 0.2  # seconds between two lines


class Counter:
    """Counts the pieces handed out and come back, and says so."""

    def __init__(self, step: str) -> None:
        """Begin with none."""
        self._step, self._started, self._said = step, time.monotonic(), 0.0
        self.out = self.back = 0

    def say(self) -> None:
        """Write the line again, unless it was just written."""
        now = time.monotonic()
        if now - self._said >= EVERY:
            self._said = now
            line = f"{self._step}: {self.back} of {self.out} pieces, {now - self._started:.0f} s"
            sys.stderr.write(f"\r\033[K{line}")
            sys.stderr.flush()


@dataclass(frozen=True)
class Counted(Generic[Result_co]):
    """A piece whose coming back is counted."""

    pending: Pending[Result_co]
    counter: Counter

    def result(self) -> Result_co:
        """Wait for the value; raise what the work raised."""
        value = self.pending.result()
        self.counter.back += 1
        self.counter.say()
        return value


@contextmanager
def shown(submit: Submit, step: str) -> Iterator[Submit]:
    """Give a `submit` whose pieces are counted on the terminal; where stderr is no terminal, `submit` itself."""
    if not sys.stderr.isatty():
        yield submit
        return
    counter = Counter(step)

    def counting(function: Callable[..., Result], /, *args: object, name: str) -> Pending[Result]:
        counter.out += 1
        counter.say()
        return Counted(submit(function, *args, name=name), counter)

    try:
        yield counting
    finally:
        sys.stderr.write("\r\033[K")
        sys.stderr.flush()
