"""A worker of a Dask cluster, killed in the midst of a step."""

import random

from scratch import Scratch
from trial import Trial, judged


def kill_dask_worker(here: Scratch, step: str, draw: random.Random) -> Trial:
    """Run the step's pieces on a cluster of two workers and kill one of them; its nanny starts another."""
    from dask_cluster import cluster  # the tests' own: `make faults` puts it on Python's path

    seconds = here.duration(step)
    here.restore(step)
    folder = here.folder / "dask"
    folder.mkdir(exist_ok=True)
    with cluster(folder, environment=here.environment) as there:
        on_cluster = {"SEVENFOLD_RUNNER": "dask", "SEVENFOLD_DASK_ADDRESS": there.address}
        running = here.start(here.dvc_command("repro"), **on_cluster)
        running.says("Running stage")
        running.lasts(draw.uniform(0, seconds))
        there.kill_workers(1)
        ended = running.end()
    return judged(here, ended)
