"""Damaged files: a step's output in its place, and its copy in DVC's cache, which DVC takes for good unread."""

import random
from pathlib import Path

from scratch import Scratch, stage
from trial import REFUSED, SAME, Trial, recovered, refused

READER = {  # a step that reads what the step leaves in the cache
    "fetch": "define",
    "define": "metric",
    "baseline": "compare",
    "strong": "compare",
    "report": "overview",
}
UNREAD = "quarantine"  # by any step: it is for people
SPAN = 16  # bytes overwritten


def damage_output(here: Scratch, step: str, draw: random.Random) -> Trial:
    """Overwrite a part of one of the step's files, or cut it, after it was built."""
    here.put_back()
    _damage(draw.choice(here.files_of(step)), draw)
    return recovered(here, SAME, [])


def damage_cache(here: Scratch, step: str, draw: random.Random) -> Trial:
    """Damage the cached copy of what the step is about to write anew."""
    here.restore(step)
    _, cached = _copies(here, step, draw)
    _damage(cached, draw)
    try:
        return recovered(here, SAME, [])
    finally:
        here.repair_cache()


def check_out_damage(here: Scratch, step: str, draw: random.Random) -> Trial:
    """Damage the cached copy, lose the file, have DVC put the copy there, and run a step that reads it."""
    here.put_back()
    out, cached = _copies(here, step, draw)
    _damage(cached, draw)
    out.unlink()
    here.dvc("checkout")
    reader = stage(READER[step])
    ended = here.dvc("repro", "--force", "--single-item", reader)
    troubles = refused(ended)
    here.dvc("repro", "--force", "--single-item", stage(step))  # as the message says
    try:
        return recovered(here, REFUSED, troubles)
    finally:
        here.repair_cache()


def _copies(here: Scratch, step: str, draw: random.Random) -> tuple[Path, Path]:
    """Return one of the step's files and its copy in DVC's cache."""
    found = [path for path in here.files_of(step) if here.cached(path).exists() and path.stem != UNREAD]
    out = draw.choice(found)
    return out, here.cached(out)


def _damage(path: Path, draw: random.Random) -> None:
    """Overwrite a few bytes somewhere, or cut the file there; its mode stays."""
    mode = path.stat().st_mode
    path.chmod(0o644)
    size = path.stat().st_size
    place = draw.randrange(max(size - SPAN, 1))
    with path.open("r+b") as file:
        if draw.random() < 1 / 2:
            file.truncate(place)
        else:
            file.seek(place)
            file.write(bytes(byte ^ 255 for byte in path.read_bytes()[place : place + SPAN]))
    path.chmod(mode)
