"""Plant causes, and count how often step 7 names them, and nothing else: `make planted`.

What a world's truth, a case's steps 2 to 6 and its findings have left is kept in `work`, so that an interrupted run
goes on where it was; `python plant.py --again` forgets the findings, for another step 7, `--anew` the earlier steps as
well, and `python plant.py u_shape` runs the cases with that in their name only.
Two processes with one thread each; the page docs/planted.md is written from all that is there.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from case import run_case
from cases import Case, World, cases
from rates import write_page
from truth import truth

HERE = Path(__file__).resolve().parent
WORK = HERE / "work"
PAGE = HERE.parent.parent / "docs" / "planted.md"
PROCESSES = 2


def main() -> None:
    """Run what is not there yet, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="parts of cases' names; all if none is given")
    parser.add_argument("--again", action="store_true", help="forget earlier findings of these cases, not the truths")
    parser.add_argument("--anew", action="store_true", help="forget their earlier steps too")
    asked = parser.parse_args()
    chosen = [case for case in cases() if not asked.names or any(name in case.name for name in asked.names)]
    for case in chosen:
        if asked.again or asked.anew:
            _kept("cases", case.name).unlink(missing_ok=True)
        if asked.anew:
            earlier(case).unlink(missing_ok=True)
    os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # the processes below have the cores
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        worlds = {case.world.name: case.world for case in chosen}
        _fill(pool, "truth", truth, worlds.values())
        _fill(pool, "cases", findings, chosen)
    done = [(case, _kept("cases", case.name)) for case in cases()]
    found = {case: json.loads(path.read_text()) for case, path in done if path.exists()}
    truths = {case.world: json.loads(_kept("truth", case.world.name).read_text()) for case in found}
    write_page(found, truths, PAGE)


def findings(case: Case) -> dict[str, Any]:
    """Return what step 7 says of a case."""
    return run_case(case, earlier(case))


def earlier(case: Case) -> Path:
    """Return the file that keeps steps 2 to 6."""
    return WORK / "steps" / f"{case.name}.joblib"


def _fill(
    pool: ProcessPoolExecutor, kind: str, function: Callable[[Any], dict[str, Any]], asked: Iterable[World | Case]
) -> None:
    """Compute what is not kept yet, and keep each as it is done."""
    missing = {pool.submit(function, one): one for one in asked if not _kept(kind, one.name).exists()}
    for number, done in enumerate(as_completed(missing), 1):
        path = _kept(kind, missing[done].name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(done.result()), encoding="utf-8")
        sys.stderr.write(f"{kind} {number} of {len(missing)}: {missing[done].name}\n")


def _kept(kind: str, name: str) -> Path:
    return WORK / kind / f"{name}.json"


if __name__ == "__main__":
    main()
