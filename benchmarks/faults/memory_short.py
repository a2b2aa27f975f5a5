"""Too little memory for a step: its address space is limited, so that it cannot have what it asks for."""

import random

from scratch import Scratch
from trial import Trial, judged

LEAST, MOST = 300 << 20, 1200 << 20  # bytes of address space: from little more than Python needs, to nearly enough


def limit_memory(here: Scratch, step: str, draw: random.Random) -> Trial:
    """Run the step's command with a random limit of address space, in a process of its own."""
    here.restore(step)
    limit = draw.randrange(LEAST, MOST)
    ended = here.start(["prlimit", f"--as={limit}", *here.step_command(step)], SEVENFOLD_WARM="0").end()
    return judged(here, ended, known=True)
