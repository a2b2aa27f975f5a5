"""Plant tables with and without groups, and count how often the verdict on them is right: `make planted`.

How it runs, keeps what it finds and writes the page is said in `planting.py`.
"""

import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import planting
from groups.tables import KINDS, Kind, plant
from planting import Bar, Counted, Found, Job, Planting

from pipelines.groups.verdict import verdict

HEADING = "## Groups without a label"

RIGHT = Bar("verdict right", 92)
FALSE = Bar("groups claimed where none are", 3, at_most=True)
LARGE = Bar("number of groups too large", 3, at_most=True)
EXACT = Bar("number of groups exactly right", 80)


def find(job: Job) -> Found:
    """Return the verdict on one table."""
    return found_in(next(kind for kind in KINDS if kind.name == job.kind), job.seed)


def found_in(kind: Kind, seed: int) -> Found:
    """Return the verdict on a table of a kind, what is true of it, and the counts of every valley."""
    begin = time.process_time()
    told = verdict(plant(kind, seed), seed)
    return {
        "kind": kind.name, "seed": seed, "true": kind.says, "groups": kind.number, "says": told.says,
        "number": told.number, "votes": told.votes, "halvings": [_of_halving(one) for one in told.halvings],
        "seconds": time.process_time() - begin,
    }  # fmt: skip


def section(found: Sequence[Found]) -> str:
    """Return the shares against what was asked, the table by kind, and every mistake."""
    lines = [*planting.rates(counts(found)), "", table_of(found), "### Every wrong verdict and number of groups\n"]
    wrong = [one for one in found if not _right(one) or one["number"] != one["groups"]]
    lines += [f"- {one['kind']}, seed {one['seed']}: {_line(one)}" for one in wrong] or ["None."]
    return "\n".join(lines) + "\n"


def table_of(found: Sequence[Found]) -> str:
    """Return a row for each kind, and the sums."""
    lines = ["| kind | truth | tables | right | numbers said |\n|---|---|---:|---:|---|"]
    for kind in KINDS:
        some = [one for one in found if one["kind"] == kind.name]
        if some:
            truth = f"{kind.number} groups" if kind.number else kind.says
            said = ", ".join(str(one["number"]) for one in some) if kind.number else "-"
            lines.append(f"| {kind.name} | {truth} | {len(some)} | {sum(map(_right, some))} | {said} |")
    lines.append(f"| **all** | | {len(found)} | {sum(map(_right, found))} | |")
    return "\n".join(lines) + "\n"


def write_section(found: Sequence[Found], page: Path) -> None:
    """Write what was found into the page."""
    about = ABOUT.format(tables=len(found), kinds=len({one["kind"] for one in found}))
    planting.write_section(f"{HEADING}\n{about}\n{section(found)}", page)


def counts(found: Sequence[Found]) -> list[Counted]:
    """Return of each bar how many tables count, and of how many."""
    some = [one for one in found if one["groups"]]
    none = [one for one in found if not one["groups"]]
    return [
        Counted(RIGHT, sum(map(_right, found)), len(found)),
        Counted(FALSE, sum(one["says"] == "groups" for one in none), len(none)),
        Counted(LARGE, sum(one["number"] > one["groups"] for one in some), len(some)),
        Counted(EXACT, sum(one["number"] == one["groups"] for one in some), len(some)),
    ]


def _of_halving(one: Any) -> Found:  # noqa: ANN401 - a Halving, which a page needs no more of than its numbers
    return {
        "says": one.says, "alike": one.alike, "together": one.together, "ci": one.ci,
        "halves": [
            {
                "components": half.mixture.size, "number": half.number,
                "valleys": [
                    {"lowest": parting.at_lowest, "lower": parting.at_lower, "depth": parting.depth, "p": parting.p}
                    for parting in half.partings
                ],
            }
            for half in one.halves
        ],
    }  # fmt: skip


def _right(one: Found) -> bool:
    return bool(one["says"] == one["true"])


def _line(one: Found) -> str:
    """Return what was said, what is true, and what each halving says."""
    halvings = Counter(each["says"] for each in one["halvings"])
    votes = ", ".join(f"{count} {says}" for says, count in halvings.items())
    said, true = (f"{one[key]} {one[number] or ''}".strip() for key, number in (("says", "number"), ("true", "groups")))
    return f"{said} for {true} (halvings: {votes}); {one['seconds']:.1f} s"


ABOUT = """
[tables.py](../benchmarks/groups/tables.py) plants groups, gradients and independent columns: {kinds} kinds, 1,500 rows
each but where it says otherwise, {tables} tables in all. What is true of a kind was written down before any table of it
was drawn. The verdict is that of step 7: three halvings, all of which must say `groups`. The number is the one that is
printed as "at least".

Rules were settled on seeds 0 to 3. What was wrong there at first, and was changed: a power that makes a column as
normal as can be drew a small group at its end nearer (a column is bent only where its own mixture is likelier for it);
a logarithm that begins beside a spike at zero made a hump of what merely falls off from there (columns with a spike are
bent less); straight lines between components left curved groups, so a ring was said to be several (ridgelines do not);
and wide tubes around a line held rows of third groups, so true valleys stayed unproven. Every number here is of seeds
from 1,000 on, which nothing was chosen by.
"""

PLANTING = Planting(
    [kind.name for kind in KINDS], first=1_000, seeds=2, work=Path(__file__).resolve().parent / "work",
    find=find, line=_line, counts=counts, section=section, write=write_section,
)  # fmt: skip

if __name__ == "__main__":
    PLANTING.main(__doc__)
