"""What a fault must leave: whole files, a clear error if it ends the build, the same bytes afterwards."""

import json
from typing import NamedTuple

import psutil
from scratch import Scratch
from started import Ended, eventually, no_step_runs

OWN_LINES = 10  # what we say of a fault fits on these
OF_DVC = (  # how lines begin that are DVC's own
    "'",
    "> ",
    "ERROR: ",
    "If you ",
    "Having ",
    "Running stage",
    "Stage ",
    "To ",
    "Updating ",
    "Use `dvc",
    "\tgit add",
    "Reproducing",
    "WARNING: Process",
)
NOT_TRIED = "not tried"
SAME = "the same bytes"
REFUSED = "a clear error, nothing lost; then the same bytes"


class Trial(NamedTuple):
    """What came of one fault: the outcome in words, what was wrong with it, whether a build of its own repaired it."""

    outcome: str
    troubles: list[str]
    repaired: bool = True


def recovered(here: Scratch, outcome: str, troubles: list[str], *, known: bool = False) -> Trial:
    """Let `dvc repro` go on where the fault left off; add whatever differs from an undisturbed build.

    Where a fault leaves nothing but files (`known`), the same files need no repair that has often enough ended well.
    """
    state = here.state() if known and here.most_repairs and not troubles else ""
    if state and here.repairs[state] >= here.most_repairs:
        return Trial(outcome, _locked(here), repaired=False)
    ended = here.dvc("repro")
    eventually(lambda: no_step_runs(here.place))
    if ended.status:
        troubles = [*troubles, f"dvc repro failed afterwards: {last(ended)}"]
    troubles = [*troubles, *differences(here)]
    if state and not troubles:
        here.repairs[state] += 1
    return Trial(outcome, troubles)


def whole(here: Scratch) -> list[str]:
    """Return the files that hold neither what they held before nor what a build leaves."""
    found, allowed = here.files(), [here.built, here.before]
    broken = [path for path in allowed[0] if found.get(path) not in {files.get(path) for files in allowed}]
    return [f"{path} is lost or damaged" for path in broken if path != "dvc.lock"]


def differences(here: Scratch) -> list[str]:
    """Return how the files differ from those of an undisturbed build, and which locks of DVC are left."""
    found = here.files()
    told = [f"{path} is missing" for path in here.built if path not in found]
    told += [f"{path} is left behind" for path in found if path not in here.built]
    told += [f"{path} differs" for path, digest in found.items() if here.built.get(path, digest) != digest]
    return told + _locked(here)


def _locked(here: Scratch) -> list[str]:
    """Return whether a living process holds a lock of DVC; DVC itself removes those of others when it meets them."""
    path = here.place / ".dvc" / "tmp" / "rwlock"
    held = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    holders = [entry for entries in held.get("read", {}).values() for entry in entries]
    alive = [entry for entry in [*holders, *held.get("write", {}).values()] if psutil.pid_exists(entry["pid"])]
    return ["DVC's lock is left"] if alive else []


def refused(ended: Ended) -> list[str]:
    """Return what is wrong with the words of a build that a fault, or DVC itself, has stopped."""
    told = []
    if not ended.status:
        told.append("no exit status tells of the fault")
    if "Traceback (most recent call last)" in ended.output:
        told.append(f"a traceback: {last(ended)}")
    lines = [line for line in ended.output.splitlines() if line.strip()]
    own = [line for line in lines if not line.startswith(OF_DVC)]
    if len(own) > OWN_LINES:
        told.append(f"{len(own)} lines of our own")
    if not own and not any(line.startswith("ERROR: ") and "failed to run: " not in line for line in lines):
        told.append("no word of what is wrong")
    return told


def judged(here: Scratch, ended: Ended, *, known: bool = False) -> Trial:
    """Judge a build, or a step, that a fault may have stopped, and that the fault has been lifted from."""
    if not ended.status:
        return recovered(here, SAME, whole(here), known=known)
    return recovered(here, REFUSED, [*refused(ended), *whole(here)], known=known)


def last(ended: Ended) -> str:
    """Return the last lines of an output, as one."""
    return " / ".join(line.strip() for line in ended.output.splitlines()[-6:] if line.strip())
