"""Two builds at once."""

import random
import time

from scratch import Scratch
from started import eventually, no_step_runs
from trial import REFUSED, SAME, Trial, recovered, refused, whole


def build_twice(here: Scratch, step: str, draw: random.Random) -> Trial:
    """Start `dvc repro` twice, one soon after the other: both end well, or one says that it is not alone."""
    seconds = here.duration(step)
    here.restore(step)
    first = here.start(here.dvc_command("repro"))
    time.sleep(draw.uniform(0, 2 * seconds))
    second = here.start(here.dvc_command("repro"))
    ends = [first.end(), second.end()]
    eventually(lambda: no_step_runs(here.place))
    failed = [ended for ended in ends if ended.status]
    told = [trouble for ended in failed for trouble in refused(ended)]
    if len(failed) == len(ends):
        told.append("neither of the two ended well")
    return recovered(here, REFUSED if failed else SAME, [*told, *whole(here)])
