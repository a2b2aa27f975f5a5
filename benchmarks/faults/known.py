"""The faults: what each is, how it is made, of which steps, and how often."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from clock_back import set_clock_back
from dask_lost import kill_dask_worker
from disk_full import fill_disk, forbid_writing
from killed import kill_at_write, kill_dvc, kill_step, kill_worker
from memory_group import can_group, use_up_memory
from memory_short import limit_memory
from output_damaged import READER, check_out_damage, damage_cache, damage_output
from scratch import Scratch
from server_lost import damage_database, kill_server, lock_database
from trial import Trial
from twice import build_twice

from flows.running.scheduler import FITTING

Inject = Callable[[Scratch, str, random.Random], Trial]


@dataclass(frozen=True)
class Fault:
    """One kind of fault."""

    name: str
    how: str  # it is made
    inject: Inject
    times: int = 1  # for each step
    steps: tuple[str, ...] = ()  # that it can befall; all if none is named
    quick: tuple[str, ...] = ()  # those of which the tests try it, too
    watched: bool = False  # by a Prefect server
    why_not: str = ""  # the steps that are not named
    lacks: Callable[[Scratch], str] = lambda _here: ""  # what the machine does not allow, if it does not


def _no_mounts(here: Scratch) -> str:
    return "" if here.disk else "mounting is not allowed"


def _no_groups(_here: Scratch) -> str:
    return "" if can_group() else "no control group of memory is to be had"


NOT_CACHED = "all that the other steps leave lies in git, not in DVC's cache"


FAULTS = (
    Fault(
        "step killed",
        "SIGKILL to the step's command, and with it to all that it started, at a random moment",
        kill_step,
        times=20,
        quick=("fetch",),
    ),
    Fault(
        "step killed while writing",
        "SIGKILL when a file is written and has not moved to its place",
        kill_at_write,
        times=2,
        quick=("fetch",),
    ),
    Fault(
        "DVC killed",
        "SIGKILL at a random moment to DVC and the step at once, or to DVC alone; then the step goes on "
        "while the next `dvc repro` begins",
        kill_dvc,
        times=2,
    ),
    Fault(
        "worker out of memory",
        "SIGKILL to the step's largest process, as Linux does when memory has run out",
        kill_worker,
    ),
    Fault(
        "memory limited",
        "the step's address space is limited to between 300 and 1200 MiB",
        limit_memory,
    ),
    Fault(
        "memory used up",
        "the step and its warm process are in a control group with 40 to 95 % of the memory that "
        "they take, and Linux kills in it",
        use_up_memory,
        times=2,
        lacks=_no_groups,
    ),
    Fault(
        "Dask worker killed",
        '`runner = "dask"`: SIGKILL to one of two workers at a random moment',
        kill_dask_worker,
        steps=FITTING,
        why_not="the other steps' pieces never run on a cluster",
    ),
    Fault(
        "disk full",
        "the repository is on a tmpfs, filled so that only a random part of what the step writes fits; "
        "where mounting is not allowed, no file may be larger than that part",
        fill_disk,
        times=2,
        quick=("fetch",),
    ),
    Fault(
        "folder read-only",
        "`reports/`, for fetch `data/`, is mounted read-only over itself",
        forbid_writing,
        quick=("fetch",),
        lacks=_no_mounts,
    ),
    Fault("output damaged", "a file of the step is overwritten in part, or cut", damage_output),
    Fault(
        "cache damaged",
        "the copy in `.dvc/cache` of what the step is about to write is overwritten in part, or cut; "
        "its mode stays, so that DVC does not look into it",
        damage_cache,
        steps=tuple(READER),
        quick=("fetch",),
        why_not=NOT_CACHED,
    ),
    Fault(
        "cache damaged and checked out",
        "the same, the file itself is lost, `dvc checkout` puts the damaged copy in its place, and a step reads it",
        check_out_damage,
        steps=tuple(READER),
        why_not=NOT_CACHED,
    ),
    Fault("Prefect killed", "SIGKILL to the server at a random moment of the step", kill_server, watched=True),
    Fault("Prefect's SQLite locked", "another process holds an exclusive transaction", lock_database, watched=True),
    Fault("Prefect's SQLite damaged", "40 KiB at its begin are overwritten", damage_database, watched=True),
    Fault("two builds at once", "`dvc repro` twice, the second soon after the first", build_twice),
    Fault(
        "clock set back",
        "Python's clock jumps back by a day at a random moment, in DVC and in the step; what the "
        "step reads has times of tomorrow, what it wrote times of yesterday",
        set_clock_back,
    ),
)
