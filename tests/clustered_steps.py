"""Run as a program: a small step whose pieces are Prefect task runs on the workers of a real Dask cluster.

`python clustered_steps.py ADDRESS API MODE...` runs one step a mode and writes MODE.json, the step's facts. Modes:
fine, fails, killed (the Prefect server is killed in mid-run).
"""

import os
import sys
from functools import partial
from pathlib import Path

from flows.commands.run import explained
from flows.repository.files import write_json
from flows.running.environment import prepare
from flows.watching import server
from pipelines.core.submit import Submit

PIECES = 4


def place(number: int, table: list[float]) -> list[float]:
    """Return a number, the sum of a table, and the process that this runs in."""
    return [number, sum(table), os.getpid()]


def fail(number: int) -> int:
    """Fail."""
    message = f"own failure {number}"
    raise ValueError(message)


def step(mode: str, submit: Submit) -> dict[str, object]:
    """Hand out pieces before and after the trouble, write the facts, return them."""
    table = [0.5] * 100_000
    values = [piece.result() for piece in [submit(place, i, table, name=f"place {i}") for i in range(PIECES)]]
    if mode == "killed":
        process = server.running()
        assert process is not None
        process.kill()
        process.wait(10)
    values += [piece.result() for piece in [submit(place, i, table, name=f"late {i}") for i in range(PIECES)]]
    if mode == "fails":
        submit(fail, 7, name="fail").result()
    facts: dict[str, object] = {
        "values": [value[:2] for value in values],
        "elsewhere": all(value[2] != os.getpid() for value in values),
    }
    write_json(Path(f"{mode}.json"), facts)
    return facts


def main() -> None:
    """Run the modes one after another."""
    prepare(Path.cwd())
    address, api, *modes = sys.argv[1:]
    os.environ["PREFECT_API_URL"] = api
    from flows.watching import watch, watch_cluster

    for mode in modes:
        pieces = watch_cluster.on_cluster(address, api)
        try:
            there = watch.watched(explained(partial(step, mode), "baseline"), "baseline", f"shop_{mode}", api, pieces)
        except ValueError as error:
            sys.stdout.write(f"{mode}: raised {error}\n")
        else:
            sys.stdout.write(f"{mode}: {'watched' if there else 'lost'}\n")
    sys.stdout.flush()
    os._exit(0)  # a lost server would be waited for


if __name__ == "__main__":
    main()
