"""Run as a program: a small step under a real Prefect server, with trouble of several kinds in mid-run.

`python watched_steps.py MODE...` runs one step a mode and writes MODE.json: the step's facts, and how often each of
its pieces ran. Modes: fine, fails, locked (somebody locks the server's database), killed (the server is killed).
"""

import os
import sqlite3
import sys
from collections import Counter
from functools import partial
from pathlib import Path

from flows.repository.files import write_json
from flows.running.environment import prepare
from flows.watching import server
from pipelines.core.submit import Submit

PIECES = 6
ran: Counter[str] = Counter()


def square(number: int) -> int:
    """Square a number."""
    ran[f"square {number}"] += 1
    return number * number


def fail(number: int) -> int:
    """Fail."""
    ran["fail"] += 1
    message = f"own failure {number}"
    raise ValueError(message)


def trouble(mode: str) -> None:
    """Make the trouble of a mode."""
    if mode == "locked":
        other = sqlite3.connect(server.DATABASE, isolation_level=None, check_same_thread=False)
        other.execute("BEGIN IMMEDIATE")
        held.append(other)
    if mode == "killed":
        process = server.running()
        assert process is not None
        process.kill()
        process.wait(10)


held: list[sqlite3.Connection] = []


def step(mode: str, submit: Submit) -> dict[str, object]:
    """Hand out pieces before and after the trouble, write the facts, return them."""
    ran.clear()
    before = [submit(square, number, name=f"square {number}") for number in range(PIECES)]
    values = [piece.result() for piece in before]
    trouble(mode)
    after = [submit(square, number, name=f"square {number}") for number in range(PIECES, 2 * PIECES)]
    values += [piece.result() for piece in after]
    if mode == "fails":
        submit(fail, 7, name="fail").result()
    facts: dict[str, object] = {
        "values": values,
        "ran": dict(sorted(ran.items())),
        "models": [{"name": "a", "cv_mean": 0.5}],
    }
    write_json(Path(f"{mode}.json"), facts)
    return facts


def main() -> None:
    """Run the modes one after another."""
    prepare(Path.cwd())
    server.DATABASE_SECONDS = 1
    try:
        api = server.connect()
    except server.NotWatched as reason:
        server.say_unwatched(str(reason))
        from flows.running.pool import pool

        with pool() as submit:
            step("unwatched", submit)
        return
    os.environ["PREFECT_API_URL"] = api
    from flows.watching import watch

    for mode in sys.argv[1:]:
        try:
            there = watch.watched(partial(step, mode), "baseline", f"shop_{mode}", api)
        except ValueError as error:
            sys.stdout.write(f"{mode}: raised {error}\n")
        else:
            sys.stdout.write(f"{mode}: {'watched' if there else 'lost'}\n")
        for connection in held:
            connection.close()
        held.clear()
    sys.stdout.flush()
    if "killed" in sys.argv:
        os._exit(0)


if __name__ == "__main__":
    main()
