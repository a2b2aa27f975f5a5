"""How often messy tables are read right, and clean ones left alone: `make messy`.

Every case is made from several seeds; the table has a line for each kind. The bars: at least 95 % of the faulty tables
right, at most 2 % false alarms on their clean twins.
"""

import argparse
import os
import sys
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor

from messy import CASES
from messy.case import Case

RIGHT, ALARMS = 0.95, 0.02  # the bars


def _judged(place: int, seed: int) -> tuple[int, int, bool, bool]:
    case = CASES[place]
    return place, seed, case.judge_faulty(seed), case.judge_twin(seed)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def main() -> int:
    """Print a line for each kind, and each case that went wrong; return 1 where a bar is missed."""
    told = argparse.ArgumentParser(prog="make messy", description=__doc__)
    told.add_argument("--seeds", type=int, default=3)
    told.add_argument("--kind", help="only this kind")
    told.add_argument("--whole", action="store_true", help="also cases that need all seven steps (half a minute each)")
    asked = told.parse_args()
    chosen = [i for i, case in enumerate(CASES) if asked.kind in (None, case.kind) and (asked.whole or not case.whole)]
    work = [(i, seed) for i in chosen for seed in range(1, asked.seeds + 1)]
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        judged = list(pool.map(_judged, *zip(*work, strict=True))) if work else []
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for place, seed, is_right, is_clean in judged:
        case: Case = CASES[place]
        for kind in (case.kind, "all"):
            counts[kind] = [old + new for old, new in zip(counts[kind], (1, is_right, not is_clean), strict=True)]
        if not is_right:
            _say(f"wrong: {case.kind}, {case.name}, seed {seed}")
        if not is_clean:
            _say(f"false alarm: {case.kind}, {case.name}, seed {seed}")
    _say("\n| kind | tables | right | false alarms on twins |\n|:---|---:|---:|---:|")
    for kind, (tables, right, alarms) in counts.items():
        _say(f"| {kind} | {tables} | {right / tables:.1%} | {alarms / tables:.1%} |")
    made, well, wrongly = counts["all"]
    return int(not made or well < RIGHT * made or wrongly > ALARMS * made)


if __name__ == "__main__":
    sys.exit(main())
